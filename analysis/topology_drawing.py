#!/usr/bin/env python3
"""Draws the machines of a site, how busy each will be, and what limits it: the min-cut.

Input: what `lbsim check --json` writes. Load and answers of many machines of a tier look alike, so
a tier shows its busiest ones and says how many there are.
"""

import json

import look
from matplotlib.patches import Rectangle

WORDS = {
    "en": {"cut": "limits the site (min-cut)", "single": "single point of failure",
           "standby": "standby", "more": "... {} in all", "title": "{scenario}: takes "
           "{capacity_rps:,.0f} requests/s; {requests_per_s_peak:,.0f} in its busiest minute"},
    "zh": {"cut": "容量瓶颈（最小割）", "single": "单点故障", "standby": "备用",
           "more": "... 共 {} 台", "title": "{scenario}：容量 {capacity_rps:,.0f} 请求/秒；"
           "最忙一分钟 {requests_per_s_peak:,.0f} 请求/秒"},
}
SHOWN = 6  # machines of a tier
WIDTH, HEIGHT, GAP = 1.5, 0.62, 1.1


def tiers_of(check):
    """Rows of the forecast by tier, in the order of the walk."""
    tiers = {}
    for row in check["forecast"]:
        tiers.setdefault(row["node"].rsplit(".", 1)[0], []).append(row)
    return tiers


def box(plot, x, y, row, is_cut, is_single, standby):
    """A machine: filled as far as it is busy; a thick edge limits the site."""
    use = min(row["utilization_peak"], 1)
    plot.add_patch(Rectangle((x, y), WIDTH, HEIGHT, facecolor="1.0", edgecolor="0.0", linewidth=0))
    plot.add_patch(Rectangle((x, y), WIDTH * use, HEIGHT, facecolor="0.8", linewidth=0))
    plot.add_patch(Rectangle(
        (x, y), WIDTH, HEIGHT, facecolor="none", edgecolor=look.ACCENT if is_cut else "0.0",
        linewidth=2.6 if is_cut else 0.8, linestyle=":" if row["standby"] else "-",
        hatch="////" if is_single else None))
    busy = standby if row["standby"] else f"{100 * row['utilization_peak']:.0f} %"
    if not row["utilization_of"] and not row["standby"]:
        busy = ""
    # A white ground keeps the letters readable over a hatch.
    ground = {"facecolor": "1.0", "edgecolor": "none", "pad": 1.2, "alpha": 0.85}
    plot.text(x + 0.08, y + HEIGHT / 2, f"{row['node']}  {busy}", va="center", fontsize=7,
              bbox=ground)


def chosen(rows):
    """The busiest machines of a tier, in their order."""
    if len(rows) <= SHOWN:
        return rows
    busiest = sorted(rows, key=lambda row: -row["utilization_peak"])[: SHOWN - 1]
    return [row for row in rows if row in busiest]


def draw(check, lang="en"):
    """`check`: the findings as a dict (Check.to_dict())."""
    words = WORDS[lang]
    tiers = tiers_of(check)
    figure, plot = look.figure(lang, figsize=(1.2 + 2 * len(tiers), 4.2))
    before = []
    for column, (tier, rows) in enumerate(tiers.items()):
        x, shown = column * (WIDTH + GAP), chosen(rows)
        height = len(shown) * (HEIGHT + 0.25)
        middles = []
        for i, row in enumerate(shown):
            y = height / 2 - (i + 1) * (HEIGHT + 0.25)
            box(plot, x, y, row, row["node"] in check["min_cut"],
                row["node"] in check["single_points_of_failure"], words["standby"])
            middles.append((x, y + HEIGHT / 2))
        if len(shown) < len(rows):
            plot.text(x + WIDTH / 2, -height / 2 - 0.1, words["more"].format(len(rows)),
                      ha="center", va="top", fontsize=8)
        for x0, y0 in before:
            for x1, y1 in middles:
                plot.plot([x0 + WIDTH, x1], [y0, y1], color="0.7", linewidth=0.6, zorder=0)
        before = middles
    plot.legend(handles=[
        Rectangle((0, 0), 1, 1, facecolor="1.0", edgecolor=look.ACCENT, linewidth=2.6,
                  label=words["cut"]),
        Rectangle((0, 0), 1, 1, facecolor="1.0", edgecolor="0.0", hatch="////",
                  label=words["single"]),
    ], loc="upper center", bbox_to_anchor=(0.5, -0.02), ncols=2)
    plot.set_title(words["title"].format(**check))
    plot.set(aspect="equal")
    plot.margins(0.03, 0.1)
    plot.axis("off")
    return figure


def draw_file(path, lang):
    return draw(json.loads(path.read_text()), lang)


def main(argv=None):
    look.main(__doc__, draw_file, argv, "the JSON of a check")


if __name__ == "__main__":
    main()
