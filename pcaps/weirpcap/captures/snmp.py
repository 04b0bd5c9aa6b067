# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""SNMP: what devices say of themselves, settings, notices, version 3."""

from .. import snmp as s
from ..net import MINUTE, SECOND
from ..plant import Plant
from ..registry import capture
from ..snmp import Snmp

DAY = 24 * 60 * MINUTE  # behind the learning of what other captures show
SYSTEM = "1.3.6.1.2.1.1."
PHYSICAL = "1.3.6.1.2.1.47.1.1.1.1."
ENTERPRISE = "1.3.6.1.4.1.4329.6.1.2"
DESCRIPTION = "Siemens, SIMATIC NET, SCALANCE X208, 6GK5 208-0BA10-2AA3, HW: 4, FW: V4.5.0"
ENGINE = bytes.fromhex("800010e903286336100034")  # enterprise 4329, made of a MAC address


def nulls(*names):
    return [(name, s.NULL) for name in names]


def ask_system(snmp, community, version=s.V2C):
    values = (s.octets(DESCRIPTION + "\r\n"), s.oid(ENTERPRISE), s.number(123456, 0x43),
              s.octets("Maintenance, phone 4711"), s.octets("sw-press-1"), s.octets("Hall 3, cabinet 7"),
              s.number(2 + 64))
    names = [SYSTEM + "%d.0" % n for n in range(1, 8)]
    snmp.exchange(s.GET, community, nulls(*names), list(zip(names, values)), version)


@capture("snmp-identity.pcap", "A manager asks a switch for its system group, then walks the table of"
         " physical parts, in which the chassis is the second")
def identity(capture):
    plant = Plant()
    snmp = Snmp(capture, plant.engineering, plant.siemens)
    ask_system(snmp, "public")
    for column, values in ((5, (11, 3, 9)), (8, ("0", "4", "1")), (9, ("", "V4.5.0", "")),
                           (11, ("SVPA1", "SVPB1234567", "SVPC1")),
                           (12, ("Stack AG", "Siemens AG", "Siemens AG")),
                           (13, ("stack", "6GK5 208-0BA10-2AA3", "port module"))):
        row = [(PHYSICAL + "%d.%d" % (column, i + 1),
                s.number(v) if isinstance(v, int) else s.octets(v)) for i, v in enumerate(values)]
        snmp.exchange(s.GET_BULK, "public", nulls(PHYSICAL + str(column)), row, repetitions=3)
    first = PHYSICAL + "13.3"
    snmp.exchange(s.GET_NEXT, "public", nulls(first), [(first, s.END_OF_VIEW)])
    snmp.exchange(s.GET, "public", nulls(SYSTEM + "5.0", "1.3.6.1.4.1.99.1"),
                  [(SYSTEM + "5.0", s.octets("sw-press-1")), ("1.3.6.1.4.1.99.1", s.NO_SUCH_OBJECT)])


@capture("snmp-types.pcap", "Values of every type: numbers of both signs and up to 64 bits, addresses,"
         " times, texts, bytes; SNMP on another port")
def types(capture):
    plant = Plant()
    snmp = Snmp(capture, plant.hmi, plant.gateway, port=1161)
    pairs = [("1.3.6.1.4.1.8691.1.%d.0" % (i + 1), value) for i, value in enumerate((
        s.number(-1), s.number(-70000), s.number(2**31 - 1), s.number(2**32 - 1, 0x41),
        s.number(250, 0x42), s.number(8640000, 0x43), s.number(2**63, 0x46),
        s.element(0x40, bytes([10, 1, 2, 3])), s.octets("text"), s.octets(bytes([0, 128, 255])),
        s.oid("1.3.6.1.4.1.8691.2680.100000"), s.octets(""), s.element(0x44, b"\x9f\x78\4\0\0\0\0")))]
    snmp.exchange(s.GET, "monitor", nulls(*(name for name, _ in pairs)), pairs)


@capture("snmp-set-trap.pcap", "A contact is set, a port is turned off, a setting is refused; traps of"
         " version 1 and 2, an inform with its answer; the community is private")
def set_trap(capture):
    capture.step(DAY)
    plant = Plant()
    snmp = Snmp(capture, plant.engineering, plant.siemens)
    contact = [(SYSTEM + "4.0", s.octets("nobody"))]
    snmp.exchange(s.SET, "private", contact, contact)
    down = [("1.3.6.1.2.1.2.2.1.7.3", s.number(2))]
    snmp.exchange(s.SET, "private", down, down)
    snmp.exchange(s.SET, "private", [(SYSTEM + "1.0", s.octets("x"))],
                  [(SYSTEM + "1.0", s.octets("x"))], status=17, index=1)
    snmp.exchange(s.GET, "private", nulls("1.3.6.1.9"), nulls("1.3.6.1.9"), s.V1, status=2, index=1)
    pairs = [("1.3.6.1.2.1.2.2.1.1.3", s.number(3))]
    agent = bytes([192, 168, 10, 34])
    snmp.notify(s.TRAP_1, s.message(s.V1, "public", s.trap_1(ENTERPRISE, agent, 2, 0, pairs)))
    snmp.notify(s.TRAP_1, s.message(s.V1, "public", s.trap_1(ENTERPRISE, agent, 6, 42, pairs)))
    notice = [("1.3.6.1.2.1.1.3.0", s.number(900, 0x43)),
              ("1.3.6.1.6.3.1.1.4.1.0", s.oid("1.3.6.1.6.3.1.1.5.3")), *pairs]
    snmp.notify(s.TRAP, s.message(s.V2C, "public", s.pdu(s.TRAP, 77, notice)))
    named = [*notice, (SYSTEM + "5.0", s.octets("sw-press-1"))]
    snmp.notify(s.INFORM, s.message(s.V2C, "public", s.pdu(s.INFORM, 78, named)))
    snmp.count(s.RESPONSE)
    capture.udp(plant.engineering, plant.siemens, (162, 161),
                s.message(s.V2C, "public", s.pdu(s.RESPONSE, 78, named)))


@capture("snmp-version3.pcap", "Version 3: the engine is found out, a question without and one with"
         " authentication, then all is encrypted")
def version3(capture):
    plant = Plant()
    snmp = Snmp(capture, plant.engineering, plant.siemens)
    unknown_engine = [("1.3.6.1.6.3.15.1.1.4.0", s.number(5, 0x41))]
    snmp.count(s.GET)
    snmp.ask(s.version_3(1, s.REPORTABLE, b"", "", s.pdu(s.GET, 1, [])))
    snmp.count(s.REPORT, failed=True)
    snmp.answer(s.version_3(1, 0, ENGINE, "", s.pdu(s.REPORT, 0, unknown_engine)))
    for identifier, flags in ((2, 0), (3, s.AUTH)):
        names = [SYSTEM + "5.0"]
        snmp.count(s.GET)
        snmp.ask(s.version_3(identifier, flags | s.REPORTABLE, ENGINE, "operator",
                             s.pdu(s.GET, identifier, nulls(*names)), "bridge1"))
        snmp.count(s.RESPONSE)
        snmp.answer(s.version_3(identifier, flags, ENGINE, "operator",
                                s.pdu(s.RESPONSE, identifier, [(names[0], s.octets("sw-press-1"))])))
    for identifier in (4, 5):
        for send, flags in ((snmp.ask, 7), (snmp.answer, 3)):
            capture.counts("snmp").userdata["encrypted"] += 1
            send(s.version_3(identifier, flags, ENGINE, "operator", capture.random.octets(64)))


@capture("snmp-malformed.pcap", "SNMP that contradicts itself: variables longer than the list, a list"
         " that is none, a number of nine bytes; bytes on port 161 that are no SNMP")
def malformed(capture):
    plant = Plant()
    snmp = Snmp(capture, plant.engineering, plant.siemens)
    good = s.number(5) + s.number(0) + s.number(0)
    bad = [good + s.sequence(s.element(0x30, s.oid("1.3.6.1") + b"\4\x7f")),
           good + s.octets("no list"), good + s.sequence(s.octets("pair")),
           s.element(2, bytes(9)) + s.number(0) + s.number(0) + s.sequence()]
    for body in bad:
        snmp.count(s.GET)
        snmp.ask(s.message(s.V2C, "public", s.element(0xA0, body)))
    capture.counts("snmp").malformed += len(bad)
    capture.step(SECOND)
    other = Snmp(capture, plant.hmi, plant.siemens)
    for data in (b"\x30\x80\0\0", b"\x30\x84\xff\xff\xff\xff" + bytes(20), b"GET / HTTP/1.0\r\n\r\n"):
        other.ask(data)
