# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""The TCP segments and UDP datagrams in plain Ethernet frames, read back."""

import struct

from . import files


class Segment:
    """What a plain Ethernet frame with IPv4 or IPv6 and TCP or UDP holds; None of it else."""

    def __init__(self, data):
        self.protocol = None
        kind = data[12:14]
        if kind == b"\x08\x00" and data[14] == 0x45:
            # No length: the sender's network card was to write it.
            packet = data[14:14 + (int.from_bytes(data[16:18], "big") or len(data))]
            self.version, self.protocol, body = 4, packet[9], packet[20:]
            self.ends = (packet[12:16], packet[16:20])
        elif kind == b"\x86\xdd":
            packet = data[14:54 + int.from_bytes(data[18:20], "big")]
            self.version, self.protocol, body = 6, packet[6], packet[40:]
            self.ends = (packet[8:24], packet[24:40])
        if self.protocol not in (6, 17) or len(body) < (20 if self.protocol == 6 else 8):
            self.protocol = None
            return
        self.ports = struct.unpack_from(">HH", body)
        if self.protocol == 6:
            self.sequence, self.acknowledgement = struct.unpack_from(">II", body, 4)
            self.flags = body[13]
            self.payload = body[(body[12] >> 4) * 4:]
        else:
            self.sequence, self.flags, self.payload = 0, 0, body[8:]

    def key(self):
        return frozenset([(self.ends[0], self.ports[0]), (self.ends[1], self.ports[1])])


def flows(contents):
    """The segments of each connection, in the order in which they begin."""
    out = {}
    for frame in contents.frames:
        if contents.interfaces[frame.interface].link_type != files.ETHERNET or frame.length > len(
                frame.data):
            continue
        segment = Segment(frame.data)
        if segment.protocol:
            segment.frame, segment.time = frame.data, frame.time
            out.setdefault((segment.protocol, segment.key()), []).append(segment)
    return list(out.values())
