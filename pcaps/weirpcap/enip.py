# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""EtherNet/IP encapsulation (CIP Volume 2) and exchanges of CIP messages in it."""

import ipaddress
import struct

from . import cip
from .net import CLIENT, SERVER, Host, Tcp

PORT = 44818
NOP, LIST_TARGETS, LIST_SERVICES = 0x00, 0x01, 0x04
LIST_IDENTITY, LIST_INTERFACES = 0x63, 0x64
REGISTER, UNREGISTER = 0x65, 0x66
SEND_RR_DATA, SEND_UNIT_DATA = 0x6F, 0x70

BROADCAST = Host("broadcast", "ff:ff:ff:ff:ff:ff", "255.255.255.255", "ff02::1")


def packet(command, data=b"", session=0, status=0, context=0, options=0):
    return struct.pack("<HHIIQI", command, len(data), session, status, context, options) + data


def items(*parts):
    """parts: (type, data)."""
    return struct.pack("<H", len(parts)) + b"".join(
        struct.pack("<HH", kind, len(data)) + data for kind, data in parts)


def sockaddr(address, port):
    return struct.pack(">HH4s8x", 2, port, ipaddress.ip_address(address).packed)


def unconnected(message, *more):
    return struct.pack("<IH", 0, 0) + items((0, b""), (0xB2, message), *more)


def connected(connection, sequence, message):
    return struct.pack("<IH", 0, 0) + items(
        (0xA1, struct.pack("<I", connection)),
        (0xB1, struct.pack("<H", sequence & 0xFFFF) + message))


def io(connection, sequence, data, count=None):
    """An I/O packet; class 1 has a sequence count."""
    head = b"" if count is None else struct.pack("<H", count & 0xFFFF)
    return items((0x8002, struct.pack("<II", connection, sequence & 0xFFFFFFFF)),
                 (0xB1, head + data))


def identity_item(host, identity, state=3, port=PORT):
    return 0x0C, struct.pack("<H", 1) + sockaddr(host.ip4, port) + identity + bytes([state])


def services_item(capabilities=0x0120):
    return 0x100, struct.pack("<HH16s", 1, capabilities, b"Communications")


class Enip:
    """A client and a device on one TCP connection; every message is counted."""

    def __init__(self, capture, client, server, port=PORT, session=0x11020100, **options):
        self.capture = capture
        self.tcp = Tcp(capture, client, server, port, **options)
        self.session, self.context, self.sequence = session, 0, 0
        self.connection = None
        self.think = (800, 2500)  # microseconds that the device takes

    @property
    def counts(self):
        return self.capture.counts("enip")

    def open(self, register=True):
        self.tcp.open()
        if register:
            self.register()
        return self

    def close(self):
        self.send(CLIENT, UNREGISTER, session=self.session)
        self.tcp.close()

    def count(self, side, command, status=0):
        (self.counts.responses if side == SERVER else self.counts.requests)[command] += 1
        if status and side == SERVER:
            self.counts.errors[command] += 1

    def send(self, side, command, data=b"", status=0, session=0, context=0, count=True):
        if count:
            self.count(side, command, status)
        self.tcp.send(side, packet(command, data, session, status, context))

    def wait(self):
        self.capture.jitter(*self.think)

    def rest(self):
        self.capture.jitter(30, 90)
        self.tcp.send(CLIENT)
        self.capture.jitter(500, 1500)

    def command(self, command, asked=b"", answered=b"", status=0, session=0, answered_session=None):
        """A command of the encapsulation itself, and its answer."""
        self.send(CLIENT, command, asked, session=session)
        self.wait()
        self.send(SERVER, command, answered, status,
                  session if answered_session is None else answered_session)
        self.rest()

    def register(self):
        self.command(REGISTER, struct.pack("<HH", 1, 0), struct.pack("<HH", 1, 0),
                     answered_session=self.session)

    def next_context(self):
        self.context += 1
        return 0x57454952_00000000 | self.context

    def exchange(self, request, answer, *more):
        """An unconnected CIP message and its answer; more: items beside the answer."""
        context = self.next_context()
        self.ask(request, context)
        self.wait()
        self.answer(answer, context, *more)
        self.rest()

    def ask(self, request, context, count=True):
        if count:
            cip.count(self.capture.counts("cip"), request)
        self.send(CLIENT, SEND_RR_DATA, unconnected(request), 0, self.session, context, count)

    def answer(self, answer, context, *more, count=True):
        if count:
            cip.count(self.capture.counts("cip"), answer)
        self.send(SERVER, SEND_RR_DATA, unconnected(answer, *more), 0, self.session, context, count)

    def forward_open(self, connection, *more):
        self.exchange(connection.open_request(), connection.open_answer(), *more)
        self.connection = connection

    def forward_close(self, connection):
        self.exchange(connection.close_request(), connection.close_answer())

    def connected(self, request, answer, connection=None):
        """The same over a connection."""
        connection = connection or self.connection
        self.sequence += 1
        self.ask_connected(request, connection, self.sequence)
        self.wait()
        self.answer_connected(answer, connection, self.sequence)
        self.rest()

    def ask_connected(self, request, connection, sequence):
        cip.count(self.capture.counts("cip"), request)
        self.send(CLIENT, SEND_UNIT_DATA, connected(connection.ids[0], sequence, request),
                  session=self.session)

    def answer_connected(self, answer, connection, sequence):
        cip.count(self.capture.counts("cip"), answer)
        self.send(SERVER, SEND_UNIT_DATA, connected(connection.ids[1], sequence, answer),
                  session=self.session)
