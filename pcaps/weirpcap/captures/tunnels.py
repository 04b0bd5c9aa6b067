# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""Each tunnel carrying Modbus over IPv4 and IPv6, and fragments."""

import struct

from .. import layers
from .. import modbus as mb
from ..modbus import count_answer, count_request
from ..net import MILLISECOND, udp_packet
from ..plant import Plant
from ..registry import capture
from .links import polls

OUTER4 = ("10.1.0.1", "10.1.0.2")
OUTER6 = ("fd01::1", "fd01::2")
OUTER_MACS = ("00:1b:0d:20:00:01", "00:1b:0d:20:00:02")


class Tunnel:
    """A link that puts each frame into an outer packet from end to end."""

    def __init__(self, inside, protocol, ends=OUTER4, ethernet=True):
        self.inside, self.protocol, self.ends, self.ethernet = inside, protocol, ends, ethernet
        self.sequence = 0

    def __call__(self, source, destination, kind, payload):
        if self.ethernet:
            payload = layers.ethernet(destination.mac, source.mac, kind, payload)
        self.sequence += 1
        packet = layers.ip(*self.ends, self.protocol, self.inside(kind, payload, self.sequence))
        return layers.ethernet(OUTER_MACS[1], OUTER_MACS[0], layers.kind_of(packet), packet)


def over_udp(port, head, ends=OUTER4):
    def inside(kind, payload, sequence):
        return layers.udp(*ends, (49152 + sequence % 64, port), head(kind, payload))

    return inside


def gre_erspan2(kind, payload, sequence):
    return layers.gre(0x88BE, layers.erspan2(100, 10, payload), sequence=sequence)


def gre_erspan3(platform):
    def inside(kind, payload, sequence):
        inner = layers.erspan3(100, 10, sequence * 1000, payload, platform)
        return layers.gre(0x22EB, inner, sequence=sequence)

    return inside


def geneve_head(kind, payload):
    option = struct.pack(">HBB", 0x0102, 0x80, 1) + b"\0\0\0\x2a"
    return layers.geneve(42, 0x6558, payload, option)


TUNNELS = {
    "gre": ("GRE with IP inside", Tunnel(lambda kind, data, n: layers.gre(kind, data), 47,
                                         ethernet=False)),
    "gre-options": ("GRE with checksum, key and sequence number", Tunnel(
        lambda kind, data, n: layers.gre(kind, data, 77, n, True), 47, ethernet=False)),
    "gre-ethernet": ("GRE with Ethernet inside", Tunnel(
        lambda kind, data, n: layers.gre(0x6558, data, 5), 47)),
    "gre-ipv6": ("GRE over IPv6", Tunnel(lambda kind, data, n: layers.gre(kind, data), 47, OUTER6,
                                         ethernet=False)),
    "erspan-1": ("ERSPAN type I", Tunnel(lambda kind, data, n: layers.gre(0x88BE, data), 47)),
    "erspan-2": ("ERSPAN type II", Tunnel(gre_erspan2, 47)),
    "erspan-3": ("ERSPAN type III", Tunnel(gre_erspan3(False), 47)),
    "erspan-3-platform": ("ERSPAN type III with the platform sub-header",
                          Tunnel(gre_erspan3(True), 47)),
    "vxlan": ("VXLAN", Tunnel(over_udp(4789, lambda kind, data: layers.vxlan(4711, data)), 17)),
    "vxlan-ipv6": ("VXLAN over IPv6", Tunnel(
        over_udp(4789, lambda kind, data: layers.vxlan(4711, data), OUTER6), 17, OUTER6)),
    "geneve": ("GENEVE with an option, Ethernet inside", Tunnel(over_udp(6081, geneve_head), 17)),
    "geneve-ip": ("GENEVE with IP inside", Tunnel(
        over_udp(6081, lambda kind, data: layers.geneve(43, kind, data)), 17, ethernet=False)),
}


def one_tunnel(link):
    def fill(made):
        link.sequence = 0
        made.link = link
        polls(made)

    return fill


for name, (text, link) in TUNNELS.items():
    capture("tunnel-%s.pcap" % name, "Tunnel: " + text)(one_tunnel(link))


@capture("tunnel-ip-in-ip.pcap", "Tunnel: IPv4 in IPv4, IPv6 in IPv4, IPv4 in IPv6, IPv6 in IPv6")
def ip_in_ip(capture):
    for ends in (OUTER4, OUTER6):
        for v6 in (False, True):
            capture.link = Tunnel(lambda kind, data, n: data, 41 if v6 else 4, ends, ethernet=False)
            polls(capture, versions=(v6,))


@capture("tunnel-mpls.pcap", "Tunnel: MPLS with one and with three labels, IP inside")
def mpls(capture):
    for labels in ([16], [100, 200, 300]):
        capture.link = (lambda source, destination, kind, payload, labels=labels:
                        layers.ethernet(destination.mac, source.mac, 0x8847,
                                        layers.mpls(labels, payload)))
        polls(capture)
        capture.step(100 * MILLISECOND)


@capture("tunnel-mpls-ethernet.pcap", "Tunnel: an MPLS pseudo-wire, Ethernet behind a control word")
def mpls_ethernet(capture):
    def link(source, destination, kind, payload):
        inner = layers.ethernet(destination.mac, source.mac, kind, payload)
        return layers.ethernet(OUTER_MACS[1], OUTER_MACS[0], 0x8847,
                               layers.mpls([500], bytes(4) + inner))

    capture.link = link
    polls(capture)


@capture("tunnel-pppoe.pcap", "Tunnel: PPPoE sessions")
def pppoe(capture):
    capture.link = (lambda source, destination, kind, payload:
                    layers.ethernet(destination.mac, source.mac, 0x8864,
                                    layers.pppoe(0x1234, kind, payload)))
    polls(capture)


@capture("tunnel-nested.pcap", "Tunnels in tunnels: ERSPAN II of a VLAN trunk that carries VXLAN")
def nested(capture):
    vxlan = Tunnel(over_udp(4789, lambda kind, data: layers.vxlan(9, data)), 17)
    erspan = Tunnel(gre_erspan2, 47, ("10.9.0.1", "10.9.0.2"), ethernet=False)

    def link(source, destination, kind, payload):
        frame = vxlan(source, destination, kind, payload)
        trunk = frame[:12] + b"\x81\x00" + layers.vlan(30, 0x0800, frame[14:])
        return erspan(source, destination, kind, trunk)

    capture.link = link
    polls(capture)


# Fragments

def long_answer(i):
    return mb.read(3, i, 100), mb.registers_answer(3, range(i, i + 100))


def fragments4(packet, size):
    """The packet in fragments of `size` bytes, in order."""
    head, body = packet[:20], packet[20:]
    source, destination = (".".join(map(str, head[at:at + 4])) for at in (12, 16))
    identifier = int.from_bytes(head[4:6], "big")
    return [layers.ipv4(source, destination, head[9], body[at:at + size], identifier, head[8],
                        flags=1 if at + size < len(body) else 0, offset=at)
            for at in range(0, len(body), size)]


def fragments6(source, destination, packet, size, identifier):
    body = packet[40:]
    return [layers.ipv6(source.ip6, destination.ip6, 44, layers.fragment_header(
        packet[6], identifier, at, at + size < len(body), body[at:at + size]))
        for at in range(0, len(body), size)]


def fragmented_polls(capture, cut, v6=False, n=8):
    """Polls over UDP; cut() makes fragments of each answer and says in which order they go."""
    plant = Plant()
    client, server = plant.hmi, plant.plc[0]
    ports = (client.next_port(), 502)
    for i in range(n):
        request, answer = long_answer(i)
        count_request(capture, request)
        count_answer(capture, answer)
        capture.udp(client, server, ports, mb.adu(i + 1, 1, request), v6)
        capture.jitter(3000, 8000)
        packet = udp_packet(server, client, ports[::-1], mb.adu(i + 1, 1, answer), v6)
        for fragment in cut(i, packet, server, client):
            capture.packet(server, client, fragment)
            capture.jitter(20, 100)
        capture.step(100 * MILLISECOND)


ORDERS = (lambda parts: parts, lambda parts: parts[::-1], lambda parts: parts[1:] + parts[:1],
          lambda parts: parts + parts[-1:])


@capture("fragments-ipv4.pcap", "Modbus over UDP in IPv4 fragments: in order, in reverse, the"
         " first last, the last twice")
def ipv4_fragments(capture):
    fragmented_polls(capture, lambda i, packet, *_: ORDERS[i % 4](fragments4(packet, 64)))


@capture("fragments-ipv6.pcap", "The same in IPv6 fragments")
def ipv6_fragments(capture):
    fragmented_polls(capture, lambda i, packet, source, destination: ORDERS[i % 4](
        fragments6(source, destination, packet, 64, 1000 + i)), v6=True)


@capture("fragments-tcp.pcap", "Modbus over TCP in IPv4 fragments so small that the TCP header"
         " does not fit into the first")
def tcp_fragments(capture):
    inner = capture.add

    def cut(frame, snap_length=None):
        size = int.from_bytes(frame[16:18], "big")
        for fragment in fragments4(frame[14:14 + size], 16):
            inner(frame[:14] + fragment + bytes(max(0, 46 - len(fragment))))
            capture.jitter(10, 20)

    capture.add = cut
    polls(capture, n=6, versions=(False,))


def with_overlap(packet, conflict):
    """Fragments of which the second begins 16 bytes early, with the same bytes or others."""
    parts = fragments4(packet, 64)
    body = packet[20:]
    source, destination = (".".join(map(str, packet[at:at + 4])) for at in (12, 16))
    early = bytearray(body[48:128])
    if conflict:
        early[:16] = bytes(b ^ 0xFF for b in early[:16])
    parts[1] = layers.ipv4(source, destination, packet[9], bytes(early),
                           int.from_bytes(packet[4:6], "big"), packet[8], 1, 48)
    return parts


@capture("fragments-overlap-same.pcap", "IPv4 fragments that overlap with the same content")
def overlap_same(capture):
    fragmented_polls(capture, lambda i, packet, *_: with_overlap(packet, False))


@capture("fragments-overlap.pcap", "IPv4 fragments that overlap with other content, every second"
         " answer; good ones between them")
def overlap(capture):
    fragmented_polls(capture, lambda i, packet, *_: with_overlap(packet, True) if i % 2
                     else fragments4(packet, 64))


@capture("fragments-incomplete.pcap", "IPv4 fragments of which one never comes")
def incomplete(capture):
    fragmented_polls(capture, lambda i, packet, *_: fragments4(packet, 64)[:-1] if i % 2
                     else fragments4(packet, 64))
    for _ in range(4):
        capture.responses[3] -= 1
