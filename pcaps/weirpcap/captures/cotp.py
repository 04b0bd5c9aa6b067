# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""COTP connections: with S7 controllers, and of others that must not be taken for them."""

import struct

from .. import cotp as co
from .. import s7comm as s7
from ..cotp import Cotp
from ..net import CLIENT, SERVER, SECOND
from ..plant import Plant
from ..registry import capture
from ..s7comm import S7


@capture("cotp-tsap-probing.pcap", "A host tries one TSAP after another: refused, answered by an"
         " error, and at last confirmed")
def probing(capture):
    plant = Plant()
    capture.resolve(plant.stranger, plant.siemens)
    for slot in range(8):
        session = Cotp(capture, plant.stranger, plant.siemens,
                       called=co.siemens(co.PG, 0, slot))
        session.tcp.open()
        session.send(CLIENT, co.CR, co.connect(co.CR, 0, 1, session.calling, session.called))
        if slot == 2:
            session.send(SERVER, co.CC, co.connect(co.CC, 1, 9, session.calling, session.called))
        elif slot == 5:
            session.send(SERVER, co.ER, co.error(1, 3))
            capture.counts("cotp").errors["er"] += 1
        else:
            session.send(SERVER, co.DR, co.disconnect(1, 0, 3))
            capture.counts("cotp").errors["dr"] += 1
        session.close()
        capture.step(SECOND)


@capture("cotp-connections.pcap", "TSAPs of programming stations, panels and configured"
         " connections, named ones, and a disconnection")
def connections(capture):
    plant = Plant()
    called = (co.siemens(co.PG, 0, 2), co.siemens(co.OP, 0, 3), co.siemens(co.BASIC, 1, 4),
              b"\x10\x03", b"SIMATIC-ROOT-HMI", b"\x4d\x57")
    for tsap in called:
        session = Cotp(capture, plant.engineering, plant.siemens, called=tsap)
        session.open()
        session.send(CLIENT, co.DR, co.disconnect(0x4431, 1, 128))
        session.close()


@capture("cotp-mms.pcap", "MMS on port 102: a session is set up and used, which is not S7")
def mms(capture):
    plant = Plant()
    session = Cotp(capture, plant.hmi, plant.gateway, calling=b"\x00\x01", called=b"\x00\x01")
    session.open()
    accept = bytes.fromhex("0e8205061301001601021402000234020001c1")
    connect = bytes.fromhex("0d8205061301001601021402000233020001340200"
                            "01c1843182010ba003800101a2820102")
    session.message(CLIENT, connect + bytes(40))
    session.message(SERVER, accept + bytes(30))
    for i in range(6):
        read = bytes.fromhex("01000100610f300d020103a008a006020101")
        session.message(CLIENT, read + bytes([i]))
        session.message(SERVER, read + bytes([i, 0x84, 1, 0x32]))
    capture.counts("cotp").unknown += 14
    session.close()


def rdp(capture, plant):
    """The start of a remote desktop session: a cookie, a negotiation, then T.125."""
    session = Cotp(capture, plant.engineering, plant.hmi, port=3389, counted=False)
    session.tcp.open()
    cookie = b"Cookie: mstshash=operator\r\n" + bytes.fromhex("0100080003000000")
    session.send(CLIENT, co.CR, co.tpdu(co.CR, bytes(5) + cookie))
    session.send(SERVER, co.CC, co.tpdu(co.CC, bytes.fromhex("00001234000200080001000000")))
    capture.counts("rdp").requests["connect"] += 1
    capture.counts("rdp").responses["connect_confirm"] += 1
    session.message(CLIENT, bytes.fromhex("7f658201940401010401010101ff30190201220201020201000201"))
    session.message(SERVER, bytes.fromhex("7f66820145020100020100301a0201220201030201000201"))
    for channel in range(3):
        session.message(CLIENT, struct.pack(">BHH", 0x38, 6, 1003 + channel))
        session.message(SERVER, struct.pack(">BBHHH", 0x3E, 0, 6, 1003 + channel, 1003 + channel))
    for i in range(6):
        session.message(CLIENT, bytes([0x64, 0, 6, 3, 0xEB, 0x70, 0x32]) + bytes([i] * 50))
        session.message(SERVER, bytes([0x68, 0, 1, 3, 0xEB, 0x70, 0x72]) + bytes([i] * 80))
    session.close()


@capture("cotp-other-ports.pcap", "Remote desktop on port 3389 and a telephone's Q.931 on 1720 have"
         " the same packets: neither is claimed as COTP")
def others(capture):
    plant = Plant()
    rdp(capture, plant)
    call = Cotp(capture, plant.hmi, plant.gateway, port=1720, counted=False)
    call.tcp.open()
    for i in range(5):
        setup = bytes.fromhex("0802000105040388c0a528") + b"control room" + bytes([i])
        call.tcp.send(CLIENT, co.tpkt(setup))
        capture.jitter(200, 500)
        call.tcp.send(SERVER, co.tpkt(bytes.fromhex("08028001020404") + bytes([i] * 9)))
        capture.jitter(200, 500)
    call.close()


def poll(session, times=3):
    for i in range(times):
        session.read((s7.address(s7.DB, 0, kind=s7.INT, count=2, db=1),
                      s7.value(s7.V_INT, struct.pack(">hh", 100 + i, -i))),
                     (s7.address(s7.M, 10, 3, kind=s7.BIT), s7.value(s7.V_BIT, bytes([i & 1]))))


@capture("cotp-not-on-102.pcap", "Port 102 is asked for a web page")
def not_on_102(capture):
    plant = Plant()
    web = Cotp(capture, plant.stranger, plant.siemens, counted=False)
    web.tcp.open()
    for _ in range(3):
        web.tcp.send(CLIENT, b"GET / HTTP/1.1\r\nHost: plc-4\r\n\r\n")
        capture.counts("http").requests["GET"] += 1
        capture.jitter(200, 500)
        web.tcp.send(SERVER)
        capture.step(SECOND)
    web.close()


@capture("cotp-fragments.pcap", "Messages in several data TPDUs, behind the empty one that Siemens"
         " stations send, and several packets a segment")
def fragments(capture):
    plant = Plant()
    session = S7(capture, plant.hmi, plant.siemens).open()
    request = s7.message(s7.JOB, 0x2000, s7.variables(s7.READ, [
        s7.address(s7.DB, 0, kind=s7.REAL, count=20, db=7)]))
    answer = s7.message(s7.ACK_DATA, 0x2000, bytes([s7.READ, 1]), s7.value(
        s7.V_REAL, b"".join(struct.pack(">f", i / 4) for i in range(20))))
    for size in (10, 23, 200):
        session.note(request)
        session.in_parts(CLIENT, request, size, empty_first=True)
        session.note(answer)
        session.in_parts(SERVER, answer, size)
    # An empty TPDU, a request and another one in one segment; then one in three segments.
    both = b""
    for reference in (0x2100, 0x2200):
        pdu = s7.message(s7.JOB, reference, s7.variables(s7.READ, [
            s7.address(s7.M, 0, kind=s7.WORD, count=2)]))
        session.note(pdu)
        for last, user in ((False, b""), (True, pdu)):
            session.count(CLIENT, co.DT)
            both += co.data(user, last)
    session.tcp.send(CLIENT, both)
    capture.jitter(500, 900)
    for reference in (0x2200, 0x2100):
        pdu = s7.message(s7.ACK_DATA, reference, bytes([s7.READ, 1]),
                         s7.value(s7.V_BYTES, b"\x12\x34\x56\x78"))
        session.note(pdu)
        session.count(SERVER, co.DT)
        packet = co.data(pdu)
        for piece in (packet[:3], packet[3:9], packet[9:]):
            session.tcp.send(SERVER, piece)
            capture.jitter(20, 60)
    session.close()


@capture("s7comm-other-port.pcap", "S7comm on port 1102 from its connection on, and on port 5102 in"
         " mid-stream")
def other_port(capture):
    plant = Plant()
    session = S7(capture, plant.hmi, plant.siemens, port=1102).open()
    poll(session)
    session.close()
    late = S7(capture, plant.hmi, plant.siemens, port=5102)
    poll(late, 5)


@capture("s7comm-midstream.pcap", "S7comm first seen in the middle of a message, and with a hole"
         " later on")
def midstream(capture):
    plant = Plant()
    session = S7(capture, plant.hmi, plant.siemens)
    rest = co.data(s7.message(s7.ACK_DATA, 0x77, bytes([s7.READ, 1]),
                              s7.value(s7.V_BYTES, bytes(range(60)))))[40:]
    session.tcp.send(SERVER, rest)
    capture.jitter(300, 900)
    poll(session, 4)
    lost = co.data(s7.message(s7.ACK_DATA, 0x78, bytes([s7.READ, 1]),
                              s7.value(s7.V_BYTES, bytes(40))))
    session.tcp.segment(SERVER, lost)  # sent, not captured
    capture.counts("s7comm").gap_bytes += len(lost)
    capture.step(SECOND)
    poll(session, 4)
