# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""UMAS sessions."""

import struct

from .. import modbus as mb
from .. import umas as um
from ..modbus import Modbus
from ..net import SECOND
from ..plant import Plant
from ..registry import capture

PROJECT = struct.pack("<HIIB", 0, 0x12345678, 0x00010203, 12) + b"PumpControl\0"
IDENT = (struct.pack("<HHHIB", 0x1234, 0x1000, 0x0320, 0x00A0, 12) + b"BMX P34 2020" +
         bytes([1, 1, 1, 0]))


def download(master, session, blocks, size=200):
    """A program into the controller, as the engineering software does it."""
    random = master.capture.random
    master.exchange(um.request(session, um.BEGIN_DOWNLOAD, b"\x00\x01"),
                    um.done(session, b"\x00\x04"))
    for block in range(1, blocks + 1):
        data = struct.pack("<HHH", 1, block, size) + random.octets(size)
        master.exchange(um.request(session, um.DOWNLOAD_BLOCK, data), um.done(session))
    master.exchange(um.request(session, um.END_DOWNLOAD, struct.pack("<HH", 0, blocks)),
                    um.done(session))


def upload(master, session, blocks, size=200):
    """A program out of the controller."""
    random = master.capture.random
    master.exchange(um.request(session, um.BEGIN_UPLOAD, b"\x00\x01"),
                    um.done(session, b"\x00\x04"))
    for block in range(1, blocks + 1):
        data = struct.pack("<HH", block, size) + random.octets(size)
        master.exchange(um.request(session, um.UPLOAD_BLOCK, struct.pack("<HH", 1, block)),
                        um.done(session, data))
    master.exchange(um.request(session, um.END_UPLOAD, b"\x00\x01"), um.done(session))


def greet(master):
    master.exchange(um.request(0, um.INIT, b"\x00"), um.done(0, b"\xfd\x03\x00\x00\x00\x00"))
    master.exchange(um.request(0, um.IDENT), um.done(0, IDENT))
    master.exchange(um.request(0, um.PROJECT_INFO, b"\x00"), um.done(0, PROJECT))
    master.exchange(um.request(0, um.PLC_INFO), um.done(0, bytes(4) + PROJECT[:10] + b"\x02"))


def reserve(master, session, name=b"EWS-01"):
    owner = struct.pack("<IB", 0x0000BEEF, len(name)) + name
    master.exchange(um.request(0, um.RESERVE, owner), um.done(0, bytes([session])))


@capture("umas-session.pcap", "An engineering session with a Modicon: identify, reserve,"
         " variables, upload, stop, download, start, refusals, release")
def session(capture):
    plant = Plant()
    capture.resolve(plant.engineering, plant.plc[0])
    master = Modbus(capture, plant.engineering, plant.plc[0], unit=0).open()
    greet(master)
    master.exchange(um.request(0, um.STOP, b"\xff\x00"), um.refused(0, b"\x81\x80"))  # not reserved
    reserve(master, 0x6E)
    read = bytes([1]) + struct.pack("<BHBHH", 3, 0x2A, 1, 0, 8)
    master.exchange(um.request(0, um.READ_VARIABLES, struct.pack("<I", 0x12345678) + read),
                    um.done(0, struct.pack("<HH", 21, 42)))
    write = bytes([1]) + struct.pack("<BHBHHH", 2, 0x2A, 1, 0, 8, 77)
    master.exchange(um.request(0x6E, um.WRITE_VARIABLES, struct.pack("<I", 0x12345678) + write),
                    um.done(0x6E))
    upload(master, 0x6E, 6)
    master.exchange(um.request(0x6E, um.KEEP_ALIVE), um.done(0x6E))
    master.exchange(um.request(0x6E, um.STOP, b"\xff\x00"), um.done(0x6E))
    download(master, 0x6E, 6)
    master.exchange(um.request(0x6E, um.START, b"\xff\x00"), um.done(0x6E))
    for _ in range(3):
        capture.step(2 * SECOND)
        master.exchange(um.request(0x6E, um.KEEP_ALIVE), um.done(0x6E))
    master.exchange(um.request(0x6E, 0x7E, b"\x00"), um.refused(0x6E, b"\x82\x80"))  # no such code
    master.exchange(um.request(0x6E, um.RELEASE), um.done(0x6E))
    master.exchange(*mb.numbered_poll(1))
    master.close()


@capture("umas-download.pcap", "A program goes into the controller (codes 0x30 to 0x32) and"
         " nothing comes out")
def only_download(capture):
    plant = Plant()
    master = Modbus(capture, plant.engineering, plant.plc[0], unit=0).open()
    reserve(master, 0x21)
    download(master, 0x21, 20, size=230)
    master.exchange(um.request(0x21, um.RELEASE), um.done(0x21))
    master.close()


@capture("umas-upload.pcap", "A program comes out of the controller (codes 0x33 to 0x35) and"
         " nothing goes in")
def only_upload(capture):
    plant = Plant()
    master = Modbus(capture, plant.engineering, plant.plc[0], unit=0).open()
    upload(master, 0, 20, size=230)
    master.close()


@capture("umas-not.pcap", "Function 90 as somebody else's user-defined code, without the layout of"
         " UMAS")
def not_umas(capture):
    plant = Plant()
    master = Modbus(capture, plant.hmi, plant.siemens).open()
    for i in range(5):
        master.exchange(bytes([90]), bytes([90]))
        master.exchange(bytes([90, i]), bytes([90, 0]))
    master.close()
