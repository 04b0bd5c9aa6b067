# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""NetBIOS datagrams (RFC 1002 4.4) with browser announcements (MS-BRWS) in mailslots of SMB."""

import struct

from . import dns, layers

NAME_PORT, DATAGRAM_PORT = 137, 138
HOST, REQUEST, ELECTION, DOMAIN, MASTER = 1, 2, 8, 12, 15


def datagram(identifier, source, destination, data, kind=0x11):
    """source: (host, name, suffix); destination: (name, suffix)."""
    host, text, suffix = source
    names = dns.netbios(text, suffix) + dns.netbios(*destination)
    return (struct.pack(">BBH", kind, 0x0E, identifier) + layers.address(host.ip4) +
            struct.pack(">HHH", DATAGRAM_PORT, len(names) + len(data), 0) + names + data)


def mailslot(message, slot=b"\\MAILSLOT\\BROWSE"):
    slot += b"\0"
    header = b"\xffSMB\x25" + bytes(27)
    offset = len(header) + 1 + 34 + 2 + len(slot)
    words = struct.pack("<HHHHBBHIHHHHHBBHHH", 0, len(message), 0, 0, 0, 0, 0, 1000, 0, 0, 0,
                        len(message), offset, 3, 0, 1, 1, 2)
    return header + bytes([17]) + words + struct.pack("<H", len(slot) + len(message)) + slot + message


def announcement(opcode, name, version, bits, comment="", count=0):
    return (struct.pack("<BBI", opcode, count, 720000) + name.encode().ljust(16, b"\0") +
            bytes(version) + struct.pack("<IBBH", bits, 15, 1, 0xAA55) + comment.encode() + b"\0")


def node_status(names, mac):
    """names: (text, suffix, flags)."""
    rows = b"".join(text.encode("latin-1").ljust(15, b" ") + struct.pack(">BH", suffix, flags)
                    for text, suffix, flags in names)
    return bytes([len(names)]) + rows + layers.mac(mac) + bytes(40)
