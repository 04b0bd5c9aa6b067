# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""CIP over EtherNet/IP: messages, routes, connections and I/O data."""

import struct

from .. import cip as c
from .. import enip as e
from ..enip import Enip
from ..net import MILLISECOND, MINUTE, SECOND, Host
from ..plant import Plant
from ..registry import capture


class Line(Plant):
    """A machine with Rockwell controllers and adapters, in the net of the plant."""

    def __init__(self):
        super().__init__()
        self.logix = Host("logix", "f4:54:33:10:00:51", "192.168.10.51", "fd00:10::51",
                          identifier=0x5100)
        self.adapter = Host("adapter", "5c:88:16:10:00:52", "192.168.10.52", "fd00:10::52",
                            identifier=0x5200)
        self.drive = Host("drive", "00:1d:9c:10:00:53", "192.168.10.53", "fd00:10::53",
                          identifier=0x5300)


LOGIX = c.identity(1, 14, 93, (20, 11), 0x3160, 0x00C0FFEE, "1756-L72/B LOGIX5572")
BRIDGE = c.identity(1, 12, 200, (10, 7), 0x0030, 0x00B41D9E, "1756-EN2T/D")
INPUT = c.identity(1, 7, 17, (3, 5), 0x0000, 0x00010A11, "1756-IB16/A DCIN")
ADAPTER = c.identity(1, 12, 108, (6, 1), 0x0030, 0x6042A1B2, "1734-AENTR/B Ethernet Adapter")
DRIVE = c.identity(1, 2, 151, (12, 1), 0x0030, 0x4050D1E5, "PowerFlex 755")


def read_identity(enip, found, route=None):
    ask = c.request(c.GET_ALL, c.path(c.IDENTITY, 1))
    if route:
        ask = c.unconnected_send(ask, route)
    enip.exchange(ask, c.answer(c.GET_ALL, found))


@capture("cip-unconnected.pcap", "Unconnected CIP: attributes one by one, in lists and all at once,"
         " writes, a reset, answers with status and extended status")
def plain(capture):
    line = Line()
    capture.resolve(line.engineering, line.drive)
    enip = Enip(capture, line.engineering, line.drive).open()
    read_identity(enip, DRIVE)
    enip.exchange(c.request(c.GET, c.path(c.IDENTITY, 1, 7)),
                  c.answer(c.GET, b"\x0dPowerFlex 755"))
    enip.exchange(c.request(c.GET, c.path(c.IDENTITY, 0, 1)), c.answer(c.GET, b"\x01\x00"))
    enip.exchange(c.request(c.GET_ALL, c.path(c.IDENTITY, 0)),
                  c.answer(c.GET_ALL, struct.pack("<HHH", 1, 1, 1)))
    enip.exchange(c.request(c.GET_LIST, c.path(c.CONNECTION_MANAGER, 1),
                            struct.pack("<HHHH", 3, 1, 5, 99)),
                  c.answer(c.GET_LIST, struct.pack("<HHHHHHHHH", 3, 1, 0, 17, 5, 0, 9, 99, 0x14),
                           0x0A))
    enip.exchange(c.request(c.GET, c.path(c.ASSEMBLY, 100, 3)),
                  c.answer(c.GET, bytes(range(16))))
    enip.exchange(c.request(c.SET, c.path(c.ASSEMBLY, 150, 3), bytes([1, 0, 0x20, 0x03])),
                  c.answer(c.SET))
    enip.exchange(c.request(c.SET, c.path(c.ASSEMBLY, 101, 3), bytes(4)),
                  c.answer(c.SET, status=0x0E))
    enip.exchange(c.request(c.GET, c.path(0x93, 5, 9)), c.answer(c.GET, status=0x05))
    enip.exchange(c.request(c.GET, c.path(c.IDENTITY, 1, 200)), c.answer(c.GET, status=0x14))
    enip.exchange(c.request(c.SET_ALL, c.path(c.IDENTITY, 1), b"\0\0"),
                  c.answer(c.SET_ALL, status=0x08))
    enip.exchange(c.request(c.RESET, c.path(c.IDENTITY, 1), b"\x00"),
                  c.answer(c.RESET, status=0x0F))
    enip.exchange(c.request(c.GET, c.path(0x10001, 70000, 1)),
                  c.answer(c.GET, b"\x2a", status=0x06))
    enip.close()


@capture("cip-routed.pcap", "Unconnected Sends through a backplane, over two networks into another"
         " chassis, to a slot that does not answer, and to a port that is not there")
def routed(capture):
    line = Line()
    capture.resolve(line.engineering, line.logix)
    enip = Enip(capture, line.engineering, line.logix).open()
    read_identity(enip, BRIDGE)
    read_identity(enip, LOGIX, c.port(1, 0))
    read_identity(enip, INPUT, c.port(1, 3))
    far = c.port(1, 2) + c.port(2, "192.168.20.7") + c.port(1, 0)
    read_identity(enip, LOGIX, far)
    name = c.request(c.GET, c.path(c.IDENTITY, 1, 7))
    enip.exchange(c.unconnected_send(name, far), c.answer(c.GET, b"\x141756-L72/B LOGIX5572"))
    enip.exchange(c.unconnected_send(name, c.port(1, 9)),
                  c.answer(c.UNCONNECTED_SEND, b"\x01", 0x01, (0x0204,)))
    enip.exchange(c.unconnected_send(name, c.port(5, 1)),
                  c.answer(c.UNCONNECTED_SEND, b"\x01", 0x01, (0x0311,)))
    enip.exchange(c.unconnected_send(c.multiple_request([name, name]), c.port(1, 3)),
                  c.multiple_answer([c.answer(c.GET, b"\x101756-IB16/A DCIN")] * 2))
    enip.close()


@capture("cip-multiple.pcap", "Multiple Service Packets: reads, a write among reads, errors of some"
         " and of all, an empty one")
def multiple(capture):
    line = Line()
    enip = Enip(capture, line.hmi, line.drive).open()
    get = [c.request(c.GET, c.path(c.IDENTITY, 1, i)) for i in (1, 2, 6)]
    got = [c.answer(c.GET, v) for v in (b"\x01\x00", b"\x02\x00", b"\xe5\xd1\x50\x40")]
    bad = c.request(c.GET, c.path(0x93, 1, 1))
    enip.exchange(c.multiple_request(get), c.multiple_answer(got))
    enip.exchange(c.multiple_request(get + [bad]),
                  c.multiple_answer(got + [c.answer(c.GET, status=0x05)], 0x1E))
    write = c.request(c.SET, c.path(c.ASSEMBLY, 150, 3), b"\x03\x00")
    enip.exchange(c.multiple_request([get[0], write]),
                  c.multiple_answer([got[0], c.answer(c.SET)]))
    enip.exchange(c.multiple_request([write, write]),
                  c.multiple_answer([c.answer(c.SET), c.answer(c.SET, status=0x10)], 0x1E))
    enip.exchange(c.multiple_request([bad, bad]),
                  c.multiple_answer([c.answer(c.GET, status=0x05)] * 2, 0x1E))
    enip.exchange(c.multiple_request(get), c.answer(c.MULTIPLE, status=0x08))
    enip.close()


@capture("cip-connected.pcap", "Explicit messages over class 3 connections: opened to slot 0, used,"
         " closed; a large one to a tag's consumer; refusals; questions about connections")
def connected(capture):
    line = Line()
    capture.resolve(line.engineering, line.logix)
    enip = Enip(capture, line.engineering, line.logix).open()
    router = c.port(1, 0) + c.path(c.MESSAGE_ROUTER, 1)
    first = c.Connection(0x00790B01, 0x80FE0014, 0x0014, router)
    enip.forward_open(first)
    get = c.request(c.GET, c.path(c.IDENTITY, 1, 5))
    for state in (0x3060, 0x3160, 0x3060):
        enip.connected(get, c.answer(c.GET, struct.pack("<H", state)))
    enip.connected(c.multiple_request([get, c.request(c.GET, c.path(c.IDENTITY, 1, 6))]),
                   c.multiple_answer([c.answer(c.GET, b"\x60\x30"),
                                      c.answer(c.GET, b"\xee\xff\xc0\x00")]))
    enip.connected(c.request(c.GET, c.path(0x93, 1, 1)), c.answer(c.GET, status=0x05))
    large = c.Connection(0x00790B02, 0x80FE0015, 0x0015, c.key(1, 14, 93, 20, 1, True) + router,
                         4002, 4002, large=True)
    enip.forward_open(large)
    enip.connected(get, c.answer(c.GET, b"\x60\x30"), first)
    enip.connected(get, c.answer(c.GET, b"\x60\x30"), large)
    # Answers that overtake each other, with the same sequence count on both connections.
    for connection in (first, large):
        enip.ask_connected(get, connection, 900)
        capture.jitter(30, 90)
    for connection in (large, first):
        enip.wait()
        enip.answer_connected(c.answer(c.GET, b"\x60\x30"), connection, 900)
    enip.exchange(c.request(c.GET_CONNECTION_OWNER, c.path(c.CONNECTION_MANAGER, 1),
                            bytes([0, 2]) + c.path(c.ASSEMBLY, 100)),
                  c.answer(c.GET_CONNECTION_OWNER, bytes([1, 1, 0, 2]) + first.triple))
    enip.forward_close(first)
    enip.forward_close(large)
    enip.exchange(first.close_request(),
                  c.answer(c.FORWARD_CLOSE, first.triple + bytes([3, 0]), 0x01, (0x0107,)))
    owned = c.Connection(0, 0x80FE0016, 0x0016, c.port(1, 3) + c.path(c.ASSEMBLY, 1), 8, 12,
                         transport=0x01)
    enip.exchange(owned.open_request(), owned.open_refusal(1, 0x0106))
    enip.close()


def io_connection(number, path, multicast=False, o_to_t=10, t_to_o=14, rpi=100000):
    return c.Connection(0x21000000 | number, 0x31000000 | number, number, path, o_to_t, t_to_o,
                        0x01, (rpi, rpi),
                        (c.POINT_TO_POINT, c.MULTICAST if multicast else c.POINT_TO_POINT),
                        1, 0x00C0FFEE, (False, False), (2, 2), multiplier=3)


ASSEMBLIES = c.key(1, 12, 108, 6, 1) + c.path(c.ASSEMBLY, 1) + c.logical(0x2C, 100) + \
    c.logical(0x2C, 101) + bytes([0x80, 4]) + bytes([1, 2, 3, 4, 5, 6, 7, 8])


class Cyclic:
    """One direction of an I/O connection."""

    def __init__(self, capture, source, destination, connection, way, size):
        self.capture, self.ends = capture, (source, destination)
        self.id, self.size = connection.ids[way], size
        self.sequence = 1000 * (way + 1)
        self.count = 0
        self.way = way

    def send(self, mode=None):
        """mode: run or idle of an owner, None without such a header."""
        self.sequence += 1
        self.count += 1
        head = b"" if mode is None else struct.pack("<I", mode)
        data = bytes((self.count + i) & 0xFF for i in range(self.size))
        self.capture.counts("cip_io").userdata["io"] += 1
        self.capture.udp(*self.ends, (2222, 2222),
                         e.io(self.id, self.sequence, head + data, self.count))

    def skip(self, n):
        """What the mirror does not show."""
        self.sequence += n
        self.count += n


@capture("cip-io-class1.pcap", "Class 1 I/O between a controller and an adapter: opened, data both"
         " ways, idle and run again, packets missing from the sequence, closed")
def class1(capture):
    line = Line()
    capture.resolve(line.logix, line.adapter)
    enip = Enip(capture, line.logix, line.adapter).open()
    connection = io_connection(0x51, ASSEMBLIES)
    enip.forward_open(connection)
    out = Cyclic(capture, line.logix, line.adapter, connection, 0, 4)
    back = Cyclic(capture, line.adapter, line.logix, connection, 1, 12)
    for turn in range(700):
        capture.step(100 * MILLISECOND)
        out.send(0 if 200 <= turn < 210 else 1)
        if turn in (300, 301, 302, 450):
            back.skip(1)
            continue
        capture.jitter(500, 900)
        back.send()
    enip.forward_close(connection)
    enip.close()


@capture("cip-io-multicast.pcap", "Class 1 I/O whose target answers in a multicast group, to two"
         " originators; a sequence with a hole; a listen-only heartbeat")
def multicast(capture):
    line = Line()
    group = Host("group", "01:00:5e:40:0a:c0", "239.192.10.192", "ff15::192")
    owner = Enip(capture, line.logix, line.adapter).open()
    first = io_connection(0x61, ASSEMBLIES, True)
    owner.forward_open(first, (0x8001, e.sockaddr(group.ip4, 2222)))
    second = io_connection(0x62, ASSEMBLIES, True, o_to_t=2)
    second.ids = (second.ids[0], first.ids[1])
    listener = Enip(capture, line.hmi, line.adapter).open()
    listener.forward_open(second, (0x8001, e.sockaddr(group.ip4, 2222)))
    out = Cyclic(capture, line.logix, line.adapter, first, 0, 4)
    beat = Cyclic(capture, line.hmi, line.adapter, second, 0, 0)
    back = Cyclic(capture, line.adapter, group, first, 1, 12)
    for turn in range(130):
        capture.step(500 * MILLISECOND)
        out.send(1)
        beat.send()
        capture.jitter(500, 900)
        if turn == 60:
            back.skip(7)
        back.send()
    listener.forward_close(second)
    owner.forward_close(first)
    listener.close()
    owner.close()


@capture("cip-signed.pcap", "Requests in the signed services of newer Logix firmware: a read, a stop"
         " in an audited one, one that is refused")
def signed(capture):
    line = Line()
    enip = Enip(capture, line.engineering, line.logix).open()
    enip.forward_open(c.Connection(0x00790B11, 0x80FE0024, 0x0024,
                                   c.port(1, 0) + c.path(c.MESSAGE_ROUTER, 1)))
    random = capture.random
    enip.connected(c.signed(c.request(c.GET, c.path(c.IDENTITY, 1, 5)), random),
                   c.signed_answer(c.answer(c.GET, b"\x60\x30"), random))
    enip.connected(c.signed(c.request(c.STOP, c.path(0x8E, 1)), random, c.AUDITED),
                   c.signed_answer(c.answer(c.STOP), random, c.AUDITED))
    enip.connected(c.signed(c.request(c.START, c.path(0x8E, 1)), random, c.AUDITED),
                   c.answer(c.AUDITED, status=0x0F))
    enip.close()


@capture("cip-errors.pcap", "One client asks for objects, services and attributes that are not there:"
         " a burst of errors, then what it may read")
def errors(capture):
    line = Line()
    enip = Enip(capture, line.stranger, line.logix).open()
    for cls in range(0x80, 0x98):
        enip.exchange(c.request(c.GET, c.path(cls, 1, 1)),
                      c.answer(c.GET, status=(0x05, 0x08, 0x16, 0x0F)[cls % 4]))
        capture.step(SECOND // 2)
    read_identity(enip, LOGIX)
    enip.close()


@capture("cip-polling.pcap", "A panel polls a drive's assemblies, hour after hour the same")
def polling(capture):
    line = Line()
    enip = Enip(capture, line.hmi, line.drive).open()
    for i in range(60):
        enip.exchange(c.request(c.GET, c.path(c.ASSEMBLY, 100, 3)),
                      c.answer(c.GET, struct.pack("<HHI", 0x0F01, i, 1500 + i)))
        capture.step(SECOND)
    enip.close()


@capture("cip-new-originator.pcap", "The panel's polls, and a stranger that opens a connection to the"
         " drive, asks every device who it is, and reaches through a backplane into another network")
def new_originator(capture):
    capture.step(3 * 60 * MINUTE)  # behind the learning time of what is taught by another capture
    line = Line()
    polls = Enip(capture, line.hmi, line.drive).open()
    read = c.request(c.GET, c.path(c.ASSEMBLY, 100, 3)), c.answer(c.GET, bytes(8))
    for _ in range(5):
        polls.exchange(*read)
        capture.step(SECOND)
    stranger = Enip(capture, line.stranger, line.drive, session=0x22).open()
    taken = c.Connection(0, 0x51, 0x9001, c.path(c.ASSEMBLY, 6) + c.logical(0x2C, 2) +
                         c.logical(0x2C, 1), 8, 8, transport=0x01, vendor=0x0539, originator=0xBAD)
    stranger.exchange(taken.open_request(), taken.open_refusal(1, 0x0106))
    stranger.forward_open(c.Connection(0x41, 0x52, 0x9002, c.path(c.MESSAGE_ROUTER, 1),
                                       vendor=0x0539, originator=0xBAD))
    stranger.connected(*read)
    through = Enip(capture, line.stranger, line.logix, session=0x23).open()
    read_identity(through, LOGIX, c.port(1, 2) + c.port(2, "192.168.20.7") + c.port(1, 0))
    read_identity(through, BRIDGE)
    read_identity(stranger, DRIVE)
    third = Enip(capture, line.stranger, line.adapter, session=0x24).open()
    read_identity(third, ADAPTER)
    far = c.Connection(0x43, 0x53, 0x9003, c.port(1, 2) + c.port(2, "192.168.20.7") +
                       c.port(1, 0) + c.path(c.MESSAGE_ROUTER, 1), vendor=0x0539,
                       originator=0xBAD)
    through.forward_open(far)
    third.close()
    through.close()
    stranger.close()
    polls.close()
