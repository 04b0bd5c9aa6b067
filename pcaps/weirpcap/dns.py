# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""DNS messages (RFC 1035), and their cousins of mDNS, LLMNR and the NetBIOS name service."""

import ipaddress
import struct

A, NS, CNAME, SOA, PTR, HINFO, MX, TXT, AAAA, SRV, OPT, ANY = 1, 2, 5, 6, 12, 13, 15, 16, 28, 33, 41, 255
NB, NBSTAT = 32, 33
RESPONSE, AUTHORITATIVE, WANTED, AVAILABLE = 0x8000, 0x0400, 0x0100, 0x0080


def name(text):
    """On the wire, not compressed; a backslash keeps the character behind it."""
    labels, label, characters = [], "", iter(text)
    for c in characters:
        if c == "\\":
            label += next(characters)
        elif c == ".":
            labels.append(label)
            label = ""
        else:
            label += c
    labels.append(label)
    encoded = [part.encode() for part in labels if part]
    return b"".join(bytes([len(part)]) + part for part in encoded) + b"\0"


def question(text, kind, group=1):
    return name(text) + struct.pack(">HH", kind, group)


def resource(owner, kind, data, ttl=120, group=1):
    """owner: a text, or bytes (a pointer)."""
    owner = owner if isinstance(owner, bytes) else name(owner)
    return owner + struct.pack(">HHIH", kind, group, ttl, len(data)) + data


def address(owner, ip, **options):
    packed = ipaddress.ip_address(ip).packed
    return resource(owner, A if len(packed) == 4 else AAAA, packed, **options)


def pointer(offset):
    return struct.pack(">H", 0xC000 | offset)


def strings(*texts):
    encoded = [text.encode() for text in texts]
    return b"".join(bytes([len(text)]) + text for text in encoded)


def service(port, target):
    return struct.pack(">HHH", 0, 0, port) + name(target)


def message(identifier, flags, questions=(), answers=(), authorities=(), additionals=()):
    sections = (questions, answers, authorities, additionals)
    return (struct.pack(">HHHHHH", identifier, flags, *map(len, sections)) +
            b"".join(b"".join(section) for section in sections))


def reverse(ip):
    return ipaddress.ip_address(ip).reverse_pointer


def netbios(text, suffix):
    """A NetBIOS name in its half-ASCII form, as a name of one label."""
    plain = text.encode("latin-1").ljust(15, b" ")[:15] + bytes([suffix])
    return bytes([32]) + bytes(c for byte in plain for c in (0x41 + (byte >> 4), 0x41 + (byte & 15))) + b"\0"
