# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""NTLM messages (MS-NLMP) and the little of SPNEGO that they are wrapped in."""

import struct

from .der import element, sequence

FLAGS = 0xE2898235  # Unicode, target information, version
SPNEGO, NTLMSSP = bytes.fromhex("2b0601050502"), bytes.fromhex("2b06010401823702020a")


def wide(text):
    return text.encode("utf-16-le")


def version(major, minor, build):
    return struct.pack("<BBHxxxB", major, minor, build, 15)


class Fields:
    """Texts behind a head of constant size."""

    def __init__(self, head):
        self.head, self.data = head, b""

    def put(self, data):
        at = self.head + len(self.data)
        self.data += data
        return struct.pack("<HHI", len(data), len(data), at)


def negotiate(windows):
    return b"NTLMSSP\0" + struct.pack("<II", 1, FLAGS) + bytes(16) + version(*windows)


def challenge(random, computer, domain, dns_computer, dns_domain, windows):
    fields = Fields(56)
    pairs = b"".join(struct.pack("<HH", kind, len(value)) + value for kind, value in (
        (2, wide(domain)), (1, wide(computer)), (4, wide(dns_domain)), (3, wide(dns_computer)),
        (7, random.octets(8)), (0, b"")))
    target = fields.put(wide(domain))
    head = b"NTLMSSP\0" + struct.pack("<I", 2) + target + struct.pack("<I", FLAGS)
    head += random.octets(8) + bytes(8) + fields.put(pairs) + version(*windows)
    return head + fields.data


def authenticate(random, domain, user, workstation, windows):
    fields = Fields(72)
    names = [fields.put(wide(text)) for text in (domain, user, workstation)]
    proofs = [fields.put(random.octets(24)), fields.put(random.octets(120))]
    head = b"NTLMSSP\0" + struct.pack("<I", 3) + b"".join(proofs + names) + fields.put(b"")
    return head + struct.pack("<I", FLAGS) + version(*windows) + fields.data


def first(token):
    """NegTokenInit (RFC 4178 4.2.1)."""
    inner = sequence(element(0xA0, sequence(element(0x06, NTLMSSP))),
                     element(0xA2, element(0x04, token)))
    return element(0x60, element(0x06, SPNEGO), element(0xA0, inner))


def further(token):
    """NegTokenResp (RFC 4178 4.2.2)."""
    return element(0xA1, sequence(element(0xA2, element(0x04, token))))
