# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""A receiver over HTTP that reads every byte, and misbehaves when it is told to.

Faults, one of them for a request:
  ("reset_in_body", n)   hangs up hard after n bytes of the body
  ("reset_behind",)      does what was asked, and hangs up instead of an answer
  ("answer", status, headers, body)   says that instead of doing anything
  ("garbage",)           answers what is no HTTP
  ("cut",)               does what was asked, and answers half of it
  ("slow", seconds)      takes its time, then does it
"""

import gzip
import socket
import ssl
import threading
import time


class Hangup(Exception):
    pass


class Request:
    def __init__(self, method, path, headers, body):
        self.method, self.path, self.headers, self.body = method, path, headers, body


class Receiver:
    """Subclasses have handle(request), which returns status, headers and body."""

    def __init__(self, context=None, port=0):
        self.context, self.faults, self.wrong, self.requests, self.connections = context, [], [], 0, 0
        self.peers, self.random_fault = [], None
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", port))
        self.port = self.listener.getsockname()[1]
        self.url = "%s://127.0.0.1:%d" % ("https" if context else "http", self.port)
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            connection, _ = self.listener.accept()
            self.connections += 1
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            connection.settimeout(30)
            if self.context:
                connection = self.context.wrap_socket(connection, server_side=True)
                self.peers.append(connection.getpeercert())
            while self.one(connection):
                pass
        except (OSError, ssl.SSLError):
            pass
        except Hangup:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        finally:
            connection.close()

    def say_wrong(self, text):
        self.wrong.append(text)

    def one(self, connection):
        """One request; False: the connection is over."""
        data = b""
        while b"\r\n\r\n" not in data:
            more = connection.recv(65536)
            if not more:
                if data:
                    self.say_wrong("half a request: %r" % data[:60])
                return False
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("ascii").split("\r\n")
        method, path, version = first.split(" ")
        if version != "HTTP/1.1":
            self.say_wrong("version " + version)
        headers = {}
        for line in lines:
            name, colon, value = line.partition(":")
            if not colon or name.lower() in headers:
                self.say_wrong("header " + line)
            headers[name.lower()] = value.strip()
        with self.lock:
            self.requests += 1
            fault = self.faults.pop(0) if self.faults else self.random_fault() if self.random_fault else None
        kind = fault[0] if fault else None
        if kind == "slow":
            time.sleep(fault[1])
        length = int(headers.get("content-length", 0))
        stop = fault[1] if kind == "reset_in_body" else None
        while len(body) < length:
            if stop is not None and len(body) >= stop:
                raise Hangup
            more = connection.recv(min(65536, length - len(body)))
            if not more:
                return False
            body += more
        if len(body) > length:
            self.say_wrong("%d bytes behind a body" % (len(body) - length))
        if kind == "reset_in_body":
            raise Hangup
        if headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        if kind == "answer":
            self.answer(connection, *fault[1:])
            return True
        if kind == "garbage":
            connection.sendall(b"\x00\xffnothing that is known\r\n\r\n")
            return False
        with self.lock:
            status, more_headers, answer = self.handle(Request(method, path, headers, body))
        if kind == "reset_behind":
            raise Hangup
        self.answer(connection, status, more_headers, answer, cut=kind == "cut")
        return kind != "cut"

    def answer(self, connection, status, headers, body, cut=False):
        head = "HTTP/1.1 %d Some Words\r\nContent-Length: %d\r\n" % (status, len(body))
        head += "".join("%s: %s\r\n" % pair for pair in headers.items())
        data = head.encode() + b"\r\n" + body
        connection.sendall(data[:len(data) - len(body) // 2 - 1] if cut else data)


def server_context(folder, client=True):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=folder / "ca.pem")
    context.load_cert_chain(folder / "server.pem", folder / "server.key")
    context.verify_mode = ssl.CERT_REQUIRED if client else ssl.CERT_NONE
    return context
