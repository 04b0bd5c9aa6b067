# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""EtherNet/IP encapsulation: sessions, lists, bad packets, other ports, TLS."""

import struct

from .. import cip as c
from .. import enip as e
from ..enip import BROADCAST, Enip, packet
from ..net import CLIENT, MILLISECOND, MINUTE, SECOND, SERVER, Tcp
from ..registry import capture
from .cip import ADAPTER, BRIDGE, DRIVE, LOGIX, Line, read_identity


@capture("enip-session.pcap", "All commands of the encapsulation: lists, a session refused and one"
         " registered, data without a session, NOP, status, cancel, an unknown command")
def session(capture):
    line = Line()
    capture.resolve(line.engineering, line.logix)
    enip = Enip(capture, line.engineering, line.logix).open(register=False)
    target = struct.pack("<H", 1) + e.sockaddr(line.logix.ip4, e.PORT) + b"192.168.10.51\0\0\0"
    enip.command(e.LIST_TARGETS, answered=e.items((1, target)))
    enip.command(e.LIST_SERVICES, answered=e.items(e.services_item()))
    enip.command(e.LIST_INTERFACES, answered=e.items())
    enip.command(e.LIST_IDENTITY, answered=e.items(e.identity_item(line.logix, BRIDGE)))
    enip.command(e.REGISTER, struct.pack("<HH", 9, 0), struct.pack("<HH", 1, 0), status=0x69)
    enip.register()
    enip.send(CLIENT, e.NOP, b"\x55" * 8)
    capture.jitter(500, 900)
    good, enip.session = enip.session, 0x99
    ask = c.request(c.GET, c.path(c.IDENTITY, 1, 1))
    context = enip.next_context()
    enip.ask(ask, context)
    enip.wait()
    enip.send(SERVER, e.SEND_RR_DATA, status=0x64, session=0x99, context=context)
    enip.rest()
    enip.session = good
    read_identity(enip, BRIDGE)
    enip.send(CLIENT, 0x72, struct.pack("<I", 1), session=good)
    enip.send(CLIENT, 0x73, session=good)
    enip.command(0x0050, status=1, session=good)
    enip.counts.unknown += 2
    enip.close()


@capture("enip-list-identity.pcap", "A station asks the whole network for identities: four devices"
         " answer, one with its security state; another asks one device")
def list_identity(capture):
    capture.step(3 * 60 * MINUTE)
    line = Line()
    counts = capture.counts("enip")
    security = 0x86, struct.pack("<HBBB", 7, 2, 2, 0x1F)
    for _ in range(2):
        ports = line.engineering.next_port(), e.PORT
        counts.requests[e.LIST_IDENTITY] += 1
        capture.udp(line.engineering, BROADCAST, ports, packet(e.LIST_IDENTITY, context=0xC0DE))
        for host, found, more in ((line.adapter, ADAPTER, ()), (line.logix, BRIDGE, (security,)),
                                  (line.drive, DRIVE, ())):
            capture.jitter(900, 20000)
            counts.responses[e.LIST_IDENTITY] += 1
            capture.udp(host, line.engineering, ports[::-1], packet(
                e.LIST_IDENTITY, e.items(e.identity_item(host, found), *more), context=0xC0DE))
        capture.step(5 * SECOND)
    ports = line.hmi.next_port(), e.PORT
    counts.requests[e.LIST_IDENTITY] += 1
    capture.udp(line.hmi, line.drive, ports, packet(e.LIST_IDENTITY))
    capture.jitter(900, 2000)
    counts.responses[e.LIST_IDENTITY] += 1
    capture.udp(line.drive, line.hmi, ports[::-1],
                packet(e.LIST_IDENTITY, e.items(e.identity_item(line.drive, DRIVE))))


@capture("enip-pipelined.pcap", "Several packets in a segment, packets in several segments, answers"
         " that overtake each other, and a sender context that never changes")
def pipelined(capture):
    line = Line()
    enip = Enip(capture, line.hmi, line.drive).open()
    asks = [c.request(c.GET, c.path(c.ASSEMBLY, 100 + i, 3)) for i in range(4)]
    answers = [c.answer(c.GET, bytes([i] * (4 + i))) for i in range(4)]

    def packets(messages, order, contexts, side):
        out = b""
        for i in order:
            c.count(capture.counts("cip"), messages[i])
            enip.count(side, e.SEND_RR_DATA)
            out += packet(e.SEND_RR_DATA, e.unconnected(messages[i]), enip.session,
                          context=contexts[i])
        return out

    for contexts in ((11, 12, 13, 14), (0, 0, 0, 0)):
        order = (2, 0, 3, 1) if contexts[0] else (0, 1, 2, 3)
        enip.tcp.send(CLIENT, packets(asks, range(4), contexts, CLIENT))
        enip.wait()
        enip.tcp.send(SERVER, packets(answers, order, contexts, SERVER))
        enip.rest()
        data = packets(asks, range(4), contexts, CLIENT)
        for at in range(0, len(data), 37):
            enip.tcp.send(CLIENT, data[at:at + 37])
            capture.jitter(30, 90)
        enip.wait()
        data = packets(answers, order, contexts, SERVER)
        for at in range(0, len(data), 23):
            enip.tcp.send(SERVER, data[at:at + 23])
            capture.jitter(30, 90)
        enip.rest()
    enip.close()


@capture("enip-midstream.pcap", "A session that was there before the capture began, one side with a"
         " hole, the other cut in mid-packet")
def midstream(capture):
    line = Line()
    enip = Enip(capture, line.hmi, line.drive)
    ask = c.request(c.GET, c.path(c.ASSEMBLY, 100, 3))
    answer = c.answer(c.GET, bytes(range(20)))
    part = packet(e.SEND_RR_DATA, e.unconnected(answer), enip.session, context=1)[31:]
    enip.tcp.send(SERVER, part)
    capture.jitter(500, 900)
    for _ in range(5):
        enip.exchange(ask, answer)
    context = enip.next_context()
    enip.ask(ask, context)
    enip.wait()
    lost = packet(e.SEND_RR_DATA, e.unconnected(answer), enip.session, context=context)
    enip.tcp.segment(SERVER, lost)  # the mirror does not show it
    enip.counts.gap_bytes += len(lost)
    enip.rest()
    for _ in range(5):
        enip.exchange(ask, answer)
    capture.step(SECOND)
    enip.close()


@capture("enip-malformed.pcap", "Packets that contradict the standard: items longer than the packet,"
         " trailing bytes, options, lengths of commands, paths and offsets that lie")
def malformed(capture):
    line = Line()
    enip = Enip(capture, line.stranger, line.drive).open()
    get = c.request(c.GET, c.path(c.IDENTITY, 1, 1))
    short = struct.pack("<IHHHHHH", 0, 0, 2, 0, 0, 0xB2, 60) + get
    trailing = e.unconnected(get) + b"\0\0\0"
    for data in (short, trailing):
        enip.send(CLIENT, e.SEND_RR_DATA, data, session=enip.session, context=enip.next_context())
        enip.counts.malformed += 1
        enip.wait()
    enip.count(CLIENT, e.SEND_RR_DATA)
    enip.counts.malformed += 1
    enip.tcp.send(CLIENT, packet(e.SEND_RR_DATA, e.unconnected(get), enip.session,
                                 context=enip.next_context(), options=5))
    enip.wait()
    enip.send(CLIENT, e.REGISTER, b"\x01\0")
    enip.counts.malformed += 1
    enip.wait()
    bodies = (
        bytes([c.GET, 9]) + c.path(c.IDENTITY, 1, 1),                      # path behind the end
        c.request(c.GET, b"\xe0\x01" + c.path(c.IDENTITY, 1, 1)),          # reserved segment
        c.request(c.UNCONNECTED_SEND, c.path(c.CONNECTION_MANAGER, 1), b"\x07\x9d\xff\x00" + get),
        c.request(c.FORWARD_OPEN, c.path(c.CONNECTION_MANAGER, 1), bytes(12)),
    )
    for body in bodies:
        capture.counts("cip").requests[body[0]] += 1
        capture.counts("cip").malformed += 1
        enip.send(CLIENT, e.SEND_RR_DATA, e.unconnected(body), session=enip.session,
                  context=enip.next_context())
        enip.wait()
    lie = c.request(c.MULTIPLE, c.path(c.MESSAGE_ROUTER, 1), struct.pack("<HHH", 2, 6, 400) + get)
    capture.counts("cip").requests[c.MULTIPLE] += 1
    capture.counts("cip").malformed += 1
    enip.send(CLIENT, e.SEND_RR_DATA, e.unconnected(lie), session=enip.session,
              context=enip.next_context())
    enip.wait()
    enip.exchange(get, c.answer(c.GET, b"\x01\x00"))
    enip.close()


@capture("enip-not-on-44818.pcap", "Something else on EtherNet/IP's port: HTTP")
def not_enip(capture):
    line = Line()
    http = Tcp(capture, line.stranger, line.logix, e.PORT).open()
    for _ in range(3):
        http.send(CLIENT, b"GET /rokform/advancedDiags HTTP/1.1\r\nHost: 192.168.10.51\r\n\r\n")
        capture.jitter(900, 2000)
        http.send(SERVER, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        capture.counts("http").requests["GET"] += 1
        capture.counts("http").exceptions["404"] += 1
        capture.jitter(900, 2000)
    http.close()


@capture("enip-other-port.pcap", "EtherNet/IP on a port of its own, as a gateway forwards it")
def other_port(capture):
    line = Line()
    enip = Enip(capture, line.hmi, line.drive, port=20044).open()
    read_identity(enip, DRIVE)
    enip.exchange(c.request(c.GET, c.path(c.ASSEMBLY, 100, 3)), c.answer(c.GET, bytes(8)))
    enip.close()


def tls(kind, body, version=0x0303):
    return struct.pack(">BHH", kind, version, len(body)) + body


@capture("enip-tls.pcap", "CIP Security: EtherNet/IP inside TLS on 2221, and its I/O data inside DTLS")
def secured(capture):
    capture.step(3 * 60 * MINUTE)
    line = Line()
    random = capture.random
    inside = Tcp(capture, line.engineering, line.logix, 2221).open()
    hello = b"\x01" + (120).to_bytes(3, "big") + b"\x03\x03" + random.octets(118)
    for side, data in ((CLIENT, tls(22, hello, 0x0301)),
                       (SERVER, tls(22, b"\x02" + (80).to_bytes(3, "big") + random.octets(80))),
                       (CLIENT, tls(20, b"\x01") + tls(22, random.octets(40)))):
        inside.send(side, data)
        capture.jitter(900, 2000)
    for i in range(20):
        inside.send(CLIENT, tls(23, random.octets(90 + i)))
        capture.jitter(900, 2000)
        inside.send(SERVER, tls(23, random.octets(60 + i)))
        capture.step(50 * MILLISECOND)
    inside.close()
    for i in range(20):
        record = struct.pack(">BHHHIH", 23, 0xFEFD, 1, 0, i, 48) + random.octets(48)
        capture.udp(line.logix, line.adapter, (2221, 2221), record)
        capture.step(20 * MILLISECOND)
    capture.counts("enip")
