# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""S7comm sessions: variables, test functions, status lists, alarms, clock, and what goes wrong."""

import struct

from .. import s7comm as s7
from ..cotp import OP, PG, Cotp, data as dt, siemens
from ..net import CLIENT, MILLISECOND, SECOND, SERVER
from ..plant import Plant, host
from ..registry import capture
from ..s7comm import S7


def word(*words):
    return struct.pack(">%dH" % len(words), *words)


def real(*values):
    return struct.pack(">%df" % len(values), *values)


@capture("s7comm-polling.pcap", "A panel polls an S7-300 for a minute: bits, words and reals, a"
         " setpoint now and then, one address that is not there")
def polling(capture):
    plant = Plant()
    capture.resolve(plant.hmi, plant.siemens)
    session = S7(capture, plant.hmi, plant.siemens, kind=OP).open()
    for i in range(30):
        session.read(
            (s7.address(s7.DB, 0, kind=s7.REAL, count=3, db=10),
             s7.value(s7.V_REAL, real(20.5 + i / 10, 3.25, -1.5))),
            (s7.address(s7.DB, 12, 3, kind=s7.BIT, db=10), s7.value(s7.V_BIT, bytes([i & 1]))),
            (s7.address(s7.M, 20, kind=s7.WORD), s7.value(s7.V_BYTES, word(i))),
            (s7.address(s7.I, 0, 0, kind=s7.BIT), s7.value(s7.V_BIT, b"\x01")),
            (s7.address(s7.DB, 0, kind=s7.INT, db=99), s7.failed(s7.NO_OBJECT)))
        if i % 10 == 5:
            session.write((s7.address(s7.DB, 4, kind=s7.REAL, db=10),
                           s7.value(s7.V_REAL, real(3.5)), s7.OK))
        capture.step(2 * SECOND)
    session.close()


@capture("s7comm-attack.pcap", "A panel polls for an hour; then a host that is new looks for the CPU,"
         " asks who and how it is, overwrites setpoints and stops it")
def attack(capture):
    plant = Plant()
    capture.resolve(plant.hmi, plant.siemens)
    panel = S7(capture, plant.hmi, plant.siemens, kind=OP).open()
    level = s7.address(s7.DB, 0, kind=s7.REAL, db=10), s7.value(s7.V_REAL, real(20.5))
    for _ in range(32):
        panel.read(level)
        capture.step(120 * SECOND)
    capture.resolve(plant.stranger, plant.siemens)
    for slot in range(5):
        probe = Cotp(capture, plant.stranger, plant.siemens, called=siemens(PG, 0, slot))
        probe.open()
        probe.close()
        capture.step(SECOND)
    session = S7(capture, plant.stranger, plant.siemens).open()
    session.read_szl(0x0011, 0, identifications()[:3])
    session.read_szl(0x0424, 0, [mode_record(0x48)])
    session.userdata(s7.BLOCKS, 1, s7.NOTHING, s7.octets(b"08\0\1" + b"0A\0\3"))
    panel.read(level)
    for i in range(5):
        session.write((s7.address(s7.DB, 4 * i, kind=s7.REAL, db=10),
                       s7.value(s7.V_REAL, real(99.0)), s7.OK))
    session.write((s7.address(s7.Q, 0, 0, s7.BIT), s7.value(s7.V_BIT, b"\1"), s7.OK))
    session.stop()
    session.mode(0)
    panel.read(level)
    session.close()


@capture("s7comm-variables.pcap", "Every area and type of S7 variables, read and written, and other"
         " ways to address them")
def variables(capture):
    plant = Plant()
    session = S7(capture, plant.engineering, plant.siemens).open()
    clock = s7.date_and_time(2026, 1, 12, 6, 0, 1, 250)
    reads = (
        (s7.address(s7.M, 3, 7, s7.BIT), s7.value(s7.V_BIT, b"\x01")),
        (s7.address(s7.Q, 4, kind=s7.BYTE), s7.value(s7.V_BYTES, b"\xa5")),
        (s7.address(s7.DB, 6, kind=s7.BYTE, count=5, db=2), s7.value(s7.V_BYTES, b"\1\2\3\4\5")),
        (s7.address(s7.DB, 20, kind=s7.CHAR, count=4, db=2), s7.value(s7.V_OCTETS, b"PUMP")),
        (s7.address(s7.I, 2, kind=s7.WORD), s7.value(s7.V_BYTES, b"\xbe\xef")),
        (s7.address(s7.DB, 0, kind=s7.INT, count=2, db=3), s7.value(s7.V_INT, b"\xff\xfe\x00\x07")),
        (s7.address(s7.P, 256, kind=s7.WORD), s7.value(s7.V_BYTES, b"\x6c\x00")),
        (s7.address(s7.M, 40, kind=s7.DWORD), s7.value(s7.V_BYTES, b"\xde\xad\xbe\xef")),
        (s7.address(s7.L, 0, kind=s7.DINT), s7.value(s7.V_DINT, struct.pack(">i", -70000))),
        (s7.address(s7.DI, 8, kind=s7.REAL, db=4), s7.value(s7.V_REAL, real(-0.125))),
        (s7.address(s7.DB, 0, kind=s7.DATE, db=5), s7.value(s7.V_BYTES, word(13160))),
        (s7.address(s7.DB, 2, kind=s7.TOD, db=5), s7.value(s7.V_BYTES, struct.pack(">I", 21600000))),
        (s7.address(s7.DB, 6, kind=s7.TIME, db=5), s7.value(s7.V_DINT, struct.pack(">i", -1500))),
        (s7.address(s7.DB, 10, kind=s7.S5TIME, db=5), s7.value(s7.V_BYTES, b"\x21\x27")),
        (s7.address(s7.DB, 12, kind=s7.DATE_AND_TIME, db=5), s7.value(s7.V_OCTETS, clock)),
    )
    session.read(*reads[:8])
    session.read(*reads[8:])
    session.read((s7.address(s7.C, 3, kind=s7.COUNTER, count=2), s7.value(s7.V_OCTETS, word(12, 900))),
                 (s7.address(s7.T, 5, kind=s7.TIMER), s7.value(s7.V_OCTETS, b"\x11\x50")))
    session.write(
        (s7.address(s7.DB, 2, 3, s7.BIT, db=1), s7.value(s7.V_BIT, b"\x01"), s7.OK),
        (s7.address(s7.DB, 4, kind=s7.WORD, db=10), s7.value(s7.V_BYTES, word(1234)), s7.OK),
        (s7.address(s7.Q, 1, 2, s7.BIT), s7.value(s7.V_BIT, b"\x00"), s7.OK),
        (s7.address(s7.P, 272, kind=s7.WORD), s7.value(s7.V_BYTES, word(27648)), s7.OK),
        (s7.address(s7.DB, 0, kind=s7.WORD, db=77), s7.value(s7.V_BYTES, word(1)), s7.NO_OBJECT),
        (s7.address(s7.DB, 65000, kind=s7.BYTE, db=10), s7.value(s7.V_BYTES, b"\x09"),
         s7.INVALID_ADDRESS))
    ranges = bytes([2]) + struct.pack(">BHH", 4, 68, 358) + struct.pack(">BHH", 2, 72, 50)
    symbol = b"\xff\x8a\x0e" + struct.pack(">HIII", 1, 0x6C1F2A90, 0x40000009, 0x40000001)
    nck = struct.pack(">BHHBB", 2 << 5 | 1, 5, 1, 0x7F, 1)
    drive = bytes(5) + struct.pack(">HH", 1000, 0)
    session.read((s7.other_address(0xB0, ranges),
                  s7.value(s7.V_OCTETS, b"\xff\x00\x01\x02\x03\x0a")),
                 (s7.other_address(0xB2, symbol), s7.value(s7.V_BYTES, b"\x12\x34")),
                 (s7.other_address(0x82, nck), s7.value(s7.V_OCTETS, b"MPF123\0")),
                 (s7.other_address(0xA2, drive), s7.value(s7.V_REAL, real(2.5))),
                 (s7.other_address(0x99, b"\1\2\3"), s7.failed(s7.INVALID_ADDRESS)))
    session.close()


# ---- test functions ----

@capture("s7comm-force.pcap", "Variables are watched, modified and forced, a breakpoint is set and"
         " left, jobs are listed and deleted")
def force(capture):
    plant = Plant()
    session = S7(capture, plant.engineering, plant.siemens).open()
    watch = word(2) + s7.test_address(0x01, 0, 6) + s7.test_address(0x10, 8, 1)
    session.userdata(s7.TEST, 2, s7.octets(s7.test(s7.test_parameters(repeat=0), watch)),
                     sequence=2, long_form=True)
    values = s7.test_values([s7.value(s7.V_OCTETS, b"\1\2\3\4\5\6"), s7.value(s7.V_OCTETS, b"\1")])
    for _ in range(3):
        session.userdata(s7.TEST, 14, s7.octets(s7.test(s7.test_parameters(trigger=0), b"\x02\x02")),
                         sequence=3, long_form=True)
        session.push(s7.TEST, 2, s7.octets(s7.test(word(0x0100, 2), word(2) + values)), sequence=2)
        capture.step(SECOND)
    modify = (word(2) + s7.test_address(0x72, 4, 1, db=10) + s7.test_address(0x20, 1, 2) +
              s7.test_values([s7.value(s7.V_OCTETS, word(4000), 0),
                              s7.value(s7.V_OCTETS, b"\1", 0)]))
    session.userdata(s7.TEST, 8, s7.octets(s7.test(s7.test_parameters(), modify)), sequence=4,
                     long_form=True)
    session.push(s7.TEST, 8, s7.octets(s7.test(word(0x0100, 2), word(2) + b"\xff\xff")), sequence=4)
    forced = (word(2) + s7.test_address(0x20, 4, 0) + s7.test_address(0x11, 2, 1) +
              s7.test_values([s7.value(s7.V_OCTETS, b"\1", 0), s7.value(s7.V_OCTETS, b"\x0f", 0)]))
    session.userdata(s7.TEST, 9, s7.octets(s7.test(s7.test_parameters(2, kind=256), forced)),
                     sequence=5, long_form=True)
    session.push(s7.TEST, 9, s7.octets(s7.test(word(0x0100, 2), word(2) + b"\xff\x05")), sequence=5)
    session.userdata(s7.TEST, 16, s7.octets(s7.test(b"", bytes(4))),
                     s7.octets(s7.test(b"", b"\x02\x02\0\1\x09\x05\0\1")), long_form=True)
    session.userdata(s7.TEST, 15, s7.octets(s7.test(b"", b"\0\0\x09\x05")), sequence=6,
                     long_form=True)
    place = word(FC, 12, 0x24)
    session.userdata(s7.TEST, 10, s7.octets(s7.test(s7.test_parameters(0, 0x0C00, rest=place),
                                                    b"\0\0")), sequence=7, long_form=True)
    session.push(s7.TEST, 10, s7.octets(s7.test(word(0x0100, 2), place + place + bytes(28))),
                 sequence=7)
    session.mode(4)
    session.userdata(s7.TEST, 11, s7.octets(s7.test(s7.test_parameters(), b"\0\0")), sequence=8,
                     long_form=True)
    session.userdata(s7.TEST, 22, s7.octets(s7.test(b"", b"\0\3")), sequence=9, long_form=True)
    session.userdata(s7.TEST, 9, s7.octets(s7.test(s7.test_parameters(2, kind=256), forced)),
                     error=0xD0A4, sequence=0, long_form=True)
    session.close()


FC = s7.FC


@capture("s7comm-memory-reset.pcap", "A controller is stopped and its memory reset; it reports both")
def memory_reset(capture):
    plant = Plant()
    session = S7(capture, plant.engineering, plant.siemens).open()
    session.userdata(s7.CPU, 2, s7.octets(b"\x03\0STEP7   "), s7.octets(b"\x02\0"), sequence=255)
    session.stop()
    session.mode(0)
    session.push(s7.CPU, 3, s7.octets(event(0x4304)))
    capture.step(SECOND)
    session.userdata(s7.TEST, 12, s7.octets(s7.test(b"", b"\0\0")), long_form=True)
    session.push(s7.CPU, 3, s7.octets(event(0x4307)))
    session.push(s7.CPU, 3, s7.octets(event(0x430E)))
    session.close()


def event(number, ob=0x84, second=1):
    return (struct.pack(">HBBHHI", number, 0xFF, ob, 0, 0, 0) +
            s7.date_and_time(2026, 1, 12, 6, 0, second, 152))


# ---- who may do what ----

SECRET = bytes.fromhex("36b3a5f22b17c8e9")


@capture("s7comm-password.pcap", "A password is tried four times, found, used and given up; another"
         " controller has none")
def password(capture):
    plant = Plant()
    session = S7(capture, plant.engineering, plant.siemens).open()
    for _ in range(4):
        session.userdata(s7.SECURITY, 1, s7.octets(SECRET[::-1]), error=0xD602)
        capture.step(SECOND)
    session.userdata(s7.SECURITY, 1, s7.octets(SECRET))
    session.pi(b"_GARB")
    session.userdata(s7.SECURITY, 2)
    session.userdata(s7.SECURITY, 1, s7.octets(SECRET), error=0xD605)
    session.close()


@capture("s7comm-protection.pcap", "A protected controller refuses to be written, loaded, stopped"
         " and modified")
def protection(capture):
    plant = Plant()
    session = S7(capture, plant.stranger, plant.siemens).open()
    session.write((s7.address(s7.DB, 0, kind=s7.WORD, db=1), s7.value(s7.V_BYTES, word(1)),
                   s7.DENIED))
    session.download(s7.BLOCK_DB, 1, s7.block(s7.BLOCK_DB, 1, bytes(40), language=5), error=0xD241)
    session.stop(error=0x8702)
    session.userdata(s7.TEST, 8, s7.octets(s7.test(s7.test_parameters(), word(1) +
                     s7.test_address(0x02, 10) + s7.test_values([s7.value(s7.V_OCTETS, word(1), 0)]))),
                     error=0xD0A1, sequence=0, long_form=True)
    session.job(s7.variables(s7.READ, [s7.address(s7.DB, 0, kind=s7.WORD, db=1)]), error=0x8703)
    session.close()


# ---- status lists ----

def identifications():
    order = b"6ES7 315-2EH14-0AB0"
    return [s7.identification(1, order, 0x00C0, 4, 1), s7.identification(6, order, 0x00C0, 4, 1),
            s7.identification(7, b" ", 0x00C0, 0x5603, 0x0206),
            s7.identification(0x81, b"Boot Loader", 0, 0x4120, 0x0909)]


def components():
    return [s7.component(1, b"LINE3-STATION"), s7.component(2, b"CPU 315-2 PN/DP"),
            s7.component(3, b"WATERWORKS NORTH"), s7.component(4, b"Original Siemens Equipment"),
            s7.component(5, b"S C-X4U421302009"), s7.component(7, b"CPU 315-2 PN/DP"),
            s7.component(8, b"MMC 267FF11F"), struct.pack(">HHHH", 9, 0x2A, 0xF600, 1) + bytes(26),
            s7.component(10, b""), s7.component(11, b"PUMP HOUSE 2")]


@capture("s7comm-identity.pcap", "A station asks an S7-300 who it is: lists, identification,"
         " components in two parts, protection")
def identity(capture):
    plant = Plant()
    capture.resolve(plant.engineering, plant.siemens)
    session = S7(capture, plant.engineering, plant.siemens).open()
    numbers = [word(n) for n in (0x0000, 0x0011, 0x0111, 0x001C, 0x0132, 0x0424, 0x00A0)]
    session.read_szl(0x0000, 0, numbers)
    session.read_szl(0x0011, 0, identifications())
    session.read_szl(0x0111, 1, identifications()[:1])
    whole = s7.szl(0x001C, 0, components())
    session.in_units(s7.CPU, 1, s7.octets(word(0x001C, 0)), [whole[:214], whole[214:]])
    session.read_szl(0x0132, 4, [protection_record(1)])
    session.read_szl(0x0232, 4, [protection_record(3)])
    session.read_szl(0x0131, 1, [struct.pack(">HHHII", 1, 240, 16, 187500, 187500) + bytes(26)])
    session.read_szl(0x0091, 0, error=0xD402)
    session.close()


@capture("s7comm-identity-scan.pcap", "A host that is new asks four S7 controllers who they are")
def identity_scan(capture):
    plant = Plant()
    for number in range(4):
        controller = host("plc-%d" % (5 + number), "28:63:36:10:00:%02x" % (0x35 + number),
                          35 + number, ttl=30, identifier=0x3500 + 0x100 * number)
        capture.resolve(plant.stranger, controller)
        session = S7(capture, plant.stranger, controller).open()
        session.read_szl(0x0011, 0, identifications()[:3])
        session.read_szl(0x001C, 0, [s7.component(1, b"LINE3-%d" % number),
                                     s7.component(5, b"S C-X4U42130%04d" % number)])
        session.close()
        capture.step(20 * SECOND)


def protection_record(level, position=1):
    return struct.pack(">8H", 4, 1, level, level, position, 0, 0, 0x5656) + \
        struct.pack(">II", 0x58426B, 0x20001) + bytes(16)


def mode_record(mode):
    return (struct.pack(">HBB", 0x5140, 0xFF, mode) + bytes(4) + b"\x10\x03\0\0" +
            s7.date_and_time(2026, 1, 12, 6, 0, 0))


@capture("s7comm-diagnostics.pcap", "Mode, lamps, memory, modules and the diagnostic buffer of a"
         " controller are read")
def diagnostics(capture):
    plant = Plant()
    session = S7(capture, plant.engineering, plant.siemens).open()
    for mode in (0x48, 0x84):
        session.read_szl(0x0424, 0, [mode_record(mode)])
        lamps = [word(n) + bytes([on, blink]) for n, on, blink in
                 ((1, mode == 0x84, 0), (4, mode == 0x48, 0), (5, mode == 0x84, 1), (21, 0, 0))]
        session.read_szl(0x0074, 0, lamps)
        capture.step(SECOND)
    memory = [struct.pack(">HHIHH6I", n, 1, size, 1, 1, size, used, size - used, 0, 0, 0)
              for n, size, used in ((1, 262144, 41200), (2, 0, 0), (3, 524288, 90112))]
    session.read_szl(0x0013, 0, memory)
    modules = [struct.pack(">8H", 0, slot << 8, address, kind, kind, 0, state, 0x11)
               for slot, address, kind, state in ((2, 0x7FFF, 0xC0, 2), (4, 0, 0xA8, 2),
                                                  (5, 256, 0xC8, 3))]
    session.read_szl(0x0091, 0, modules)
    session.read_szl(0x00A0, 0, [event(n, second=i) for i, n in
                                 enumerate((0x4302, 0x4304, 0x3842, 0x39C4, 0x9001))])
    session.read_szl(0x0015, 0, [word(0x0800, 100, 64, 0, 0)])
    session.close()


# ---- messages ----

def alarm(syntax, number, state=0, going=0xFF, coming=0xFE, values=()):
    length = {0x16: 12, 0x1C: 16, 0x19: 9, 0x15: 6}[syntax]
    out = bytes([0x12, length, syntax, len(values)]) + struct.pack(">I", number)
    if syntax in (0x16, 0x1C):
        out += bytes([state, state])
    if syntax != 0x15:
        out += bytes([going, coming])
    if syntax == 0x1C:
        out += bytes([0, 1, 1, 0])
    return out + s7.filled(values)


@capture("s7comm-alarms.pcap", "A panel subscribes to messages, gets alarms and events, asks for"
         " alarms, acknowledges and locks them")
def alarms(capture):
    plant = Plant()
    session = S7(capture, plant.hmi, plant.siemens, kind=OP).open()
    session.userdata(s7.CPU, 2, s7.octets(b"\x87\0HmiRtm\0\0\x09\0"), s7.octets(b"\x02\0\x09\1\0"),
                     sequence=255)
    now = s7.date_and_time(2026, 1, 12, 6, 0, 2, 397)
    temperature = s7.value(s7.V_OCTETS, real(91.5))
    for function, syntax, number in ((5, 0x16, 0xAF), (0x12, 0x16, 0x60000012),
                                     (0x11, 0x16, 0x60000013), (6, 0x1C, 0x2F)):
        session.push(s7.CPU, function, s7.octets(now + b"\0\1" + alarm(
            syntax, number, state=1, values=[temperature])))
        capture.step(300 * MILLISECOND)
    session.push(s7.CPU, 9, s7.octets(b"\0\0" + now + b"\0\0" + b"\0\1" + alarm(0x16, 0x11, 4)))
    session.push(s7.CPU, 3, s7.octets(event(0x39C4)))
    query = b"\0\1\x12\x08\x1a\0\1\x34" + struct.pack(">I", 4)
    found = (b"\x0a\0\0\2" + struct.pack(">I", 0xAF) + b"\0\1\xfe\xfe" +
             b"\x0a\0\0\2" + struct.pack(">I", 0xBB) + b"\0\4\xff\xfb")
    session.userdata(s7.CPU, 0x13, s7.octets(query), s7.octets(
        b"\0\2" + struct.pack(">BBH", 0xFF, 9, len(found)) + found))
    session.userdata(s7.CPU, 0x0B, s7.octets(b"\x09\2" + alarm(0x19, 0xAF) + alarm(0x19, 0xBB)),
                     s7.octets(b"\0\2\xff\x0a"))
    session.push(s7.CPU, 0x0C, s7.octets(now + b"\x09\1" + alarm(0x19, 0xAF)))
    session.userdata(s7.CPU, 7, s7.octets(b"\0\1" + alarm(0x15, 0xAF)), s7.octets(b"\0\1\xff"))
    session.push(s7.CPU, 0x0D, s7.octets(b"\0\1" + alarm(0x15, 0xAF)))
    session.userdata(s7.CPU, 8, s7.octets(b"\0\1" + alarm(0x15, 0xAF)), s7.octets(b"\0\1\xff"))
    session.push(s7.CPU, 0x0E, s7.octets(b"\0\1" + alarm(0x15, 0xAF)))
    session.close()


@capture("s7comm-modes.pcap", "A controller reports the changes of its mode")
def modes(capture):
    plant = Plant()
    session = S7(capture, plant.hmi, plant.siemens, kind=OP).open()
    session.userdata(s7.CPU, 2, s7.octets(b"\x01\0HmiRtm\0\0"), s7.octets(b"\x02\0"), sequence=255)
    for mode in (0, 1, 2, 0, 3, 2, 4, 6, 9, 11, 12, 7):
        capture.step(SECOND)
        session.mode(mode)
    session.close()


@capture("s7comm-cyclic.pcap", "Cyclic and change-driven data are subscribed to, come, and are given"
         " up")
def cyclic(capture):
    plant = Plant()
    session = S7(capture, plant.hmi, plant.siemens, kind=OP).open()
    items = s7.filled([s7.address(s7.DB, 0, kind=s7.WORD, count=2, db=10),
                       s7.address(s7.M, 5, 1, s7.BIT)])
    for i in range(5):
        values = b"\0\2" + s7.filled([s7.value(s7.V_BYTES, word(i, 100 - i)),
                                      s7.value(s7.V_BIT, bytes([i & 1]))])
        if i == 0:
            session.userdata(s7.CYCLIC, 1, s7.octets(b"\0\2\0\5" + items), s7.octets(values))
        else:
            session.push(s7.CYCLIC, 1, s7.octets(values), sequence=1)
        capture.step(500 * MILLISECOND)
    session.userdata(s7.CYCLIC, 4, s7.octets(b"\1\1"))
    ranges = b"\0\1\1\2" + s7.other_address(0xB0, bytes([2]) + struct.pack(">BHH", 2, 68, 358) +
                                            struct.pack(">BHH", 4, 72, 50))
    session.userdata(s7.CYCLIC, 5, s7.octets(ranges), s7.octets(
        b"\0\1" + s7.value(s7.V_OCTETS, b"\xff\1\2\xff\3\4\5\6")), sequence=2)
    session.push(s7.CYCLIC, 5, s7.octets(b"\0\1" + s7.value(s7.V_OCTETS, b"\xfe\xff\3\4\5\7")),
                 sequence=2)
    session.userdata(s7.CYCLIC, 7, s7.octets(ranges), error=0xD802, sequence=2)
    session.push(s7.CYCLIC, 1, s7.octets(b"\0\1" + s7.value(s7.V_BYTES, word(5))), sequence=9)
    session.close()


@capture("s7comm-clock.pcap", "The clock of a controller is read, set, and set to no time")
def clock(capture):
    plant = Plant()
    session = S7(capture, plant.engineering, plant.siemens).open()
    now = b"\0\x19" + s7.date_and_time(2026, 1, 12, 5, 59, 58, 123)
    session.userdata(s7.CLOCK, 1, s7.NOTHING, s7.octets(now))
    right = b"\0\x19" + s7.date_and_time(2026, 1, 12, 6, 0, 0)
    session.userdata(s7.CLOCK, 2, s7.octets(right))
    session.userdata(s7.CLOCK, 3, s7.NOTHING, s7.octets(right))
    session.userdata(s7.CLOCK, 4, s7.octets(b"\0\x19" + s7.date_and_time(2026, 1, 12, 6, 0, 1)),
                     error=0xDC01)
    session.close()


@capture("s7comm-communication-blocks.pcap", "Stations send each other blocks (BSEND, USEND), and a"
         " numerical control gets a program")
def communication_blocks(capture):
    plant = Plant()
    session = S7(capture, plant.hmi, plant.siemens, called=b"\x10\x03").open()
    send = b"\x12\x06\x13\0" + struct.pack(">IH", 0x11, 12) + b"recipe 00042"
    session.userdata(s7.PBC, 1, s7.octets(send), s7.octets(send[:8]))
    usend = b"\0\x01\x12\x06\x13\0" + struct.pack(">I", 0x22)
    values = b"\xff\x09\0\2" + s7.filled([s7.value(s7.V_OCTETS, b"\1\2\3"),
                                          s7.value(s7.V_OCTETS, word(9))])
    session.pdu(CLIENT, s7.message(s7.USERDATA, 0, usend, values))
    for kind, function, data in ((7, 1, b"/_N_MPF_DIR/_N_PART7_MPF"), (7, 4, b"\0\0"),
                                 (7, 6, b"\1\0/_N_MPF_DIR/_N_PART8_MPF")):
        session.reference += 0x100
        asked = b"\0\x01\x12\x04\x11" + bytes([kind << 4 | s7.NC, function, 0])
        session.pdu(CLIENT, s7.message(s7.USERDATA, session.reference, asked, s7.octets(data)))
        answer = b"\0\x01\x12\x08\x12" + bytes([11 << 4 | s7.NC, function, 1, 1, 0, 0, 0])
        session.pdu(SERVER, s7.message(s7.USERDATA, session.reference, answer, s7.octets(b"\4\0")))
    session.close()


# ---- what goes wrong ----

@capture("s7comm-unanswered.pcap", "Jobs without answers, answers without jobs, answers out of"
         " order, and a reference that is always the same")
def unanswered(capture):
    plant = Plant()
    session = S7(capture, plant.hmi, plant.siemens).open()
    one = s7.variables(s7.READ, [s7.address(s7.M, 0, kind=s7.WORD)])
    two = s7.variables(s7.READ, [s7.address(s7.M, 0, kind=s7.WORD),
                                 s7.address(s7.M, 2, kind=s7.WORD)])
    session.ask(one)
    session.answer(bytes([s7.READ, 1]), s7.value(s7.V_BYTES, word(7)), reference=0x7777)
    first = session.ask(one)
    second = session.ask(two)
    values = s7.filled([s7.value(s7.V_BYTES, word(8)), s7.value(s7.V_BYTES, word(9))])
    session.answer(bytes([s7.READ, 2]), values, reference=second)
    session.answer(bytes([s7.READ, 1]), s7.value(s7.V_BYTES, word(7)), reference=first)
    session.ask(bytes([s7.STOP]) + bytes(5) + b"\x09P_PROGRAM")
    capture.step(6 * SECOND)
    for parameters in (one, two, one):
        session.reference = 0xFF00
        session.ask(parameters)
        if parameters is not one:
            session.answer(bytes([s7.READ, 2]), values)
    session.answer(bytes([s7.READ, 1]), s7.value(s7.V_BYTES, word(7)))
    session.close()


@capture("s7comm-unknown.pcap", "Functions, groups and message types that nobody has described")
def unknown(capture):
    plant = Plant()
    session = S7(capture, plant.stranger, plant.siemens).open()
    counts = capture.counts("s7comm")
    session.job(bytes([0x42, 1, 2, 3]), error=0x8104)
    session.userdata(s7.CPU, 0x15, s7.octets(b"\1\2"), error=0x8104)
    session.userdata(9, 1, s7.octets(b"\1\2"), s7.octets(b"\3"))
    session.push(8, 2, s7.octets(b"\4"))
    session.pi(b"_XYZ_", b"arg")
    session.message(CLIENT, s7.message(5, 0x0900, b"\1\2\3"))
    counts.unknown += 8
    session.close()


@capture("s7comm-malformed.pcap", "Messages that contradict themselves, between some that do not")
def malformed(capture):
    plant = Plant()
    session = S7(capture, plant.stranger, plant.siemens).open()
    counts = capture.counts("s7comm")
    good = (s7.address(s7.M, 0, kind=s7.WORD), s7.value(s7.V_BYTES, word(7)))
    pdu = s7.message(s7.JOB, 0x1000, s7.variables(s7.READ, [good[0]]))
    for bad in (pdu[:-1],                                               # less than it says
                pdu + b"\0\0",                                          # more
                s7.message(s7.JOB, 0x1001, bytes([s7.READ, 3]) + good[0]),      # three items in one
                s7.message(s7.JOB, 0x1002, bytes([s7.READ, 1]) + b"\x11" + good[0][1:]),
                s7.message(s7.JOB, 0x1003, bytes([s7.SETUP, 0, 1])),
                s7.message(s7.JOB, 0x1004, bytes([s7.WRITE, 1]) + good[0],
                           b"\0\4\xff\xff\1\2"),                         # a value beyond its end
                s7.message(s7.JOB, 0x1005, bytes([s7.PI_SERVICE]) + bytes(7) + b"\0\x40_INSE"),
                s7.message(s7.JOB, 0x1006, bytes([s7.REQUEST_DOWNLOAD]) + bytes(7) + b"\x30_08"),
                s7.message(s7.USERDATA, 0x1007, s7.asked(s7.CPU, 1), b"\xff\x09\0\x20\1\2"),
                s7.message(s7.USERDATA, 0x1008, s7.asked(s7.CLOCK, 2),
                           s7.octets(b"\0\x19\x26\x13\x32" + bytes(5)))):
        session.pdu(CLIENT, bad)
        counts.malformed += 1
        session.read(good)
    # No message at all: the length says that it ends in the head.
    session.message(CLIENT, b"\x32\x01\0\0")
    capture.counts("cotp").unknown += 1
    session.message(CLIENT, b"\x32\x08" + bytes(20))
    capture.counts("cotp").unknown += 1
    session.read(good)
    session.tcp.send(CLIENT, dt(b"")[:3] + b"\x07\x05\xf0\x80")  # a length beyond the packet
    session.close()
