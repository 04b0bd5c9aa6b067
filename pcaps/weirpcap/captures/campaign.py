# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""What known campaigns do, step by step, and what the plant does every day that looks alike."""

from dataclasses import replace

from .. import cip as c
from .. import dnp3 as dn
from .. import modbus as mb
from .. import s7comm as s7
from ..dnp3 import Dnp3
from ..enip import Enip
from ..modbus import Modbus
from ..net import CLIENT, MILLISECOND, MINUTE, SECOND, SERVER, Tcp
from ..plant import host
from ..registry import capture
from ..s7comm import S7
from .cip_objects import CONTROLLER
from .identity import gratuitous
from .plant_mixed import (CHANGED, COMPONENTS, MAIN, Waterworks, engineer_filter, engineer_others,
                          engineer_pumps, list_identity, sweep)
from .s7comm import identifications

HOUR = 60 * MINUTE
DAY = 24 * HOUR
SAFETY = c.identity(1, 14, 211, (33, 11), 0x3060, 0x0177AA21, "1756-L84ES GuardLogix 5580")


class Grid(Waterworks):
    """The water works, a safety controller, and six outstations of a distribution grid."""

    def __init__(self):
        super().__init__()
        self.safety = host("safety", "f4:54:33:10:00:44", 44, identifier=0x4400)
        self.presses = [host("press-%d" % i, "28:63:36:10:00:%02x" % (0x60 + i), 96 + i, ttl=30,
                             identifier=0x6000 + 0x100 * i) for i in range(3)]
        self.bays = [host("bay-%d" % i, "00:30:a7:10:00:%02x" % (0x80 + i), 128 + i,
                          identifier=0x8000 + 0x100 * i) for i in range(6)]

    def all(self):
        groups = self.bays, self.presses
        alone = [value for value in vars(self).values() if value not in groups]
        return alone + self.bays + self.presses


def registers(capture, client, server, count, first=100):
    master = Modbus(capture, client, server).open()
    for i in range(count):
        request = mb.write_register(first + i, 20 + i)
        master.exchange(request, request)
        capture.step(2 * SECOND)
    master.close()


def command(link, function, point, code=dn.TRIP_PULSE):
    objects = dn.indexed16(12, 1, (point, dn.crob(code)))
    link.exchange(function, objects, objects[:-1] + bytes([0]))


def operate(link, points, code=dn.TRIP_PULSE):
    for point in points:
        command(link, dn.SELECT, point, code)
        command(link, dn.OPERATE, point, code)


def identity_asked(capture, client, server, identity):
    enip = Enip(capture, client, server).open()
    enip.exchange(c.request(c.GET_ALL, c.path(c.IDENTITY, 1)), c.answer(c.GET_ALL, identity))
    return enip


def take_up(capture, site):
    """The front end starts: reports off, all values, reports on again."""
    link = Dnp3(capture, site.frontend, site.rtu).open()
    link.exchange(dn.DISABLE, dn.EVENTS)
    link.exchange(dn.READ, dn.EVENTS)
    link.exchange(dn.ENABLE, dn.EVENTS)
    link.close()


def inventory(capture, site):
    """An engineering tool asks the presses who they are."""
    for press in site.presses:
        session = S7(capture, site.engineer, press).open()
        session.read_szl(0x0011, 0, identifications())
        session.close()


@capture("campaign-quiet.pcap", "What the plant of the campaigns does in a quiet hour: polling, a recipe"
         " written by the SCADA server, a front end that starts, points of two outstations operated, an"
         " engineer who browses")
def quiet(capture):
    site = Grid()
    for device in [site.pumps, site.filter, site.blowers, site.dosing]:
        capture.resolve(site.scada, device)
    for device in [site.rtu] + site.bays:
        capture.resolve(site.frontend, device)
    capture.resolve(site.engineer, site.pumps)
    panel = S7(capture, site.scada, site.pumps, kind=2).open()
    master = Modbus(capture, site.scada, site.blowers).open()
    for turn in range(10):
        panel.read((s7.address(s7.M, 20, kind=s7.WORD), s7.value(s7.V_BYTES, b"\1\3")))
        master.exchange(mb.read(3, 0, 4), mb.registers_answer(3, [1480 + turn, 62, 0, 315]))
        capture.step(MINUTE)
    registers(capture, site.scada, site.blowers, 12)
    for bay in site.bays:
        link = Dnp3(capture, site.frontend, bay).open()
        link.exchange(dn.READ, dn.EVENTS)
        if bay in site.bays[:2]:
            operate(link, [1, 2], dn.CLOSE_PULSE)
        link.close()
    take_up(capture, site)
    identity_asked(capture, site.engineer, site.safety, SAFETY).close()
    engineer_pumps(capture, site)
    inventory(capture, site)


@capture("campaign-recipe.pcap", "The SCADA server writes another recipe, the front end starts again and"
         " operates two points of two outstations, the engineer browses: nothing new to who knows the quiet"
         " hour")
def recipe(capture):
    capture.step(DAY)
    site = Grid()
    registers(capture, site.scada, site.blowers, 12)
    for bay in site.bays[:2]:
        link = Dnp3(capture, site.frontend, bay).open()
        operate(link, [1, 2], dn.CLOSE_PULSE)
        link.close()
    take_up(capture, site)
    inventory(capture, site)


@capture("campaign-intrusion.pcap", "A laptop joins, sweeps the network, asks who is there, reads the"
         " program of a controller, stops it, loads another main block and starts it again, and writes"
         " registers of another one")
def intrusion(capture):
    capture.step(DAY)
    site = Grid()
    gratuitous(capture, site.stranger)
    capture.step(20 * SECOND)
    sweep(capture, site)
    capture.step(MINUTE)
    list_identity(capture, site, site.stranger)
    capture.step(MINUTE)
    session = S7(capture, site.stranger, site.pumps).open()
    session.read_szl(0x0011, 0, identifications())
    session.read_szl(0x001C, 0, COMPONENTS)
    capture.step(30 * SECOND)
    session.upload(s7.OB, 1, MAIN)
    capture.step(10 * MINUTE)
    session.stop()
    session.mode(0)
    capture.step(20 * SECOND)
    session.download(s7.OB, 1, CHANGED)
    session.pi_blocks(b"_INSE", s7.name(s7.OB, 1))
    capture.step(10 * SECOND)
    session.pi(b"P_PROGRAM")
    session.mode(2)
    session.close()
    capture.step(2 * MINUTE)
    capture.resolve(site.stranger, site.blowers)
    registers(capture, site.stranger, site.blowers, 12)
    del capture.others["cotp"]  # not promised


@capture("campaign-maintenance.pcap", "An engineer stops a controller and starts it again, and loads a"
         " block into it an hour later: no stop, download and start in half an hour")
def maintenance(capture):
    capture.step(DAY)
    site = Grid()
    session = S7(capture, site.engineer, site.pumps).open()
    session.stop()
    capture.step(MINUTE)
    session.pi(b"P_PROGRAM")
    capture.step(HOUR)
    session.download(s7.OB, 1, CHANGED)
    session.pi_blocks(b"_INSE", s7.name(s7.OB, 1))
    session.close()


def remote_desktop(capture, client, server):
    """The start of an RDP connection, and screens that go back."""
    tcp = Tcp(capture, client, server, 3389).open()
    tcp.send(CLIENT, bytes.fromhex("0300001302e00000000000010008000b000000"))
    tcp.send(SERVER, bytes.fromhex("0300001302d000001234000209080002000000"))
    return tcp


@capture("campaign-remote-engineering.pcap", "Somebody sits at the engineering station by remote desktop,"
         " and stops a controller from there")
def remote_engineering(capture):
    site = Grid()
    vendor = host("vendor", "00:50:56:10:00:fa", 250, identifier=0xFA00)
    desktop = remote_desktop(capture, vendor, site.engineer)
    capture.step(2 * MINUTE)
    session = S7(capture, site.engineer, site.pumps).open()
    session.stop()
    session.close()
    desktop.close()


@capture("campaign-remote-earlier.pcap", "A remote desktop session of the engineering station ends; twenty"
         " minutes later the engineer stops a controller")
def remote_earlier(capture):
    site = Grid()
    vendor = host("vendor", "00:50:56:10:00:fa", 250, identifier=0xFA00)
    remote_desktop(capture, vendor, site.engineer).close()
    capture.step(20 * MINUTE)
    session = S7(capture, site.engineer, site.pumps).open()
    session.stop()
    session.close()


@capture("campaign-switching.pcap", "A stranger operates ten points of each of six outstations, one after"
         " the other")
def switching(capture):
    capture.step(DAY)
    site = Grid()
    for bay in site.bays:
        capture.resolve(site.stranger, bay)
        link = Dnp3(capture, site.stranger, bay, master_address=1).open()
        link.exchange(dn.DISABLE, dn.EVENTS)
        operate(link, range(10))
        link.close()
        capture.step(5 * SECOND)


@capture("campaign-registers.pcap", "A stranger writes twelve holding registers of a controller, one after"
         " the other")
def many_registers(capture):
    capture.step(DAY)
    site = Grid()
    capture.resolve(site.stranger, site.blowers)
    registers(capture, site.stranger, site.blowers, 12)


@capture("campaign-browse.pcap", "An engineer asks controllers in four protocols who they are, and takes a"
         " copy of a block; changes nothing")
def browse(capture):
    capture.step(DAY)
    site = Grid()
    list_identity(capture, site, site.engineer)
    engineer_pumps(capture, site)
    engineer_filter(capture, site)
    engineer_others(capture, site)
    del capture.others["cotp"]  # not promised


@capture("campaign-safety.pcap", "A safety controller says what it is, and is stopped; then a stranger sends"
         " to the port of TriStation")
def safety(capture):
    capture.step(DAY)
    site = Grid()
    enip = identity_asked(capture, site.engineer, site.safety, SAFETY)
    capture.step(5 * SECOND)
    enip.exchange(c.request(c.STOP, c.path(CONTROLLER, 1)), c.answer(c.STOP))
    enip.close()
    capture.udp(site.stranger, site.safety, (1502, 1502), b"\1\0\0\0\0\0")


@capture("campaign-spoofing.pcap", "Two link addresses claim the address of a controller, and answers come"
         " in its name that nobody asked for")
def spoofing(capture):
    site = Grid()
    capture.resolve(site.scada, site.blowers)
    master = Modbus(capture, site.scada, site.blowers).open()
    for turn in range(5):
        master.exchange(mb.read(3, 0, 2), mb.registers_answer(3, [1480 + turn, 62]))
        capture.step(SECOND)
    impostor = replace(site.stranger, ip4=site.blowers.ip4)
    for _ in range(3):
        capture.arp_reply(impostor, site.scada)
        capture.jitter(200, 400)
        capture.arp_reply(site.blowers, site.scada)
        capture.step(SECOND)
    for turn in range(8):
        master.exchange(mb.read(3, 0, 2), mb.registers_answer(3, [1480 + turn, 62]))
        capture.step(200 * MILLISECOND)
        master.answer(mb.registers_answer(3, [1480, 62]))
        capture.step(SECOND)
    master.close()


@capture("modbus-toggling.pcap", "A coil is switched on and off five times a second")
def toggling(capture):
    site = Grid()
    master = Modbus(capture, site.scada, site.blowers).open()
    for turn in range(60):
        request = mb.write_coil(3, turn % 2 == 0)
        master.exchange(request, request)
        capture.step(200 * MILLISECOND)
    master.close()


@capture("modbus-heartbeat.pcap", "A coil is switched on and off once a second: a watchdog")
def heartbeat(capture):
    site = Grid()
    master = Modbus(capture, site.scada, site.blowers).open()
    for turn in range(60):
        request = mb.write_coil(3, turn % 2 == 0)
        master.exchange(request, request)
        capture.step(SECOND)
    master.close()


@capture("modbus-busy.pcap", "A device answers twelve times that it is busy or has failed")
def busy(capture):
    site = Grid()
    master = Modbus(capture, site.scada, site.blowers).open()
    for turn in range(12):
        master.exchange(mb.read(3, 0, 4), mb.exception(3, 6 if turn % 2 else 4))
        capture.step(SECOND)
    master.close()
