# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""Headers from the link layer to TCP and UDP, tunnels included, with right checksums."""

import ipaddress
import struct

ETHERTYPE_IPV4 = 0x0800
ETHERTYPE_ARP = 0x0806
ETHERTYPE_VLAN = 0x8100
ETHERTYPE_IPV6 = 0x86DD
ETHERTYPE_MPLS = 0x8847
ETHERTYPE_PPPOE = 0x8864
ETHERTYPE_QINQ = 0x88A8

PROTOCOL_ICMP = 1
PROTOCOL_IPIP = 4
PROTOCOL_TCP = 6
PROTOCOL_UDP = 17
PROTOCOL_IPV6 = 41
PROTOCOL_GRE = 47
PROTOCOL_ICMP6 = 58

FIN, SYN, RST, PSH, ACK = 0x01, 0x02, 0x04, 0x08, 0x10

BROADCAST = "ff:ff:ff:ff:ff:ff"


def mac(text):
    return bytes.fromhex(text.replace(":", ""))


def address(text):
    return ipaddress.ip_address(text).packed


def checksum(data):
    """The Internet checksum, RFC 1071."""
    data += bytes(len(data) % 2)
    total = sum(struct.unpack(">%dH" % (len(data) // 2), data))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


# Link layers

def ethernet(destination, source, kind, payload):
    """Padded to the 60 bytes that a frame has at least when it comes off a wire."""
    frame = mac(destination) + mac(source) + struct.pack(">H", kind) + payload
    return frame + bytes(max(0, 60 - len(frame)))


def vlan(identifier, kind, payload, priority=0):
    """The four bytes behind the tag's EtherType, and what follows."""
    return struct.pack(">HH", priority << 13 | identifier, kind) + payload


def llc_snap(kind, payload):
    return b"\xaa\xaa\x03\x00\x00\x00" + struct.pack(">H", kind) + payload


def ieee8023(destination, source, payload):
    return ethernet(destination, source, len(payload), payload)


def sll(source, kind, payload, direction=0):
    return (struct.pack(">HHH", direction, 1, 6) + mac(source) + b"\0\0" +
            struct.pack(">H", kind) + payload)


def sll2(source, kind, payload, direction=0, interface=2):
    return (struct.pack(">HHIHBB", kind, 0, interface, 1, direction, 6) + mac(source) + b"\0\0" +
            payload)


def ppp(kind, payload):
    return b"\xff\x03" + struct.pack(">H", 0x0021 if kind == ETHERTYPE_IPV4 else 0x0057) + payload


def pppoe(session, kind, payload):
    body = struct.pack(">H", 0x0021 if kind == ETHERTYPE_IPV4 else 0x0057) + payload
    return struct.pack(">BBHH", 0x11, 0, session, len(body)) + body


def mpls(labels, payload, ttl=64):
    """A label stack, outermost label first; labels as numbers."""
    out = b""
    for i, label in enumerate(labels):
        bottom = 1 if i == len(labels) - 1 else 0
        out += struct.pack(">I", label << 12 | bottom << 8 | ttl)
    return out + payload


def arp(operation, sender_mac, sender_ip, target_mac, target_ip):
    return (struct.pack(">HHBBH", 1, ETHERTYPE_IPV4, 6, 4, operation) + mac(sender_mac) +
            address(sender_ip) + mac(target_mac) + address(target_ip))


# Network layer

def ipv4(source, destination, protocol, payload, identifier=0, ttl=64, flags=2, offset=0,
         options=b"", total_length=None):
    """flags: 2 don't fragment, 1 more fragments; offset in bytes; options padded to 4 bytes."""
    options += bytes(-len(options) % 4)
    words = 5 + len(options) // 4
    if total_length is None:
        total_length = words * 4 + len(payload)
    head = struct.pack(">BBHHHBBH", 0x40 | words, 0, total_length, identifier,
                       flags << 13 | offset // 8, ttl, protocol, 0)
    head += address(source) + address(destination) + options
    return head[:10] + struct.pack(">H", checksum(head)) + head[12:] + payload


def ipv6(source, destination, next_header, payload, hop_limit=64, payload_length=None):
    length = len(payload) if payload_length is None else payload_length
    return (struct.pack(">IHBB", 0x60000000, length, next_header, hop_limit) + address(source) +
            address(destination) + payload)


def hop_by_hop(next_header, payload):
    """Hop-by-Hop or Destination Options: one PadN option of eight bytes in all."""
    return bytes([next_header, 0, 1, 4, 0, 0, 0, 0]) + payload


def routing(next_header, payload, via):
    """A routing header of type 2 with no segments left (RFC 6275 6.4)."""
    return bytes([next_header, 2, 2, 0]) + bytes(4) + address(via) + payload


def fragment_header(next_header, identifier, offset, more, payload):
    return struct.pack(">BBHI", next_header, 0, offset | (1 if more else 0), identifier) + payload


def ip(source, destination, protocol, payload, **options):
    return (ipv6 if ":" in source else ipv4)(source, destination, protocol, payload, **options)


def kind_of(packet):
    return ETHERTYPE_IPV6 if packet[0] >> 4 == 6 else ETHERTYPE_IPV4


def pseudo_header(source, destination, protocol, length):
    ends = address(source) + address(destination)
    if ":" in source:
        return ends + struct.pack(">II", length, protocol)
    return ends + struct.pack(">HH", protocol, length)


# Transport layer

def tcp(source, destination, ports, sequence, acknowledgement, flags, payload=b"", window=64240,
        options=b"", words=None):
    """words: the data offset when it shall lie."""
    length = 5 + len(options) // 4
    head = struct.pack(">HHIIBBHHH", ports[0], ports[1], sequence, acknowledgement,
                       (length if words is None else words) << 4, flags, window, 0, 0) + options
    total = checksum(pseudo_header(source, destination, PROTOCOL_TCP, len(head) + len(payload)) +
                     head + payload)
    return head[:16] + struct.pack(">H", total) + head[18:] + payload


def udp(source, destination, ports, payload, length=None):
    size = 8 + len(payload) if length is None else length
    head = struct.pack(">HHHH", ports[0], ports[1], size, 0)
    total = checksum(pseudo_header(source, destination, PROTOCOL_UDP, 8 + len(payload)) + head +
                     payload)
    return head[:6] + struct.pack(">H", total or 0xFFFF) + payload


def icmp(kind, code, rest, payload):
    head = struct.pack(">BBHI", kind, code, 0, rest)
    return head[:2] + struct.pack(">H", checksum(head + payload)) + head[4:] + payload


def icmp6(source, destination, kind, body):
    head = struct.pack(">BBH", kind, 0, 0)
    pseudo = pseudo_header(source, destination, PROTOCOL_ICMP6, 4 + len(body))
    total = checksum(pseudo + head + body)
    return head[:2] + struct.pack(">H", total) + body


# Tunnels

def gre(kind, payload, key=None, sequence=None, with_checksum=False):
    flags = (0x8000 if with_checksum else 0) | (0x2000 if key is not None else 0)
    flags |= 0x1000 if sequence is not None else 0
    tail = b"" if key is None else struct.pack(">I", key)
    tail += b"" if sequence is None else struct.pack(">I", sequence)
    head = struct.pack(">HH", flags, kind)
    if not with_checksum:
        return head + tail + payload
    total = checksum(head + bytes(4) + tail + payload)
    return head + struct.pack(">HH", total, 0) + tail + payload


def erspan2(session, vlan_id, payload):
    return struct.pack(">HHI", 1 << 12 | vlan_id, 3 << 11 | session, 7) + payload


def erspan3(session, vlan_id, timestamp, payload, platform=False):
    """platform: with the eight bytes of the optional sub-header (O bit)."""
    last = 0x8000 | 2 << 1 | (1 if platform else 0)  # P: an Ethernet frame; timestamps of 100 ns
    head = struct.pack(">HHIHH", 2 << 12 | vlan_id, session, timestamp, 0, last)
    return head + (struct.pack(">II", 0x3 << 26, 0) if platform else b"") + payload


def vxlan(vni, payload):
    return struct.pack(">II", 0x08000000, vni << 8) + payload


def geneve(vni, kind, payload, options=b""):
    return struct.pack(">BBHI", len(options) // 4, 0, kind, vni << 8) + options + payload
