# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""PCCC in CIP and in CSP: data files, modes, programs on their way, errors."""

import struct

from .. import pccc as p
from ..enip import Enip
from ..net import MINUTE, SECOND, Host
from ..pccc import Csp, OverCip, Pccc
from ..plant import Plant
from ..registry import capture


class Mill(Plant):
    """Older Allen-Bradley processors in the net of the plant."""

    def __init__(self):
        super().__init__()
        self.micrologix = Host("micrologix", "00:0f:73:10:00:61", "192.168.10.61", "fd00:10::61",
                               identifier=0x6100)
        self.slc = Host("slc", "00:00:bc:10:00:62", "192.168.10.62", "fd00:10::62",
                        identifier=0x6200)
        self.plc5 = Host("plc5", "00:00:bc:10:00:63", "192.168.10.63", "fd00:10::63",
                         identifier=0x6300)


MICROLOGIX = p.slc_status("1766-LEC", 0x4A, 0x9F, 1, 4, 0x26, kilobytes=158)
SLC_RUN = p.slc_status("5/05", 0x8C, 0x78, 2, 10, 0x06)
SLC_PROGRAM = p.slc_status("5/05", 0x8C, 0x78, 2, 10, 0x01)
PLC5 = p.plc5_status(0x06, 0x4B, 0x8000, 2, 3, 5, forces=0x11)


def over_cip(capture, client, server):
    return Pccc(OverCip(Enip(capture, client, server).open()))


@capture("pccc-data-files.pcap", "PCCC in CIP: reads and writes of every type of data file of an SLC"
         " or MicroLogix, with extended numbers, single bits and sub-elements")
def data_files(capture):
    mill = Mill()
    capture.step(120 * MINUTE)  # behind the learning time of a baseline
    capture.resolve(mill.hmi, mill.micrologix)
    hmi = over_cip(capture, mill.hmi, mill.micrologix)
    hmi.read(0, p.OUTPUT, 0, p.words(0x0015, -32768))
    hmi.read(1, p.INPUT, 1, p.words(0x0101), sub=2)
    hmi.read(2, p.STATUS, 1, p.words(0x001E, 0, 3))
    hmi.read(3, p.BIT, 0, p.words(0x0021, -1))
    hmi.read(4, p.TIMER, 0, p.words(-24576, 100, 42, 0x2000, 500, 0))
    hmi.read(4, p.TIMER, 0, p.words(42), sub=2)
    hmi.read(5, p.COUNTER, 3, p.words(0x1000, 250, 17))
    hmi.read(6, p.CONTROL, 2, p.words(0, 12, 5))
    hmi.read(7, p.INTEGER, 0, p.words(*range(-4, 4)))
    hmi.read(7, p.INTEGER, 10, p.words(*range(100, 180)))
    hmi.read(8, p.FLOAT, 3, p.floats(21.5, -0.125))
    hmi.read(9, p.STRING, 1, p.string("Batch 4711") + p.string("idle"))
    hmi.read(10, p.LONG, 0, struct.pack("<ii", -70000, 70000))
    hmi.read(11, p.ASCII, 0, p.swapped("RECIPE", 6))
    hmi.read(12, p.BCD, 0, struct.pack("<HH", 0x1234, 0x9999))
    hmi.read(13, p.MESSAGE, 0, p.words(1, 2, 3))
    hmi.read(14, p.PID, 0, p.words(4, 5))
    hmi.read(300, p.INTEGER, 254, p.words(7))
    hmi.typed(0xA1, p.address(2, 7, p.INTEGER, 300), p.words(-9))
    hmi.write(7, p.INTEGER, 20, p.words(1500, -3))
    hmi.write(8, p.FLOAT, 4, p.floats(55.25))
    hmi.write(9, p.STRING, 2, p.string("Batch 4712"))
    hmi.write(10, p.LONG, 5, struct.pack("<i", 123456))
    hmi.write(4, p.TIMER, 1, p.words(600), sub=1)
    hmi.typed(p.MASKED, p.address(2, 3, p.BIT, 0, 0) + struct.pack("<HH", 0x0020, 0x0020))
    hmi.typed(p.MASKED, p.address(2, 3, p.BIT, 1, 0) + struct.pack("<HH", 0x0003, 0x0001))
    hmi.typed(0xA9, p.address(2, 7, p.INTEGER, 21) + p.words(8))
    hmi.exchange(0x01, None, struct.pack("<HB", 0x0010, 4), p.words(11, 12))
    hmi.exchange(0x08, None, struct.pack("<H", 0x0010) + p.words(13))
    hmi.exchange(0x05, None, struct.pack("<HBBHBB", 0x0012, 0x01, 0x02, 0x0014, 0x80, 0))
    hmi.carrier.enip.close()


@capture("pccc-polling.pcap", "An HMI reads data files of a MicroLogix over and over, and nothing"
         " else")
def polling(capture):
    mill = Mill()
    hmi = over_cip(capture, mill.hmi, mill.micrologix)
    for i in range(20):
        hmi.read(7, p.INTEGER, 0, p.words(*(i + k for k in range(10))))
        hmi.read(8, p.FLOAT, 0, p.floats(20 + i / 4, 30 - i / 8))
        hmi.read(3, p.BIT, 0, p.words(i))
        capture.step(SECOND // 2)
    hmi.carrier.enip.close()


def sets(first, *more):
    return b"".join((first, *more))


@capture("pccc-plc5.pcap", "PCCC in CIP to a PLC-5: word ranges, typed reads and writes, bits by"
         " masks, addresses by levels, as text and as a symbol, and the diagnostic status")
def plc5(capture):
    mill = Mill()
    capture.resolve(mill.engineering, mill.plc5)
    ews = over_cip(capture, mill.engineering, mill.plc5)
    ews.status(PLC5)
    ews.typed(0x01, struct.pack("<HH", 0, 3) + p.levels(0, 7, 30) + b"\x06", p.words(1, -2, 3))
    ews.typed(0x01, struct.pack("<HH", 0, 1) + p.levels(0, 8, 2) + b"\x04",
              struct.pack("<HH", 0x41AC, 0x0000))  # 21.5, high word first
    ews.typed(0x01, struct.pack("<HH", 0, 1) + p.levels(0, 1, 0o17) + b"\x02", p.words(3))
    ews.typed(0x01, struct.pack("<HH", 0, 1) + p.levels(0, 4, 2, 2) + b"\x02", p.words(99))
    ews.typed(0x01, struct.pack("<HH", 0, 1) + p.ascii_address("N10:360") + b"\x02", p.words(5))
    ews.typed(0x01, struct.pack("<HH", 0, 1) + b"\0TANK_1\0\x02", p.words(6))
    ews.typed(0x68, struct.pack("<HH", 0, 3) + p.levels(0, 12, 5) + struct.pack("<H", 3),
              p.array(4, 2, p.words(10, 20, -30)))
    ews.typed(0x68, struct.pack("<HH", 0, 2) + p.levels(0, 8, 0) + struct.pack("<H", 2),
              p.array(8, 4, p.floats(1.5, 2.25)))
    ews.typed(0x68, struct.pack("<HH", 0, 1) + p.levels(0, 4, 0) + struct.pack("<H", 1),
              p.flag(5, 6) + p.words(0, 100, 7))
    ews.typed(0x68, struct.pack("<HH", 0, 300) + p.levels(0, 7, 0) + struct.pack("<H", 150),
              p.array(4, 2, p.words(*range(150))))
    ews.typed(0x00, struct.pack("<HH", 0, 2) + p.levels(0, 7, 40) + p.words(77, 78))
    ews.typed(0x67, struct.pack("<HH", 0, 1) + p.levels(0, 7, 41) + p.flag(4, 2) + p.words(79))
    ews.typed(0x67, struct.pack("<HH", 0, 2) + p.levels(0, 8, 5) +
              p.array(8, 4, p.floats(9.75, -9.75)))
    ews.typed(0x26, sets(p.levels(0, 3, 0) + struct.pack("<HH", 0xFFFE, 0),
                         p.levels(0, 3, 1) + struct.pack("<HH", 0xFFFF, 0x0008)))
    ews.typed(0x29, p.levels(0, 7, 0), struct.pack("<HH", 1, 100))
    ews.carrier.enip.close()


@capture("pccc-mode-change.pcap", "PCCC: an SLC is put into program mode, is asked, and is put back"
         " into run mode; test modes and the PLC-5's own function as well")
def mode_change(capture):
    mill = Mill()
    capture.resolve(mill.engineering, mill.slc)
    ews = over_cip(capture, mill.engineering, mill.slc)
    ews.status(SLC_RUN)
    ews.typed(0x11)
    ews.typed(0x80, b"\x01")
    ews.status(SLC_PROGRAM)
    ews.typed(0x80, b"\x07")
    ews.typed(0x80, b"\x06")
    ews.status(SLC_RUN)
    ews.typed(0x80, b"\x0c", status=p.EXTENDED, extended=0x12)
    ews.typed(0x12)
    ews.typed(0x3A, b"\x00")
    ews.typed(0x3A, b"\x02")
    ews.carrier.enip.close()


def blocks(capture, n, size):
    return [capture.random.octets(size) for _ in range(n)]


@capture("pccc-program-download.pcap", "PCCC: a program goes into a PLC-5 (download all, bytes,"
         " completed) and into an SLC (a file is opened, written and closed)")
def program_download(capture):
    mill = Mill()
    ews = over_cip(capture, mill.engineering, mill.plc5)
    ews.status(PLC5)
    ews.typed(0x11)
    ews.typed(0x50)
    for i, block in enumerate(blocks(capture, 8, 200)):
        ews.typed(0x18, struct.pack("<I", 0x1000 + 200 * i) + block)
    ews.typed(0x52)
    ews.typed(0x8F, b"\x00")
    ews.typed(0x12)
    ews.carrier.enip.close()
    ews = over_cip(capture, mill.engineering, mill.slc)
    ews.typed(0x81, bytes([3, 2, p.LADDER]), struct.pack("<H", 0x4176))
    for i, block in enumerate(blocks(capture, 4, 128)):
        ews.typed(0xAF, struct.pack("<BHHB", 128, 0x4176, 64 * i, p.LADDER) + block)
    ews.typed(0x82, struct.pack("<H", 0x4176))
    ews.exchange(0x07, 0x04)
    ews.exchange(0x03, None, struct.pack("<H", 0x0100) + capture.random.octets(60))
    ews.exchange(0x07, 0x05)
    ews.write(2, p.LADDER, 0, capture.random.octets(80))
    ews.carrier.enip.close()


@capture("pccc-program-upload.pcap", "PCCC: a program comes out of a PLC-5 (upload all, bytes,"
         " completed) and out of an SLC, and nothing goes in")
def program_upload(capture):
    mill = Mill()
    ews = over_cip(capture, mill.engineering, mill.plc5)
    ews.status(PLC5)
    ews.typed(0x53, b"", struct.pack("<BIIB", 1, 0x1000, 0x1640, 0))
    for i, block in enumerate(blocks(capture, 8, 200)):
        ews.typed(0x17, struct.pack("<IB", 0x1000 + 200 * i, 200), block)
    ews.typed(0x55)
    ews.carrier.enip.close()
    ews = over_cip(capture, mill.engineering, mill.slc)
    ews.typed(0x81, bytes([1, 2, p.LADDER]), struct.pack("<H", 0x4176))
    for i, block in enumerate(blocks(capture, 4, 128)):
        ews.typed(0xA7, struct.pack("<BHHB", 128, 0x4176, 64 * i, p.LADDER), block)
    ews.typed(0x82, struct.pack("<H", 0x4176))
    ews.read(2, p.LADDER, 0, capture.random.octets(80))
    ews.carrier.enip.close()


@capture("pccc-maintenance.pcap", "PCCC: memory initialised, shutdown, restart, outputs disabled,"
         " forces, configuration and clock written")
def maintenance(capture):
    mill = Mill()
    capture.resolve(mill.stranger, mill.slc)
    ews = over_cip(capture, mill.stranger, mill.slc)
    ews.typed(0x57)
    ews.typed(0x07)
    ews.typed(0x0A)
    ews.exchange(0x07, 0x00)
    ews.typed(p.MASKED, p.address(4, 1, p.INPUT_FORCE, 0, 0) + struct.pack("<HHH", 0x20, 0x20, 0x20))
    ews.write(0, p.OUTPUT_FORCE, 0, p.words(1))
    ews.typed(0x41)
    ews.write(2, p.STATUS, 13, p.words(0))
    ews.write(1, p.CHANNEL, 0, p.words(19200, 0))
    ews.write(0, p.ETHERNET, 2, bytes([192, 168, 10, 62]))
    ews.write(0, p.CLOCK, 0, p.words(2026, 1, 12, 6, 30))
    ews.write(0, p.EDIT, 0, p.words(1))
    ews.exchange(0x06, 0x07)
    ews.carrier.enip.close()


@capture("pccc-errors.pcap", "PCCC: refusals of the link, of the node and with extended status,"
         " unknown functions, requests without answers, and an answer without its request")
def errors(capture):
    mill = Mill()
    hmi = over_cip(capture, mill.hmi, mill.slc)
    read = p.address(2, 7, p.INTEGER, 0, 0)
    for status in (0x10, 0x20, 0x30, 0x50, 0x60, 0x70, 0xB0, 0x05, 0x07):
        hmi.typed(p.READ, read, status=status)
    for extended in (0x01, 0x06, 0x0B, 0x1A, 0x1B, 0x1F, 0x99):
        hmi.write(7, p.INTEGER, 0, p.words(1), status=p.EXTENDED, extended=extended)
    hmi.typed(0xC7, b"\x01\x02", b"\x03")
    hmi.exchange(0x09, None, b"\x01\x02", b"\x03")
    hmi.counts.unknown += 4
    enip = hmi.carrier.enip
    enip.ask(hmi.carrier.execute(hmi.request(0x0F, p.READ, read)), enip.next_context())
    capture.step(10 * SECOND)
    hmi.read(7, p.INTEGER, 0, p.words(3))
    hmi.tns += 1
    hmi.counts.responses["15"] += 1
    enip.answer(hmi.carrier.executed(struct.pack("<BBHh", 0x4F, 0, hmi.tns, 4)),
                enip.next_context())
    capture.step(SECOND)
    enip.close()


@capture("csp-session.pcap", "PCCC in the client/server protocol that came before EtherNet/IP, on TCP"
         " 2222: a PLC-5/40E is identified, read, written and put into program mode")
def csp(capture):
    mill = Mill()
    capture.resolve(mill.engineering, mill.plc5)
    ews = Pccc(Csp(capture, mill.engineering, mill.plc5).open())
    ews.status(PLC5)
    for i in range(5):
        ews.typed(0x68, struct.pack("<HH", 0, 4) + p.levels(0, 7, 0) + struct.pack("<H", 4),
                  p.array(4, 2, p.words(i, i + 1, i + 2, i + 3)))
        capture.step(SECOND)
    ews.typed(0x67, struct.pack("<HH", 0, 1) + p.levels(0, 7, 5) + p.flag(4, 2) + p.words(7))
    ews.typed(0x3A, b"\x00")
    ews.carrier.close()
