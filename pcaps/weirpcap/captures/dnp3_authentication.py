# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""DNP3: secure authentication, version 5. MACs and keys are random octets; only their lengths tell."""

import struct

from .. import dnp3 as dn
from ..net import SECOND
from ..registry import capture
from .dnp3 import Substation, Dnp3, poll, session, static

HMAC_SHA256_16 = 4
NOT_INIT, OK, AUTH_FAIL = 2, 1, 4


def challenge(random, sequence, user=1):
    return dn.sized(120, 1, struct.pack("<IHBB", sequence, user, HMAC_SHA256_16, 1) + random.octets(4))


def reply(random, sequence, user=1):
    return dn.sized(120, 2, struct.pack("<IH", sequence, user) + random.octets(16))


def key_status_request(user=1):
    return dn.counted(120, 4, struct.pack("<H", user))


def key_status(random, sequence, status, user=1):
    mac = random.octets(16) if status == OK else b""
    return dn.sized(120, 5, struct.pack("<IHBBBH", sequence, user, 2, status,
                                        HMAC_SHA256_16 if mac else 0, 4) + random.octets(4) + mac)


def key_change(random, sequence, user=1):
    return dn.sized(120, 6, struct.pack("<IH", sequence, user) + random.octets(72))


def error(capture, sequence, code, text=b"", user=1):
    return dn.sized(120, 7, struct.pack("<IHHB", sequence, user, 0, code) + dn.time48(capture.now) + text)


def session_keys(link, sequence, user=1):
    random = link.capture.random
    link.exchange(dn.AUTHENTICATE, key_status_request(user), key_status(random, sequence, NOT_INIT, user),
                  answered_by=dn.AUTHENTICATE_RESPONSE)
    link.exchange(dn.AUTHENTICATE, key_change(random, sequence, user),
                  key_status(random, sequence + 1, OK, user), answered_by=dn.AUTHENTICATE_RESPONSE)


def challenged(link, function, objects, sequence, answer=b"", user=1):
    """A critical request: challenge and reply with its sequence number, then its answer."""
    random = link.capture.random
    asked = link.request(function, objects)
    link.respond(asked, challenge(random, sequence, user), function=dn.AUTHENTICATE_RESPONSE)
    link.fragment(True, dn.AUTHENTICATE, reply(random, sequence, user), sequence=asked)
    return asked, answer


def aggressive(link, function, objects, sequence, user=1):
    before = dn.counted(120, 3, struct.pack("<IH", sequence, user))
    return link.request(function, before + objects + dn.sized(120, 9, link.capture.random.octets(16)))


def control(index=1):
    return dn.indexed16(12, 1, (index, dn.crob(dn.LATCH_ON)))


def counters(random):
    return dn.span(121, 1, 0, 1, b"\x01\x00\x00" + struct.pack("<I", 3) +
                   b"\x01\x00\x00" + struct.pack("<I", 0))


@capture("dnp3-authentication.pcap", "DNP3 secure authentication: session keys, a challenged command, a"
         " challenged report, commands and a read in aggressive mode, a new user and a new update key,"
         " statistics")
def authentication(capture):
    random = capture.random
    link = session(capture)
    link.exchange(dn.READ, dn.EVENTS)
    session_keys(link, 1)
    asked, answer = challenged(link, dn.DIRECT, control(), 7, control())
    link.respond(asked, answer)
    for sequence, (function, objects, answer) in enumerate((
            (dn.DIRECT, control(2), control(2)), (dn.READ, dn.CLASS_0, static(0)),
            (dn.WRITE, dn.counted(50, 1, dn.time48(capture.now)), b"")), 8):
        link.respond(aggressive(link, function, objects, sequence), answer)
    # The master challenges a report.
    link.unsolicited_sequence = 4
    link.fragment(False, dn.UNSOLICITED, dn.indexed(2, 1, (1, b"\x81")), 0, dn.FIR | dn.FIN | dn.CON | dn.UNS, 4)
    link.fragment(True, dn.AUTHENTICATE, challenge(random, 90), sequence=4)
    link.fragment(False, dn.AUTHENTICATE_RESPONSE, reply(random, 90), 0, sequence=4)
    link.confirm(4, unsolicited=True)
    # The authority adds a user, who then gets an update key.
    name = b"operator-7"
    link.exchange(dn.AUTHENTICATE, dn.sized(120, 10, struct.pack(
        "<BBIHHHHH", 4, 1, 1, 1, 365, len(name), 0, 32) + name + random.octets(32)))
    link.exchange(dn.AUTHENTICATE, dn.sized(120, 11, struct.pack("<BHH", 4, len(name), 4) + name +
                                            random.octets(4)),
                  dn.sized(120, 12, struct.pack("<IHH", 5, 2, 4) + random.octets(4)),
                  answered_by=dn.AUTHENTICATE_RESPONSE)
    link.exchange(dn.AUTHENTICATE, dn.sized(120, 13, struct.pack("<IHH", 5, 2, 48) + random.octets(48)) +
                  dn.sized(120, 15, random.octets(32)), dn.sized(120, 15, random.octets(32)),
                  answered_by=dn.AUTHENTICATE_RESPONSE)
    link.exchange(dn.AUTHENTICATE, dn.sized(120, 8, struct.pack("<BB", 68, 1) + random.octets(120)))
    link.exchange(dn.AUTHENTICATE, dn.sized(120, 13, struct.pack("<IHH", 6, 2, 48) + random.octets(48)) +
                  dn.sized(120, 14, random.octets(64)), dn.sized(120, 15, random.octets(32)),
                  answered_by=dn.AUTHENTICATE_RESPONSE)
    link.exchange(dn.AUTHENTICATE, key_status_request(2), key_status(random, 1, NOT_INIT, 2),
                  answered_by=dn.AUTHENTICATE_RESPONSE)
    link.exchange(dn.READ, dn.every(121, 0), counters(random))
    link.report(dn.indexed(122, 2, (3, b"\x01\x00\x00" + struct.pack("<I", 4) + dn.time48(capture.now))))
    for turn in range(1, 3):
        poll(link, turn)
    link.close()


@capture("dnp3-authentication-failure.pcap", "DNP3 secure authentication fails: a wrong reply, a wrong"
         " aggressive request, a key change that is refused, an unknown user, a challenge without reply,"
         " an error that wants no answer")
def authentication_failure(capture):
    random = capture.random
    site = Substation()
    capture.resolve(site.laptop, site.rtu)
    link = Dnp3(capture, site.laptop, site.rtu, master_address=1).open()
    asked, _ = challenged(link, dn.DIRECT, control(), 20)
    link.respond(asked, error(capture, 20, 1, b"wrong MAC"), function=dn.AUTHENTICATE_RESPONSE)
    capture.step(2 * SECOND)
    asked = aggressive(link, dn.COLD_RESTART, b"", 21)
    link.respond(asked, error(capture, 21, 4), function=dn.AUTHENTICATE_RESPONSE)
    link.exchange(dn.AUTHENTICATE, key_status_request(9), error(capture, 0, 11, user=9),
                  answered_by=dn.AUTHENTICATE_RESPONSE)
    link.exchange(dn.AUTHENTICATE, key_change(random, 30), key_status(random, 31, AUTH_FAIL),
                  answered_by=dn.AUTHENTICATE_RESPONSE)
    asked = link.request(dn.DIRECT, control(3))
    link.respond(asked, challenge(random, 22), function=dn.AUTHENTICATE_RESPONSE)
    capture.step(8 * SECOND)
    link.request(dn.AUTHENTICATE_NO_ACK, error(capture, 23, 1))
    link.exchange(dn.READ, dn.EVENTS)
    link.close()
