# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""PROFINET frames: DCP with its blocks, cyclic data (IEC 61158-6-10)."""

import struct

from . import layers

ETHERTYPE = 0x8892
HELLO, GET_SET, IDENTIFY, IDENTIFY_ANSWER = 0xFEFC, 0xFEFD, 0xFEFE, 0xFEFF
SERVICE_GET, SERVICE_SET, SERVICE_IDENTIFY, SERVICE_HELLO = 3, 4, 5, 6
REQUEST, SUCCESS, UNSUPPORTED = 0, 1, 5
IDENTIFY_GROUP, HELLO_GROUP = "01:0e:cf:00:00:00", "01:0e:cf:00:00:01"

# Option and suboption.
MAC, IP, FULL_SUITE = (1, 1), (1, 2), (1, 3)
TYPE, NAME, DEVICE_ID, ROLE, OPTIONS = (2, 1), (2, 2), (2, 3), (2, 4), (2, 5)
ALIAS, INSTANCE, OEM = (2, 6), (2, 7), (2, 8)
DHCP_HOST, DHCP_CLIENT = (3, 12), (3, 61)
START, END, SIGNAL, RESPONSE, FACTORY_RESET, RESET = ((5, n) for n in range(1, 7))
INITIATIVE, ALL = (6, 1), (255, 255)

# Ranges of FrameIDs as they are counted.
RANGES = (0xFF90, 0xFF80, 0xFF44, 0xFF40, 0xFF22, 0xFF20, 0xFF02, 0xFF00, 0xFEFC, 0xFE03, 0xFE02,
          0xFE01, 0xFC02, 0xFC01, 0xFC00, 0xF800, 0xC000, 0xBC00, 0x8000, 0x0100, 0x0082, 0x0080,
          0x0022, 0x0020, 0x0000)


def block(option, content=b"", word=None):
    """word: BlockInfo or BlockQualifier, where the block has one."""
    content = (struct.pack(">H", word) if word is not None else b"") + content
    out = bytes(option) + struct.pack(">H", len(content)) + content
    return out + bytes(len(out) % 2)


def suite(ip, netmask="255.255.255.0", gateway="0.0.0.0"):
    return layers.address(ip) + layers.address(netmask) + layers.address(gateway)


class Station:
    """A host that speaks PROFINET."""

    def __init__(self, host, name, kind, vendor, device, role, ip=True):
        self.host, self.name, self.kind, self.role, self.has_ip = host, name, kind, role, ip
        self.vendor, self.device = vendor, device

    def blocks(self, *more):
        """What it says of itself."""
        known = b"".join(bytes(o) for o in (IP, TYPE, NAME, DEVICE_ID, ROLE, SIGNAL, ALL))
        out = [block(OPTIONS, known, 0), block(TYPE, self.kind.encode(), 0),
               block(NAME, self.name.encode(), 0),
               block(DEVICE_ID, struct.pack(">HH", self.vendor, self.device), 0),
               block(ROLE, bytes([self.role, 0]), 0)]
        address = suite(self.host.ip4) if self.has_ip else bytes(12)
        return b"".join(out) + block(IP, address, 1 if self.has_ip else 0) + b"".join(more)


class Profinet:
    """Adds frames to a capture and counts them."""

    def __init__(self, capture):
        self.capture = capture
        self.xid = 0x01000000

    def frame(self, source, destination, frame_id, body):
        head = struct.pack(">H", frame_id)
        self.capture.add(layers.ethernet(destination, source.mac, ETHERTYPE, head + body))

    def dcp(self, source, destination, frame_id, service, kind, blocks, delay=0, length=None,
            failed=False):
        counts = self.capture.counts("profinet_dcp")
        (counts.responses if kind else counts.requests)[service] += 1
        counts.errors[service] += kind == UNSUPPORTED or failed
        length = len(blocks) if length is None else length
        self.frame(source, destination, frame_id,
                   struct.pack(">BBIHH", service, kind, self.xid, delay, length) + blocks)

    def identify(self, asker, blocks=block(ALL)):
        self.xid += 1
        self.dcp(asker, IDENTIFY_GROUP, IDENTIFY, SERVICE_IDENTIFY, REQUEST, blocks, delay=1)
        self.capture.jitter(300, 900)

    def identified(self, station, asker, *more):
        self.dcp(station.host, asker.mac, IDENTIFY_ANSWER, SERVICE_IDENTIFY, SUCCESS,
                 station.blocks(*more))
        self.capture.jitter(200, 500)

    def hello(self, station):
        self.xid += 1
        self.dcp(station.host, HELLO_GROUP, HELLO, SERVICE_HELLO, REQUEST, station.blocks())
        self.capture.jitter(200, 500)

    def exchange(self, asker, station, service, asked, answered, kind=SUCCESS, failed=False):
        self.xid += 1
        self.dcp(asker, station.host.mac, GET_SET, service, REQUEST, asked)
        self.capture.jitter(2000, 9000)
        self.dcp(station.host, asker.mac, GET_SET, service, kind, answered, failed=failed)
        self.capture.jitter(20000, 90000)

    def set(self, asker, station, *blocks, error=0):
        """blocks: (option, content, qualifier)."""
        asked = b"".join(block(*b) for b in blocks)
        answered = b"".join(block(RESPONSE, bytes(b[0]) + bytes([error])) for b in blocks)
        self.exchange(asker, station, SERVICE_SET, asked, answered, failed=error != 0)

    def other(self, source, destination, frame_id, body, unknown=False):
        counts = self.capture.counts("profinet")
        first = next(r for r in RANGES if r <= frame_id)
        counts.userdata["%04x" % first] += 1
        counts.unknown += unknown
        self.frame(source, destination, frame_id, body)

    def cyclic(self, source, destination, frame_id, counter, data=bytes(40)):
        """Data, cycle counter, data status (run, valid, primary), transfer status."""
        self.other(source, destination.mac, frame_id,
                   data + struct.pack(">HBB", counter & 0xFFFF, 0x35, 0))
