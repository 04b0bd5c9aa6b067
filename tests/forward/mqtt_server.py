# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""A broker of MQTT 3.1.1 that takes messages of quality of service 1 and passes on none; it checks every byte."""

import json
import socket
import struct
import threading

CONNECT, CONNACK, PUBLISH, PUBACK, PINGREQ, PINGRESP, DISCONNECT = 1, 2, 3, 4, 12, 13, 14


class Hangup(Exception):
    pass


class Receiver(threading.Thread):
    """fault() says what becomes of a message: None, "reset" (taken, not answered, hung up), "drop" (not taken, hung up),
    "silent" (taken and never answered)."""

    def __init__(self, fault=lambda: None, refuse=lambda: 0):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.fault, self.refuse, self.wrong, self.messages, self.clients = fault, refuse, [], [], set()
        self.start()

    def run(self):
        while True:
            connection, _ = self.listener.accept()
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            with connection.makefile("rb") as stream:
                while self.packet(connection, stream):
                    pass
        except (OSError, Hangup, struct.error):
            pass
        finally:
            connection.close()

    @staticmethod
    def take(stream, n):
        data = stream.read(n)
        if len(data) < n:
            raise Hangup
        return data

    def packet(self, connection, stream):
        first, length, shift = self.take(stream, 1)[0], 0, 0
        while True:
            byte = self.take(stream, 1)[0]
            length |= (byte & 0x7f) << shift
            shift += 7
            if byte < 0x80:
                break
        body, kind, flags = self.take(stream, length), first >> 4, first & 15
        if kind == CONNECT:
            return self.connect(connection, body)
        if kind == PUBLISH:
            self.publish(connection, flags, body)
        elif kind == PINGREQ:
            connection.sendall(bytes([PINGRESP << 4, 0]))
        elif kind != DISCONNECT:
            self.wrong.append("packet %d" % kind)
        return kind != DISCONNECT

    def connect(self, connection, body):
        name, level, flags, _, length = body[2:6], body[6], body[7], body[8:10], struct.unpack(">H", body[10:12])[0]
        if (name, level) != (b"MQTT", 4) or not flags & 2:
            self.wrong.append("CONNECT %r, level %d, flags %02x" % (name, level, flags))
        self.clients.add(body[12:12 + length].decode())
        code = self.refuse()
        connection.sendall(bytes([CONNACK << 4, 2, 0, code]))
        return code == 0

    def publish(self, connection, flags, body):
        length = struct.unpack(">H", body[:2])[0]
        topic, identity, text = body[2:2 + length].decode(), body[2 + length:4 + length], body[4 + length:]
        if flags & 7 != 2:  # quality of service 1, not retained
            self.wrong.append("flags %x" % flags)
        fault = self.fault()
        if fault == "drop":
            raise Hangup
        self.messages.append((topic, json.loads(text)))
        if fault == "reset":
            raise Hangup
        if fault != "silent":
            connection.sendall(bytes([PUBACK << 4, 2]) + identity)

    def ids(self):
        return {document["event"]["id"] for _, document in list(self.messages)}
