# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""A capture under construction, its clock, its hosts, and conversations between them."""

from collections import Counter
from dataclasses import dataclass

from . import files, layers
from .layers import ACK, FIN, PSH, RST, SYN

BASE_TIME = 1768197600 * 10**9  # 2026-01-12T06:00:00Z, a Monday
MICROSECOND = 1000
MILLISECOND = 1000 * MICROSECOND
SECOND = 1000 * MILLISECOND
MINUTE = 60 * SECOND

CLIENT, SERVER = 0, 1


class Random:
    """A linear congruential generator (Knuth's MMIX constants): the same numbers everywhere."""

    def __init__(self, seed=1):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % limit

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def octets(self, n):
        return bytes(self.below(256) for _ in range(n))


@dataclass(eq=False)
class Host:
    name: str
    mac: str
    ip4: str
    ip6: str
    ttl: int = 64
    identifier: int = 0  # of the next IPv4 packet
    port: int = 49152    # of the next connection

    def ip(self, v6=False):
        return self.ip6 if v6 else self.ip4

    def next_identifier(self):
        self.identifier = (self.identifier + 1) & 0xFFFF
        return self.identifier

    def next_port(self):
        self.port += 1
        return self.port


def link_ethernet(source, destination, kind, payload):
    return layers.ethernet(destination.mac, source.mac, kind, payload)


class Counts:
    """How many messages of one protocol a capture holds, as `weir replay --summary json` says it."""

    def __init__(self):
        self.requests, self.responses, self.exceptions = Counter(), Counter(), Counter()
        self.userdata, self.errors = Counter(), Counter()
        self.unknown = self.malformed = self.gap_bytes = 0


class Capture:
    """Frames with times, and how many messages of each protocol they hold (those of Modbus are
    the capture's own attributes)."""

    def __init__(self, seed=1):
        self.contents = files.Contents()
        self.now = BASE_TIME
        self.random = Random(seed)
        self.link = link_ethernet
        self.interface = 0
        self.requests, self.responses, self.exceptions = Counter(), Counter(), Counter()
        self.unknown = self.malformed = self.gap_bytes = self.duplicates = 0
        self.others = {}  # protocol -> Counts

    def counts(self, protocol):
        """The counts of a protocol other than Modbus."""
        return self.others.setdefault(protocol, Counts())

    @property
    def frames(self):
        return self.contents.frames

    def step(self, nanoseconds):
        self.now += nanoseconds

    def jitter(self, low, high):
        """Lets low to high microseconds pass."""
        self.now += self.random.between(low * MICROSECOND, high * MICROSECOND)

    def add(self, frame, snap_length=None):
        data = frame[:snap_length] if snap_length else frame
        self.frames.append(files.Frame(self.now, data, len(frame), self.interface))

    def packet(self, source, destination, packet):
        """One IP packet from host to host."""
        self.add(self.link(source, destination, layers.kind_of(packet), packet))

    def arp_request(self, asker, target_ip):
        self.add(self.arp_frame(1, asker, layers.BROADCAST, "00:00:00:00:00:00", target_ip))

    def arp_reply(self, owner, asker):
        self.add(self.arp_frame(2, owner, asker.mac, asker.mac, asker.ip4))

    def arp_frame(self, operation, sender, destination, target_mac, target_ip):
        body = layers.arp(operation, sender.mac, sender.ip4, target_mac, target_ip)
        return layers.ethernet(destination, sender.mac, layers.ETHERTYPE_ARP, body)

    def resolve(self, asker, owner):
        self.arp_request(asker, owner.ip4)
        self.jitter(150, 400)
        self.arp_reply(owner, asker)
        self.jitter(20, 60)

    def udp(self, source, destination, ports, payload, v6=False):
        self.packet(source, destination, udp_packet(source, destination, ports, payload, v6))

    def sort(self):
        self.frames.sort(key=lambda frame: frame.time)


def udp_packet(source, destination, ports, payload, v6=False):
    ends = source.ip(v6), destination.ip(v6)
    datagram = layers.udp(*ends, ports, payload)
    if v6:
        return layers.ipv6(*ends, layers.PROTOCOL_UDP, datagram, hop_limit=source.ttl)
    return layers.ipv4(*ends, layers.PROTOCOL_UDP, datagram, source.next_identifier(), source.ttl)


class Tcp:
    """One connection.  Everything it sends carries the sequence numbers that a real one would."""

    def __init__(self, capture, client, server, port, v6=False, client_port=None, start=None):
        self.capture = capture
        self.hosts = (client, server)
        self.ports = (client_port or client.next_port(), port)
        self.v6 = v6
        self.next = list(start or (capture.random.below(2**32), capture.random.below(2**32)))
        self.windows = (64240, 8192)
        self.wrap = None  # (source IP, destination IP, segment) -> IP packet, when not a plain one

    def packet(self, side, data=b"", flags=ACK, sequence=None, acknowledgement=None, ttl=None,
               options=b""):
        """The IP packet of one segment.  Without `sequence` it is the next one and moves on."""
        other = 1 - side
        if sequence is None:
            sequence = self.next[side]
            self.next[side] = (sequence + len(data) + bool(flags & (SYN | FIN))) % 2**32
        if acknowledgement is None:
            acknowledgement = self.next[other] if flags & ACK else 0
        source, destination = self.hosts[side], self.hosts[other]
        ends = source.ip(self.v6), destination.ip(self.v6)
        ports = self.ports if side == CLIENT else self.ports[::-1]
        segment = layers.tcp(*ends, ports, sequence, acknowledgement, flags, data,
                             0 if flags & RST else self.windows[side], options)
        if self.wrap:
            return self.wrap(*ends, segment)
        if self.v6:
            return layers.ipv6(*ends, layers.PROTOCOL_TCP, segment, hop_limit=ttl or source.ttl)
        return layers.ipv4(*ends, layers.PROTOCOL_TCP, segment, source.next_identifier(),
                           ttl or source.ttl)

    def segment(self, side, *arguments, **options):
        """The frame of one segment, not yet in the capture."""
        packet = self.packet(side, *arguments, **options)
        return self.capture.link(self.hosts[side], self.hosts[1 - side], layers.kind_of(packet),
                                 packet)

    def send(self, side, data=b"", flags=None, **options):
        if flags is None:
            flags = PSH | ACK if data else ACK
        self.capture.add(self.segment(side, data, flags, **options))

    def open(self):
        size = b"\x02\x04\x05\xb4"  # maximum segment size 1460
        self.send(CLIENT, flags=SYN, options=size)
        self.capture.jitter(150, 400)
        self.send(SERVER, flags=SYN | ACK, options=size)
        self.capture.jitter(20, 60)
        self.send(CLIENT)
        self.capture.jitter(50, 200)
        return self

    def close(self):
        self.send(CLIENT, flags=FIN | ACK)
        self.capture.jitter(150, 400)
        self.send(SERVER, flags=FIN | ACK)
        self.capture.jitter(20, 60)
        self.send(CLIENT)
        self.capture.jitter(20, 60)
