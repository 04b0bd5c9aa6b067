# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""Messages by which switches, bridges and routers announce themselves, byte for byte."""

import struct

from . import layers
from .layers import address, mac

LLDP, MRP, PRP, HSR = 0x88CC, 0x88E3, 0x88FB, 0x892F
LLDP_GROUP, STP_GROUP = "01:80:c2:00:00:0e", "01:80:c2:00:00:00"
CISCO_GROUP, PVST_GROUP = "01:00:0c:cc:cc:cc", "01:00:0c:cc:cc:cd"
MRP_TEST_GROUP, MRP_CONTROL_GROUP = "01:15:4e:00:00:01", "01:15:4e:00:00:02"
PRP_GROUP = "01:15:4e:00:01:00"
IEEE_8021, IEEE_8023, MED, PROFINET = 0x0080C2, 0x00120F, 0x0012BB, 0x000ECF


# LLDP

def part(kind, value):
    return struct.pack(">H", kind << 9 | len(value)) + value


def chassis(subtype, value):
    return part(1, bytes([subtype]) + value)


def port(subtype, value):
    return part(2, bytes([subtype]) + value)


def ttl(seconds):
    return part(3, struct.pack(">H", seconds))


def capabilities(able, enabled):
    return part(7, struct.pack(">HH", able, enabled))


def management(ip, interface=1, oid=b""):
    value = address(ip)
    family = 1 if len(value) == 4 else 2
    return part(8, bytes([len(value) + 1, family]) + value + struct.pack(">BIB", 2, interface,
                                                                         len(oid)) + oid)


def organisation(number, subtype, value):
    return part(127, number.to_bytes(3, "big") + bytes([subtype]) + value)


def text(kind, value):
    return part(kind, value.encode())


END = part(0, b"")


# Spanning tree

def bridge(priority, extension, address_):
    return struct.pack(">H", priority | extension) + mac(address_)


def tree(root, cost, sender, number, age=0, flags=0):
    return (bytes([flags]) + root + struct.pack(">I", cost) + sender +
            struct.pack(">HHHHH", 0x8000 | number, age * 256, 20 * 256, 2 * 256, 15 * 256))


def bpdu(version, kind, rest=b""):
    return struct.pack(">HBB", 0, version, kind) + rest


def stp(source, message, group=STP_GROUP):
    return layers.ieee8023(group, source, b"\x42\x42\x03" + message)


def snap(source, organisation_, protocol, message, group):
    head = b"\xaa\xaa\x03" + organisation_.to_bytes(3, "big") + struct.pack(">H", protocol)
    return layers.ieee8023(group, source, head + message)


# CDP

def value(kind, data):
    return struct.pack(">HH", kind, 4 + len(data)) + data


def cdp_addresses(*ips):
    out = struct.pack(">I", len(ips))
    for ip in map(address, ips):
        protocol = b"\x01\x01\xcc" if len(ip) == 4 else b"\x02\x08\xaa\xaa\x03\0\0\0\x86\xdd"
        out += protocol + struct.pack(">H", len(ip)) + ip
    return out


def cdp(values, version=2, seconds=180):
    """An odd last byte counts as the lower half of a word, unlike in other Internet checksums."""
    message = bytes([version, seconds, 0, 0]) + values
    odd = len(message) % 2
    total = layers.checksum(message[:-1] + b"\0" + message[-1:] if odd else message)
    return message[:2] + struct.pack(">H", total) + message[4:]


# Rings and parallel networks

def mrp(*parts):
    return b"\x00\x01" + b"".join(bytes([kind, len(data)]) + data for kind, data in parts) + b"\0\0"


def mrp_common(sequence, domain=b"\xff" * 16):
    return 1, struct.pack(">H", sequence) + domain


def supervision(sequence, *parts, path=0, version=1):
    out = struct.pack(">H", path << 12 | version) + struct.pack(">H", sequence)
    return out + b"".join(bytes([kind, len(data)]) + data for kind, data in parts) + b"\0\0"


def hsr_tag(sequence, kind, payload, path=0):
    """What follows the tag's own EtherType."""
    return struct.pack(">HHH", path << 12 | (len(payload) + 6), sequence, kind) + payload


def prp_trailer(frame, sequence, lan):
    """RCT: sequence 2 | LAN 4 bits, size 12 bits | suffix."""
    size = len(frame) - 14 + 6
    return frame + struct.pack(">HHH", sequence, lan << 12 | size, PRP)


# Virtual routers

def vrrp2(router, priority, addresses, authentication=0, password=b"", interval=1):
    head = struct.pack(">BBBBBB", 0x21, router, priority, len(addresses), authentication, interval)
    body = b"".join(map(address, addresses)) + password.ljust(8, b"\0")
    return head + struct.pack(">H", layers.checksum(head + b"\0\0" + body)) + body


def vrrp3(source, destination, router, priority, addresses, centiseconds=100):
    head = struct.pack(">BBBBH", 0x31, router, priority, len(addresses), centiseconds)
    body = b"".join(map(address, addresses))
    pseudo = layers.pseudo_header(source, destination, 112, 8 + len(body))
    return head + struct.pack(">H", layers.checksum(pseudo + head + b"\0\0" + body)) + body


def hsrp1(opcode, state, priority, group, ip, password=b"cisco"):
    return (struct.pack(">BBBBBBBB", 0, opcode, state, 3, 10, priority, group, 0) +
            password.ljust(8, b"\0") + address(ip))


def hsrp2(opcode, state, priority, group, sender, ip):
    packed = address(ip)
    version = 4 if len(packed) == 4 else 6
    return (struct.pack(">BBBBBBH", 1, 40, 2, opcode, state, version, group) + mac(sender) +
            struct.pack(">III", priority, 3000, 10000) + packed.ljust(16, b"\0"))
