# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""PCCC messages (1770-6.5.16), and exchanges of them in CIP and in the older CSP."""

import struct

from . import cip
from .net import CLIENT, SERVER, Tcp

OUTPUT, INPUT, STATUS, BIT, TIMER, COUNTER, CONTROL = 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88
INTEGER, FLOAT, STRING, ASCII, BCD, LONG = 0x89, 0x8A, 0x8D, 0x8E, 0x8F, 0x91
MESSAGE, PID = 0x92, 0x93
LADDER, CHANNEL, ETHERNET, EDIT = 0x22, 0x49, 0x4A, 0x65
OUTPUT_FORCE, INPUT_FORCE, CLOCK = 0xA1, 0xA2, 0xE4

READ, WRITE, MASKED = 0xA2, 0xAA, 0xAB
HAS_FUNCTION = {0x06, 0x07, 0x0E, 0x0F}
EXTENDED = 0xF0


def number(value):
    return bytes([value]) if value < 0xFF else struct.pack("<BH", 0xFF, value)


def address(size, file, kind, element, sub=None):
    """Logical: what the functions 0xA1 to 0xAB begin with."""
    out = bytes([size]) + number(file) + bytes([kind]) + number(element)
    return out if sub is None else out + number(sub)


def levels(*values):
    """A PLC-5's logical binary address: data table, file, element, sub-element."""
    return bytes([(1 << len(values)) - 1]) + b"".join(number(value) for value in values)


def ascii_address(text):
    return b"\0$" + text.encode() + b"\0"


def flag(kind, size):
    """A type/data parameter."""
    out, high, low = b"", kind, size
    if kind > 7:
        high, out = 9, bytes([kind])
    if size > 7:
        low, more = (9, bytes([size])) if size < 256 else (10, struct.pack("<H", size))
        out += more
    return bytes([high << 4 | low]) + out


def array(kind, size, data):
    """Elements of one type."""
    body = flag(kind, size) + data
    return flag(9, len(body)) + body


def words(*values):
    return struct.pack("<%dh" % len(values), *values)


def floats(*values):
    return struct.pack("<%df" % len(values), *values)


def swapped(text, length):
    """Characters, two in a word, the first in the high byte."""
    data = text.encode().ljust(length, b"\0")
    return b"".join(data[i + 1:i + 2] + data[i:i + 1] for i in range(0, length, 2))


def string(text):
    return struct.pack("<H", len(text)) + swapped(text, 82)


def slc_status(name, interface, processor, series, release, mode, error=0, flags=0, program=0x8236,
               kilobytes=64, owner=0x3F):
    return (struct.pack("<BBBBB", 0, 0xEE, interface, processor, series << 5 | release - 1) +
            name.encode().ljust(11) + struct.pack("<HHHBB", error, mode | flags << 8, program,
                                                  kilobytes, owner << 2))


def plc5_status(mode, processor, memory, series, revision, node, forces=0, protect=0):
    return (struct.pack("<BBBIB", mode, 0xEB, processor, memory, series << 5 | revision) +
            struct.pack("<BBBHHBBB", node, 0xFD, 0, 13, 10, forces, protect, 0))


class Pccc:
    """A client that asks and a processor that answers, over what carries them."""

    def __init__(self, carrier, tns=0x0100):
        self.carrier, self.tns = carrier, tns

    @property
    def counts(self):
        return self.carrier.capture.counts("pccc")

    @staticmethod
    def code(command, function):
        return str(command) if function is None else "%d.%d" % (command, function)

    def request(self, command, function, data=b""):
        self.tns = (self.tns + 1) & 0xFFFF
        self.counts.requests[self.code(command, function)] += 1
        head = struct.pack("<BBH", command, 0, self.tns)
        return head + (b"" if function is None else bytes([function])) + data

    def answer(self, command, function, data=b"", status=0, extended=None):
        code = self.code(command, function)
        self.counts.responses[code] += 1
        if status:
            self.counts.errors[code] += 1
        head = struct.pack("<BBH", command | 0x40, status, self.tns)
        return head + (b"" if extended is None else bytes([extended])) + data

    def exchange(self, command, function, data=b"", answered=b"", **options):
        """One request with its answer."""
        self.carrier.carry(self.request(command, function, data),
                           self.answer(command, function, answered, **options))

    def typed(self, function, data=b"", answered=b"", **options):
        """A function of command 0x0F."""
        self.exchange(0x0F, function, data, answered, **options)

    def read(self, file, kind, element, data, sub=0):
        self.typed(READ, address(len(data), file, kind, element, sub), data)

    def write(self, file, kind, element, data, sub=0, **options):
        self.typed(WRITE, address(len(data), file, kind, element, sub) + data, **options)

    def status(self, found):
        self.exchange(0x06, 0x03, b"", found)


class OverCip:
    """Execute PCCC in unconnected messages, or over the connection that is open."""

    def __init__(self, enip, vendor=0x004D, serial=0x3D2B31E0, route=None):
        self.enip, self.route = enip, route
        self.requestor = struct.pack("<BHI", 7, vendor, serial)

    @property
    def capture(self):
        return self.enip.capture

    def execute(self, message):
        asked = cip.request(0x4B, cip.path(0x67, 1), self.requestor + message)
        return cip.unconnected_send(asked, self.route) if self.route else asked

    def executed(self, message):
        return cip.answer(0x4B, self.requestor + message)

    def carry(self, request, answer):
        exchange = self.enip.connected if self.enip.connection else self.enip.exchange
        exchange(self.execute(request), self.executed(answer))


class Csp:
    """The client/server protocol: PCCC on TCP 2222."""

    def __init__(self, capture, client, server, port=2222, connection=0x00A5F1C3):
        self.capture, self.connection = capture, connection
        self.tcp = Tcp(capture, client, server, port)
        self.requests = 0x00E87573

    def message(self, side, submode, body=b"", status=0, connection=None):
        context = struct.pack(">HH12x", 4, 5) if submode == 1 else struct.pack(">II8x",
                                                                               self.requests, 0)
        head = struct.pack(">BBHII", 2 if side == SERVER else 1, submode, len(body),
                           self.connection if connection is None else connection, status)
        counts = self.capture.counts("csp")
        (counts.responses if side == SERVER else counts.requests)[submode] += 1
        self.tcp.send(side, head + context + body)

    def open(self):
        self.tcp.open()
        self.message(CLIENT, 1, connection=0)
        self.capture.jitter(800, 2500)
        self.message(SERVER, 1)
        self.capture.jitter(500, 1500)
        return self

    def close(self):
        self.tcp.close()

    def carry(self, request, answer):
        self.message(CLIENT, 7, bytes([0, 5, 0, 0]) + request)
        self.capture.jitter(2000, 8000)
        self.message(SERVER, 7, bytes([0, 5, 0, 0]) + answer)
        self.capture.jitter(500, 1500)
