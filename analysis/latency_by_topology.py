#!/usr/bin/env python3
"""Draws how long users wait and how busy the machines are, one line style for each site.

Input: one folder for each site, written by `lbsim run SCENARIO --csv FOLDER/NAME`; sites of
fewer tiers come first. For the figure of the README:

    for s in dns-only nginx haproxy-keepalived-nginx lvs-dr-nginx; do
      ./lbsim run scenarios/$s.toml --pv 100M --duration 2m --quiet --csv build/figure/$s
    done
    python3 analysis/latency_by_topology.py --input build/figure \
      --output docs/figures/latency-by-topology.png
"""

import argparse
import csv
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot as plt

# Told apart by dashes and greys, so that a black and white print will do.
LINES = [("-", "0.0"), ("--", "0.0"), ("-.", "0.35"), (":", "0.0"), ("-", "0.6"), ("--", "0.6")]
OBJECTIVE_MS = 300  # the objective that lbsim's verdict uses for p99


def latency_ccdf(folder):
    """Latencies in ms, and for each the share of answered requests that took longer."""
    with open(folder / "latency.csv", newline="") as file:
        rows = [(float(row["latency_ms"]), int(row["requests"])) for row in csv.DictReader(file)]
    total = sum(count for _, count in rows)
    longer, latencies, shares = total, [], []
    for latency_ms, count in rows:
        longer -= count
        if longer > 0:
            latencies.append(latency_ms)
            shares.append(longer / total)
    return latencies, shares


def cpu_by_tier(folder, minutes):
    """CPU use in percent of the least busy, the mean and the busiest machine, by tier.

    The minutes after the window, in which the last requests end, are left out.
    """
    machines = {}
    with open(folder / "nodes.csv", newline="") as file:
        for row in csv.DictReader(file):
            if int(row["minute"]) >= minutes:
                continue
            share = 100 * float(row["cpu_utilization"])
            machines.setdefault(row["tier"], {}).setdefault(row["node"], []).append(share)
    tiers = {}
    for tier, nodes in machines.items():
        if tier == "dns":
            continue
        means = [sum(shares) / len(shares) for shares in nodes.values()]
        tiers[tier] = (min(means), sum(means) / len(means), max(means))
    return tiers


def draw(folders, minutes, output):
    figure, (waits, loads) = plt.subplots(1, 2, figsize=(10, 4.2), width_ratios=(3, 2))
    labels, y = [], 0
    for folder, (style, grey) in zip(folders, LINES):
        latencies, shares = latency_ccdf(folder)
        waits.plot(latencies, shares, linestyle=style, color=grey, linewidth=1.6, label=folder.name)
        for tier, (least, mean, busiest) in cpu_by_tier(folder, minutes).items():
            loads.barh(y, mean, color="0.78", edgecolor="0.0", height=0.7)
            loads.errorbar(mean, y, xerr=[[mean - least], [busiest - mean]], color="0.0", capsize=4)
            labels.append((y, f"{folder.name}: {tier}"))
            y += 1
        y += 0.6
    waits.axvline(OBJECTIVE_MS, color="0.6", linewidth=0.8)
    waits.axhline(0.01, color="0.6", linewidth=0.8)
    waits.annotate("p99 = 300 ms", (OBJECTIVE_MS, 0.01), (8, 6), textcoords="offset points",
                   fontsize=9)
    waits.set(xscale="log", yscale="log", ylim=(1e-5, 1.05), xlim=(10, None),
              xlabel="latency of answered requests (ms)", ylabel="share that waited longer")
    waits.legend(frameon=False, fontsize=9, loc="lower left")
    loads.set(xlim=(0, 108), xlabel="CPU use (%)\nbar: mean of the tier; line: least to busiest")
    loads.set_yticks([at for at, _ in labels], [text for _, text in labels], fontsize=8)
    loads.invert_yaxis()
    loads.tick_params(axis="y", length=0)
    for axes in (waits, loads):
        axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(output, dpi=110, metadata={"Software": None})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--input", type=Path, required=True, help="folder of one folder per site")
    parser.add_argument("--minutes", type=int, default=2, help="length of the runs' window (2)")
    parser.add_argument("--output", type=Path, required=True, help="the PNG or SVG to write")
    arguments = parser.parse_args()
    folders = [f for f in arguments.input.iterdir() if (f / "latency.csv").is_file()]
    if not folders:
        parser.error(f"{arguments.input} holds no folder with a latency.csv")
    folders.sort(key=lambda f: (len(cpu_by_tier(f, arguments.minutes)), f.name))
    if len(folders) > len(LINES):
        parser.error(f"at most {len(LINES)} sites can be told apart")
    draw(folders, arguments.minutes, arguments.output)


if __name__ == "__main__":
    main()
