"""Runs BIND on loopback and records the order of its answers."""

import random
import re
import socket
import struct
import subprocess
import time

from .processes import end_process, ends_with_parent, free_udp_port

ZONE = "ex.test"
A, IN = 1, 1

CONFIG = """
options {{
  directory "{folder}";
  listen-on port {port} {{ 127.0.0.1; }};
  listen-on-v6 {{ none; }};
  pid-file none;
  recursion no;
  dnssec-validation no;
  notify no;
  rrset-order {{ order cyclic; }};
}};
controls {{ }};
zone "{zone}" {{ type primary; file "zone"; }};
"""


def zone_text(name, addresses):
    lines = ["$TTL 300", f"@ SOA ns.{ZONE}. admin.{ZONE}. 1 3600 600 86400 60", f"@ NS ns.{ZONE}.",
             "ns A 192.0.2.254"]
    return "\n".join(lines + [f"{name} A {address}" for address in addresses]) + "\n"


def question(query_id, name):
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack("!6H", query_id, 0, 1, 0, 0, 0) + labels + struct.pack("!BHH", 0, A, IN)


def skip_name(message, at):
    while True:
        length = message[at]
        if length >= 0xC0:  # a pointer ends it
            return at + 2
        at += 1 + length
        if length == 0:
            return at


def addresses_in(message):
    """The A records of the answer section, in order, and their TTL."""
    _, flags, questions, answers, _, _ = struct.unpack_from("!6H", message)
    assert flags & 0xF == 0, f"rcode {flags & 0xF}"
    at = 12
    for _ in range(questions):
        at = skip_name(message, at) + 4
    found, ttl_s = [], 0
    for _ in range(answers):
        at = skip_name(message, at)
        kind, _, ttl_s, length = struct.unpack_from("!HHIH", message, at)
        at += 10
        if kind == A:
            found.append(socket.inet_ntoa(message[at:at + length]))
        at += length
    return found, ttl_s


class Named:
    """A running named, asked over UDP; ends with the `with` block."""

    def __init__(self, program, zone, folder):
        folder.mkdir()
        self.log = folder / "log"
        self.port = free_udp_port()
        (folder / "zone").write_text(zone)
        (folder / "conf").write_text(CONFIG.format(folder=folder, port=self.port, zone=ZONE))
        self.command = [str(program), "-g", "-4", "-n", "1", "-c", str(folder / "conf")]

    def __enter__(self):
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=log, preexec_fn=ends_with_parent)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(("127.0.0.1", self.port))
        self.socket.settimeout(5)
        end = time.monotonic() + 30
        while not re.search(r" running$", self.log.read_text(), re.MULTILINE):
            if self.process.poll() is not None or time.monotonic() > end:
                self.__exit__()
                raise RuntimeError("named does not run:\n" + self.log.read_text()[-3000:])
            time.sleep(0.02)
        return self

    def __exit__(self, *_):
        self.socket.close()
        end_process(self.process)

    def ask(self, query_id, name):
        self.socket.send(question(query_id, f"{name}.{ZONE}"))
        return addresses_in(self.socket.recv(4096))

    def version(self):
        return re.search(r"BIND (\S+)", self.log.read_text()).group(1)


def record_rotation(program, records, answers, folder):
    """A trace of `answers` answers for one name with so many records."""
    servers = [{"name": f"a{i}", "addr": f"192.0.2.{i}"} for i in range(1, records + 1)]
    names = {server["addr"]: server["name"] for server in servers}
    draw = random.Random(records)
    listed = draw.sample(list(names), records)  # the order in the zone is lost
    name = f"n{records}"
    events = []
    with Named(program, zone_text(name, listed), folder) as named:
        for _ in range(answers):
            found, ttl_s = named.ask(draw.randrange(1 << 16), name)
            events.append({"action": "query", "client": "127.0.0.1", "name": name, "type": "A",
                           "answer": [names[address] for address in found], "ttl": ttl_s})
        version = named.version()
    return {"schema": 1, "id": f"bind-cyclic-{records}", "balancer": "bind9", "version": version,
            "algorithm": "rrset-order cyclic", "config": {"role": "authoritative"},
            "servers": servers, "events": events}
