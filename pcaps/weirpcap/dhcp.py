# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""DHCP messages (RFC 2131) and their options (RFC 2132)."""

import ipaddress
import struct

from . import layers

REQUEST, REPLY = 1, 2
DISCOVER, OFFER, ASK, DECLINE, ACK, NAK, RELEASE, INFORM = range(1, 9)
COOKIE = bytes.fromhex("63825363")
SERVER_PORT, CLIENT_PORT = 67, 68


def address(text):
    return ipaddress.ip_address(text).packed


def addresses(*texts):
    return b"".join(map(address, texts))


def option(code, value):
    value = value.encode() if isinstance(value, str) else value
    return bytes([code, len(value)]) + value


def message(op, kind, transaction, mac, options=b"", client="0.0.0.0", your="0.0.0.0",
            server="0.0.0.0", relay="0.0.0.0", name=b"", file=b"", hops=0):
    """kind None: BOOTP without options."""
    head = struct.pack(">BBBBIHH", op, 1, 6, hops, transaction, 0, 0x8000)
    head += addresses(client, your, server, relay) + layers.mac(mac).ljust(16, b"\0")
    head += name.ljust(64, b"\0") + file.ljust(128, b"\0")
    if kind is None:
        return head + bytes(64)
    body = head + COOKIE + option(53, bytes([kind])) + options + b"\xff"
    return body.ljust(300, b"\0")
