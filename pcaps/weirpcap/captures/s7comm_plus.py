# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""S7comm-plus sessions: panels, engineering stations, and those that TLS hides."""

import struct

from .. import s7comm_plus as sp
from ..net import CLIENT, MINUTE, SECOND, SERVER
from ..plant import Plant, host
from ..registry import capture
from ..s7comm_plus import Session, TlsSession

S7_1200 = "1;6ES7 215-1AG40-0XB0 ;V4.3"
OLD_1200 = "1;6ES7 214-1HE30-0XB0 ;V2.2"
S7_1500 = "1;6ES7 511-1AK01-0AB0;V2.8"
IDENTITY = ("6ES7 215-1AG40-0XB0", "S V-LOBM1432", 10, (4, 3, 1))


def controller():
    return host("plc-5", "28:63:36:10:00:35", 35, ttl=30, identifier=0x3500)  # Siemens


def panel(capture, plant, **options):
    """A panel and the S7-1200 it shows."""
    session = Session(capture, plant.hmi, plant.siemens, version=2, session=0x3D6, **options)
    return session


def engineer(capture, client, server, **options):
    """An engineering station and an S7-1200 of today."""
    return Session(capture, client, server, version=3, digest=True, called="SIMATIC-ROOT-ES",
                   **options)


def level(i):
    return 0x8A0E0005, 10 + i


def poll(session, round):
    """Level, temperature and pump of one tank."""
    session.exchange(
        sp.GET_MULTI,
        sp.get_multi(sp.address(sp.area(5), 10, crc=0xA9BC66E6), sp.address(sp.area(5), 11,
                     crc=0x0D81D0C8), sp.address(sp.area(memory=82), 9, crc=0x7D2E0001)),
        sp.got([(1, sp.real(41.5 + round / 8)), (2, sp.integer(-17 + round)),
                (3, sp.boolean(round & 1))]))


@capture("s7comm_plus-polling.pcap", "A panel reads three variables of an S7-1200 every second")
def polling(capture):
    plant = Plant()
    capture.resolve(plant.hmi, plant.siemens)
    session = panel(capture, plant).open()
    session.greet(OLD_1200, "HMI-TANKS", "HMI USER", "HMI RT", challenge=False)
    for i in range(30):
        poll(session, i)
        capture.step(SECOND)
    session.leave()
    session.close()


@capture("s7comm_plus-panel.pcap", "A panel and an old S7-1200: subscription, notifications, credit"
         " with answers of the second kind, reads and writes that succeed and fail")
def panel_session(capture):
    plant = Plant()
    session = panel(capture, plant).open()
    session.greet(OLD_1200, "HMI-TANKS", "HMI USER", "HMI RT", challenge=False)
    poll(session, 1)
    refs = sp.udints([0x80010000, 0, 2, 0x80040002, 1, 0, 82, 0x446C3ACB, 3736, 9,
                      0x80040003, 2, 0, 0x8A0E0005, 0xA1D2AB56, 2550, 10, 3])
    tree = sp.thing(0x7FFFC001, 1001, sp.attribute(sp.NAME, sp.text("Subscription_1")),
                    sp.attribute(1082, sp.usint(0)), sp.attribute(1048, refs),
                    sp.attribute(1049, sp.udint(1000)), sp.attribute(1053, sp.integer(3)))
    session.exchange(sp.CREATE, sp.create(0x3E1, tree), sp.created(0x1000006A))
    for i in range(1, 4):
        items = b"\x92" + struct.pack(">I", 1) + sp.integer(2070 + i)
        items += b"\x13" + struct.pack(">I", 2) if i == 2 else b""
        session.notify(0x1000006A, i, items, credit=i)
        capture.step(SECOND)
    session.exchange(sp.SET, sp.set_variable(0x1000006A, 1053, sp.integer(6)), flags=0x74,
                     version=2)
    session.ask(sp.SET, sp.set_variable(0x1000006A, 1053, sp.integer(9)), flags=0x74)
    session.answer(sp.SET, sp.OK, flags=0x74, opcode=sp.RESPONSE2)
    session.exchange(
        sp.SET_MULTI,
        sp.set_multi([(sp.address(sp.area(5), 12, crc=0x11223344), sp.real(55.25)),
                      (sp.address(sp.area(memory=81), 3), sp.boolean(1)),
                      (sp.address(sp.area(3), 14, 0, 256, crc=0xEF49945C),
                       sp.usints(b"\xfe\x05PUMPE" + bytes(249)))]),
        sp.was_set())
    session.exchange(
        sp.SET_MULTI,
        sp.set_multi([(sp.address(sp.area(5), 12), sp.real(99.0)),
                      (sp.address(sp.area(5), 77), sp.word(0x8001))]),
        sp.was_set([(2, sp.failure(58, -255))]))
    session.exchange(
        sp.GET_MULTI,
        sp.get_multi(sp.address(sp.area(5), 10), sp.address(sp.area(9), 10),
                     sp.address(sp.area(7), 3, 20, 4)),
        sp.got([(1, sp.lreal(-0.5)), (3, sp.dword(0xCAFE))], [(2, sp.failure(10))]))
    session.exchange(sp.DELETE, struct.pack(">I", 0x1000006A) + b"\x00" + sp.QUALIFIER,
                     sp.OK + struct.pack(">I", 0x1000006A))
    session.leave()
    session.close()


@capture("s7comm_plus-types.pcap", "An S7-1500 whose messages end with a digest answers a read of"
         " every type of value")
def types(capture):
    plant = Plant()
    session = Session(capture, plant.hmi, controller(), version=2, digest=True,
                      called="SIMATIC-ROOT-OTHER").open()
    session.greet(S7_1500, ':::"OPC Server_1"::VM/', "S7_Connection_1", "SIMATIC NET PC Software")
    session.exchange(sp.GET_STREAM, sp.get_stream(201, 1037),
                     sp.OK + b"\x00" + sp.value(8, b"\x01\x81\x7a\x02\x8f\x50\x00", 0x40))
    values = [
        sp.boolean(1), sp.usint(250), sp.uint(65000), sp.udint(4000000000), sp.ulint(1 << 60),
        sp.sint(-100), sp.integer(-30000), sp.dint(-2000000000), sp.lint(-(1 << 40)),
        sp.byte(0x1A), sp.word(0xBEEF), sp.dword(0xDEADBEEF), sp.value(13, bytes(range(8))),
        sp.real(-1.5), sp.lreal(3.14159), sp.timestamp(1768197600123456789),
        sp.timespan(90 * SECOND), sp.rid(0x8A0E0005), sp.aid(2550), sp.blob(b"\x01\x02\x03"),
        sp.text("Füllstand"), sp.value(22, b"\x07"), sp.null(),
        sp.integers([1, -2, 3, -4]), sp.usints(b"\x01\x02\x03\x04"),
        sp.structure(0x100, [(1, sp.integer(5)), (2, sp.structure(0x101, [(1, sp.real(2.0))]))]),
        sp.value(23, struct.pack(">IQ", 0x92000005, 1605532008235574100) + b"\x82\x00\x04abcd"),
        sp.sparse_texts([(1033, "Tank"), (1031, "Behälter")]),
        sp.value(21, b"\x02\x01a\x02bc", 0x10),
        sp.value(5, sp.vlq((1 << 64) - 2)),
        sp.value(23, b"\x02" + struct.pack(">I", 0x100) + sp.members([(1, sp.integer(1))]) * 2,
                 0x10),
    ]
    addresses = [sp.address(sp.area(6), 10 + i, crc=0x1000 + i) for i in range(len(values))]
    session.exchange(sp.GET_MULTI, sp.get_multi(*addresses),
                     sp.got(list(enumerate(values, 1))))
    session.exchange(sp.GET_MULTI, sp.get_multi(sp.address(sp.area(6), 18, 11),
                                                sp.address(sp.EXEC_UNIT, 3486, sub=2237),
                                                sp.address(201, 2, sub=1081)),
                     sp.got([(3, sp.dint(524288)), (1, sp.sint(-1)), (2, sp.dint(8))]))
    session.leave()
    session.close()


@capture("s7comm_plus-password.pcap", "A protected S7-1500: a wrong password, the right one, and what"
         " is refused before and granted after it")
def password(capture):
    plant = Plant()
    session = engineer(capture, plant.engineering, controller(), session=0x388).open()
    session.greet(S7_1500, "TIA-EWS01", role=1)
    session.exchange(sp.GET_STREAM, sp.get_stream(session.session, 1842),
                     sp.OK + b"\x00" + sp.udint(3))
    session.request_state(1, sp.failure(3, -107), error=True)
    for granted in (False, True):
        session.exchange(sp.GET_STREAM, sp.get_stream(session.session, 303),
                         sp.OK + b"\x00" + sp.usints(session.random(20)))
        session.exchange(sp.SET, sp.set_variable(session.session, 1846,
                                                 sp.blob(session.random(48))),
                         b"\x19" if granted else sp.failure(3, -118), error=not granted)
    session.exchange(sp.GET_STREAM, sp.get_stream(session.session, 1842),
                     sp.OK + b"\x00" + sp.udint(1))
    session.exchange(sp.GET_STREAM, sp.get_stream(sp.CPU_COMMON, 3451),
                     sp.OK + b"\x00" + sp.dint(3))
    session.leave()
    session.close()


@capture("s7comm_plus-stop-start.pcap", "An engineering station identifies an S7-1200, stops it and"
         " starts it again")
def stop_start(capture):
    plant = Plant()
    capture.resolve(plant.engineering, plant.siemens)
    session = engineer(capture, plant.engineering, plant.siemens, session=0x38C).open()
    session.greet(S7_1200, "TIA-EWS01", role=1)
    session.exchange(sp.SET, sp.set_variable(session.session, 323, sp.usint(5)))
    session.identify(*IDENTITY)
    session.exchange(sp.GET_STREAM, sp.get_stream(0x88E10109, 3753),
                     sp.OK + b"\x00" + sp.blob(sp.im0("6ES7 223-1PL32-0XB0", "S C-H1B72831", 2,
                                                      (2, 0, 2))))
    session.state(8)
    session.system_event(1280)
    session.request_state(1)
    session.exchange(sp.GET_STREAM, sp.get_stream(sp.EXEC_UNIT, sp.STATE),
                     sp.OK + b"\x00" + sp.structure(3481, [(3482, sp.dint(0)), (3486, sp.dint(4)),
                                                           (3487, sp.blob(b""))]))
    capture.step(20 * SECOND)
    session.request_state(3)
    session.state(8)
    session.leave()
    session.system_event(1304, b"LOGOUT")
    session.close()


def block(number, kind, name, title, language, attributes):
    """A program block: what names it, then its contents."""
    numbered = [sp.attribute(2521, sp.uint(number))] if number is not None else []
    return sp.thing(kind, title, sp.attribute(sp.NAME, sp.text(name)),
                    sp.attribute(2453, sp.ulint(1643978295397423400 + kind % 97)),
                    sp.attribute(2454, sp.udint(2000 + kind % 97)),
                    sp.attribute(2449, sp.blob(b"\x98\x00\x00\x02x\x7dX\x14\xb0;" + bytes(40))),
                    sp.attribute(4288, sp.sparse_texts([])), *numbered,
                    sp.attribute(2523, sp.uint(language)),
                    sp.attribute(2524, sp.structure(3447, [(3448, sp.word(0)),
                                                           (3449, sp.usints(bytes(20)))])),
                    *attributes)


def variable(name, number):
    """A member of a type, as a description of types lists it."""
    data = name.encode()
    return (b"\xa7\x04" + sp.vlq(len(data)) + data + b"\x00\x05" + sp.vlq(5) +
            struct.pack(">I", 0x0190A003) + sp.vlq(number) + b"\x00\x00\x04\x02\x02" + b"\xa8")


def program():
    """The blocks of a small program; what makes up their contents does not change."""
    code = bytes(i * 7 & 0xFF for i in range(1400))
    long_code = bytes(i * 13 & 0xFF for i in range(70000))  # more than is ever kept
    values = sp.structure(1533, [(1, sp.rid(0x92000005)), (6, sp.ulint(1605532008235574100)),
                                 (3, sp.blob(bytes(range(200))))])
    return sp.thing(
        3, 2520, sp.attribute(sp.NAME, sp.text("PLCProgram")), sp.attribute(3635, sp.boolean(0)),
        sp.thing(0x219, 534, sp.thing(0x92000005, 511, sp.attribute(529, sp.ulint(1)),
                                      variable("Level", 10), variable("Setpoint", 11),
                                      b"\xab\x00\x04abcd\x00\x03xyz\x00\x00")),
        block(5, 0x8A0E0005, "Tanks", 2574, 5, [sp.attribute(2548, values)]),
        block(1084, 0x8A20043C, "MB_CLIENT", 2578, 4, [sp.attribute(2580, sp.blob(long_code))]),
        block(None, 0x8A24026C, "Recipe", 3932, 0, []),
        block(1, 0x8A320001, "Main", 2647, 2, [sp.attribute(2580, sp.blob(code)),
                                               sp.relation(2058, 96)]))


@capture("s7comm_plus-download.pcap", "An engineering station stops an S7-1200, loads the hardware"
         " configuration and a program, and starts it; a notification comes between the parts")
def download(capture):
    plant = Plant()
    session = engineer(capture, plant.engineering, plant.siemens, session=0x394).open()
    session.greet(S7_1200, "TIA-EWS01", role=1)
    session.identify(*IDENTITY)
    session.exchange(sp.EXPLORE, sp.explore(3, attributes=(2453, 2532, 233, 2521)),
                     sp.explored(1, sp.thing(3, 2520, sp.attribute(sp.NAME, sp.text("PLCProgram"))),
                                 20))
    session.request_state(1)
    session.exchange(sp.SET, sp.set_variable(sp.HARDWARE, 2458, sp.boolean(0)))
    hardware = sp.thing(2, 2496, sp.attribute(sp.NAME, sp.text("HWConfiguration")),
                        sp.attribute(3745, sp.ulint(637795750239446252)),
                        sp.thing(34, 2137, sp.attribute(sp.NAME, sp.text("S7-1200 station_1")),
                                 sp.attribute(4168, sp.blob(bytes(2500)))))
    session.exchange(sp.CREATE, sp.create(1, hardware, 5), sp.created(), flags=0x36)
    session.exchange(sp.SET, sp.set_variable(sp.PROGRAM, 3635, sp.boolean(0)))
    session.between = {20: lambda: session.notify(0x70400002, 130, b"\x92" + struct.pack(
        ">I", 1) + sp.integer(7))}
    session.exchange(sp.CREATE, sp.create(1, program(), 11), sp.created(), flags=0x36)
    session.exchange(sp.BEGIN, b"\x04\x00\x12\x00" + struct.pack(">I", 3),
                     sp.OK + b"\x00\x12" + struct.pack(">I", 3))
    session.exchange(sp.DELETE, struct.pack(">I", 0x8A0E014E) + b"\x00" + sp.QUALIFIER,
                     sp.OK + struct.pack(">I", 0x8A0E014E))
    session.exchange(sp.CREATE, sp.create(3, block(334, 0x8A0E014E, "Recipes", 2574, 5, [
        sp.attribute(2548, sp.blob(bytes(300)))]), 13), sp.created())
    session.exchange(sp.END, b"\x00\x01", sp.OK)
    session.exchange(sp.SET, sp.set_variable(sp.PROGRAM, 3635, sp.boolean(1)))
    session.request_state(3)
    session.leave()
    session.close()


@capture("s7comm_plus-upload.pcap", "An engineering station reads the program of an S7-1200: the"
         " same blocks, and hashes, as s7comm_plus-download.pcap")
def upload(capture):
    plant = Plant()
    session = engineer(capture, plant.engineering, plant.siemens, session=0x394).open()
    session.greet(S7_1200, "TIA-EWS01", role=1)
    session.exchange(sp.EXPLORE, sp.explore(3), sp.explored(1, program(), 11))
    session.exchange(sp.EXPLORE, sp.explore(114, 0, (8072, 8071)),
                     sp.explored(1, sp.thing(1, 2478), 13))
    session.exchange(sp.EXPLORE, sp.explore(0x8A200001), sp.failure(10) + struct.pack(">I", 0),
                     error=True)
    session.leave()
    session.close()


@capture("s7comm_plus-functions.pcap", "Each function once, what only few sessions have, and what"
         " nobody has described")
def functions(capture):
    plant = Plant()
    session = engineer(capture, plant.engineering, plant.siemens, session=0x38C).open()
    session.greet(S7_1200, "TIA-EWS01", role=1)
    session.exchange(sp.GET, sp.get_stream(sp.CPU_COMMON, 2415),
                     sp.OK + b"\x00" + sp.timestamp(1768197600000000000))
    session.exchange(sp.SET, sp.set_variable(sp.CPU_COMMON, 2421,
                                             sp.timestamp(1768197600000000000)))
    session.exchange(sp.SET, sp.set_variable(77, 3587, sp.blob(bytes(16))))
    session.exchange(sp.SET_STREAM, struct.pack(">I", sp.PROGRAM) + b"\x20\x04\x01" +
                     sp.vlq(2580) + sp.QUALIFIER + b"\x00\x01" + sp.blob(bytes(20)))
    session.exchange(sp.ADD_LINK, struct.pack(">I", 34) + sp.vlq(2058) + struct.pack(">I", 96))
    session.exchange(sp.REMOVE_LINK, struct.pack(">I", 34) + sp.vlq(2058) +
                     struct.pack(">I", 96))
    session.exchange(sp.GET_LINK, struct.pack(">I", 49) + sp.vlq(2270) + b"\x00\x00",
                     sp.OK + b"\x02" + struct.pack(">II", 0x88E1010C, 64))
    session.exchange(sp.GET_ADDRESS, struct.pack(">I", 0) + b"\x01Tank", sp.OK + bytes(4))
    session.exchange(sp.INVOKE, struct.pack(">II", 1387, 1387) + b"\x00\x00",
                     sp.OK + sp.OK + sp.OK + b"\x00\x00")
    job = sp.thing(0x7FFFC00C, 2709, sp.attribute(sp.NAME, sp.text("TisForceJob_1")),
                   sp.attribute(2691, sp.boolean(1)), sp.attribute(2693, sp.blob(bytes(9))))
    session.exchange(sp.CREATE, sp.create(session.session, job, 15), sp.created(0x7040000E),
                     flags=0x36)
    watch = sp.thing(0x7FFFC00D, 2709, sp.attribute(sp.NAME, sp.text("TisBlockStackJob_4")),
                     sp.attribute(2693, sp.blob(bytes(9))))
    session.exchange(sp.CREATE, sp.create(session.session, watch, 16), sp.created(0x7040000F),
                     flags=0x36)
    session.exchange(sp.SET_MULTI, sp.set_multi([(sp.address(0x7040000F, sub=2687), sp.boolean(1)),
                                                 (sp.address(0x7040000F, sub=2711), sp.usint(1))]),
                     sp.was_set())
    reader = sp.thing(211, 1750, sp.attribute(sp.NAME, sp.text("RFA Manager")))
    session.exchange(sp.CREATE, sp.create(session.session, reader, 17), sp.created(0x70400007))
    for method in (2, 4, 9):
        session.exchange(sp.INVOKE, struct.pack(">II", 0x70400007, method) + b"\x00\x00",
                         sp.OK + sp.OK + sp.OK + b"\x00\x00")
    session.exchange(sp.SET_MULTI, sp.set_multi([(sp.address(sp.EXEC_UNIT, sub=2167),
                                                  sp.dint(1))]), sp.was_set())
    session.request_state(2)
    session.exchange(sp.SET, sp.set_variable(201, 388, sp.null()))
    alarm = sp.thing(0x7040007E, 2681, sp.attribute(sp.NAME, sp.text("DAI_66")))
    session.notify(0x7040007D, 19, b"\x00" + struct.pack(">IH", 0x7040007E, 0) + b"\x81" + alarm,
                   credit=20)
    session.notify(0x70400070, 130, b"\x9b" + sp.vlq(4) + sp.structure(3481, [
        (3486, sp.dint(8))]) + b"\x9b" + sp.vlq(5) + sp.lreal(7.25))
    session.exchange(sp.ABORT, struct.pack(">I", 0))
    # What nobody has described.
    session.exchange(0x05DD, b"\x01\x02\x03\x04", sp.OK + b"\x09")
    session.counts.unknown += 2
    session.tcp.send(SERVER, sp.data_tpdu(b"\x72\x09\x00\x04abcd\x72\x09\x00\x00"))
    session.counts.userdata["unknown"] += 1
    session.counts.unknown += 1
    session.send(SERVER, struct.pack(">BHHHHB", 0x3F, 0, sp.SET, 0, 7, 0x34) + sp.OK)
    session.counts.userdata["unknown"] += 1
    session.counts.unknown += 1
    session.tcp.send(CLIENT, sp.data_tpdu(b"\x72\xff\x07\x00"))
    session.counts.userdata["keep_alive"] += 1
    session.system_event(4711, b"\x00\x00\x00\x17" + bytes(8))
    session.leave()
    session.close()


@capture("s7comm_plus-malformed.pcap", "Messages that contradict themselves: lengths, trailers,"
         " digests, and a request that ends too early")
def malformed(capture):
    plant = Plant()
    session = engineer(capture, plant.engineering, plant.siemens, session=0x38C).open()
    session.greet(S7_1200, "TIA-EWS01", role=1)
    for octets in (b"\x72\x03\x00\x40" + bytes(12), b"\x72\x03\x00\x08\x05" + bytes(7) +
                   b"\x72\x03\x00\x00", b"\x72\x02\x00\x04abcd\x72\x01\x00\x00", b"\x72\x02",
                   b"\x72\xfe\x00\x02ab"):
        session.tcp.send(CLIENT, sp.data_tpdu(octets))
        session.counts.malformed += 1
        capture.jitter(500, 2000)
    session.ask(sp.SET, b"\x00\x00\x00\x34\x05")
    session.counts.malformed += 1
    session.answer(sp.SET, sp.failure(13, -3), error=True)
    session.state(8)
    session.close()


@capture("s7comm_plus-midstream.pcap", "The capture begins within a message in parts: what follows it"
         " is read, on a port of its own")
def midstream(capture):
    plant = Plant()
    session = engineer(capture, plant.engineering, plant.siemens, session=0x394, port=4102)
    session.sequence = 41
    tail = session.parts(session.random(2600))
    for part in tail:
        session.tcp.send(CLIENT, sp.data_tpdu(part))
        capture.jitter(60, 200)
    session.answer(sp.CREATE, sp.created())
    session.request_state(1)
    session.state(4)
    for i in range(4):
        session.notify(0x70000C9B, 800 + i, b"\x92" + struct.pack(">I", 4) + sp.integer(i))
        capture.step(SECOND)


@capture("s7comm_plus-gap.pcap", "Parts of a download are missing from the capture: the blocks before"
         " the hole are told, and the messages behind it read")
def gap(capture):
    plant = Plant()
    session = engineer(capture, plant.engineering, plant.siemens, session=0x394).open()
    session.greet(S7_1200, "TIA-EWS01", role=1)
    session.lost = {30, 31}
    session.exchange(sp.CREATE, sp.create(1, program(), 11), sp.created(), flags=0x36)
    session.lost = set()
    session.counts.gap_bytes = 2 * 1004
    session.request_state(3)
    session.leave()
    session.close()


def tls_session(capture, client, server, name, rounds):
    session = TlsSession(capture, client, server).open()
    session.begin_tls(name)
    for _ in range(rounds):
        session.hidden(120, 260)
        capture.step(SECOND)
    session.close()


@capture("s7comm_plus-tls.pcap", "A panel and an S7-1500 of today: one exchange in the clear, TLS from"
         " then on")
def tls(capture):
    plant = Plant()
    capture.resolve(plant.hmi, plant.siemens)
    tls_session(capture, plant.hmi, plant.siemens, "plc-4", 8)


@capture("s7comm_plus-tls-refused.pcap", "A controller refuses TLS; another one that was seen from the"
         " middle speaks it")
def tls_refused(capture):
    plant = Plant()
    session = TlsSession(capture, plant.engineering, controller()).open()
    session.session = 0
    session.exchange(sp.INIT_TLS, bytes(0), sp.OK, version=1, flags=0x30)
    session.stream(CLIENT, sp.client_hello(capture.random, ""))
    capture.jitter(2000, 5000)
    session.stream(SERVER, sp.tls_record(21, b"\x02\x28"))
    session.close()
    session = TlsSession(capture, plant.hmi, plant.siemens)
    for _ in range(3):
        session.hidden()


@capture("s7comm_plus-stranger.pcap", "Two days later: another host identifies the S7-1200, writes variables,"
         " creates objects in it, and speaks TLS with an S7-1500")
def stranger(capture):
    plant = Plant()
    capture.step(2 * 24 * 60 * MINUTE)
    capture.resolve(plant.stranger, plant.siemens)
    session = Session(capture, plant.stranger, plant.siemens, version=2, session=0x3D8).open()
    session.greet(OLD_1200, "kali", challenge=False)
    session.identify(*IDENTITY)
    session.exchange(sp.SET_MULTI, sp.set_multi([(sp.address(sp.area(5), 12), sp.real(0.0))]),
                     sp.was_set())
    session.exchange(sp.CREATE, sp.create(3, block(666, 0x8A0E029A, "X", 2574, 5, [])),
                     sp.created())
    session.close()
    tls_session(capture, plant.stranger, controller(), "192.168.10.35", 2)
