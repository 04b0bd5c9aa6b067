# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""The tables of docs/identities.md, between its lines `<!-- NAME -->` and `<!-- end -->`."""

import re
from collections import Counter, defaultdict

from shown import plain

TELLING = ("product_code", "serial_number", "product_name", "model")
COLUMNS = ("vendor", "product_name", "model", "product_code", "serial_number", "hardware_version",
           "firmware_version")


def row(cells):
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |\n"


def head(cells):
    return row(cells) + "|" + "---|" * len(cells) + "\n"


def kinds(results):
    """One line for each protocol and kind: what tshark shows, and what became of it."""
    counts, devices, captures = defaultdict(Counter), defaultdict(set), defaultdict(set)
    for path, (_, found) in results.items():
        for value, verdict in found:
            key = value.protocol, value.kind
            counts[key][verdict] += 1
            captures[key].add(path)
            if verdict == "found":
                devices[key].add((path, value.host))
    text = head(("protocol", "identity", "captures", "shown by tshark", "Weir has", "by devices",
                 "no value or no host", "not on the wire", "explained", "missed"))
    for key in sorted(counts, key=lambda key: (counts[key]["not read"] > 0, key)):
        n = counts[key]
        missed = n["missed"] + n["elsewhere"]
        text += row((*key, len(captures[key]), sum(n.values()), n["found"], len(devices[key]),
                     n["no value"] + n["no host"], n["not on the wire"], n["explained"],
                     "not read: %d" % n["not read"] if n["not read"] else missed))
    return text


def bodies(document):
    """(name or slot, {column: value}) of a device and of the units behind it."""
    asset = document["weir"]["asset"]
    own = {name: asset.get(name, "") for name in COLUMNS} | {"product_name": asset.get("product", "")}
    yield document["host"].get("name", ""), own
    units = [unit for unit in asset.get("units", []) if any(unit.get(name) for name in TELLING)]
    for unit in units:
        yield "%s %s" % (unit["kind"], unit["id"]), {name: unit.get(name, "") for name in COLUMNS}


def short(path):
    return re.sub(r"^captures/", "", path).rsplit("/", 1)[-1]


def devices(results):
    """One line for each device that says what it is, with the captures that it is in."""
    seen = defaultdict(list)
    for path, (assets, _) in results.items():
        for document in assets:
            addresses = document["host"].get("ip", []) or document["host"].get("mac", [])
            for name, body in bodies(document):
                if any(body[column] for column in TELLING):
                    body = {column: plain(str(text)) for column, text in body.items()}
                    seen[(addresses[0], name, *(body[column] for column in COLUMNS))].append(short(path))
    text = head(("address", "name or part", "vendor", "product", "model", "order number", "serial number",
                 "hardware", "firmware", "captures"))
    for key in sorted(seen, key=lambda key: (str(key[2]).casefold(), str(key[3:]))):
        paths = sorted(set(seen[key]))
        text += row((*key, paths[0] + (" and %d more" % (len(paths) - 1) if len(paths) > 1 else "")))
    return text


def hosts(compared):
    """One line for each labelled capture with more than two hosts, and one for the others."""
    text = head(("capture", "hosts", "assets", "uncertain", "merged", "split"))
    few = [outcome for outcome in compared.outcomes if outcome.hosts <= 4]
    for outcome in sorted(compared.outcomes, key=lambda o: short(o.path).casefold()):
        if outcome.hosts > 4:
            text += row((short(outcome.path), outcome.hosts, outcome.assets, outcome.uncertain,
                         len(outcome.merged), len(outcome.split)))
    text += row(("%d others, of up to four hosts" % len(few), sum(o.hosts for o in few),
                 sum(o.assets for o in few), sum(o.uncertain for o in few),
                 sum(len(o.merged) for o in few), sum(len(o.split) for o in few)))
    return text


def renew(path, results, compared):
    text = path.read_text()
    for name, table in (("kinds", kinds(results)), ("devices", devices(results)),
                        ("hosts", hosts(compared))):
        text = re.sub(r"(<!-- %s -->\n).*?(<!-- end -->)" % name,
                      lambda match, table=table: match[1] + table + match[2], text, flags=re.S)
    path.write_text(text)
