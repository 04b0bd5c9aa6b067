# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""CIP messages (CIP Volume 1): paths, requests, answers, connections, and their counts."""

import struct

GET_ALL, SET_ALL, GET_LIST, SET_LIST = 0x01, 0x02, 0x03, 0x04
RESET, START, STOP, CREATE, DELETE, MULTIPLE = 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A
GET, SET = 0x0E, 0x10
FORWARD_CLOSE, UNCONNECTED_SEND, FORWARD_OPEN, LARGE_FORWARD_OPEN = 0x4E, 0x52, 0x54, 0x5B
GET_CONNECTION_OWNER = 0x5A
SIGNED, AUDITED = 0x36, 0x37

IDENTITY, MESSAGE_ROUTER, ASSEMBLY, CONNECTION_MANAGER = 0x01, 0x02, 0x04, 0x06

NULL, MULTICAST, POINT_TO_POINT = 0, 1, 2


# Paths

def logical(kind, value):
    """kind: 0x20 class, 0x24 instance, 0x28 member, 0x2c connection point, 0x30 attribute."""
    if value < 0x100:
        return bytes([kind, value])
    if value < 0x10000:
        return struct.pack("<BBH", kind + 1, 0, value)
    return struct.pack("<BBI", kind + 2, 0, value)


def path(cls, instance=None, attribute=None):
    out = logical(0x20, cls)
    if instance is not None:
        out += logical(0x24, instance)
    if attribute is not None:
        out += logical(0x30, attribute)
    return out


def symbol(text, *indexes):
    """A tag: its parts are separated by dots, as in Program:Main.Level."""
    out = b""
    for part in text.split("."):
        name = part.encode()
        out += bytes([0x91, len(name)]) + name + bytes(len(name) % 2)
    return out + b"".join(logical(0x28, i) for i in indexes)


def port(number, link):
    """One hop: a slot or node number, or an address as text."""
    if isinstance(link, int):
        return bytes([number, link])
    text = link.encode()
    return bytes([0x10 | number, len(text)]) + text + bytes(len(text) % 2)


def key(vendor=0, device_type=0, product=0, major=0, minor=0, compatible=False):
    return struct.pack("<BBHHHBB", 0x34, 4, vendor, device_type, product,
                       major | (0x80 if compatible else 0), minor)


def words(segments):
    assert len(segments) % 2 == 0
    return len(segments) // 2


# Requests and answers

def request(service, segments, data=b""):
    return bytes([service, words(segments)]) + segments + data


def answer(service, data=b"", status=0, extended=()):
    return (bytes([service | 0x80, 0, status, len(extended)]) +
            struct.pack("<%dH" % len(extended), *extended) + data)


def multiple(messages):
    """Requests in one; of answers the body is the same."""
    at, offsets = 2 + 2 * len(messages), []
    for message in messages:
        offsets.append(at)
        at += len(message)
    return struct.pack("<%dH" % (1 + len(messages)), len(messages), *offsets) + b"".join(messages)


def multiple_request(messages):
    return request(MULTIPLE, path(MESSAGE_ROUTER, 1), multiple(messages))


def multiple_answer(messages, status=0):
    return answer(MULTIPLE, multiple(messages), status)


def unconnected_send(message, route, tick=7, ticks=157):
    data = struct.pack("<BBH", tick, ticks, len(message)) + message + bytes(len(message) % 2)
    return request(UNCONNECTED_SEND, path(CONNECTION_MANAGER, 1),
                   data + bytes([words(route), 0]) + route)


def signed(message, random, service=SIGNED):
    return request(service, path(MESSAGE_ROUTER, 1), message + random.octets(20))


def signed_answer(message, random, service=SIGNED):
    return answer(service, message + random.octets(20))


# Connections

def parameters(size, kind, variable=False, priority=2, large=False):
    flags = int(variable) | priority << 1 | kind << 4
    return struct.pack("<I", size | flags << 25) if large else struct.pack("<H", size | flags << 9)


class Connection:
    """What a Forward Open asks for, and the messages about it."""

    def __init__(self, o_to_t, t_to_o, serial, segments, o_to_t_size=504, t_to_o_size=504,
                 transport=0xA3, rpi=(2000000, 2000000), kinds=(POINT_TO_POINT, POINT_TO_POINT),
                 vendor=0x004D, originator=0x3295F32B, variable=(True, True), priority=(0, 0),
                 multiplier=2, large=False):
        self.ids, self.serial, self.segments = (o_to_t, t_to_o), serial, segments
        self.sizes, self.transport, self.rpi, self.kinds = ((o_to_t_size, t_to_o_size), transport,
                                                           rpi, kinds)
        self.vendor, self.originator = vendor, originator
        self.variable, self.priority, self.multiplier = variable, priority, multiplier
        self.large = large

    @property
    def triple(self):
        return struct.pack("<HHI", self.serial, self.vendor, self.originator)

    def service(self):
        return LARGE_FORWARD_OPEN if self.large else FORWARD_OPEN

    def open_request(self):
        data = (bytes([7, 157]) + struct.pack("<II", 0, self.ids[1]) + self.triple +
                bytes([self.multiplier, 0, 0, 0]))
        for side in (0, 1):
            data += struct.pack("<I", self.rpi[side])
            data += parameters(self.sizes[side], self.kinds[side], self.variable[side],
                               self.priority[side], self.large)
        data += bytes([self.transport, words(self.segments)]) + self.segments
        return request(self.service(), path(CONNECTION_MANAGER, 1), data)

    def open_answer(self):
        return answer(self.service(), struct.pack("<II", *self.ids) + self.triple +
                      struct.pack("<IIBB", *self.rpi, 0, 0))

    def open_refusal(self, status=1, *extended):
        return answer(self.service(), self.triple + bytes([words(self.segments), 0]), status,
                      extended)

    def close_request(self):
        return request(FORWARD_CLOSE, path(CONNECTION_MANAGER, 1), bytes([7, 157]) + self.triple +
                       bytes([words(self.segments), 0]) + self.segments)

    def close_answer(self):
        return answer(FORWARD_CLOSE, self.triple + bytes([0, 0]))


# The identity object

def identity(vendor, device_type, product, revision, status, serial, name):
    return (struct.pack("<HHHBBHI", vendor, device_type, product, *revision, status, serial) +
            bytes([len(name)]) + name.encode())


# What a capture shall be found to hold

def inner_messages(body):
    n = struct.unpack_from("<H", body)[0]
    offsets = list(struct.unpack_from("<%dH" % n, body, 2)) + [len(body)]
    return [body[a:b] for a, b in zip(offsets, offsets[1:])]


def count(counts, message):
    """One message with all that are inside of it."""
    service = message[0] & 0x7F
    if not message[0] & 0x80:
        counts.requests[service] += 1
        segments, data = message[2:2 + 2 * message[1]], message[2 + 2 * message[1]:]
        if service == UNCONNECTED_SEND and segments[:2] == b"\x20\x06":
            count(counts, data[4:4 + struct.unpack_from("<H", data, 2)[0]])
        elif service in (SIGNED, AUDITED) and segments[:2] == b"\x20\x02":
            count(counts, data[:-20])
        elif service == MULTIPLE:
            for inner in inner_messages(data):
                counts.requests[inner[0]] += 1
        return
    status, data = message[2], message[4 + 2 * message[3]:]
    (counts.exceptions if status else counts.responses)[service] += 1
    if service == MULTIPLE and len(data) > 2:
        for inner in inner_messages(data):
            (counts.exceptions if inner[2] else counts.responses)[inner[0] & 0x7F] += 1
    elif service in (SIGNED, AUDITED) and not status:
        count(counts, data[:-20])
