# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""Hosts as tshark shows them, compared with Weir's assets: is one asset two hosts, or one host two assets?

Addresses and MACs are one host when ARP, a DHCP acknowledgement, PROFINET DCP or an LLDP
management address says so, when two MACs announce the same LLDP chassis (PROFINET: the MAC of the chassis), or when a MAC carries one address only of its kind.
Everything else is a host of its own.  An asset that holds more than one such host is a false
merge, a host that is spread over several assets a false split."""

import ipaddress
import subprocess
from collections import defaultdict, namedtuple
from concurrent.futures import ThreadPoolExecutor

from shown import CORPUS

FIELDS = ("eth.src", "sll.src.eth", "ip.src", "ipv6.src", "frame.protocols", "arp.src.hw_mac",
          "arp.src.proto_ipv4", "dhcp.option.dhcp", "dhcp.ip.your", "dhcp.hw.mac_addr",
          "pn_dcp.service_type", "pn_dcp.suboption_ip_ip", "lldp.chassis.id.mac", "lldp.chassis.id",
          "lldp.mgn.addr.ip4", "lldp.profinet.cm_mac_add")
Packet = namedtuple("Packet", [name.replace(".", "_") for name in FIELDS])
DHCP_ACK = "5"


class Groups:
    """Sets of keys that are joined pair by pair."""

    def __init__(self):
        self.parent = {}

    def find(self, key):
        self.parent.setdefault(key, key)
        while self.parent[key] != key:
            key = self.parent[key]
        return key

    def join(self, one, other):
        self.parent[self.find(one)] = self.find(other)


def a_mac(text):
    text = text.upper().replace(":", "-")
    usable = len(text) == 17 and not int(text[:2], 16) & 1 and text.strip("0-")
    return text if usable else None


def an_address(text):
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    unusable = address.is_multicast or address.is_unspecified or address.is_loopback
    return None if unusable or text == "255.255.255.255" else str(address)


def packets(path):
    command = ["tshark", "-n", "-r", str(path), "-T", "fields", "-E", "separator=/t", "-E", "aggregator=;"]
    for field in FIELDS:
        command += ["-e", field]
    result = subprocess.run(command, capture_output=True, timeout=600)
    for line in result.stdout.decode(errors="replace").splitlines():
        parts = line.split("\t")
        if len(parts) == len(FIELDS):
            yield Packet(*parts)


def last(text):
    return text.split(";")[-1]


def sender(packet):
    """(MAC, address) of a packet's innermost headers."""
    order = [name for name in packet.frame_protocols.split(":") if name in ("ip", "ipv6")]
    text = "" if not order else packet.ip_src if order[-1] == "ip" else packet.ipv6_src
    return a_mac(last(packet.eth_src or packet.sll_src_eth)), an_address(last(text))


def claims(packet, mac):
    """Pairs of MAC and address of which a packet says that they belong together."""
    if packet.arp_src_proto_ipv4:
        yield a_mac(last(packet.arp_src_hw_mac)), an_address(last(packet.arp_src_proto_ipv4))
    if packet.dhcp_option_dhcp == DHCP_ACK:
        yield a_mac(packet.dhcp_hw_mac_addr), an_address(packet.dhcp_ip_your)
    if packet.pn_dcp_suboption_ip_ip and packet.pn_dcp_service_type in ("1", "0x01"):
        yield mac, an_address(last(packet.pn_dcp_suboption_ip_ip))
    for text in packet.lldp_mgn_addr_ip4.split(";"):
        yield mac, an_address(text)


def kind(address):
    parsed = ipaddress.ip_address(address)
    if parsed.version == 4:
        return "4"
    return "link" if parsed.is_link_local else str(ipaddress.ip_network(address + "/64", strict=False))


def groups(path):
    """The hosts of a capture, and the addresses and MACs that sent something."""
    found, carried, sent = Groups(), defaultdict(set), set()
    for packet in packets(path):
        mac, address = sender(packet)
        for key in (mac, address):
            if key:
                sent.add(key)
        if mac and address:
            carried[mac, kind(address)].add(address)
        for claimant, claimed in claims(packet, mac):
            if claimant and claimed:
                sent.update((claimant, claimed) if packet.arp_src_proto_ipv4 else ())
                found.join(claimant, claimed)
        for chassis in (packet.lldp_chassis_id_mac, packet.lldp_chassis_id,
                        packet.lldp_profinet_cm_mac_add):
            if chassis and mac:
                found.join(mac, a_mac(chassis) or "chassis " + chassis)
    for (mac, _), addresses in carried.items():
        if len(addresses) == 1:
            found.join(mac, next(iter(addresses)))
    return found, sent


def keys_of(document):
    return set(document["host"].get("ip", [])) | set(document["host"].get("mac", []))


Outcome = namedtuple("Outcome", "path hosts assets uncertain merged split")


def check(path, inventory):
    found, sent = groups(CORPUS / path)
    assets = [document for document in inventory(path) if not document["weir"]["asset"]["ghost"]]
    merged, homes, uncertain = [], defaultdict(set), 0
    for document in assets:
        keys = keys_of(document) & sent
        for key in keys:
            homes[found.find(key)].add(document["host"]["id"])
        if len({found.find(key) for key in keys}) > 1:
            if document["weir"]["asset"]["uncertain"]:
                uncertain += 1
            else:
                merged.append(sorted(keys))
    split = [sorted(key for key in sent if found.find(key) == root)
             for root, ids in homes.items() if len(ids) > 1]
    return Outcome(path, len({found.find(key) for key in sent}), len(assets), uncertain, merged, split)


class Result:
    def __init__(self, outcomes, wrong):
        self.outcomes, self.wrong = outcomes, wrong


def compare(paths, inventory, jobs, explained):
    """explained: (end of the path, an address or MAC of the merge or split)."""
    with ThreadPoolExecutor(jobs) as pool:
        outcomes = list(pool.map(lambda path: check(path, inventory), paths))
    wrong = 0
    for outcome in outcomes:
        for word, cases in (("merged", outcome.merged), ("split", outcome.split)):
            for keys in cases:
                if not any(outcome.path.endswith(end) and key in keys for end, key in explained):
                    wrong += 1
                    print("%s: %s: %s" % (word, outcome.path, " ".join(keys)))
    print("hosts: %d labelled captures, %d hosts, %d assets, %d of them uncertain; %d false merges or splits" % (
        len(outcomes), sum(o.hosts for o in outcomes), sum(o.assets for o in outcomes),
        sum(o.uncertain for o in outcomes), wrong))
    return Result(outcomes, wrong)
