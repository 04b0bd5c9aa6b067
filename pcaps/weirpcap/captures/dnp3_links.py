# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""DNP3: link frames, CRCs, transport segments, and where DNP3 rides."""

import struct

from .. import dnp3 as dn
from ..dnp3 import Dnp3
from ..net import CLIENT, SECOND, SERVER, Tcp
from ..registry import capture
from .dnp3 import Substation, poll, session, static


@capture("dnp3-link.pcap", "DNP3: link frames alone: reset, test, status, busy, refused, not supported,"
         " unanswered, asked by the outstation; confirmed user data; a code that does not exist")
def link_frames(capture):
    link = session(capture)
    for function, answer in ((dn.RESET_LINK, dn.ACK), (dn.TEST_LINK, dn.ACK), (dn.LINK_STATUS, dn.STATUS),
                             (dn.TEST_LINK, dn.NACK), (dn.RESET_USER, dn.NOT_SUPPORTED)):
        link.link(True, function)
        link.link(False, answer, primary=False)
        capture.step(SECOND)
    link.link(True, dn.LINK_STATUS)
    link.link(False, dn.STATUS, primary=False, flags=0x10)
    link.link(False, dn.LINK_STATUS)
    link.link(True, dn.STATUS, primary=False)
    link.link(True, 6)
    capture.counts("dnp3").unknown += 1
    link.link(True, dn.RESET_LINK)
    capture.step(8 * SECOND)
    link.link(False, dn.NACK, primary=False)
    # Confirmed user data: an acknowledgement before the answer.
    link.function = dn.CONFIRMED | dn.FCV
    sequence = link.request(dn.READ, dn.EVENTS)
    link.link(False, dn.ACK, primary=False)
    link.function = dn.UNCONFIRMED
    link.respond(sequence)
    link.close()


def damaged(data, position):
    return data[:position] + bytes([data[position] ^ 0x40]) + data[position + 1:]


@capture("dnp3-bad-crc.pcap", "DNP3: data blocks with a wrong CRC in a request, an answer and a segment"
         " of several; a header with a wrong CRC; bytes that are no frame")
def bad_crc(capture):
    link = session(capture)
    link.exchange(dn.READ, dn.EVENTS)
    # A request whose only block is damaged: the opposite of what was asked.
    link.count(dn.READ)
    frame, = link.frames(True, bytes([0xC1, dn.READ]) + dn.CLASS_0)
    link.send(True, damaged(frame, 16))
    link.count(dn.RESPONSE)
    frame, = link.frames(False, b"\xc1\x81\x00\x00" + static(1))
    link.send(False, damaged(frame, 10 + 2 * 18 + 3))
    capture.counts("dnp3").malformed += 2
    link.sequence = 2
    sequence = link.request(dn.READ, dn.span(30, 3, 0, 99))
    objects = dn.span(30, 3, 0, 99, struct.pack("<100i", *range(100)))
    first, second = link.frames(False, bytes([0xC0 | sequence, 0x81, 0, 0]) + objects)
    link.count(dn.RESPONSE)
    link.send(False, first)
    link.send(False, damaged(second, 10 + 18 + 1))
    capture.counts("dnp3").malformed += 1
    # The header of this one is damaged: it is found no more, the next is.
    good = [link.frames(True, bytes([0xC3 + i, dn.READ]) + dn.EVENTS)[0] for i in range(2)]
    link.send(True, damaged(good[0], 4) + b"\x00\x05\x64\x01" + good[1])
    link.count(dn.READ)
    link.count(dn.RESPONSE)
    link.send(False, b"".join(link.frames(False, b"\xc4\x81\x00\x00")))
    link.close()


@capture("dnp3-segments.pcap", "DNP3: answers in several link frames, sent one by one, together and in"
         " pieces; an answer in three fragments, each confirmed")
def many_segments(capture):
    link = session(capture)
    objects = dn.span(30, 3, 0, 299, struct.pack("<300i", *range(1000, 1300)))
    for joined in (True, False):
        sequence = link.request(dn.READ, dn.span(30, 3, 0, 299))
        link.respond(sequence, objects, joined=joined)
    sequence = link.request(dn.READ, dn.span(30, 3, 0, 299))
    data = b"".join(link.frames(False, bytes([0xC0 | sequence, 0x81, 0, 0]) + objects))
    link.count(dn.RESPONSE)
    for at in range(0, len(data), 100):
        link.send(False, data[at:at + 100])
    sequence = link.request(dn.READ, dn.CLASS_0)
    for i, control in enumerate((dn.FIR | dn.CON, dn.CON, dn.FIN | dn.CON)):
        part = dn.span(30, 3, 100 * i, 100 * i + 99, struct.pack("<100i", *range(100)))
        link.respond(sequence + i, part, control=control)
        link.confirm(sequence + i)
    link.exchange(dn.READ, dn.EVENTS)
    link.close()


@capture("dnp3-segment-lost.pcap", "DNP3: from a serial line: a segment of an answer that never came,"
         " one that came twice, one without a first, one left unfinished")
def segment_lost(capture):
    site = Substation()
    link = session(capture, site, size=48)
    objects = dn.span(30, 3, 0, 39, struct.pack("<40i", *range(40)))

    def answer():
        sequence = link.request(dn.READ, dn.span(30, 3, 0, 39))
        return link.frames(False, bytes([0xC0 | sequence, 0x81, 0, 0]) + objects)

    frames = answer()
    for frame in (frames[0], frames[2], frames[3]):
        link.send(False, frame)
    capture.step(6 * SECOND)
    frames = answer()
    for frame in (frames[0], frames[1], frames[1], frames[2], frames[3]):
        link.send(False, frame)
    link.count(dn.RESPONSE)
    capture.step(SECOND)
    for frame in answer()[1:]:
        link.send(False, frame)
    capture.step(6 * SECOND)
    for frame in answer()[:2]:
        link.send(False, frame)
    capture.step(6 * SECOND)
    for turn in range(3):
        poll(link, turn)
        capture.step(SECOND)
    link.close()


@capture("dnp3-udp.pcap", "DNP3 over UDP, two frames in a datagram, and an answer in two")
def over_udp(capture):
    site = Substation()
    capture.resolve(site.master, site.rtu)
    link = Dnp3(capture, site.master, site.rtu, udp=True)
    for turn in range(5):
        poll(link, turn)
        capture.step(SECOND)
    sequence = link.request(dn.READ, dn.span(30, 3, 0, 99))
    objects = dn.span(30, 3, 0, 99, struct.pack("<100i", *range(100)))
    link.respond(sequence, objects, joined=True)
    sequence = link.request(dn.READ, dn.span(30, 3, 0, 99))
    link.respond(sequence, objects, joined=False)
    link.send(True, link.frame(True, dn.LINK_STATUS))
    link.send(False, link.frame(False, dn.STATUS, primary=False))
    link.exchange(dn.WRITE, dn.counted(50, 1, dn.time48(capture.now)))


@capture("dnp3-other-port.pcap", "DNP3 on port 2404, from mid-stream: the first segments begin within"
         " frames")
def other_port(capture):
    site = Substation()
    connection = Tcp(capture, site.master, site.rtu, 2404)
    link = Dnp3(capture, site.master, site.rtu, connection=connection)
    # The end of an answer of which the capture has no more, then a whole one.
    tail = link.frames(False, b"\xc9\x81\x00\x00" + static(0))[0][-41:]
    whole = link.frames(False, b"\xd9\x82\x00\x00" + dn.indexed(2, 1, (1, b"\x81")))[0]
    link.count(dn.UNSOLICITED)
    link.send(False, tail + whole)
    for turn in range(6):
        poll(link, turn)
        capture.step(SECOND)
    link.exchange(dn.WRITE, dn.counted(50, 1, dn.time48(capture.now)))
    link.close()


@capture("dnp3-not-on-20000.pcap", "Another protocol on port 20000: a web interface")
def not_dnp3(capture):
    site = Substation()
    connection = Tcp(capture, site.laptop, site.rtu, 20000).open()
    for path in ("/", "/session_login.cgi", "/images/logo.png"):
        connection.send(CLIENT, b"GET %s HTTP/1.1\r\nHost: 192.168.20.21:20000\r\n\r\n" % path.encode())
        capture.jitter(2000, 9000)
        body = b"<html><title>Administration</title></html>"
        connection.send(SERVER, b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        capture.counts("http").requests["GET"] += 1
        capture.counts("http").responses["200"] += 1
        capture.jitter(2000, 9000)
    connection.close()


@capture("dnp3-outstation-connects.pcap", "DNP3: the outstation opens the connection to its master, as"
         " over mobile networks; the master asks all the same")
def outstation_connects(capture):
    site = Substation()
    capture.resolve(site.rtu, site.master)
    link = Dnp3(capture, site.master, site.rtu, outstation_connects=True).open()
    link.report(iin=dn.RESTART)
    for turn in range(5):
        poll(link, turn)
        capture.step(SECOND)
    objects = dn.indexed16(12, 1, (1, dn.crob(dn.LATCH_ON)))
    link.exchange(dn.DIRECT, objects, objects)
    link.close()


@capture("dnp3-gateway.pcap", "DNP3: a line of three outstations behind a terminal server, polled in"
         " turn on one connection; one of them is silent")
def gateway(capture):
    site = Substation()
    capture.resolve(site.master, site.gateway)
    connection = Tcp(capture, site.master, site.gateway, 4001)
    links = [Dnp3(capture, site.master, site.gateway, address=address, connection=connection)
             for address in (11, 12, 13)]
    links[0].open()
    for turn in range(4):
        for link in links[:2]:
            poll(link, turn)
        links[2].request(dn.READ, dn.EVENTS)
        capture.step(6 * SECOND)
    links[0].close()


@capture("dnp3-hole.pcap", "DNP3: bytes that the mirror lost: within a frame, and a whole answer")
def hole(capture):
    link = session(capture)
    for turn in range(4):
        poll(link, turn)
        capture.step(SECOND)
    # The start of an answer did not reach the mirror.
    sequence = link.request(dn.READ, dn.CLASS_0)
    data = b"".join(link.frames(False, bytes([0xC0 | sequence, 0x81, 0, 0]) + static(1)))
    connection = link.connection
    connection.next[SERVER] = (connection.next[SERVER] + 20) % 2**32
    connection.send(SERVER, data[20:])
    capture.jitter(4000, 9000)
    connection.send(CLIENT)
    capture.counts("dnp3").gap_bytes += 20
    for turn in range(4, 7):
        poll(link, turn)
        capture.step(SECOND)
    link.close()
