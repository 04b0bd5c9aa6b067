# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""What devices and services are there: SSDP and WS-Discovery."""

from ..net import SECOND, Host
from ..plant import Plant, host
from ..registry import capture

SSDP = Host("ssdp", "01:00:5e:7f:ff:fa", "239.255.255.250", "ff02::c")
IGD = "urn:schemas-upnp-org:device:InternetGatewayDevice:1"


def lines(first, *headers):
    return "\r\n".join((first, *("%s: %s" % header for header in headers), "", "")).encode()


@capture("ssdp-devices.pcap", "A router announces itself, a station looks for one, it answers, another"
         " device answers from a port of its own; one leaves; the same again")
def ssdp(capture):
    plant = Plant()
    counts = capture.counts("ssdp")
    router, media = plant.router, host("media", "02:00:00:00:00:65", 65)
    server = ("SERVER", "Linux/3.10 UPnP/1.0 MiniUPnPd/1.7")
    uuid = "uuid:2fac1234-31f8-11b4-a222-08002b34c003"

    def send(source, destination, ports, data, kind, code):
        getattr(counts, kind)[code] += 1
        capture.udp(source, destination, ports, data)
        capture.jitter(1000, 9000)

    where = ("LOCATION", "http://192.168.10.1:49152/root.xml")
    for target in (IGD, "upnp:rootdevice", IGD):
        send(router, SSDP, (router.next_port(), 1900), lines(
            "NOTIFY * HTTP/1.1", ("HOST", "239.255.255.250:1900"), ("NT", target),
            ("NTS", "ssdp:alive"), ("USN", uuid + "::" + target), server, where), "userdata", "notify")
    port = plant.engineering.next_port()
    search = lines("M-SEARCH * HTTP/1.1", ("HOST", "239.255.255.250:1900"), ("MAN", '"ssdp:discover"'),
                   ("MX", "1"), ("ST", IGD), ("USER-AGENT", "Chromium/120 Windows"))
    for _ in range(3):
        send(plant.engineering, SSDP, (port, 1900), search, "requests", "search")
    found = lines("HTTP/1.1 200 OK", ("ST", IGD), ("USN", uuid + "::" + IGD), server, where)
    send(router, plant.engineering, (1900, port), found, "responses", "response")
    player = "urn:schemas-upnp-org:device:MediaRenderer:1"
    other = lines("HTTP/1.1 200 OK", ("St", player), ("USN", "uuid:7::" + player),
                  ("Server", "Panel/2.0 UPnP/1.1"), ("Location", "http://192.168.10.65/d.xml"))
    send(media, plant.engineering, (40001, port), other, "responses", "response")
    send(media, SSDP, (40002, 1900), lines(
        "NOTIFY * HTTP/1.1", ("NT", player), ("NTS", "ssdp:byebye"), ("USN", "uuid:7::" + player)),
        "userdata", "notify")


def envelope(action, body):
    return ('<?xml version="1.0" encoding="utf-8"?><soap:Envelope'
            ' xmlns:soap="http://www.w3.org/2003/05/soap-envelope"'
            ' xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
            ' xmlns:wsd="http://schemas.xmlsoap.org/ws/2005/04/discovery"><soap:Header>'
            '<wsa:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</wsa:To>'
            '<wsa:Action soap:mustUnderstand="1">http://schemas.xmlsoap.org/ws/2005/04/discovery/%s'
            '</wsa:Action></soap:Header><soap:Body>%s</soap:Body></soap:Envelope>' % (
                action, body)).encode()


@capture("wsd-devices.pcap", "WS-Discovery: a Windows host says hello and leaves, a station looks for"
         " cameras, one answers with name, model and place")
def wsd(capture):
    plant = Plant()
    counts = capture.counts("wsd")
    camera = host("camera", "00:40:8c:10:00:62", 62)

    def send(source, destination, ports, data, kind, code):
        getattr(counts, kind)[code] += 1
        capture.udp(source, destination, ports, data)
        capture.jitter(1000, 9000)

    hello = envelope("Hello", "<wsd:Hello><wsd:Types>wsdp:Device pub:Computer</wsd:Types></wsd:Hello>")
    send(plant.hmi, SSDP, (plant.hmi.next_port(), 3702), hello, "userdata", "hello")
    port = plant.engineering.next_port()
    probe = envelope("Probe", '<wsd:Probe><wsd:Types xmlns:dn="http://www.onvif.org/ver10/network/wsdl">'
                     'dn:NetworkVideoTransmitter</wsd:Types></wsd:Probe>')
    send(plant.engineering, SSDP, (port, 3702), probe, "requests", "probe")
    scopes = " ".join("onvif://www.onvif.org/" + scope for scope in (
        "type/video_encoder", "name/AXIS%20P1448-LE", "hardware/P1448-LE", "location/Hall%202"))
    match = envelope("ProbeMatches", "<wsd:ProbeMatches><wsd:ProbeMatch><wsd:Types>dn:NetworkVideoTransmitter"
                     " tds:Device</wsd:Types><wsd:Scopes>%s</wsd:Scopes><wsd:XAddrs>http://%s/onvif/"
                     "device_service</wsd:XAddrs></wsd:ProbeMatch></wsd:ProbeMatches>" % (
                         scopes, camera.ip4))
    send(camera, plant.engineering, (3702, port), match, "responses", "probe_matches")
    capture.step(10 * SECOND)
    bye = envelope("Bye", "<wsd:Bye></wsd:Bye>")
    send(plant.hmi, SSDP, (plant.hmi.next_port(), 3702), bye, "userdata", "bye")
