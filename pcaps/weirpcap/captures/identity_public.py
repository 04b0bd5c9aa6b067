# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""Who comes from outside."""

from dataclasses import replace

from ..modbus import Modbus
from ..net import link_ethernet
from ..plant import Plant, host
from ..registry import capture


def through(router):
    """A link on which packets of public addresses carry the router's MAC."""

    def link(source, destination, kind, payload):
        ends = [end if end.ip4.startswith("192.168.") else router for end in (source, destination)]
        return link_ethernet(ends[0], ends[1], kind, payload)

    return link


@capture("identity-public-peers.pcap", "Two hosts with public addresses, behind the router, read a"
         " controller")
def public_peers(capture):
    plant = Plant()
    capture.resolve(plant.router, plant.plc[0])
    capture.link = through(plant.router)
    for number, address in enumerate(("203.0.113.9", "198.51.100.7")):
        remote = host("outside-%d" % number, "02:00:00:00:00:%02x" % (0x90 + number), 90 + number,
                      ttl=50)
        remote = replace(remote, ip4=address)
        client = Modbus(capture, remote, plant.plc[0]).open()
        for i in range(3):
            client.numbered(i)
        client.close()
