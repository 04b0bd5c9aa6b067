# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""An intrusion, step by step, into a plant that had been quiet."""

from .. import layers
from .. import modbus as mb
from .. import umas as um
from ..modbus import Modbus
from ..net import MILLISECOND, MINUTE, SECOND
from ..plant import NO_MAC, Plant
from ..registry import capture
from .umas import download, greet, reserve


def quiet_polling(capture, masters, minutes):
    for minute in range(minutes):
        begin = capture.now
        for i, master in enumerate(masters[minute % 2::2]):
            master.exchange(*mb.numbered_poll(10 * i + minute % 10))
        if minute % 15 == 5:
            request = mb.write_register(40, 500 + minute)
            masters[0].exchange(request, request)
        capture.now = begin + MINUTE


def sweep(capture, plant):
    """ARP requests over the network; those that live there answer."""
    owners = {host.ip4: host for host in plant.plc + [plant.hmi, plant.gateway, plant.router]}
    for number in range(1, 65):
        target = "192.168.10.%d" % number
        capture.add(capture.arp_frame(1, plant.stranger, layers.BROADCAST, NO_MAC, target))
        capture.jitter(100, 300)
        if target in owners:
            capture.arp_reply(owners[target], plant.stranger)
        capture.step(5 * MILLISECOND)


def scan_units(capture, plant):
    master = Modbus(capture, plant.stranger, plant.gateway).open()
    for unit in range(1, 41):
        answer = mb.registers_answer(3, [unit]) if unit in (1, 2, 5) else mb.exception(3, 11)
        master.exchange(mb.read(3, 0, 1), answer, unit=unit)
    master.close()


WELL_FORMED = {
    5: mb.write_coil(0, False), 6: mb.write_register(0, 0), 15: mb.write_coils(0, [False]),
    16: mb.write_registers(0, [0]), 20: mb.read_file([(1, 0, 1)]),
    21: mb.write_file([(1, 0, [0])]), 22: mb.mask_write(0, 0xFFFF, 0),
    23: mb.read_write(0, 1, 0, [0]), 24: mb.read_fifo(0), 43: mb.identify(1),
}


def scan_functions(capture, plant):
    master = Modbus(capture, plant.stranger, plant.plc[0]).open()
    answers = {1: mb.bits_answer(1, [True]), 2: mb.bits_answer(2, [False]),
               3: mb.registers_answer(3, [1]), 4: mb.registers_answer(4, [2])}
    for code in range(1, 128):
        if code in (8, 90):
            continue
        no_data = code in (7, 11, 12, 17)
        request = bytes([code]) if no_data else WELL_FORMED.get(code, mb.read(code, 0, 1))
        master.exchange(request, answers.get(code, mb.exception(code, 1)))
    master.close()


def scan_points(capture, plant):
    master = Modbus(capture, plant.stranger, plant.plc[1]).open()
    for start in range(0, 4000, 100):
        known = start < 300
        master.exchange(mb.read(3, start, 1),
                        mb.registers_answer(3, [start]) if known else mb.exception(3, 2))
    master.close()


def manipulate(capture, plant):
    master = Modbus(capture, plant.stranger, plant.plc[1]).open()
    for request in (mb.write_coil(0, True), mb.write_coil(1, False), mb.write_register(40, 9999),
                    mb.write_registers(100, [0xFFFF] * 10), mb.write_coils(0, [True] * 16)):
        master.exchange(request, mb.echo(request))
        capture.step(SECOND)
    master.exchange(mb.diagnostics(1), mb.diagnostics(1))
    capture.step(SECOND)
    master.ask(mb.diagnostics(4))
    capture.step(2 * SECOND)
    master.close()


def reprogram(capture, plant):
    master = Modbus(capture, plant.stranger, plant.plc[0], unit=0).open()
    greet(master)
    reserve(master, 0x66, b"kali")
    master.exchange(um.request(0x66, um.STOP, b"\xff\x00"), um.done(0x66))
    capture.step(SECOND)
    download(master, 0x66, 8)
    capture.step(SECOND)
    master.exchange(um.request(0x66, um.START, b"\xff\x00"), um.done(0x66))
    master.exchange(um.request(0x66, um.RELEASE), um.done(0x66))
    master.close()


@capture("modbus-attack.pcap", "70 minutes of sparse polling, then a new host: ARP sweep, scans of"
         " units, functions and points, identification, writes, restart, listen only, UMAS"
         " stop and program download")
def attack(capture):
    plant = Plant()
    masters = []
    for plc in plant.plc + [plant.gateway]:
        capture.resolve(plant.hmi, plc)
        masters.append(Modbus(capture, plant.hmi, plc).open())
    quiet_polling(capture, masters, 70)
    sweep(capture, plant)
    capture.step(10 * SECOND)
    scan_units(capture, plant)
    capture.step(10 * SECOND)
    scan_functions(capture, plant)
    capture.step(10 * SECOND)
    master = Modbus(capture, plant.stranger, plant.plc[0]).open()
    objects = [(0, b"Schneider Electric"), (1, b"BMX P34 2020"), (2, b"V3.20")]
    master.exchange(mb.identify(1), mb.identify_answer(1, 1, objects))
    master.exchange(bytes([17]), bytes([17, 5]) + b"M340\xff")
    master.close()
    scan_points(capture, plant)
    capture.step(30 * SECOND)
    manipulate(capture, plant)
    capture.step(30 * SECOND)
    reprogram(capture, plant)
    capture.step(MINUTE)
    quiet_polling(capture, masters, 2)
