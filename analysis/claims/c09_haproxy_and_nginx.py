#!/usr/bin/python3
"""C9: CPU for a request in nginx and in HAProxy (HTTP and TCP), by response size."""

import experiment
from c05_l4_against_l7 import cpu_us
from experiment import look

CLAIM = experiment.both("HAProxy balances faster than nginx and handles more concurrency.",
                        "HAProxy 的负载均衡速度比 nginx 快，并发处理也更好。")
WORDS = {
    "en": {"x": "size of a response (KB)", "y": "CPU of a request (µs)", "nginx": "nginx",
           "http": "HAProxy, HTTP", "tcp": "HAProxy, TCP"},
    "zh": {"x": "响应大小（KB）", "y": "每个请求的 CPU（µs）", "nginx": "nginx",
           "http": "HAProxy，HTTP", "tcp": "HAProxy，TCP"},
}
SIZES_KB = (1, 4, 17, 64, 256)


def proxies(kind):
    if kind == "nginx":
        return {"kind": "nginx", "worker_connections": "4M"}
    return {"kind": "haproxy", "mode": kind, "threads": 8,
            "method": "roundrobin" if kind == "http" else "leastconn"}


def site(kind, size):
    document = experiment.site("nginx")
    for name in ("document", "asset"):
        document["workload"][name]["response"] = f"fixed {size}KB"
    document["proxies"] = {"next": "servers", "count": 1, "nic": "1Tbps", **proxies(kind)}
    return document


def measure(full=False):
    evidence = {"cpu_us": [], "connections": {}}
    for size in SIZES_KB:
        row = {"size_kb": size}
        for kind in ("nginx", "http", "tcp"):
            result = experiment.run(site(kind, size), pv="10M",
                                    duration="3min" if full else "30s")
            row[kind] = cpu_us(result, "proxies", 8)
            if size == 17:
                held = experiment.tier(result, "proxies").connections_max
                evidence["connections"][kind] = int(held.max())
        evidence["cpu_us"].append(row)
    return evidence


def judge(evidence):
    rows = {row["size_kb"]: row for row in evidence["cpu_us"]}
    faster_small = rows[1]["http"] < rows[1]["nginx"]
    faster_large = rows[256]["http"] < rows[256]["nginx"]
    verdict = {(True, True): experiment.HOLDS, (False, True): experiment.IN_PART,
               (True, False): experiment.IN_PART}.get((faster_small, faster_large),
                                                      experiment.DOES_NOT)
    a, b = rows[1], rows[256]
    held = evidence["connections"]
    return verdict, experiment.both(
        f"for 1 KB nginx needs {a['nginx']:.1f} µs of CPU and HAProxy {a['http']:.1f} µs as HTTP "
        f"proxies; for 256 KB {b['nginx']:.0f} and {b['http']:.0f} µs, as HAProxy needs less for "
        f"each kilobyte. In TCP mode, which balances connections and reads no request, HAProxy "
        f"needs {a['tcp']:.1f} µs for 1 KB. Both are event-driven and hold what users open "
        f"({held['nginx']:,} and {held['http']:,} connections in this run); their limits are set "
        f"in their configuration.",
        f"作为 HTTP 代理，1 KB 时 nginx 用 {a['nginx']:.1f} µs CPU，HAProxy 用 {a['http']:.1f} µs；"
        f"256 KB 时为 {b['nginx']:.0f} 和 {b['http']:.0f} µs，因为 HAProxy 每 KB 花得少。TCP 模式均衡连接、"
        f"不读请求，1 KB 时 HAProxy 用 {a['tcp']:.1f} µs。两者都是事件驱动，用户开多少连接就保持多少（本次 "
        f"{held['nginx']:,} 和 {held['http']:,}），上限由配置决定。")


def draw(evidence, lang="en"):
    words = WORDS[lang]
    figure, plot = look.figure(lang, figsize=(5.5, 3))
    rows = evidence["cpu_us"]
    size = [row["size_kb"] for row in rows]
    for kind, style, color in (("nginx", "s--", "0.0"), ("http", "o-", look.ACCENT),
                               ("tcp", "^:", "0.5")):
        plot.loglog(size, [row[kind] for row in rows], style, color=color, label=words[kind])
    plot.set(xlabel=words["x"], ylabel=words["y"])
    plot.set_xticks(size, [str(s) for s in size])
    plot.set_yticks((20, 50, 100), ("20", "50", "100"))
    plot.minorticks_off()
    plot.legend()
    return figure


if __name__ == "__main__":
    experiment.main(__import__("c09_haproxy_and_nginx"))
