# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""The hosts of the plant that the captures show."""

from .net import Host

NO_MAC = "00:00:00:00:00:00"


def host(name, mac, number, net=10, **options):
    return Host(name, mac, "192.168.%d.%d" % (net, number), "fd00:%d::%x" % (net, number),
                **options)


class Plant:
    """A fresh set for every capture: hosts count their IP identifiers and ports."""

    def __init__(self):
        self.hmi = host("hmi", "d4:be:d9:10:00:10", 10, identifier=0x1000)       # Dell
        self.engineering = host("engineering", "5c:8a:38:10:00:20", 20, ttl=128,
                                identifier=0x2000)                                # HP
        self.plc = [host("plc-%d" % (i + 1), "00:80:f4:10:00:%02x" % (0x31 + i), 31 + i,
                         identifier=0x3000 + 0x100 * i) for i in range(3)]        # Schneider
        self.siemens = host("plc-4", "28:63:36:10:00:34", 34, ttl=30, identifier=0x3400)
        self.gateway = host("gateway", "00:90:e8:10:00:40", 40, identifier=0x4000)  # Moxa
        self.router = host("router", "00:1b:0d:10:00:01", 1, ttl=255, identifier=0x100)  # Cisco
        self.stranger = host("stranger", "b8:27:eb:10:00:99", 199, identifier=0x9000)  # Raspberry
