# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""What tshark shows of the identity of hosts: names, vendors, order numbers, serial numbers, versions.

shown(path) yields a Value for each that stands in a packet, with the host that it belongs to.  A table says
for plain fields whose they are; where a message names several things or hosts, a function reads it."""

import json
import re
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "values"))
from common import CORPUS, every, pairs  # noqa: E402,F401

# host: address or MAC as Weir writes them. attributes: where Weir may have it.
Value = namedtuple("Value", "host protocol kind text attributes")

HOST = ("host_name", "domain_name", "device_name")
VERSION = ("firmware_version", "hardware_version", "software", "application", "revision")

# (protocol in `weir protocols`, kind, tshark's field, whose: sender, mac (of the frame), asked; attributes)
FIELDS = (
    ("lldp", "system name", "lldp.tlv.system.name", "mac", HOST),
    ("lldp", "system description", "lldp.tlv.system.desc", "mac", ("description",)),
    ("lldp", "chassis", "lldp.chassis.id.mac", "mac", ("chassis_id",)),
    ("lldp", "chassis", "lldp.chassis.id", "mac", ("chassis_id", *HOST)),
    ("lldp", "port", "lldp.port.id", "mac", ("port_name", *HOST)),
    ("lldp", "port", "lldp.port.id.mac", "mac", ("port_name",)),
    ("lldp", "management address", "lldp.mgn.addr.ip4", "mac", ("management_address",)),
    ("lldp", "vendor", "lldp.media.manufacturer", "mac", ("vendor",)),
    ("lldp", "model", "lldp.media.model", "mac", ("model",)),
    ("lldp", "serial number", "lldp.media.sn", "mac", ("serial_number",)),
    ("lldp", "version", "lldp.media.hardware", "mac", ("hardware_version",)),
    ("lldp", "version", "lldp.media.firmware", "mac", ("firmware_version",)),
    ("lldp", "version", "lldp.media.software", "mac", VERSION),
    ("cdp", "device id", "cdp.deviceid", "mac", HOST),
    ("cdp", "system name", "cdp.system_name", "mac", HOST),
    ("cdp", "platform", "cdp.platform", "mac", ("model",)),
    ("cdp", "port", "cdp.portid", "mac", ("port_name",)),
    ("enip", "product name", "enip.lir.name", "sender", ("product_name",)),
    ("enip", "vendor", "enip.lir.vendor", "sender", ("vendor",)),
    ("enip", "device type", "enip.lir.devtype", "sender", ("device_type",)),
    ("enip", "serial number", "enip.lir.serial", "sender", ("serial_number",)),
    ("cip", "product name", "cip.id.product_name", "sender", ("product_name",)),
    ("cip", "vendor", "cip.id.vendor_id", "sender", ("vendor",)),
    ("cip", "device type", "cip.id.device_type", "sender", ("device_type",)),
    ("cip", "serial number", "cip.id.serial_number", "sender", ("serial_number",)),
    ("cip", "host name", "cip.tcpip.hostname", "sender", HOST),
    ("http", "server", "http.server", "sender", ("software",)),
    ("http", "user agent", "http.user_agent", "sender", ("software",)),
    ("http", "name asked for", "http.host", "asked", HOST),
    ("tls", "name asked for", "tls.handshake.extensions_server_name", "asked", HOST),
    ("ssh", "software", "ssh.protocol", "sender", ("software",)),
    ("smb", "operating system", "smb.native_os", "sender", ("operating_system",)),
    ("smb", "software", "smb.native_lanman", "sender", ("software",)),
    ("smb", "domain or group", "smb.primary_domain", "sender", ("group_name",)),
    ("smb", "host name", "ntlmssp.challenge.target_info.nb_computer_name", "sender", HOST),
    ("smb", "domain or group", "ntlmssp.challenge.target_info.nb_domain_name", "sender",
     ("group_name", "host_name")),
    ("smb", "host name", "ntlmssp.challenge.target_info.dns_computer_name", "sender", HOST),
    ("smb", "host name", "ntlmssp.auth.hostname", "sender", HOST),
    ("smb", "user", "ntlmssp.auth.username", "sender", ("user",)),
    ("nbdgm", "host name", "nbdgm.source_name", "sender", HOST),
    ("nbdgm", "comment", "browser.comment", "sender", ("description",)),
    # Protocols that Weir may not read.
    ("bacnet", "vendor", "bacapp.vendor_identifier", "sender", ("vendor_id",)),
    ("mms", "vendor", "mms.vendorName", "sender", ("vendor",)),
    ("mms", "model", "mms.modelName", "sender", ("model", "product_name")),
    ("mms", "version", "mms.revision", "sender", VERSION),
    ("profinet_io", "order number", "pn_io.order_id", "sender", ("product_code",)),
    ("profinet_io", "order number", "pn_io.im_order_id", "sender", ("product_code",)),
    ("profinet_io", "serial number", "pn_io.im_serial_number", "sender", ("serial_number",)),
    ("ads", "device name", "ams.ads_devicename", "sender", HOST),
    ("opcua", "product", "opcua.ProductName", "sender", ("product_name",)),
    ("opcua", "vendor", "opcua.ManufacturerName", "sender", ("vendor",)),
    ("opcua", "version", "opcua.SoftwareVersion", "sender", VERSION),
)

MODBUS_OBJECTS = {0: ("vendor", "vendor"), 1: ("product code", "product_code"),
                  2: ("version", "revision"), 3: ("URL", "vendor_url"), 4: ("product name", "product_name"),
                  5: ("model", "model"), 6: ("application", "application")}
S7_COMPONENTS = (("s7comm.szl.001c.0001.name", "station name", "device_name"),
                 ("s7comm.szl.001c.0002.name", "module name", "module_name"),
                 ("s7comm.szl.001c.0003.tag", "plant id", "plant_id"),
                 ("s7comm.szl.001c.0005.serialn", "serial number", "serial_number"),
                 ("s7comm.szl.001c.0007.cputypname", "module type", "model"),
                 ("s7comm.szl.001c.0008.snmcmmc", "memory card", "memory_card"),
                 ("s7comm.szl.001c.000b.loc_id", "location", "location"))
SNMP_OBJECTS = {"1.3.6.1.2.1.1.1.0": ("sysDescr", ("description",)),
                "1.3.6.1.2.1.1.4.0": ("sysContact", ("owner",)),
                "1.3.6.1.2.1.1.5.0": ("sysName", HOST),
                "1.3.6.1.2.1.1.6.0": ("sysLocation", ("location",))}

# Further fields that select a packet, and what stands beside them.
SELECT = ("pn_dcp.suboption_device", "cip.id.major_rev", "enip.lir.revision", "modbus.object_str_value",
          "s7comm.szl.xy11.0001.anz", "s7comm.szl.001c.000x.index", "dhcp.option.hostname",
          "dhcp.option.vendor_class_id", "dhcp.fqdn.name", "dhcpv6.client_domain",
          "dhcpv6.vendorclass.data", "nbns.addr", "browser.server", "dns.a", "dns.aaaa",
          "cdp.software_version", "tls.handshake.certificate", "dnp3.al.datatype", "snmp.value.octets")
LAYERS = ("eth sll ip ipv6 pn_dcp enip cip cipcm cipcls modbus s7comm lldp cdp dhcp dhcpv6 dns mdns llmnr "
          "nbns nbdgm browser snmp http ssdp smb smb2 ntlmssp nbss dcerpc tls ssh dnp3 bacapp mms pn_io ams "
          "opcua")


class Packet:
    def __init__(self, layers):
        self.layers = layers

    def last(self, name):
        """The innermost of the fields of a name in the headers."""
        found = [value for layer in ("eth", "sll", "ip", "ipv6")
                 for value in every(self.layers.get(layer, {}), name)]
        return found[-1] if found else None

    def mac(self, side="src"):
        found = self.last("eth." + side) or (self.last("sll.src.eth") if side == "src" else None)
        return found.upper().replace(":", "-") if found else None

    def host(self, side):
        if "ipv6" in self.layers and "ip" in self.layers:  # one in the other: whichever is inside
            order = self.layers["frame"]["frame.protocols"].split(":")
            inner = [name for name in order if name in ("ip", "ipv6")][-1]
            return self.last(inner + "." + side)
        return self.last("ip." + side) or self.last("ipv6." + side) or self.mac(side)

    def whose(self, word):
        return {"sender": lambda: self.host("src"), "asked": lambda: self.host("dst"),
                "mac": self.mac}[word]()


def nodes(tree, key):
    """Every object, wherever in the tree, that has the key."""
    if isinstance(tree, dict):
        if key in tree:
            yield tree
        for value in tree.values():
            yield from nodes(value, key)
    elif isinstance(tree, list):
        for value in tree:
            yield from nodes(value, key)


def number_names():
    """Names that tshark has for the numbers of CIP's vendors and device types."""
    wanted = {"cip.id.vendor_id", "enip.lir.vendor", "enip.lir.devtype", "cip.id.device_type"}
    names = {}
    text = subprocess.run(["tshark", "-G", "values"], capture_output=True, timeout=120).stdout
    for line in text.decode(errors="replace").splitlines():
        parts = line.split("\t")
        if len(parts) == 4 and parts[0] == "V" and parts[1] in wanted:
            names[parts[1], int(parts[2], 0)] = parts[3]
    return names


def hexadecimal(text):
    """A field that tshark prints as bytes, as text; None: it is no text."""
    try:
        found = bytes.fromhex(text.replace(":", "")).decode()
    except ValueError:
        return None
    return found if found.isprintable() else None


def plain_fields(packet, numbers):
    for protocol, kind, field, whose, attributes in FIELDS:
        for text in every(packet.layers, field):
            if isinstance(text, str):
                value = convert(field, text, numbers)
                if value is not None:
                    yield Value(packet.whose(whose), protocol, kind, value, attributes)


def convert(field, text, numbers):
    if field in ("lldp.chassis.id.mac", "lldp.port.id.mac"):
        return text.upper().replace(":", "-")
    if field == "lldp.chassis.id":
        return hexadecimal(text)
    if field.endswith((".vendor", ".vendor_id", ".devtype", ".device_type")):
        return numbers.get((field, int(text, 0)))
    if field.endswith((".lir.serial", ".id.serial_number")):
        return "%08X" % int(text, 0)
    if field == "bacapp.vendor_identifier":
        return str(int(text, 0))
    if field == "cdp.platform" and text.isdigit():
        return None  # tshark 4.0 calls the channel of a radio so too
    if field == "http.host":
        return re.sub(r":\d+$", "", text).strip("[]")
    return re.sub(r"<..>.*", "", text) if field == "nbdgm.source_name" else text


def cip_revisions(packet, _):
    for node in nodes(packet.layers, "cip.id.major_rev"):
        if isinstance(node["cip.id.major_rev"], str):
            yield Value(packet.host("src"), "cip", "version", "%d.%03d" % (
                int(node["cip.id.major_rev"], 0), int(node["cip.id.minor_rev"], 0)), ("firmware_version",))
    for text in every(packet.layers, "enip.lir.revision"):
        if re.fullmatch(r"\d+\.\d+", text):
            yield Value(packet.host("src"), "enip", "version", "%d.%03d" % tuple(
                int(part) for part in text.split(".")), ("firmware_version",))


def cdp(packet, _):
    """tshark gives each line of the software's description a field of its own."""
    lines = list(every(packet.layers.get("cdp", {}), "cdp.software_version"))
    if lines:
        yield Value(packet.mac(), "cdp", "software", "\n".join(lines), ("description",))


def dcp(packet, _):
    layer = packet.layers.get("pn_dcp")
    if not isinstance(layer, dict):
        return
    service, kind = (next(every(layer, "pn_dcp." + name), "") for name in ("service_id", "service_type"))
    if kind not in ("0x00", "0x01", "0", "1") or int(service or "0", 0) not in (3, 4, 5, 6):
        return
    answer = int(kind, 0) == 1
    if not answer and int(service, 0) not in (4, 6):
        return  # who asks for a name says nothing of himself
    host = packet.mac("src" if answer or int(service, 0) == 6 else "dst")
    for field, name, attributes in (
            ("nameofstation", "name of station", ("device_name",)),
            ("devicevendorvalue", "type of station", ("product_name",))):
        for text in every(layer, "pn_dcp.suboption_device_" + field):
            yield Value(host, "profinet_dcp", name, text, attributes)
    for field, name, attribute in (("vendor_id", "vendor id", "vendor_id"),
                                   ("device_id", "device id", "device_id")):
        for text in every(layer, "pn_dcp.suboption_" + field):
            yield Value(host, "profinet_dcp", name, "0x%04x" % int(text, 0), (attribute,))


def modbus(packet, _):
    for layer in every(packet.layers, "modbus"):
        for node in nodes(layer, "modbus.object_str_value"):
            identifiers, texts = (list(every({"x": node[name]}, "x")) for name in
                                  ("modbus.object_id", "modbus.object_str_value"))
            for identifier, text in zip(identifiers, texts):
                kind, attribute = MODBUS_OBJECTS.get(int(identifier, 0), (None, None))
                if kind:
                    yield Value(packet.host("src"), "modbus", kind, text, (attribute,))


def s7comm(packet, _):
    host = packet.host("src")
    for node in nodes(packet.layers.get("s7comm", {}), "s7comm.szl.xy11.0001.anz"):
        index, version, rest = (int(node["s7comm.szl.xy11.0001." + name], 0)
                                for name in ("index", "ausbg", "ausbe"))
        if index == 1:
            yield Value(host, "s7comm", "order number", node["s7comm.szl.xy11.0001.anz"], ("product_code",))
        if index == 7 and version >> 8 == ord("V"):
            yield Value(host, "s7comm", "version", "V%d.%d.%d" % (version & 255, rest >> 8, rest & 255),
                        ("firmware_version",))
    for field, kind, attribute in S7_COMPONENTS:
        for text in every(packet.layers.get("s7comm", {}), field):
            yield Value(host, "s7comm", kind, text, (attribute,))


def dhcp(packet, _):
    layer = packet.layers.get("dhcp", {})
    client = next(every(layer, "dhcp.hw.mac_addr"), None)
    if client is None:
        return
    client = client.upper().replace(":", "-")
    for text in every(layer, "dhcp.option.hostname"):
        yield Value(client, "dhcp", "host name", text, HOST)
    for text in every(layer, "dhcp.fqdn.name"):
        yield Value(client, "dhcp", "full name", text, HOST)
    if next(every(layer, "dhcp.type"), "1") in ("1", "0x01"):
        for text in every(layer, "dhcp.option.vendor_class_id"):
            yield Value(client, "dhcp", "vendor class", text, ("vendor_class",))


def dhcpv6(packet, _):
    layer = packet.layers.get("dhcpv6", {})
    for text in every(layer, "dhcpv6.client_domain"):
        yield Value(packet.host("src"), "dhcpv6", "full name", text, HOST)
    for text in every(layer, "dhcpv6.vendorclass.data"):
        yield Value(packet.host("src"), "dhcpv6", "vendor class", text, ("vendor_class",))


def names(packet, _):
    """Addresses that an answer of DNS, mDNS or LLMNR gives to a name."""
    for protocol in ("dns", "mdns", "llmnr"):
        for field in ("dns.a", "dns.aaaa"):
            for node in nodes(packet.layers.get(protocol, {}), field):
                # A name with ._ is that of a service, not of a host (RFC 6763 4.1).
                if "._" not in node.get("dns.resp.name", "._"):
                    yield Value(node[field], protocol, "name of an address", node["dns.resp.name"], HOST)


def nbns(packet, _):
    for node in nodes(packet.layers.get("nbns", {}), "nbns.addr"):
        name = next(every(node, "nbns.name"), None)
        if name is None:
            continue
        # A name of <1b> to <1e> is that of a domain or group (RFC 1001, MS-BRWS 1.3), even of one host only.
        group = "1" in every(node, "nbns.nb_flags.group") or bool(re.search("<1[bcde]>", name))
        for address in every({"x": node["nbns.addr"]}, "x"):
            yield Value(address, "nbns", "group name" if group else "host name",
                        re.sub(r"<..>.*", "", name), ("group_name",) if group else HOST)


def browser(packet, _):
    layer = packet.layers.get("browser", {})
    if next(every(layer, "browser.command"), "0x00") in ("0x01", "0x0f"):  # host, local master
        for text in every(layer, "browser.server"):
            yield Value(packet.host("src"), "nbdgm", "host name", text, HOST)


def certificates(packet, _):
    """The name of the subject of the first certificate, which is the server's own."""
    for node in nodes(packet.layers.get("tls", {}), "tls.handshake.certificates"):
        for subject in list(nodes(node, "x509af.subject_tree"))[:1]:
            for field in ("x509sat.uTF8String", "x509sat.printableString"):
                for text in every(subject["x509af.subject_tree"], field):
                    yield Value(packet.host("src"), "tls", "certificate", text, ("certificate",))


def dnp3(packet, _):
    for node in nodes(packet.layers.get("dnp3", {}), "dnp3.al.da.value"):
        for text in every({"x": node["dnp3.al.da.value"]}, "x"):
            yield Value(packet.host("src"), "dnp3", "device attribute", text,
                        ("vendor", "product_name", "model", "serial_number", "device_name", "location",
                         "owner", *VERSION))


def snmp(packet, _):
    for node in nodes(packet.layers.get("snmp", {}), "snmp.value.octets"):
        kind, attributes = SNMP_OBJECTS.get(node.get("snmp.name"), (None, None))
        text = hexadecimal(node["snmp.value.octets"]) if kind else None
        if text and "snmp.get_response_element" in json.dumps(packet.layers["snmp"]):
            yield Value(packet.host("src"), "snmp", kind, text, attributes)


READERS = (plain_fields, cip_revisions, cdp, dcp, modbus, s7comm, dhcp, dhcpv6, names, nbns, browser,
           certificates, dnp3, snmp)


def plain(text):
    """White space and padding around or within a text are no difference, nor are its cut ends."""
    text = text.replace("\\n", " ").replace("\\r", " ").replace("\\t", " ")
    return " ".join(re.sub(r"[\x00-\x20]+", " ", text).split())


def shown(path, numbers):
    """The values in a capture, each once, with the number of packets that say it."""
    fields = {row[2] for row in FIELDS} | set(SELECT)
    command = ["tshark", "-n", "-r", str(path), "-T", "json", "-Y", " || ".join(sorted(fields)),
               "-J", "frame " + LAYERS]
    result = subprocess.run(command, capture_output=True, timeout=600)
    found = {}
    for packet in json.loads(result.stdout or b"[]", object_pairs_hook=pairs):
        packet = Packet(packet["_source"]["layers"])
        for reader in READERS:
            for value in reader(packet, numbers):
                if value.host:
                    value = value._replace(text=plain(value.text))
                    found[value] = found.get(value, 0) + 1
    return found
