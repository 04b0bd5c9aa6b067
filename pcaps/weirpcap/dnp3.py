# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""DNP3 (IEEE 1815): objects, application fragments, transport segments, link frames, and a session
of a master with an outstation."""

import struct

from .net import CLIENT, SERVER, Tcp

PORT = 20000
DIR, PRM, FCB, FCV = 0x80, 0x40, 0x20, 0x10
RESET_LINK, RESET_USER, TEST_LINK, CONFIRMED, UNCONFIRMED, LINK_STATUS = 0, 1, 2, 3, 4, 9
ACK, NACK, STATUS, NOT_SUPPORTED = 0, 1, 11, 15
FIR, FIN, CON, UNS = 0x80, 0x40, 0x20, 0x10

(CONFIRM, READ, WRITE, SELECT, OPERATE, DIRECT, DIRECT_NO_ACK, FREEZE, FREEZE_NO_ACK, FREEZE_CLEAR,
 FREEZE_CLEAR_NO_ACK, FREEZE_AT, FREEZE_AT_NO_ACK, COLD_RESTART, WARM_RESTART, INITIALIZE_DATA,
 INITIALIZE, START, STOP, SAVE, ENABLE, DISABLE, ASSIGN, DELAY, RECORD_TIME, OPEN, CLOSE, DELETE, INFO,
 AUTHENTICATE_FILE, ABORT, ACTIVATE, AUTHENTICATE, AUTHENTICATE_NO_ACK) = range(34)
RESPONSE, UNSOLICITED, AUTHENTICATE_RESPONSE = 129, 130, 131

# Internal indications, as the two octets stand on the wire.
(BROADCAST, CLASS_1, CLASS_2, CLASS_3, NEED_TIME, LOCAL, TROUBLE, RESTART) = (
    0x100 << i for i in range(8))
(NO_FUNCTION, NO_OBJECT, PARAMETER, OVERFLOW, EXECUTING, CORRUPT) = (1 << i for i in range(6))
REFUSED = NO_FUNCTION | NO_OBJECT | PARAMETER | EXECUTING


def crc(data):
    value = 0
    for octet in data:
        value ^= octet
        for _ in range(8):
            value = value >> 1 ^ 0xA6BC if value & 1 else value >> 1
    return struct.pack("<H", value ^ 0xFFFF)


# ---- objects ----

def every(group, variation):
    """A header that means all points."""
    return bytes([group, variation, 6])


def span(group, variation, start, stop, data=b""):
    """Start and stop, in one octet each where they fit."""
    if stop < 256:
        return bytes([group, variation, 0, start, stop]) + data
    return struct.pack("<BBBHH", group, variation, 1, start, stop) + data


def counted(group, variation, *objects):
    """A count, and objects without an index."""
    return bytes([group, variation, 7, len(objects)]) + b"".join(objects)


def indexed(group, variation, *points):
    """(index, object) each, one octet for count and index."""
    return (bytes([group, variation, 0x17, len(points)]) +
            b"".join(bytes([index]) + data for index, data in points))


def indexed16(group, variation, *points):
    return (struct.pack("<BBBH", group, variation, 0x28, len(points)) +
            b"".join(struct.pack("<H", index) + data for index, data in points))


def sized(group, variation, *objects):
    """Objects that say how long they are."""
    return (bytes([group, variation, 0x5B, len(objects)]) +
            b"".join(struct.pack("<H", len(data)) + data for data in objects))


def bits(*values):
    out = bytearray((len(values) + 7) // 8)
    for i, value in enumerate(values):
        out[i // 8] |= value << i % 8
    return bytes(out)


def double_bits(*values):
    out = bytearray((len(values) + 3) // 4)
    for i, value in enumerate(values):
        out[i // 4] |= value << i % 4 * 2
    return bytes(out)


def time48(nanoseconds):
    return struct.pack("<Q", nanoseconds // 1000000)[:6]


def crob(code, count=1, on=100, off=100, status=0):
    return struct.pack("<BBIIB", code, count, on, off, status)


LATCH_ON, LATCH_OFF, PULSE_ON = 3, 4, 1
CLOSE_PULSE, TRIP_PULSE = 0x41, 0x81

CLASS_0 = every(60, 1)
EVENTS = every(60, 2) + every(60, 3) + every(60, 4)
INTEGRITY = EVENTS + CLASS_0


# ---- fragments, segments, frames ----

def frame(control, destination, source, data=b""):
    header = struct.pack("<BBBBHH", 0x05, 0x64, 5 + len(data), control, destination, source)
    blocks = [data[i:i + 16] for i in range(0, len(data), 16)]
    return header + crc(header) + b"".join(block + crc(block) for block in blocks)


def segments(fragment, sequence, size=249):
    """The transport segments of a fragment."""
    parts = [fragment[i:i + size] for i in range(0, len(fragment), size)] or [b""]
    out = []
    for i, part in enumerate(parts):
        head = (sequence + i) & 0x3F
        head |= 0x40 if i == 0 else 0
        head |= 0x80 if i == len(parts) - 1 else 0
        out.append(bytes([head]) + part)
    return out


class Dnp3:
    """A master and an outstation, over TCP or UDP.  Counts what it sends."""

    def __init__(self, capture, master, outstation, address=10, master_address=1, port=PORT,
                 udp=False, outstation_connects=False, connection=None, size=249):
        self.capture, self.address, self.master_address = capture, address, master_address
        self.hosts, self.size, self.port = (master, outstation), size, port
        self.reversed = outstation_connects
        self.connection = connection
        if not udp and connection is None:
            ends = (outstation, master) if outstation_connects else (master, outstation)
            self.connection = Tcp(capture, *ends, port)
        self.client_port = port if udp else 0
        self.transport = [0, 0]
        self.sequence, self.unsolicited_sequence = 0, 0
        self.function = UNCONFIRMED  # of link frames with user data

    def open(self):
        self.connection.open()
        return self

    def close(self):
        self.connection.close()

    # -- frames --

    def frame(self, from_master, function, data=b"", primary=True, destination=None):
        ends = ((self.address if destination is None else destination, self.master_address)
                if from_master else (self.master_address, self.address))
        control = (DIR if from_master else 0) | (PRM if primary else 0) | function
        return frame(control, *ends, data)

    def send(self, from_master, data):
        """Bytes of one TCP segment or datagram."""
        if self.connection is None:
            source, destination = self.hosts if from_master else self.hosts[::-1]
            self.capture.udp(source, destination, (self.port, self.port), data)
        else:
            self.connection.send(SERVER if from_master == self.reversed else CLIENT, data)
        if from_master:
            self.capture.jitter(4000, 20000)
        else:
            self.capture.jitter(100, 400)

    def link(self, from_master, function, primary=True, data=b"", flags=0):
        self.send(from_master, self.frame(from_master, function | flags, data, primary))

    def frames(self, from_master, fragment, destination=None):
        side = 0 if from_master else 1
        parts = segments(fragment, self.transport[side], self.size)
        self.transport[side] = (self.transport[side] + len(parts)) & 0x3F
        return [self.frame(from_master, self.function, part, destination=destination)
                for part in parts]

    # -- fragments --

    def count(self, function, iin=0):
        counts = self.capture.counts("dnp3")
        (counts.requests if function < 129 else counts.responses)[function] += 1
        if iin & REFUSED:
            counts.errors[function] += 1

    def fragment(self, from_master, function, objects=b"", iin=None, control=FIR | FIN, sequence=0,
                 destination=None, joined=True):
        head = bytes([control | sequence & 15, function])
        if iin is not None:
            head += struct.pack(">H", iin)
        self.count(function, iin or 0)
        frames = self.frames(from_master, head + objects, destination)
        for data in [b"".join(frames)] if joined else frames:
            self.send(from_master, data)

    def request(self, function, objects=b"", destination=None, control=FIR | FIN):
        """Returns the sequence number that the answer has."""
        used = self.sequence
        self.sequence = (self.sequence + 1) & 15
        self.fragment(True, function, objects, sequence=used, destination=destination,
                      control=control)
        return used

    def respond(self, sequence, objects=b"", iin=0, function=RESPONSE, control=FIR | FIN,
                joined=True):
        self.fragment(False, function, objects, iin, control, sequence, joined=joined)

    def confirm(self, sequence, unsolicited=False):
        self.fragment(True, CONFIRM, sequence=sequence,
                      control=FIR | FIN | (UNS if unsolicited else 0))
        if self.connection is not None:  # nothing else acknowledges it
            self.connection.send(CLIENT if self.reversed else SERVER)

    def exchange(self, function, objects=b"", answer=b"", iin=0, confirm=False,
                 answered_by=RESPONSE):
        sequence = self.request(function, objects)
        self.respond(sequence, answer, iin, answered_by, FIR | FIN | (CON if confirm else 0))
        if confirm:
            self.confirm(sequence)
        self.capture.jitter(1000, 5000)
        return sequence

    def report(self, objects=b"", iin=0, confirmed=True, again=False):
        """An unsolicited response."""
        if not again:
            self.unsolicited_sequence = (self.unsolicited_sequence + 1) & 15
        self.fragment(False, UNSOLICITED, objects, iin, FIR | FIN | CON | UNS,
                      self.unsolicited_sequence)
        if confirmed:
            self.confirm(self.unsolicited_sequence, unsolicited=True)
