# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""DNP3: polling, points, commands, files, attributes, reports; links and damage."""

import struct

from .. import dnp3 as dn
from ..dnp3 import Dnp3
from ..net import BASE_TIME, MILLISECOND, MINUTE, SECOND
from ..plant import host
from ..registry import capture


class Substation:
    """A front-end processor, an engineer's laptop, relays and a gateway of serial lines."""

    def __init__(self):
        self.master = host("fep", "5c:8a:38:20:00:10", 10, net=20, identifier=0x1000)     # HP
        self.laptop = host("laptop", "d4:be:d9:20:00:77", 77, net=20, ttl=128,
                           identifier=0x7000)                                            # Dell
        self.rtu = host("rtu", "00:30:a7:20:00:21", 21, net=20, identifier=0x2100)        # SEL
        self.bay = host("bay", "b4:b1:5a:20:00:22", 22, net=20, identifier=0x2200)        # Siemens
        self.gateway = host("gateway", "00:90:e8:20:00:40", 40, net=20, identifier=0x4000)  # Moxa


def session(capture, site=None, **options):
    site = site or Substation()
    capture.resolve(site.master, site.rtu)
    return Dnp3(capture, site.master, site.rtu, **options).open()


def analog(value, flags=1):
    return struct.pack("<Bi", flags, value)


def counter(value, flags=1):
    return struct.pack("<BI", flags, value)


def static(turn):
    """What an outstation of a feeder says of all its points."""
    return (dn.span(1, 2, 0, 5, bytes([0x81, 0x01, 0x81, 0x81, 0x01, 0x01])) +
            dn.span(30, 1, 0, 3, b"".join(analog(v) for v in (
                23017 + 3 * turn, 4120 - turn, 49987 + turn % 5, -312))) +
            dn.span(20, 1, 0, 1, counter(884120 + turn) + counter(17)) +
            dn.span(10, 2, 0, 1, b"\x81\x01"))


def poll(link, turn):
    if turn % 5 == 0:
        link.exchange(dn.READ, dn.INTEGRITY, static(turn))
        return
    if turn % 5 == 3:
        when = dn.time48(link.capture.now)
        events = dn.indexed(32, 3, (0, analog(23017 + 3 * turn) + when))
        events += dn.indexed(2, 2, (4, b"\x81" + when))
        link.exchange(dn.READ, dn.EVENTS, events, confirm=True)
        return
    link.exchange(dn.READ, dn.EVENTS)


@capture("dnp3-polling.pcap", "DNP3: a master polls an outstation: integrity and event polls,"
         " confirmed events, a range of analog inputs")
def polling(capture):
    link = session(capture)
    for turn in range(30):
        poll(link, turn)
        if turn % 10 == 7:
            link.exchange(dn.READ, dn.span(30, 3, 0, 3),
                          dn.span(30, 3, 0, 3, struct.pack("<4i", 23000 + turn, 4119, 49990, -310)))
        capture.step(50 * MILLISECOND)
    link.close()


@capture("dnp3-startup.pcap", "DNP3: an outstation has restarted and its master takes it up again:"
         " link status, unsolicited off, integrity poll, restart bit, time, classes, unsolicited on")
def startup(capture):
    capture.step(70 * MINUTE)  # behind what is learned
    link = session(capture)
    link.link(True, dn.LINK_STATUS)
    link.link(False, dn.STATUS, primary=False)
    link.exchange(dn.DISABLE, dn.EVENTS, iin=dn.RESTART | dn.NEED_TIME)
    link.exchange(dn.READ, dn.INTEGRITY, static(0), iin=dn.RESTART | dn.NEED_TIME, confirm=True)
    link.exchange(dn.WRITE, dn.span(80, 1, 7, 7, b"\x00"), iin=dn.NEED_TIME)
    link.exchange(dn.DELAY, answer=dn.counted(52, 2, struct.pack("<H", 12)), iin=dn.NEED_TIME)
    link.exchange(dn.WRITE, dn.counted(50, 1, dn.time48(capture.now)))
    link.exchange(dn.ASSIGN, dn.every(60, 2) + dn.span(1, 0, 0, 3) + dn.every(60, 3) +
                  dn.span(30, 0, 0, 3))
    link.exchange(dn.ENABLE, dn.EVENTS)
    link.report(dn.indexed(2, 1, (3, b"\x81")))
    for turn in range(1, 5):
        poll(link, turn)
        capture.step(2 * SECOND)
    link.close()


# ---- points ----

TIMES = [(BASE_TIME + k * 137 * 10**6) for k in range(8)]


def variations():
    """One answer for each group: (request, answer)."""
    t = [dn.time48(time) for time in TIMES]
    i32, i16 = (lambda v: struct.pack("<i", v)), (lambda v: struct.pack("<h", v))
    u32, u16 = (lambda v: struct.pack("<I", v)), (lambda v: struct.pack("<H", v))
    f32, f64 = (lambda v: struct.pack("<f", v)), (lambda v: struct.pack("<d", v))
    yield 1, dn.span(1, 1, 3, 12, dn.bits(1, 0, 1, 1, 0, 0, 0, 1, 1, 0)) + dn.span(
        1, 2, 300, 301, b"\x81\x04")
    yield 2, (dn.indexed(2, 1, (5, b"\x81"), (6, b"\x21")) + dn.indexed16(2, 2, (700, b"\x01" + t[0])) +
              dn.counted(51, 1, t[1]) + dn.indexed(2, 3, (1, b"\x81" + u16(250)), (2, b"\x11" + u16(251))) +
              dn.counted(51, 2, t[2]) + dn.indexed(2, 3, (3, b"\x01" + u16(9))))
    yield 3, dn.span(3, 1, 0, 4, dn.double_bits(0, 1, 2, 3, 1)) + dn.span(3, 2, 8, 9, b"\x81\x43")
    yield 4, dn.indexed(4, 1, (0, b"\x81")) + dn.indexed(4, 2, (1, b"\x41" + t[3])) + dn.counted(
        51, 1, t[4]) + dn.indexed(4, 3, (2, b"\xc1" + u16(77)))
    yield 10, dn.span(10, 1, 0, 2, dn.bits(1, 0, 1)) + dn.span(10, 2, 0, 1, b"\x81\x11")
    yield 11, dn.indexed(11, 1, (0, b"\x81")) + dn.indexed(11, 2, (1, b"\x01" + t[0]))
    yield 13, dn.indexed(13, 1, (0, b"\x80")) + dn.indexed(13, 2, (1, b"\x09" + t[1]))
    yield 20, (dn.span(20, 1, 0, 0, b"\x01" + u32(4000000000)) + dn.span(20, 2, 1, 1, b"\x21" + u16(65535)) +
               dn.span(20, 5, 2, 3, u32(1) + u32(70000)) + dn.span(20, 6, 4, 5, u16(2) + u16(300)))
    yield 21, (dn.span(21, 1, 0, 0, b"\x01" + u32(123456)) + dn.span(21, 2, 1, 1, b"\x01" + u16(99)) +
               dn.span(21, 5, 2, 2, b"\x41" + u32(5) + t[5]) + dn.span(21, 6, 3, 3, b"\x01" + u16(6) + t[6]) +
               dn.span(21, 9, 4, 4, u32(7)) + dn.span(21, 10, 5, 5, u16(8)))
    for group in (22, 23):
        yield group, (dn.indexed(group, 1, (0, b"\x01" + u32(10))) + dn.indexed(group, 2, (1, b"\x01" + u16(11))) +
                      dn.indexed(group, 5, (2, b"\x01" + u32(12) + t[0])) +
                      dn.indexed(group, 6, (3, b"\x03" + u16(13) + t[1])))
    yield 30, (dn.span(30, 1, 0, 1, b"\x01" + i32(-70000) + b"\x21" + i32(2147483647)) +
               dn.span(30, 2, 2, 2, b"\x05" + i16(-2)) + dn.span(30, 3, 3, 3, i32(-4)) +
               dn.span(30, 4, 4, 5, i16(-32768) + i16(5)) + dn.span(30, 5, 6, 6, b"\x01" + f32(49.98)) +
               dn.span(30, 6, 7, 7, b"\x41" + f64(-1.5e-9)))
    yield 31, (dn.span(31, 1, 0, 0, b"\x01" + i32(1)) + dn.span(31, 2, 1, 1, b"\x01" + i16(2)) +
               dn.span(31, 3, 2, 2, b"\x01" + i32(3) + t[0]) + dn.span(31, 4, 3, 3, b"\x01" + i16(4) + t[1]) +
               dn.span(31, 5, 4, 4, i32(5)) + dn.span(31, 6, 5, 5, i16(6)) +
               dn.span(31, 7, 6, 6, b"\x01" + f32(7.5)) + dn.span(31, 8, 7, 7, b"\x01" + f64(8.5)))
    for group in (32, 33, 42):
        yield group, (dn.indexed(group, 1, (0, b"\x01" + i32(-1))) + dn.indexed(group, 2, (1, b"\x01" + i16(-2))) +
                      dn.indexed(group, 3, (2, b"\x01" + i32(-3) + t[0])) +
                      dn.indexed(group, 4, (3, b"\x01" + i16(-4) + t[1])) +
                      dn.indexed16(group, 5, (1000, b"\x01" + f32(1.25))) +
                      dn.indexed16(group, 6, (1001, b"\x01" + f64(2.5))) +
                      dn.indexed16(group, 7, (1002, b"\x01" + f32(-0.5) + t[2])) +
                      dn.indexed16(group, 8, (1003, b"\x00" + f64(1e100) + t[3])))
    yield 34, (dn.span(34, 1, 0, 0, u16(100)) + dn.span(34, 2, 1, 1, u32(100000)) + dn.span(34, 3, 2, 2, f32(0.1)))
    yield 40, (dn.span(40, 1, 0, 0, b"\x01" + i32(-5)) + dn.span(40, 2, 1, 1, b"\x01" + i16(-6)) +
               dn.span(40, 3, 2, 2, b"\x01" + f32(7.0)) + dn.span(40, 4, 3, 3, b"\x09" + f64(8.0)))
    yield 43, (dn.indexed(43, 1, (0, b"\x00" + i32(1))) + dn.indexed(43, 2, (1, b"\x04" + i16(2))) +
               dn.indexed(43, 3, (2, b"\x00" + i32(3) + t[0])) + dn.indexed(43, 4, (3, b"\x00" + i16(4) + t[1])) +
               dn.indexed(43, 5, (4, b"\x00" + f32(5.0))) + dn.indexed(43, 6, (5, b"\x0c" + f64(6.0))) +
               dn.indexed(43, 7, (6, b"\x00" + f32(7.0) + t[2])) + dn.indexed(43, 8, (7, b"\x00" + f64(8.0) + t[3])))
    yield 50, dn.counted(50, 1, t[7])
    yield 80, dn.span(80, 1, 0, 15, dn.bits(0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0))
    yield 101, (dn.span(101, 1, 0, 0, b"\x34\x12") + dn.span(101, 2, 1, 1, b"\x78\x56\x34\x12") +
                dn.span(101, 3, 2, 2, b"\x21\x43\x65\x87\x09\x00\x00\x00"))
    yield 102, dn.span(102, 1, 0, 2, b"\x01\x7f\xff")
    yield 110, dn.span(110, 5, 0, 1, b"FDR-1\x00\x01\x02\x03\x04")
    yield 111, dn.indexed(111, 6, (0, b"OPEN 1"))


@capture("dnp3-points.pcap", "DNP3: every group of points in every variation that has a layout of"
         " its own, packed, with flags, with absolute and relative times")
def points(capture):
    link = session(capture)
    for group, answer in variations():
        link.exchange(dn.READ, dn.every(group, 0), answer)
    link.close()


@capture("dnp3-many-points.pcap", "DNP3: one answer with 400 points, more than Weir reports one by"
         " one, and a list of indexes in a request")
def many_points(capture):
    link = session(capture)
    values = [i % 3 == 0 for i in range(400)]
    link.exchange(dn.READ, dn.span(1, 1, 0, 399), dn.span(1, 1, 0, 399, dn.bits(*values)))
    link.exchange(dn.READ, dn.indexed(30, 4, (2, b""), (9, b""), (200, b"")),
                  dn.indexed(30, 4, (2, b"\x01\x00"), (9, b"\x02\x00"), (200, b"\x03\x00")))
    link.close()


@capture("dnp3-data-sets.pcap", "DNP3: a data set's prototype, descriptor, present value and event,"
         " octet strings, and objects that nobody knows")
def data_sets(capture):
    link = session(capture)

    def element(code, kind, most, ancillary):
        return bytes([3 + len(ancillary), code, kind, most]) + ancillary

    prototype = (element(1, 0, 0, b"\x00") + element(2, 0, 0, bytes(range(16))) +
                 element(3, 0, 0, b"Example Utility") + element(4, 0, 0, b"Feeder Fault") +
                 element(5, 4, 8, b"Current Phs A") + element(5, 2, 4, b"Trip Flags"))
    descriptor = (element(1, 0, 0, b"\x02") + element(4, 0, 0, b"Fdr 11 Fault") +
                  element(6, 0, 0, bytes(range(16)) + b"Fault"))
    link.exchange(dn.READ, dn.span(85, 1, 0, 0), dn.sized(85, 1, prototype))
    link.exchange(dn.READ, dn.span(86, 1, 0, 0), dn.sized(86, 1, descriptor))
    value = b"\x01\x02" + b"\x06" + dn.time48(capture.now) + b"\x04" + struct.pack("<f", 412.5) + b"\x01\x05"
    link.exchange(dn.READ, dn.span(87, 1, 0, 0), dn.sized(87, 1, value))
    link.report(dn.sized(88, 1, value))
    link.exchange(dn.WRITE, dn.sized(86, 1, descriptor))
    link.exchange(dn.WRITE, dn.span(110, 4, 7, 7, b"BAY7"))
    # What follows an object of unknown length cannot be read.
    link.exchange(dn.READ, dn.every(200, 0), dn.span(200, 1, 0, 0, b"\x01\x02\x03"))
    capture.counts("dnp3").unknown += 1
    link.close()


# ---- commands ----

def command(link, function, objects, status=0, iin=0):
    """The answer repeats the objects with their status (the last octet here)."""
    return link.exchange(function, objects, objects[:-1] + bytes([status]), iin)


@capture("dnp3-select-operate.pcap", "DNP3: breakers closed and tripped and setpoints written, each"
         " selected first; a select that is refused")
def select_operate(capture):
    link = session(capture)
    for index, code in ((1, dn.CLOSE_PULSE), (1, dn.TRIP_PULSE), (4, dn.LATCH_ON)):
        objects = dn.indexed16(12, 1, (index, dn.crob(code)))
        command(link, dn.SELECT, objects)
        command(link, dn.OPERATE, objects)
        capture.step(4 * SECOND)
    setpoint = dn.indexed16(41, 3, (2, struct.pack("<fB", 13.8, 0)))
    command(link, dn.SELECT, setpoint)
    command(link, dn.OPERATE, setpoint)
    several = dn.indexed(12, 1, (2, dn.crob(dn.LATCH_OFF)), (3, dn.crob(dn.LATCH_OFF)))
    command(link, dn.SELECT, several)
    command(link, dn.OPERATE, several)
    command(link, dn.SELECT, dn.indexed16(12, 1, (9, dn.crob(dn.LATCH_ON))), status=7)
    link.close()


@capture("dnp3-operate-unselected.pcap", "DNP3: operates without a select, with another one, with one"
         " that is too old or was refused; direct operate with and without acknowledgement")
def operate_unselected(capture):
    capture.step(70 * MINUTE)  # behind what is learned
    site = Substation()
    capture.resolve(site.laptop, site.rtu)
    link = Dnp3(capture, site.laptop, site.rtu, master_address=5).open()
    link.exchange(dn.READ, dn.CLASS_0, static(0))
    one, other = (dn.indexed16(12, 1, (index, dn.crob(dn.LATCH_ON))) for index in (1, 2))
    command(link, dn.OPERATE, one, status=2)
    command(link, dn.SELECT, one)
    command(link, dn.OPERATE, other, status=2)
    command(link, dn.SELECT, one)
    capture.step(30 * SECOND)
    command(link, dn.OPERATE, one, status=1)
    command(link, dn.SELECT, one, status=4)
    command(link, dn.OPERATE, one, status=2)
    command(link, dn.DIRECT, one)
    command(link, dn.DIRECT, dn.indexed(41, 1, (0, struct.pack("<iB", -1200, 0))))
    command(link, dn.DIRECT, dn.indexed(41, 2, (0, struct.pack("<hB", 30000, 0))), status=12)
    link.request(dn.DIRECT_NO_ACK, one)
    capture.step(SECOND)
    link.close()


@capture("dnp3-broadcast.pcap", "DNP3: time, a freeze and a command to all outstations of a line"
         " (addresses 65533 to 65535), and a request to whoever is there (65532)")
def broadcast(capture):
    site = Substation()
    capture.resolve(site.master, site.gateway)
    link = Dnp3(capture, site.master, site.gateway, port=4001).open()
    link.exchange(dn.READ, dn.CLASS_0, static(0))
    link.request(dn.WRITE, dn.counted(50, 1, dn.time48(capture.now)), destination=0xFFFF)
    link.request(dn.FREEZE, dn.every(20, 0), destination=0xFFFD)
    link.request(dn.DIRECT, dn.indexed(12, 1, (0, dn.crob(dn.LATCH_OFF))), destination=0xFFFE)
    link.exchange(dn.READ, dn.EVENTS, iin=dn.BROADCAST)
    sequence = link.request(dn.READ, dn.EVENTS, destination=0xFFFC)
    link.respond(sequence)
    link.close()


# ---- every function ----

@capture("dnp3-functions.pcap", "DNP3: every function code that is not in another capture: freezes"
         " with and without time, restarts, applications, configuration, delay, and codes that do not"
         " exist")
def functions(capture):
    site = Substation()
    link = session(capture, site)
    when = dn.counted(50, 2, dn.time48(BASE_TIME + MINUTE) + struct.pack("<I", 900000))
    counters = dn.span(20, 0, 0, 7)
    link.exchange(dn.FREEZE, counters)
    link.request(dn.FREEZE_NO_ACK, dn.every(20, 0))
    link.exchange(dn.FREEZE_CLEAR, dn.every(20, 0))
    link.request(dn.FREEZE_CLEAR_NO_ACK, dn.every(20, 0))
    link.exchange(dn.FREEZE_AT, when + counters)
    link.request(dn.FREEZE_AT_NO_ACK, when + counters)
    link.exchange(dn.COLD_RESTART, answer=dn.counted(52, 1, struct.pack("<H", 30)))
    link.exchange(dn.WARM_RESTART, answer=dn.counted(52, 2, struct.pack("<H", 500)), iin=dn.RESTART)
    link.exchange(dn.INITIALIZE_DATA, iin=dn.NO_FUNCTION)
    application = dn.sized(90, 1, b"SCHEME-1")
    for function in (dn.INITIALIZE, dn.START, dn.STOP):
        link.exchange(function, application)
    link.exchange(dn.SAVE, answer=dn.counted(52, 2, struct.pack("<H", 800)))
    link.exchange(dn.ACTIVATE, dn.sized(70, 8, b"/config/rtu.cfg"),
                  dn.counted(52, 1, struct.pack("<H", 5)) + dn.sized(91, 1, b"\x00ok"))
    link.exchange(dn.ENABLE, dn.EVENTS)
    link.exchange(dn.DISABLE, dn.every(60, 4))
    link.exchange(dn.ASSIGN, dn.every(60, 1) + dn.span(20, 0, 2, 2) + dn.every(60, 4) +
                  dn.indexed(30, 0, (1, b""), (3, b"")))
    link.exchange(dn.RECORD_TIME)
    link.exchange(dn.WRITE, dn.counted(50, 3, dn.time48(capture.now)))
    link.exchange(dn.WRITE, dn.span(34, 1, 0, 1, struct.pack("<2H", 10, 20)))
    link.exchange(dn.WRITE, dn.span(80, 1, 4, 4, b"\x01"), iin=dn.PARAMETER)
    link.exchange(dn.DELAY, answer=dn.counted(52, 2, struct.pack("<H", 3)))
    link.exchange(90, iin=dn.NO_FUNCTION)
    capture.counts("dnp3").unknown += 1
    link.close()


@capture("dnp3-errors.pcap", "DNP3: a laptop tries what the outstation has: objects unknown, functions"
         " not supported, parameter errors; then trouble, corrupt configuration and overflow")
def errors(capture):
    site = Substation()
    capture.resolve(site.laptop, site.rtu)
    link = Dnp3(capture, site.laptop, site.rtu, master_address=7).open()
    for group in (3, 4, 22, 31, 33, 42, 110):
        link.exchange(dn.READ, dn.every(group, 0), iin=dn.NO_OBJECT)
    for function in (dn.SAVE, dn.INITIALIZE_DATA):
        link.exchange(function, iin=dn.NO_FUNCTION)
    link.exchange(dn.READ, dn.span(30, 1, 900, 901), iin=dn.PARAMETER)
    link.exchange(dn.COLD_RESTART, iin=dn.EXECUTING)
    link.exchange(dn.READ, dn.EVENTS, iin=dn.TROUBLE)
    link.exchange(dn.READ, dn.EVENTS, iin=dn.TROUBLE | dn.CORRUPT)
    link.exchange(dn.READ, dn.EVENTS, iin=dn.OVERFLOW | dn.LOCAL)
    link.exchange(dn.READ, dn.EVENTS)
    link.close()


@capture("dnp3-malformed.pcap", "DNP3: fragments that contradict the standard: stop before start,"
         " reserved qualifiers, objects that are cut, no indications, the wrong direction")
def malformed(capture):
    link = session(capture)
    wrong = [bytes([30, 1, 0, 9, 2]), bytes([30, 1, 0x0A, 1]), bytes([30, 1, 0x71, 1]),
             bytes([30, 1]), bytes([1, 2, 0x86])]
    for objects in wrong:
        link.exchange(dn.READ, objects, iin=dn.PARAMETER)
        capture.counts("dnp3").malformed += 1
    link.exchange(dn.READ, dn.span(30, 1, 0, 3), dn.span(30, 1, 0, 3, analog(1) + analog(2)))
    link.exchange(dn.READ, dn.span(70, 5, 0, 0), dn.sized(70, 5, b"12345678ab")[:-4])
    capture.counts("dnp3").malformed += 2
    link.count(dn.RESPONSE)
    link.send(False, b"".join(link.frames(False, b"\xc7\x81")))
    link.send(True, b"".join(link.frames(True, b"")))
    link.fragment(False, dn.READ, dn.EVENTS)
    capture.counts("dnp3").malformed += 3
    link.link(True, dn.UNCONFIRMED)
    link.link(True, dn.TEST_LINK, data=b"\xc0\xc0\x01")
    capture.counts("dnp3").malformed += 2
    link.exchange(dn.READ, dn.EVENTS)
    link.close()


# ---- files and attributes ----

def open_file(name, mode, size=0, block=1024, request=1, key=0):
    return dn.sized(70, 3, struct.pack("<HH", 26, len(name)) + dn.time48(BASE_TIME) +
                    struct.pack("<HIIHHH", 0o644, key, size, mode, block, request) + name)


def file_status(handle, size=0, status=0, request=1, text=b""):
    return dn.sized(70, 4, struct.pack("<IIHHB", handle, size, 1024, request, status) + text)


def block(handle, number, data=b"", last=False):
    return dn.sized(70, 5, struct.pack("<II", handle, number | (last << 31)) + data)


def block_status(handle, number, status=0, last=False):
    return dn.sized(70, 6, struct.pack("<IIB", handle, number | (last << 31), status))


def descriptor(name, size, kind=1, request=1):
    return dn.sized(70, 7, struct.pack("<HHHI", 20, len(name), kind, size) + dn.time48(BASE_TIME) +
                    struct.pack("<HH", 0o640, request) + name)


@capture("dnp3-files.pcap", "DNP3: an authentication key, a directory, a file read in two blocks, one"
         " written and activated, one deleted, and what is refused")
def transfer(capture):
    link = session(capture)
    user, password = b"engineer", b"not-kept"
    key = dn.sized(70, 2, struct.pack("<HHHHI", 12, len(user), 20, len(password), 0) + user + password)
    answer = dn.sized(70, 2, struct.pack("<HHHHI", 12, 0, 12, 0, 0x5EC2E7))
    link.exchange(dn.AUTHENTICATE_FILE, key, answer)
    link.exchange(dn.INFO, descriptor(b"/events/2026-01.dat", 0), descriptor(b"/events/2026-01.dat", 1800))
    link.exchange(dn.OPEN, open_file(b"/events/2026-01.dat", 1), file_status(17, 1800))
    link.exchange(dn.READ, block(17, 0), block(17, 0, capture.random.octets(1000)))
    link.exchange(dn.READ, block(17, 1), block(17, 1, capture.random.octets(800), last=True))
    link.exchange(dn.CLOSE, file_status(17), file_status(17))
    link.exchange(dn.OPEN, open_file(b"/config/rtu.cfg", 2, size=300, key=0x5EC2E7), file_status(18, 300))
    link.exchange(dn.WRITE, block(18, 0, capture.random.octets(300), last=True),
                  block_status(18, 0, last=True))
    link.exchange(dn.CLOSE, file_status(18), file_status(18))
    link.exchange(dn.ACTIVATE, dn.sized(70, 8, b"/config/rtu.cfg"), dn.sized(91, 1, b"\x00"))
    link.exchange(dn.OPEN, open_file(b"/config/other.cfg", 3, size=10), file_status(19, 0))
    link.exchange(dn.ABORT, file_status(19), file_status(19))
    link.exchange(dn.DELETE, open_file(b"/events/2025-12.dat", 0, key=0x5EC2E7), file_status(0))
    link.exchange(dn.DELETE, open_file(b"/firmware.bin", 0), file_status(0, status=1, text=b"read only"))
    link.exchange(dn.OPEN, open_file(b"/missing", 1), file_status(0, status=3))
    link.close()


@capture("dnp3-files-read.pcap", "DNP3: only reading: an event file fetched")
def files_read(capture):
    capture.step(70 * MINUTE)  # behind what is learned
    link = session(capture)
    link.exchange(dn.OPEN, open_file(b"/events/2026-01.dat", 1), file_status(17, 700))
    link.exchange(dn.READ, block(17, 0), block(17, 0, capture.random.octets(700), last=True))
    link.exchange(dn.CLOSE, file_status(17), file_status(17))
    link.close()


def text_attribute(variation, text):
    return dn.span(0, variation, 0, 0, bytes([1, len(text)]) + text)


@capture("dnp3-attributes.pcap", "DNP3: the device attributes of two outstations behind a gateway, all"
         " types of them, and a list of what there is")
def attributes(capture):
    capture.step(70 * MINUTE)  # behind what is learned
    site = Substation()
    capture.resolve(site.master, site.gateway)
    link = Dnp3(capture, site.master, site.gateway, address=3).open()
    link.exchange(dn.READ, dn.span(0, 254, 0, 0), b"".join((
        text_attribute(252, b"Schweitzer Engineering Laboratories"), text_attribute(250, b"SEL-351S"),
        text_attribute(248, b"2009120045"), text_attribute(243, b"HW 3"),
        text_attribute(242, b"R512-V0-Z103102"), text_attribute(249, b"2:2009"),
        text_attribute(247, b"Feeder 11"), text_attribute(246, b"S1-F11"),
        text_attribute(245, b"North substation"), text_attribute(244, b"Example Utility"),
        dn.span(0, 239, 0, 0, b"\x02\x01\x20"), dn.span(0, 240, 0, 0, b"\x02\x02\x00\x08"),
        dn.span(0, 217, 0, 0, b"\x03\x02\xf6\xff"), dn.span(0, 203, 0, 0, b"\x04\x04" + struct.pack("<f", 212.5)),
        dn.span(0, 199, 0, 0, b"\x07\x06" + dn.time48(BASE_TIME)), dn.span(0, 202, 0, 0, b"\x05\x02\xca\xfe"))),
        confirm=True)
    link.exchange(dn.READ, dn.span(0, 255, 0, 0), dn.span(0, 255, 0, 0, b"\xfe\x06\xfc\x00\xfa\x00\xf6\x01"))
    link.exchange(dn.WRITE, text_attribute(245, b"South substation"))
    other = Dnp3(capture, site.master, site.gateway, address=4, connection=link.connection)
    other.exchange(dn.READ, dn.span(0, 252, 0, 0), text_attribute(252, b"Siemens AG  \x00"))
    other.exchange(dn.READ, dn.span(0, 248, 0, 0), text_attribute(248, b"BF1807095512"))
    other.exchange(dn.READ, dn.span(0, 242, 0, 0), iin=dn.NO_OBJECT)
    link.close()


@capture("dnp3-virtual-terminal.pcap", "DNP3: a command line through the virtual terminal")
def virtual_terminal(capture):
    link = session(capture)
    line = b"show events\r"
    link.exchange(dn.WRITE, dn.indexed(112, len(line), (1, line)))
    said = b"1: BRK1 OPEN\r\n"
    link.report(dn.indexed(113, len(said), (1, said)))
    link.exchange(dn.READ, dn.every(113, 0), dn.indexed(113, 2, (1, b"> ")), confirm=True)
    link.close()


# ---- unsolicited responses ----

def event(capture, index, value):
    return dn.indexed(32, 3, (index, analog(value) + dn.time48(capture.now)))


@capture("dnp3-unsolicited.pcap", "DNP3: unsolicited responses: the first empty one, events, one that"
         " is sent again, one that nobody confirms, one that asks for no confirmation")
def unsolicited(capture):
    link = session(capture)
    link.report(iin=dn.RESTART)
    link.exchange(dn.WRITE, dn.span(80, 1, 7, 7, b"\x00"))
    for i in range(4):
        link.report(event(capture, i, 1000 + i))
        capture.step(20 * SECOND)
    link.report(event(capture, 1, 2000), confirmed=False)
    capture.step(3 * SECOND)
    link.report(event(capture, 1, 2000), again=True)
    capture.step(20 * SECOND)
    link.fragment(False, dn.UNSOLICITED, event(capture, 2, 5), 0, dn.FIR | dn.FIN | dn.UNS, 9)
    link.report(event(capture, 3, 3000), confirmed=False)
    capture.step(20 * SECOND)
    link.exchange(dn.READ, dn.EVENTS)
    link.close()


@capture("dnp3-unsolicited-disabled.pcap", "DNP3: a laptop turns unsolicited responses off, and they"
         " stay off")
def unsolicited_disabled(capture):
    site = Substation()
    link = session(capture, site)
    for i in range(3):
        link.report(event(capture, i, 1000 + i))
        capture.step(15 * SECOND)
    laptop = Dnp3(capture, site.laptop, site.rtu, master_address=1).open()
    laptop.exchange(dn.DISABLE, dn.EVENTS)
    laptop.close()
    for turn in range(3):
        capture.step(30 * SECOND)
        link.exchange(dn.READ, dn.EVENTS)
    link.close()


@capture("dnp3-unsolicited-flood.pcap", "DNP3: forty unsolicited responses in two seconds, and a link"
         " that is reset over and over")
def unsolicited_flood(capture):
    link = session(capture)
    for i in range(40):
        link.report(event(capture, i % 8, i))
        capture.jitter(30000, 50000)
    for _ in range(12):
        link.link(True, dn.RESET_LINK)
        link.link(False, dn.ACK, primary=False)
        capture.jitter(20000, 40000)
    link.close()


@capture("dnp3-unsolicited-enabled.pcap", "DNP3: a laptop has the reports of an outstation sent to"
         " itself")
def unsolicited_enabled(capture):
    capture.step(70 * MINUTE)
    site = Substation()
    capture.resolve(site.laptop, site.rtu)
    link = Dnp3(capture, site.laptop, site.rtu, master_address=8).open()
    link.exchange(dn.ENABLE, dn.EVENTS)
    for i in range(3):
        link.report(event(capture, i, 1000 + i))
        capture.step(15 * SECOND)
    link.close()
