# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""Each link type and each kind of capture file, all carrying the same few polls."""

import struct

from .. import files, layers
from .. import modbus as mb
from ..files import Interface
from ..modbus import Modbus
from ..net import MILLISECOND
from ..plant import Plant
from ..registry import capture


def polls(capture, n=8, versions=(False, True)):
    """n polls over IPv4 and n over IPv6."""
    plant = Plant()
    for v6 in versions:
        master = Modbus(capture, plant.hmi, plant.plc[0], v6=v6).open()
        for i in range(n):
            master.numbered(i)
        request = mb.write_coil(5, True)
        master.exchange(request, request)
        master.close()


def link_null(source, destination, kind, payload):
    """The address family in the byte order of the capturing host; 24 is IPv6 on NetBSD."""
    return struct.pack("<I", 2 if kind == layers.ETHERTYPE_IPV4 else 24) + payload


def link_loop(source, destination, kind, payload):
    return struct.pack(">I", 2 if kind == layers.ETHERTYPE_IPV4 else 24) + payload


def link_raw(source, destination, kind, payload):
    return payload


def link_ppp(source, destination, kind, payload):
    return layers.ppp(kind, payload)


def link_sll(source, destination, kind, payload):
    return layers.sll(source.mac, kind, payload)


def link_sll2(source, destination, kind, payload):
    return layers.sll2(source.mac, kind, payload)


def link_snap(source, destination, kind, payload):
    return layers.ieee8023(destination.mac, source.mac, layers.llc_snap(kind, payload))


def tagged(kind, tags):
    """A link of Ethernet with tags, (EtherType, id) each, outermost first."""

    def link(source, destination, inner, payload):
        for index in range(len(tags) - 1, -1, -1):
            follows = inner if index == len(tags) - 1 else tags[index + 1][0]
            payload = layers.vlan(tags[index][1], follows, payload, priority=6)
        return layers.ethernet(destination.mac, source.mac, kind, payload)

    return link


LINKS = {
    "null": (files.NULL, link_null, "BSD loopback, address family in little endian"),
    "loop": (files.LOOP, link_loop, "OpenBSD loopback, address family in network order"),
    "raw": (files.RAW, link_raw, "raw IP, the version from the first four bits"),
    "ppp": (files.PPP, link_ppp, "PPP with address and control"),
    "sll": (files.SLL, link_sll, "Linux cooked capture, version 1"),
    "sll2": (files.SLL2, link_sll2, "Linux cooked capture, version 2"),
    "llc-snap": (files.ETHERNET, link_snap, "802.3 frames with LLC and SNAP"),
}


def one_link(link_type, link):
    def fill(made):
        made.contents.interfaces[0].link_type = link_type
        made.link = link
        polls(made)

    return fill


for name, (link_type, link, text) in LINKS.items():
    capture("link-%s.pcap" % name, "Link layer: " + text)(one_link(link_type, link))


@capture("link-ipv4.pcap", "Link layer: raw IPv4")
def link_ipv4(capture):
    capture.contents.interfaces[0].link_type = files.IPV4
    capture.link = link_raw
    polls(capture, versions=(False,))


@capture("link-ipv6.pcap", "Link layer: raw IPv6")
def link_ipv6(capture):
    capture.contents.interfaces[0].link_type = files.IPV6
    capture.link = link_raw
    polls(capture, versions=(True,))


@capture("vlan-modbus.pcap", "One 802.1Q tag, and priority tags (VLAN 0)")
def vlan(capture):
    capture.link = tagged(layers.ETHERTYPE_VLAN, [(0x8100, 10)])
    polls(capture)
    capture.step(100 * MILLISECOND)
    capture.link = tagged(layers.ETHERTYPE_VLAN, [(0x8100, 0)])
    polls(capture, versions=(False,))


@capture("qinq-modbus.pcap", "Two tags: 802.1ad outside, also 802.1Q twice")
def qinq(capture):
    capture.link = tagged(layers.ETHERTYPE_QINQ, [(0x88A8, 100), (0x8100, 10)])
    polls(capture)
    capture.step(100 * MILLISECOND)
    capture.link = tagged(layers.ETHERTYPE_VLAN, [(0x8100, 200), (0x8100, 20)])
    polls(capture, versions=(False,))


@capture("vlan-depth-4.pcap", "Four tags, as deep as it is looked into")
def vlan_depth_4(capture):
    tags = [(0x88A8, 1), (0x88A8, 2), (0x8100, 3), (0x8100, 4)]
    capture.link = tagged(layers.ETHERTYPE_QINQ, tags)
    polls(capture, versions=(False,))


def solicit(capture, asker, owner):
    """Neighbour discovery, RFC 4861: solicitation to the solicited-node group, advertisement."""
    target = layers.address(owner.ip6)
    group = "ff02::1:ff%02x:%x" % (target[13], int.from_bytes(target[14:], "big"))
    group_mac = "33:33:ff:%02x:%02x:%02x" % tuple(target[13:])
    counts = capture.counts("icmpv6")
    counts.requests[135] += 1
    counts.responses[136] += 1
    body = bytes(4) + target + b"\x01\x01" + layers.mac(asker.mac)
    message = layers.icmp6(asker.ip6, group, 135, body)
    capture.add(layers.ethernet(group_mac, asker.mac, 0x86DD,
                                layers.ipv6(asker.ip6, group, 58, message, hop_limit=255)))
    capture.jitter(200, 400)
    body = b"\x60\0\0\0" + target + b"\x02\x01" + layers.mac(owner.mac)
    message = layers.icmp6(owner.ip6, asker.ip6, 136, body)
    capture.add(layers.ethernet(asker.mac, owner.mac, 0x86DD,
                                layers.ipv6(owner.ip6, asker.ip6, 58, message, hop_limit=255)))
    capture.jitter(200, 400)


@capture("ipv6-modbus.pcap", "Modbus over IPv6: neighbour discovery, then plain, with hop-by-hop"
         " and destination options, and with a routing header")
def ipv6(capture):
    plant = Plant()
    solicit(capture, plant.hmi, plant.plc[0])
    solicit(capture, plant.plc[0], plant.hmi)
    wraps = [
        None,
        lambda a, b, data: layers.ipv6(a, b, 0, layers.hop_by_hop(6, data)),
        lambda a, b, data: layers.ipv6(a, b, 0, layers.hop_by_hop(60, layers.hop_by_hop(6, data))),
        lambda a, b, data: layers.ipv6(a, b, 43, layers.routing(6, data, b)),
    ]
    for wrap in wraps:
        master = Modbus(capture, plant.hmi, plant.plc[0], v6=True)
        master.tcp.wrap = wrap
        master.open()
        for i in range(6):
            master.numbered(i)
        master.close()


@capture("ipv4-options.pcap", "IPv4 headers with options (router alert, record route)")
def ipv4_options(capture):
    plant = Plant()
    for options in (b"\x94\x04\x00\x00", b"\x07\x0b\x04" + bytes(8), b"\x01" * 40):
        master = Modbus(capture, plant.hmi, plant.plc[0])
        master.tcp.wrap = (lambda a, b, data, options=options:
                           layers.ipv4(a, b, 6, data, plant.hmi.next_identifier(), options=options))
        master.open()
        for i in range(4):
            master.numbered(i)
        master.close()


@capture("mixed-link-types.pcapng", "One pcapng section, four interfaces with other link types and"
         " time resolutions")
def mixed(capture):
    capture.contents.interfaces = [
        Interface(files.ETHERNET, "eth0", 6), Interface(files.SLL2, "any", 9),
        Interface(files.RAW, "tun0", 0x80 | 20), Interface(files.NULL, "lo0", 3, 0)]
    plant = Plant()
    links = (capture.link, link_sll2, link_raw, link_null)
    masters = []
    for number, link in enumerate(links):
        capture.interface, capture.link = number, link
        masters.append(Modbus(capture, plant.hmi, (plant.plc + [plant.siemens])[number]).open())
        capture.step(MILLISECOND)
    for i in range(8):
        for number, link in enumerate(links):
            capture.interface, capture.link = number, link
            masters[number].numbered(i)
            capture.step(MILLISECOND)


@capture("two-interfaces.pcapng", "A TAP: each direction of the traffic comes in at an interface"
         " of its own")
def two_interfaces(capture):
    capture.contents.interfaces = [Interface(name="tap-a"), Interface(name="tap-b")]
    polls(capture)
    clients = (layers.mac(Plant().hmi.mac),)
    for frame in capture.frames:
        frame.interface = 0 if frame.data[6:12] in clients else 1


@capture("nanosecond.pcap", "pcap with nanoseconds")
def nanosecond(capture):
    capture.contents.nano = True
    polls(capture, versions=(False,))
    for n, frame in enumerate(capture.frames):
        frame.time += n % 1000


@capture("bigendian.pcap", "pcap in big-endian byte order")
def bigendian(capture):
    capture.contents.big = True
    polls(capture, versions=(False,))


@capture("bigendian-nanosecond.pcap", "pcap in big-endian byte order with nanoseconds")
def bigendian_nanosecond(capture):
    capture.contents.big = capture.contents.nano = True
    polls(capture, versions=(False,))


@capture("bigendian.pcapng", "pcapng in big-endian byte order")
def bigendian_ng(capture):
    capture.contents.big = True
    polls(capture, versions=(False,))


@capture("compressed.pcap.gz", "pcap under gzip")
def compressed(capture):
    polls(capture, versions=(False,))


@capture("compressed.pcapng.gz", "pcapng under gzip")
def compressed_ng(capture):
    polls(capture, versions=(False,))
