#!/usr/bin/env python3
"""Draws how fast lbsim and its peers simulate the same queues.

Input: what tests/bench/peers/measure.py writes, which says what the model is and who its peers are:

    ninja -C build/release peers
    tests/bench/peers/measure.py speed.json
    python3 analysis/speed.py --input speed.json --output speed.png

A bar is the median of some runs in turn, in requests per second of one core; the marks are all of
them. The factor is the CPU time of a request over that in the bare loop, measured right before.
"""

import json
from statistics import median

import look

WORDS = {
    "en": {
        "requests": "requests per second of one core ({machine})",
        "label": "{rate}, {factor:.3g} × the bare loop's time",
        "bare": "bare loop",
        "bare_label": "{rate}: draws and five events through a heap",
        "runs": "each run",
        "model": "Poisson requests, each to one of {servers} servers at random, exponential "
                 "service, {load:.0f} % busy.\nlbsim simulates the name, the connection, the "
                 "balancer and the response besides; its peers, the queues only.",
    },
    "zh": {
        "requests": "单核每秒处理的请求数（{machine}）",
        "label": "{rate}，耗时为裸循环的 {factor:.3g} 倍",
        "bare": "裸循环",
        "bare_label": "{rate}：仅抽样并让五个事件过堆",
        "runs": "每次运行",
        "model": "泊松到达，随机分给 {servers} 台服务器之一，指数服务时间，负载 {load:.0f} %。\n"
                 "lbsim 还模拟域名解析、连接、均衡器与响应；其他程序只模拟排队。",
    },
}


def rate_text(rate):
    return f"{rate / 1e6:.2f}M" if rate >= 1e6 else f"{rate / 1e3:.0f}k"


def rows_of(measured, words):
    """Program, rates of its runs, and what is said of it; the fastest first."""
    rows = []
    for run in measured["runs"]:
        rates = [1e6 / us for us in run["us"]]
        factor = median(us / bare for us, bare in zip(run["us"], run["bare_us"]))
        text = words["label"].format(rate=rate_text(median(rates)), factor=factor)
        rows.append((run["program"], rates, text))
    bare = [1e6 / us for run in measured["runs"] for us in run["bare_us"]]
    text = words["bare_label"].format(rate=rate_text(median(bare)))
    return sorted([*rows, (words["bare"], bare, text)], key=lambda row: -median(row[1]))


def draw(measured, lang="en"):
    """`measured`: what measure.py writes, as a dict."""
    words = WORDS[lang]
    rows = rows_of(measured, words)
    figure, plot = look.figure(lang, figsize=(9, 1.5 + 0.42 * len(rows)))
    for y, (name, rates, text) in enumerate(rows):
        own = name.startswith("lbsim")
        plot.barh(y, median(rates), color="0.55" if own else "0.88", edgecolor="0.0", height=0.6,
                  hatch="///" if name == words["bare"] else None)
        plot.plot(rates, [y] * len(rates), "|", color="0.0", markersize=12,
                  label=words["runs"] if y == 0 else None)
        plot.annotate(text, (max(rates), y), (8, 0), textcoords="offset points", va="center",
                      fontsize=8)
    plot.set_yticks(range(len(rows)), [name for name, _, _ in rows])
    plot.set_ylim(len(rows) - 0.5, -0.5)
    plot.set_xlim(0, 1.65 * max(max(rates) for _, rates, _ in rows))
    plot.xaxis.set_major_formatter(lambda value, _: f"{value / 1e6:g}M" if value else "0")
    plot.set_xlabel(words["requests"].format(machine=measured["machine"]))
    model = measured["model"]
    plot.set_title(words["model"].format(servers=model["servers"], load=100 * model["load"]),
                   fontsize=8.5)
    plot.legend(loc="lower right")
    return figure


def draw_file(path, lang):
    return draw(json.loads(path.read_text()), lang)


def main(argv=None):
    look.main(__doc__, draw_file, argv, "what tests/bench/peers/measure.py writes")


if __name__ == "__main__":
    main()
