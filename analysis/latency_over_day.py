#!/usr/bin/env python3
"""Draws how latency percentiles and traffic go over the day.

Input: a CSV of a run's windows; the `window_start_s` of the run is the time of its first row:

    site = lbsim.load("scenarios/lvs-dr-nginx.toml")
    result = site.run(window="day", pv="1M", windows="15m")
    result.windows.to_csv("day.csv", index=False)
"""

import csv

import look
from matplotlib.ticker import LogLocator

WORDS = {
    "en": {"latency": "latency (ms)", "rate": "requests/s", "time": "time of the day",
           "limit": "objective for p99: {} ms", "mean": "mean"},
    "zh": {"latency": "延迟（毫秒）", "rate": "请求数/秒", "time": "一天中的时刻",
           "limit": "p99 目标：{} 毫秒", "mean": "平均"},
}
CURVES = ("p99_ms", "p90_ms", "p50_ms", "mean_ms")


def draw(windows, lang="en", start_s=0):
    """`windows`: rows with from_s, requests and latencies in ms (Result.windows, as dicts);
    `start_s`: the time of the day at which they begin, in seconds."""
    words = WORDS[lang]
    figure, (waits, rates) = look.figure(lang, 2, 1, figsize=(8, 4.6), sharex=True,
                                         height_ratios=(3, 1))
    starts = [float(row["from_s"]) for row in windows]
    length_s = starts[1] - starts[0] if len(starts) > 1 else 60
    middles = [start + length_s / 2 for start in starts]
    for name, (style, grey) in zip(CURVES, look.LINES):
        label = words["mean"] if name == "mean_ms" else name[:-3]
        values = [float(row[name]) for row in windows]
        waits.plot(middles, values, linestyle=style, color=grey, label=label)
    waits.axhline(look.OBJECTIVE_MS, color=look.ACCENT, linewidth=1,
                  label=words["limit"].format(look.OBJECTIVE_MS))
    waits.set(ylabel=words["latency"], yscale="log")
    waits.yaxis.set_major_formatter("{x:g}")
    waits.yaxis.set_minor_locator(LogLocator(subs=(2, 5)))
    waits.yaxis.set_minor_formatter("{x:g}")
    waits.legend(ncols=5, loc="lower right", bbox_to_anchor=(1, 1))
    rates.stairs([float(row["requests"]) / length_s for row in windows],
                 [*starts, starts[-1] + length_s], fill=True, color="0.75")
    rates.set(ylabel=words["rate"], xlabel=words["time"], ylim=(0, None))
    look.clock_axis(rates.xaxis, start_s, starts[-1] + length_s)
    return figure


def draw_file(path, lang):
    with open(path, newline="") as file:
        return draw(list(csv.DictReader(file)), lang)


def main(argv=None):
    look.main(__doc__, draw_file, argv, "the CSV of a run's windows")


if __name__ == "__main__":
    main()
