# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""What the comparisons of values with another analyser share.

A comparison is a script `tests/values/PROTOCOL WEIR`: it reads what Weir reports of a capture
(records()) and what tshark prints of it (packets()), brings both into one form, and hands them to
verdict().  It runs over the project's captures always, and over those of $WEIR_CORPUS (default:
../shared/corpus beside the tree) when they are there."""

import json
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PCAPS = ROOT / "pcaps"
CORPUS = Path(os.environ.get("WEIR_CORPUS", ROOT.parent / "shared/corpus"))


def records(weir, path, protocols):
    """The transaction and item records of these protocols."""
    environment = dict(os.environ, TZ="UTC", LC_ALL="C.UTF-8")
    result = subprocess.run([weir, "replay", "--no-rules", "--events", "-", "--summary", "none", path],
                            capture_output=True, env=environment, timeout=300, check=True)
    for line in result.stdout.splitlines():
        record = json.loads(line)
        if (record["weir"]["kind"] in ("transaction", "item") and
                record.get("network", {}).get("protocol") in protocols):
            yield record


class Several(list):
    """Values of one name that tshark printed several times."""


def pairs(items):
    """A JSON object that keeps what stands in it twice."""
    out = {}
    for key, value in items:
        if key in out:
            out[key] = Several([*out[key], value] if isinstance(out[key], Several)
                               else [out[key], value])
        else:
            out[key] = value
    return out


def packets(path, display_filter, layers, *options):
    """(frame number, layers) of each packet that the filter selects, as `tshark -T json` has them."""
    command = ["tshark", "-r", str(path), "-T", "json", "-Y", display_filter,
               "-J", " ".join(["frame", *layers]), *options]
    result = subprocess.run(command, capture_output=True, timeout=600)
    for packet in json.loads(result.stdout or b"[]", object_pairs_hook=pairs):
        found = packet["_source"]["layers"]
        yield int(found["frame"]["frame.number"]), found


def every(tree, name):
    """All values of a field, wherever in the tree, in order."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            if key == name:
                yield from value if isinstance(value, Several) else [value]
            if isinstance(value, (dict, list)):
                yield from every(value, name)
    elif isinstance(tree, list):
        for value in tree:
            yield from every(value, name)


def corpus(*names):
    """Those captures of the corpus that are there; names are relative to its captures/."""
    return [path for path in (CORPUS / "captures" / name for name in names) if path.is_file()]


class Comparison:
    """Counts what agrees, and prints what does not."""

    def __init__(self, protocol, other="tshark"):
        self.protocol, self.other = protocol, other
        self.compared, self.wrong, self.files = 0, 0, 0

    def equal(self, path, where, ours, theirs):
        self.compared += 1
        if ours != theirs:
            self.wrong += 1
            if self.wrong <= 20:
                print("FAILED: %s %s: Weir %r, %s %r" % (path.name, where, ours, self.other, theirs))

    def verdict(self):
        print("%s: %d values of %d captures compared with %s, %d differ" % (
            self.protocol, self.compared, self.files, self.other, self.wrong))
        return 1 if self.wrong or not self.compared else 0
