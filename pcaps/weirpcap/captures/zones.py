# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""Traffic that a policy of zones and conduits is about."""

from dataclasses import replace

from .. import modbus as mb
from ..modbus import Modbus
from ..net import MINUTE
from ..plant import Plant, host
from ..registry import capture
from .identity_public import through


@capture("zones-internet.pcap", "A station that polls controllers calls a host with a public address,"
         " too; another one with a public address reads a controller")
def internet(capture):
    plant = Plant()
    capture.resolve(plant.hmi, plant.plc[0])
    master = Modbus(capture, plant.hmi, plant.plc[0]).open()
    for i in range(20):
        master.numbered(i)
    capture.resolve(plant.hmi, plant.router)
    capture.resolve(plant.router, plant.plc[0])
    capture.link = through(plant.router)
    cloud = replace(host("cloud", "02:00:00:00:00:a0", 160, ttl=50), ip4="203.0.113.80")
    visitor = replace(host("visitor", "02:00:00:00:00:a1", 161, ttl=50), ip4="198.51.100.7")
    capture.step(MINUTE)
    Modbus(capture, plant.hmi, cloud).open().close()
    client = Modbus(capture, visitor, plant.plc[0]).open()
    for i in range(3):
        client.numbered(i)
    client.close()


@capture("zones-bridged.pcap", "One station has an address in each of two networks, and polls a"
         " controller in each")
def bridged(capture):
    plant = Plant()
    other = replace(plant.hmi, ip4="192.168.20.10")
    far = replace(plant.plc[1], ip4="192.168.20.32")
    for station, controller in ((plant.hmi, plant.plc[0]), (other, far)):
        capture.resolve(station, controller)
        capture.resolve(controller, station)
        master = Modbus(capture, station, controller).open()
        for i in range(10):
            master.numbered(i)
        master.exchange(mb.write_register(40, 7), mb.write_register(40, 7))
        master.close()
