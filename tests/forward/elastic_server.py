# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""A server of Elasticsearch that checks every byte of `_bulk`; it keeps data streams with backing indices, in
which an _id is there once."""

import base64
import json
import re

from web import Receiver

PATH = re.compile(r"/_bulk\?filter_path=errors,items\.\*\.status,items\.\*\.error\.type,items\.\*\.error\.reason,"
                  r"items\.\*\.failure_store")
STREAM = re.compile(r"logs-([a-z0-9_.]+)-([a-z0-9_]+)")
JSON = {"Content-Type": "application/json"}


class Elastic(Receiver):
    def __init__(self, key="secret", user=None, most=None, **more):
        self.streams, self.ids_sent, self.item_fault, self.most, self.documents = {}, [], None, most, []
        self.authorization = "Basic " + base64.b64encode(user.encode()).decode() if user else "ApiKey " + key
        super().__init__(**more)

    def rollover(self):
        with self.lock:
            for backing in self.streams.values():
                backing.append({})

    def handle(self, request):
        if request.method != "POST" or not PATH.fullmatch(request.path):
            self.say_wrong("request %s %s" % (request.method, request.path))
        if request.headers.get("content-type") != "application/x-ndjson":
            self.say_wrong("type %s" % request.headers.get("content-type"))
        if request.headers.get("authorization") != self.authorization:
            return 401, JSON, b'{"error":{"type":"security_exception","reason":"missing authentication"},"status":401}'
        if self.most and len(request.body) > self.most:
            return 413, {}, b""
        if not request.body.endswith(b"\n"):
            self.say_wrong("a body without its last newline")
        lines = request.body[:-1].split(b"\n")
        if len(lines) % 2:
            self.say_wrong("%d lines" % len(lines))
        items = [self.item(json.loads(action), document) for action, document in zip(lines[::2], lines[1::2])]
        errors = any("error" in item["create"] for item in items)
        return 200, JSON, json.dumps({"errors": errors, "items": items}).encode()

    def item(self, action, text):
        document = json.loads(text)
        if list(action) != ["create"] or set(action["create"]) != {"_index", "_id"}:
            self.say_wrong("action %s" % action)
        identity, stream = action["create"]["_id"], action["create"]["_index"]
        match = STREAM.fullmatch(stream)
        if not match or match.group(1) != document["event"]["dataset"]:
            self.say_wrong("data stream %s of %s" % (stream, document["event"]["dataset"]))
        if identity != document["event"]["id"]:
            self.say_wrong("_id %s" % identity)
        self.ids_sent.append(identity)
        fault = self.item_fault(identity, document) if self.item_fault else None
        if fault == "failure_store":
            return {"create": {"status": 201, "failure_store": "used"}}
        if fault:
            return {"create": {"status": fault[0], "error": {"type": fault[1], "reason": fault[2]}}}
        backing = self.streams.setdefault(stream, [{}])
        if identity in backing[-1]:
            return {"create": {"status": 409, "error": {"type": "version_conflict_engine_exception",
                                                        "reason": "document already exists"}}}
        backing[-1][identity] = document
        self.documents.append(document)
        return {"create": {"status": 201}}

    def ids(self):
        """How often each is there."""
        count = {}
        for backing in self.streams.values():
            for index in backing:
                for identity in index:
                    count[identity] = count.get(identity, 0) + 1
        return count
