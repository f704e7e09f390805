#!/usr/bin/env python3
"""Draws which site keeps an SLO at which page views, how busy it is, and what breaks the others.

Input: what `lbsim ladder --json` writes. A number is the use of the busiest resource in percent.
"""

import json

import look

WORDS = {
    "en": {"pv": "page views a day", "use": "the busiest resource (%)", "breaks": "breaks",
           "cheapest": "cheapest that holds", "slo": "SLO: {slo}", "unsure": "too close to tell"},
    "zh": {"pv": "每日页面浏览量", "use": "最忙资源的利用率（%）", "breaks": "不满足",
           "cheapest": "满足目标且最便宜", "slo": "服务目标：{slo}", "unsure": "过于接近，无法判定"},
}
EDGE = {"breaks": {"facecolor": "1.0", "edgecolor": "0.55", "hatch": "////"},
        "unsure": {"facecolor": "1.0", "edgecolor": "0.55", "hatch": ".."}}


def volume(pv):
    """100M, 2.5M, 1.2B."""
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "K")):
        if pv >= size:
            return f"{pv / size:g}{letter}"
    return f"{pv:g}"


def draw_cell(plot, x, y, row, shades, words):
    from matplotlib.patches import Rectangle

    use = 100 * row["utilization"]
    if row["holds"]:
        color = shades(use / 100)
        text = f"{use:.0f} %"
        plot.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=color, edgecolor="1.0"))
        grey = 0.3 * color[0] + 0.59 * color[1] + 0.11 * color[2]
        letters = {"color": "0.0" if grey > 0.5 else "1.0"}
    else:
        verdict = "breaks" if row["certain"] else "unsure"
        text = f"{words[verdict]}\n{row['bottleneck']} {use:.0f} %"
        plot.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, **EDGE[verdict]))
        letters = {"color": "0.0",
                   "bbox": {"facecolor": "1.0", "edgecolor": "none", "pad": 1.5}}
    plot.text(x, y, text, ha="center", va="center", fontsize=8, **letters)


def draw(ladder, lang="en"):
    """`ladder`: the answer as a dict (Ladder.to_dict())."""
    from matplotlib import colormaps, colors
    from matplotlib.cm import ScalarMappable
    from matplotlib.patches import Rectangle

    words = WORDS[lang]
    rows = ladder["rows"]
    sites = list(dict.fromkeys(row["topology"] for row in rows))
    volumes = sorted({row["pv"] for row in rows})
    figure, plot = look.figure(lang, figsize=(1.8 + 1.6 * len(sites), 1.9 + 0.55 * len(volumes)))
    shades = colormaps[look.SHADES]
    for row in rows:
        draw_cell(plot, sites.index(row["topology"]), volumes.index(row["pv"]), row, shades, words)
    for row in (row for row in rows if row["cheapest"]):
        at = sites.index(row["topology"]) - 0.46, volumes.index(row["pv"]) - 0.44
        # White on both sides: in greys the accent is like the shade of a site that is half busy.
        for color, width in (("1.0", 6), (look.ACCENT, 2.5)):
            plot.add_patch(Rectangle(at, 0.92, 0.88, fill=False, edgecolor=color, linewidth=width))
    plot.set(xlim=(-0.5, len(sites) - 0.5), ylim=(-0.5, len(volumes) - 0.5), ylabel=words["pv"])
    plot.set_xticks(range(len(sites)), [site.replace(" + ", " +\n") for site in sites])
    plot.set_yticks(range(len(volumes)), [volume(pv) for pv in volumes])
    plot.tick_params(length=0)
    plot.spines[:].set_visible(False)
    plot.set_title(words["slo"].format(slo=ladder["slo"].replace("<=", " ≤ ").replace(",", ", ")))
    figure.colorbar(ScalarMappable(colors.Normalize(0, 100), look.SHADES), ax=plot, pad=0.02,
                    label=words["use"])
    keys = [Rectangle((0, 0), 1, 1, fill=False, edgecolor=look.ACCENT, linewidth=2)]
    names = [words["cheapest"]]
    for verdict, certain in (("breaks", True), ("unsure", False)):
        if any(not row["holds"] and row["certain"] == certain for row in rows):
            keys.append(Rectangle((0, 0), 1, 1, **EDGE[verdict]))
            names.append(words[verdict])
    look.legend_above(figure, keys, names, ncols=len(keys))
    return figure


def draw_file(path, lang):
    return draw(json.loads(path.read_text()), lang)


def main(argv=None):
    look.main(__doc__, draw_file, argv, "the JSON of a ladder")


if __name__ == "__main__":
    main()
