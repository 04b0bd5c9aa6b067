# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""One rule of docs/inventory.md each: which addresses are one device."""

from dataclasses import replace

from .. import cip as c
from .. import dhcp, layers, link
from .. import modbus as mb
from ..modbus import Modbus
from ..net import SECOND, link_ethernet
from ..plant import NO_MAC, Plant, host
from ..registry import capture
from .addresses import Dhcp, network
from .cip_objects import RACK, Cell, tool
from .identity import gratuitous, through
from .link import lldp

SHARED = "00:00:5e:00:01:07"  # of VRRP group 7


def polls(capture, client, server, n=3):
    master = Modbus(capture, client, server).open()
    for i in range(n):
        master.numbered(i)
    master.close()


def in_vlan(capture, vlan, work):
    """Tags the frames that work() adds."""
    first = len(capture.frames)
    work()
    tag = b"\x81\x00" + vlan.to_bytes(2, "big")
    for frame in capture.frames[first:]:
        frame.data = frame.data[:12] + tag + frame.data[12:]
        frame.length = 0


@capture("identity-proxy-arp.pcap", "A router answers ARP for hosts of another network, to a host"
         " whose mask is too short: it has none of their addresses")
def proxy_arp(capture):
    plant = Plant()
    capture.resolve(plant.router, plant.hmi)
    capture.link = through(plant.router)
    for number in (5, 6):
        remote = host("remote-%d" % number, "02:00:00:00:00:%02x" % number, number, net=20, ttl=63)
        proxy = replace(plant.router, ip4=remote.ip4)
        capture.add(capture.arp_frame(1, plant.hmi, layers.BROADCAST, NO_MAC, remote.ip4))
        capture.jitter(200, 400)
        capture.arp_reply(proxy, plant.hmi)
        polls(capture, plant.hmi, remote)
    capture.link = link_ethernet


@capture("identity-router-group.pcap", "Two routers share an address and the MAC of their VRRP"
         " group: three assets, one of them virtual")
def router_group(capture):
    plant = Plant()
    second = replace(plant.router, mac="00:1b:0d:10:00:02", ip4="192.168.10.2")
    first = replace(plant.router, ip4="192.168.10.3")
    shared = replace(plant.router, mac=SHARED)
    for router in (first, second):
        capture.resolve(router, plant.hmi)
    gratuitous(capture, shared)
    capture.resolve(plant.hmi, shared)
    capture.link = through(shared)
    remote = host("remote", "02:00:00:00:00:05", 5, net=20, ttl=63)
    polls(capture, remote, plant.plc[0])
    capture.link = link_ethernet


@capture("identity-teamed.pcap", "Two network cards of one server claim its address in turn")
def teamed(capture):
    plant = Plant()
    cards = [replace(plant.hmi, mac="d4:be:d9:10:00:%02x" % (0x10 + i)) for i in range(2)]
    for _ in range(3):
        for card, plc in zip(cards, plant.plc):
            gratuitous(capture, card)
            capture.resolve(card, plc)
            polls(capture, card, plc, 2)
            capture.step(10 * SECOND)


@capture("identity-chassis.pcap", "A switch speaks LLDP on two ports, each with its own MAC, and is"
         " managed at a third")
def chassis(capture):
    ports = ["00:80:63:40:00:%02x" % i for i in (1, 2)]
    switch = replace(Plant().gateway, mac="00:80:63:40:00:10", ip4="192.168.10.50")
    plant = Plant()
    for number, mac in enumerate(ports):
        lldp(capture, mac, link.chassis(4, layers.mac(switch.mac)), link.port(5, b"%d" % (number + 1)),
             link.ttl(120), link.text(5, "SWITCH-50"), link.capabilities(0x14, 0x04), link.END)
        capture.step(SECOND)
    gratuitous(capture, switch)
    capture.resolve(plant.engineering, switch)


@capture("identity-lease-passed-on.pcap", "A DHCP server gives an address to a station, and to"
         " another when that one is gone: no conflict")
def lease_passed_on(capture):
    plant = Plant()
    address = "192.168.10.120"
    for number, client in enumerate((plant.engineering, plant.stranger)):
        client = replace(client, ip4=address)
        talk = Dhcp(capture, client, plant.gateway, 0x1000 + number)
        talk.ask(dhcp.ASK, dhcp.option(12, "station-%d" % (number + 1)) +
                 dhcp.option(50, dhcp.address(address)))
        talk.answer(dhcp.ACK, network(plant.gateway), your=address)
        gratuitous(capture, client)
        polls(capture, client, plant.plc[0])
        capture.step(100 * SECOND)


@capture("identity-lease-changed.pcap", "A station gets another address from its DHCP server: the"
         " old one is history of the same device")
def lease_changed(capture):
    plant = Plant()
    for number in (121, 122):
        client = replace(plant.engineering, ip4="192.168.10.%d" % number)
        talk = Dhcp(capture, client, plant.gateway, 0x2000 + number)
        talk.ask(dhcp.ASK, dhcp.option(12, "ENG-01") + dhcp.option(50, dhcp.address(client.ip4)))
        talk.answer(dhcp.ACK, network(plant.gateway), your=client.ip4)
        polls(capture, client, plant.plc[0])
        capture.step(3600 * SECOND)


@capture("identity-vlan-changed.pcap", "A virtual machine moves to another VLAN and address: the same"
         " MAC, the same device")
def vlan_changed(capture):
    plant = Plant()
    machine = replace(plant.hmi, mac="00:50:56:10:00:10")
    in_vlan(capture, 10, lambda: polls(capture, machine, plant.plc[0]))
    capture.step(600 * SECOND)
    moved = replace(machine, ip4="192.168.30.10")
    controller = replace(plant.plc[1], ip4="192.168.30.32")

    def elsewhere():
        gratuitous(capture, moved)
        polls(capture, moved, controller)

    in_vlan(capture, 30, elsewhere)


@capture("identity-routed-core.pcap", "A core switch mirrors routed packets in both VLANs: each host"
         " has one home")
def routed_core(capture):
    plant = Plant()
    remote = host("remote", "02:00:00:00:20:05", 5, net=20)
    routers = [replace(plant.router, ip4="192.168.%d.1" % net) for net in (10, 20)]
    in_vlan(capture, 10, lambda: capture.resolve(plant.hmi, routers[0]))
    in_vlan(capture, 20, lambda: capture.resolve(remote, routers[1]))
    first = len(capture.frames)
    polls(capture, plant.hmi, remote)
    whole = capture.frames[first:]
    del capture.frames[first:]
    capture.duplicates += len(whole)
    for frame in whole:
        asks = frame.data[6:12] == layers.mac(plant.hmi.mac)
        before, behind = (10, 20) if asks else (20, 10)
        router = layers.mac(plant.router.mac)
        for vlan, source, destination in ((before, frame.data[6:12], router),
                                          (behind, router, frame.data[:6])):
            ip = bytearray(frame.data[14:])
            ip[8] -= vlan == behind
            total = sum(int.from_bytes(ip[i:i + 2], "big") for i in range(0, 20, 2) if i != 10)
            while total > 0xFFFF:
                total = (total & 0xFFFF) + (total >> 16)
            ip[10:12] = (0xFFFF - total).to_bytes(2, "big")
            tag = b"\x81\x00" + vlan.to_bytes(2, "big")
            copy = replace(frame, data=destination + source + tag + b"\x08\x00" + bytes(ip))
            copy.length = 0
            copy.time += 5000 if vlan == behind else 0
            capture.frames.append(copy)


@capture("identity-second-port.pcap", "A device answers from a second MAC that never claims the"
         " address: one asset that is marked uncertain")
def second_port(capture):
    plant = Plant()
    capture.resolve(plant.hmi, plant.plc[0])
    capture.resolve(plant.plc[0], plant.hmi)
    polls(capture, plant.hmi, plant.plc[0])
    other = replace(plant.plc[0], mac="00:80:f4:55:00:31")
    polls(capture, plant.hmi, other)


@capture("identity-firmware-changed.pcap", "A controller says another revision than before")
def firmware_changed(capture):
    plant = Plant()
    for revision in (b"V2.70", b"V3.20"):
        master = Modbus(capture, plant.engineering, plant.plc[0], unit=255).open()
        objects = [(0, b"Schneider Electric"), (1, b"BMX P34 2020"), (2, revision)]
        master.exchange(mb.identify(1), mb.identify_answer(1, 1, objects))
        master.close()
        capture.step(4000 * SECOND)


@capture("identity-silence.pcap", "A controller that is polled every second falls silent while the"
         " other goes on, and comes back")
def silence(capture):
    capture.step(48 * 3600 * SECOND)
    plant = Plant()
    masters = [Modbus(capture, plant.hmi, plc).open() for plc in plant.plc[:2]]
    for second in range(150):
        for number, master in enumerate(masters):
            if number == 1 or second < 40 or second >= 140:
                master.numbered(second)
        capture.step(SECOND)
    for master in masters:
        master.close()


def walk(capture, slots):
    """An engineering tool asks a chassis for the modules in these slots."""
    cell = Cell()
    ews = tool(capture, cell.engineering, cell.logix)
    ask = c.request(c.GET_ALL, c.path(c.IDENTITY, 1))
    for slot in slots:
        ews.exchange(c.unconnected_send(ask, c.port(1, slot)), c.answer(c.GET_ALL, RACK[slot]))
    ews.close()


@capture("identity-modules.pcap", "The first three slots of a chassis are asked who they are")
def modules(capture):
    walk(capture, range(3))


@capture("identity-module-added.pcap", "Two days later, a fourth slot of the chassis has a module")
def module_added(capture):
    capture.step(48 * 3600 * SECOND)
    walk(capture, range(4))
