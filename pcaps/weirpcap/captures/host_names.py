# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""What hosts are called: DNS, multicast DNS, LLMNR, NetBIOS names and announcements."""

import struct

from .. import dns, netbios
from ..dns import AUTHORITATIVE, AVAILABLE, RESPONSE, WANTED
from ..net import CLIENT, SECOND, SERVER, Host, Tcp
from ..plant import Plant, host
from ..registry import capture

ANSWER = RESPONSE | WANTED | AVAILABLE
BROADCAST = Host("broadcast", "ff:ff:ff:ff:ff:ff", "192.168.10.255", "ff02::1")
MDNS = Host("mdns", "01:00:5e:00:00:fb", "224.0.0.251", "ff02::fb")
LLMNR = Host("llmnr", "01:00:5e:00:00:fc", "224.0.0.252", "ff02::1:3")


class Dns:
    def __init__(self, capture, client, server):
        self.capture, self.client, self.server = capture, client, server
        self.counts, self.identifier = capture.counts("dns"), 0x4000

    def ask(self, name, kind, flags=WANTED):
        self.identifier += 1
        self.ports = self.client.next_port(), 53
        self.counts.requests[kind] += 1
        self.question = dns.question(name, kind)
        self.kind = kind
        self.capture.udp(self.client, self.server, self.ports,
                         dns.message(self.identifier, flags, [self.question]))
        self.capture.jitter(300, 2000)

    def answer(self, answers=(), flags=ANSWER, **sections):
        self.counts.responses[self.kind] += 1
        if flags & 15:
            self.counts.errors[flags & 15] += 1
        self.capture.udp(self.server, self.client, self.ports[::-1], dns.message(
            self.identifier, flags, [self.question], answers, **sections))
        self.capture.jitter(500, 5000)


@capture("dns-queries.pcap", "Names asked for and answered: addresses of both kinds behind an alias, a"
         " name for an address, services, a name that is not there, one without an answer; an update;"
         " two queries in one connection over TCP")
def queries(capture):
    plant = Plant()
    server = host("server", "02:00:00:00:00:53", 2)
    talk = Dns(capture, plant.engineering, server)
    own = dns.pointer(12)
    talk.ask("historian.plant.example", dns.A)
    talk.answer([dns.resource(own, dns.CNAME, dns.name("srv-7.plant.example")),
                 dns.address("srv-7.plant.example", "192.168.10.77"),
                 dns.address("srv-7.plant.example", "192.168.10.78")],
                authorities=[dns.resource(dns.pointer(22), dns.NS, dns.name("ns.plant.example"))],
                additionals=[dns.address("ns.plant.example", server.ip4)])
    talk.ask("plc-1", dns.AAAA)
    talk.answer([dns.address(own, plant.plc[0].ip6)], flags=ANSWER | AUTHORITATIVE)
    for ip, name in ((plant.plc[1].ip4, "plc-2.plant.example"), (plant.plc[1].ip6, "plc-2.plant.example")):
        talk.ask(dns.reverse(ip), dns.PTR)
        talk.answer([dns.resource(own, dns.PTR, dns.name(name))])
    talk.ask("_ldap._tcp.plant.example", dns.SRV)
    talk.answer([dns.resource(own, dns.SRV, dns.service(389, "dc.plant.example"))],
                additionals=[dns.address("dc.plant.example", "192.168.10.9")])
    talk.ask("plant.example", dns.MX)
    talk.answer([dns.resource(own, dns.MX, struct.pack(">H", 10) + dns.name("mail.plant.example"))])
    talk.ask("wpad.plant.example", dns.A)
    talk.answer(flags=ANSWER | 3)
    talk.ask("nowhere.example", 65)
    capture.step(10 * SECOND)
    talk.ask("plant.example", dns.SOA, flags=5 << 11)
    talk.answer(flags=RESPONSE | 5 << 11)
    tcp = Tcp(capture, plant.engineering, server, 53).open()
    for number, parts in ((1, 1), (2, 3)):
        ask = dns.message(number, WANTED, [dns.question("big.plant.example", dns.TXT)])
        told = dns.message(number, ANSWER, [dns.question("big.plant.example", dns.TXT)],
                           [dns.resource(own, dns.TXT, dns.strings("x" * 200, "y" * 200))])
        tcp.send(CLIENT, struct.pack(">H", len(ask)) + ask)
        capture.jitter(300, 900)
        whole = struct.pack(">H", len(told)) + told
        step = -(-len(whole) // parts)
        for at in range(0, len(whole), step):
            tcp.send(SERVER, whole[at:at + step])
            capture.jitter(100, 300)
        talk.counts.requests[dns.TXT] += 1
        talk.counts.responses[dns.TXT] += 1
    tcp.close()


@capture("dns-malformed.pcap", "Names that point at themselves and at each other, that are longer than"
         " they may be, that run over the end, and answers cut off")
def malformed(capture):
    plant = Plant()
    server = host("server", "02:00:00:00:00:53", 2)
    counts = capture.counts("dns")
    tail = struct.pack(">HH", 1, 1)
    names = (dns.pointer(12), dns.pointer(14) + dns.pointer(12), b"\x01a" + dns.pointer(12),
             b"\x3f" + b"a" * 63 + dns.pointer(12), b"\x40" + b"a" * 20, b"\x3fabc", dns.pointer(0x3FFF),
             (b"\x3f" + b"b" * 63) * 4 + b"\0")
    for number, name in enumerate(names):
        capture.udp(plant.hmi, server, (plant.hmi.next_port(), 53),
                    dns.message(number, WANTED, [name + tail]))
        capture.jitter(1000, 2000)
        counts.requests[0] += 1
        counts.malformed += 1
    whole = dns.message(99, ANSWER, [dns.question("a.example", dns.A)],
                        [dns.address(dns.pointer(12), "192.168.10.66")] * 2)
    capture.udp(server, plant.hmi, (53, plant.hmi.next_port()), whole[:-6])
    counts.responses[dns.A] += 1
    counts.malformed += 1


def say(capture, source, group, port, data, protocol, kind, code=0, v6=False):
    capture.udp(source, group, (port, port), data, v6)
    getattr(capture.counts(protocol), kind)[code] += 1
    capture.jitter(1000, 9000)


@capture("mdns-services.pcap", "A printer and a camera announce names, addresses, services and what they"
         " are; a question, an announcement passed on for another host, the same again")
def mdns(capture):
    printer = host("printer", "00:1b:a9:10:00:61", 61)
    camera = host("camera", "00:40:8c:10:00:62", 62)
    repeater = Plant().gateway
    office = "Line 2\\. Office._ipp._tcp.local"
    texts = ("txtvers=1", "ty=Brother HL-L5100DN", "product=(Brother HL-L5100DN series)",
             "usb_MFG=Brother", "usb_MDL=HL-L5100DN", "note=Line 2")
    told = dns.message(0, RESPONSE | AUTHORITATIVE, answers=[
        dns.resource("_services._dns-sd._udp.local", dns.PTR, dns.name("_ipp._tcp.local")),
        dns.resource("_ipp._tcp.local", dns.PTR, dns.name(office)),
        dns.resource(office, dns.SRV, dns.service(631, "BRW001BA9.local"), group=0x8001),
        dns.resource(office, dns.TXT, dns.strings(*texts), group=0x8001),
    ], additionals=[dns.address("BRW001BA9.local", printer.ip4, group=0x8001),
                    dns.address("BRW001BA9.local", "fe80::61", group=0x8001),
                    dns.resource("BRW001BA9.local", 47, b"\0", group=0x8001)])
    say(capture, printer, MDNS, 5353, told, "mdns", "responses")
    say(capture, camera, MDNS, 5353, dns.message(0, 0, [dns.question("_ipp._tcp.local", dns.PTR, 0x8001)],
                                                 ), "mdns", "requests")
    seen = dns.message(0, RESPONSE | AUTHORITATIVE, answers=[
        dns.resource("AXIS P1448\\.1._http._tcp.local", dns.SRV, dns.service(80, "axis-p1448.local")),
        dns.resource("AXIS P1448\\.1._device-info._tcp.local", dns.TXT,
                     dns.strings("model=P1448-LE", "manufacturer=Axis", "fw=9.80.3", "serial=00408C100062")),
        dns.resource("axis-p1448.local", dns.HINFO, dns.strings("ARTPEC-6", "LINUX")),
        dns.address("axis-p1448.local", camera.ip4)])
    say(capture, camera, MDNS, 5353, seen, "mdns", "responses")
    passed_on = dns.message(0, RESPONSE, answers=[
        dns.resource("_opcua-tcp._tcp.local", dns.PTR, dns.name("UA server._opcua-tcp._tcp.local")),
        dns.address("opc-gateway.local", "192.168.20.5")])
    say(capture, repeater, MDNS, 5353, passed_on, "mdns", "responses")
    say(capture, printer, MDNS, 5353, told, "mdns", "responses")
    capture.step(61 * SECOND)
    say(capture, printer, MDNS, 5353, told, "mdns", "responses")


@capture("llmnr-names.pcap", "A station asks its neighbours for names: one has the name, a stranger"
         " answers for a name that nobody has")
def llmnr(capture):
    plant = Plant()
    counts = capture.counts("llmnr")
    for number, (name, kind, answerer, ip) in enumerate((
            ("hmi-01", dns.A, plant.hmi, plant.hmi.ip4), ("hmi-01", dns.AAAA, None, None),
            ("wpad", dns.A, plant.stranger, plant.stranger.ip4))):
        ports = plant.engineering.next_port(), 5355
        ask = dns.message(0x100 + number, 0, [dns.question(name, kind)])
        for _ in range(2):
            capture.udp(plant.engineering, LLMNR, ports, ask)
            counts.requests[kind] += 1
            capture.jitter(300, 900)
        if answerer:
            counts.responses[kind] += 1
            capture.udp(answerer, plant.engineering, ports[::-1], dns.message(
                0x100 + number, RESPONSE, [dns.question(name, kind)],
                [dns.address(name, ip, ttl=30)]))
        capture.step(SECOND)


def netbios_question(text, suffix, kind=dns.NB):
    return dns.netbios(text, suffix) + struct.pack(">HH", kind, 1)


def owner(flags, ip):
    return struct.pack(">H", flags) + bytes(map(int, ip.split(".")))


@capture("nbns-names.pcap", "NetBIOS names registered, asked for of all and of one host, given up; the"
         " names that a host has; the controllers of a domain")
def nbns(capture):
    plant = Plant()
    station, other = plant.engineering, plant.hmi
    counts = capture.counts("nbns")

    def send(source, destination, data, opcode, kind="requests", ports=(137, 137)):
        getattr(counts, kind)[opcode] += 1
        capture.udp(source, destination, ports, data)
        capture.jitter(2000, 9000)

    for text, suffix, flags in (("ENG-01", 0, 0), ("ENG-01", 0x20, 0), ("PLANT", 0, 0x8000),
                                ("PLANT", 0x1E, 0x8000)):
        question = netbios_question(text, suffix)
        data = dns.message(0x8000 + suffix, 5 << 11 | 0x0110, [question], additionals=[
            dns.resource(dns.pointer(12), dns.NB, owner(flags, station.ip4), ttl=300000)])
        for _ in range(2):
            send(station, BROADCAST, data, 5)
    send(station, BROADCAST, dns.message(0x9001, 0x0110, [netbios_question("HMI-01", 0x20)]), 0)
    send(other, station, dns.message(0x9001, 0x8500, (), [
        dns.resource(dns.netbios("HMI-01", 0x20), dns.NB, owner(0, other.ip4))]), 0, "responses")
    status = netbios.node_status([
        ("HMI-01", 0, 0x0400), ("PLANT", 0, 0x8400), ("HMI-01", 0x20, 0x0400),
        ("PLANT", 0x1D, 0x0400), ("\x01\x02__MSBROWSE__\x02", 1, 0x8400),
        ("INet~Services", 0x1C, 0x8400), ("IS~HMI-01", 0, 0x0400)], other.mac)
    send(station, other, dns.message(0x9002, 0, [netbios_question("*" + "\0" * 14, 0, dns.NBSTAT)]), 0,
         ports=(50137, 137))
    send(other, station, dns.message(0x9002, 0x8400, (), [
        dns.resource(dns.netbios("*" + "\0" * 14, 0), dns.NBSTAT, status)]), 0, "responses",
         ports=(137, 50137))
    server = plant.gateway
    send(station, server, dns.message(0x9003, WANTED, [netbios_question("PLANT", 0x1C)]), 0)
    send(server, station, dns.message(0x9003, 0x8580, (), [
        dns.resource(dns.netbios("PLANT", 0x1C), dns.NB,
                     owner(0x8000, "192.168.10.8") + owner(0x8000, "192.168.10.9"))]), 0, "responses")
    send(station, server, dns.message(0x9004, WANTED, [netbios_question("GONE", 0x20)]), 0)
    counts.errors[3] += 1
    send(server, station, dns.message(0x9004, 0x8583, [netbios_question("GONE", 0x20)]), 0, "responses")
    send(station, BROADCAST, dns.message(0x9005, 6 << 11 | 0x0010, [netbios_question("ENG-01", 0)],
                                         additionals=[dns.resource(dns.pointer(12), dns.NB,
                                                                   owner(0, station.ip4))]), 6)


@capture("nbdgm-browser.pcap", "Windows hosts announce themselves to all: a station, a domain controller,"
         " a Samba server, the master browser and its domain; an election; another mailslot; the same"
         " again; one without its end")
def nbdgm(capture):
    plant = Plant()
    counts = capture.counts("nbdgm")
    number = 0x700

    def send(source, name, to, data, kind=0x11, cut=None):
        nonlocal number
        number += 1
        counts.userdata[kind] += 1
        whole = netbios.datagram(number, (source, name, 0), to, data, kind)
        capture.udp(source, BROADCAST, (138, 138), whole[:cut])
        capture.jitter(2000, 90000)

    def announce(source, name, version, bits, comment="", opcode=netbios.HOST):
        to = ("PLANT", 0x1D if opcode == netbios.HOST else 0x1E)
        send(source, name, to, netbios.mailslot(netbios.announcement(opcode, name, version, bits, comment)))

    for _ in range(2):
        announce(plant.engineering, "ENG-01", (6, 1), 0x00011003, "Engineering, line 2")
    announce(plant.gateway, "DC-01", (6, 3), 0x0080102B)
    announce(plant.stranger, "SAMBA", (6, 1), 0x00809A03, "Samba 4.9.5-Debian")
    announce(plant.hmi, "HMI-01", (5, 1), 0x00051203, "", netbios.MASTER)
    domain = (struct.pack("<BBI", netbios.DOMAIN, 0, 720000) + b"PLANT".ljust(16, b"\0") +
              struct.pack("<BBIBBH", 5, 1, 0x80001000, 15, 1, 0xAA55) + b"HMI-01\0")
    send(plant.hmi, "HMI-01", ("\x01\x02__MSBROWSE__\x02", 1), netbios.mailslot(domain))
    election = struct.pack("<BBIII", netbios.ELECTION, 1, 0x20010F03, 90000, 0) + b"HMI-01\0"
    send(plant.hmi, "HMI-01", ("PLANT", 0x1E), netbios.mailslot(election))
    send(plant.engineering, "ENG-01", ("PLANT", 0x1C),
         netbios.mailslot(struct.pack("<HH", 18, 0), b"\\MAILSLOT\\NET\\NETLOGON"), 0x10)
    send(plant.engineering, "ENG-01", ("PLANT", 0x1D), b"", cut=50)
    counts.malformed += 1
