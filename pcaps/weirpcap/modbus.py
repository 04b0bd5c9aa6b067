# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""Modbus messages (MODBUS Application Protocol V1.1b3) and exchanges of them over TCP and UDP."""

import struct

from .net import CLIENT, SERVER, Tcp

# Function codes that the specification defines publicly, and Schneider's UMAS.
KNOWN = set(range(1, 9)) | {11, 12, 15, 16, 17, 20, 21, 22, 23, 24, 43, 90}


# Requests

def read(code, start, quantity):
    return struct.pack(">BHH", code, start, quantity)


def write_coil(at, on):
    return struct.pack(">BHH", 5, at, 0xFF00 if on else 0)


def write_register(at, value):
    return struct.pack(">BHH", 6, at, value)


def diagnostics(sub_function, data=0):
    return struct.pack(">BHH", 8, sub_function, data)


def write_coils(start, bits):
    return struct.pack(">BHHB", 15, start, len(bits), (len(bits) + 7) // 8) + packed(bits)


def write_registers(start, values):
    return struct.pack(">BHHB", 16, start, len(values), 2 * len(values)) + registers(values)


def mask_write(at, and_mask, or_mask):
    return struct.pack(">BHHH", 22, at, and_mask, or_mask)


def read_write(read_start, read_quantity, write_start, values):
    return struct.pack(">BHHHHB", 23, read_start, read_quantity, write_start, len(values),
                       2 * len(values)) + registers(values)


def read_fifo(at):
    return struct.pack(">BH", 24, at)


def read_file(parts):
    """parts: (file, record, length in registers)."""
    body = b"".join(struct.pack(">BHHH", 6, *part) for part in parts)
    return bytes([20, len(body)]) + body


def write_file(parts):
    """parts: (file, record, values); the answer is the same message."""
    body = b"".join(struct.pack(">BHHH", 6, file, record, len(values)) + registers(values)
                    for file, record, values in parts)
    return bytes([21, len(body)]) + body


def identify(code, first=0):
    """Function 43/14; code 1 basic, 2 regular, 3 extended, 4 one object."""
    return bytes([43, 14, code, first])


# Answers

def packed(bits):
    """Bits in bytes, the first in the lowest bit."""
    out = bytearray((len(bits) + 7) // 8)
    for i, bit in enumerate(bits):
        out[i // 8] |= bool(bit) << i % 8
    return bytes(out)


def registers(values):
    return struct.pack(">%dH" % len(values), *values)


def bits_answer(code, bits):
    data = packed(bits)
    return bytes([code, len(data)]) + data


def registers_answer(code, values):
    return bytes([code, 2 * len(values)]) + registers(values)


def echo(request):
    """Functions 15 and 16 answer with the first five bytes, 5 and 6 and most of 8 with all."""
    return request[:5]


def fifo_answer(values):
    return struct.pack(">BHH", 24, 2 + 2 * len(values), len(values)) + registers(values)


def read_file_answer(groups):
    body = b"".join(bytes([1 + 2 * len(values), 6]) + registers(values) for values in groups)
    return bytes([20, len(body)]) + body


def identify_answer(code, conformity, objects, more=None):
    """objects: (id, text); more: the id that the next request shall ask for."""
    head = bytes([43, 14, code, conformity, 0 if more is None else 0xFF, more or 0, len(objects)])
    return head + b"".join(bytes([i, len(text)]) + text for i, text in objects)


def exception(code, reason):
    return bytes([code | 0x80, reason])


# Frames

def adu(transaction, unit, pdu, protocol=0, length=None):
    """The MBAP header and the message; length when it shall lie."""
    return struct.pack(">HHHB", transaction, protocol, len(pdu) + 1 if length is None else length,
                       unit) + pdu


def crc16(data):
    """The serial line's CRC, MODBUS over Serial Line V1.02 6.2.2."""
    crc = 0xFFFF
    for octet in data:
        crc ^= octet
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def rtu(unit, pdu, damage=0):
    body = bytes([unit]) + pdu
    return body + struct.pack("<H", crc16(body) ^ damage)


# What the capture shall be found to hold

def count_request(capture, pdu, malformed=False):
    capture.requests[pdu[0]] += 1
    capture.unknown += pdu[0] not in KNOWN
    capture.malformed += malformed


def count_answer(capture, pdu, malformed=False):
    code = pdu[0] & 0x7F
    (capture.exceptions if pdu[0] & 0x80 else capture.responses)[code] += 1
    capture.unknown += code not in KNOWN
    capture.malformed += malformed


class Modbus:
    """A master and a slave on one connection; every message is counted unless told otherwise."""

    def __init__(self, capture, client, server, port=502, v6=False, unit=1, start=None,
                 client_port=None):
        self.capture = capture
        self.tcp = Tcp(capture, client, server, port, v6, client_port, start)
        self.unit = unit
        self.transaction = 0
        self.think = (3000, 8000)  # microseconds that the slave takes

    def open(self):
        self.tcp.open()
        return self

    def frame(self, pdu, unit=None):
        return adu(self.transaction, self.unit if unit is None else unit, pdu)

    def ask(self, pdu, unit=None, count=True, malformed=False):
        self.transaction = (self.transaction + 1) & 0xFFFF
        if count:
            count_request(self.capture, pdu, malformed)
        self.tcp.send(CLIENT, self.frame(pdu, unit))

    def answer(self, pdu, unit=None, count=True, malformed=False):
        if count:
            count_answer(self.capture, pdu, malformed)
        self.tcp.send(SERVER, self.frame(pdu, unit))

    def exchange(self, request, answer, unit=None):
        """Request, answer, and the client's acknowledgement."""
        self.ask(request, unit)
        self.capture.jitter(*self.think)
        self.answer(answer, unit)
        self.capture.jitter(30, 90)
        self.tcp.send(CLIENT)
        self.capture.jitter(500, 1500)

    def numbered(self, i):
        """Poll number i: asks for two registers at i and is answered i and 0xA000 + i."""
        self.exchange(*numbered_poll(i))

    def close(self):
        self.tcp.close()


def numbered_poll(i):
    return read(3, i, 2), registers_answer(3, [i, 0xA000 + i])


class ModbusRtu(Modbus):
    """The same with serial frames in the connection (RTU over TCP)."""

    def frame(self, pdu, unit=None):
        return rtu(self.unit if unit is None else unit, pdu)


class ModbusUdp:
    """The same in datagrams."""

    def __init__(self, capture, client, server, port=502, v6=False, unit=1):
        self.capture, self.client, self.server = capture, client, server
        self.ports = (client.next_port(), port)
        self.v6, self.unit, self.transaction = v6, unit, 0

    def ask(self, pdu):
        self.transaction = (self.transaction + 1) & 0xFFFF
        count_request(self.capture, pdu)
        self.capture.udp(self.client, self.server, self.ports,
                         adu(self.transaction, self.unit, pdu), self.v6)

    def answer(self, pdu):
        count_answer(self.capture, pdu)
        self.capture.udp(self.server, self.client, self.ports[::-1],
                         adu(self.transaction, self.unit, pdu), self.v6)

    def exchange(self, request, answer):
        self.ask(request)
        self.capture.jitter(3000, 8000)
        self.answer(answer)
        self.capture.jitter(500, 1500)
