# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""Schneider UMAS messages: Modbus function 90, a session byte, a code, and its data.

An answer repeats the session and has 0xFE (done) or 0xFD (refused) in the place of the code."""

INIT, IDENT, PROJECT_INFO, PLC_INFO = 0x01, 0x02, 0x03, 0x04
REPEAT = 0x0A
RESERVE, RELEASE, KEEP_ALIVE = 0x10, 0x11, 0x12
READ_MEMORY = 0x20
READ_VARIABLES, WRITE_VARIABLES = 0x22, 0x23
# Into the controller: the names that the community gives these are "upload".
BEGIN_DOWNLOAD, DOWNLOAD_BLOCK, END_DOWNLOAD = 0x30, 0x31, 0x32
# Out of the controller.
BEGIN_UPLOAD, UPLOAD_BLOCK, END_UPLOAD = 0x33, 0x34, 0x35
START, STOP = 0x40, 0x41

DONE, REFUSED = 0xFE, 0xFD


def request(session, code, data=b""):
    return bytes([90, session, code]) + data


def done(session, data=b""):
    return bytes([90, session, DONE]) + data


def refused(session, data=b"\x01\x80"):
    return bytes([90, session, REFUSED]) + data
