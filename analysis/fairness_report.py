#!/usr/bin/env python3
"""Draws how fair algorithms are, in each pool, and what differs from a baseline.

Input: what `lbsim fairness --json` writes.
"""

import json

import look

WORDS = {
    "en": {"jain": "Jain's index of shares\n(1: as the weights say)",
           "max_over_mean": "busiest server's share\nover the mean",
           "burstiness": "burstiness of a server's turns\n(0: even)",
           "failed": "not as in the baseline", "pool": "pool"},
    "zh": {"jain": "份额的 Jain 指数\n（1：与权重一致）", "max_over_mean": "最忙服务器份额\n与均值之比",
           "burstiness": "轮次的突发程度\n（0：均匀）", "failed": "与基线不同", "pool": "服务器池"},
}
METRICS = ("jain", "max_over_mean", "burstiness")


def by_kind_and_size(pool):
    kind, _, size = pool.rpartition("-")
    return kind, int(size) if size.isdigit() else 0


def draw(report, lang="en"):
    """`report`: the results as a dict (Fairness.to_dict())."""
    words = WORDS[lang]
    rows = [row for row in report["results"] if row["metric"] in METRICS]
    rows = [row for row in rows if row["value"] is not None]
    algorithms = list(dict.fromkeys(row["algorithm"] for row in rows))
    pools = sorted({row["pool"] for row in rows}, key=by_kind_and_size)
    figure, plots = look.figure(lang, 1, len(METRICS), sharey=True,
                                figsize=(9, 1.6 + 0.3 * len(pools)))
    failed = False
    for plot, metric in zip(plots, METRICS):
        for number, algorithm in enumerate(algorithms):
            own = [r for r in rows if r["metric"] == metric and r["algorithm"] == algorithm]
            shift = 0.5 * (number + 0.5) / len(algorithms) - 0.25
            for row in own:
                y = pools.index(row["pool"]) + shift
                color = "0.0" if row["pass"] else look.ACCENT
                failed = failed or not row["pass"]
                plot.plot(row["value"], y, look.MARKS[number % len(look.MARKS)], color=color,
                          fillstyle="none" if row["pass"] else "full", markersize=5)
        plot.set_xlabel(words[metric])
        plot.set_yticks(range(len(pools)), pools)
        plot.grid(axis="y", color="0.9")
        plot.set_axisbelow(True)
    plots[0].invert_yaxis()
    names = [plots[0].plot([], [], look.MARKS[i % len(look.MARKS)], color="0.0", fillstyle="none",
                           label=name)[0] for i, name in enumerate(algorithms)]
    if failed:
        names += plots[0].plot([], [], "o", color=look.ACCENT, label=words["failed"])
    look.legend_above(figure, handles=names, ncols=4)
    return figure


def draw_file(path, lang):
    return draw(json.loads(path.read_text()), lang)


def main(argv=None):
    look.main(__doc__, draw_file, argv, "the JSON of fairness")


if __name__ == "__main__":
    main()
