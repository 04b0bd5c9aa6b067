# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""A plant of fifty devices on quiet days: what must not make an alert once it is learned.

Time is real, polls are few: each device is polled every ten minutes, so a day is some ten thousand
packets."""

import struct
from dataclasses import replace

from . import cip as c
from . import dhcp, layers
from . import dnp3 as dn
from . import enip as e
from . import modbus as mb
from . import profinet as pn
from . import s7comm as s7
from .captures.addresses import Dhcp, network
from .captures.cip_objects import READ_TAG, REAL, WRITE_TAG
from .captures.dnp3 import static
from .captures.identity import gratuitous
from .captures.plant_mixed import COMPONENTS
from .captures.s7comm import identifications
from .captures.time_and_log import ntp, ntp_times
from .cotp import OP
from .dnp3 import Dnp3
from .enip import Enip
from .modbus import Modbus
from .net import BASE_TIME, MINUTE, SECOND, Capture, Host
from .profinet import Profinet, Station
from .s7comm import S7

HOUR, DAY = 60 * MINUTE, 24 * 60 * MINUTE
POLL = 10 * MINUTE


def host(name, mac, number):
    return Host(name, mac, "192.168.30.%d" % number, "fd00:30::%x" % number, identifier=number << 8)


def family(name, maker, first, count):
    return [host("%s-%d" % (name, i + 1), "%s:30:00:%02x" % (maker, first + i), first + i)
            for i in range(count)]


class Site:
    def __init__(self):
        self.scada = [host("scada-a", "d4:be:d9:30:00:0a", 10), host("scada-b", "d4:be:d9:30:00:0b", 11)]
        self.front = [host("front-a", "d4:be:d9:30:00:0c", 12), host("front-b", "d4:be:d9:30:00:0d", 13)]
        self.panels = family("panel", "d4:be:d9", 14, 2)
        self.historian = host("historian", "d4:be:d9:30:00:12", 18)
        self.engineer = host("engineer", "5c:8a:38:30:00:14", 20)
        self.addresses = host("addresses", "5c:8a:38:30:00:15", 21)
        self.clock = host("clock", "00:06:8e:30:00:16", 22)
        self.router = host("router", "00:1b:0d:30:00:01", 1)
        self.modbus = family("m", "00:80:f4", 50, 12)
        self.s7 = family("s", "28:63:36", 70, 8)
        self.logix = family("l", "f4:54:33", 90, 8)
        self.rtu = family("r", "00:30:a7", 110, 6)
        self.profinet = family("p", "ac:64:17", 130, 6)
        self.stations = [Station(device, "io-%d" % i, "ET200SP" if i else "S7-1500", 0x2A,
                                 0x0313 if i else 0x010E, 1 if i else 2)
                         for i, device in enumerate(self.profinet)]

    def assets(self):
        alone = [self.historian, self.engineer, self.addresses, self.clock, self.router]
        return (alone + self.scada + self.front + self.panels + self.modbus + self.s7 + self.logix +
                self.rtu + self.profinet)


class Days:
    """Acts at their times, in one capture."""

    def __init__(self, days, seed):
        self.capture, self.site, self.days = Capture(seed), Site(), days
        self.acts, self.links = [], {}

    def at(self, day, time, act):
        if day < self.days:
            self.acts.append((BASE_TIME + day * DAY + time, len(self.acts), act))

    def daily(self, time, act):
        for day in range(self.days):
            self.at(day, time, act)

    def every(self, first, period, act):
        for turn in range((self.days * DAY - first) // period):
            self.at(0, first + turn * period, lambda turn=turn: act(turn))

    def run(self):
        for time, _, act in sorted(self.acts, key=lambda entry: entry[:2]):
            self.capture.now = max(time, self.capture.now)
            act()
        self.capture.sort()
        return self.capture

    # -- sessions --

    def link(self, protocol, client, server, **options):
        """The open session of two hosts; opened when there is none."""
        key = protocol, client.name, server.name
        if key not in self.links:
            self.capture.resolve(client, server)
            self.links[key] = protocol(self.capture, client, server, **options).open()
        return self.links[key]

    def restart(self, client):
        """All sessions of a host end; its next poll opens new ones."""
        for key in [key for key in self.links if key[1] == client.name]:
            link = self.links.pop(key)
            getattr(link, "tcp", getattr(link, "connection", None)).close()

    # -- polling --

    def poll_modbus(self, client, server, turn):
        self.link(Modbus, client, server).exchange(
            mb.read(3, 0, 4), mb.registers_answer(3, [1480 + turn % 9, 62, 0, 315]))

    def poll_s7(self, client, server, turn):
        self.link(S7, client, server, kind=OP).read(
            (s7.address(s7.M, 20, kind=s7.WORD), s7.value(s7.V_BYTES, bytes([1, turn & 7]))))

    def poll_logix(self, client, server, turn):
        self.link(Enip, client, server).exchange(
            c.request(READ_TAG, c.symbol("FT_101"), struct.pack("<H", 1)),
            c.answer(READ_TAG, struct.pack("<Hf", REAL, 61 + turn % 4)))

    def poll_rtu(self, client, server, turn):
        link = self.link(Dnp3, client, server)
        if turn % 6:
            link.exchange(dn.READ, dn.EVENTS)
        else:
            link.exchange(dn.READ, dn.INTEGRITY, static(turn))

    def cyclic(self, turn):
        data, controller = Profinet(self.capture), self.site.profinet[0]
        for i, device in enumerate(self.site.profinet[1:]):
            data.cyclic(controller, device, 0x8000 + i, turn * 64)
            data.cyclic(device, controller, 0x8100 + i, turn * 64)

    def poll(self, turn):
        site = self.site
        for master, act, devices in ((site.scada, self.poll_modbus, site.modbus),
                                     (site.scada, self.poll_s7, site.s7),
                                     (site.scada, self.poll_logix, site.logix),
                                     (site.front, self.poll_rtu, site.rtu)):
            for device in devices:
                act(master[self.active(turn)], device, turn)
        for panel, device in zip(site.panels, site.s7):
            self.poll_s7(panel, device, turn)
        self.poll_modbus(site.historian, site.modbus[0], turn)
        self.cyclic(turn)

    def active(self, turn):
        """Which of the redundant masters polls: the second one from noon to four of each third day."""
        time = turn * POLL
        return int(time // DAY % 3 == 1 and 6 * HOUR <= time % DAY < 10 * HOUR)

    # -- what happens beside polling --

    def start_up(self):
        """The front end takes its outstations up as DNP3 wants it."""
        for device in self.site.rtu:
            link = self.link(Dnp3, self.site.front[1], device)
            link.exchange(dn.DISABLE, dn.EVENTS)
            link.exchange(dn.READ, dn.INTEGRITY, static(0))
            link.exchange(dn.ENABLE, dn.EVENTS)

    def recipe(self, number):
        """Batch change-over: set points of the next recipe, by who always writes them."""
        site = self.site
        for device in site.modbus[:4]:
            for i in range(10):
                request = mb.write_register(100 + i, 200 + number % 3 * 10 + i)
                self.link(Modbus, site.scada[0], device).exchange(request, request)
        for device in site.s7[:3]:
            self.link(S7, site.scada[0], device, kind=OP).write(
                (s7.address(s7.DB, 8, kind=s7.REAL, db=10),
                 s7.value(s7.V_REAL, struct.pack(">f", 4 + number % 3)), s7.OK))
        self.link(Enip, site.scada[0], site.logix[0]).exchange(
            c.request(WRITE_TAG, c.symbol("Flow_SP"), struct.pack("<HHf", REAL, 1, 60 + number % 3)),
            c.answer(WRITE_TAG))

    def switch(self):
        """The control centre operates a breaker."""
        objects = dn.indexed16(12, 1, (1, dn.crob(dn.CLOSE_PULSE)))
        link = self.link(Dnp3, self.site.front[0], self.site.rtu[0])
        for function in (dn.SELECT, dn.OPERATE):
            link.exchange(function, objects, objects[:-1] + b"\0")

    def panel_restarts(self):
        panel = self.site.panels[0]
        self.restart(panel)
        gratuitous(self.capture, panel)
        self.link(S7, panel, self.site.s7[0], kind=OP).read_szl(0x0011, 0, identifications())

    def renew(self):
        server = self.site.addresses
        for client in self.site.panels + [self.site.historian]:
            talk = Dhcp(self.capture, client, server, 0x30000000 | self.capture.random.below(2**24))
            talk.ask(dhcp.ASK, source=client, to=server, client=client.ip4)
            talk.answer(dhcp.ACK, network(server), to=client, client=client.ip4, your=client.ip4)

    def time_sync(self):
        for client in self.site.scada + self.site.front + self.site.panels:
            asked = self.capture.now
            ntp(self.capture, client, self.site.clock, ntp_times(3, transmit=asked), 40000)
            ntp(self.capture, self.site.clock, client, ntp_times(4, 1, b"GPS\0", asked, asked + 9000),
                40000)

    def fail_over(self, card):
        """The bonded cards of the historian: the other one carries its address now."""
        historian = self.site.historian
        self.restart(historian)
        historian.mac = ("d4:be:d9:30:00:12", "d4:be:d9:30:00:92")[card]
        gratuitous(self.capture, historian)

    def new_card(self):
        """A panel gets another network card, which nobody has seen before."""
        panel = self.site.panels[1]
        self.restart(panel)
        panel.mac = "d4:be:d9:30:00:8f"
        gratuitous(self.capture, panel)

    def browse(self):
        """The engineering tool looks who is there: EtherNet/IP, PROFINET, and S7 diagnostics."""
        site, capture = self.site, self.capture
        counts, ports = capture.counts("enip"), (site.engineer.next_port(), e.PORT)
        counts.requests[e.LIST_IDENTITY] += 1
        capture.udp(site.engineer, replace(e.BROADCAST), ports, e.packet(e.LIST_IDENTITY))
        for i, device in enumerate(site.logix):
            capture.jitter(500, 3000)
            found = c.identity(1, 14, 166, (33, 11), 0x3060, 0x01A2B300 + i, "1756-L83E/B")
            capture.udp(device, site.engineer, ports[::-1],
                        e.packet(e.LIST_IDENTITY, e.items(e.identity_item(device, found))))
        dcp = Profinet(capture)
        dcp.identify(site.engineer)
        for station in site.stations:
            dcp.identified(station, site.engineer)
        for device in site.s7:
            session = self.link(S7, site.engineer, device)
            session.read_szl(0x0011, 0, identifications())
            session.read_szl(0x001C, 0, COMPONENTS)
        self.restart(site.engineer)

    def maintenance(self):
        """Device identification and counters, by the engineering station."""
        for device in self.site.modbus[:3]:
            link = self.link(Modbus, self.site.engineer, device)
            link.exchange(mb.identify(1), mb.identify_answer(1, 1, [
                (0, b"Schneider Electric"), (1, b"BMX P34 2020"), (2, b"V3.20")]))
        self.restart(self.site.engineer)


def plan(days, seed):
    """Days 0 to 2 have everything once; all of it comes again later, at other hours.  A network card
    is exchanged later only."""
    plant = Days(days, seed)
    shift = lambda day: plant.capture.random.below(40) * MINUTE  # noqa: E731
    plant.every(0, POLL, plant.poll)
    for day in range(days):
        for k, hour in enumerate((2, 10, 18)):
            plant.at(day, hour * HOUR + shift(day), lambda n=3 * day + k: plant.recipe(n))
        plant.at(day, 5 * HOUR + shift(day), plant.switch)
        plant.at(day, 8 * HOUR + shift(day), plant.renew)
        plant.at(day, 4 * HOUR, plant.time_sync)
        plant.at(day, 3 * HOUR + shift(day), plant.browse)
        if day % 3 == 1:
            plant.at(day, 6 * HOUR - SECOND, lambda: (plant.restart(plant.site.front[0]),
                                                      plant.restart(plant.site.scada[0]),
                                                      plant.start_up()))
            plant.at(day, 10 * HOUR - SECOND, lambda: (plant.restart(plant.site.front[1]),
                                                       plant.restart(plant.site.scada[1])))
            plant.at(day, 14 * HOUR + shift(day), plant.panel_restarts)
        if day % 3 == 2:
            plant.at(day, 9 * HOUR + shift(day), plant.maintenance)
            plant.at(day, 12 * HOUR + shift(day), lambda: plant.fail_over(1))
            plant.at(day, 15 * HOUR + shift(day), lambda: plant.fail_over(0))
    plant.at(4, 11 * HOUR, plant.new_card)
    return plant.run(), len(plant.site.assets())
