#!/usr/bin/python3
"""Measures one model in lbsim and in its peers, for analysis/speed.py: measure.py OUT.json [BUILD].

The programs are built by `ninja -C build/release peers`; those that are not there are left out, and
so is SimPy where it is not installed. Each is measured five times in turn, each time right after
the bare loop (tests/bench/bare_loop.hpp), so that what else the machine does falls on both. One
whose mean is not that of theory ends it all: it would be another model.
"""

import importlib.util
import json
import math
import pathlib
import platform
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE.parents[2] / "build" / "release"
SERVERS, LOAD, SERVICE_MS = 16, 0.8, 20  # of model.hpp
MODEL = {"servers": SERVERS, "load": LOAD, "service_ms": SERVICE_MS}
MEAN_MS = SERVICE_MS / (1 - LOAD)
REPETITIONS = 5


def standard_error_ms(requests):
    """Of the mean of so many waiting times in M/M/1 (Daley, Journal of the Australian
    Mathematical Society 8, 1968); those of several queues are as good as of one."""
    p = LOAD
    variance = p * (2 + 5 * p - 4 * p**2 + p**3) / (1 - p) ** 4
    return SERVICE_MS * math.sqrt(variance / requests)


def programs(build):
    """A command for each that can run, and the requests that take it about half a second."""
    folder = pathlib.Path(build) / "tests" / "bench"
    commands = [
        ([folder / "lbsim_peer", 1_000_000], ["native"]),
        ([folder / "ns3_peer", 1_000_000], []),
        ([folder / "simgrid_peer", 200_000], []),
        ([folder / "lbsim_peer", 100_000], ["simgrid"]),
    ]
    there = [[*map(str, command), *how] for command, how in commands if command[0].exists()]
    if importlib.util.find_spec("simpy") is not None:
        there.append([sys.executable, str(HERE / "simpy_peer.py"), "100000"])
    return there


def run(command):
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def measured(command, bare):
    """What a program said, with CPU times of a request: its own, and that of the bare loop."""
    base = run(bare)
    found = run(command)
    if abs(found["mean_ms"] - MEAN_MS) > 4 * standard_error_ms(found["requests"]):
        raise SystemExit(f"{found['version']}: a mean of {found['mean_ms']} ms is not {MEAN_MS} ms")
    found["us"] = 1e6 * found["cpu_s"] / found["requests"]
    found["bare_us"] = 1e6 * base["cpu_s"] / base["requests"]
    return found


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.machine()


def main(out, build=BUILD):
    bare = [str(pathlib.Path(build) / "tests" / "bench" / "lbsim_peer"), "1000000", "bare"]
    commands = programs(build)
    rounds = [[measured(command, bare) for command in commands] for _ in range(REPETITIONS)]
    runs = [{"program": own[0]["version"], "requests": own[0]["requests"],
             "mean_ms": own[0]["mean_ms"], "us": [round(r["us"], 4) for r in own],
             "bare_us": [round(r["bare_us"], 4) for r in own]} for own in zip(*rounds)]
    content = {"model": MODEL, "machine": processor(), "runs": runs}
    pathlib.Path(out).write_text(json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
