# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: The Weir authors
"""What the tests of outputs share: a database with documents, and sending them."""

import json
import os
import socket
import sqlite3
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


class Failure(Exception):
    pass


def expect(condition, text):
    if not condition:
        raise Failure(text)


def until(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def make_database(weir, path, rows=0, captures=("plant-mixed", "modbus-attack")):
    """What captures hold, and `rows` operations more, each with an id of its own."""
    for capture in captures:
        subprocess.run([weir, "replay", "--summary", "none", "--db", path, ROOT / "pcaps" / (capture + ".pcap")],
                       check=True, env=dict(os.environ, WEIR_RULES=str(ROOT / "rules/pack"), TZ="UTC"))
    with sqlite3.connect(path) as db:
        columns = "time, source, destination, protocol, operation, outcome, phase, json"
        some = db.execute("SELECT %s FROM operation WHERE operation != 'session'" % columns).fetchall()
        for n in range(rows):
            row = list(some[n % len(some)])
            document = json.loads(row[-1])
            document["event"]["id"] = "%016x" % n
            row[-1] = json.dumps(document, separators=(",", ":")) + "\n"
            db.execute("INSERT INTO operation (%s) VALUES (?,?,?,?,?,?,?,?)" % columns, row)
    db.close()


TABLES = {"alerts": "journal WHERE kind = 'alert'", "changes": "asset_change",
          "operations": "operation WHERE operation != 'session' AND routine IS NULL", "health": "health",
          "traffic": "traffic"}


def stored(path, tables=TABLES, unique=True):
    """The documents that an output with all of these tables gets, by their ids."""
    db = sqlite3.connect(path)
    documents = [json.loads(row[0]) for table in tables for row in db.execute("SELECT json FROM " + TABLES[table])]
    db.close()
    ids = {document["event"]["id"]: document for document in documents}
    expect(not unique or len(ids) == len(documents), "two documents have one id")
    return ids


def configure(folder, name, keys, sensor="line-7"):
    path = folder / (name + ".yaml")
    path.write_text("sensor: {name: %s}\nforward:\n  outputs:\n    - {name: %s, backlog: true, %s}\n" % (
        sensor, name, keys))
    return path


def drain(weir, folder, name, keys, wait=30):
    """Sends what waits; its exit code and what it says are in the result."""
    return subprocess.run([weir, "forward", "drain", "--config", configure(folder, name, keys), "--db",
                           folder / "weir.db", "--wait", str(wait)], capture_output=True, text=True)


def drain_and_kill(weir, folder, name, keys, seconds):
    process = subprocess.Popen([weir, "forward", "drain", "--config", configure(folder, name, keys), "--db",
                                folder / "weir.db", "--wait", "60"], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    process.kill()
    process.wait()


def without_number(document):
    """As it was stored."""
    document = json.loads(json.dumps(document))
    document["weir"].pop("output", None)
    return document


def check_numbers(documents):
    """Numbers have no hole, and each is of one document."""
    numbers = {}
    for document in documents:
        number, identity = document["weir"]["output"]["sequence"], document["event"]["id"]
        expect(numbers.setdefault(number, identity) == identity, "number %d is two documents" % number)
    expect(sorted(numbers) == list(range(1, len(numbers) + 1)), "the numbers have a hole")


def closed_port():
    """One that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def certificates(folder):
    """ca.pem, server.pem and .key (collector.example and 127.0.0.1), client.pem and .key."""
    def openssl(*arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, cwd=folder)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Test CA")
    for name, extension in (("server", "subjectAltName=DNS:collector.example,IP:127.0.0.1"),
                            ("client", "basicConstraints=CA:FALSE")):
        (folder / (name + ".ext")).write_text(extension + "\n")
        openssl("req", *key, "-keyout", name + ".key", "-out", name + ".csr", "-subj", "/CN=" + name)
        openssl("x509", "-req", "-in", name + ".csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days",
                "2", "-out", name + ".pem", "-extfile", name + ".ext")
