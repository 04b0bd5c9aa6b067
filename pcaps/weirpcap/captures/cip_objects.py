# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""Objects of CIP: tags, identities of a backplane, projects, firmware, addresses, clocks, security."""

import struct

from .. import cip as c
from ..enip import Enip
from ..net import MILLISECOND, MINUTE, SECOND, Host
from ..plant import Plant
from ..registry import capture

SYMBOL, TEMPLATE, PROGRAM, MAP, DATA, ROUTINE, TASK = 0x6B, 0x6C, 0x68, 0x69, 0x6A, 0x6D, 0x70
MEMORY, LOCK, CLOCK, CONTROLLER, FLASH, CHANGES = 0x72, 0x74, 0x8B, 0x8E, 0xA1, 0xAC
FILE, TCPIP, LINK, PORT, TIME_SYNC, PARAMETER, NAME = 0x37, 0xF5, 0xF6, 0xF4, 0x43, 0x0F, 0x64
SUPERVISOR, SECURITY, ENIP_SECURITY, CERTIFICATES = 0x39, 0x5D, 0x5E, 0x5F
READ_TAG, WRITE_TAG, MODIFY_TAG, READ_PART, WRITE_PART, LIST_TAGS = 0x4C, 0x4D, 0x4E, 0x52, 0x53, 0x55

CONTROLLER_ID = (1, 14, 166, (33, 11), 0x3060, 0x01A2B3C4, "1756-L83E/B")
RACK = [c.identity(*CONTROLLER_ID),
        c.identity(1, 12, 258, (11, 2), 0x0030, 0x00B41D9E, "1756-EN2T/D"),
        c.identity(1, 7, 17, (3, 5), 0x0000, 0x00010A11, "1756-IB16/A DCIN"),
        c.identity(1, 7, 33, (3, 3), 0x0000, 0x00010A12, "1756-OB16D/A DCOUT DIAG"),
        c.identity(1, 10, 47, (1, 5), 0x0000, 0x00010A13, "1756-IF8/A"),
        c.identity(309, 12, 83, (1, 2), 0x0070, 0x0000AD77, "MVI56 ProSoft Technology, Inc.")]


class Cell(Plant):
    """A machine with a Logix controller and a drive, in the net of the plant."""

    def __init__(self):
        super().__init__()
        self.logix = Host("logix", "f4:54:33:10:00:71", "192.168.10.71", "fd00:10::71",
                          identifier=0x7100)
        self.drive = Host("drive", "00:1d:9c:10:00:73", "192.168.10.73", "fd00:10::73",
                          identifier=0x7300)


class Tool(Enip):
    """Requests by their parts."""

    def ask_for(self, service, segments, data=b"", answered=b"", status=0, extended=()):
        self.exchange(c.request(service, segments, data),
                      c.answer(service, answered, status, extended))

    def get(self, cls, instance, attribute, value, status=0):
        self.ask_for(c.GET, c.path(cls, instance, attribute), b"", value, status)

    def set(self, cls, instance, attribute, value, status=0):
        self.ask_for(c.SET, c.path(cls, instance, attribute), value, b"", status)

    def set_list(self, segments, *attributes):
        """attributes: (id, value)."""
        data = struct.pack("<H", len(attributes)) + b"".join(
            struct.pack("<H", i) + value for i, value in attributes)
        answered = struct.pack("<H", len(attributes)) + b"".join(
            struct.pack("<HH", i, 0) for i, _ in attributes)
        self.ask_for(c.SET_LIST, segments, data, answered)

    def get_list(self, segments, *attributes):
        """attributes: (id, value), or (id, status) for one that is refused."""
        data = struct.pack("<H%dH" % len(attributes), len(attributes), *[i for i, _ in attributes])
        answered, wrong = struct.pack("<H", len(attributes)), False
        for i, value in attributes:
            refused = isinstance(value, int)
            wrong = wrong or refused
            answered += struct.pack("<HH", i, value if refused else 0)
            answered += b"" if refused else value
        self.ask_for(c.GET_LIST, segments, data, answered, 0x0A if wrong else 0)


def tool(capture, client, server):
    capture.resolve(client, server)
    return Tool(capture, client, server).open()


def short(text):
    return bytes([len(text)]) + text.encode()


def text(value):
    return struct.pack("<H", len(value)) + value.encode()


def international(value):
    """A string in one language."""
    return bytes([1]) + b"eng" + bytes([0xDA]) + struct.pack("<H", 4) + short(value)


# Tags

BOOL, SINT, INT, DINT, LINT, USINT, UINT, UDINT, ULINT, REAL, LREAL = range(0xC1, 0xCC)
DWORD, STRUCTURE, STRING = 0xD3, 0x02A0, 0x0FCE
TYPES = [(BOOL, "Running", "<B", 1), (SINT, "Small", "<b", -5), (INT, "Level", "<h", -1234),
         (DINT, "Count", "<i", 123456789), (LINT, "Ticks", "<q", -5_000_000_000),
         (USINT, "Step", "<B", 200), (UINT, "Port", "<H", 50000), (UDINT, "Total", "<I", 4_000_000_000),
         (ULINT, "Stamp", "<Q", 1_768_197_600_000_000), (REAL, "Speed", "<f", 12.75),
         (LREAL, "Exact", "<d", 0.1), (DWORD, "Bits[0]", "<I", 0x80000001)]


def tag(name):
    """A tag with one index at the most."""
    base, _, index = name.partition("[")
    return c.symbol(base, int(index[:-1])) if index else c.symbol(base)


def string(value):
    return struct.pack("<I", len(value)) + value.encode().ljust(84, b"\0")


@capture("cip-tags-values.pcap", "Logix tags: reads and writes of every elementary type, arrays,"
         " strings, structures by handle, in fragments, and single bits by masks")
def tags(capture):
    cell = Cell()
    capture.step(120 * MINUTE)  # behind the learning time of a baseline
    hmi = tool(capture, cell.hmi, cell.logix)
    for kind, name, form, value in TYPES:
        data = struct.pack("<H", kind) + struct.pack(form, value)
        hmi.ask_for(READ_TAG, tag(name), struct.pack("<H", 1), data)
        hmi.ask_for(WRITE_TAG, tag(name), struct.pack("<HH", kind, 1) + struct.pack(form, value))
    hmi.ask_for(READ_TAG, tag("Profile[3]"), struct.pack("<H", 4),
                struct.pack("<Hffff", REAL, 1.5, 2.5, -3.5, 4))
    hmi.ask_for(WRITE_TAG, c.symbol("Program:Main.Recipe"), struct.pack("<HHhhh", INT, 3, 1, -2, 3))
    hmi.ask_for(READ_TAG, c.symbol("Batch"), struct.pack("<H", 1),
                struct.pack("<HH", STRUCTURE, STRING) + string("Batch 4711"))
    hmi.ask_for(WRITE_TAG, c.symbol("Batch"),
                struct.pack("<HHH", STRUCTURE, STRING, 1) + string("Batch 4712"))
    hmi.ask_for(READ_TAG, c.symbol("Motor"), struct.pack("<H", 1),
                struct.pack("<HHIff", STRUCTURE, 0x1A2B, 1, 49.5, 3.25))
    hmi.ask_for(MODIFY_TAG, c.symbol("Alarm"), struct.pack("<HII", 4, 0x20, 0xFFFFFFFF))
    hmi.ask_for(MODIFY_TAG, c.symbol("Alarm"), struct.pack("<HII", 4, 0, 0xFFFFFFFE))
    hmi.ask_for(READ_TAG, c.path(SYMBOL, 0x24E0), struct.pack("<H", 1), struct.pack("<Hi", DINT, 7))
    for offset, n, status in ((0, 120, 6), (480, 80, 0)):
        hmi.ask_for(READ_PART, c.symbol("History"), struct.pack("<HI", 200, offset),
                    struct.pack("<H%di" % n, DINT, *range(offset // 4, offset // 4 + n)), status)
    for offset, n in ((0, 100), (400, 50)):
        hmi.ask_for(WRITE_PART, c.symbol("History"),
                    struct.pack("<HHI%di" % n, DINT, 150, offset, *range(n)))
    hmi.ask_for(READ_TAG, c.symbol("Missing"), struct.pack("<H", 1), b"", 0x04, (0,))
    hmi.ask_for(READ_TAG, tag("Profile[90]"), struct.pack("<H", 1), b"", 0xFF, (0x2105,))
    hmi.ask_for(WRITE_TAG, c.symbol("Level"), struct.pack("<HHf", REAL, 1, 1.0), b"", 0xFF, (0x2107,))
    hmi.close()


def listed(instance, name, kind, *dimensions):
    sizes = (list(dimensions) + [0, 0, 0])[:3]
    return struct.pack("<I", instance) + text(name) + struct.pack("<HIII", kind, *sizes)


@capture("cip-tags-list.pcap", "The tags of a Logix controller and the templates of its structures"
         " are listed, in two parts, as an OPC server does it at its start")
def tag_list(capture):
    cell = Cell()
    capture.step(120 * MINUTE)  # behind the learning time of a baseline
    hmi = tool(capture, cell.stranger, cell.logix)
    wanted = struct.pack("<HHHH", 3, 1, 2, 8)
    hmi.ask_for(LIST_TAGS, c.path(SYMBOL, 0), wanted,
                listed(1, "Level", INT) + listed(5, "Running", BOOL) +
                listed(9, "Profile", 0x2000 | REAL, 100) +
                listed(12, "Batch", 0x8000 | 0xFCE) + listed(40, "Program:Main", 0x1068), 6)
    hmi.ask_for(LIST_TAGS, c.path(SYMBOL, 41), wanted,
                listed(55, "Grid", 0x6000 | DINT, 4, 5, 6) + listed(60, "Map:Local", 0x1069))
    hmi.ask_for(LIST_TAGS, c.symbol("Program:Main") + c.path(SYMBOL, 0), wanted,
                listed(3, "Recipe", 0x2000 | INT, 10))
    hmi.get_list(c.path(TEMPLATE, 0xFCE), (4, struct.pack("<I", 22)), (5, struct.pack("<I", 88)),
                 (2, struct.pack("<H", 2)), (1, struct.pack("<H", STRING)))
    hmi.ask_for(READ_TAG, c.path(TEMPLATE, 0xFCE), struct.pack("<IH", 0, 65),
                struct.pack("<HHI", 0, 0xC4, 0) + struct.pack("<HHI", 82, 0x20C2, 4) +
                b"ASCIISTRING82;n\0LEN\0DATA\0")
    hmi.close()


# Identity

@capture("cip-backplane-identity.pcap", "A chassis with six slots is walked: Identity through"
         " Unconnected Sends, all attributes at once, and a seventh slot that is not there")
def backplane(capture):
    cell = Cell()
    ews = tool(capture, cell.engineering, cell.logix)
    ask = c.request(c.GET_ALL, c.path(c.IDENTITY, 1))
    for slot, found in enumerate(RACK):
        ews.exchange(c.unconnected_send(ask, c.port(1, slot)), c.answer(c.GET_ALL, found))
    ews.exchange(c.unconnected_send(ask, c.port(1, 6)),
                 c.answer(c.UNCONNECTED_SEND, b"\x01", 0x01, (0x0312,)))
    ews.close()


@capture("cip-object-attributes.pcap", "Attributes of Identity, TCP/IP Interface, Ethernet Link, Port,"
         " Time Sync, Assembly, Parameter and the program's name: all, single and in lists")
def attributes(capture):
    cell = Cell()
    ews = tool(capture, cell.engineering, cell.drive)
    found = c.identity(1, 2, 151, (12, 1), 0x0064, 0x4050D1E5, "PowerFlex 755")
    ews.ask_for(c.GET_ALL, c.path(c.IDENTITY, 1), b"", found + b"\x03")
    ews.get(c.IDENTITY, 1, 1, struct.pack("<H", 1))
    ews.get(c.IDENTITY, 1, 2, struct.pack("<H", 2))
    ews.get(c.IDENTITY, 1, 4, bytes([12, 1]))
    ews.get(c.IDENTITY, 1, 5, struct.pack("<H", 0x0D64))
    ews.get(c.IDENTITY, 1, 6, struct.pack("<I", 0x4050D1E5))
    ews.get(c.IDENTITY, 1, 7, short("PowerFlex 755"))
    ews.get(c.IDENTITY, 1, 8, b"\x03")
    ews.get(c.IDENTITY, 1, 15, international("Conveyor 3"))
    ews.get(c.IDENTITY, 1, 17, international("Hall 2"))
    ews.get_list(c.path(c.IDENTITY, 1), (1, struct.pack("<H", 1)), (5, struct.pack("<H", 0x3160)),
                 (7, short("1756-L83E/B")), (99, 0x14))
    interface = (struct.pack("<III", 2, 0x34, 0) + struct.pack("<H", 2) + b"\x20\xf6\x24\x01" +
                 address("192.168.10.73", "255.255.255.0", "192.168.10.1") + text("drive3") )
    ews.ask_for(c.GET_ALL, c.path(TCPIP, 1), b"", interface)
    ews.get(TCPIP, 1, 3, struct.pack("<I", 2))
    ews.get(TCPIP, 1, 5, address("192.168.10.73", "255.255.255.0", "192.168.10.1", "plant"))
    ews.get(TCPIP, 1, 13, struct.pack("<H", 120))
    ews.get(LINK, 1, 3, bytes.fromhex("001d9c100073"))
    ews.get(LINK, 1, 4, struct.pack("<11I", *range(1000, 1011)))
    ews.get(LINK, 1, 1, struct.pack("<I", 100))
    ews.get(PORT, 1, 4, short("A"))
    ews.get(TIME_SYNC, 1, 1, b"\x01")
    ews.get(TIME_SYNC, 1, 3, struct.pack("<Q", 1_768_197_600_250_000))
    ews.get(TIME_SYNC, 1, 5, struct.pack("<q", -125))
    ews.get(c.ASSEMBLY, 101, 3, bytes(range(8)))
    ews.get(PARAMETER, 41, 7, short("Accel Time 1"))
    ews.get(PARAMETER, 41, 1, struct.pack("<f", 10))
    ews.set(PARAMETER, 41, 1, struct.pack("<f", 2.5))
    ews.ask_for(c.GET_ALL, c.path(NAME, 1), b"", text("Line_3"))
    ews.ask_for(c.GET_ALL, c.path(PORT, 0), b"", struct.pack("<HHH", 2, 3, 3))
    ews.close()


# Addresses and clocks

def address(ip, mask, gateway, domain=""):
    out = b"".join(struct.pack("<I", int.from_bytes(bytes(map(int, part.split("."))), "big"))
                   for part in (ip, mask, gateway, "0.0.0.0", "0.0.0.0"))
    return out + text(domain) + bytes(len(domain) % 2)


@capture("cip-address-change.pcap", "A drive gets another address, a static one, and another name:"
         " attributes of TCP/IP Interface and of Ethernet Link are set, one of them refused")
def address_change(capture):
    cell = Cell()
    ews = tool(capture, cell.stranger, cell.drive)
    ews.get(TCPIP, 1, 5, address("192.168.10.73", "255.255.255.0", "192.168.10.1"))
    ews.set(TCPIP, 1, 3, struct.pack("<I", 0))
    ews.set(TCPIP, 1, 5, address("192.168.10.200", "255.255.255.0", "192.168.10.254", "plant"))
    ews.set(TCPIP, 1, 6, text("drive9"))
    ews.set_list(c.path(TCPIP, 1), (5, address("192.168.10.201", "255.255.0.0", "192.168.10.254")))
    ews.set(TCPIP, 1, 8, b"\x08")
    ews.set(LINK, 1, 6, struct.pack("<HH", 2, 10))
    ews.set(TCPIP, 1, 5, address("10.0.0.1", "255.0.0.0", "0.0.0.0"), status=0x0F)
    ews.close()


@capture("cip-clock-set.pcap", "The clock of a Logix controller is read and set by an attribute list,"
         " and the time of a device by Time Sync")
def clock_set(capture):
    cell = Cell()
    ews = tool(capture, cell.engineering, cell.logix)
    now = struct.pack("<Q", 1_768_197_600_000_000)
    ews.get_list(c.path(CLOCK, 1), (6, now), (9, struct.pack("<h", 60)), (10, b"\x00"))
    ews.get_list(c.path(CLOCK, 1), (8, struct.pack("<I", 9) + b"GMT+01:00"))
    ews.set_list(c.path(CLOCK, 1), (6, struct.pack("<Q", 1_768_197_600_000_000 + 3_600_000_000)))
    ews.set(TIME_SYNC, 1, 3, now)
    ews.close()


# Reset, stop and start

@capture("cip-device-reset.pcap", "Resets of Identity: power cycle, factory default, factory default"
         " but for communication, and one that is refused")
def reset(capture):
    cell = Cell()
    ews = tool(capture, cell.stranger, cell.drive)
    for data, status in ((b"", 0), (b"\x00", 0), (b"\x01", 0), (b"\x02", 0), (b"\x01", 0x0C)):
        ews.ask_for(c.RESET, c.path(c.IDENTITY, 1), data, b"", status)
        capture.step(2 * SECOND)
    ews.close()


def controller_mode(ews, service, status=0):
    ews.ask_for(service, c.path(CONTROLLER, 1), b"", b"", status)


def inside(*parts):
    """An object within objects: (class, instance) each."""
    return b"".join(c.path(cls, instance) for cls, instance in parts)


def claim(ews, *owner):
    ews.ask_for(0x4B, inside(*owner, (LOCK, 1)), b"\x00")


def release(ews, *owner):
    ews.ask_for(0x4C, inside(*owner, (LOCK, 1)))


@capture("cip-controller-mode.pcap", "A Logix controller is claimed, stopped, asked and started; the"
         " program object is stopped as an attack tool does it, and once it is refused")
def mode(capture):
    cell = Cell()
    ews = tool(capture, cell.stranger, cell.logix)
    ews.ask_for(0x5C, c.path(CONTROLLER, 1), struct.pack("<HI", 1, 0x1234))
    claim(ews, (CONTROLLER, 1))
    controller_mode(ews, c.STOP)
    ews.get_list(c.path(c.IDENTITY, 1), (5, struct.pack("<H", 0x3070)))
    controller_mode(ews, c.START)
    ews.get_list(c.path(c.IDENTITY, 1), (5, struct.pack("<H", 0x3060)))
    release(ews, (CONTROLLER, 1))
    ews.ask_for(c.STOP, c.path(NAME, 1))
    ews.exchange(c.unconnected_send(c.request(c.STOP, c.path(CONTROLLER, 1)), c.port(1, 0)),
                 c.answer(c.STOP, status=0x0F))
    ews.close()


# Projects

def create(ews, segments, data=b"\x01\x00\x0a\x00\x00\x00"):
    ews.ask_for(c.CREATE, segments, data, struct.pack("<HHI", 0x0020, 0x0024, 0x0023E858))


def value(data, offset=0):
    return struct.pack("<IBH", offset, 0, len(data)) + data


@capture("cip-program-download.pcap", "A project goes into a Logix controller: claim, stop, the memory"
         " cleared, program, routine, tags, task and modules created, values written, start")
def program_download(capture):
    cell = Cell()
    ews = tool(capture, cell.engineering, cell.logix)
    claim(ews, (CONTROLLER, 1))
    controller_mode(ews, c.STOP)
    ews.think = (400000, 450000)
    ews.ask_for(c.RESET, c.path(MEMORY, 1))
    ews.think = (800, 2500)
    create(ews, c.path(PROGRAM, 0x2420))
    for instance in (0x1BFA, 0x2582):
        create(ews, c.path(DATA, instance))
        create(ews, c.path(SYMBOL, instance))
        ews.ask_for(0x50, c.path(DATA, instance), value(b"\x00\x00\x20\x41"))
    create(ews, inside((PROGRAM, 0x2420), (ROUTINE, 0x2420)))
    ews.set_list(inside((PROGRAM, 0x2420), (ROUTINE, 0x2420)), (5, struct.pack("<I", 0x0023E57C)))
    create(ews, c.path(MEMORY, 1), struct.pack("<HHI", 1, 5, 0x51))
    ews.ask_for(0x4B, c.path(MEMORY, 1), struct.pack("<I", 0x0023D984) + capture.random.octets(320))
    create(ews, inside((MAP, 1), (0x7E, 0x2420)))
    create(ews, c.path(TASK, 1))
    create(ews, c.path(CHANGES, 1), b"\x01\x00\x06\x00\xe8\x03")
    ews.set(CONTROLLER, 1, 7, struct.pack("<H", 0))
    controller_mode(ews, c.START)
    release(ews, (CONTROLLER, 1))
    ews.close()


@capture("cip-program-upload.pcap", "A project comes out of a Logix controller: instances of all its"
         " parts, their names and values, and a routine; nothing goes in")
def program_upload(capture):
    cell = Cell()
    ews = tool(capture, cell.stranger, cell.logix)
    for cls in (TEMPLATE, DATA, SYMBOL, PROGRAM, MAP, TASK):
        ews.ask_for(0x4B, c.path(cls, 0), b"", struct.pack("<III", 0x1BFA, 0x2420, 0x2582))
    ews.get_list(c.path(SYMBOL, 0x2420), (1, text("BoolTag01")), (2, struct.pack("<H", 0xC1)),
                 (3, struct.pack("<I", 0x00040034)), (7, struct.pack("<H", 1)),
                 (8, struct.pack("<III", 0, 0, 0)))
    ews.ask_for(0x4F, c.path(DATA, 0x2420), struct.pack("<IH", 0, 4), b"\x01\x00\x00\x00")
    ews.ask_for(0x4B, inside((PROGRAM, 0x2420), (ROUTINE, 0)), b"", struct.pack("<I", 0x2420))
    ews.ask_for(0x4C, inside((PROGRAM, 0x2420), (ROUTINE, 0x2420)), struct.pack("<IH", 0, 0),
                struct.pack("<I", 0) + capture.random.octets(300))
    ews.ask_for(0x4B, c.path(CHANGES, 1), b"\x06\x00\x01\x00", b"\x06\x00\x01\x00")
    ews.close()


@capture("cip-project-edit.pcap", "A running project is changed: edit, program deleted, task list"
         " written, data modified, inputs forced and forces removed")
def project_edit(capture):
    cell = Cell()
    ews = tool(capture, cell.stranger, cell.logix)
    claim(ews, (CONTROLLER, 1))
    ews.ask_for(0x4F, c.path(CHANGES, 1), b"\x01\x00")
    ews.ask_for(c.DELETE, c.path(PROGRAM, 0x2420))
    ews.set_list(c.path(TASK, 1), (3, struct.pack("<I", 0x2710)))
    ews.ask_for(0x51, c.path(DATA, 0x1BFA), value(b"\x01"))
    ews.ask_for(0x4D, c.path(MAP, 3), struct.pack("<IHH", 0, 0x20, 0x20))
    ews.ask_for(0x4E, c.path(MAP, 3), struct.pack("<I", 0))
    release(ews, (CONTROLLER, 1))
    ews.close()


# Firmware

@capture("cip-firmware-flash.pcap", "New firmware for a Rockwell module: class 0xA1 in blocks, one of"
         " them refused and sent again, then a reset")
def flash(capture):
    cell = Cell()
    ews = tool(capture, cell.engineering, cell.logix)
    image = capture.random.octets(4000)
    ews.ask_for(0x51, c.path(FLASH, 1), struct.pack("<IIHHI", len(image), 0, 1, 1, 0x01A2B3C4), b"",
                0x08)
    ews.ask_for(0x4B, c.path(FLASH, 1), struct.pack("<II", len(image), 0),
                bytes.fromhex("00007b145e01040300000000"))
    for offset in range(0, len(image), 350):
        block = struct.pack("<I", offset) + image[offset:offset + 350]
        if offset == 700:
            ews.ask_for(0x4D, c.path(FLASH, 1), block, b"", 0x01)
        ews.ask_for(0x4D, c.path(FLASH, 1), block, struct.pack("<IH", offset, 2))
        capture.step(20 * MILLISECOND)
    ews.ask_for(c.RESET, c.path(c.IDENTITY, 1), b"\x00")
    ews.close()


def file_download(ews, instance, name, data, size=200):
    ews.ask_for(0x4C, c.path(FILE, instance),
                struct.pack("<IHBB", len(data), 1, 2, 14) + international(name),
                struct.pack("<IHB", 0, 0, size))
    parts = [data[at:at + size] for at in range(0, len(data), size)]
    for i, part in enumerate(parts):
        last = i == len(parts) - 1
        kind = 4 if len(parts) == 1 else 0 if i == 0 else 2 if last else 1
        checksum = struct.pack("<H", -sum(data) & 0xFFFF) if last else b""
        ews.ask_for(0x50, c.path(FILE, instance), bytes([i & 0xFF, kind]) + part + checksum,
                    bytes([i & 0xFF]))


@capture("cip-firmware-file.pcap", "New firmware for a drive through the File object: initiate"
         " download and transfers, then a reset")
def firmware_file(capture):
    cell = Cell()
    ews = tool(capture, cell.engineering, cell.drive)
    ews.get(FILE, 1, 1, b"\x02")
    ews.get(FILE, 1, 4, international("PF755_12_001.dmk"))
    file_download(ews, 1, "PF755_14_002.dmk", capture.random.octets(1900))
    ews.ask_for(c.RESET, c.path(c.IDENTITY, 1), b"\x00")
    ews.close()


@capture("cip-file-upload.pcap", "The electronic data sheet comes out of a drive through the File"
         " object, and a file is cleared and deleted")
def file_upload(capture):
    cell = Cell()
    ews = tool(capture, cell.engineering, cell.drive)
    data = capture.random.octets(900)
    ews.ask_for(0x4B, c.path(FILE, 200), bytes([250]), struct.pack("<IB", len(data), 250))
    parts = [data[at:at + 250] for at in range(0, len(data), 250)]
    for i, part in enumerate(parts):
        last = i == len(parts) - 1
        checksum = struct.pack("<H", -sum(data) & 0xFFFF) if last else b""
        ews.ask_for(0x4F, c.path(FILE, 200), bytes([i]),
                    bytes([i, 0 if i == 0 else 2 if last else 1]) + part + checksum)
    ews.ask_for(0x51, c.path(FILE, 3))
    ews.ask_for(c.DELETE, c.path(FILE, 3))
    ews.close()


# Safety and security

@capture("cip-security-change.pcap", "Safety Supervisor and CIP Security are changed: lock, password,"
         " mode, reset, node id, keys and certificates; none of the secrets may appear in a record")
def security(capture):
    cell = Cell()
    ews = tool(capture, cell.stranger, cell.drive)
    password = b"correct horse 16"
    ews.get(SUPERVISOR, 1, 11, b"\x04")
    ews.ask_for(0x52, c.path(SUPERVISOR, 1), b"\x01" + password + bytes(10))
    ews.ask_for(0x51, c.path(SUPERVISOR, 1), password + b"battery staple16")
    ews.ask_for(0x53, c.path(SUPERVISOR, 1), b"\x02" + password)
    ews.ask_for(0x54, c.path(SUPERVISOR, 1), b"\x01" + password + bytes(10))
    ews.ask_for(0x56, c.path(SUPERVISOR, 1), bytes.fromhex("0103a1b2c3d4") + struct.pack("<I", 73))
    ews.ask_for(0x57, c.path(SUPERVISOR, 1), bytes.fromhex("0103a1b2c3d4") + struct.pack("<I", 73))
    ews.ask_for(0x4B, c.path(0x3A, 1))
    ews.ask_for(c.GET_ALL, c.path(SECURITY, 1), b"", struct.pack("<BHH", 2, 6, 2))
    ews.ask_for(0x4B, c.path(SECURITY, 1))
    ews.set(ENIP_SECURITY, 1, 5, b"\x01\x04" + b"id01\x10\x00" + password)
    ews.ask_for(0x4D, c.path(ENIP_SECURITY, 1))
    ews.ask_for(c.CREATE, c.path(CERTIFICATES, 0), short("site"), struct.pack("<H", 2))
    ews.ask_for(0x4B, c.path(CERTIFICATES, 2))
    ews.ask_for(0x4D, c.path(SECURITY, 1))
    ews.close()
