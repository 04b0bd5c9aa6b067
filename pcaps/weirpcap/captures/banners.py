# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""What protocols of the office say of who is there: banners, certificates, names."""

import base64
import struct

from .. import cotp as co
from .. import der, ntlm, tls
from ..net import CLIENT, SECOND, SERVER, Tcp
from ..plant import Plant
from ..registry import capture

WINDOWS_10, SERVER_2019, WINDOWS_XP = (10, 0, 19041), (10, 0, 17763), (5, 1, 2600)


class Talk:
    """A connection on which both sides say lines or blobs, each counted as told."""

    def __init__(self, capture, protocol, client, server, port):
        self.capture, self.counts = capture, capture.counts(protocol)
        self.tcp = Tcp(capture, client, server, port).open()

    def send(self, side, *parts):
        for part in parts:
            self.tcp.send(side, part)
            self.capture.jitter(100, 900)

    def ask(self, code, *parts):
        self.counts.requests[code] += 1
        self.send(CLIENT, *parts)

    def answer(self, code, *parts):
        self.counts.responses[code] += 1
        self.send(SERVER, *parts)

    def refuse(self, code, *parts):
        self.counts.exceptions[code] += 1
        self.send(SERVER, *parts)

    def close(self):
        self.tcp.close()
        self.capture.step(SECOND)


# ---- HTTP ----

def get(path, **headers):
    lines = ["GET %s HTTP/1.1" % path, "Host: plc-4.plant.example"]
    lines += ["%s: %s" % (key.replace("_", "-"), value) for key, value in headers.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def page(status, *headers):
    return ("\r\n".join(["HTTP/1.1 " + status, *headers]) + "\r\n\r\n").encode()


AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36"
HOME = (b"<html><head><title>\r\n  SIMATIC 300 Station </title></head>" + b"<p>.</p>" * 50)


@capture("http-home-page.pcap", "The web server of a controller: a home page whose title comes in a"
         " segment of its own, a chunked page, and passwords in clear")
def home_page(capture):
    plant = Plant()
    talk = Talk(capture, "http", plant.engineering, plant.siemens, 80)
    talk.ask("GET", get("/?token=secret", User_Agent=AGENT))
    talk.answer("200", page("200 OK", "Server: SIMATIC HTTP/1.0", "Content-Type: text/html",
                            "Content-Length: %d" % len(HOME)), HOME)
    talk.ask("GET", get("/Portal/Admin"))
    talk.refuse("401", page("401 Unauthorized", 'WWW-Authenticate: Basic realm="CPU 315-2 PN/DP"',
                            "Transfer-Encoding: chunked"), b"5\r\nno!\r\n\r\n", b"0\r\n\r\n")
    credentials = base64.b64encode(b"service:not to be seen").decode()
    talk.ask("GET", get("/Portal/Admin", Authorization="Basic " + credentials))
    talk.answer("302", page("302 Found", "Location: /Portal/Intro?session=4711",
                            "Content-Length: 0"))
    talk.ask("HEAD", b"HEAD /logo.gif HTTP/1.1\r\nHost: 192.168.10.34\r\n\r\n")
    talk.answer("200", page("200 OK", "Content-Length: 5000"))
    # The look is over.
    talk.send(CLIENT, get("/fifth"))
    talk.send(SERVER, page("200 OK", "Content-Length: 0"))
    talk.close()


@capture("http-other-port.pcap", "HTTP on a port of its own, in mid-stream, with a body that a hole"
         " follows")
def http_other_port(capture):
    plant = Plant()
    talk = Talk(capture, "http", plant.hmi, plant.gateway, 50080)
    del capture.frames[-3:]
    talk.ask("POST", b"POST /api/points HTTP/1.0\r\nUser-Agent: curl/7.88.1\r\nContent-Length: 6"
             b"\r\n\r\na=1&b2")
    talk.answer("200", page("200 OK", "Server: lighttpd/1.4.69 (Debian)", "Content-Length: 9000"))
    talk.send(SERVER, b"." * 1000)
    talk.tcp.segment(SERVER, b"." * 1400)
    talk.send(SERVER, b"." * 1000)
    talk.close()


# ---- TLS ----

def handshake(talk, side, *messages, version=0x0303, cut=None):
    """Messages in one record, in segments of at most `cut` bytes."""
    for message in messages:
        side_counts = talk.counts.requests if side == CLIENT else talk.counts.responses
        side_counts[tls.NAMES[message[0]]] += 1
    data = tls.record(tls.HANDSHAKE, b"".join(messages), version)
    talk.send(side, *(data[i:i + cut] for i in range(0, len(data), cut)) if cut else [data])


def finish(talk):
    random = talk.capture.random
    for side in (CLIENT, SERVER):
        talk.send(side, tls.record(tls.CHANGE_CIPHER, b"\1") +
                  tls.record(tls.HANDSHAKE, random.octets(40)))
    talk.send(CLIENT, tls.record(tls.DATA, random.octets(120)))
    talk.send(SERVER, tls.record(tls.DATA, random.octets(400)))


@capture("tls-certificate.pcap", "TLS 1.2: a controller's self-signed and expired certificate over"
         " three segments, and the client's own")
def tls_certificate(capture):
    plant, random = Plant(), capture.random
    talk = Talk(capture, "tls", plant.engineering, plant.siemens, 443)
    own = der.name(C="DE", O="Siemens", OU="SIMATIC NET", CN="S7-1500 station_1")
    of_server = der.certificate(random, own, own, "120101000000Z", "251231235959Z",
                                ["plc-4.plant.example", "plc-4"], [bytes([192, 168, 10, 34])])
    of_client = der.certificate(random, der.name(O="Plant", CN="engineering"),
                                der.name(O="Plant", CN="Plant CA"), "240101000000Z",
                                "340101000000Z")
    handshake(talk, CLIENT, tls.client_hello(
        random, [tls.ECDHE_RSA_AES128_GCM, tls.RSA_AES128],
        tls.server_name("plc-4.plant.example") + tls.protocols("h2", "http/1.1")), version=0x0301)
    handshake(talk, SERVER, tls.server_hello(random, tls.ECDHE_RSA_AES128_GCM,
                                             tls.protocols("http/1.1")),
              tls.certificates(of_server), tls.message(tls.KEY_EXCHANGE, random.octets(300)),
              tls.message(tls.REQUEST, bytes.fromhex("0101000204010000")),
              tls.message(tls.DONE, b""), cut=600)
    handshake(talk, CLIENT, tls.certificates(of_client))
    handshake(talk, CLIENT, tls.message(tls.CLIENT_KEY, random.octets(66)))
    handshake(talk, CLIENT, tls.message(tls.VERIFY, random.octets(260)))
    finish(talk)
    talk.close()


@capture("tls-old.pcap", "TLS 1.0 of an old web server, a certificate over two records")
def tls_old(capture):
    plant, random = Plant(), capture.random
    talk = Talk(capture, "tls", plant.hmi, plant.gateway, 8443)
    vendor = der.name(C="TW", O="Moxa Inc.", CN="Moxa root")
    leaf = der.certificate(random, der.name(O="Moxa Inc.", CN="NPort 5150"), vendor,
                           "150101000000Z", "350101000000Z")
    handshake(talk, CLIENT, tls.client_hello(random, [tls.RSA_AES128]), version=0x0301)
    messages = (tls.server_hello(random, tls.RSA_AES128, version=0x0301) + tls.certificates(leaf) +
                tls.message(tls.DONE, b""))
    for kind in ("server_hello", "certificate", "server_hello_done"):
        talk.counts.responses[kind] += 1
    for part in (messages[:500], messages[500:]):
        talk.send(SERVER, tls.record(tls.HANDSHAKE, part, 0x0301))
    handshake(talk, CLIENT, tls.message(tls.CLIENT_KEY, random.octets(258)), version=0x0301)
    finish(talk)
    talk.close()


@capture("tls-1-3.pcap", "TLS 1.3 on a port of its own: two hellos, and nothing more in clear; and a"
         " server that refuses")
def tls_1_3(capture):
    plant, random = Plant(), capture.random
    extensions = tls.server_name("history.plant.example") + tls.versions(0x0A0A, 0x0304, 0x0303)
    talk = Talk(capture, "tls", plant.hmi, plant.engineering, 50443)
    handshake(talk, CLIENT, tls.client_hello(random, [tls.AES128_GCM], extensions), version=0x0301)
    handshake(talk, SERVER, tls.server_hello(random, tls.AES128_GCM,
                                             tls.extension(43, b"\3\4")))
    finish(talk)
    talk.close()
    talk = Talk(capture, "tls", plant.hmi, plant.gateway, 443)
    handshake(talk, CLIENT, tls.client_hello(random, [tls.AES128_GCM], extensions), version=0x0301)
    talk.send(SERVER, tls.record(tls.ALERT, b"\2\x28"))
    talk.close()


# ---- lines ----

@capture("ssh-versions.pcap", "SSH: the version lines of a switch, a server of Debian, and a client,"
         " on usual and other ports")
def ssh_versions(capture):
    plant = Plant()
    for server, port, line in ((plant.gateway, 22, b"SSH-2.0-dropbear_2022.83\r\n"),
                               (plant.hmi, 2200, b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u2\r\n"),
                               (plant.router, 22, b"SSH-1.5-Cisco-1.25\n")):
        talk = Talk(capture, "ssh", plant.engineering, server, port)
        talk.answer("version", line)
        talk.ask("version", b"SSH-2.0-PuTTY_Release_0.78\r\n")
        for side in (CLIENT, SERVER):
            talk.send(side, struct.pack(">IBB", 300, 6, 20) + capture.random.octets(298))
        talk.close()


@capture("ftp-firmware.pcap", "FTP: a firmware image into a controller, a log out of it, a file that"
         " may not go; then somebody without a name")
def ftp_firmware(capture):
    plant = Plant()
    for client, user, steps in (
            (plant.engineering, "admin", (
                ("PASS", "not to be seen", (230,)), ("SYST", "", (215,)), ("TYPE", "I", (200,)),
                ("PASV", "", (227,)), ("STOR", "/ata0a/fw/image.bin", (150, 226)),
                ("RETR", "/ata0a/log/syslog.txt", (150, 226)), ("DELE", "/ata0a/fw/old.bin", (550,)),
                ("XCMD", "1", (502,)), ("QUIT", "", (221,)))),
            (plant.stranger, "anonymous", (
                ("PASS", "guest@", (230,)), ("LIST", "", (425,)), ("QUIT", "", (221,))))):
        talk = Talk(capture, "ftp", client, plant.plc[0], 21)
        talk.answer("220", b"220-Modicon M340\r\n 220 is not yet the end\r\n"
                    b"220 VxWorks (VxWorks 6.4) FTP server ready\r\n")
        for word, argument, codes in (("USER", user, (331,)),) + steps:
            known = "unknown" if word == "XCMD" else word.lower()
            talk.ask(known, (word + (" " + argument if argument else "") + "\r\n").encode())
            for code in codes:
                text = "VxWorks WIND" if code == 215 else "done" if code < 400 else "no"
                line = ("%d %s\r\n" % (code, text)).encode()
                (talk.answer if code < 400 else talk.refuse)(str(code), line)
        talk.close()


@capture("telnet-login.pcap", "Telnet: options, a greeting in pieces, a login letter by letter; and a"
         " server that says nothing")
def telnet_login(capture):
    plant = Plant()
    talk = Talk(capture, "telnet", plant.engineering, plant.gateway, 23)
    talk.send(SERVER, b"\xff\xfd\x18\xff\xfd\x20\xff\xfb\x01")
    talk.send(CLIENT, b"\xff\xfb\x18\xff\xfc\x20\xff\xfd\x01")
    talk.send(SERVER, b"\xff\xfa\x18\x01\xff\xf0\x1b[2J\x1b[1;1H\r\nNPort 5150\r\n",
              b"Firmware ver. 3.8 Build 20")
    talk.answer("banner", b"080131\r\n\r\nnport login: ")
    for letter in b"admin\r":
        talk.send(CLIENT, bytes([letter]))
        talk.send(SERVER, bytes([letter]))
    talk.send(SERVER, b"\nPassword: ")
    talk.send(CLIENT, b"s", b"e", b"c", b"r", b"e", b"t", b"\r")
    talk.send(SERVER, b"\r\n# ")
    talk.close()
    talk = Talk(capture, "telnet", plant.stranger, plant.plc[1], 2323)
    talk.send(SERVER, b"\xff\xfb\x01\xff\xfb\x03")
    talk.counts.responses["banner"] += 1
    talk.close()


@capture("smtp-alarm.pcap", "SMTP: a gateway that sends alarms by mail, with its password in clear;"
         " and one that turns to TLS")
def smtp_alarm(capture):
    plant, random = Plant(), capture.random
    talk = Talk(capture, "smtp", plant.gateway, plant.hmi, 25)
    talk.answer("220", b"220 mail.plant.example ESMTP Postfix (Debian/GNU)\r\n")
    talk.ask("ehlo", b"EHLO nport-7\r\n")
    talk.answer("250", b"250-mail.plant.example\r\n", b"250-AUTH PLAIN LOGIN\r\n250 STARTTLS\r\n")
    talk.ask("auth", b"AUTH PLAIN AG5vdAB0byBiZSBzZWVu\r\n")
    talk.answer("235", b"235 2.7.0 Authentication successful\r\n")
    talk.send(CLIENT, b"MAIL FROM:<alarm@plant.example>\r\n")
    talk.close()
    talk = Talk(capture, "smtp", plant.gateway, plant.hmi, 587)
    talk.answer("220", b"220 mail.plant.example ESMTP Postfix (Debian/GNU)\r\n")
    talk.ask("ehlo", b"EHLO [192.168.10.40]\r\n")
    talk.answer("250", b"250 STARTTLS\r\n")
    talk.ask("starttls", b"STARTTLS\r\n")
    talk.answer("220", b"220 2.0.0 Ready to start TLS\r\n")
    talk.counts = capture.counts("tls")
    handshake(talk, CLIENT, tls.client_hello(random, [tls.RSA_AES128]), version=0x0301)
    own = der.name(CN="mail.plant.example")
    handshake(talk, SERVER, tls.server_hello(random, tls.RSA_AES128), tls.certificates(
        der.certificate(random, own, own, "240101000000Z", "340101000000Z")),
        tls.message(tls.DONE, b""))
    handshake(talk, CLIENT, tls.message(tls.CLIENT_KEY, random.octets(258)))
    finish(talk)
    talk.close()


# ---- SMB ----

def netbios(message, kind=0):
    return bytes([kind]) + len(message).to_bytes(3, "big") + message


def smb2(command, body, response=False, status=0, message=0):
    head = b"\xfeSMB" + struct.pack("<HHIHHIIQIIQ", 64, 1, status, command, 1, int(response), 0,
                                    message, 0xFEFF, 0, 0x400000000001 if command else 0)
    return netbios(head + bytes(16) + body)


def setup2(blob, response=False):
    if response:
        return struct.pack("<HHHH", 9, 0, 72, len(blob)) + blob
    return struct.pack("<HBBIIHHQ", 25, 0, 1, 1, 0, 88, len(blob), 0) + blob


@capture("smb2-session.pcap", "SMB 3: who the file server is, and who logs on from where")
def smb2_session(capture):
    plant, random = Plant(), capture.random
    talk = Talk(capture, "smb", plant.engineering, plant.hmi, 445)
    talk.ask("smb2.0", smb2(0, struct.pack("<HHHHI", 36, 2, 1, 0, 0x7F) + random.octets(16) +
                            bytes(8) + struct.pack("<HH", 0x0210, 0x0302)))
    talk.answer("smb2.0", smb2(0, struct.pack("<HHHH", 65, 3, 0x0302, 0) + random.octets(16) +
                               struct.pack("<IIIIQQHHI", 0x2F, 1 << 23, 1 << 23, 1 << 23, 0, 0, 128,
                                           0, 0), response=True))
    talk.ask("smb2.1", smb2(1, setup2(ntlm.first(ntlm.negotiate(WINDOWS_10))), message=1))
    challenge = ntlm.challenge(random, "HISTORIAN", "PLANT", "historian.plant.example",
                               "plant.example", SERVER_2019)
    talk.answer("smb2.1", smb2(1, setup2(ntlm.further(challenge), True), True, 0xC0000016, 1))
    answer = ntlm.authenticate(random, "PLANT", "operator", "ENGINEERING", WINDOWS_10)
    talk.ask("smb2.1", smb2(1, setup2(ntlm.further(answer)), message=2))
    talk.answer("smb2.1", smb2(1, setup2(b"", True), True, 0, 2))
    talk.send(CLIENT, smb2(3, struct.pack("<HHHH", 9, 0, 72, 0), message=3))
    talk.close()


def logon2(talk, first, user, host):
    """Two messages of a client in SMB 2 and their answers, from the message number first on."""
    talk.ask("smb2.1", smb2(1, setup2(ntlm.first(ntlm.negotiate(WINDOWS_10))), message=first))
    challenge = ntlm.challenge(talk.capture.random, "HISTORIAN", "PLANT", "historian.plant.example",
                               "plant.example", SERVER_2019)
    talk.answer("smb2.1", smb2(1, setup2(ntlm.further(challenge), True), True, 0xC0000016, first))
    answer = ntlm.authenticate(talk.capture.random, "PLANT" if user else "", user, host, WINDOWS_10)
    talk.ask("smb2.1", smb2(1, setup2(ntlm.further(answer)), message=first + 1))
    talk.answer("smb2.1", smb2(1, setup2(b"", True), True, 0, first + 1))


@capture("smb2-anonymous-first.pcap", "SMB 2: a connection in which nobody logs on first, to list"
         " shares, and a user then")
def smb2_anonymous_first(capture):
    plant = Plant()
    talk = Talk(capture, "smb", plant.engineering, plant.hmi, 445)
    logon2(talk, 1, "", "ENGINEERING")
    for response in (False, True):
        (talk.answer if response else talk.ask)("smb2.3", smb2(
            3, struct.pack("<HHHH", 9, 0, 72, 0), response, message=3))
    logon2(talk, 4, "operator", "ENGINEERING")
    talk.send(CLIENT, smb2(3, struct.pack("<HHHH", 9, 0, 72, 0), message=6))
    talk.close()


def smb1(command, words, data, response=False, status=0):
    head = b"\xffSMB" + struct.pack("<BIBH", command, status, 0x98 if response else 0x18, 0xC807)
    head += bytes(12) + struct.pack("<HHHH", 0xFFFF, 0xFEFF, 0, 1)
    return netbios(head + bytes([len(words) // 2]) + words + struct.pack("<H", len(data)) + data)


def netbios_name(name, kind):
    raw = name.ljust(15).encode() + bytes([kind])
    return b"\x20" + bytes(0x41 + n for b in raw for n in (b >> 4, b & 15)) + b"\0"


def native(blob, *texts):
    pad = b"" if len(blob) % 2 else b"\0"
    return blob + pad + b"".join(ntlm.wide(text) + b"\0\0" for text in texts)


@capture("smb1-session.pcap", "SMB 1 over NetBIOS: an operator station of old, its system in its own"
         " words")
def smb1_session(capture):
    plant, random = Plant(), capture.random
    talk = Talk(capture, "smb", plant.engineering, plant.hmi, 139)
    talk.ask("netbios.129", netbios(netbios_name("HMI-1", 0x20) + netbios_name("ENGINEERING", 0),
                                    0x81))
    talk.answer("netbios.130", netbios(b"", 0x82))
    talk.ask("smb1.114", smb1(0x72, b"", b"\x02LANMAN1.0\0\x02NT LM 0.12\0"))
    talk.answer("smb1.114", smb1(0x72, struct.pack("<HBHHIIIIQHB", 1, 0x07, 50, 1, 16644, 65536, 0,
                                                   0x8000F3FD, 0, 0, 0), random.octets(16), True))
    first = ntlm.first(ntlm.negotiate(WINDOWS_XP))
    asks = struct.pack("<BBHHHHIHII", 255, 0, 0, 16644, 50, 0, 0, len(first), 0, 0x800000D4)
    talk.ask("smb1.115", smb1(0x73, asks, native(first, "Windows 2002 2600 Service Pack 3",
                                                 "Windows 2002 5.1", "")))
    blob = ntlm.further(ntlm.challenge(random, "HMI-1", "HMI-1", "hmi-1", "hmi-1", WINDOWS_XP))
    answers = struct.pack("<BBHHH", 255, 0, 0, 0, len(blob))
    texts = ("Windows 5.1", "Windows 2000 LAN Manager", "WORKGROUP")
    talk.answer("smb1.115", smb1(0x73, answers, native(blob, *texts), True, 0xC0000016))
    blob = ntlm.further(ntlm.authenticate(random, "HMI-1", "maintenance", "ENGINEERING", WINDOWS_XP))
    asks = struct.pack("<BBHHHHIHII", 255, 0, 0, 16644, 50, 0, 0, len(blob), 0, 0x800000D4)
    talk.ask("smb1.115", smb1(0x73, asks, native(blob, "Windows 2002 2600 Service Pack 3",
                                                 "Windows 2002 5.1", "")))
    talk.answer("smb1.115", smb1(0x73, struct.pack("<BBHHH", 255, 0, 0, 0, 0), native(b"", *texts),
                                 True))
    talk.close()


# ---- remote desktops ----

@capture("rdp-tls.pcap", "Remote desktop that turns to TLS, whose certificate has the host's name")
def rdp_tls(capture):
    plant, random = Plant(), capture.random
    talk = Talk(capture, "rdp", plant.engineering, plant.hmi, 3389)
    cookie = b"Cookie: mstshash=maintenan\r\n" + bytes.fromhex("010008000b000000")
    talk.ask("connect", co.tpdu(co.CR, bytes(5) + cookie))
    talk.answer("connect_confirm", co.tpdu(co.CC, bytes.fromhex("00001234000200080002000000")))
    talk.counts = capture.counts("tls")
    handshake(talk, CLIENT, tls.client_hello(random, [tls.ECDHE_RSA_AES128_GCM],
                                             tls.server_name("hmi-1")))
    own = der.name(CN="HMI-1.plant.example")
    handshake(talk, SERVER, tls.server_hello(random, tls.ECDHE_RSA_AES128_GCM), tls.certificates(
        der.certificate(random, own, own, "260101000000Z", "260701000000Z")),
        tls.message(tls.KEY_EXCHANGE, random.octets(300)), tls.message(tls.DONE, b""))
    handshake(talk, CLIENT, tls.message(tls.CLIENT_KEY, random.octets(66)))
    finish(talk)
    talk.close()


@capture("rdp-old.pcap", "Remote desktop on another port without TLS: the client tells its name")
def rdp_old(capture):
    plant = Plant()
    talk = Talk(capture, "rdp", plant.engineering, plant.hmi, 53389)
    talk.ask("connect", co.tpdu(co.CR, bytes(5) + b"Cookie: mstshash=operator\r\n"))
    talk.answer("connect_confirm", co.tpdu(co.CC, bytes.fromhex("0000123400")))
    core = struct.pack("<HHIHHHHII", 0xC001, 216, 0x00080004, 1024, 768, 0xCA01, 0xAA03, 0x409, 2600)
    core += ntlm.wide("ENGINEERING").ljust(32, b"\0") + bytes(216 - 24 - 32)
    key = bytes.fromhex("000800100001c00044756361") + struct.pack(">H", 0x8000 | len(core)) + core
    request = bytes.fromhex("000500147c0001") + struct.pack(">H", 0x8000 | len(key)) + key
    limits = [[b"\x22", b"\2", b"\0", b"\1", b"\0", b"\1", b"\xff\xff", b"\2"],
              [b"\1", b"\1", b"\1", b"\1", b"\0", b"\1", b"\4\x20", b"\2"],
              [b"\xff\xff", b"\xfc\x17", b"\xff\xff", b"\1", b"\0", b"\1", b"\xff\xff", b"\2"]]
    initial = bytes.fromhex("0401010401010101ff") + b"".join(
        der.sequence(*(der.element(2, number) for number in row)) for row in limits) + \
        der.element(0x04, request)
    talk.ask("connect_initial", co.tpkt(b"\x02\xf0\x80" + b"\x7f" + der.element(0x65, initial)))
    talk.close()


@capture("vnc-open.pcap", "VNC: an operator panel that asks for no password, and one of version 3.3")
def vnc_open(capture):
    plant = Plant()
    talk = Talk(capture, "vnc", plant.engineering, plant.hmi, 5900)
    talk.answer("version", b"RFB 003.008\n")
    talk.ask("version", b"RFB 003.008\n")
    talk.answer("security", b"\x03\x01\x02\x13")
    talk.send(CLIENT, b"\x01")
    talk.send(SERVER, bytes(4))
    talk.close()
    talk = Talk(capture, "vnc", plant.engineering, plant.siemens, 59000)
    talk.answer("version", b"RFB 003.003\n")
    talk.ask("version", b"RFB 003.003\n")
    talk.answer("security", bytes([0, 0, 0, 2]) + capture.random.octets(16))
    talk.close()
