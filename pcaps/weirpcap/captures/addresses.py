# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""Who gets which address: DHCP, and neighbour discovery of IPv6."""

import struct
from dataclasses import replace

from .. import dhcp, layers
from ..dhcp import addresses, option
from ..net import MILLISECOND, SECOND, Host
from ..plant import Plant
from ..registry import capture

BROADCAST = Host("broadcast", "ff:ff:ff:ff:ff:ff", "255.255.255.255", "ff02::1")
WINDOWS = bytes([1, 15, 3, 6, 44, 46, 47, 31, 33, 121, 249, 43])


class Dhcp:
    """Messages between one client and one server, through a relay if there is one."""

    def __init__(self, capture, client, server, transaction):
        self.capture, self.client, self.server = capture, client, server
        self.unbound = replace(client, ip4="0.0.0.0")
        self.transaction = transaction
        self.counts = capture.counts("dhcp")

    def ask(self, kind, options=b"", source=None, to=BROADCAST, ports=(68, 67), **fields):
        self.counts.requests[kind or 0] += 1
        self.capture.udp(source or self.unbound, to, ports, dhcp.message(
            dhcp.REQUEST, kind, self.transaction, self.client.mac, options, **fields))
        self.capture.jitter(500, 3000)

    def answer(self, kind, options=b"", source=None, to=BROADCAST, ports=(67, 68), **fields):
        self.counts.responses[kind or 0] += 1
        if kind == dhcp.NAK:
            self.counts.errors[kind] += 1
        self.capture.udp(source or self.server, to, ports, dhcp.message(
            dhcp.REPLY, kind, self.transaction, self.client.mac, options, **fields))
        self.capture.jitter(500, 3000)


def windows(name):
    return (option(12, name) + option(60, "MSFT 5.0") + option(61, b"\x01" + bytes(6)) +
            option(55, WINDOWS))


def network(server):
    return (option(54, dhcp.address(server.ip4)) + option(51, struct.pack(">I", 86400)) +
            option(1, dhcp.address("255.255.255.0")) + option(3, addresses("192.168.10.1")) +
            option(6, addresses("192.168.10.2", "192.168.10.3")) +
            option(42, addresses("192.168.10.4")) + option(15, "plant.example\0"))


@capture("dhcp-lease.pcap", "A station gets an address, asks for more about its network, renews and"
         " gives the address back")
def lease(capture):
    plant = Plant()
    client, server = plant.engineering, plant.gateway
    talk = Dhcp(capture, client, server, 0x1A2B3C4D)
    name = windows("ENG-01") + option(81, b"\0\0\0ENG-01.plant.example")
    talk.ask(dhcp.DISCOVER, windows("ENG-01"))
    talk.answer(dhcp.OFFER, network(server), your=client.ip4)
    talk.ask(dhcp.ASK, name + option(50, dhcp.address(client.ip4)) +
             option(54, dhcp.address(server.ip4)))
    talk.answer(dhcp.ACK, network(server), your=client.ip4)
    capture.step(SECOND)
    talk.ask(dhcp.INFORM, windows("ENG-01"), source=client, client=client.ip4)
    talk.answer(dhcp.ACK, network(server) + option(252, "http://192.168.10.2/wpad.dat"), to=client,
                client=client.ip4)
    capture.step(43200 * SECOND)
    talk.transaction += 1
    talk.ask(dhcp.ASK, name, source=client, to=server, client=client.ip4)
    talk.answer(dhcp.ACK, network(server), to=client, client=client.ip4, your=client.ip4)
    capture.step(600 * SECOND)
    talk.ask(dhcp.RELEASE, option(54, dhcp.address(server.ip4)), source=client, to=server,
             client=client.ip4)


@capture("dhcp-relay.pcap", "A relay agent between a controller and a server in another network:"
         " both sides of it, with the port at which the controller is")
def relay(capture):
    plant = Plant()
    client, relay_agent = plant.plc[0], plant.router
    server = Host("server", "02:00:00:00:05:05", "192.168.50.5", "fd00:50::5")
    uplink = replace(relay_agent, mac="00:1b:0d:10:00:02")
    talk = Dhcp(capture, client, server, 0x55667788)
    told = option(54, dhcp.address(server.ip4)) + option(3, addresses(relay_agent.ip4))
    agent = option(82, option(1, b"\x00\x04\x00\x0a\x01\x03") + option(2, "switch-3"))
    wanted = option(60, "Schneider Electric") + option(55, bytes([1, 3, 6]))
    up = dict(source=uplink, to=server, ports=(67, 67), relay=relay_agent.ip4, hops=1)
    down = dict(source=server, to=uplink, ports=(67, 67), relay=relay_agent.ip4)
    for kind, answer, extra in ((dhcp.DISCOVER, dhcp.OFFER, b""),
                                (dhcp.ASK, dhcp.ACK, option(50, dhcp.address(client.ip4)))):
        talk.ask(kind, wanted + extra)
        talk.ask(kind, wanted + extra + agent, **up)
        talk.answer(answer, told + agent, your=client.ip4, **down)
        talk.answer(answer, told, source=relay_agent, to=client, your=client.ip4,
                    relay=relay_agent.ip4)


@capture("dhcp-refused.pcap", "An address refused, one that is in use already, options where the file"
         " name stands, a lease query, and BOOTP without options")
def refused(capture):
    plant = Plant()
    server = plant.gateway
    talk = Dhcp(capture, plant.hmi, server, 0x10000001)
    told = option(54, dhcp.address(server.ip4))
    talk.ask(dhcp.ASK, option(50, addresses("10.9.9.9")) + option(12, "HMI.old.example"))
    talk.answer(dhcp.NAK, told + option(56, "wrong network"))
    talk.ask(dhcp.DECLINE, told + option(50, dhcp.address(plant.hmi.ip4)))
    names = option(66, "boot.plant.example") + option(67, "hmi.bin") + b"\xff"
    talk.answer(dhcp.OFFER, told + option(52, b"\x01"), your=plant.hmi.ip4, file=names)
    talk.ask(10, client=plant.hmi.ip4, source=plant.router, to=server, ports=(67, 67))
    talk.answer(13, told, to=plant.router, client=plant.hmi.ip4, ports=(67, 67))
    old = Dhcp(capture, plant.siemens, server, 0x20000001)
    old.ask(None)
    old.answer(None, your=plant.siemens.ip4, server=server.ip4, name=b"boot", file=b"s7.img")


@capture("dhcp-malformed.pcap", "A message without its end, options longer than the message, and an"
         " unknown message type")
def malformed(capture):
    plant = Plant()
    talk = Dhcp(capture, plant.hmi, plant.gateway, 0x30000001)
    whole = dhcp.message(dhcp.REQUEST, dhcp.DISCOVER, 7, plant.hmi.mac, windows("HMI"))
    head = whole[:240]
    for data, kind in ((whole[:100], 0), (head + b"\x35\x01\x01\x0c\xf0HMI", 1)):
        talk.counts.requests[kind] += 1
        talk.counts.malformed += 1
        capture.udp(talk.unbound, BROADCAST, (68, 67), data)
        capture.jitter(1000, 2000)
    talk.ask(77)
    talk.counts.unknown += 1


ALL_SERVERS = Host("servers", "33:33:00:01:00:02", "0.0.0.0", "ff02::1:2")


def option6(code, value):
    return struct.pack(">HH", code, len(value)) + value


def association(ip, lifetime):
    return option6(3, bytes(12) + option6(5, layers.address(ip) + struct.pack(">II", lifetime, lifetime)))


@capture("dhcpv6-lease.pcap", "A station gets an IPv6 address, and gives it back; the same through a relay"
         " agent, refused; a message without its end")
def lease6(capture):
    plant = Plant()
    client, server = local(plant.engineering, 0x20), local(plant.gateway, 0x40)
    relay_agent, distant = plant.router, replace(plant.stranger, ip6="fd00:50::5")
    counts = capture.counts("dhcpv6")

    def send(source, destination, ports, data, kind, code):
        getattr(counts, kind)[code] += 1
        capture.udp(source, destination, ports, data, v6=True)
        capture.jitter(900, 5000)

    def message(kind, *options, number=0xABCDEF):
        return struct.pack(">I", kind << 24 | number) + b"".join(options)

    identity = option6(1, b"\0\1\0\1\x20\x10\x30\x40" + layers.mac(client.mac))
    server_id = option6(2, b"\0\3\0\1" + layers.mac(server.mac))
    wanted = option6(6, struct.pack(">HHHH", 17, 23, 24, 39))
    told = (option6(23, layers.address("fd00:10::53") + layers.address("fd00:10::54")) +
            option6(24, b"\x05plant\x07example\0"))
    about = (identity, wanted, option6(16, struct.pack(">IH", 311, 8) + b"MSFT 5.0"),
             option6(39, b"\0\x06ENG-01\x05plant\x07example\0"))
    up, down = (546, 547), (547, 546)
    send(client, ALL_SERVERS, up, message(1, *about, association("::", 0)), "requests", 1)
    send(server, client, down, message(2, identity, server_id, association("fd00:10::2020", 3600)),
         "responses", 2)
    send(client, ALL_SERVERS, up, message(3, *about, server_id, association("fd00:10::2020", 0)),
         "requests", 3)
    send(server, client, down, message(7, identity, server_id, association("fd00:10::2020", 3600), told),
         "responses", 7)
    send(client, ALL_SERVERS, up, message(8, identity, server_id, association("fd00:10::2020", 0)),
         "requests", 8)
    send(server, client, down, message(7, identity, server_id, option6(13, b"\0\0Released")),
         "responses", 7)
    head = bytes([0]) + layers.address("fd00:10::1") + layers.address("fe80::77")
    asked = message(11, option6(1, b"\0\2\0\0\x10\x4fplc"), option6(39, b"\0\x05plc-7"))
    refused = message(7, server_id, option6(13, b"\0\4NotOnLink"))
    send(relay_agent, distant, (547, 547), bytes([12]) + head + option6(9, asked), "requests", 12)
    send(distant, relay_agent, (547, 547), bytes([13]) + head + option6(9, refused), "responses", 13)
    send(client, ALL_SERVERS, up, message(11, *about)[:-3], "requests", 11)
    counts.malformed += 1


class Neighbours:
    def __init__(self, capture):
        self.capture, self.counts = capture, capture.counts("icmpv6")

    def send(self, source, destination, kind, body, ip=None, hops=255):
        ends = ip or source.ip6, destination.ip6
        message = layers.icmp6(*ends, kind, body)
        self.capture.add(layers.ethernet(destination.mac, source.mac, layers.ETHERTYPE_IPV6,
                                         layers.ipv6(*ends, 58, message, hop_limit=hops)))
        self.capture.jitter(200, 900)
        if kind in (128, 130, 133, 135):
            self.counts.requests[kind] += 1
        elif kind in (129, 134, 136):
            self.counts.responses[kind] += 1
        else:
            self.counts.userdata[kind] += 1


def group_of(host):
    tail = layers.address(host.ip6)[13:]
    return Host("solicited", "33:33:ff:%02x:%02x:%02x" % tuple(tail), "0.0.0.0",
                "ff02::1:ff%02x:%x" % (tail[0], int.from_bytes(tail[1:], "big")))


ALL_NODES = Host("nodes", "33:33:00:00:00:01", "0.0.0.0", "ff02::1")
ALL_ROUTERS = Host("routers", "33:33:00:00:00:02", "0.0.0.0", "ff02::2")


def link_option(kind, host):
    return bytes([kind, 1]) + layers.mac(host.mac)


def solicitation(target, sender=None):
    return bytes(4) + layers.address(target.ip6) + (link_option(1, sender) if sender else b"")


def advertisement(target, flags, owner=None):
    return (bytes([flags, 0, 0, 0]) + layers.address(target.ip6) +
            (link_option(2, owner) if owner else b""))


def local(host, number):
    return replace(host, ip6="fe80::%x" % number)


@capture("icmpv6-neighbours.pcap", "Neighbour discovery: an address tested before it is used, asked for,"
         " answered, announced and moved, a proxy, a router with its network, a redirect; echo")
def neighbours(capture):
    plant = Plant()
    hmi, plc, router = plant.hmi, plant.plc[0], local(plant.router, 1)
    link = Neighbours(capture)
    link.send(hmi, group_of(hmi), 135, solicitation(hmi), ip="::")
    capture.step(SECOND)
    link.send(hmi, ALL_NODES, 136, advertisement(hmi, 0x20, hmi))
    link.send(local(hmi, 0x10), ALL_ROUTERS, 133, bytes(4) + link_option(1, hmi))
    prefix = struct.pack(">BBBBIII", 3, 4, 64, 0xC0, 86400, 14400, 0) + layers.address("fd00:10::")
    servers = struct.pack(">BBHI", 25, 3, 0, 600) + layers.address("fd00:10::53")
    domains = struct.pack(">BBHI", 31, 3, 0, 600) + b"\x05plant\x07example\0".ljust(16, b"\0")
    link.send(router, ALL_NODES, 134, struct.pack(">BBHII", 64, 0x40, 1800, 0, 0) +
              link_option(1, router) + prefix + struct.pack(">BBHI", 5, 1, 0, 1500) + servers + domains)
    link.send(hmi, group_of(plc), 135, solicitation(plc, hmi))
    link.send(plc, hmi, 136, advertisement(plc, 0x60, plc))
    for _ in range(3):
        link.send(hmi, plc, 128, struct.pack(">HH", 1, 1) + b"ping")
        link.send(plc, hmi, 129, struct.pack(">HH", 1, 1) + b"ping")
    other = plant.plc[1]
    link.send(router, hmi, 136, advertisement(other, 0xC0, router))
    target = Host("better", "02:00:00:00:00:77", "0.0.0.0", "fe80::77")
    link.send(router, hmi, 137, bytes(4) + layers.address(target.ip6) +
              layers.address("fd00:99::1") + link_option(2, target))
    for _ in range(2):
        link.send(hmi, group_of(plc), 135, solicitation(plc, hmi))
        link.send(plc, hmi, 136, advertisement(plc, 0x60, plc))
        capture.step(70 * SECOND)


@capture("icmpv6-malformed.pcap", "Neighbour discovery that came through a router, with an option of no"
         " length, without its end, and for a group")
def broken(capture):
    plant = Plant()
    hmi, plc = plant.hmi, plant.plc[0]
    link = Neighbours(capture)
    link.send(plant.stranger, hmi, 136, advertisement(plc, 0x60, plant.stranger), hops=64)
    link.send(plc, hmi, 136, advertisement(plc, 0x60) + b"\x02\x00" + layers.mac(plc.mac))
    link.send(plc, hmi, 136, advertisement(plc, 0x60)[:12])
    link.send(plc, hmi, 136, advertisement(ALL_NODES, 0x60, plc))
    link.counts.malformed += 4
    capture.step(10 * MILLISECOND)
