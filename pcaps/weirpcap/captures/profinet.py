# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""PROFINET: who is there, names and addresses given, cyclic data."""

import struct

from .. import profinet as pn
from ..net import MILLISECOND, MINUTE, SECOND
from ..plant import Plant, host
from ..profinet import Profinet, Station, block
from ..registry import capture

DAY = 24 * 60 * MINUTE  # behind the learning of what other captures show
VENDOR_SIEMENS, VENDOR_PHOENIX = 0x002A, 0x00B0


class Cell:
    """An engineering workstation, a controller, two devices, and a device out of its box."""

    def __init__(self):
        plant = Plant()
        self.engineering, self.stranger = plant.engineering, plant.stranger
        self.controller = Station(plant.siemens, "plc-press", "S7-1500", VENDOR_SIEMENS, 0x010E, 2)
        self.remote = Station(host("remote-io", "28:63:36:10:00:51", 51), "io-press-1", "ET200SP",
                              VENDOR_SIEMENS, 0x0313, 1)
        self.valves = Station(host("valves", "00:a0:45:10:00:52", 52), "valves-1", "AXL F BK PN",
                              VENDOR_PHOENIX, 0x0142, 1)
        self.fresh = Station(host("fresh", "28:63:36:10:00:53", 53), "", "ET200SP", VENDOR_SIEMENS,
                             0x0313, 1, ip=False)


@capture("profinet-identify.pcap", "An engineering tool asks who is there: a controller, two devices"
         " and one without name and address answer; the controller looks for a device by name; asked"
         " again at once, and after a minute")
def identify(capture):
    cell, dcp = Cell(), Profinet(capture)
    stations = (cell.controller, cell.remote, cell.valves, cell.fresh)
    for pause in (2, 70, 0):
        dcp.identify(cell.engineering)
        for station in stations:
            dcp.identified(station, cell.engineering,
                           *([block(pn.INSTANCE, b"\0\1", 0), block(pn.OEM, b"\0\x2a\1\2", 0)]
                             if station is cell.valves else []))
        capture.step(pause * SECOND)
    dcp.identify(cell.controller.host, block(pn.NAME, b"valves-1"))
    dcp.identified(cell.valves, cell.controller.host)
    dcp.identify(cell.controller.host, block(pn.ALIAS, b"port-001.plc-press"))


@capture("profinet-configure.pcap", "A device gets name and address, blinks, and is reset: each taken,"
         " refused or not supported; of a start-up only the address for the time being")
def configure(capture):
    capture.step(DAY)
    cell, dcp = Cell(), Profinet(capture)
    engineering, fresh = cell.engineering, cell.fresh
    dcp.set(engineering, fresh, (pn.SIGNAL, b"\1\0", 0))
    dcp.set(engineering, fresh, (pn.NAME, b"io-press-2", 1))
    dcp.set(engineering, fresh, (pn.START, b"", 0), (pn.IP, pn.suite("192.168.10.53"), 1),
            (pn.END, b"", 0))
    dcp.set(cell.controller.host, cell.remote,
            (pn.IP, pn.suite("192.168.10.51", gateway="192.168.10.1"), 0))
    dcp.set(engineering, cell.remote, (pn.NAME, b"io-press-9", 1), error=6)
    dcp.set(engineering, fresh, (pn.DHCP_CLIENT, b"\x3d\1\0", 1))
    dcp.set(engineering, fresh, (pn.FACTORY_RESET, b"", 0))
    dcp.set(engineering, fresh, (pn.RESET, b"", 4))
    dcp.exchange(engineering, cell.valves, pn.SERVICE_SET, block(pn.RESET, b"", 16),
                 b"", kind=pn.UNSUPPORTED)
    dcp.xid += 1  # nobody is there
    dcp.dcp(engineering, "28:63:36:10:00:99", pn.GET_SET, pn.SERVICE_SET, pn.REQUEST,
            block(pn.NAME, b"gone", 1))
    capture.step(6 * SECOND)
    dcp.identify(engineering)


@capture("profinet-get-hello.pcap", "A device is asked for name, address and kind, and for what it does"
         " not have; another says Hello when it comes up")
def get_hello(capture):
    cell, dcp = Cell(), Profinet(capture)
    wanted = bytes(pn.NAME) + bytes(pn.IP) + bytes(pn.DEVICE_ID) + bytes(pn.ROLE)
    dcp.exchange(cell.engineering, cell.remote, pn.SERVICE_GET, wanted, cell.remote.blocks())
    dcp.exchange(cell.engineering, cell.remote, pn.SERVICE_GET, bytes(pn.DHCP_CLIENT),
                 block(pn.RESPONSE, bytes(pn.DHCP_CLIENT) + b"\1"), failed=True)
    for _ in range(3):
        dcp.hello(cell.valves)
        capture.step(30 * MILLISECOND)


@capture("profinet-duplicate-name.pcap", "A controller looks for a device by its name, and two answer")
def duplicate_name(capture):
    cell, dcp = Cell(), Profinet(capture)
    cell.fresh.name = cell.remote.name
    dcp.identify(cell.controller.host, block(pn.NAME, cell.remote.name.encode()))
    for station in (cell.remote, cell.fresh):
        dcp.identified(station, cell.controller.host)


@capture("profinet-stranger.pcap", "A host that nobody knew asks who is there, lets a device blink and"
         " takes its name away")
def stranger(capture):
    capture.step(2 * DAY)
    cell, dcp = Cell(), Profinet(capture)
    dcp.identify(cell.stranger)
    for station in (cell.controller, cell.remote, cell.valves):
        dcp.identified(station, cell.stranger)
    capture.step(SECOND)
    dcp.set(cell.stranger, cell.remote, (pn.SIGNAL, b"\1\0", 0))
    dcp.set(cell.stranger, cell.remote, (pn.NAME, b"", 1))


@capture("profinet-cyclic.pcap", "A controller and two devices exchange data: a record for each kind of"
         " frame of a pair and one a minute; alarms, clock frames, and FrameIDs that are reserved")
def cyclic(capture):
    cell, dcp = Cell(), Profinet(capture)
    controller = cell.controller.host
    for i in range(280):
        for n, station in enumerate((cell.remote, cell.valves)):
            dcp.cyclic(controller, station.host, 0x8001 + n, 32 * i)
            dcp.cyclic(station.host, controller, 0x8000 + n, 32 * i)
        capture.step(250 * MILLISECOND)
    acknowledge = struct.pack(">HHBBHHH", 1, 1, 0x13, 0x11, 0xFFFF, 0xFFFE, 0)
    dcp.other(cell.remote.host, controller.mac, 0xFC01, acknowledge)
    dcp.other(controller, cell.remote.host.mac, 0xFE01, acknowledge)
    for frame_id in (0x0080, 0xFF00, 0xFF20, 0xFF40):
        dcp.other(cell.valves.host, "01:80:c2:00:00:0e", frame_id, bytes(60))
    dcp.other(controller, "01:0e:cf:00:01:01", 0x0105, bytes(60))
    dcp.other(cell.stranger, controller.mac, 0xFFA0, bytes(40), unknown=True)


@capture("profinet-malformed.pcap", "DCP that contradicts itself: blocks longer than the message, a"
         " message longer than the frame, contents too short; a service that nobody knows")
def malformed(capture):
    cell, dcp = Cell(), Profinet(capture)
    counts, engineering = capture.counts("profinet_dcp"), cell.engineering
    long_block = bytes(pn.NAME) + b"\0\x40" + b"valves"
    dcp.identify(engineering, long_block)
    dcp.xid += 1
    dcp.dcp(engineering, pn.IDENTIFY_GROUP, pn.IDENTIFY, pn.SERVICE_IDENTIFY, pn.REQUEST,
            block(pn.NAME, b"valves-1"), length=1400)
    dcp.dcp(cell.valves.host, engineering.mac, pn.IDENTIFY_ANSWER, pn.SERVICE_IDENTIFY, pn.SUCCESS,
            block(pn.IP, b"\xc0\xa8", 1))
    capture.step(SECOND)
    dcp.dcp(cell.remote.host, pn.HELLO_GROUP, pn.HELLO, pn.SERVICE_HELLO, pn.REQUEST,
            block(pn.DEVICE_ID, b"\0", 0))
    counts.malformed += 4
    dcp.dcp(engineering, cell.remote.host.mac, pn.GET_SET, 9, pn.REQUEST, b"")
    dcp.dcp(engineering, cell.remote.host.mac, pn.GET_SET, pn.SERVICE_GET, 3, b"")
    counts.unknown += 2
    dcp.xid += 1
    dcp.dcp(cell.remote.host, engineering.mac, pn.GET_SET, pn.SERVICE_SET, pn.SUCCESS,
            block(pn.RESPONSE, bytes(pn.NAME) + b"\0"))
