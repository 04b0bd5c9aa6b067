# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""TCP as it really is: lost, repeated, reordered, overlapping, picked up in the middle.

All carry numbered polls: poll i reads two registers at address i and is answered i and
0xA000 + i.  What is lost is not counted; what is there twice is counted once."""

from .. import modbus as mb
from ..modbus import Modbus, count_answer, count_request, numbered_poll
from ..net import ACK, CLIENT, MILLISECOND, PSH, RST, SECOND, SERVER, SYN
from ..plant import Plant
from ..registry import capture

POLLS = 30


def master_of(capture, **options):
    plant = Plant()
    return Modbus(capture, plant.hmi, plant.plc[0], **options)


def ask_frame(master, i, count=True):
    """The frame of the request of poll i, not yet in the capture."""
    request = numbered_poll(i)[0]
    master.transaction += 1
    if count:
        count_request(master.capture, request)
    return master.tcp.segment(CLIENT, master.frame(request), PSH | ACK)


def answer_frame(master, i, count=True):
    answer = numbered_poll(i)[1]
    if count:
        count_answer(master.capture, answer)
    return master.tcp.segment(SERVER, master.frame(answer), PSH | ACK)


def pause(capture):
    capture.jitter(3000, 8000)


@capture("stream-lost.pcap", "Segments that the mirror lost: single answers, single requests,"
         " three polls in a row")
def lost(capture):
    master = master_of(capture).open()
    for i in range(POLLS):
        lost_ask = i in (5, 20, 21, 22)
        lost_answer = i in (10, 20, 21, 22)
        frames = (ask_frame(master, i, not lost_ask), answer_frame(master, i, not lost_answer))
        for frame, is_lost in zip(frames, (lost_ask, lost_answer)):
            if is_lost:
                capture.gap_bytes += 12 if frame is frames[0] else 13
            else:
                capture.add(frame)
            pause(capture)
    capture.step(2 * SECOND)
    master.close()


@capture("stream-lost-midway.pcap", "A lost segment that held the end of one answer and the"
         " beginning of the next")
def lost_midway(capture):
    master = master_of(capture).open()
    for i in range(5):
        master.numbered(i)
    requests = b""
    answers = b""
    for i in range(5, 15):
        request, answer = numbered_poll(i)
        master.transaction += 1
        count_request(capture, request)
        if i not in (9, 10):
            count_answer(capture, answer)
        requests += master.frame(request)
        answers += master.frame(answer)
    master.tcp.send(CLIENT, requests)
    pause(capture)
    cuts = [0, 13 * 4 + 6, 13 * 5 + 4, len(answers)]
    for n, (begin, end) in enumerate(zip(cuts, cuts[1:])):
        frame = master.tcp.segment(SERVER, answers[begin:end], PSH | ACK)
        if n != 1:
            capture.add(frame)
        pause(capture)
    capture.gap_bytes = cuts[2] - cuts[1]
    for i in range(15, 20):
        master.numbered(i)
    capture.step(2 * SECOND)
    master.close()


@capture("stream-duplicated.pcap", "Retransmissions: segments that come again, with a new IP"
         " identifier, up to 300 ms later")
def duplicated(capture):
    master = master_of(capture).open()
    for i in range(POLLS):
        begin = list(master.tcp.next)
        capture.add(ask_frame(master, i))
        if i % 3 == 0:
            capture.step(200 * MILLISECOND)
            capture.add(master.tcp.segment(CLIENT, master.frame(numbered_poll(i)[0]), PSH | ACK,
                                           sequence=begin[0], acknowledgement=begin[1]))
        pause(capture)
        capture.add(answer_frame(master, i))
        if i % 4 == 0:
            capture.step(300 * MILLISECOND)
            capture.add(master.tcp.segment(SERVER, master.frame(numbered_poll(i)[1]), PSH | ACK,
                                           sequence=begin[1]))
        pause(capture)
    master.close()


@capture("stream-reordered.pcap", "Segments of pipelined polls in the wrong order, up to five"
         " places away")
def reordered(capture):
    master = master_of(capture).open()
    for first in range(0, POLLS, 6):
        for make in (ask_frame, answer_frame):
            begin = master.transaction - (6 if make is answer_frame else 0)
            frames = []
            for i in range(first, first + 6):
                master.transaction = begin + i - first + (make is answer_frame)
                frames.append(make(master, i))
            master.transaction = begin + 6
            for n in ((1, 0, 2, 3, 4, 5), (5, 4, 3, 2, 1, 0), (1, 2, 3, 4, 5, 0))[first // 6 % 3]:
                capture.add(frames[n])
                capture.jitter(20, 200)
            pause(capture)
    master.close()


def overlapping(capture, conflict):
    """Every third answer is sent in two segments that overlap by four bytes."""
    master = master_of(capture).open()
    for i in range(POLLS):
        capture.add(ask_frame(master, i))
        pause(capture)
        answer = numbered_poll(i)[1]
        data = master.frame(answer)
        count_answer(capture, answer)
        begin = master.tcp.next[SERVER]
        if i % 3 == 0:
            capture.add(master.tcp.segment(SERVER, data[:11], PSH | ACK))
            capture.jitter(100, 300)
            again = data[7:] if not conflict else b"\x83\x02\xde\xad" + data[11:]
            capture.add(master.tcp.segment(SERVER, again, PSH | ACK, sequence=begin + 7))
            master.tcp.next[SERVER] = begin + len(data)
        else:
            capture.add(master.tcp.segment(SERVER, data, PSH | ACK))
        pause(capture)
    master.close()


@capture("stream-overlap-same.pcap", "Segments that overlap with the same content")
def overlap_same(capture):
    overlapping(capture, False)


@capture("stream-overlap-conflict.pcap", "Segments that overlap with other content: whoever"
         " believes the second sees exceptions")
def overlap_conflict(capture):
    overlapping(capture, True)


@capture("stream-midstream.pcap", "A connection that was there before the capture; the first"
         " segment is a request")
def midstream(capture):
    master = master_of(capture)
    for i in range(POLLS):
        master.numbered(i)


@capture("stream-midstream-server-first.pcap", "A connection picked up between request and answer,"
         " on a port that tells nothing")
def midstream_server_first(capture):
    master = master_of(capture, port=50502, client_port=40000)
    master.transaction = 1
    count_answer(capture, numbered_poll(0)[1])
    capture.add(answer_frame(master, 0, count=False))
    pause(capture)
    for i in range(1, POLLS):
        master.numbered(i)


@capture("stream-midstream-half.pcap", "A connection picked up in the middle of a message: the"
         " first segment is the tail of an answer")
def midstream_half(capture):
    master = master_of(capture)
    master.tcp.send(SERVER, mb.adu(7, 1, numbered_poll(7)[1])[5:])
    pause(capture)
    for i in range(8, POLLS):
        master.numbered(i)


@capture("stream-one-direction.pcap", "A mirror that delivers one direction only: requests, no"
         " answers")
def one_direction(capture):
    master = master_of(capture)
    for i in range(POLLS):
        capture.add(ask_frame(master, i))
        answer_frame(master, i, count=False)
        capture.step(SECOND)


@capture("stream-keepalive.pcap", "TCP keep-alives, with and without the one byte, between polls")
def keepalive(capture):
    master = master_of(capture).open()
    for i in range(6):
        master.numbered(i)
        for octet in (b"", b"\0"):
            capture.step(30 * SECOND)
            before = (master.tcp.next[CLIENT] - 1) % 2**32
            capture.add(master.tcp.segment(CLIENT, octet, ACK, sequence=before))
            capture.jitter(200, 400)
            master.tcp.send(SERVER)
        capture.step(10 * SECOND)
    master.close()


@capture("stream-wraparound.pcap", "Sequence numbers of both sides pass 2^32")
def wraparound(capture):
    master = master_of(capture, start=(2**32 - 101, 2**32 - 177)).open()
    for i in range(POLLS):
        master.numbered(i)
    master.close()


@capture("stream-snaplen.pcap", "Captured with a snap length of 70: long answers are cut, short"
         " messages are whole")
def snaplen(capture):
    plant = Plant()
    capture.contents.interfaces[0].snap_length = 70
    master = Modbus(capture, plant.hmi, plant.plc[0]).open()
    for i in range(10):
        master.numbered(i)
        request = mb.read(3, i, 40)
        master.ask(request)
        pause(capture)
        master.answer(mb.registers_answer(3, range(i, i + 40)), count=False)
        pause(capture)
    master.close()
    cut_frames(capture, 70)
    capture.gap_bytes = sum(frame.wire_length() - len(frame.data) for frame in capture.frames)


def cut_frames(capture, size):
    for frame in capture.frames:
        frame.length, frame.data = len(frame.data), frame.data[:size]


@capture("stream-snaplen-headers.pcap", "Captured with a snap length of 50: no TCP header is whole;"
         " cut, not malformed")
def snaplen_headers(capture):
    capture.contents.interfaces[0].snap_length = 50
    master = master_of(capture).open()
    for i in range(5):
        request, answer = numbered_poll(i)
        master.ask(request, count=False)
        pause(capture)
        master.answer(answer, count=False)
        pause(capture)
    master.close()
    cut_frames(capture, 50)


@capture("stream-rst-injected.pcap", "A reset outside of the window, forged by a third host, that"
         " the two ends ignore; then a true one")
def rst_injected(capture):
    plant = Plant()
    master = Modbus(capture, plant.hmi, plant.plc[0]).open()
    for i in range(20):
        master.numbered(i)
        if i == 9:
            far = (master.tcp.next[SERVER] + 0x10000000) % 2**32
            capture.add(master.tcp.segment(SERVER, b"", RST, sequence=far, ttl=128))
            capture.jitter(500, 1500)
    master.tcp.send(CLIENT, b"", RST | ACK)


@capture("stream-port-reuse.pcap", "Three connections with the same ports, the first without an"
         " end, with other sequence numbers each time")
def port_reuse(capture):
    plant = Plant()
    for connection in range(3):
        master = Modbus(capture, plant.hmi, plant.plc[0], client_port=50000).open()
        for i in range(10):
            master.numbered(100 * connection + i)
        if connection > 0:
            master.close()
        capture.step(5 * SECOND)


@capture("stream-syn-retry.pcap", "A first attempt that nobody answers, the SYN sent three times,"
         " and a refused connection before one that works")
def syn_retry(capture):
    plant = Plant()
    dead = Modbus(capture, plant.hmi, plant.plc[1])
    for wait in (1, 2, 4):
        dead.tcp.send(CLIENT, b"", SYN, sequence=1000)
        capture.step(wait * SECOND)
    refused = Modbus(capture, plant.hmi, plant.plc[2])
    refused.tcp.send(CLIENT, b"", SYN)
    capture.jitter(200, 300)
    refused.tcp.send(SERVER, b"", RST | ACK, sequence=0)
    capture.step(SECOND)
    master = Modbus(capture, plant.hmi, plant.plc[0]).open()
    for i in range(5):
        master.numbered(i)
    master.close()
