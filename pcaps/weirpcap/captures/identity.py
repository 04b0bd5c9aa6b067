# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""Who is who: evidence for and against bindings of addresses."""

from dataclasses import replace

from .. import layers
from .. import modbus as mb
from ..modbus import Modbus
from ..net import SECOND, link_ethernet
from ..plant import NO_MAC, Plant, host
from ..registry import capture


def through(router):
    """A link on which remote hosts' packets carry the router's MAC."""

    def link(source, destination, kind, payload):
        ends = [router if ".20." in end.ip4 else end for end in (source, destination)]
        return link_ethernet(ends[0], ends[1], kind, payload)

    return link


def gratuitous(capture, owner, operation=1):
    target = NO_MAC if operation == 1 else layers.BROADCAST
    capture.add(capture.arp_frame(operation, owner, layers.BROADCAST, target, owner.ip4))
    capture.jitter(200, 500)


@capture("identity-router.pcap", "Three hosts of another network behind a router's MAC, which also"
         " has an address of its own")
def router(capture):
    plant = Plant()
    capture.resolve(plant.plc[0], plant.router)
    capture.resolve(plant.router, plant.plc[0])
    capture.link = through(plant.router)
    for number in (5, 6, 7):
        remote = host("remote-%d" % number, "02:00:00:00:00:%02x" % number, number, net=20, ttl=63)
        master = Modbus(capture, remote, plant.plc[0]).open()
        for i in range(4):
            master.numbered(i)
        master.close()
    capture.link = link_ethernet
    master = Modbus(capture, plant.hmi, plant.plc[0]).open()
    master.numbered(9)
    master.close()


@capture("identity-arp.pcap", "ARP evidence: requests and answers, probe and announcement,"
         " gratuitous ARP in both forms, and an address claimed by two MACs")
def arp(capture):
    plant = Plant()
    for plc in plant.plc:
        capture.resolve(plant.hmi, plc)
    gratuitous(capture, plant.siemens)
    gratuitous(capture, plant.gateway, operation=2)
    unbound = replace(plant.engineering, ip4="0.0.0.0")
    capture.add(capture.arp_frame(1, unbound, layers.BROADCAST, NO_MAC, plant.engineering.ip4))
    capture.step(SECOND)
    gratuitous(capture, plant.engineering)
    capture.step(SECOND)
    impostor = replace(plant.stranger, ip4=plant.plc[0].ip4)
    for _ in range(3):
        capture.arp_reply(impostor, plant.hmi)
        capture.jitter(200, 400)
        capture.arp_reply(plant.plc[0], plant.hmi)
        capture.step(SECOND)


@capture("identity-replaced.pcap", "A controller is replaced: the same address, another MAC,"
         " announced by gratuitous ARP")
def replaced(capture):
    plant = Plant()
    old = plant.plc[0]
    new = replace(old, mac="00:80:f4:10:00:77")
    for plc in (old, new):
        gratuitous(capture, plc)
        capture.resolve(plant.hmi, plc)
        master = Modbus(capture, plant.hmi, plc).open()
        for i in range(5):
            master.numbered(i)
        master.close()
        capture.step(600 * SECOND)


@capture("identity-same-net-twice.pcap", "Two machines with the same addresses in VLANs 10 and 20:"
         " two controllers, not one")
def same_net_twice(capture):
    for vlan, last in ((10, 0x31), (20, 0x41)):
        plant = Plant()
        plc = replace(plant.plc[0], mac="00:80:f4:20:%02x:%02x" % (vlan, last))
        hmi = replace(plant.hmi, mac="d4:be:d9:20:%02x:10" % vlan)
        tag = b"\x81\x00" + vlan.to_bytes(2, "big")
        first = len(capture.frames)
        capture.resolve(hmi, plc)
        master = Modbus(capture, hmi, plc).open()
        for i in range(5):
            master.numbered(vlan + i)
        request = mb.write_register(1, vlan)
        master.exchange(request, request)
        master.close()
        for frame in capture.frames[first:]:
            frame.data = frame.data[:12] + tag + frame.data[12:]
            frame.length = 0
