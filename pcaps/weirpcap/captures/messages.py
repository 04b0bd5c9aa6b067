# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""Modbus in all its messages and over all its carriers, in well-behaved networks."""

import struct

from .. import modbus as mb
from ..modbus import Modbus, ModbusRtu, ModbusUdp, count_answer, count_request
from ..net import BASE_TIME, CLIENT, MILLISECOND, SECOND, SERVER, Tcp
from ..plant import Plant
from ..registry import capture

BASIC = [(0, b"Schneider Electric"), (1, b"BMX P34 2020"), (2, b"V3.20")]
REGULAR = BASIC + [(3, b"https://plant.example"), (4, b"Modicon M340"), (5, b"Pump station 1"),
                   (6, b"PumpControl")]
EXTENDED = [(0x80, b"Serial 21260600031"), (0x81, b"Cabinet K1.2"), (0x82, b"x" * 180),
            (0x83, b"y" * 120)]


def poll(capture, code, offset=0):
    """Request and answer of one read, values varying slowly."""
    quantity = {1: 16, 2: 24, 3: 10, 4: 8}[code]
    request = mb.read(code, 100 * code + offset, quantity)
    if code < 3:
        bits = [capture.random.below(4) == 0 for _ in range(quantity)]
        return request, mb.bits_answer(code, bits)
    values = [2000 + 10 * i + capture.random.below(10) for i in range(quantity)]
    return request, mb.registers_answer(code, values)


@capture("modbus-polling.pcap", "An HMI polls three controllers for 90 s, functions 1 to 4, after"
         " ARP, and writes a set point every 20 s")
def polling(capture):
    plant = Plant()
    masters = []
    for plc in plant.plc:
        capture.resolve(plant.hmi, plc)
        masters.append(Modbus(capture, plant.hmi, plc).open())
    for second in range(90):
        capture.now = BASE_TIME + (second + 1) * SECOND
        for i, master in enumerate(masters):
            if i < 2 or second % 2 == 0:
                master.exchange(*poll(capture, second // (1 + i // 2) % 4 + 1))
        if second % 20 == 10:
            request = mb.write_register(40, 500 + second)
            masters[second // 20 % 3].exchange(request, mb.echo(request))
    for master in masters:
        master.close()


def read_write_functions(master):
    coils = [True, False, True, True, False, False, True, False, True, True]
    master.exchange(mb.read(1, 19, 19), mb.bits_answer(1, [i % 3 == 0 for i in range(19)]))
    master.exchange(mb.read(2, 196, 22), mb.bits_answer(2, [i % 2 == 0 for i in range(22)]))
    master.exchange(mb.read(3, 107, 3), mb.registers_answer(3, [555, 0, 100]))
    master.exchange(mb.read(4, 8, 1), mb.registers_answer(4, [10]))
    for request in (mb.write_coil(172, True), mb.write_coil(172, False), mb.write_register(1, 3)):
        master.exchange(request, request)
    request = mb.write_coils(19, coils)
    master.exchange(request, mb.echo(request))
    request = mb.write_registers(1, [10, 258])
    master.exchange(request, mb.echo(request))
    request = mb.mask_write(4, 0x00F2, 0x0025)
    master.exchange(request, request)
    master.exchange(mb.read_write(3, 6, 14, [255, 255, 255]),
                    mb.registers_answer(23, [254, 2765, 1, 0, 13, 255]))
    master.exchange(mb.read_fifo(1246), mb.fifo_answer([440, 4740]))


def file_functions(master):
    master.exchange(mb.read_file([(4, 1, 2), (3, 9, 2)]),
                    mb.read_file_answer([[0x0DFE, 0x0020], [0x33CD, 0x0040]]))
    request = mb.write_file([(4, 7, [0x06AF, 0x04BE, 0x100D])])
    master.exchange(request, request)


def serial_line_functions(master):
    master.exchange(bytes([7]), bytes([7, 0x6D]))
    master.exchange(bytes([11]), struct.pack(">BHH", 11, 0xFFFF, 264))
    master.exchange(bytes([12]), struct.pack(">BBHHH", 12, 8, 0, 264, 289) + b"\x20\x00")
    master.exchange(bytes([17]), bytes([17, 11]) + b"BMXP34202" + b"\xff\x01")


def diagnostics_functions(master):
    master.exchange(mb.diagnostics(0, 0xA537), mb.diagnostics(0, 0xA537))
    for data in (0, 0xFF00):
        master.exchange(mb.diagnostics(1, data), mb.diagnostics(1, data))
    master.exchange(mb.diagnostics(2), mb.diagnostics(2, 0x0004))
    master.exchange(mb.diagnostics(3, 0x0A00), mb.diagnostics(3, 0x0A00))
    for sub_function in (10, 11, 12, 13, 14, 15, 16, 17, 18, 20):
        counter = 0 if sub_function in (10, 20) else 100 + sub_function
        master.exchange(mb.diagnostics(sub_function), mb.diagnostics(sub_function, counter))
    master.exchange(mb.diagnostics(19), mb.exception(8, 1))
    master.ask(mb.diagnostics(4))  # listen only: nobody answers until the restart
    master.capture.step(SECOND)
    master.ask(mb.diagnostics(1))
    master.capture.step(SECOND)


def identification(master):
    master.exchange(mb.identify(1), mb.identify_answer(1, 0x83, BASIC))
    master.exchange(mb.identify(2), mb.identify_answer(2, 0x83, REGULAR))
    master.exchange(mb.identify(3), mb.identify_answer(3, 0x83, REGULAR, more=0x80))
    master.exchange(mb.identify(3, 0x80), mb.identify_answer(3, 0x83, EXTENDED[:2], more=0x82))
    master.exchange(mb.identify(3, 0x82), mb.identify_answer(3, 0x83, EXTENDED[2:3], more=0x83))
    master.exchange(mb.identify(3, 0x83), mb.identify_answer(3, 0x83, EXTENDED[3:]))
    master.exchange(mb.identify(4, 2), mb.identify_answer(4, 0x83, BASIC[2:]))
    master.exchange(mb.identify(4, 0x7F), mb.exception(43, 2))


@capture("modbus-functions.pcap", "Every public function code once, all diagnostics sub-functions,"
         " both encapsulated interfaces")
def functions(capture):
    plant = Plant()
    capture.resolve(plant.engineering, plant.plc[0])
    master = Modbus(capture, plant.engineering, plant.plc[0]).open()
    read_write_functions(master)
    file_functions(master)
    serial_line_functions(master)
    identification(master)
    canopen = bytes([43, 13, 0, 0x40, 0x00, 0x10, 0, 0, 0])
    master.exchange(canopen, canopen[:2] + bytes([0, 0x43, 0x00, 0x10, 0, 0x91, 1]))
    diagnostics_functions(master)
    master.close()


@capture("modbus-exceptions.pcap", "Exceptions 1 to 11 and one that the standard does not define")
def exceptions(capture):
    plant = Plant()
    master = Modbus(capture, plant.hmi, plant.gateway).open()
    for reason in (1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 9, 0x55):
        code = (1, 2, 3, 4, 16, 15, 6, 20, 5, 3, 3, 3)[(reason - 1) % 12]
        request = {5: mb.write_coil(9, True), 6: mb.write_register(9, 7),
                   15: mb.write_coils(0, [True] * 9), 16: mb.write_registers(0, [1, 2]),
                   20: mb.read_file([(1, 0, 4)])}.get(code, mb.read(code, 60000, 4))
        master.exchange(request, mb.exception(code, reason))
    master.close()


@capture("modbus-user-defined.pcap", "Function codes 65 to 72 and 100 to 110 (user defined),"
         " reserved ones, and one that nothing defines")
def user_defined(capture):
    plant = Plant()
    master = Modbus(capture, plant.engineering, plant.plc[1]).open()
    for code in list(range(65, 73)) + list(range(100, 111)):
        master.exchange(bytes([code, 1, 2, 3, code]), bytes([code, 0, code]))
    for code in (9, 10, 13, 14, 41, 42, 91, 125, 126, 127):
        master.exchange(bytes([code, 0, 1]), bytes([code, 0, 2]))
    for code in (18, 19, 25, 99):
        master.exchange(bytes([code, 0, 1]), mb.exception(code, 1))
    master.close()


@capture("modbus-identification.pcap", "Device identification of four devices, with objects over"
         " several answers, and report server id")
def identifications(capture):
    plant = Plant()
    others = {
        plant.plc[1]: (b"Schneider Electric", b"TM221CE40T", b"V1.10"),
        plant.siemens: (b"Siemens AG", b"6ES7 512-1DK01-0AB0", b"V2.9.4"),
        plant.gateway: (b"Moxa Inc.", b"MGate MB3180", b"V2.2"),
    }
    capture.resolve(plant.engineering, plant.plc[0])
    master = Modbus(capture, plant.engineering, plant.plc[0]).open()
    identification(master)
    master.close()
    for host, texts in others.items():
        capture.resolve(plant.engineering, host)
        master = Modbus(capture, plant.engineering, host, unit=255).open()
        master.exchange(mb.identify(1), mb.identify_answer(1, 1, list(enumerate(texts))))
        master.exchange(bytes([17]), bytes([17, len(texts[1]) + 2, 7]) + texts[1] + b"\xff")
        master.close()


def pipelined_segment(capture, tcp, side, adus):
    tcp.send(side, b"".join(adus))
    capture.jitter(2000, 4000)


@capture("modbus-pipelined.pcap", "Several messages a segment, messages across segments, answers"
         " out of order")
def pipelined(capture):
    plant = Plant()
    tcp = Tcp(capture, plant.hmi, plant.plc[0], 502).open()
    polls = [mb.numbered_poll(i) for i in range(24)]
    for request, answer in polls:
        count_request(capture, request)
        count_answer(capture, answer)
    ask = [mb.adu(i, 1, request) for i, (request, _) in enumerate(polls)]
    tell = [mb.adu(i, 1, answer) for i, (_, answer) in enumerate(polls)]
    pipelined_segment(capture, tcp, CLIENT, ask[:4])
    pipelined_segment(capture, tcp, SERVER, tell[:4])
    pipelined_segment(capture, tcp, CLIENT, ask[4:10])
    pipelined_segment(capture, tcp, SERVER, [tell[i] for i in (9, 4, 8, 5)])
    pipelined_segment(capture, tcp, SERVER, [tell[i] for i in (7, 6)])
    stream = b"".join(ask[10:14])
    for at in range(0, len(stream), 5):
        pipelined_segment(capture, tcp, CLIENT, [stream[at:at + 5]])
    stream = b"".join(tell[10:14])
    for at in range(0, len(stream), 7):
        pipelined_segment(capture, tcp, SERVER, [stream[at:at + 7]])
    for octet in ask[14]:
        pipelined_segment(capture, tcp, CLIENT, [bytes([octet])])
    for octet in tell[14]:
        pipelined_segment(capture, tcp, SERVER, [bytes([octet])])
    stream = b"".join(ask[15:24])
    pipelined_segment(capture, tcp, CLIENT, [stream[:30]])
    pipelined_segment(capture, tcp, CLIENT, [stream[30:]])
    stream = b"".join(tell[i] for i in (15, 17, 16, 23, 22, 21, 20, 19, 18))
    pipelined_segment(capture, tcp, SERVER, [stream[:45]])
    pipelined_segment(capture, tcp, SERVER, [stream[45:]])
    tcp.close()


@capture("modbus-udp.pcap", "Polls and one write in UDP, over IPv4 and IPv6")
def over_udp(capture):
    plant = Plant()
    for v6 in (False, True):
        master = ModbusUdp(capture, plant.hmi, plant.plc[0], v6=v6)
        for i in range(10):
            master.exchange(*mb.numbered_poll(i))
            capture.step(100 * MILLISECOND)
        request = mb.write_register(7, 70)
        master.exchange(request, request)


@capture("modbus-rtu-over-tcp.pcap", "Serial frames with their CRC in TCP, two units behind a"
         " gateway")
def rtu_over_tcp(capture):
    plant = Plant()
    master = ModbusRtu(capture, plant.hmi, plant.gateway, port=4001).open()
    for i in range(20):
        master.unit = 1 + i % 2
        master.exchange(*poll(capture, i % 4 + 1))
    request = mb.write_registers(10, [1, 2, 3])
    master.exchange(request, mb.echo(request))
    master.exchange(mb.read(3, 9999, 1), mb.exception(3, 2))
    master.close()


@capture("modbus-rtu-bad-crc.pcap", "Serial frames in TCP; in 4 of 20 answers the CRC is wrong")
def rtu_bad_crc(capture):
    plant = Plant()
    master = ModbusRtu(capture, plant.hmi, plant.gateway, port=4001).open()
    for i in range(20):
        request, answer = mb.numbered_poll(i)
        master.ask(request)
        capture.jitter(4000, 9000)
        if i % 5 == 4:
            master.tcp.send(SERVER, mb.rtu(1, answer, damage=0x0101))
            mb.count_answer(capture, answer)
            capture.malformed += 1
        else:
            master.answer(answer)
        capture.jitter(500, 1500)
    master.close()


@capture("modbus-other-port.pcap", "Modbus on ports 1502 and 10502, with and without the handshake")
def other_port(capture):
    plant = Plant()
    for port in (1502, 10502):
        master = Modbus(capture, plant.hmi, plant.plc[0], port=port).open()
        for i in range(10):
            master.numbered(i)
        master.close()
    master = Modbus(capture, plant.hmi, plant.plc[1], port=1502)
    for i in range(10):
        master.numbered(i)


@capture("modbus-not-on-502.pcap", "Port 502 without Modbus: HTTP, random bytes, a wrong protocol"
         " id, impossible lengths")
def not_on_502(capture):
    plant = Plant()
    client, server = plant.engineering, plant.siemens
    pdu = mb.read(3, 0, 1)
    page = b"<html><head><title>Login</title></head></html>"
    conversations = [
        (b"GET / HTTP/1.1\r\nHost: 192.168.10.34\r\nAccept: */*\r\n\r\n",
         b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(page) +
         page),
        (b"\x91\x5e\x7b" + capture.random.octets(200),
         b"\x07\xc3\x99" + capture.random.octets(300)),
        (mb.adu(1, 1, pdu, protocol=1), mb.adu(1, 1, mb.registers_answer(3, [7]), protocol=1)),
        (mb.adu(1, 1, pdu, length=0), mb.adu(1, 1, pdu, length=1)),
        (mb.adu(1, 1, pdu, length=300), mb.adu(1, 1, pdu, length=0xFFFF)),
        (b"SSH-2.0-OpenSSH_9.2p1\r\n", b"SSH-2.0-dropbear_2022.83\r\n"),
    ]
    for question, answer in conversations:
        tcp = Tcp(capture, client, server, 502).open()
        for _ in range(3):
            tcp.send(CLIENT, question)
            capture.jitter(2000, 5000)
            tcp.send(SERVER, answer)
            capture.jitter(2000, 5000)
        tcp.close()
    capture.counts("http").requests["GET"] = capture.counts("http").responses["200"] = 3
    # Only the first line of each side is looked at.
    capture.counts("ssh").requests["version"] = capture.counts("ssh").responses["version"] = 1


@capture("modbus-malformed.pcap", "Messages that contradict themselves: byte counts, missing and"
         " trailing bytes; good ones between them")
def malformed(capture):
    plant = Plant()
    master = Modbus(capture, plant.stranger, plant.plc[0]).open()
    good = mb.numbered_poll(1)
    broken_requests = [
        mb.write_registers(1, [1, 2, 3])[:-2],                 # a value is missing
        mb.write_registers(1, [1, 2]) + b"\0\0",               # two bytes too many
        struct.pack(">BHHB", 16, 1, 4, 2) + b"\0\1",           # quantity 4, byte count 2
        struct.pack(">BHHB", 15, 1, 8, 2) + b"\xff\xff",       # 8 coils in 2 bytes
        mb.read(3, 0, 1)[:3], mb.read(1, 0, 1)[:1],            # too short
        mb.read(3, 0, 1) + b"\xde\xad\xbe\xef",                # trailing bytes
        mb.write_coil(1, True)[:4],
        bytes([20, 14]) + mb.read_file([(4, 1, 2)])[2:],       # byte count of two, one there
        bytes([43]),                                           # no MEI type
        mb.read_write(0, 1, 0, [5])[:-1],
    ]
    for request in broken_requests:
        master.ask(request, malformed=True)
        capture.jitter(3000, 8000)
        master.answer(mb.exception(request[0], 3))
        capture.jitter(500, 1500)
        master.exchange(*good)
    broken_answers = [
        (mb.read(3, 0, 2), bytes([3, 6]) + mb.registers([1, 2])),     # byte count too high
        (mb.read(3, 0, 2), bytes([3, 2]) + mb.registers([1, 2])),     # and too low
        (mb.read(4, 0, 2), bytes([4])),                               # no byte count
        (mb.read(1, 0, 8), bytes([1, 1])),                            # no data
        (mb.write_register(1, 2), mb.write_register(1, 2)[:2]),
        (mb.read(3, 0, 2), bytes([0x83])),                            # exception without a code
        (mb.identify(1), mb.identify_answer(1, 1, BASIC)[:-4]),       # object cut off
        (mb.read_fifo(5), mb.fifo_answer([1, 2])[:-2]),
    ]
    for request, answer in broken_answers:
        master.ask(request)
        capture.jitter(3000, 8000)
        master.answer(answer, malformed=True)
        capture.jitter(500, 1500)
        master.exchange(*good)
    master.close()


@capture("modbus-out-of-range.pcap", "Well-formed requests with values that the standard forbids,"
         " each refused by the device")
def out_of_range(capture):
    plant = Plant()
    master = Modbus(capture, plant.stranger, plant.plc[0]).open()
    requests = [mb.read(3, 0, 0), mb.read(3, 0, 126), mb.read(4, 0, 0xFFFF), mb.read(1, 0, 0),
                mb.read(1, 0, 2001), mb.read(3, 0xFFFF, 2), struct.pack(">BHH", 5, 1, 0x1234),
                mb.diagnostics(0x1234, 1), mb.identify(9), mb.read_file([(0, 10000, 1)]),
                mb.write_registers(0, []), mb.read_write(0, 126, 0, [1])]
    for request in requests:
        master.exchange(request, mb.exception(request[0], 2 if request[1:3] == b"\xff\xff" else 3))
    master.close()


@capture("modbus-unanswered.pcap", "Requests without answers, answers without requests")
def unanswered(capture):
    plant = Plant()
    master = Modbus(capture, plant.hmi, plant.plc[0]).open()
    for i in range(5):
        master.numbered(i)
    for i in range(5, 8):
        master.ask(mb.numbered_poll(i)[0])
        capture.step(3 * SECOND)
    master.numbered(8)
    for i in (100, 101):
        master.transaction += 20
        master.answer(mb.numbered_poll(i)[1])
        capture.step(SECOND)
    for i in range(9, 12):
        master.numbered(i)
    master.ask(mb.write_register(4, 44))
    capture.step(12 * SECOND)
    master.numbered(12)
    master.close()


@capture("modbus-gateway-units.pcap", "Eight units behind one address, and units that the gateway"
         " cannot reach (exceptions 10 and 11)")
def gateway_units(capture):
    plant = Plant()
    capture.resolve(plant.hmi, plant.gateway)
    master = Modbus(capture, plant.hmi, plant.gateway).open()
    for turn in range(6):
        for unit in range(1, 9):
            request, answer = mb.read(3, 0, 2), mb.registers_answer(3, [unit, turn])
            master.exchange(request, answer, unit=unit)
        master.exchange(mb.read(3, 0, 2), mb.exception(3, 11), unit=9)
        master.exchange(mb.read(3, 0, 2), mb.exception(3, 10), unit=100)
        capture.step(SECOND)
    master.exchange(bytes([17]), bytes([17, 5, 3]) + b"PM5" + b"\xff", unit=3)
    master.close()
