# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""S7comm-plus messages, as S7-1200 and S7-1500 controllers and their stations send them over COTP.

A message is a header (0x72, version, length), data and a trailer; a long one comes in parts with a
header each and a trailer behind the last. Version 3 has a digest of 32 bytes before the data of each
part, version 2 of an S7-1500 one behind the data of the last; the digests here are random."""

import struct

from .net import CLIENT, SERVER, Tcp

PORT = 102

EXPLORE, CREATE, DELETE, SET, GET = 0x04BB, 0x04CA, 0x04D4, 0x04F2, 0x04FC
ADD_LINK, REMOVE_LINK, GET_LINK = 0x0506, 0x051A, 0x0524
SET_MULTI, GET_MULTI, BEGIN, END, INVOKE = 0x0542, 0x054C, 0x0556, 0x0560, 0x056B
SET_STREAM, GET_STREAM, GET_ADDRESS, ABORT, INIT_TLS = 0x057C, 0x0586, 0x0590, 0x059A, 0x05B3

REQUEST, RESPONSE, NOTIFICATION, RESPONSE2 = 0x31, 0x32, 0x33, 0x02

PROGRAM, HARDWARE, CPU_PROXY, CPU_COMMON, EXEC_UNIT = 3, 2, 49, 50, 52
NAME, VERSION, STATE_REQUEST, STATE, OPERATING_STATE = 233, 306, 2167, 2237, 3486
OK = b"\x00"


# ---- numbers and values ----

def vlq(number):
    """Seven bits a byte, the highest first; a ninth byte counts in full."""
    if number >= 1 << 56:
        head = number >> 8
        return bytes(0x80 | head >> 7 * i & 0x7F for i in range(7, -1, -1)) + bytes([number & 0xFF])
    out = [number & 0x7F]
    while number > 0x7F:
        number >>= 7
        out.insert(0, 0x80 | number & 0x7F)
    return bytes(out)


def signed_vlq(number):
    out = [number & 0x7F]
    while not -64 <= number < 64:
        number >>= 7
        out.insert(0, 0x80 | number & 0x7F)
    return bytes(out)


def value(kind, data, flags=0):
    return bytes([flags, kind]) + data


def boolean(flag):
    return value(1, bytes([flag]))


def usint(number):
    return value(2, bytes([number]))


def usints(data):
    return value(2, vlq(len(data)) + data, 0x10)


def uint(number):
    return value(3, struct.pack(">H", number))


def udint(number):
    return value(4, vlq(number))


def udints(numbers):
    """The words that subscribed addresses are written in."""
    return value(4, vlq(len(numbers)) + b"".join(map(vlq, numbers)), 0x20)


def ulint(number):
    return value(5, vlq(number))


def sint(number):
    return value(6, struct.pack(">b", number))


def integer(number):
    return value(7, struct.pack(">h", number))


def integers(numbers):
    return value(7, vlq(len(numbers)) + struct.pack(">%dh" % len(numbers), *numbers), 0x10)


def dint(number):
    return value(8, signed_vlq(number))


def lint(number):
    return value(9, signed_vlq(number))


def byte(number):
    return value(10, bytes([number]))


def word(number):
    return value(11, struct.pack(">H", number))


def dword(number):
    return value(12, struct.pack(">I", number))


def real(number):
    return value(14, struct.pack(">f", number))


def lreal(number):
    return value(15, struct.pack(">d", number))


def timestamp(nanoseconds):
    return value(16, struct.pack(">Q", nanoseconds))


def timespan(nanoseconds):
    return value(17, signed_vlq(nanoseconds))


def rid(number):
    return value(18, struct.pack(">I", number))


def aid(number):
    return value(19, vlq(number))


def blob(data):
    return value(20, b"\x00" + vlq(len(data)) + data)


def text(words):
    data = words.encode()
    return value(21, vlq(len(data)) + data)


def sparse_texts(texts):
    return value(21, b"".join(vlq(key) + text(words)[2:] for key, words in texts) + b"\x00", 0x40)


def members(values):
    return b"".join(vlq(key) + item for key, item in values) + b"\x00"


def structure(kind, values):
    return value(23, struct.pack(">I", kind) + members(values))


def null():
    return value(0, b"")


# ---- objects ----

def attribute(number, item):
    return b"\xa3" + vlq(number) + item


def relation(number, target):
    return b"\xa4" + vlq(number) + struct.pack(">I", target)


def thing(number, kind, *parts):
    """An object with attributes and objects in it."""
    return (b"\xa1" + struct.pack(">I", number) + vlq(kind) + b"\x00\x00" + b"".join(parts) +
            b"\xa2")


QUALIFIER = struct.pack(">I", 1256) + members([(1257, rid(0)), (1258, aid(0)), (1259, udint(0))])


def failure(kind, code=-12, place=0x19D9):
    """A return value: flags, kind of the error, place in the firmware, code."""
    return vlq(0x8020 << 48 | (0x80 | kind) << 40 | place << 16 | code & 0xFFFF)


def area(database=0, memory=0):
    return 0x8A0E0000 + database if database else memory


def address(where, *ids, crc=0, sub=None):
    """A variable in a data block or area, or an attribute of an object."""
    if sub is None:
        sub = 2550 if where >> 16 == 0x8A0E else 3736
    return vlq(crc) + vlq(where) + vlq(len(ids) + 1) + vlq(sub) + b"".join(map(vlq, ids))


def get_multi(*addresses):
    fields = sum(3 + (len(a) > 0) for a in addresses)
    return (struct.pack(">I", 0) + vlq(len(addresses)) + vlq(fields) + b"".join(addresses) +
            QUALIFIER)


def set_multi(pairs, target=0):
    """Addresses and values; with a target, attributes of that object and values."""
    first = b"".join(vlq(where) if target else where for where, _ in pairs)
    return (struct.pack(">I", target) + vlq(len(pairs)) + vlq(len(pairs)) + first +
            b"".join(vlq(i + 1) + item for i, (_, item) in enumerate(pairs)) + b"\x00" + QUALIFIER)


def got(values, errors=()):
    """Values by their number from 1, and return values of those that have none."""
    return (OK + b"".join(vlq(i) + item for i, item in values) + b"\x00" +
            b"".join(vlq(i) + error for i, error in errors) + b"\x00")


def was_set(errors=()):
    return OK + b"".join(vlq(i) + error for i, error in errors) + b"\x00"


def set_variable(target, number, item):
    return struct.pack(">I", target) + b"\x01" + vlq(number) + item + QUALIFIER + b"\x00"


def get_stream(target, *ids):
    return (struct.pack(">I", target) + b"\x20\x04" + vlq(len(ids)) + b"".join(map(vlq, ids)) +
            QUALIFIER + b"\x00\x01")


def create(parent, tree, counter=None):
    return (struct.pack(">I", parent) + udint(0) + bytes(4) +
            (vlq(counter) if counter is not None else b"") + tree)


def created(*numbers, tree=b""):
    return OK + bytes([len(numbers)]) + b"".join(map(vlq, numbers)) + tree


def explore(target, recursive=1, attributes=()):
    return (struct.pack(">I", target) + b"\x00" + bytes([recursive, 0, 1, 0, len(attributes)]) +
            b"".join(map(vlq, attributes)))


def explored(target, tree, counter=None):
    return (OK + struct.pack(">I", target) + (vlq(counter) if counter is not None else b"") + tree)


def im0(order, serial, hardware, firmware):
    """Identification and maintenance data 0 of a Siemens module."""
    return (struct.pack(">HHHH", 0x0020, 0x0038, 0x0100, 42) + order.ljust(20).encode() +
            serial.ljust(16).encode() + struct.pack(">H", hardware) + b"V" + bytes(firmware) +
            struct.pack(">HHHHH", 0, 0, 0, 0x0101, 0x000E))


# ---- connections ----

def tpkt(cotp, data=b""):
    return b"\x03\x00" + struct.pack(">H", 4 + len(cotp) + len(data)) + cotp + data


def data_tpdu(data, last=True):
    return tpkt(b"\x02\xf0" + (b"\x80" if last else b"\x00"), data)


def connect(kind, called, reference, destination=0):
    """A connection request (0xe0) or its confirmation (0xd0)."""
    name = called.encode()
    body = (struct.pack(">HH", destination, reference) + b"\x00\xc1\x02\x06\x00\xc2" +
            bytes([len(name)]) + name + b"\xc0\x01\x0a")
    return tpkt(bytes([len(body) + 1, kind]) + body)


class Session:
    """One connection between a station and a controller. version: of its messages; digest: whether
    they have one."""

    def __init__(self, capture, client, server, version=2, digest=False, called="SIMATIC-ROOT-HMI",
                 port=PORT, session=0x3A6):
        self.capture, self.called = capture, called
        self.tcp = Tcp(capture, client, server, port)
        self.version, self.digest, self.session = version, digest, session
        self.sequence = 0
        self.part = 960  # bytes of data in one part
        self.lost = set()  # parts that the capture lacks, by their number
        self.between = {}  # number of a part -> what happens behind it

    @property
    def counts(self):
        return self.capture.counts("s7comm_plus")

    def open(self):
        self.tcp.open()
        reference = self.capture.random.below(0x7FFF)
        self.tcp.send(CLIENT, connect(0xE0, self.called, reference))
        self.capture.jitter(800, 2000)
        self.tcp.send(SERVER, connect(0xD0, self.called, 7, reference))
        self.acknowledge(SERVER)
        self.capture.jitter(200, 900)
        return self

    def close(self):
        self.tcp.close()

    def random(self, n):
        return self.capture.random.octets(n)

    def parts(self, data, version=None, tail=b"\x00\x00\x00\x00"):
        """The user data of each part of a message."""
        version = version or self.version
        data = data + tail
        if version == 2 and self.digest:
            data = data[:-4] + b"\x01\x20" + self.random(32)
        pieces = [data[i:i + self.part] for i in range(0, len(data), self.part)]
        out = []
        for i, piece in enumerate(pieces):
            if version == 3:
                piece = b"\x20" + self.random(32) + piece
            trailer = struct.pack(">BBH", 0x72, version, 0) if i == len(pieces) - 1 else b""
            out.append(struct.pack(">BBH", 0x72, version, len(piece)) + piece + trailer)
        return out

    def send(self, side, data, version=None, tail=b"\x00\x00\x00\x00"):
        parts = self.parts(data, version, tail)
        for i, part in enumerate(parts):
            segment = self.tcp.segment(side, data_tpdu(part), 0x18)
            if i not in self.lost:
                self.capture.add(segment)
            if i < len(parts) - 1:
                self.capture.jitter(60, 200)
                self.between.pop(i, lambda: None)()
        self.acknowledge(side)

    def acknowledge(self, side):
        """What the controller sent is acknowledged at once; a station's messages are by answers."""
        if side == SERVER:
            self.capture.jitter(30, 90)
            self.tcp.send(CLIENT)

    def head(self, opcode, function, flags):
        session = struct.pack(">I", self.session) if opcode == REQUEST else b""
        return (struct.pack(">BHHHH", opcode, 0, function, 0, self.sequence) + session +
                bytes([flags]))

    def ask(self, function, body, version=None, flags=0x34):
        self.sequence += 1
        self.counts.requests[function] += 1
        self.send(CLIENT, self.head(REQUEST, function, flags) + body, version)
        self.capture.jitter(1500, 9000)

    def answer(self, function, body, version=None, flags=0x34, error=False, opcode=RESPONSE):
        self.counts.responses[function] += 1
        self.counts.errors[function] += error
        self.send(SERVER, self.head(opcode, function, flags) + body, version)
        self.capture.jitter(400, 3000)

    def exchange(self, function, body, answer=OK, **options):
        error = options.pop("error", False)
        self.ask(function, body, **options)
        self.answer(function, answer, error=error, **options)

    def notify(self, subscription, number, items, credit=0, flags=0x0400):
        count = bytes([number & 0xFF]) if subscription < 0x70000000 else vlq(number)
        self.counts.userdata["notification"] += 1
        self.send(SERVER, struct.pack(">BIHHHB", NOTIFICATION, subscription, flags, 0, 0, credit) +
                  count + b"\x01" + items + b"\x00")
        self.capture.jitter(400, 1500)

    def system_event(self, confirmed, more=b"", side=SERVER):
        self.counts.userdata["system_event"] += 1
        body = struct.pack(">IIII", 0, confirmed, 0, 0) + more
        self.tcp.send(side, data_tpdu(struct.pack(">BBH", 0x72, 0xFE, len(body)) + body))
        self.acknowledge(side)
        self.capture.jitter(100, 500)

    # ---- what sessions begin and end with ----

    def greet(self, product, host, user="", application="", role=2, roles=None, challenge=True):
        """Creates the session; the controller says what it is, the station proves who it is."""
        tree = thing(211, 287, attribute(NAME, text("ServerSession_%X" % (0x10000000 + role))),
                     attribute(289, text("1:::6.32::TCP/IP -> Intel(R) I219-LM")),
                     attribute(296, text(user)), attribute(297, text(application)),
                     attribute(298, text(host)), attribute(299, udint(role)),
                     attribute(300, rid(0x10000000)), attribute(301, text("")),
                     thing(211, 255, attribute(NAME, text("SubscriptionContainer"))))
        version = structure(314, [(315, udint(512)), (316, udint(512)), (317, udint(8397057)),
                                  (318, udint(8397056)), (319, text(product)),
                                  (320, text("2;1084")), (321, uint(3))])
        more = attribute(303, usints(self.random(20))) if challenge else b""
        answer = thing(288, 287, attribute(NAME, text("")), attribute(299, udint(0x20000000)), more,
                       attribute(VERSION, version))
        session, self.session = self.session, 288
        self.exchange(CREATE, create(285, tree),
                      created(session, session + 1, tree=answer), version=1, flags=0x36)
        self.session = session
        pairs = [(VERSION, version)]
        if challenge:
            key = structure(1800, [(1801, udint(0)), (1802, usint(0)), (1805, blob(
                b"\xad\xde\xe1\xfe" + self.random(176)))])
            pairs.insert(0, (1830, key))
        self.exchange(SET_MULTI, set_multi(pairs, target=session), was_set(), version=2)
        return self

    def identify(self, order, serial, hardware, firmware):
        self.exchange(GET_STREAM, get_stream(CPU_PROXY, 3753),
                      OK + b"\x00" + blob(im0(order, serial, hardware, firmware)))

    def leave(self):
        self.exchange(DELETE, struct.pack(">I", self.session) + b"\x00" + QUALIFIER,
                      OK + struct.pack(">I", self.session))

    def request_state(self, state, answer=OK, error=False):
        """1 stop, 2 memory reset, 3 run."""
        self.exchange(SET, set_variable(EXEC_UNIT, STATE_REQUEST, dint(state)), answer,
                      error=error)

    def state(self, state):
        self.exchange(GET_STREAM, get_stream(EXEC_UNIT, STATE, OPERATING_STATE),
                      OK + b"\x00" + dint(state))


# ---- TLS ----

def tls_record(kind, data, version=0x0303):
    return struct.pack(">BHH", kind, version, len(data)) + data


def handshake(kind, body):
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def extension(kind, data):
    return struct.pack(">HH", kind, len(data)) + data


def client_hello(random, name):
    server = name.encode()
    names = struct.pack(">HBH", len(server) + 3, 0, len(server)) + server
    extensions = (extension(0, names) + extension(43, b"\x04\x03\x04\x03\x03") +
                  extension(10, b"\x00\x04\x00\x17\x00\x18") + extension(13, b"\x00\x02\x04\x03"))
    body = (b"\x03\x03" + random.octets(32) + b"\x20" + random.octets(32) +
            b"\x00\x04\x13\x02\x13\x01" + b"\x01\x00" + struct.pack(">H", len(extensions)) +
            extensions)
    return tls_record(22, handshake(1, body), 0x0301)


def server_hello(random, cipher=0x1302):
    extensions = extension(43, b"\x03\x04") + extension(51, b"\x00\x17\x00\x41" + random.octets(65))
    body = (b"\x03\x03" + random.octets(32) + b"\x20" + random.octets(32) +
            struct.pack(">HB", cipher, 0) + struct.pack(">H", len(extensions)) + extensions)
    return tls_record(22, handshake(2, body))


class TlsSession(Session):
    """A session that TLS hides after one exchange in the clear."""

    def begin_tls(self, name, certificate=1400):
        self.session = 0
        self.exchange(INIT_TLS, bytes(0), OK, version=1, flags=0x30)
        self.stream(CLIENT, client_hello(self.capture.random, name))
        self.capture.jitter(3000, 9000)
        # The certificate makes it longer than one TPDU; its rest begins with any byte.
        self.stream(SERVER, server_hello(self.capture.random) + tls_record(20, b"\x01") +
                    tls_record(23, self.random(certificate)))
        self.capture.jitter(3000, 9000)
        self.stream(CLIENT, tls_record(20, b"\x01") + tls_record(23, self.random(69)))
        self.capture.jitter(500, 2000)

    def stream(self, side, data, size=1017):
        for i in range(0, len(data), size):
            self.tcp.send(side, data_tpdu(data[i:i + size]))
            self.acknowledge(side)
            self.capture.jitter(100, 300)

    def hidden(self, ask=120, answer=200):
        self.stream(CLIENT, tls_record(23, self.random(ask)))
        self.capture.jitter(1500, 6000)
        self.stream(SERVER, tls_record(23, self.random(answer)))
        self.capture.jitter(500, 2000)
