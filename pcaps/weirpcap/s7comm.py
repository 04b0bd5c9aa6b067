# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""S7comm messages, and sessions of stations with S7 controllers."""

import struct

from .cotp import Cotp, siemens, PG
from .net import CLIENT, SERVER

JOB, ACK, ACK_DATA, USERDATA = 1, 2, 3, 7
READ, WRITE, SETUP = 0x04, 0x05, 0xF0
REQUEST_DOWNLOAD, DOWNLOAD_BLOCK, DOWNLOAD_ENDED = 0x1A, 0x1B, 0x1C
START_UPLOAD, UPLOAD, END_UPLOAD = 0x1D, 0x1E, 0x1F
PI_SERVICE, STOP = 0x28, 0x29

# Areas and transport sizes of addresses.
P, I, Q, M, DB, DI, L, C, T = 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x1C, 0x1D
BIT, BYTE, CHAR, WORD, INT, DWORD, DINT, REAL = 1, 2, 3, 4, 5, 6, 7, 8
DATE, TOD, TIME, S5TIME, DATE_AND_TIME, COUNTER, TIMER = 9, 10, 11, 12, 15, 28, 29
# Transport sizes of values; the length of the first three counts bits.
V_NULL, V_BIT, V_BYTES, V_INT, V_DINT, V_REAL, V_OCTETS = 0, 3, 4, 5, 6, 7, 9
OK, DENIED, INVALID_ADDRESS, TYPE_INCONSISTENT, NO_OBJECT = 0xFF, 0x03, 0x05, 0x07, 0x0A

OB, BLOCK_DB, SDB, FC, SFC, FB = 0x08, 0x0A, 0x0B, 0x0C, 0x0D, 0x0E
PUSH, REQUEST, RESPONSE = 0, 4, 8
MODE, TEST, CYCLIC, BLOCKS, CPU, SECURITY, PBC, CLOCK, NC = 0, 1, 2, 3, 4, 5, 6, 7, 15


def header(kind, reference, parameters, data, error=0):
    out = struct.pack(">BBHHHH", 0x32, kind, 0, reference, len(parameters), len(data))
    return out + (struct.pack(">H", error) if kind in (ACK, ACK_DATA) else b"")


def message(kind, reference, parameters, data=b"", error=0):
    return header(kind, reference, parameters, data, error) + parameters + data


# ---- variables ----

def address(area, byte, bit=0, kind=BYTE, count=1, db=0):
    place = byte if area in (C, T) else byte * 8 + bit
    return (b"\x12\x0a\x10" + struct.pack(">BHHB", kind, count, db, area) +
            place.to_bytes(3, "big"))


def other_address(syntax, rest):
    return bytes([0x12, 1 + len(rest), syntax]) + rest


def filled(parts):
    """Parts in a row; all but the last are filled up to an even length."""
    return b"".join(part + (b"\0" if len(part) % 2 and i + 1 < len(parts) else b"")
                    for i, part in enumerate(parts))


def value(transport, data, code=OK):
    length = len(data) * (8 if transport in (V_BYTES, V_INT) else 1)
    return struct.pack(">BBH", code, transport, length) + data


def failed(code):
    return struct.pack(">BBH", code, 0, 0)


def variables(function, addresses):
    return bytes([function, len(addresses)]) + filled(addresses)


# ---- blocks ----

def name(kind, number, file_system=b"P"):
    return b"0%X%05d" % (kind, number) + file_system


def block_time(days, milliseconds):
    return struct.pack(">IH", milliseconds, days)


def block(kind, number, code, language=1, author=b"", family=b"", title=b"", version=0x10,
          changed=(15000, 36000000), interface=b"\x01\x00\x0c\x00\x08\x00", local=20, protected=0):
    """A block as it is in load memory: head, code, interface, and who made it."""
    tail = (author.ljust(8, b"\0") + family.ljust(8, b"\0") + title.ljust(8, b"\0") +
            bytes([version, 0]) + struct.pack(">H", sum(code) & 0xFFFF) + bytes(8))
    size = 36 + len(code) + len(interface) + len(tail)
    head = (b"\x70\x70\x01\x01" + struct.pack(">BBHII", language, kind, number, size, protected) +
            block_time(*changed) + block_time(14000, 1000) +
            struct.pack(">HHHH", len(interface), 0, local, len(code)))
    return head + code + interface + tail


# ---- userdata ----

def bcd(number):
    return number // 10 << 4 | number % 10


def date_and_time(year, month, day, hour, minute, second, milliseconds=0, weekday=2):
    return bytes([bcd(year % 100), bcd(month), bcd(day), bcd(hour), bcd(minute), bcd(second),
                  bcd(milliseconds // 10), milliseconds % 10 << 4 | weekday])


def asked(group, function, sequence=0, long_form=False):
    """Parameters of a request."""
    if long_form:
        return b"\0\x01\x12\x08\x12" + bytes([REQUEST << 4 | group, function, sequence, 0, 0, 0, 0])
    return b"\0\x01\x12\x04\x11" + bytes([REQUEST << 4 | group, function, sequence])


def answered(group, function, sequence=1, unit=0, more=0, error=0):
    return (b"\0\x01\x12\x08\x12" + bytes([RESPONSE << 4 | group, function, sequence, unit, more]) +
            struct.pack(">H", error))


def pushed(group, function, sequence=0):
    return b"\0\x01\x12\x08\x12" + bytes([group, function, sequence, 0, 0, 0, 0])


def octets(data, code=OK):
    """The data part of userdata."""
    return struct.pack(">BBH", code, V_OCTETS, len(data)) + data


NOTHING = struct.pack(">BBH", NO_OBJECT, V_NULL, 0)


def test_address(kind, byte, bit_or_repeat=1, db=0):
    return struct.pack(">BBHH", kind, bit_or_repeat, db, byte)


def test(parameters, data):
    """What test functions have in their data: two lengths, and both parts."""
    return struct.pack(">HH", len(parameters), len(data)) + parameters + data


def test_parameters(repeat=1, trigger=0x0200, kind=1, rest=b""):
    return struct.pack(">10H", 0, kind, repeat, 6, 1, 1, 1, 1, 1, trigger) + rest


def test_values(values):
    """Every value is filled up, the last one too."""
    return b"".join(v + b"\0" * (len(v) % 2) for v in values)


def szl(number, index, records):
    width = len(records[0]) if records else 0
    return struct.pack(">4H", number, index, width, len(records)) + b"".join(records)


def identification(index, order, kind, version, release):
    return struct.pack(">H", index) + order.ljust(20) + struct.pack(">3H", kind, version, release)


def component(index, text, size=32):
    return struct.pack(">H", index) + text.ljust(size, b"\0")


class S7(Cotp):
    """A session: sends messages and counts them."""

    def __init__(self, capture, client, server, kind=PG, rack=0, slot=2, **options):
        options.setdefault("called", siemens(kind, rack, slot))
        super().__init__(capture, client, server, calling=b"\x01\x00", **options)
        self.reference = 0x0100
        self.controller_reference = 0x0001

    # -- counting --

    def note(self, pdu, error=False):
        if not self.counted:
            return
        counts = self.capture.counts("s7comm")
        kind = pdu[1]
        if kind == USERDATA:
            parameters = pdu[10:]
            if parameters[4] == 0x13:
                code = "0.6.0"
            else:
                group = parameters[5] & 15
                code = "%d.%d.%s" % (parameters[5] >> 4, group,
                                     "None" if group == MODE else parameters[6])
            counts.userdata[code] += 1
        elif kind == JOB:
            code = pdu[10]
            counts.requests[code] += 1
        else:
            code = pdu[12]
            counts.responses[code] += 1
        if error:
            counts.errors[str(code)] += 1

    def pdu(self, side, pdu, error=False):
        self.note(pdu, error)
        self.message(side, pdu)

    # -- jobs --

    def ask(self, parameters, data=b""):
        self.reference = (self.reference + 0x0100) & 0xFFFF
        self.pdu(CLIENT, message(JOB, self.reference, parameters, data))
        return self.reference

    def answer(self, parameters, data=b"", error=0, reference=None):
        reference = self.reference if reference is None else reference
        self.pdu(SERVER, message(ACK_DATA, reference, parameters, data, error), error != 0)

    def job(self, parameters, answer=None, data=b"", answer_data=b"", error=0):
        """A job and its answer, which repeats the function code if nothing else is said."""
        self.ask(parameters, data)
        self.answer(parameters[:1] if answer is None else answer, answer_data, error)

    def setup(self, size=480, agreed=240):
        self.job(struct.pack(">BBHHH", SETUP, 0, 1, 1, size),
                 struct.pack(">BBHHH", SETUP, 0, 1, 1, agreed))
        return self

    def open(self):
        super().open()
        return self.setup()

    def read(self, *pairs):
        """Pairs of an address and the value that the answer gives."""
        addresses, values = [a for a, _ in pairs], [v for _, v in pairs]
        self.job(variables(READ, addresses), bytes([READ, len(pairs)]),
                 answer_data=filled(values))

    def write(self, *triples):
        """An address, a value, and the return code."""
        addresses = [a for a, _, _ in triples]
        values = [b"\0" + v[1:] for _, v, _ in triples]
        self.job(variables(WRITE, addresses), bytes([WRITE, len(triples)]), filled(values),
                 bytes(code for _, _, code in triples))

    # -- jobs of the controller --

    def controller_job(self, parameters, answer=None, data=b"", error=0):
        self.controller_reference += 2
        reference = self.controller_reference
        self.pdu(SERVER, message(JOB, reference, parameters))
        self.pdu(CLIENT, message(ACK_DATA, reference, answer or parameters[:1], data, error),
                 error != 0)

    # -- transfers --

    def download(self, kind, number, image, size=200, error=0):
        file = b"_" + name(kind, number)
        lengths = b"1%06d%06d" % (len(image), struct.unpack(">H", image[34:36])[0])
        named = bytes([len(file)]) + file
        self.job(bytes([REQUEST_DOWNLOAD]) + b"\0\x01\0\0\0\0\0" + named +
                 bytes([len(lengths)]) + lengths, error=error)
        if error:
            return
        parts = [image[i:i + size] for i in range(0, len(image), size)]
        for i, part in enumerate(parts):
            more = i + 1 < len(parts)
            self.controller_job(bytes([DOWNLOAD_BLOCK]) + bytes(7) + named,
                                bytes([DOWNLOAD_BLOCK, more]),
                                struct.pack(">HH", len(part), 0xFB) + part)
        self.controller_job(bytes([DOWNLOAD_ENDED]) + bytes(7) + named)

    def upload(self, kind, number, image, size=200, file_system=b"A", identifier=7):
        file = b"_" + name(kind, number, file_system)
        length = b"%07d" % len(image)
        self.job(bytes([START_UPLOAD]) + bytes(7) + bytes([len(file)]) + file,
                 bytes([START_UPLOAD, 0, 1, 0]) + struct.pack(">I", identifier) +
                 bytes([len(length)]) + length)
        parts = [image[i:i + size] for i in range(0, len(image), size)]
        for i, part in enumerate(parts):
            self.job(bytes([UPLOAD, 0, 0, 0]) + struct.pack(">I", identifier),
                     bytes([UPLOAD, i + 1 < len(parts)]),
                     answer_data=struct.pack(">HH", len(part), 0xFB) + part)
        self.job(bytes([END_UPLOAD, 0, 0, 0]) + struct.pack(">I", identifier))

    def pi(self, service, argument=b"", error=0):
        self.job(bytes([PI_SERVICE]) + bytes(6) + b"\xfd" + struct.pack(">H", len(argument)) +
                 argument + bytes([len(service)]) + service, error=error)

    def pi_blocks(self, service, *names, error=0):
        self.pi(service, bytes([len(names), 0]) + b"".join(names), error)

    def stop(self, error=0):
        self.job(bytes([STOP]) + bytes(5) + b"\x09P_PROGRAM", error=error)

    # -- userdata --

    def userdata(self, group, function, data=NOTHING, answer=NOTHING, error=0, sequence=1,
                 long_form=False):
        self.reference = (self.reference + 0x0100) & 0xFFFF
        self.pdu(CLIENT, message(USERDATA, self.reference, asked(group, function,
                                                                 long_form=long_form), data))
        self.pdu(SERVER, message(USERDATA, self.reference,
                                 answered(group, function, sequence, error=error), answer),
                 error != 0)

    def in_units(self, group, function, data, units, sequence=1, unit=5):
        """An answer in parts, each but the first asked for by itself."""
        for i, part in enumerate(units):
            self.reference = (self.reference + 0x0100) & 0xFFFF
            request = asked(group, function) if i == 0 else asked(group, function, sequence, True)
            self.pdu(CLIENT, message(USERDATA, self.reference, request,
                                     data if i == 0 else NOTHING))
            more = i + 1 < len(units)
            self.pdu(SERVER, message(USERDATA, self.reference,
                                     answered(group, function, sequence, unit, more),
                                     octets(part)))

    def push(self, group, function, data, sequence=0):
        self.pdu(SERVER, message(USERDATA, 0, pushed(group, function, sequence), data))

    def mode(self, mode):
        self.pdu(SERVER, message(USERDATA, 0, bytes([1, 0, 0x10, 0x10, 0, 0, mode, 0])))

    def read_szl(self, number, index, records=None, error=0):
        answer = NOTHING if records is None else octets(szl(number, index, records))
        self.userdata(CPU, 1, octets(struct.pack(">HH", number, index)), answer, error)
