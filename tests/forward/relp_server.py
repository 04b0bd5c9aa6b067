# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""A receiver of RELP that checks every byte."""

import json
import re
import socket
import ssl
import threading

from forwarding import expect

FRAME = re.compile(rb"(\d{1,9}) ([A-Za-z]{1,32}) (\d{1,9})(?: |(?=\n))")
HEADER = re.compile(r"<\d{1,3}>1 \S+ (\S+) weir - (\S+) - (.*)", re.DOTALL)


class Receiver(threading.Thread):
    """fault(n) says what becomes of the n-th message of a connection: None, "reset" (taken, not answered, hung
    up), "refuse" (500), "silent" (never answered), "garbage"."""

    def __init__(self, context=None, fault=lambda n: None, backwards=False, host="line-7"):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.context, self.fault, self.backwards, self.host = context, fault, backwards, host
        self.messages, self.connections, self.wrong, self.closed, self.peer = [], 0, [], 0, None
        self.start()

    def run(self):
        while True:
            connection, _ = self.listener.accept()
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
                self.peer = connection.getpeercert()
            self.talk(connection)
        except (OSError, ssl.SSLError):
            pass
        finally:
            connection.close()

    def talk(self, connection):
        data, expected, n, late = b"", 1, 0, []
        while True:
            match = FRAME.match(data)
            length = int(match.group(3)) if match else 0
            size = match.end() + length + 1 if match else 0
            if not match or len(data) < size:
                if late:
                    connection.sendall(b"".join(reversed(late)))
                    late = []
                if not match and len(data) > 50:
                    self.wrong.append("no frame: %r" % data[:50])
                    return
                more = connection.recv(65536)
                if not more:
                    self.wrong += ["half a frame: %r" % data[:50]] if data else []
                    return
                data += more
                continue
            number, command = int(match.group(1)), match.group(2)
            body, end, data = data[match.end():size - 1], data[size - 1:size], data[size:]
            if end != b"\n" or number != expected:
                self.wrong.append("frame %d (instead of %d) ends with %r" % (number, expected, end))
                return
            expected = number + 1
            if command == b"open":
                if not {b"relp_version=0", b"commands=syslog"} <= set(body.split(b"\n")):
                    self.wrong.append("offers %r" % body)
                connection.sendall(b"%d rsp %d 200 OK\n%s\n" % (number, 7 + len(body), body))
            elif command == b"close":
                self.closed += 1
                connection.sendall(b"%d rsp 0\n0 serverclose 0\n" % number)
                return
            elif command == b"syslog":
                n += 1
                fault = self.fault(n)
                if fault == "refuse":
                    connection.sendall(b"%d rsp 15 500 no room now\n" % number)
                    continue
                if fault == "garbage":
                    connection.sendall(b"\xff\xfewhat is this\n")
                    return
                self.messages.append(body.decode())
                if fault == "reset":
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    return
                if fault == "silent":
                    continue
                answer = b"%d rsp 6 200 OK\n" % number
                if self.backwards:
                    late.append(answer)
                else:
                    connection.sendall(answer)
            else:
                self.wrong.append("command %r" % command)
                return

    def documents(self):
        found = []
        for message in self.messages:
            match = HEADER.fullmatch(message)
            expect(match and match.group(1) == self.host, "no message of RFC 5424: %r" % message[:80])
            found.append(json.loads(match.group(3)))
        return found
