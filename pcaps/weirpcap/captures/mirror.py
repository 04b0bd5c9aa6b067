# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""What a mirror port does to a network: every packet twice, in several disguises."""

from .. import layers
from .. import modbus as mb
from ..files import Frame
from ..modbus import Modbus, ModbusUdp, numbered_poll
from ..net import MICROSECOND, MILLISECOND, SECOND
from ..plant import Plant
from ..registry import capture


def polls(capture, n=20):
    plant = Plant()
    capture.resolve(plant.hmi, plant.plc[0])
    master = Modbus(capture, plant.hmi, plant.plc[0]).open()
    for i in range(n):
        master.numbered(i)
    request = mb.write_register(3, 33)
    master.exchange(request, request)
    master.close()
    return plant


def doubled(capture, change, delay):
    """Every frame again as change() makes it, delay ns later.

    The ARP frames come first, when nothing has shown yet that the port mirrors twice: the second of
    them may be real, so it is no duplicate that a monitor may drop.
    """
    out = []
    for frame in capture.frames:
        out.append(frame)
        data = change(frame.data)
        if data is not None:
            out.append(Frame(frame.time + delay, data))
            capture.duplicates += frame.data[12:14] == b"\x08\x00"
    capture.contents.frames = out
    capture.sort()


@capture("span-duplicates.pcap", "Every frame twice, byte by byte the same, 3 us apart")
def duplicates(capture):
    polls(capture)
    doubled(capture, lambda frame: frame, 3 * MICROSECOND)


@capture("span-duplicates-vlan.pcap", "Every frame twice, the copy with a VLAN tag")
def duplicates_vlan(capture):
    polls(capture)
    doubled(capture, lambda frame: frame[:12] + b"\x81\x00\x00\x0a" + frame[12:], 5 * MICROSECOND)


@capture("span-duplicates-routed.pcap", "Every IP packet before and behind a router: TTL one"
         " lower, other MAC addresses")
def duplicates_routed(capture):
    plant = polls(capture)

    def routed(frame):
        if frame[12:14] != b"\x08\x00":
            return None
        size = int.from_bytes(frame[16:18], "big")
        head = frame[14:22] + bytes([frame[22] - 1]) + frame[23:24] + b"\0\0" + frame[26:34]
        head = head[:10] + layers.checksum(head).to_bytes(2, "big") + head[12:]
        to_plc = frame[30:34] == layers.address(plant.plc[0].ip4)
        target = plant.plc[0] if to_plc else plant.hmi
        return layers.ethernet(target.mac, plant.router.mac, 0x0800, head + frame[34:14 + size])

    doubled(capture, routed, 400 * MICROSECOND)


@capture("span-udp-identical.pcap", "Identical UDP polls 0.5 ms apart that are all real: the"
         " device sends no IP identifier and repeats its transaction id; nothing is mirrored"
         " twice")
def udp_identical(capture):
    plant = Plant()
    master = ModbusUdp(capture, plant.hmi, plant.plc[0])
    request, answer = numbered_poll(1)
    for _ in range(20):
        for _ in range(2):
            plant.hmi.identifier = plant.plc[0].identifier = 0xFFFF  # the next one is 0
            master.transaction = 6
            master.ask(request)
            capture.step(100 * MICROSECOND)
            master.answer(answer)
            capture.step(400 * MICROSECOND)
        capture.step(100 * MILLISECOND)


@capture("span-falls-silent.pcap", "Three controllers are polled every second; then the port brings"
         " nothing but broadcasts for 90 s, as when the mirror was taken from the switch; then all"
         " is back")
def falls_silent(capture):
    plant = Plant()
    masters = [Modbus(capture, plant.hmi, plc).open() for plc in plant.plc]
    for second in range(165):
        capture.arp_request(plant.hmi, plant.gateway.ip4)
        if not 45 <= second < 135:
            for master in masters:
                master.numbered(second)
        capture.step(SECOND)
    for master in masters:
        master.close()
