# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""S7comm: programs that go into a controller and out of it, and services that change them."""

import struct

from .. import s7comm as s7
from ..net import SECOND
from ..plant import Plant
from ..registry import capture
from ..s7comm import S7


def program(capture):
    """Three blocks of a pump's program: OB 1, FB 10 and its data."""
    random = capture.random
    return {
        (s7.OB, 1): s7.block(s7.OB, 1, random.octets(280), 1, b"J.DOE", b"PUMPS", b"MAIN", 0x01),
        (s7.FB, 10): s7.block(s7.FB, 10, random.octets(460), 3, b"J.DOE", b"PUMPS", b"LEVEL", 0x23,
                              protected=3),
        (s7.BLOCK_DB, 10): s7.block(s7.BLOCK_DB, 10, random.octets(120), 5, b"J.DOE", b"PUMPS",
                                    b"LEVEL_DB", 0x10),
    }


@capture("s7comm-download.pcap", "A program is loaded: stop, three blocks, activation, start; one"
         " block is loaded again, first the same, then changed")
def download(capture):
    plant = Plant()
    capture.resolve(plant.engineering, plant.siemens)
    session = S7(capture, plant.engineering, plant.siemens).open()
    blocks = program(capture)
    session.stop()
    session.mode(0)
    for (kind, number), image in blocks.items():
        session.download(kind, number, image)
    session.pi_blocks(b"_INSE", *(s7.name(kind, number) for kind, number in blocks))
    session.pi(b"P_PROGRAM")
    session.mode(2)
    capture.step(30 * SECOND)
    main = blocks[s7.OB, 1]
    session.download(s7.OB, 1, main)
    session.pi_blocks(b"_INSE", s7.name(s7.OB, 1))
    capture.step(30 * SECOND)
    changed = bytearray(main)
    changed[100] ^= 1
    session.download(s7.OB, 1, bytes(changed))
    session.pi_blocks(b"_INS2", s7.name(s7.OB, 1))
    session.pi(b"_MODU", b"EP")
    session.close()


@capture("s7comm-download-midstream.pcap", "A block goes into a controller while the capture"
         " begins; another one's end does not come")
def download_midstream(capture):
    plant = Plant()
    session = S7(capture, plant.engineering, plant.siemens)
    image = s7.block(s7.FC, 3, capture.random.octets(300), author=b"J.DOE")
    named = b"\x09_" + s7.name(s7.FC, 3)
    for part, more in ((image[150:300], 1), (image[300:], 0)):
        session.controller_job(bytes([s7.DOWNLOAD_BLOCK]) + bytes(7) + named,
                               bytes([s7.DOWNLOAD_BLOCK, more]),
                               struct.pack(">HH", len(part), 0xFB) + part)
    session.controller_job(bytes([s7.DOWNLOAD_ENDED]) + bytes(7) + named)
    for part, more in ((image[:200], 1), (image[200:], 0)):
        session.controller_job(bytes([s7.DOWNLOAD_BLOCK]) + bytes(7) + named,
                               bytes([s7.DOWNLOAD_BLOCK, more]),
                               struct.pack(">HH", len(part), 0xFB) + part)
    session.controller_job(bytes([s7.DOWNLOAD_ENDED]) + b"\0\xd2\x35\0\0\0\0" + named)
    session.controller_job(bytes([s7.DOWNLOAD_BLOCK]) + bytes(7) + named,
                           bytes([s7.DOWNLOAD_BLOCK, 1]),
                           struct.pack(">HH", 100, 0xFB) + image[:100])


@capture("s7comm-upload.pcap", "A station lists the blocks of a controller, asks about them, and"
         " loads three of them out of it")
def upload(capture):
    plant = Plant()
    capture.resolve(plant.engineering, plant.siemens)
    session = S7(capture, plant.engineering, plant.siemens).open()
    blocks = program(capture)
    kinds = [b"0%X" % kind + struct.pack(">H", n) for kind, n in
             ((s7.OB, 1), (s7.FB, 1), (s7.FC, 0), (s7.BLOCK_DB, 70), (s7.SDB, 12))]
    session.userdata(s7.BLOCKS, 1, s7.NOTHING, s7.octets(b"".join(kinds)))
    numbers = b"".join(struct.pack(">HBB", n, 0x22, 5) for n in range(1, 71))
    session.in_units(s7.BLOCKS, 2, s7.octets(b"0A"), [numbers[:200], numbers[200:]])
    session.userdata(s7.BLOCKS, 2, s7.octets(b"0C"), error=0xD209)
    for (kind, number), image in blocks.items():
        info = (b"\x0a\0\0\x4e\x22\x01pp" + bytes([1]) + image[3:34] + image[34:36] + image[-36:])
        session.userdata(s7.BLOCKS, 3, s7.octets(s7.name(kind, number, b"A")),
                         s7.octets(b"0%X" % kind + info[2:]))
        session.upload(kind, number, image, identifier=number)
    session.close()


@capture("s7comm-upload-refused.pcap", "An upload of a block that is not there, and one that breaks"
         " off")
def upload_refused(capture):
    plant = Plant()
    session = S7(capture, plant.stranger, plant.siemens).open()
    file = b"_" + s7.name(s7.BLOCK_DB, 5, b"A")
    start = bytes([s7.START_UPLOAD]) + bytes(7) + bytes([len(file)]) + file
    session.job(start, error=0xD209)
    session.job(start, bytes([s7.START_UPLOAD, 0, 1, 0, 0, 0, 0, 7, 7]) + b"0000300")
    part = struct.pack(">HH", 200, 0xFB) + s7.block(s7.BLOCK_DB, 5, bytes(222), language=5)[:200]
    session.job(bytes([s7.UPLOAD, 0, 0, 0, 0, 0, 0, 7]), bytes([s7.UPLOAD, 1]), answer_data=part)
    session.job(bytes([s7.END_UPLOAD, 0, 0, 0, 0, 0, 0, 7]))
    session.close()


@capture("s7comm-pi-services.pcap", "Start and stop, deleting and compressing, copying to ROM, and"
         " services of a numerical control")
def pi_services(capture):
    plant = Plant()
    session = S7(capture, plant.engineering, plant.siemens).open()
    session.stop()
    session.pi(b"P_PROGRAM")
    session.stop()
    session.pi(b"P_PROGRAM", b"C ")
    session.pi(b"P_PROGRAM", error=0x8402)
    session.pi_blocks(b"_DELE", s7.name(s7.FC, 12, b"B"), s7.name(s7.BLOCK_DB, 300, b"B"),
                      s7.name(s7.FB, 7, b"B"))
    session.pi_blocks(b"_DELE", s7.name(s7.OB, 1, b"B"), error=0xD241)
    session.pi(b"_GARB")
    session.pi(b"_MODU", b"EP")
    session.pi(b"_N_LOGIN_", b"\x03001\x08SUNRISE\0")
    session.pi(b"_N_SELECT", b"\x03P01\x18/_N_MPF_DIR/_N_PART7_MPF")
    session.pi(b"_N_F_DELE", b"\x03001\x18/_N_MPF_DIR/_N_PART7_MPF")
    session.close()


@capture("s7comm-delete-blocks.pcap", "Every block of a program is deleted by a host that was not"
         " there before")
def delete_blocks(capture):
    plant = Plant()
    session = S7(capture, plant.stranger, plant.siemens).open()
    session.userdata(s7.BLOCKS, 1, s7.NOTHING, s7.octets(b"08\0\1" + b"0C\0\3"))
    for number in range(1, 4):
        session.pi_blocks(b"_DELE", s7.name(s7.FC, number, b"B"))
    session.pi_blocks(b"_DELE", s7.name(s7.OB, 1, b"B"))
    session.push(s7.CPU, 3, s7.octets(struct.pack(">HBBHHI", 0x4562, 0xFF, 0x84, 0, 0, 0) +
                                      s7.date_and_time(2026, 1, 12, 6, 0, 3)))
    session.mode(0)
    session.close()
