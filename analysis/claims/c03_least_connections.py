#!/usr/bin/python3
"""C3: two fast and two slow servers of the same total, from equal to sixteen times as slow."""

import experiment
from experiment import look

CLAIM = experiment.both(
    "Least connections is smooth on equal servers and misplaces load on very unequal ones unless "
    "weighted.", "最小连接法在性能相近的服务器上平滑；差距很大时若不加权，负载会放错位置。")
WORDS = {
    "en": {"x": "how many times as slow", "y": "use of a slow server (%)",
           "y2": "99th percentile of latency (ms)", "plain": "without weights",
           "weighted": "weighted", "meant": "as the load of all"},
    "zh": {"x": "慢多少倍", "y": "慢服务器利用率（%）", "y2": "延迟第 99 百分位（ms）",
           "plain": "不加权", "weighted": "加权", "meant": "全体的负载"},
}
LOAD = 0.7
CORES = 8
WORK_S = 0.040
RATIOS = (1, 2, 4, 8, 16)


def site(ratio, weighted):
    document = experiment.site("nginx", proxies={"kind": "balancer", "count": 1,
                                                 "method": "nginx/least_conn"})
    del document["proxies"]["worker_connections"]
    document["workload"]["page"] = {"assets": 0}
    document["workload"]["session"] = {"pages": 1}
    weights = (16, 16 // ratio) if weighted else (1, 1)
    document["servers"]["groups"] = [
        {"name": name, "count": 2, "cores": CORES, "speed": speed, "weight": weight}
        for name, speed, weight in (("fast", 1.0, weights[0]), ("slow", 1 / ratio, weights[1]))]
    return document


def measure(full=False):
    evidence = {"plain": [], "weighted": []}
    for ratio in RATIOS:
        a_second = LOAD * 2 * CORES * (1 + 1 / ratio) / WORK_S
        for name in evidence:
            result = experiment.run(site(ratio, name == "weighted"), pv=round(a_second * 36_000),
                                    duration="20min" if full else "90s")
            use = list(experiment.tier(result, "servers").utilization)
            evidence[name].append({"ratio": ratio, "fast": (use[0] + use[1]) / 2,
                                   "slow": (use[2] + use[3]) / 2,
                                   "p99_ms": float(result.latency.percentile(99))})
    return evidence


def judge(evidence):
    plain, weighted = evidence["plain"], evidence["weighted"]
    smooth = abs(plain[0]["slow"] - plain[0]["fast"]) < 0.02
    misplaced = plain[-1]["slow"] > plain[-1]["fast"] + 0.1
    helped = weighted[-1]["p99_ms"] < 0.6 * plain[-1]["p99_ms"]
    verdict = experiment.HOLDS if smooth and misplaced and helped else experiment.DOES_NOT
    a, b = plain[-1], weighted[-1]
    return verdict, experiment.both(
        f"equal servers are used {100 * plain[0]['fast']:.1f} % and "
        f"{100 * plain[0]['slow']:.1f} %; "
        f"where two are sixteen times as slow, these reach {100 * a['slow']:.0f} % and the fast "
        f"ones {100 * a['fast']:.0f} %, with a p99 of {a['p99_ms']:.0f} ms against "
        f"{b['p99_ms']:.0f} ms with weights.",
        f"性能相同时利用率为 {100 * plain[0]['fast']:.1f} % 和 {100 * plain[0]['slow']:.1f} %；"
        f"其中两台慢十六倍时，慢的达到 {100 * a['slow']:.0f} %，快的 {100 * a['fast']:.0f} %，"
        f"p99 为 {a['p99_ms']:.0f} ms，加权后 {b['p99_ms']:.0f} ms。")


def draw(evidence, lang="en"):
    words = WORDS[lang]
    figure, (left, right) = look.figure(lang, 1, 2, figsize=(7.5, 3))
    for name, style, color in (("plain", "o-", look.ACCENT), ("weighted", "s--", "0.0")):
        rows = evidence[name]
        ratios = [row["ratio"] for row in rows]
        left.plot(ratios, [100 * row["slow"] for row in rows], style, color=color,
                  label=words[name])
        right.plot(ratios, [row["p99_ms"] for row in rows], style, color=color, label=words[name])
    left.axhline(100 * LOAD, color="0.5", linestyle=":", label=words["meant"])
    for plot, label in ((left, words["y"]), (right, words["y2"])):
        plot.set_xscale("log", base=2)
        plot.set_xticks(RATIOS, [str(r) for r in RATIOS])
        plot.set(xlabel=words["x"], ylabel=label, ylim=(0, None))
    left.legend()
    return figure


if __name__ == "__main__":
    experiment.main(__import__("c03_least_connections"))
