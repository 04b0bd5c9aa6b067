# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""Files and headers that lie."""

from .. import files, layers
from .. import modbus as mb
from ..modbus import Modbus, count_answer, count_request
from ..net import MILLISECOND, Tcp
from ..plant import Plant
from ..registry import capture
from .links import polls, tagged


@capture("damaged-cut.pcap", "A file that ends in the middle of a packet")
def cut(capture):
    polls(capture, versions=(False,))
    data = files.write_pcap(capture.contents)
    capture.contents.frames.pop()
    return data[:-30]


@capture("damaged-cut.pcapng", "A pcapng file that ends in the middle of a block")
def cut_ng(capture):
    polls(capture, versions=(False,))
    data = files.write_pcapng(capture.contents)
    capture.contents.frames.pop()
    return data[:-30]


@capture("damaged-empty.pcap", "A file header and not a single packet")
def empty(capture):
    return files.write_pcap(capture.contents)


@capture("damaged-zero-bytes.pcap", "An empty file")
def zero_bytes(capture):
    return b""


@capture("damaged-garbage.bin", "Random bytes: no capture at all")
def garbage(capture):
    return b"\x7fnot a capture" + capture.random.octets(2000)


@capture("damaged-length.pcap", "A packet header in the middle announces 3 GB")
def length(capture):
    polls(capture, versions=(False,))
    good = capture.contents.frames[:20]
    data = bytearray(files.write_pcap(capture.contents))
    at = 24 + sum(16 + len(frame.data) for frame in good)
    data[at + 8:at + 12] = (3 * 10**9).to_bytes(4, "little")
    capture.contents.frames = good
    recount(capture, good)
    return bytes(data)


def recount(capture, frames):
    """Counts again what the first frames hold (polls over IPv4 and Ethernet, whole messages)."""
    for counter in (capture.requests, capture.responses, capture.exceptions):
        counter.clear()
    for frame in frames:
        size = int.from_bytes(frame.data[16:18], "big")
        payload = frame.data[14 + 20 + 4 * (frame.data[46] >> 4):14 + size]
        if payload:
            to_server = frame.data[36:38] == b"\x01\xf6"
            (count_request if to_server else count_answer)(capture, payload[7:])


def lying_ip(plant, segment):
    """IP packets whose headers lie, one lie each; each IPv4 packet has an identifier of its own."""
    ends = (plant.stranger.ip4, plant.plc[0].ip4)

    def ipv4(protocol, payload, **lies):
        return layers.ipv4(*ends, protocol, payload, plant.stranger.next_identifier(), **lies)

    def good():
        return ipv4(6, segment)

    return [
        ipv4(6, segment, total_length=len(good()) + 400),   # longer than the frame
        ipv4(6, segment, total_length=19),                  # shorter than its header
        bytes([0x44]) + good()[1:], bytes([0x4F]) + good()[1:],  # header length 16 and 60
        bytes([0x55]) + good()[1:],                         # version 5
        good()[:10] + b"\xde\xad" + good()[12:],            # wrong checksum
        good()[:12], b"",                                   # cut in the header
        ipv4(6, segment[:12]),                              # cut in the TCP header
        ipv4(17, layers.udp(*ends, (1, 502), b"abcd", length=4)),
        ipv4(17, layers.udp(*ends, (1, 502), b"abcd", length=400)),
        ipv4(1, b"\x08"), ipv4(6, b""),
        ipv4(6, segment, flags=1, offset=65528),            # ends behind 65,535
        layers.ipv6(plant.stranger.ip6, plant.plc[0].ip6, 6, segment, payload_length=4),
        layers.ipv6(plant.stranger.ip6, plant.plc[0].ip6, 6, segment, payload_length=4000),
        layers.ipv6(plant.stranger.ip6, plant.plc[0].ip6, 0, b"\x06\xff" + segment),
        layers.ipv6(plant.stranger.ip6, plant.plc[0].ip6, 44, b"\x06\x00\x00"),
    ]


def lying_tcp(plant):
    ends = (plant.stranger.ip4, plant.plc[0].ip4)
    data = mb.adu(1, 1, mb.read(3, 0, 1))
    return [layers.ipv4(*ends, 6, layers.tcp(*ends, (40000, 502), 1, 1, 0x18, data, words=words),
                        plant.stranger.next_identifier()) for words in (0, 4, 15)]


def lying_links(plant, segment):
    macs = (plant.plc[0].mac, plant.stranger.mac)
    packet = layers.ipv4(plant.stranger.ip4, plant.plc[0].ip4, 6, segment)
    mac_pair = layers.mac(macs[0]) + layers.mac(macs[1])
    return [
        mac_pair[:9], mac_pair, mac_pair + b"\x08",
        mac_pair + b"\x81\x00\x00", mac_pair + b"\x81\x00\x00\x01",
        layers.ethernet(*macs, 1400, layers.llc_snap(0x0800, packet)),  # 802.3 length too high
        layers.ethernet(*macs, 2, layers.llc_snap(0x0800, packet)),     # and too low
        layers.ethernet(*macs, 0x8847, b"\x00\x00\x10\x40" * 3),        # labels without a bottom
        layers.ethernet(*macs, 0x8864, b"\x11\x00\x00\x01\xff\xff\x00\x21" + packet),
        layers.ethernet(*macs, 0x0806, b"\x00\x01\x08\x00\x06\x04"),    # ARP cut off
        layers.ethernet(*macs, 0x0806, b"\x00\x01\x08\x00\xff\xff\x00\x01" + bytes(28)),
        layers.ethernet(*macs, 0x0800, layers.ipv4("10.1.0.1", "10.1.0.2", 47, b"\xb0\x00")),
        layers.ethernet(*macs, 0x0800,
                        layers.ipv4("10.1.0.1", "10.1.0.2", 47, b"\x10\x00\x88\xbe")),
        layers.ethernet(*macs, 0x0800, layers.ipv4("10.1.0.1", "10.1.0.2", 17, layers.udp(
            "10.1.0.1", "10.1.0.2", (5, 4789), b"\x08\x00\x00"))),
        layers.ethernet(*macs, 0x0800, layers.ipv4("10.1.0.1", "10.1.0.2", 17, layers.udp(
            "10.1.0.1", "10.1.0.2", (5, 6081), b"\x3f\x00\x65\x58\x00\x00\x00\x00"))),
    ]


@capture("malformed-headers.pcap", "Headers of every layer that lie about lengths, versions and"
         " offsets, with good polls before and behind")
def malformed_headers(capture):
    plant = Plant()
    master = Modbus(capture, plant.hmi, plant.plc[0]).open()
    for i in range(5):
        master.numbered(i)
    segment = layers.tcp(plant.stranger.ip4, plant.plc[0].ip4, (40001, 80), 1, 1, 0x18,
                         b"no protocol of the plant")
    for packet in lying_ip(plant, segment) + lying_tcp(plant):
        kind = 0x86DD if packet[:1] == b"\x60" else 0x0800
        capture.add(capture.link(plant.stranger, plant.plc[0], kind, packet))
        capture.step(MILLISECOND)
    for frame in lying_links(plant, segment):
        capture.add(frame)
        capture.step(MILLISECOND)
    for i in range(5, 10):
        master.numbered(i)
    master.close()


@capture("malformed-vlan-depth-6.pcap", "Six VLAN tags, two more than are looked into: counted,"
         " not decoded")
def vlan_depth_6(capture):
    plant = Plant()
    capture.link = tagged(0x8100, [(0x8100, i) for i in range(1, 7)])
    tcp = Tcp(capture, plant.hmi, plant.plc[0], 502)
    tcp.open()
    tcp.close()


@capture("malformed-tunnel-depth.pcap", "IP in IP, twelve times: no end of headers")
def tunnel_depth(capture):
    plant = Plant()
    packet = layers.ipv4(plant.hmi.ip4, plant.plc[0].ip4, 17, layers.udp(
        plant.hmi.ip4, plant.plc[0].ip4, (1, 502), mb.adu(1, 1, mb.read(3, 0, 1))))
    for i in range(12):
        packet = layers.ipv4("10.0.%d.1" % i, "10.0.%d.2" % i, 4, packet)
    for _ in range(3):
        capture.packet(plant.hmi, plant.plc[0], packet)
        capture.step(MILLISECOND)


@capture("time-goes-back.pcap", "The clock of the capturing host is set back by ten minutes, then"
         " forward by two hours")
def time_goes_back(capture):
    plant = Plant()
    master = Modbus(capture, plant.hmi, plant.plc[0]).open()
    for i in range(24):
        if i == 8:
            capture.step(-600 * 1000 * MILLISECOND)
        if i == 16:
            capture.step(7200 * 1000 * MILLISECOND)
        master.numbered(i)
    master.close()
