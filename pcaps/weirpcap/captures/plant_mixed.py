# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""A small water works in one capture: controllers of several makers at their daily work, an engineer
who asks and uploads, and a stranger who stops and changes."""

import struct

from .. import cip as c
from .. import dnp3 as dn
from .. import enip as e
from .. import layers
from .. import modbus as mb
from .. import pccc as p
from .. import s7comm as s7
from .. import s7comm_plus as sp
from ..cotp import CR, DR, OP, PG, Cotp, connect, disconnect, siemens
from ..dnp3 import Dnp3
from ..enip import Enip
from ..modbus import Modbus
from ..net import BASE_TIME, CLIENT, MILLISECOND, SECOND, SERVER, Host
from ..pccc import OverCip, Pccc
from ..plant import NO_MAC
from ..registry import capture
from ..s7comm import S7
from ..s7comm_plus import Session
from .cip import ADAPTER, ASSEMBLIES, Cyclic, io_connection, read_identity
from .cip_objects import CONTROLLER, DINT, READ_TAG, REAL, TCPIP, WRITE_TAG, text
from .dnp3 import analog, static, text_attribute
from .pccc import MICROLOGIX
from .s7comm import identifications, mode_record

END = 90  # seconds of plant time


def host(name, mac, number, **options):
    return Host(name, mac, "192.168.10.%d" % number, "fd00:10::%x" % number,
                identifier=number << 8, **options)


class Waterworks:
    def __init__(self):
        self.scada = host("scada", "d4:be:d9:10:00:0a", 10, ttl=128)          # Dell
        self.frontend = host("frontend", "d4:be:d9:10:00:0b", 11, ttl=128)    # Dell
        self.engineer = host("engineer", "5c:8a:38:10:00:14", 20, ttl=128)    # HP
        self.pumps = host("pumps", "28:63:36:10:00:1f", 31, ttl=30)           # Siemens
        self.tanks = host("tanks", "ac:64:17:10:00:20", 32, ttl=30)           # Siemens
        self.filter = host("filter", "f4:54:33:10:00:29", 41)                 # Rockwell
        self.remote = host("remote", "5c:88:16:10:00:2a", 42)                 # Rockwell
        self.dosing = host("dosing", "00:0f:73:10:00:2b", 43)                 # Rockwell
        self.blowers = host("blowers", "00:80:f4:10:00:33", 51)               # Schneider
        self.rtu = host("rtu", "00:30:a7:10:00:3d", 61)                       # SEL
        self.stranger = host("stranger", "b8:27:eb:10:00:c7", 199)            # Raspberry Pi

    def all(self):
        return list(vars(self).values())


class Schedule:
    """What happens when: each act begins at its own time, and acts may overlap."""

    def __init__(self, capture):
        self.capture, self.acts = capture, []

    def at(self, seconds, act):
        self.acts.append((round(seconds * 1000), len(self.acts), act))

    def every(self, first, period, act):
        """act: takes the number of its turn."""
        turn = 0
        while first + period * turn < END:
            self.at(first + period * turn, lambda turn=turn: act(turn))
            turn += 1

    def run(self):
        for milliseconds, _, act in sorted(self.acts, key=lambda entry: entry[:2]):
            self.capture.now = BASE_TIME + milliseconds * MILLISECOND
            act()
        self.capture.sort()


# ---- the pumps: an S7-300 ----

MAIN = s7.block(s7.OB, 1, bytes(i * 11 & 0xFF for i in range(180)), 1, b"M.KELLER", b"PUMPS", b"MAIN")
CHANGED = MAIN.replace(bytes(i * 11 & 0xFF for i in range(40, 50)), bytes(10))
COMPONENTS = [s7.component(1, b"PUMPS"), s7.component(2, b"CPU 315-2 PN/DP"),
              s7.component(3, b"WATERWORKS"), s7.component(4, b"Original Siemens Equipment"),
              s7.component(5, b"S C-X4U421302009"), s7.component(7, b"CPU 315-2 PN/DP"),
              s7.component(11, b"PUMP HOUSE")]


def pumps_polled(capture, site, schedule):
    panel = S7(capture, site.scada, site.pumps, kind=OP)
    schedule.at(0.2, lambda: (capture.resolve(site.scada, site.pumps), panel.open()))

    def poll(turn):
        flow = 182.5 + turn % 5 / 4
        panel.read((s7.address(s7.DB, 0, kind=s7.REAL, count=2, db=10),
                    s7.value(s7.V_REAL, struct.pack(">ff", flow, 4.25))),
                   (s7.address(s7.M, 20, kind=s7.WORD),
                    s7.value(s7.V_BYTES, struct.pack(">H", 0x0103))),
                   (s7.address(s7.Q, 0, 0, s7.BIT), s7.value(s7.V_BIT, b"\x01")))
    schedule.every(1, 5, poll)
    schedule.at(12.4, lambda: panel.write((s7.address(s7.DB, 8, kind=s7.REAL, db=10),
                                           s7.value(s7.V_REAL, struct.pack(">f", 4.5)), s7.OK)))


# ---- the tanks: an S7-1500 ----

TANKS = "1;6ES7 511-1AK01-0AB0;V2.8"


def tanks_polled(capture, site, schedule):
    panel = Session(capture, site.scada, site.tanks, version=2, digest=True)
    schedule.at(0.3, lambda: (capture.resolve(site.scada, site.tanks), panel.open(),
                              panel.greet(TANKS, "SCADA-1", "SCADA", "HMI RT")))

    def poll(turn):
        panel.exchange(sp.GET_MULTI,
                       sp.get_multi(sp.address(sp.area(5), 10, crc=0xA9BC66E6),
                                    sp.address(sp.area(5), 11, crc=0x0D81D0C8),
                                    sp.address(sp.area(memory=82), 9, crc=0x7D2E0001)),
                       sp.got([(1, sp.real(3.125 + turn / 64)), (2, sp.integer(118)),
                               (3, sp.boolean(1))]))
    schedule.every(1.5, 5, poll)


# ---- the filters: a ControlLogix and its remote I/O ----

RACK = [c.identity(1, 14, 93, (20, 11), 0x3160, 0x00C0FFEE, "1756-L72/B LOGIX5572"),
        c.identity(1, 12, 166, (10, 7), 0x0030, 0x00B41D9E, "1756-EN2T/D"),
        c.identity(1, 7, 17, (3, 5), 0x0000, 0x00010A11, "1756-IB16/A DCIN"),
        c.identity(1, 7, 33, (3, 3), 0x0000, 0x00010A12, "1756-OB16D/A DCOUT DIAG"),
        c.identity(1, 10, 47, (1, 5), 0x0000, 0x00010A13, "1756-IF8/A")]
BRIDGE = RACK[1]
ONE = struct.pack("<H", 1)


def read_tag(name):
    return c.request(READ_TAG, c.symbol(name), ONE)


def tag_value(kind, form, value):
    return c.answer(READ_TAG, struct.pack("<H" + form, kind, value))


def filter_polled(capture, site, schedule):
    panel = Enip(capture, site.scada, site.filter)
    router = c.port(1, 0) + c.path(c.MESSAGE_ROUTER, 1)
    schedule.at(0.4, lambda: (capture.resolve(site.scada, site.filter), panel.open(),
                              panel.forward_open(c.Connection(0x00790B01, 0x80FE0014, 0x14, router))))

    def poll(turn):
        panel.connected(c.multiple_request([read_tag(name) for name in (
            "FT_101", "Backwash_Step", "Turbidity")]), c.multiple_answer([
                tag_value(REAL, "f", 61.5 + turn % 4 / 8), tag_value(DINT, "i", 3),
                tag_value(REAL, "f", 0.25)]))
    schedule.every(2, 5, poll)
    schedule.at(17.3, lambda: panel.connected(
        c.request(WRITE_TAG, c.symbol("Flow_Setpoint"), struct.pack("<HHf", REAL, 1, 62)),
        c.answer(WRITE_TAG)))


def filter_io(capture, site, schedule, stopped):
    adapter = Enip(capture, site.filter, site.remote)
    connection = io_connection(0x51, ASSEMBLIES, rpi=250000)
    schedule.at(0.1, lambda: (capture.resolve(site.filter, site.remote), adapter.open(),
                              adapter.forward_open(connection)))
    out = Cyclic(capture, site.filter, site.remote, connection, 0, 4)
    back = Cyclic(capture, site.remote, site.filter, connection, 1, 12)

    def turn(number):
        out.send(0 if capture.now - BASE_TIME > stopped * SECOND else 1)
        capture.jitter(500, 900)
        back.send()
    schedule.every(0.6, 0.25, turn)


# ---- dosing: a MicroLogix; the blowers: a Modicon M340 ----

def dosing_polled(capture, site, schedule):
    panel = Pccc(OverCip(Enip(capture, site.scada, site.dosing)))
    schedule.at(0.5, lambda: (capture.resolve(site.scada, site.dosing),
                              panel.carrier.enip.open()))

    def poll(turn):
        panel.read(7, p.INTEGER, 0, p.words(120 + turn % 3, 40, 0, 7))
        panel.read(8, p.FLOAT, 0, p.floats(1.75, 7.25))
    schedule.every(2.5, 5, poll)


def blowers_polled(capture, site, schedule):
    panel = Modbus(capture, site.scada, site.blowers)
    schedule.at(0.6, lambda: (capture.resolve(site.scada, site.blowers), panel.open()))
    schedule.every(1.8, 5, lambda turn: panel.exchange(
        mb.read(3, 0, 4), mb.registers_answer(3, [1480 + turn % 7, 62, 0, 315])))


# ---- the reservoir: a DNP3 outstation ----

OUTSTATION = 10


def rtu_polled(capture, site, schedule, silenced):
    link = Dnp3(capture, site.frontend, site.rtu, address=OUTSTATION)
    schedule.at(0.7, lambda: (capture.resolve(site.frontend, site.rtu), link.open()))
    schedule.at(1.2, lambda: link.exchange(dn.READ, dn.span(0, 254, 0, 0), b"".join((
        text_attribute(252, b"Schweitzer Engineering Laboratories"),
        text_attribute(250, b"SEL-3530"), text_attribute(248, b"1142190517"),
        text_attribute(242, b"R148-V0"), text_attribute(247, b"RESERVOIR"),
        text_attribute(245, b"North reservoir"))), confirm=True))
    schedule.every(4.7, 30, lambda turn: link.exchange(dn.READ, dn.INTEGRITY, static(turn)))
    schedule.every(7.2, 5, lambda turn: link.exchange(dn.READ, dn.EVENTS))

    def report(number):
        if number * 20 + 9 < silenced:
            when = dn.time48(capture.now)
            link.report(dn.indexed(32, 3, (0, analog(4120 + 7 * number) + when)))
    schedule.every(9, 20, report)
    schedule.at(15, lambda: operate(link))


def command(link, function, code, status=0):
    objects = dn.indexed16(12, 1, (1, dn.crob(code)))
    link.exchange(function, objects, objects[:-1] + bytes([status]))


def operate(link):
    command(link, dn.SELECT, dn.CLOSE_PULSE)
    command(link, dn.OPERATE, dn.CLOSE_PULSE)


# ---- the engineer: asks who they are, and takes a copy of the pumps' main block ----

def list_identity(capture, site, asker):
    counts = capture.counts("enip")
    ports = asker.next_port(), e.PORT
    counts.requests[e.LIST_IDENTITY] += 1
    capture.udp(asker, e.BROADCAST, ports, e.packet(e.LIST_IDENTITY))
    for device, found in ((site.remote, ADAPTER), (site.filter, BRIDGE), (site.dosing, DOSING)):
        capture.jitter(900, 9000)
        counts.responses[e.LIST_IDENTITY] += 1
        capture.udp(device, asker, ports[::-1],
                    e.packet(e.LIST_IDENTITY, e.items(e.identity_item(device, found))))


DOSING = c.identity(1, 14, 90, (2, 15), 0x0034, 0x40A3C9F1, "1766-L32BXB B/15.00")


def engineer_pumps(capture, site):
    capture.resolve(site.engineer, site.pumps)
    session = S7(capture, site.engineer, site.pumps).open()
    session.read_szl(0x0011, 0, identifications())
    session.read_szl(0x001C, 0, COMPONENTS)
    session.read_szl(0x0424, 0, [mode_record(0x48)])
    kinds = b"".join(b"0%X" % kind + struct.pack(">H", n) for kind, n in
                     ((s7.OB, 1), (s7.FC, 6), (s7.BLOCK_DB, 12)))
    session.userdata(s7.BLOCKS, 1, s7.NOTHING, s7.octets(kinds))
    session.upload(s7.OB, 1, MAIN)
    session.close()


def engineer_tanks(capture, site):
    capture.resolve(site.engineer, site.tanks)
    session = Session(capture, site.engineer, site.tanks, version=3, digest=True,
                      called="SIMATIC-ROOT-ES", session=0x388).open()
    session.greet(TANKS, "TIA-EWS01", role=1)
    session.identify("6ES7 511-1AK01-0AB0", "S C-J6PL2719", 1, (2, 8, 1))
    session.state(8)
    session.leave()
    session.close()


def engineer_filter(capture, site):
    capture.resolve(site.engineer, site.filter)
    enip = Enip(capture, site.engineer, site.filter, session=0x12).open()
    read_identity(enip, BRIDGE)
    enip.exchange(c.request(c.GET, c.path(TCPIP, 1, 6)), c.answer(c.GET, text("FILTER")))
    for slot, found in enumerate(RACK):
        read_identity(enip, found, c.port(1, slot))
    enip.close()


def engineer_others(capture, site):
    capture.resolve(site.engineer, site.dosing)
    mill = Pccc(OverCip(Enip(capture, site.engineer, site.dosing, session=0x13).open()))
    mill.status(MICROLOGIX)
    mill.carrier.enip.close()
    capture.step(SECOND)
    capture.resolve(site.engineer, site.blowers)
    master = Modbus(capture, site.engineer, site.blowers).open()
    master.exchange(mb.identify(1), mb.identify_answer(1, 1, [
        (0, b"Schneider Electric"), (1, b"BMX P34 2020"), (2, b"V3.20")]))
    master.close()


# ---- the stranger ----

def sweep(capture, site):
    """ARP requests over the controllers' part of the network; those that live there answer."""
    owners = {owner.ip4: owner for owner in site.all() if owner is not site.stranger}
    for number in range(30, 65):
        target = "192.168.10.%d" % number
        capture.add(capture.arp_frame(1, site.stranger, layers.BROADCAST, NO_MAC, target))
        capture.jitter(100, 300)
        if target in owners:
            capture.arp_reply(owners[target], site.stranger)
        capture.step(5 * MILLISECOND)


def probe(capture, site):
    """Which slot has the CPU?"""
    for slot in range(5):
        called = siemens(PG, 0, slot)
        session = Cotp(capture, site.stranger, site.pumps, called=called)
        if slot == 2:
            session.open()
        else:
            session.tcp.open()
            session.send(CLIENT, CR, connect(CR, 0, 1, session.calling, called))
            session.send(SERVER, DR, disconnect(1, 0, 3))
        session.close()
        capture.step(150 * MILLISECOND)


def stop_and_load(capture, site, schedule):
    """The pumps are stopped, and their main block is replaced by one without its interlock."""
    session = S7(capture, site.stranger, site.pumps)
    schedule.at(58, lambda: (session.open(), session.read_szl(0x0011, 0, identifications()),
                             session.read_szl(0x001C, 0, COMPONENTS)))
    schedule.at(60, lambda: (session.stop(), session.mode(0)))
    schedule.at(62, lambda: (session.download(s7.OB, 1, CHANGED),
                             session.pi_blocks(b"_INSE", s7.name(s7.OB, 1))))
    schedule.at(64, session.close)


def stop_filter(capture, site):
    enip = Enip(capture, site.stranger, site.filter, session=0x14).open()
    read_identity(enip, RACK[0], c.port(1, 0))
    enip.exchange(c.unconnected_send(c.request(c.STOP, c.path(CONTROLLER, 1)), c.port(1, 0)),
                  c.answer(c.STOP))
    enip.close()


def silence_rtu(capture, site, schedule):
    link = Dnp3(capture, site.stranger, site.rtu, address=OUTSTATION)
    schedule.at(74, lambda: (link.open(), link.exchange(dn.DISABLE, dn.EVENTS)))
    schedule.at(76, lambda: command(link, dn.OPERATE, dn.TRIP_PULSE, status=2))
    schedule.at(77, lambda: (command(link, dn.DIRECT, dn.TRIP_PULSE), link.close()))


@capture("plant-mixed.pcap", "A small water works in 90 s: S7-300, S7-1500, ControlLogix with remote"
         " I/O, MicroLogix, M340 and a DNP3 outstation are polled and commanded; an engineer identifies"
         " them and uploads a block; a stranger scans, stops two controllers, loads a block, turns"
         " reports off and trips a breaker")
def plant_mixed(capture):
    site, schedule = Waterworks(), Schedule(capture)
    pumps_polled(capture, site, schedule)
    tanks_polled(capture, site, schedule)
    filter_polled(capture, site, schedule)
    filter_io(capture, site, schedule, stopped=70)
    dosing_polled(capture, site, schedule)
    blowers_polled(capture, site, schedule)
    rtu_polled(capture, site, schedule, silenced=74)
    schedule.at(22, lambda: list_identity(capture, site, site.engineer))
    schedule.at(24, lambda: engineer_pumps(capture, site))
    schedule.at(28, lambda: engineer_tanks(capture, site))
    schedule.at(31, lambda: engineer_filter(capture, site))
    schedule.at(34, lambda: engineer_others(capture, site))
    schedule.at(50, lambda: sweep(capture, site))
    schedule.at(52, lambda: list_identity(capture, site, site.stranger))
    schedule.at(54, lambda: probe(capture, site))
    stop_and_load(capture, site, schedule)
    schedule.at(70, lambda: stop_filter(capture, site))
    silence_rtu(capture, site, schedule)
    schedule.run()
    del capture.others["cotp"]  # not promised: those of S7comm-plus are not counted
