#!/usr/bin/env python3
"""Writes docs/theory.md from a run of lbsim theory, or from the file that its --json wrote:

    tests/theory/theory_page.py [FILE]
"""

import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
TABLE = ROOT / "tests/data/validation/theory.json"
PAGE = ROOT / "docs/theory.md"

HEAD = """# Results of theory, simulated

`lbsim theory FILE` takes results that are known exactly - queues, splits, hashing, timers of
protocols, arithmetic of networks - and finds each with the code that scenarios run on. This page is
written by `tests/theory/theory_page.py`, from `tests/data/validation/theory.json`.

- **Queues, splits, clocks, names and networks** are sites: a configuration like that of a scenario,
  whose devices cost nothing but what the entry says and whose trips take a picosecond, runs as
  `lbsim run` runs (`sim/theory/experiment.hpp`). A second of a queue is a millisecond there.
  Methods are those of the catalog: nginx's `random`, `round_robin` and `least_conn`, `power_of_d`,
  `jiq`, `ring_hash` and others.
- **Indices, hashes and capacities** come from the functions that reports, methods and `lbsim check`
  use.
- A few numbers that no simulation gives to nine digits (a root, a fixed point, an optimum) are
  computed by `sim/planning/queueing.hpp`; the list below names them.
- A simulation takes {requests:,} requests after {warm_up:,} that do not count; `--requests N` takes
  N, and tolerances widen with 1 / sqrt(N). What is exact must agree to 1e-9. `z` is the distance in
  standard errors where the table gives one; seeds are fixed, so every run finds these numbers.

"""


def text_of(value):
    if isinstance(value, list):
        shown = ", ".join(text_of(v) for v in value[:3])
        return f"{shown}, ... ({len(value)})" if len(value) > 3 else shown
    return value if isinstance(value, str) else f"{value:.6g}"


def row_of(entry):
    tolerance = "" if isinstance(entry["expected"], str) else f"{entry['tolerance']:.2g}"
    z = "" if entry["z"] is None else f"{entry['z']:.2f}"
    cells = [
        entry["id"],
        entry["quantity"],
        text_of(entry["expected"]),
        text_of(entry["simulated"]),
        tolerance,
        z,
    ]
    return "| " + " | ".join(cells) + " |" + ("" if entry["pass"] else " **fails**")


def page_of(results):
    entries = results["entries"]
    lines = ["| entry | quantity | expected | simulated | tolerance | z |"]
    lines += ["|---|---|---:|---:|---:|---:|"] + [row_of(entry) for entry in entries]
    passed = sum(entry["pass"] for entry in entries)
    missing = len(results["not_expressed"])
    count = len({entry["id"] for entry in entries})
    total = f"{count} entries, {len(entries)} quantities: {passed} pass; {missing} not expressed."
    lines += ["", total, "", "## How entries were read", ""]
    notes = {}
    for entry in entries:
        if entry["note"]:
            notes.setdefault((entry["group"], entry["note"]), []).append(entry["quantity"])
    for (group, note), quantities in notes.items():
        names = ", ".join(f"`{name}`" for name in dict.fromkeys(quantities))
        lines.append(f"- {group}, {names}: {note}.")
    head = HEAD.format(requests=int(results["requests"]), warm_up=int(results["warm_up"]))
    return head + "\n".join(lines) + "\n"


def main(arguments):
    if arguments:
        results = json.loads(pathlib.Path(arguments[0]).read_text())
    else:
        command = [ROOT / "lbsim", "theory", TABLE, "--json", "-"]
        results = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    PAGE.write_text(page_of(results))


if __name__ == "__main__":
    main(sys.argv[1:])
