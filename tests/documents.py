# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""Every document that Weir writes about the captures of pcaps/, for tests that look at all of them:
the records and alerts of a replay that learns, the documents of the queries with -J, and what is kept
for outputs besides; some of them judged by a policy, too."""

import os
import sqlite3
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PCAPS, POLICIES = ROOT / "pcaps", ROOT / "tests/policies"
PEERS = "identity-public-peers.pcap"  # has public addresses
POLICY = {"plant-mixed.pcap": "plant", "plant-modbus.pcap": "plant", "zones-bridged.pcap": "networks",
          "zones-internet.pcap": "networks"}
QUERIES = (["assets", "-a"], ["conversations"], ["events"], ["alerts"], ["assets", "history"])


def captures():
    return sorted(path for path in PCAPS.iterdir() if ".pcap" in path.name)


def of_capture(weir, capture, geoip, folder):
    """(place, line) of all that is told of a capture."""
    environment = dict(os.environ, TZ="UTC", LC_ALL="C.UTF-8")
    if capture.name == PEERS and geoip:
        environment["WEIR_GEOIP"] = geoip
    with tempfile.TemporaryDirectory(dir=folder) as work:
        command = [weir, "replay", capture, "--summary", "none", "--learn", "1m", "--db", work + "/db",
                   "--events", work + "/events", "--alerts", work + "/alerts"]
        if capture.name in POLICY:
            command += ["--policy", POLICIES / (POLICY[capture.name] + ".yaml")]
        if subprocess.run(command, capture_output=True, env=environment, timeout=300,
                          check=False).returncode not in (0, 1):
            return  # refused
        for name in ("events", "alerts"):
            for line in Path(work, name).read_text(encoding="utf-8").splitlines():
                yield "%s, %s of a replay" % (capture.name, name), line
        for query in QUERIES:
            result = subprocess.run([weir, *query, "-n", "0", "-J", "--db", work + "/db"],
                                    capture_output=True, env=environment, timeout=300, check=True)
            for line in result.stdout.decode().splitlines():
                yield "%s, weir %s" % (capture.name, " ".join(query)), line
        db = sqlite3.connect(work + "/db")
        for table in ("health", "traffic"):
            for (line,) in db.execute("SELECT json FROM " + table):
                yield "%s, %s of its database" % (capture.name, table), line
        db.close()


def make_databases(folder):
    """What $WEIR_GEOIP names: country and network of public addresses; empty: they cannot be made."""
    files = [folder + "/" + kind + ".mmdb" for kind in ("country", "network")]
    for kind, file in zip(("country", "network"), files):
        if subprocess.run([ROOT / "tests/geo/make-database", kind, file], capture_output=True,
                          check=False).returncode != 0:
            return ""
    return ":".join(files)


def all_of(weir):
    """(place, line) of all captures."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        geoip = make_databases(folder)
        found = pool.map(lambda path: list(of_capture(weir, path, geoip, folder)), captures())
        yield from (entry for entries in found for entry in entries)
