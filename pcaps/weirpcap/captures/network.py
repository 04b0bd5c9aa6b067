# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""What is seen in any network, whatever its controllers speak: scans, logins, tunnels, rogue servers."""

import base64
import struct
from dataclasses import replace

from .. import dhcp, dns, layers, link, ntlm
from .. import s7comm as s7
from ..dns import RESPONSE
from ..modbus import Modbus
from ..net import ACK, CLIENT, MILLISECOND, MINUTE, RST, SECOND, SERVER, SYN, Tcp
from ..plant import NO_MAC, Plant, host
from ..registry import capture
from ..s7comm import S7
from .addresses import Dhcp, network, windows
from .banners import Talk, netbios, setup2, smb2
from .host_names import LLMNR, Dns
from .identity_public import through
from .link import HIRSCHMANN, SWITCH, lldp, mrp, stp
from .plant_mixed import CHANGED
from .streams import answer_frame, ask_frame, master_of
from .time_and_log import ANNOUNCE, Clock, announce, ntp, ntp_times, ptp


def steady(capture, plant, minutes=3):
    """One root, one closed ring, one clock that all follow."""
    root, below = link.bridge(0x1000, 0, HIRSCHMANN[0]), link.bridge(0x8000, 0, SWITCH[0])
    clock = Clock(plant.router)
    for i in range(minutes * 6):
        stp(capture, HIRSCHMANN[1], link.bpdu(2, 2, link.tree(root, 0, root, 1, flags=0x3C) + b"\0"), 2)
        stp(capture, SWITCH[2], link.bpdu(2, 2, link.tree(root, 200000, below, 2, 1, 0x7C) + b"\0"), 2)
        for port in (0, 1):
            test = (struct.pack(">H", 0x8000) + layers.mac(SWITCH[0]) +
                    struct.pack(">HHHI", port, 1, 2, 20 * i))
            mrp(capture, SWITCH[1 + port], link.MRP_TEST_GROUP, "test", (2, test),
                link.mrp_common(2 * i + port))
        ptp(capture, clock, ANNOUNCE, announce(clock, 100, 0))
        capture.step(10 * SECOND)


@capture("network-steady.pcap", "A network in which nothing changes: the same root of the spanning tree, the"
         " ring closed, one clock; a station gets its address, asks for a name and the time, mistypes its"
         " password once")
def network_steady(capture):
    plant = Plant()
    client, server = plant.engineering, plant.gateway
    talk = Dhcp(capture, client, server, 0x5EAD)
    talk.ask(dhcp.DISCOVER, windows("ENG-01"))
    talk.answer(dhcp.OFFER, network(server), your=client.ip4)
    names = Dns(capture, client, server)
    for name in ("historian.plant.example", "mail.plant.example", "update.plant.example"):
        names.ask(name, dns.A)
        names.answer([dns.address(name, "192.168.10.77")])
    asked = 0xEA00_0000_0000_0000
    ntp(capture, client, plant.router, ntp_times(3, transmit=asked), 40001)
    ntp(capture, plant.router, client, ntp_times(4, 2, b"\xc0\xa8\x0a\x05", asked, asked + 9), 40001)
    ftp_login(capture, client, plant.plc[0], [False, True])
    capture.resolve(plant.hmi, plant.plc[0])
    for controller in plant.plc:
        Modbus(capture, plant.hmi, controller).open().close()
    steady(capture, plant)


def ftp_login(capture, client, server, tries, extra=()):
    """Logins, of which each is taken or not, then commands with their replies."""
    talk = Talk(capture, "ftp", client, server, 21)
    talk.answer("220", b"220 VxWorks (VxWorks 6.4) FTP server ready\r\n")
    for taken in tries:
        talk.ask("user", b"USER service\r\n")
        talk.answer("331", b"331 Password required\r\n")
        talk.ask("pass", b"PASS not to be seen\r\n")
        (talk.answer if taken else talk.refuse)("230" if taken else "530",
                                                b"230 done\r\n" if taken else b"530 no\r\n")
        capture.step(5 * SECOND)
    for word, argument, codes in extra:
        talk.ask(word.lower(), ("%s %s\r\n" % (word, argument)).encode())
        for code in codes:
            talk.answer(str(code), b"%d done\r\n" % code)
    talk.close()


@capture("network-logins.pcap", "A stranger guesses the password of a controller by FTP until it is taken,"
         " and tries it at two others")
def logins(capture):
    plant = Plant()
    ftp_login(capture, plant.stranger, plant.plc[0], [False] * 6 + [True])
    for controller in plant.plc[1:]:
        ftp_login(capture, plant.stranger, controller, [False])


def logon(capture, client, server, user, status):
    """A session of SMB 3 that is granted or not."""
    talk, random = Talk(capture, "smb", client, server, 445), capture.random
    talk.ask("smb2.0", smb2(0, struct.pack("<HHHHI", 36, 2, 1, 0, 0x7F) + random.octets(16) +
                            bytes(8) + struct.pack("<HH", 0x0210, 0x0302)))
    talk.answer("smb2.0", smb2(0, struct.pack("<HHHH", 65, 3, 0x0302, 0) + random.octets(16) +
                               struct.pack("<IIIIQQHHI", 0x2F, 1 << 23, 1 << 23, 1 << 23, 0, 0, 128,
                                           0, 0), response=True))
    talk.ask("smb2.1", smb2(1, setup2(ntlm.first(ntlm.negotiate((10, 0, 19041)))), message=1))
    challenge = ntlm.challenge(random, server.name.upper(), "PLANT", server.name + ".plant.example",
                               "plant.example", (10, 0, 17763))
    talk.answer("smb2.1", smb2(1, setup2(ntlm.further(challenge), True), True, 0xC0000016, 1))
    answer = ntlm.authenticate(random, "PLANT", user, client.name.upper(), (10, 0, 19041))
    talk.ask("smb2.1", smb2(1, setup2(ntlm.further(answer)), message=2))
    talk.answer("smb2.1", smb2(1, setup2(b"", True), True, status, 2))
    talk.close()


@capture("network-lateral.pcap", "A stranger logs on to the shares of one computer, is refused by five more,"
         " and reaches the remote administration of one")
def lateral(capture):
    plant = Plant()
    computers = [plant.hmi, plant.engineering] + [
        host("station-%d" % i, "d4:be:d9:20:00:%02x" % i, 80 + i, identifier=0x5000 + i)
        for i in range(4)]
    for i, computer in enumerate(computers):
        logon(capture, plant.stranger, computer, "administrator", 0xC000006D if i else 0)
    tcp = Tcp(capture, plant.stranger, plant.hmi, 135).open()
    bind, bound = "05000b0310000000480000000100000000", "05000c03100000003c0000000100000000"
    tcp.send(CLIENT, bytes.fromhex(bind) + bytes(55))
    tcp.send(SERVER, bytes.fromhex(bound) + bytes(43))
    for ask, answer in ((104, 168), (104, 168)):
        tcp.send(CLIENT, bytes.fromhex("0500000310000000") + struct.pack("<HHI", ask, 0, 2) + bytes(ask - 12))
        tcp.send(SERVER, bytes.fromhex("0500020310000000") + struct.pack("<HHI", answer, 0, 2) + bytes(answer - 12))
    tcp.close()


@capture("network-scan.pcap", "A stranger sweeps the network by ARP, tries port 502 of all addresses, and"
         " forty ports of one controller")
def scan(capture):
    plant = Plant()
    owners = {owner.ip4: owner for owner in plant.plc + [plant.hmi, plant.siemens, plant.gateway]}
    for number in range(2, 130):
        target = "192.168.10.%d" % number
        capture.add(capture.arp_frame(1, plant.stranger, layers.BROADCAST, NO_MAC, target))
        if target in owners:
            capture.arp_reply(owners[target], plant.stranger)
        capture.step(5 * MILLISECOND)
    capture.step(MINUTE)
    for number in range(2, 130):
        owner = owners.get("192.168.10.%d" % number) or host("nobody", "00:00:00:00:00:00", number)
        try_port(capture, plant.stranger, owner, 502, owner.ip4 in owners)
    capture.step(5 * MINUTE)
    for port in list(range(21, 60)) + [502]:
        try_port(capture, plant.stranger, plant.plc[0], port)


def try_port(capture, client, server, port, there=True):
    tcp = Tcp(capture, client, server, port)
    tcp.send(CLIENT, flags=SYN)
    capture.jitter(150, 400)
    if there:
        tcp.send(SERVER, flags=SYN | ACK if port == 502 else RST | ACK)
        if port == 502:
            tcp.send(CLIENT, flags=RST)
    capture.step(10 * MILLISECOND)


@capture("network-flood.pcap", "Six hundred connections to one controller are asked for in six seconds, from"
         " three hosts, and none is completed")
def flood(capture):
    plant = Plant()
    senders = [plant.stranger] + [host("zombie-%d" % i, "02:00:00:00:0f:%02x" % i, 210 + i)
                                  for i in range(2)]
    for i in range(600):
        Tcp(capture, senders[i % 3], plant.plc[0], 502).send(CLIENT, flags=SYN)
        capture.step(10 * MILLISECOND)


@capture("network-rogue.pcap", "A stranger gives out addresses, answers for names of all kinds, serves the time"
         " and announces itself as clock, root of the spanning tree and access point")
def rogue(capture):
    plant = Plant()
    client, stranger = plant.engineering, plant.stranger
    talk = Dhcp(capture, client, stranger, 0xBAD)
    talk.ask(dhcp.DISCOVER, windows("ENG-01"))
    talk.answer(dhcp.OFFER, network(stranger), your=client.ip4)
    names = Dns(capture, client, stranger)
    names.ask("update.plant.example", dns.A)
    names.answer([dns.address("update.plant.example", stranger.ip4)])
    counts = capture.counts("llmnr")
    for number, name in enumerate(("wpad", "historian-old", "printer", "fileserver")):
        ports = client.next_port(), 5355
        capture.udp(client, LLMNR, ports, dns.message(number, 0, [dns.question(name, dns.A)]))
        capture.jitter(300, 900)
        capture.udp(stranger, client, ports[::-1], dns.message(
            number, RESPONSE, [dns.question(name, dns.A)], [dns.address(name, stranger.ip4, ttl=30)]))
        counts.requests[dns.A] += 1
        counts.responses[dns.A] += 1
        capture.step(20 * SECOND)
    asked = 0xEA00_0000_0000_0000
    ntp(capture, client, stranger, ntp_times(3, transmit=asked), 40001)
    ntp(capture, stranger, client, ntp_times(4, 1, b"GPS\0", asked, asked + 9), 40001)
    good, bad = Clock(plant.router), Clock(stranger)
    ptp(capture, good, ANNOUNCE, announce(good, 100, 0))
    ptp(capture, bad, ANNOUNCE, announce(bad, 1, 0))
    old, root = link.bridge(0x1000, 0, HIRSCHMANN[0]), link.bridge(0, 0, stranger.mac)
    below = link.bridge(0x8000, 0, SWITCH[0])
    stp(capture, SWITCH[2], link.bpdu(2, 2, link.tree(old, 200000, below, 2, 1, 0x7C) + b"\0"), 2)
    capture.step(2 * SECOND)
    stp(capture, stranger.mac, link.bpdu(2, 2, link.tree(root, 0, root, 1, flags=0x3C) + b"\0"), 2)
    capture.step(2 * SECOND)
    stp(capture, SWITCH[2], link.bpdu(2, 2, link.tree(root, 200000, below, 2, 1, 0x7C) + b"\0"), 2)
    point = "b8:27:eb:30:00:99"
    lldp(capture, point, link.chassis(4, layers.mac(point)), link.port(5, b"wlan0"), link.ttl(120),
         link.text(5, "hotspot"), link.capabilities(0x08, 0x08), link.END)


@capture("network-rogue-vlan.pcap", "The root of the spanning tree of a VLAN changes; that of another does not")
def rogue_vlan(capture):
    roots = [link.bridge(0x6000, 10, HIRSCHMANN[0]), link.bridge(0x6000, 30, HIRSCHMANN[0])]
    for i in range(4):
        if i == 2:
            roots[0] = link.bridge(0x1000, 10, HIRSCHMANN[5])
        for vlan, root in zip((10, 30), roots):
            sender = link.bridge(0x8000, vlan, SWITCH[0])
            message = link.bpdu(2, 2, link.tree(root, 4, sender, 1, flags=0x3C) + b"\0" +
                                struct.pack(">HHH", 0, 2, vlan))
            frame = link.snap(SWITCH[1], 0x00000C, 0x010B, message, link.PVST_GROUP)
            capture.add(frame[:12] + b"\x81\x00" + struct.pack(">H", 7 << 13 | vlan) + frame[12:])
            capture.counts("stp").userdata["2"] += 1
        capture.step(2 * SECOND)


@capture("network-remote.pcap", "A host with a public address has a remote desktop on the panel; the engineer's"
         " computer keeps a connection of TeamViewer to another one")
def remote(capture):
    plant = Plant()
    capture.resolve(plant.router, plant.hmi)
    capture.link = through(plant.router)
    visitor = replace(host("visitor", "02:00:00:00:00:a1", 161, ttl=50), ip4="198.51.100.7")
    tcp = Tcp(capture, visitor, plant.hmi, 3389).open()
    tcp.send(CLIENT, bytes.fromhex("030000130ee000000000000100080003000000"))
    tcp.send(SERVER, bytes.fromhex("030000130ed000001234000209080002000000"))
    tcp.close()
    capture.counts("rdp").requests["connect"] += 1
    capture.counts("rdp").responses["connect_confirm"] += 1
    relay = replace(host("relay", "02:00:00:00:00:a4", 164, ttl=50), ip4="203.0.113.50")
    tcp = Tcp(capture, plant.engineering, relay, 5938).open()
    for _ in range(2):
        for side in (CLIENT, SERVER):
            tcp.send(side, b"\x17\x24\x0a\x20" + capture.random.octets(32))
            capture.jitter(9000, 20000)
    tcp.close()


@capture("network-tunnels.pcap", "A stranger sends data out in names, opens a WireGuard tunnel, a shell on the port"
         " of the web, something unknown on the port of names, and talks to a mining pool")
def tunnels(capture):
    plant = Plant()
    names = Dns(capture, plant.stranger, plant.gateway)
    for _ in range(25):
        words = base64.b32encode(capture.random.octets(30)).decode().lower().rstrip("=")
        names.ask(words[:48] + ".t.example", 16)
        names.answer([dns.resource(dns.pointer(12), dns.TXT, dns.strings("ok"))])
    outside = replace(host("outside", "02:00:00:00:00:a2", 162, ttl=50), ip4="203.0.113.9")
    capture.link = through(plant.router)
    ports = (51820, 51820)
    capture.udp(plant.stranger, outside, ports, struct.pack("<II", 1, 7) + capture.random.octets(140))
    capture.jitter(9000, 20000)
    capture.udp(outside, plant.stranger, ports, struct.pack("<III", 2, 9, 7) + capture.random.octets(80))
    for i in range(3):
        capture.jitter(9000, 20000)
        capture.udp(plant.stranger, outside, ports, struct.pack("<IIQ", 4, 9, i) + capture.random.octets(48))
    talk = Talk(capture, "ssh", plant.engineering, plant.hmi, 443)
    talk.answer("version", b"SSH-2.0-OpenSSH_9.2p1\r\n")
    talk.ask("version", b"SSH-2.0-PuTTY_Release_0.78\r\n")
    for side in (CLIENT, SERVER):
        talk.send(side, struct.pack(">IBB", 300, 6, 20) + capture.random.octets(298))
    talk.close()
    tcp = Tcp(capture, plant.stranger, plant.gateway, 53).open()
    for _ in range(3):
        tcp.send(CLIENT, b"\xff\xfe" + capture.random.octets(60))
        tcp.send(SERVER, b"\xff\xfe" + capture.random.octets(60))
    tcp.close()
    pool = replace(host("pool", "02:00:00:00:00:a3", 163, ttl=50), ip4="203.0.113.33")
    tcp = Tcp(capture, plant.stranger, pool, 3333).open()
    tcp.send(CLIENT, b'{"id": 1, "method": "mining.subscribe", "params": ["miner/1.0"]}\n')
    tcp.send(SERVER, b'{"id": 1, "result": [["mining.notify", "ae68"], "08000002", 4], "error": null}\n')
    tcp.send(CLIENT, b'{"params": ["worker", "x"], "id": 2, "method": "mining.authorize"}\n')
    tcp.send(SERVER, b'{"id": 2, "result": true, "error": null}\n')
    tcp.close()


@capture("network-files.pcap", "A program goes to a controller's server by FTP, another is fetched by HTTP, and"
         " an image is written by TFTP")
def files(capture):
    plant = Plant()
    ftp_login(capture, plant.engineering, plant.plc[0], [True], (
        ("STOR", "/share/setup.exe", (150, 226)), ("STOR", "/share/readme.txt", (150, 226))))
    talk = Talk(capture, "http", plant.hmi, plant.stranger, 80)
    talk.ask("GET", b"GET /tools/update.ps1 HTTP/1.1\r\nHost: 192.168.10.199\r\n\r\n")
    talk.answer("200", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\necho1")
    talk.close()
    port, other = plant.stranger.next_port(), 40069
    capture.udp(plant.stranger, plant.siemens, (port, 69), b"\0\2boot.img\0octet\0")
    capture.jitter(500, 900)
    for block in range(4):
        capture.udp(plant.siemens, plant.stranger, (other, port), struct.pack(">HH", 4, block))
        capture.jitter(500, 900)
        capture.udp(plant.stranger, plant.siemens, (port, other),
                    struct.pack(">HH", 3, block + 1) + capture.random.octets(512))
        capture.jitter(500, 900)


@capture("network-engineering.pcap", "A panel that polls a controller loads a block into it; then an engineer"
         " loads another one into it")
def engineering(capture):
    plant = Plant()
    panel = S7(capture, plant.hmi, plant.siemens, kind=2).open()
    for _ in range(30):
        panel.read((s7.address(s7.M, 20, kind=s7.WORD), s7.value(s7.V_BYTES, b"\1\3")))
        capture.step(2 * SECOND)
    panel.close()
    for who in (plant.hmi, plant.engineering):
        session = S7(capture, who, plant.siemens).open()
        session.download(s7.OB, 1, CHANGED)
        session.close()
        capture.step(MINUTE)


@capture("network-holes.pcap", "A mirror port that loses every third answer of a poll")
def holes(capture):
    master = master_of(capture).open()
    for i in range(180):
        capture.add(ask_frame(master, i))
        if i % 3 == 1:
            answer_frame(master, i, False)
            capture.gap_bytes += 13
        else:
            capture.add(answer_frame(master, i))
        capture.step(SECOND)
    master.close()
