# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""Time (NTP, PTP) and logs (syslog)."""

import struct

from .. import layers
from ..net import CLIENT, MILLISECOND, SECOND, Tcp
from ..plant import Plant, host
from ..registry import capture

NTP_MODES = ("reserved", "symmetric", "symmetric_passive", "client", "server", "broadcast", "control",
             "private")
ETHERTYPE_PTP = 0x88F7
PTP_GROUP, PTP_PEER_GROUP = "01:1b:19:00:00:00", "01:80:c2:00:00:0e"
SYNC, DELAY_REQUEST, PEER_REQUEST, PEER_RESPONSE = 0, 1, 2, 3
FOLLOW_UP, DELAY_RESPONSE, PEER_FOLLOW_UP, ANNOUNCE, SIGNALING, MANAGEMENT = 8, 9, 10, 11, 12, 13
PTP_NAMES = {SYNC: "sync", DELAY_REQUEST: "delay_request", PEER_REQUEST: "peer_delay_request",
             PEER_RESPONSE: "peer_delay_response", FOLLOW_UP: "follow_up",
             DELAY_RESPONSE: "delay_response", PEER_FOLLOW_UP: "peer_delay_response_follow_up",
             ANNOUNCE: "announce", SIGNALING: "signaling", MANAGEMENT: "management"}
SEVERITIES = ("emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug")


# NTP

def ntp_times(mode, stratum=0, reference=b"\0\0\0\0", origin=0, transmit=0, version=4, leap=0):
    return (struct.pack(">BBbb", leap << 6 | version << 3 | mode, stratum, 6, -20) + bytes(8) +
            reference + bytes(8) + struct.pack(">QQQ", origin, 0, transmit))


def ntp(capture, source, destination, data, port=123):
    counts, mode = capture.counts("ntp"), data[0] & 7
    answers = mode == 4 or (mode == 6 and data[1] & 0x80) or (mode == 7 and data[0] & 0x80)
    kind = (counts.responses if answers else counts.userdata if mode in (1, 2, 5)
            else counts.requests)
    kind[NTP_MODES[mode]] += 1
    ports = (port, 123) if not answers else (123, port)
    capture.udp(source, destination, ports, data)
    capture.jitter(200, 900)


@capture("ntp-modes.pcap", "Clients of a stratum 1 and a stratum 3 server, one that is not synchronised and"
         " one that refuses; peers, a broadcast, variables of a server, the list of its clients")
def ntp_modes(capture):
    plant = Plant()
    server = host("clock", "00:0c:29:10:00:05", 5)
    for i, (owner, stratum, reference, leap) in enumerate((
            (server, 1, b"GPS\0", 0), (plant.router, 3, bytes([192, 168, 10, 5]), 0),
            (plant.gateway, 16, b"INIT", 3), (plant.siemens, 0, b"RATE", 3))):
        asked = 0xEA00_0000_0000_0000 + i
        ntp(capture, plant.hmi, owner, ntp_times(3, transmit=asked), 40000 + i)
        ntp(capture, owner, plant.hmi, ntp_times(4, stratum, reference, asked, asked + 9, leap=leap),
            40000 + i)
    for _ in range(2):
        ntp(capture, server, plant.router, ntp_times(1, 1, b"GPS\0"))
        ntp(capture, plant.router, server, ntp_times(2, 3, bytes([192, 168, 10, 5])))
    everyone = host("everyone", layers.BROADCAST, 255)
    for _ in range(3):
        ntp(capture, server, everyone, ntp_times(5, 1, b"GPS\0", version=3))
        capture.step(40 * SECOND)
    text = b'version="ntpd 4.2.8p15@1.3728-o", processor="x86_64", system="Linux/5.10.0"\r\n'
    ntp(capture, plant.engineering, server, struct.pack(">BBHHHHH", 0x16, 2, 1, 0, 0, 0, 0), 50001)
    ntp(capture, server, plant.engineering, struct.pack(">BBHHHHH", 0x16, 0x82, 1, 0x0615, 0, 0, len(text)) +
        text, 50001)
    ntp(capture, plant.stranger, server, bytes([0x17, 0, 3, 42]) + bytes(4), 50002)
    ntp(capture, server, plant.stranger, bytes([0x97, 0, 3, 42]) + bytes(68), 50002)
    ntp(capture, server, plant.stranger, bytes([0x97, 1, 3, 42]) + bytes(68), 50002)
    capture.counts("ntp").malformed += 1
    ntp(capture, plant.stranger, server, bytes([0x16, 2, 0, 1]), 50003)


# PTP

class Clock:
    def __init__(self, owner):
        self.owner = owner
        octets = layers.mac(owner.mac)
        self.identity = octets[:3] + b"\xff\xfe" + octets[3:]
        self.sequence = 0


def ptp_message(capture, clock, kind, body, domain=0):
    capture.counts("ptp").userdata[PTP_NAMES[kind]] += 1
    clock.sequence += 1
    return (struct.pack(">BBHBBHQI", kind, 2, 34 + len(body), domain, 0, 0x0208, 0, 0) +
            clock.identity + struct.pack(">HHBb", 1, clock.sequence, 5, 0) + body)


def announce(grandmaster, priority, steps, source=0x20):
    return (bytes(10) + struct.pack(">HBBBBHB", 37, 0, priority, 6, 0x21, 0x4E5D, 128) +
            grandmaster.identity + struct.pack(">HB", steps, source))


def ptp(capture, clock, kind, body, group=PTP_GROUP):
    capture.add(layers.ethernet(group, clock.owner.mac, ETHERTYPE_PTP,
                                ptp_message(capture, clock, kind, body)))
    capture.jitter(200, 900)


@capture("ptp-clocks.pcap", "A grandmaster announces itself, a boundary clock announces it behind it; the"
         " grandmaster changes; delays are measured; in UDP another, that is asked and set")
def ptp_clocks(capture):
    plant = Plant()
    best, other = Clock(plant.router), Clock(plant.siemens)
    for i in range(130):
        grandmaster = best if i < 70 else other
        if i < 70:
            ptp(capture, best, ANNOUNCE, announce(best, 100, 0))
            ptp(capture, best, SYNC, bytes(10))
            ptp(capture, best, FOLLOW_UP, bytes(10))
        ptp(capture, other, ANNOUNCE, announce(grandmaster, 100 if i < 70 else 128, int(i < 70)))
        ptp(capture, other, PEER_REQUEST, bytes(20), PTP_PEER_GROUP)
        ptp(capture, best, PEER_RESPONSE, bytes(20), PTP_PEER_GROUP)
        ptp(capture, best, PEER_FOLLOW_UP, bytes(20), PTP_PEER_GROUP)
        capture.step(995 * MILLISECOND)
    clock = Clock(plant.gateway)
    group = host("ptp", "01:00:5e:00:01:81", 0)
    group.ip4 = "224.0.1.129"
    for port, kind, body in ((320, ANNOUNCE, announce(clock, 128, 0, 0xA0)), (319, SYNC, bytes(10)),
                             (319, DELAY_REQUEST, bytes(10)), (320, DELAY_RESPONSE, bytes(20)),
                             (320, SIGNALING, bytes(10))):
        capture.udp(clock.owner, group, (port, port), ptp_message(capture, clock, kind, body))
        capture.jitter(200, 900)
    manager = Clock(plant.engineering)
    for action in (0, 1):
        tlv = struct.pack(">HHH", 1, 4, 0x2005) + b"\x40\0"
        capture.udp(manager.owner, clock.owner, (320, 320), ptp_message(
            capture, manager, MANAGEMENT, clock.identity + struct.pack(">HBBBB", 1, 0, 0, action, 0) + tlv))
        capture.jitter(200, 900)


# Syslog

def count_log(capture, priority):
    capture.counts("syslog").userdata[SEVERITIES[priority & 7]] += 1


def log(priority, text):
    return ("<%d>" % priority + text).encode()


@capture("syslog-messages.pcap", "Logs of a switch (RFC 3164), a server (RFC 5424) and a sender without"
         " any head, in UDP; in TCP with lengths and with line ends; what is no syslog")
def syslog_messages(capture):
    plant = Plant()
    bsd = "Jan 12 06:00:%02d sw-press-1 snmpd[312]: link %d up"
    for i in range(3):
        count_log(capture, 134)
        capture.udp(plant.siemens, plant.hmi, (514, 514), log(134, bsd % (i, i)))
        capture.step(SECOND)
    other = ((165, "1 2026-01-12T06:00:01Z scada.plant.example backup 77 ID47 - done"), (11, "no head"),
             (3, "Jan  2 06:00:00 192.168.10.40 kernel: eth0 down"))
    for priority, text in other:
        count_log(capture, priority)
        capture.udp(plant.gateway, plant.hmi, (50514, 514), log(priority, text))
        capture.jitter(300, 900)
    first = Tcp(capture, plant.engineering, plant.hmi, 514).open()
    for i in range(3):
        count_log(capture, 30)
        data = log(30, "1 2026-01-12T06:00:02Z ews-1 login %d - - in" % i)
        whole = b"%d " % len(data) + data
        first.send(CLIENT, whole[:20])
        first.send(CLIENT, whole[20:])
    first.close()
    second = Tcp(capture, plant.router, plant.hmi, 514).open()
    for i in range(2):
        count_log(capture, 189)
        count_log(capture, 187)
        second.send(CLIENT, log(189, "Jan 12 06:00:03 gw-1 %%SYS-5-CONFIG: %d\n" % i) +
                    log(187, "Jan 12 06:00:03 gw-1 %%LINK-3-UPDOWN: %d\n" % i))
    second.close()
    capture.udp(plant.stranger, plant.hmi, (50999, 514), b"<999>no")
