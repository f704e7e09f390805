#!/usr/bin/env python3
"""Draws how busy each machine is, minute by minute.

Input: nodes.csv, which `lbsim run --csv FOLDER` writes.
"""

import csv

import look
import numpy

WORDS = {
    "en": {"cpu_utilization": "CPU use (%)", "nic_in_utilization": "card in, use (%)",
           "nic_out_utilization": "card out, use (%)", "x": "minutes from the start of the run"},
    "zh": {"cpu_utilization": "CPU 使用率（%）", "nic_in_utilization": "网卡入口使用率（%）",
           "nic_out_utilization": "网卡出口使用率（%）", "x": "距运行开始的分钟数"},
}


def draw(rows, lang="en", of="cpu_utilization"):
    """`rows` of Result.series, as dicts; `of`: the column to draw."""
    words = WORDS[lang]
    nodes = list(dict.fromkeys(row["node"] for row in rows))
    tiers = [next(row["tier"] for row in rows if row["node"] == node) for node in nodes]
    minutes = 1 + max(int(row["minute"]) for row in rows)
    shares = numpy.full((len(nodes), minutes), numpy.nan)
    for row in rows:
        shares[nodes.index(row["node"]), int(row["minute"])] = 100 * float(row[of])
    figure, plot = look.figure(lang, figsize=(8, 1.2 + 0.08 * len(nodes)))
    image = plot.imshow(shares, aspect="auto", cmap=look.SHADES, vmin=0, vmax=100,
                        interpolation="nearest", extent=(0, minutes, len(nodes) - 0.5, -0.5))
    starts = [i for i, tier in enumerate(tiers) if i == 0 or tiers[i - 1] != tier]
    for start in starts[1:]:
        plot.axhline(start - 0.5, color="1.0", linewidth=2)
    ends = [*starts[1:], len(nodes)]
    plot.set_yticks([(a + b - 1) / 2 for a, b in zip(starts, ends)],
                    [f"{tiers[a]} ({b - a})" for a, b in zip(starts, ends)])
    plot.tick_params(axis="y", length=0)
    plot.set(xlabel=words["x"])
    plot.xaxis.get_major_locator().set_params(integer=True)
    figure.colorbar(image, ax=plot, label=words[of], extend="max")
    return figure


def draw_file(path, lang):
    with open(path, newline="") as file:
        return draw(list(csv.DictReader(file)), lang)


def main(argv=None):
    look.main(__doc__, draw_file, argv, "nodes.csv of a run")


if __name__ == "__main__":
    main()
