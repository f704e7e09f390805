#!/usr/bin/env python3
"""Draws each server's share of the requests against its share of the weights.

Input: what `lbsim run --json` writes. On the line, a server gets what its weight says.
"""

import json

import look

WORDS = {
    "en": {"x": "share of the weights (%)", "y": "share of the picks (%)",
           "fair": "as the weights say", "pool": "{name}: {algorithm} (Jain {jain:.4f})"},
    "zh": {"x": "权重占比（%）", "y": "选中次数占比（%）", "fair": "与权重一致",
           "pool": "{name}：{algorithm}（Jain 指数 {jain:.4f}）"},
}


def draw(result, lang="en"):
    """`result`: a run as a dict (Result.to_dict())."""
    words = WORDS[lang]
    pools = [pool for pool in result["pools"] if sum(row["picks"] for row in pool["picks"])]
    figure, axes = look.figure(lang, 1, len(pools), figsize=(4.2 * len(pools), 4), squeeze=False)
    for plot, pool in zip(axes[0], pools):
        weights = [row["weight"] for row in pool["picks"]]
        picks = [row["picks"] for row in pool["picks"]]
        x = [100 * weight / sum(weights) for weight in weights]
        y = [100 * count / sum(picks) for count in picks]
        top = 1.1 * max(*x, *y)
        plot.plot([0, top], [0, top], color=look.ACCENT, linewidth=1, label=words["fair"])
        plot.plot(x, y, look.MARKS[0], color="0.0", fillstyle="none", markersize=5)
        plot.set(xlim=(0, top), ylim=(0, top), aspect="equal", xlabel=words["x"],
                 ylabel=words["y"], title=words["pool"].format(**pool))
        plot.legend(loc="upper left")
    return figure


def draw_file(path, lang):
    return draw(json.loads(path.read_text()), lang)


def main(argv=None):
    look.main(__doc__, draw_file, argv, "the JSON of a run")


if __name__ == "__main__":
    main()
