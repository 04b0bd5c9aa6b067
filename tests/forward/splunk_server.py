# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""An HTTP Event Collector that checks every byte; what it has indexed is what it acknowledged (or, without
acknowledgement, accepted)."""

import json
import re
from datetime import datetime
from decimal import Decimal

from web import Receiver

GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
JSON = {"Content-Type": "application/json"}
ACK_DISABLED = 400, JSON, b'{"text":"ACK is disabled","code":14}'


def sourcetype(document):
    """As the add-on has it."""
    if document["event"]["dataset"] in ("weir.alert", "weir.finding"):
        return "weir:alert"
    return "weir:event"


def epoch(text):
    """Seconds, with every digit."""
    whole, _, digits = text.rstrip("Z").partition(".")
    return Decimal("%d.%s" % (datetime.fromisoformat(whole + "+00:00").timestamp(), digits))


class Collector(Receiver):
    def __init__(self, token="secret", acknowledges=True, asks=1, index=None, host="line-7", **more):
        self.token, self.acknowledges, self.asks, self.index = token, acknowledges, asks, index
        self.channels, self.next, self.waiting, self.indexed, self.bad = set(), 0, {}, [], lambda document: None
        self.lost, self.posts, self.host = set(), 0, host
        super().__init__(**more)

    def handle(self, request):
        if request.headers.get("authorization") != "Splunk " + self.token:
            return 403, JSON, b'{"text":"Invalid token","code":4}'
        if request.method != "POST" or request.headers.get("content-type") != "application/json":
            self.say_wrong("%s of %s" % (request.method, request.headers.get("content-type")))
        channel = request.headers.get("x-splunk-request-channel")
        if channel:
            self.channels.add(channel)
            if not GUID.fullmatch(channel):
                return 400, JSON, b'{"text":"Invalid data channel","code":11}'
        if request.path == "/services/collector/ack":
            return self.acks(json.loads(request.body), channel)
        if request.path != "/services/collector/event":
            self.say_wrong("path " + request.path)
        self.posts += 1
        return self.take(request.body.decode(), channel)

    def take(self, body, channel):
        if len(body) > 2 << 20:
            self.say_wrong("%d bytes at once" % len(body))
        decoder, at, documents = json.JSONDecoder(parse_float=Decimal), 0, []
        while at < len(body):
            event, at = decoder.raw_decode(body, at)
            at += body[at:at + 1] == "\n"
            document = event["event"]
            reason = self.bad(document)
            if reason:
                return 400, JSON, json.dumps({"text": reason, "code": 6, "invalid-event-number": len(documents)}).encode()
            self.check(event, document)
            documents.append(document)
        if not self.acknowledges:
            self.indexed += documents
            return 200, JSON, b'{"text":"Success","code":0}'
        if not channel:
            return 400, JSON, b'{"text":"Data channel is missing","code":10}'
        self.waiting[self.next] = [self.asks, documents]
        self.next += 1
        return 200, JSON, json.dumps({"text": "Success", "code": 0, "ackId": self.next - 1}).encode()

    def check(self, event, document):
        names = {"time", "host", "source", "sourcetype", "event"} | ({"index"} if self.index else set())
        if set(event) != names or event.get("index") != self.index or event["source"] != "weir":
            self.say_wrong("event with %s" % sorted(event))
        if (event["host"], event["sourcetype"]) != (self.host, sourcetype(document)):
            self.say_wrong("host %s, sourcetype %s" % (event["host"], event["sourcetype"]))
        if Decimal(event["time"]) != epoch(document["@timestamp"]):
            self.say_wrong("time %s of %s" % (event["time"], document["@timestamp"]))

    def acks(self, asked, channel):
        if not self.acknowledges:
            return ACK_DISABLED
        if not channel or list(asked) != ["acks"]:
            self.say_wrong("asked %s" % asked)
        answer = {}
        for identity in asked["acks"]:
            state = self.waiting.get(identity)
            if state and identity not in self.lost:
                state[0] -= 1
            done = bool(state) and identity not in self.lost and state[0] <= 0
            if done:
                # Told once, then forgotten.
                self.indexed += self.waiting.pop(identity)[1]
            answer[str(identity)] = done
        answer[str(self.next + 7)] = True  # never given
        return 200, JSON, json.dumps({"acks": answer}).encode()

    def restart(self):
        """What was not acknowledged is gone."""
        with self.lock:
            self.waiting.clear()
