# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""Certificates (RFC 5280) in DER, with a key and a signature that are nothing but bytes."""

OIDS = {"C": "550406", "O": "55040a", "OU": "55040b", "CN": "550403"}
RSA, SHA256_RSA = bytes.fromhex("2a864886f70d010101"), bytes.fromhex("2a864886f70d01010b")


def element(tag, *parts):
    content = b"".join(parts)
    n = len(content)
    length = bytes([n]) if n < 0x80 else bytes([0x81, n]) if n < 0x100 else \
        bytes([0x82]) + n.to_bytes(2, "big")
    return bytes([tag]) + length + content


def sequence(*parts):
    return element(0x30, *parts)


def name(**parts):
    """Distinguished name: C, O, OU, CN in the order given; UTF-8 but for the country."""
    return sequence(*(element(0x31, sequence(element(0x06, bytes.fromhex(OIDS[key])), element(
        0x13 if key == "C" else 0x0C, value.encode()))) for key, value in parts.items()))


def algorithm(oid):
    return sequence(element(0x06, oid), element(0x05))


def alternative_names(names, addresses):
    inner = [element(0x82, n.encode()) for n in names] + [element(0x87, a) for a in addresses]
    return sequence(element(0x06, bytes.fromhex("551d11")), element(0x04, sequence(*inner)))


def certificate(random, subject, issuer, begin, end, names=(), addresses=()):
    """begin, end: YYMMDDHHMMSSZ."""
    key = sequence(algorithm(RSA), element(0x03, b"\0", sequence(
        element(0x02, b"\0" + random.octets(256)), element(0x02, b"\1\0\1"))))
    body = [element(0xA0, element(0x02, b"\2")), element(0x02, b"\x4a" + random.octets(7)),
            algorithm(SHA256_RSA), issuer,
            sequence(element(0x17, begin.encode()), element(0x17, end.encode())), subject, key]
    if names or addresses:
        body.append(element(0xA3, sequence(alternative_names(names, addresses))))
    return sequence(sequence(*body), algorithm(SHA256_RSA), element(0x03, b"\0",
                                                                   random.octets(256)))
