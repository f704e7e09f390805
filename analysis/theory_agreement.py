#!/usr/bin/env python3
"""Draws how far simulations are from what theory knows, each quantity in units of its tolerance.

Input: what `lbsim theory --json` writes. Left, in standard errors, what a simulation estimates;
right, as a part of its tolerance, every quantity. Most that are exact have no error at all: they
lie on the left edge.
"""

import json

import look

WORDS = {
    "en": {"z": "distance from theory (standard errors)", "part": "error (parts of the tolerance)",
           "limit": "the tolerance", "failed": "out of tolerance",
           "band": "95 % of them, by chance", "exact": "≤ 1e-6"},
    "zh": {"z": "与理论值的距离（标准误）", "part": "误差（占容差的比例）", "limit": "容差",
           "failed": "超出容差", "band": "随机误差下的 95 %", "exact": "≤ 1e-6"},
}
LEAST, MOST = 1e-6, 100  # smaller and larger parts of a tolerance are drawn here


def part_of_tolerance(row):
    """The largest error of a quantity's numbers over its tolerance. What has no tolerance, such as
    a text or an order of turns, is right (0) or wrong (beyond the figure's right edge)."""
    pairs = zip(*(value if isinstance(value, list) else [value]
                  for value in (row["expected"], row["simulated"])))
    errors = [abs(a - b) for a, b in pairs if not isinstance(a, str)]
    if not errors or not row["tolerance"]:
        return 0 if row["pass"] else MOST
    return min(max(errors) / row["tolerance"], MOST)


def draw_marks(plot, points, groups, failed_label):
    for x, y, passed in points:
        plot.plot(x, y, "o" if passed else "X", markersize=4 if passed else 7, alpha=0.75,
                  fillstyle="none" if passed else "full", color="0.0" if passed else look.ACCENT)
    if not all(passed for *_, passed in points):
        plot.plot([], [], "X", color=look.ACCENT, label=failed_label)
    plot.set_yticks(range(len(groups)), groups)
    plot.set_ylim(len(groups) - 0.5, -0.5)
    plot.grid(axis="y", color="0.9")
    plot.set_axisbelow(True)


def draw(report, lang="en"):
    """`report`: the results as a dict."""
    words = WORDS[lang]
    rows = report["entries"]
    groups = list(dict.fromkeys(row["group"] for row in rows))
    figure, (left, right) = look.figure(lang, 1, 2, sharey=True,
                                        figsize=(9, 1.4 + 0.24 * len(groups)))
    at = {group: y for y, group in enumerate(groups)}
    scores = [(row["z"], at[row["group"]], row["pass"]) for row in rows if row["z"] is not None]
    parts = [(max(part_of_tolerance(row), LEAST), at[row["group"]], row["pass"]) for row in rows]
    left.axvspan(-1.96, 1.96, color="0.9", linewidth=0, label=words["band"])
    left.axvline(0, color="0.6", linewidth=0.8)
    draw_marks(left, scores, groups, words["failed"])
    reach = 1.15 * max([4, *(abs(x) for x, *_ in scores)])
    left.set(xlim=(-reach, reach), xlabel=words["z"])
    right.axvline(1, color=look.ACCENT, linewidth=1.2, label=words["limit"])
    draw_marks(right, parts, groups, words["failed"])
    right.set(xscale="log", xlabel=words["part"],
              xlim=(LEAST / 2, 1.5 * max([2, *(x for x, *_ in parts)])))
    ticks = [LEAST, 1e-4, 1e-2, 1]
    right.set_xticks(ticks, [words["exact"], "1e-4", "0.01", "1"])
    right.minorticks_off()
    look.legend_above(figure, ncols=4)
    return figure


def draw_file(path, lang):
    return draw(json.loads(path.read_text()), lang)


def main(argv=None):
    look.main(__doc__, draw_file, argv, "the JSON of theory")


if __name__ == "__main__":
    main()
