# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""Handshakes of TLS 1.0 to 1.3 (RFC 5246, RFC 8446), as far as they are in the clear."""

import struct

CHANGE_CIPHER, ALERT, HANDSHAKE, DATA = 20, 21, 22, 23
CLIENT_HELLO, SERVER_HELLO, CERTIFICATE, KEY_EXCHANGE, REQUEST, DONE = 1, 2, 11, 12, 13, 14
CLIENT_KEY, VERIFY = 16, 15
NAMES = {CLIENT_HELLO: "client_hello", SERVER_HELLO: "server_hello", CERTIFICATE: "certificate",
         KEY_EXCHANGE: "server_key_exchange", REQUEST: "certificate_request",
         DONE: "server_hello_done", CLIENT_KEY: "client_key_exchange",
         VERIFY: "certificate_verify"}
RSA_AES128, ECDHE_RSA_AES128_GCM, AES128_GCM = 0x002F, 0xC02F, 0x1301


def record(kind, content, version=0x0303):
    return struct.pack(">BHH", kind, version, len(content)) + content


def message(kind, body):
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def extension(kind, data):
    return struct.pack(">HH", kind, len(data)) + data


def server_name(name):
    name = name.encode()
    return extension(0, struct.pack(">HBH", len(name) + 3, 0, len(name)) + name)


def protocols(*names):
    listed = b"".join(bytes([len(n)]) + n.encode() for n in names)
    return extension(16, struct.pack(">H", len(listed)) + listed)


def versions(*offered):
    return extension(43, bytes([2 * len(offered)]) + b"".join(struct.pack(">H", v)
                                                              for v in offered))


def client_hello(random, ciphers, extensions=b"", version=0x0303):
    body = struct.pack(">H", version) + random.octets(32) + b"\0"
    body += struct.pack(">H", 2 * len(ciphers)) + b"".join(struct.pack(">H", c) for c in ciphers)
    return message(CLIENT_HELLO, body + b"\1\0" + (struct.pack(">H", len(extensions)) + extensions
                                                   if extensions else b""))


def server_hello(random, cipher, extensions=b"", version=0x0303):
    body = struct.pack(">H", version) + random.octets(32) + b"\0" + struct.pack(">HB", cipher, 0)
    return message(SERVER_HELLO, body + (struct.pack(">H", len(extensions)) + extensions
                                         if extensions else b""))


def certificates(*chain):
    listed = b"".join(len(c).to_bytes(3, "big") + c for c in chain)
    return message(CERTIFICATE, len(listed).to_bytes(3, "big") + listed)
