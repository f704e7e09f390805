#!/usr/bin/python3
"""Writes docs/speed-of-picks.md from the picks' benchmarks: speed_of_picks.py [PICK_BENCH].

The program is built by `ninja -C build/release pick_bench`. It runs for some minutes; each figure
is the smallest CPU time of three runs, so that other work on the machine does little to it.
"""

import json
import pathlib
import platform
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = ROOT / "build/release/tests/bench/pick_bench"
SERVERS = (16, 256, 4096)

HEAD = """# Speed of picks

What a pick costs in lbsim: nanoseconds of CPU time for the end of one request and the begin of
another, in a pool with twice as many requests in flight as servers ({machine}). Written by
`tests/bench/speed_of_picks.py`, measured by `tests/bench/pick_bench.cpp`.

"""

AGAINST_PLAIN = """## Beside plain scans

The same picks by the rule as it is written down, which looks at every server for every pick
(`tests/algorithms/*_plain.hpp`); random histories with failures, limits and weights that change
show that the picks are the same (`tests/algorithms/`: `nginx_history_test.cpp`,
`ipvs_tournament_test.cpp`, `haproxy_leastconn_test.cpp`). `equal`: all weights are 1, so most picks
are among servers that tie; `mixed`: 1 to 4. The plain form has no retries, queues or cookies to
look after, so that the ratio of a few servers says little.

How: IPVS's lc, wlc, sed, nq and fo, and HAProxy's leastconn keep the winners of a tournament, and
replay one path when a server's counter changes. nginx's round robin repeats a cycle that is worked
out once. Where that would be too long (4,096 servers), and for least_conn in large pools, it takes
turns: servers of one weight that tie gain the same at each pick and so keep their order; each
weight has its tournament, and a pick looks at one server of each
(`sim/algorithms/nginx/turns.hpp`). Pools of up to 16 (IPVS) or 127 (nginx) servers are scanned,
which is as fast; so are large pools of nginx while a server recovers from failures, or with over 32
different weights.

"""

ALL = """## The whole catalog

Weights 1 to 4. IPVS: the scheduler with its counters, without the table of connections. DNS: one
answer of 16 addresses; kinds that need a map of the world are left out, and caches.

"""


def measured(program):
    """ns by (kind, algorithm, weights, servers)."""
    done = subprocess.run([program, "--benchmark_format=json", "--benchmark_min_time=0.02",
                           "--benchmark_repetitions=3"],
                          check=True, stdout=subprocess.PIPE, text=True)
    least = {}
    for run in json.loads(done.stdout)["benchmarks"]:
        if run.get("run_type") != "iteration" or "error_message" in run:
            continue
        kind, family, name, weights, servers = run["run_name"].split("/")
        key = kind, f"{family} {name}", weights, int(servers)
        least[key] = min(least.get(key, run["cpu_time"]), run["cpu_time"])
    return least


def ns(value):
    return "" if value is None else f"{value:,.0f}"


def table(header, rows):
    lines = [header, ["---"] + ["---:"] * (len(header) - 1), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def against_plain(least):
    rows = []
    for kind, name, weights, servers in least:
        if kind != "plain" or servers != SERVERS[0]:
            continue
        row = [f"{name}, {weights}"]
        for count in SERVERS:
            fast, slow = (least[k, name, weights, count] for k in ("pick", "plain"))
            row += [ns(fast), ns(slow), f"{slow / fast:.{0 if slow > 9.5 * fast else 1}f}"]
        rows.append(row)
    header = ["ns"]
    for count in SERVERS:
        header += [f"{count:,} servers", "scan", "ratio"]
    return table(header, rows)


def whole_catalog(least):
    names = dict.fromkeys(name for kind, name, _, _ in least if kind == "pick")
    rows = []
    for name in names:
        weights = "equal" if name.startswith("dns ") else "mixed"
        rows.append([name] + [ns(least.get(("pick", name, weights, n))) for n in SERVERS])
    return table(["ns"] + [f"{n:,} servers" for n in SERVERS], rows)


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":")[1].strip()
    return platform.machine()


def main():
    least = measured(sys.argv[1] if len(sys.argv) > 1 else PROGRAM)
    text = HEAD.format(machine=processor())
    text += AGAINST_PLAIN + against_plain(least) + "\n" + ALL + whole_catalog(least)
    (ROOT / "docs" / "speed-of-picks.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
