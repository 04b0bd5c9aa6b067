# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""The list of captures: each is a function that fills a Capture, and says what it is."""

from . import files
from .net import Capture

CAPTURES = {}  # file name -> (description, function)


def capture(name, description):
    """Registers a function that takes a fresh Capture; it may return bytes to be the file."""

    def register(function):
        if name in CAPTURES:
            raise ValueError("two captures are named " + name)
        CAPTURES[name] = (description, function)
        return function

    return register


def build(name):
    """The file's bytes, and what Weir's summary shall say of it (None: nothing is promised)."""
    made = Capture(seed=sum(name.encode()))
    data = CAPTURES[name][1](made)
    if data is None:
        plain = name[:-3] if name.endswith(".gz") else name
        data = (files.write_pcapng if plain.endswith("ng") else files.write_pcap)(made.contents)
        data = files.compress(data) if name.endswith(".gz") else data
    return data, expected(made)


def expected(made):
    out = {"packets": len(made.frames), "duplicates": made.duplicates, "protocols": {}}
    if any((made.requests, made.responses, made.exceptions, made.malformed)):
        out["protocols"]["modbus"] = counted(made)
    for protocol, counts in made.others.items():
        out["protocols"][protocol] = counted(counts)
        out["protocols"][protocol].update(userdata=by_code(counts.userdata),
                                          errors=by_code(counts.errors))
    return out


def counted(counts):
    classes = [counts.requests, counts.responses, counts.exceptions, getattr(counts, "userdata", {})]
    return {"messages": sum(sum(counter.values()) for counter in classes),
            "unknown": counts.unknown, "malformed": counts.malformed,
            "gap_bytes": counts.gap_bytes, "requests": by_code(counts.requests),
            "responses": by_code(counts.responses), "exceptions": by_code(counts.exceptions)}


def by_code(counter):
    return {str(code): counter[code] for code in sorted(counter) if counter[code]}
