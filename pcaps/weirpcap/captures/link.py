# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""What switches, bridges and routers say of themselves, and how rings and virtual routers are kept."""

import struct

from .. import layers, link
from .. import modbus as mb
from ..modbus import Modbus
from ..net import MILLISECOND, SECOND, link_ethernet
from ..plant import Plant
from ..registry import capture

SWITCH = ["20:87:56:30:00:%02x" % i for i in range(8)]     # Siemens: interface, then its ports
HIRSCHMANN = ["00:80:63:30:00:%02x" % i for i in range(8)]
CISCO = ["00:1b:0d:30:00:%02x" % i for i in range(8)]


def count(capture, protocol, code, unknown=0, malformed=0):
    counts = capture.counts(protocol)
    counts.userdata[str(code)] += 1
    counts.unknown += unknown
    counts.malformed += malformed


def lldp(capture, source, *parts, malformed=0):
    capture.add(layers.ethernet(link.LLDP_GROUP, source, link.LLDP, b"".join(parts)))
    count(capture, "lldp", 0, malformed=malformed)


def switch_parts(port, description, delay=5):
    """A managed PROFINET switch in a ring, as its port says it."""
    return [
        link.chassis(7, b"switch-1"), link.port(7, b"port-%03d" % port), link.ttl(20),
        link.text(4, "Siemens, SIMATIC NET, Ethernet Port, X1 P%d" % port),
        link.text(5, "switch-1.line-2.plant.example"), link.text(6, description),
        link.capabilities(0x0004, 0x0004),
        link.management("192.168.10.50", 61, b"\x2b\x06\x01\x04\x01\x81\xc0\x6e"),
        link.management("fd00:10::32", 61),
        link.organisation(link.PROFINET, 1, struct.pack(">IIIII", 10, 12, 10, 12, delay)),
        link.organisation(link.PROFINET, 2, struct.pack(">HH", 0, 4)),
        link.organisation(link.PROFINET, 4, b"\xff" * 16 + b"\0\0"),
        link.organisation(link.PROFINET, 5, layers.mac(SWITCH[0])),
        link.organisation(link.PROFINET, 6, layers.mac("28:63:36:10:00:34") + bytes(range(16)) +
                          bytes(16) + bytes(16)),
        link.organisation(link.IEEE_8021, 1, struct.pack(">H", 10)),
        link.organisation(link.IEEE_8021, 3, struct.pack(">HB", 10, 7) + b"machine"),
        link.organisation(link.IEEE_8021, 3, struct.pack(">HB", 30, 6) + b"office"),
        link.organisation(link.IEEE_8023, 1, struct.pack(">BHH", 3, 0x6C00, 16)),
        link.organisation(link.IEEE_8023, 4, struct.pack(">H", 1522)), link.END]


@capture("lldp-switch.pcap", "LLDP of a PROFINET switch from two ports, every 5 s; then it has"
         " another firmware")
def lldp_switch(capture):
    words = "Siemens, SIMATIC NET, SCALANCE XB208, 6GK5 208-0BA00-2AB2, HW: Version 3, FW: Version "
    for i in range(18):
        version = "V04.01.00" if i < 15 else "V04.05.00"
        for port in (1, 2):
            lldp(capture, SWITCH[port], *switch_parts(port, words + version + ", SVPLN128744",
                                                      delay=5 + i % 3))
            capture.step(20 * MILLISECOND)
        capture.step(5 * SECOND)


@capture("lldp-endpoints.pcap", "LLDP of a bridge with a chassis MAC, a phone with LLDP-MED"
         " inventory, and a host that says good-bye")
def lldp_endpoints(capture):
    lldp(capture, HIRSCHMANN[2], link.chassis(4, layers.mac(HIRSCHMANN[0])),
         link.port(3, layers.mac(HIRSCHMANN[2])), link.ttl(120), link.text(5, "sysName not set"),
         link.text(6, "Hirschmann RSPE30 - SW: HiOS-2A-08.7.01"), link.capabilities(0x14, 0x04),
         link.management("192.168.10.51"), link.END)
    capture.step(SECOND)
    phone = "00:04:0d:30:00:07"
    lldp(capture, phone, link.chassis(5, b"\x01" + layers.address("192.168.10.70")),
         link.port(3, layers.mac(phone)), link.ttl(120), link.text(5, "phone-7"),
         link.capabilities(0x0024, 0x0024), link.management("192.168.10.70"),
         link.organisation(link.IEEE_8023, 2, struct.pack(">BBBBHH", 0, 1, 3, 0x51, 62, 65)),
         link.organisation(link.MED, 1, struct.pack(">HB", 0x33, 3)),
         *(link.organisation(link.MED, 5 + i, value) for i, value in enumerate((
             b"9608GD02A", b"hb96xxua_3_2", b"S9608_11HALBR6_6", b"14N50710", b"Avaya", b"9608",
             b"plant-4711"))), link.END)
    capture.step(SECOND)
    host = "d4:be:d9:30:00:01"
    lldp(capture, host, link.chassis(4, layers.mac(host)), link.port(5, b"eth0"), link.ttl(120),
         link.text(5, "historian"), link.text(6, "Debian GNU/Linux 12 (bookworm) Linux 6.1.0-18-amd64"),
         link.capabilities(0x9C, 0x80), link.management("192.168.10.60"), link.END)
    capture.step(SECOND)
    lldp(capture, host, link.chassis(4, layers.mac(host)), link.port(5, b"eth0"), link.ttl(0),
         link.END)


@capture("lldp-malformed.pcap", "LLDP with parts that are missing, in the wrong order, or longer than"
         " the frame")
def lldp_malformed(capture):
    head = [link.chassis(7, b"x"), link.port(7, b"1"), link.ttl(20)]
    for i, parts in enumerate((
            [link.chassis(7, b"x"), link.port(7, b"1"), link.END],
            [link.port(7, b"1"), link.chassis(7, b"x"), link.ttl(20), link.END],
            [*head, link.ttl(20), link.END],
            [*head, struct.pack(">H", 5 << 9 | 400) + b"name" * 10],
            [*head, link.part(8, b"\x20\x01\x0a"), link.END],
            [*head, link.part(127, b"\x00\x80"), link.END],
            [*head, link.organisation(link.PROFINET, 5, b"\x00\x01"), link.END])):
        lldp(capture, HIRSCHMANN[i], *parts, malformed=1)
        capture.step(SECOND)


def cdp(capture, source, values, malformed=0):
    capture.add(link.snap(source, 0x00000C, 0x2000, link.cdp(values), link.CISCO_GROUP))
    count(capture, "cdp", 2, malformed=malformed)


@capture("cdp-devices.pcap", "CDP of a switch, of a phone, and one that is cut short; DTP and a frame"
         " of an unknown organisation in SNAP beside it")
def cdp_devices(capture):
    software = (b"Cisco IOS Software, IE2000 Software (IE2000-UNIVERSALK9-M), Version 15.2(7)E4,"
                b" RELEASE SOFTWARE (fc2)")
    switch = (link.value(1, b"ie2000.plant.example") + link.value(2, link.cdp_addresses(
        "192.168.10.52", "fd00:10::34")) + link.value(3, b"FastEthernet1/3") +
        link.value(4, struct.pack(">I", 0x28)) + link.value(5, software) +
        link.value(6, b"cisco IE-2000-8TC-G-E") + link.value(9, b"PLANT") +
        link.value(10, struct.pack(">H", 10)) + link.value(11, b"\x01") +
        link.value(17, struct.pack(">I", 1500)) + link.value(20, b"ie2000") +
        link.value(22, link.cdp_addresses("192.168.10.52")) + link.value(23, b"\0cabinet 7"))
    phone = (link.value(1, b"SEP001B0D300005") + link.value(2, link.cdp_addresses("192.168.10.71")) +
             link.value(3, b"Port 1") + link.value(4, struct.pack(">I", 0x490)) +
             link.value(5, b"sip88xx.12-8-1-0001") + link.value(6, b"Cisco IP Phone 8841") +
             link.value(14, b"\x20\x00\x1e") + link.value(16, struct.pack(">H", 6500)))
    for _ in range(3):
        cdp(capture, CISCO[3], switch)
        capture.step(SECOND)
        cdp(capture, CISCO[5], phone)
        capture.add(link.snap(CISCO[3], 0x00000C, 0x2004, b"\x01\0\x01\0\x05plant",
                              link.CISCO_GROUP))
        capture.step(29 * SECOND)
    cdp(capture, CISCO[6], switch[:60] + b"\0\x05\0\x02", malformed=1)
    capture.add(link.snap(CISCO[7], 0x080007, 0x2000, b"\x02\xb4\0\0", link.CISCO_GROUP))
    counts = capture.counts("snap")
    counts.userdata["cisco_dtp"] += 3
    counts.userdata["0007.2000"] += 1
    counts.unknown += 4


def stp(capture, source, message, code, **counts):
    capture.add(link.stp(source, message))
    count(capture, "stp", code, **counts)


@capture("stp-bridges.pcap", "Spanning tree of all versions: a root, a bridge behind it, a topology"
         " change, a region of MSTP, a message of GARP, and one cut short")
def stp_bridges(capture):
    root, below = link.bridge(0x1000, 0, HIRSCHMANN[0]), link.bridge(0x8000, 0, SWITCH[0])
    for i in range(4):
        stp(capture, HIRSCHMANN[1], link.bpdu(2, 2, link.tree(root, 0, root, 1, flags=0x3C) + b"\0"), 2)
        capture.step(10 * MILLISECOND)
        flags = 0x7D if i == 2 else 0x7C  # topology change
        stp(capture, SWITCH[2],
            link.bpdu(2, 2, link.tree(root, 200000, below, 2, 1, flags) + b"\0"), 2)
        capture.step(2 * SECOND)
    stp(capture, "00:90:e8:30:00:01", link.bpdu(0, 0, link.tree(root, 200000, link.bridge(
        0x8000, 0, "00:90:e8:30:00:00"), 3, 1, 0x81)), 0)
    stp(capture, "00:90:e8:30:00:02", link.bpdu(0, 0x80), 128)
    region = (b"\0" + b"plant".ljust(32, b"\0") + struct.pack(">H", 3) + bytes(range(16)) +
              struct.pack(">I", 20000) + link.bridge(0x8000, 0, CISCO[0]) + b"\x13")
    instance = b"\x7c" + link.bridge(0x8000, 1, CISCO[0]) + struct.pack(">I", 0) + b"\x80\x80\x14"
    mst = region + 2 * instance
    stp(capture, CISCO[1], link.bpdu(3, 2, link.tree(root, 0, link.bridge(0x2000, 0, CISCO[7]), 1, 0,
                                                     0x7C) + b"\0" + struct.pack(">H", len(mst)) + mst), 2)
    stp(capture, CISCO[2], b"\x00\x01" + bytes(10), "protocol_1", unknown=1)
    stp(capture, CISCO[3], link.bpdu(2, 2, link.tree(root, 0, root, 1)[:20]), 2, malformed=1)


@capture("stp-per-vlan.pcap", "A tree of its own for each VLAN, in SNAP")
def stp_per_vlan(capture):
    for vlan in (10, 30):
        me = link.bridge(0x6000, vlan, CISCO[0])
        message = link.bpdu(2, 2, link.tree(me, 0, me, 1, flags=0x3C) + b"\0" +
                            struct.pack(">HHH", 0, 2, vlan))
        frame = link.snap(CISCO[1], 0x00000C, 0x010B, message, link.PVST_GROUP)
        capture.add(frame[:12] + b"\x81\x00" + struct.pack(">H", 7 << 13 | vlan) + frame[12:])
        count(capture, "stp", 2)
        capture.step(SECOND)


def mrp(capture, source, group, name, *parts, malformed=0, unknown=0):
    capture.add(layers.ethernet(group, source, link.MRP, link.mrp(*parts)))
    count(capture, "mrp", name, malformed=malformed, unknown=unknown)


@capture("mrp-ring.pcap", "A ring with media redundancy: tests every 20 ms from both ports of the"
         " manager, a link breaks and comes back")
def mrp_ring(capture):
    for i in range(200):
        state = 0 if 80 <= i < 140 else 1
        for port in (0, 1):
            test = (struct.pack(">H", 0x8000) + layers.mac(SWITCH[0]) +
                    struct.pack(">HHHI", port, state, 3 if i >= 80 else 2, 20 * i))
            mrp(capture, SWITCH[1 + port], link.MRP_TEST_GROUP, "test", (2, test),
                link.mrp_common(2 * i + port),
                (0x7F, b"\x08\x00\x06" + b"\0\0\0" + b"\x03\0" + b"\0\0"))
        if i in (79, 139):
            client = layers.mac(HIRSCHMANN[0]) + struct.pack(">HHH", 1, 20, 1)
            mrp(capture, HIRSCHMANN[1], link.MRP_CONTROL_GROUP, "link_down" if i == 79 else "link_up",
                (4 if i == 79 else 5, client), link.mrp_common(i))
            for left in (20, 10, 0):
                change = struct.pack(">H", 0x8000) + layers.mac(SWITCH[0]) + struct.pack(">H", left)
                mrp(capture, SWITCH[1], link.MRP_CONTROL_GROUP, "topology_change", (3, change),
                    link.mrp_common(i))
        capture.step(20 * MILLISECOND)
    mrp(capture, HIRSCHMANN[2], link.MRP_CONTROL_GROUP, 64, (64, b"\0\0"), unknown=1)
    capture.add(layers.ethernet(link.MRP_TEST_GROUP, HIRSCHMANN[3], link.MRP,
                                b"\0\x01\x02\x12" + bytes(18) + b"\x01\xff" + bytes(30)))
    count(capture, "mrp", "test", malformed=1)


def with_trailer(lan, sequence):
    """Parallel redundancy: frames end in a trailer."""

    def ether(source, destination, kind, payload):
        sequence[0] += 1
        frame = layers.ethernet(destination.mac, source.mac, kind, payload)
        return link.prp_trailer(frame, sequence[0], lan)

    return ether


def in_ring(sequence):
    """A seamless ring: a tag behind the addresses."""

    def ether(source, destination, kind, payload):
        sequence[0] += 1
        return layers.ethernet(destination.mac, source.mac, link.HSR,
                               link.hsr_tag(sequence[0], kind, payload))

    return ether


@capture("prp-hsr.pcap", "Supervision of parallel redundancy and of a seamless ring, with a RedBox;"
         " Modbus with PRP trailers, and with HSR tags")
def prp_hsr(capture):
    nodes = [layers.mac("00:21:c1:30:00:%02x" % i) for i in range(4)]
    for i in range(3):
        for number, parts in ((0, [(20, nodes[0])]), (1, [(21, nodes[3]), (30, nodes[1])])):
            frame = layers.ethernet(link.PRP_GROUP, nodes[number].hex(":"), link.PRP,
                                    link.supervision(i, *parts))
            capture.add(link.prp_trailer(frame, 900 + i, 10))
            count(capture, "prp", parts[0][0])
        capture.add(layers.ethernet(link.PRP_GROUP, nodes[2].hex(":"), link.HSR, link.hsr_tag(
            i, link.PRP, link.supervision(i, (23, nodes[2])))))
        count(capture, "prp", 23)
        capture.step(2 * SECOND)
    capture.add(layers.ethernet(link.PRP_GROUP, "00:21:c1:30:00:09", link.PRP,
                                b"\0\x01\0\x01\x14\xff"))
    count(capture, "prp", 20, malformed=1)
    plant = Plant()
    for ether in (with_trailer(10, [0]), in_ring([0])):
        capture.link = ether
        master = Modbus(capture, plant.hmi, plant.plc[0]).open()
        for i in range(3):
            master.numbered(i)
        request = mb.write_register(1, 7)
        master.exchange(request, request)
        master.close()
    capture.link = link_ethernet


def routed(capture, source, group, packet):
    last = layers.address(group)
    target = ("01:00:5e:%02x:%02x:%02x" % (last[1] & 0x7F, last[2], last[3]) if len(last) == 4 else
              "33:33:%02x:%02x:%02x:%02x" % tuple(last[12:]))
    capture.add(layers.ethernet(target, source, layers.kind_of(packet), packet))


@capture("vrrp-routers.pcap", "Virtual routers: version 2 with a password, version 3 over both IP"
         " versions, a master that resigns, and CARP, which is none of it")
def vrrp_routers(capture):
    virtual = "00:00:5e:00:01:0a"
    for i in range(3):
        message = link.vrrp2(10, 200, ["192.168.10.254", "192.168.10.253"], 1, b"secret")
        routed(capture, virtual, "224.0.0.18", layers.ipv4("192.168.10.2", "224.0.0.18", 112, message,
                                                           i, 255, 0))
        message = link.vrrp3("192.168.10.4", "224.0.0.18", 30, 100, ["192.168.10.250"])
        routed(capture, "00:00:5e:00:01:1e", "224.0.0.18", layers.ipv4(
            "192.168.10.4", "224.0.0.18", 112, message, i, 255, 0))
        message = link.vrrp3("fe80::4", "ff02::12", 31, 100, ["fe80::fe", "fd00:10::fe"])
        routed(capture, "00:00:5e:00:02:1f", "ff02::12", layers.ipv6("fe80::4", "ff02::12", 112,
                                                                     message, 255))
        for _ in range(3):
            count(capture, "vrrp", 1)
        carp = bytes([0x21, 1, 0, 7, 0, 1]) + b"\x12\x34" + bytes(range(28))
        routed(capture, "00:00:5e:00:01:01", "224.0.0.18", layers.ipv4("192.168.10.6", "224.0.0.18",
                                                                       112, carp, i, 255, 0))
        capture.step(SECOND)
    message = link.vrrp2(10, 0, ["192.168.10.254", "192.168.10.253"], 1, b"secret")
    routed(capture, virtual, "224.0.0.18", layers.ipv4("192.168.10.2", "224.0.0.18", 112, message, 9,
                                                       255, 0))
    capture.step(SECOND)
    count(capture, "vrrp", 1)
    routed(capture, virtual, "224.0.0.18", layers.ipv4("192.168.10.2", "224.0.0.18", 112,
                                                       message[:14], 9, 255, 0))
    count(capture, "vrrp", 1, malformed=1)


def hsrp(capture, source, ip, name, message, group="224.0.0.2", port=1985):
    datagram = layers.udp(ip, group, (port, port), message)
    packet = (layers.ipv6(ip, group, 17, datagram, 255) if ":" in ip else
              layers.ipv4(ip, group, 17, datagram, 0, 1, 0))
    routed(capture, source, group, packet)
    count(capture, "hsrp", name)


@capture("hsrp-routers.pcap", "Standby routers: version 1 active and standby, a takeover, one with a"
         " password of its own; version 2 over both IP versions")
def hsrp_routers(capture):
    active, standby = "00:00:0c:07:ac:0a", CISCO[2]
    for i in range(3):
        hsrp(capture, active, "192.168.10.2", "hello", link.hsrp1(0, 16, 110, 10, "192.168.10.1"))
        hsrp(capture, standby, "192.168.10.3", "hello", link.hsrp1(0, 8, 100, 10, "192.168.10.1"))
        hsrp(capture, "00:00:0c:9f:f0:14", "192.168.10.5", "hello", link.hsrp2(
            0, 6, 100, 20, CISCO[5], "192.168.10.11"), "224.0.0.102")
        hsrp(capture, "00:05:73:a0:00:15", "fe80::5", "hello", link.hsrp2(
            0, 6, 100, 21, CISCO[5], "fe80::15") + b"\x03\x08cisco\0\0\0", "ff02::66", 2029)
        capture.step(3 * SECOND)
    hsrp(capture, active, "192.168.10.2", "resign", link.hsrp1(2, 16, 110, 10, "192.168.10.1"))
    hsrp(capture, active, "192.168.10.3", "coup", link.hsrp1(1, 16, 100, 10, "192.168.10.1"))
    hsrp(capture, CISCO[4], "192.168.10.4", "hello", link.hsrp1(0, 4, 90, 11, "192.168.10.12",
                                                                b"s3cret"))
    hsrp(capture, CISCO[4], "192.168.10.4", "advertise", struct.pack(">BBHHBBHHI", 0, 3, 1, 10, 1, 0,
                                                                     0, 1, 0))
