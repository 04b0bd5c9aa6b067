# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""SNMP messages in BER (RFC 1157, RFC 3416, RFC 3412)."""

from collections import namedtuple

GET, GET_NEXT, RESPONSE, SET, TRAP_1, GET_BULK, INFORM, TRAP, REPORT = range(9)
NAMES = ("get", "get_next", "response", "set", "trap_v1", "get_bulk", "inform", "trap", "report")
ANSWERS = (RESPONSE, REPORT)
V1, V2C, V3 = 0, 1, 3
AUTH, PRIVACY, REPORTABLE = 1, 2, 4

Value = namedtuple("Value", "tag content")


def element(tag, content):
    n = len(content)
    length = bytes([n]) if n < 128 else bytes([0x82, n >> 8, n & 255])
    return bytes([tag]) + length + content


def number(value, tag=2):
    n = max(1, (value.bit_length() + 8) // 8)
    return element(tag, value.to_bytes(n, "big", signed=tag == 2))


def octets(data):
    return element(4, data if isinstance(data, bytes) else data.encode())


def oid(text):
    arcs = [int(arc) for arc in text.split(".")]
    out = bytes()
    for arc in [arcs[0] * 40 + arcs[1]] + arcs[2:]:
        part = bytes([arc & 0x7F])
        while arc > 0x7F:
            arc >>= 7
            part = bytes([arc & 0x7F | 0x80]) + part
        out += part
    return element(6, out)


NULL = element(5, b"")
NO_SUCH_OBJECT, NO_SUCH_INSTANCE, END_OF_VIEW = (element(0x80 + n, b"") for n in range(3))


def sequence(*parts):
    return element(0x30, b"".join(parts))


def variables(pairs):
    return sequence(*(sequence(oid(name), value) for name, value in pairs))


def pdu(kind, request, pairs, status=0, index=0):
    """status and index: non-repeaters and repetitions of a get-bulk."""
    return element(0xA0 + kind, number(request) + number(status) + number(index) + variables(pairs))


def trap_1(enterprise, agent, generic, specific, pairs):
    return element(0xA0 + TRAP_1, oid(enterprise) + element(0x40, agent) + number(generic) +
                   number(specific) + number(4711, 0x43) + variables(pairs))


def message(version, community, body):
    return sequence(number(version), octets(community), body)


def version_3(identifier, flags, engine, user, body, context=""):
    """body: a PDU, or with PRIVACY the bytes that it was encrypted to."""
    usm = sequence(octets(engine), number(3), number(1000), octets(user),
                   octets(bytes(12) if flags & AUTH else b""),
                   octets(bytes(8) if flags & PRIVACY else b""))
    scoped = octets(body) if flags & PRIVACY else sequence(octets(engine), octets(context), body)
    return sequence(number(3), sequence(number(identifier), number(65507), octets(bytes([flags])),
                                        number(3)), octets(usm), scoped)


class Snmp:
    """One manager and one agent."""

    def __init__(self, capture, manager, agent, port=161):
        self.capture, self.manager, self.agent = capture, manager, agent
        self.ports = (manager.next_port(), port)
        self.request = 1000

    def count(self, kind, failed=False):
        counts = self.capture.counts("snmp")
        (counts.responses if kind in ANSWERS else counts.requests)[NAMES[kind]] += 1
        counts.errors[NAMES[kind]] += failed

    def ask(self, data):
        self.capture.udp(self.manager, self.agent, self.ports, data)
        self.capture.jitter(500, 3000)

    def answer(self, data):
        self.capture.udp(self.agent, self.manager, self.ports[::-1], data)
        self.capture.jitter(3000, 9000)

    def exchange(self, kind, community, asked, answered, version=V2C, status=0, index=0,
                 repetitions=0):
        self.request += 1
        missing = any(value in (NO_SUCH_OBJECT, NO_SUCH_INSTANCE) for _, value in answered)
        self.count(kind)
        self.ask(message(version, community, pdu(kind, self.request, asked, index=repetitions)))
        self.count(RESPONSE, failed=status != 0 or missing)
        self.answer(message(version, community,
                            pdu(RESPONSE, self.request, answered, status, index)))

    def notify(self, kind, data):
        """A trap, from the agent to the manager's port 162."""
        self.count(kind)
        self.capture.udp(self.agent, self.manager, (self.ports[1], 162), data)
        self.capture.jitter(3000, 9000)
