#!/usr/bin/python3
"""C12: two nginx before the same servers, with and without a response cache."""

import experiment
from experiment import look

CLAIM = experiment.both("Proxy caching speeds up static pages.", "代理缓存可以提升静态网页的访问速度。")
WORDS = {
    "en": {"x": "latency (ms)", "y": "requests at or below (%)", "with": "with a cache",
           "without": "without", "use": "use of the servers' CPU (%)"},
    "zh": {"x": "延迟（ms）", "y": "不超过该延迟的请求（%）", "with": "有缓存", "without": "无缓存",
           "use": "服务器 CPU 利用率（%）"},
}
SITES = ("without", "with")


def measure(full=False):
    evidence = {}
    for name in SITES:
        document = experiment.site("nginx-cache")
        if name == "without":
            del document["proxies"]["cache"]
        result = experiment.run(document, duration="10min" if full else "60s")
        servers = experiment.tier(result, "servers")
        evidence[name] = {
            "latency_ms": experiment.percentiles(result.latency),
            "use": float(servers.utilization.mean()),
            "at_servers": int(servers.requests.sum()) / result.generated}
    return evidence


def judge(evidence):
    a, b = evidence["without"], evidence["with"]
    faster = b["latency_ms"]["25"] < a["latency_ms"]["25"] and (
        b["latency_ms"]["50"] < a["latency_ms"]["50"])
    lighter = b["at_servers"] < 0.8 * a["at_servers"]
    verdict = experiment.HOLDS if faster and lighter else experiment.DOES_NOT
    return verdict, experiment.both(
        f"the caches answer {100 * (1 - b['at_servers']):.0f} % of the requests; the median falls "
        f"from {a['latency_ms']['50']:.1f} to {b['latency_ms']['50']:.1f} ms, the servers' CPU "
        f"from {100 * a['use']:.0f} to {100 * b['use']:.0f} %. What a program makes for one user "
        f"is as slow as before: p99 {a['latency_ms']['99']:.0f} and "
        f"{b['latency_ms']['99']:.0f} ms.",
        f"缓存直接应答 {100 * (1 - b['at_servers']):.0f} % 的请求；中位数从 {a['latency_ms']['50']:.1f} "
        f"降到 {b['latency_ms']['50']:.1f} ms，服务器 CPU 从 {100 * a['use']:.0f} % 降到 "
        f"{100 * b['use']:.0f} %。程序为个人生成的页面不变快：p99 为 {a['latency_ms']['99']:.0f} 和 "
        f"{b['latency_ms']['99']:.0f} ms。")


def draw(evidence, lang="en"):
    words = WORDS[lang]
    figure, (left, right) = look.figure(lang, 1, 2, figsize=(7.5, 3), width_ratios=(3, 2))
    curves = {name: evidence[name]["latency_ms"] for name in SITES}
    experiment.draw_latencies(left, curves, words, (20, 50, 100, 200))
    experiment.draw_bars(right, {words[name]: 100 * evidence[name]["use"] for name in SITES},
                         words["use"])
    return figure


if __name__ == "__main__":
    experiment.main(__import__("c12_cache"))
