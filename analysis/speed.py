#!/usr/bin/env python3
"""Draws how fast each kernel simulates the same runs, from the runs' own measurements.

Input: a folder of a folder for each kernel (or program, or version), which has one file for each
repetition of the same run, written by `lbsim run SCENARIO --stats FOLDER/KERNEL/N.json`. A bar is
the median of the repetitions; the marks are all of them. For lbsim's two kernels:

    for n in 1 2 3; do for k in native simgrid; do
      mkdir -p build/speed/$k
      ./lbsim run scenarios/nginx.toml --pv 20M --duration 10s --kernel $k --quiet \
        --stats build/speed/$k/$n.json
    done; done
    python3 analysis/speed.py --input build/speed --output speed.png
"""

import json
from statistics import median

import look

WORDS = {
    "en": {"requests": "requests per second of one core", "events": "events per second of one core",
           "times": "{factor:.3g} times as fast as {slowest}", "runs": "each run"},
    "zh": {"requests": "单核每秒处理的请求数", "events": "单核每秒处理的事件数",
           "times": "速度是 {slowest} 的 {factor:.3g} 倍", "runs": "每次运行"},
}


def draw(runs, lang="en"):
    """`runs`: for each kernel the list of its runs' stats, as dicts."""
    words = WORDS[lang]
    rates = {
        "requests": {k: [r["requests_per_cpu_s"] for r in own] for k, own in runs.items()},
        "events": {k: [r["events"] / r["cpu_s"] for r in own] for k, own in runs.items()},
    }
    kernels = sorted(runs, key=lambda kernel: -median(rates["requests"][kernel]))
    figure, plots = look.figure(lang, 1, 2, sharey=True, figsize=(9, 1.4 + 0.5 * len(kernels)))
    for plot, (unit, by_kernel) in zip(plots, rates.items()):
        middles = [median(by_kernel[kernel]) for kernel in kernels]
        plot.barh(range(len(kernels)), middles, color="0.82", edgecolor="0.0", height=0.6)
        for y, kernel in enumerate(kernels):
            plot.plot(by_kernel[kernel], [y] * len(by_kernel[kernel]), "|", color="0.0",
                      markersize=12, label=None if y or plot is not plots[0] else words["runs"])
            factor = middles[y] / min(middles)
            if factor > 1:
                slowest = kernels[middles.index(min(middles))]
                plot.text(0.02 * max(middles), y, words["times"].format(
                    factor=factor, slowest=slowest), va="center", fontsize=8)
        plot.set_xlim(0, 1.08 * max(max(own) for own in by_kernel.values()))
        plot.xaxis.set_major_formatter(lambda value, _: f"{value / 1e6:g}M" if value else "0")
        plot.set_xlabel(words[unit])
    plots[0].set_yticks(range(len(kernels)), kernels)
    plots[0].set_ylim(len(kernels) - 0.5, -0.5)
    look.legend_above(figure)
    return figure


def draw_file(path, lang):
    runs = {folder.name: [json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))]
            for folder in sorted(path.iterdir()) if folder.is_dir()}
    return draw({kernel: own for kernel, own in runs.items() if own}, lang)


def main(argv=None):
    look.main(__doc__, draw_file, argv, "the folder of a folder of stats for each kernel")


if __name__ == "__main__":
    main()
