# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""A cell as it is every day, and a day on which much is otherwise."""

from .. import modbus as mb
from .. import s7comm as s7
from ..modbus import Modbus
from ..net import MINUTE, SECOND
from ..plant import Plant
from ..registry import capture
from ..s7comm import S7
from .banners import Talk

DAY = 24 * 60 * MINUTE
TURN = 2 * SECOND
SETPOINT = 40


class Cell(Plant):
    """The panel polls three controllers, and sets a value of the first one now and then."""

    def begin(self, capture):
        for controller in self.plc:
            capture.resolve(self.hmi, controller)
        capture.resolve(self.engineering, self.plc[0])
        capture.resolve(self.engineering, self.siemens)
        self.panels = [Modbus(capture, self.hmi, controller).open() for controller in self.plc]

    def turn(self, capture, number, which=(0, 1, 2)):
        for i in which:
            values = [200 + (7 * number + k) % 40 for k in range(10)]
            self.panels[i].exchange(mb.read(3, 0, 10), mb.registers_answer(3, values))
        capture.step(TURN)

    def set(self, value, register=SETPOINT):
        request = mb.write_register(register, value)
        self.panels[0].exchange(request, request)

    def end(self):
        for panel in self.panels:
            panel.close()


def main_block(day):
    return s7.block(s7.OB, 1, bytes([0x70, 0x0B, 0, 2, day]) * 10, author=b"WEIR", title=b"MAIN")


def backup(capture, cell, day):
    """The engineer asks the first controller who it is, and loads the main block out of another."""
    engineer = Modbus(capture, cell.engineering, cell.plc[0]).open()
    engineer.exchange(mb.identify(1), mb.identify_answer(1, 1, [(0, b"Schneider Electric"),
                                                                (1, b"BMX P34 2020"), (2, b"v2.7")]))
    engineer.close()
    session = S7(capture, cell.engineering, cell.siemens).open()
    session.upload(s7.OB, 1, main_block(day), identifier=1)
    session.close()


def usual(capture, setpoints):
    cell = Cell()
    cell.begin(capture)
    backup(capture, cell, 1)
    for number in range(100):
        cell.turn(capture, number)
        if number % 20 == 10:
            cell.set(setpoints[number // 20])
    cell.end()


@capture("baseline-usual.pcap", "A panel polls three controllers every two seconds and sets a value of one of"
         " them, an engineer loads the program out of another: what a baseline is learned from")
def learned(capture):
    usual(capture, [500, 540, 560, 520, 590])


@capture("baseline-again.pcap", "The same on another day, with other values within what was seen")
def again(capture):
    capture.step(DAY)
    usual(capture, [590, 510, 530, 580, 500])


@capture("baseline-otherwise.pcap", "The panel writes a register that it never wrote, and a value beyond all"
         " that were; its poll of one controller stops, that of another slows down; it writes a file; the"
         " engineer reads another controller, and another main block out of the one he always reads")
def otherwise(capture):
    capture.step(DAY)
    cell = Cell()
    cell.begin(capture)
    backup(capture, cell, 2)
    for number in range(100):
        stopped = number >= 30
        slow = number >= 30 and number % 4 != 0
        cell.turn(capture, number, [i for i in range(3) if not (i == 1 and stopped or i == 2 and slow)])
        if number == 10:
            cell.set(4000)
        elif number == 12:
            cell.set(1, 200)
        elif number == 14:
            request = mb.write_file([(4, 1, [1, 2, 3])])
            cell.panels[0].exchange(request, request)
        elif number == 16:
            engineer = Modbus(capture, cell.engineering, cell.plc[2]).open()
            engineer.exchange(mb.read(3, 100, 4), mb.registers_answer(3, [1, 2, 3, 4]))
            engineer.close()
    cell.end()


@capture("baseline-web.pcap", "At night the panel polls and sets a value as always, and the engineer looks for"
         " a web page on the first controller")
def web(capture):
    capture.step(DAY + 14 * 60 * MINUTE)
    cell = Cell()
    cell.begin(capture)
    for number in range(10):
        cell.turn(capture, number)
    cell.set(520)
    browser = Talk(capture, "http", cell.engineering, cell.plc[0], 80)
    browser.ask("GET", b"GET / HTTP/1.1\r\nHost: 192.168.10.31\r\n\r\n")
    browser.answer("200", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    browser.close()
    cell.end()
