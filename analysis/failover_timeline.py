#!/usr/bin/env python3
"""Draws what users feel while machines fail and others take over.

Input: a folder with windows.csv and events.csv of one run:

    site = lbsim.load("scenarios/lvs-dr-director-crash.toml")
    result = site.run(window="11:59-12:01", windows="1s")
    result.windows.to_csv("crash/windows.csv", index=False)
    result.events.to_csv("crash/events.csv", index=False)
"""

import csv

import look

WORDS = {
    "en": {"rate": "requests/s", "latency": "latency (ms)", "time": "seconds from the start of "
           "the run", "ok": "answered", "failed": "failed", "longest": "slowest"},
    "zh": {"rate": "请求数/秒", "latency": "延迟（毫秒）", "time": "距运行开始的秒数",
           "ok": "成功", "failed": "失败", "longest": "最慢",
           "loses power": "断电", "stops": "停止服务", "is back": "恢复",
           "takes the virtual address": "接管虚拟地址"},
}


def mark_events(plots, events, words):
    """A line through all plots for each event, named above the first."""
    shown = []
    for event in events:
        at = float(event["at_s"])
        name = f"{event['node']} {words.get(event['what'], event['what'])}"
        for plot in plots:
            plot.axvline(at, color=look.ACCENT, linewidth=0.8)
        shown.append((at, name))
    for i, (at, name) in enumerate(shown):
        plots[0].annotate(name, (at, 1), xycoords=("data", "axes fraction"),
                          xytext=(3, 3 + 11 * (len(shown) - 1 - i)), textcoords="offset points",
                          color=look.ACCENT, fontsize=8, annotation_clip=False)


def draw(windows, events, lang="en"):
    """`windows`: rows of Result.windows; `events`: rows of Result.events; both as dicts."""
    words = WORDS[lang]
    figure, plots = look.figure(lang, 2, 1, figsize=(8, 4.6), sharex=True)
    rates, waits = plots
    starts = [float(row["from_s"]) for row in windows]
    length_s = starts[1] - starts[0] if len(starts) > 1 else 1
    edges = [*starts, starts[-1] + length_s]
    failed = [float(row["failed"]) / length_s for row in windows]
    answered = [float(row["requests"]) / length_s - bad for row, bad in zip(windows, failed)]
    rates.stairs(answered, edges, color="0.0", label=words["ok"])
    rates.stairs(failed, edges, color="0.55", fill=True, hatch="////", edgecolor="0.0",
                 label=words["failed"])
    rates.set(ylabel=words["rate"], ylim=(0, None))
    for name, (style, grey) in zip(("max_ms", "p99_ms", "p50_ms"), look.LINES):
        label = words["longest"] if name == "max_ms" else name[:-3]
        values = [float(row[name]) or float("nan") for row in windows]
        waits.stairs(values, edges, baseline=None, linestyle=style, color=grey, label=label)
    waits.set(ylabel=words["latency"], yscale="log", xlabel=words["time"])
    waits.yaxis.set_major_formatter("{x:g}")
    for plot in plots:
        plot.legend(loc="center left", bbox_to_anchor=(1, 0.5))
    inside = [e for e in events if starts[0] <= float(e["at_s"]) <= edges[-1]]
    mark_events(plots, inside, words)
    return figure


def rows_of(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def draw_folder(folder, lang):
    return draw(rows_of(folder / "windows.csv"), rows_of(folder / "events.csv"), lang)


def main(argv=None):
    look.main(__doc__, draw_folder, argv, "the folder of windows.csv and events.csv")


if __name__ == "__main__":
    main()
