# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""TPKT (RFC 1006) and COTP (ISO/IEC 8073) as S7 stations, MMS and others use them."""

import struct

from .net import CLIENT, SERVER, Tcp

CR, CC, DR, DC, DT, ER = 0xE0, 0xD0, 0x80, 0xC0, 0xF0, 0x70
NAMES = {CR: "cr", CC: "cc", DR: "dr", DC: "dc", DT: "dt", ER: "er"}
PG, OP, BASIC = 1, 2, 3  # connection types of Siemens TSAPs


def tpkt(tpdu):
    return struct.pack(">BBH", 3, 0, 4 + len(tpdu)) + tpdu


def tpdu(kind, header, data=b""):
    return tpkt(bytes([1 + len(header), kind]) + header + data)


def parameter(code, value):
    return bytes([code, len(value)]) + value


def siemens(kind, rack, slot):
    return bytes([kind, rack << 5 | slot])


def connect(kind, destination, source, calling, called, size=10, options=0):
    """A connection request or its confirmation."""
    return tpdu(kind, struct.pack(">HHB", destination, source, options) +
                parameter(0xC0, bytes([size])) + parameter(0xC1, calling) +
                parameter(0xC2, called))


def disconnect(destination, source, reason):
    return tpdu(DR, struct.pack(">HHB", destination, source, reason))


def error(destination, cause):
    return tpdu(ER, struct.pack(">HB", destination, cause))


def data(user, last=True):
    return tpdu(DT, bytes([0x80 if last else 0]), user)


class Cotp:
    """A connection that carries messages; what it sends is counted."""

    def __init__(self, capture, client, server, port=102, calling=b"\x01\x00", called=b"\x01\x02",
                 counted=True, **options):
        self.capture, self.calling, self.called, self.counted = capture, calling, called, counted
        self.tcp = Tcp(capture, client, server, port, **options)
        self.pause = (300, 900)

    def count(self, side, kind):
        if self.counted:
            counts = self.capture.counts("cotp")
            (counts.requests if side == CLIENT else counts.responses)[NAMES[kind]] += 1

    def send(self, side, kind, packet):
        self.count(side, kind)
        self.tcp.send(side, packet)
        if side == SERVER:
            self.capture.jitter(30, 90)
            self.tcp.send(CLIENT)
        self.capture.jitter(*self.pause)

    def open(self):
        self.tcp.open()
        return self.connect()

    def connect(self):
        self.send(CLIENT, CR, connect(CR, 0, 1, self.calling, self.called))
        self.send(SERVER, CC, connect(CC, 1, 0x4431, self.calling, self.called, size=9))
        return self

    def message(self, side, user):
        """One message in one data TPDU."""
        self.send(side, DT, data(user))

    def in_parts(self, side, user, size, empty_first=False):
        """One message in several data TPDUs, each in a segment of its own."""
        if empty_first:
            self.send(side, DT, data(b"", last=False))
        parts = [user[i:i + size] for i in range(0, len(user), size)]
        for i, part in enumerate(parts):
            self.send(side, DT, data(part, last=i + 1 == len(parts)))

    def close(self):
        self.tcp.close()
