# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""Capture files, out and in.

pcap: draft-ietf-opsawg-pcap; pcapng: draft-ietf-opsawg-pcapng."""

import gzip
import io
import struct
from dataclasses import dataclass, field

MAGIC_MICRO = 0xA1B2C3D4
MAGIC_NANO = 0xA1B23C4D

ETHERNET = 1
NULL = 0
PPP = 9
RAW = 101
LOOP = 108
SLL = 113
IPV4 = 228
IPV6 = 229
SLL2 = 276


@dataclass
class Frame:
    time: int  # ns UTC
    data: bytes
    length: int = 0  # on the wire; 0: as captured
    interface: int = 0

    def wire_length(self):
        return self.length or len(self.data)


@dataclass
class Interface:
    link_type: int = ETHERNET
    name: str = ""
    resolution: int = 6  # if_tsresol: decimal digits, or 0x80 | binary digits
    snap_length: int = 262144


@dataclass
class Contents:
    """What a capture file holds."""

    interfaces: list = field(default_factory=lambda: [Interface()])
    frames: list = field(default_factory=list)
    nano: bool = False
    big: bool = False


def write_pcap(contents):
    order = ">" if contents.big else "<"
    interface = contents.interfaces[0]
    magic = MAGIC_NANO if contents.nano else MAGIC_MICRO
    unit = 1 if contents.nano else 1000
    out = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, interface.snap_length,
                       interface.link_type)]
    for frame in contents.frames:
        seconds, rest = divmod(frame.time, 10**9)
        out.append(struct.pack(order + "IIII", seconds, rest // unit, len(frame.data),
                               frame.wire_length()))
        out.append(frame.data)
    return b"".join(out)


def _pad(data):
    return data + bytes(-len(data) % 4)


def _option(order, code, value):
    return struct.pack(order + "HH", code, len(value)) + _pad(value)


def _block(order, kind, body):
    total = len(body) + 12
    return struct.pack(order + "II", kind, total) + body + struct.pack(order + "I", total)


def _ticks(resolution, time):
    if resolution & 0x80:
        return (time << (resolution & 0x7F)) // 10**9
    return time * 10**resolution // 10**9


def write_pcapng(contents):
    order = ">" if contents.big else "<"
    out = [_block(order, 0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1))]
    for interface in contents.interfaces:
        options = b""
        if interface.name:
            options += _option(order, 2, interface.name.encode())
        options += _option(order, 9, bytes([interface.resolution]))
        options += _option(order, 0, b"")
        out.append(_block(order, 1, struct.pack(order + "HHI", interface.link_type, 0,
                                                interface.snap_length) + options))
    for frame in contents.frames:
        ticks = _ticks(contents.interfaces[frame.interface].resolution, frame.time)
        out.append(_block(order, 6, struct.pack(order + "IIIII", frame.interface, ticks >> 32,
                                                ticks & 0xFFFFFFFF, len(frame.data),
                                                frame.wire_length()) + _pad(frame.data)))
    return b"".join(out)


def compress(data):
    """gzip without a time or a name, so that the bytes do not depend on when and where."""
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=buffer, mtime=0) as out:
        out.write(data)
    return buffer.getvalue()


def _read_pcap(data, order, magic):
    unit = 1 if magic == MAGIC_NANO else 1000
    snap_length, link_type = struct.unpack_from(order + "II", data, 16)
    contents = Contents([Interface(link_type, snap_length=snap_length)], nano=unit == 1,
                        big=order == ">")
    at = 24
    while at + 16 <= len(data):
        seconds, rest, captured, length = struct.unpack_from(order + "IIII", data, at)
        if at + 16 + captured > len(data):
            break
        contents.frames.append(Frame(seconds * 10**9 + rest * unit,
                                     data[at + 16:at + 16 + captured], length))
        at += 16 + captured
    return contents


def _resolution(order, options):
    at = 0
    while at + 4 <= len(options):
        code, length = struct.unpack_from(order + "HH", options, at)
        if code == 9 and length == 1:
            return options[at + 4]
        at += 4 + length + -length % 4
    return 6


def _read_pcapng(data):
    order = "<" if data[8:12] == b"\x4d\x3c\x2b\x1a" else ">"
    contents = Contents([], nano=True, big=order == ">")
    at = 0
    while at + 12 <= len(data):
        kind, total = struct.unpack_from(order + "II", data, at)
        if total < 12 or at + total > len(data):
            break
        body = data[at + 8:at + total - 4]
        if kind == 1:
            link_type, _, snap_length = struct.unpack_from(order + "HHI", body)
            contents.interfaces.append(Interface(link_type, resolution=_resolution(order, body[8:]),
                                                 snap_length=snap_length))
        elif kind == 6:
            number, high, low, captured, length = struct.unpack_from(order + "IIIII", body)
            resolution = contents.interfaces[number].resolution
            ticks = high << 32 | low
            per_second = 1 << (resolution & 0x7F) if resolution & 0x80 else 10**resolution
            time = -(-ticks * 10**9 // per_second)  # rounded up: written again it is the same tick
            contents.frames.append(Frame(time, body[20:20 + captured], length, number))
        at += total
    return contents


def read(data):
    """Contents of a pcap or pcapng file, also gzipped; what is cut off at the end is left out."""
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    if data[:4] == b"\x0a\x0d\x0d\x0a":
        return _read_pcapng(data)
    for order in "<>":
        if len(data) >= 24:
            magic = struct.unpack_from(order + "I", data)[0]
            if magic in (MAGIC_MICRO, MAGIC_NANO):
                return _read_pcap(data, order, magic)
    raise ValueError("not a capture file")


def write(contents):
    """pcap, or pcapng when there are several interfaces."""
    if len(contents.interfaces) == 1:
        return write_pcap(contents)
    return write_pcapng(contents)
