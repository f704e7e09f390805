#!/usr/bin/python3
"""C4: one site whose directors have cards of 1 Gbit/s, with NAT, DR and TUN, by page views."""

import experiment
from experiment import look

CLAIM = experiment.both("NAT is limited by the director; DR and TUN are not.",
                        "NAT 受限于调度器；DR 和 TUN 不受限。")
WORDS = {
    "en": {"x": "page views a day (millions)", "y": "99th percentile of latency (s)",
           "y2": "offered to the director's card (Gbit/s)", "card": "the card's bandwidth"},
    "zh": {"x": "每日页面浏览量（百万）", "y": "延迟第 99 百分位（秒）",
           "y2": "交给调度器网卡的（Gbit/s）", "card": "网卡带宽"},
}
MODES = ("nat", "dr", "tun")


def measure(full=False):
    volumes = (10, 20, 30, 40, 60) if full else (10, 40)
    evidence = {"capacity_rps": {}, "runs": []}
    for mode in MODES:
        document = experiment.site("lvs-dr-nginx", vip={"mode": mode, "nic": "1Gbps"})
        checked = experiment.lbsim.load(document).check(pv="20M")
        evidence["capacity_rps"][mode] = float(checked.capacity_rps)
        for volume in volumes:
            result = experiment.run(document, pv=f"{volume}M", duration="1min" if full else "15s")
            director = experiment.tier(result, "vip").iloc[0]
            evidence["runs"].append({
                "mode": mode, "volume_m": volume, "failed": result.error_share,
                "p99_ms": float(result.latency.percentile(99)),
                "gbps": 8e-9 * int(director.bytes_out) / result.simulated_s})
    return evidence


def rows_of(evidence, mode):
    return [row for row in evidence["runs"] if row["mode"] == mode]


def judge(evidence):
    capacity = evidence["capacity_rps"]
    failed = {mode: rows_of(evidence, mode)[-1]["failed"] for mode in MODES}
    p99 = {mode: rows_of(evidence, mode)[-1]["p99_ms"] for mode in MODES}
    sent = {mode: rows_of(evidence, mode)[0]["gbps"] for mode in MODES}
    limited = p99["nat"] > 5 * p99["dr"] and capacity["nat"] < 0.5 * capacity["dr"]
    free = max(failed["dr"], failed["tun"]) < 0.001 and capacity["dr"] == capacity["tun"]
    verdict = experiment.HOLDS if limited and free else experiment.DOES_NOT
    low, top = (rows_of(evidence, "nat")[i]["volume_m"] for i in (0, -1))
    return verdict, experiment.both(
        f"with cards of 1 Gbit/s the max-flow of the site is {capacity['nat']:,.0f} requests/s "
        f"with NAT, where the director's card is the cut, and {capacity['dr']:,.0f} with DR and "
        f"TUN, where it is not; at {top}M the p99 is {1e-3 * p99['nat']:.1f} s with NAT, where "
        f"{100 * failed['nat']:.1f} % of requests fail, and {1e-3 * p99['dr']:.2f} s with DR. "
        f"At {low}M the director passes {sent['nat'] / sent['dr']:.0f} times as much with NAT.",
        f"网卡为 1 Gbit/s 时，站点最大流在 NAT 下为 {capacity['nat']:,.0f} 请求/秒（割在调度器网卡），"
        f"DR 和 TUN 下为 {capacity['dr']:,.0f}；{top}M 时 NAT 的 p99 为 {1e-3 * p99['nat']:.1f} 秒，"
        f"{100 * failed['nat']:.1f} % 的请求失败，DR 的 p99 为 {1e-3 * p99['dr']:.2f} 秒。"
        f"{low}M 时 NAT 调度器转发的字节是 DR 的 "
        f"{sent['nat'] / sent['dr']:.0f} 倍。")


def draw(evidence, lang="en"):
    words = WORDS[lang]
    figure, (left, right) = look.figure(lang, 1, 2, figsize=(7.5, 3))
    styles = {"nat": ("o-", look.ACCENT), "dr": ("s--", "0.0"), "tun": ("^:", "0.5")}
    for mode, (style, color) in styles.items():
        rows = rows_of(evidence, mode)
        volume = [row["volume_m"] for row in rows]
        left.plot(volume, [1e-3 * row["p99_ms"] for row in rows], style, color=color,
                  label=mode.upper())
        right.plot(volume, [row["gbps"] for row in rows], style, color=color, label=mode.upper())
    right.axhline(1, color="0.5", linestyle="-.", label=words["card"])
    for plot, label in ((left, words["y"]), (right, words["y2"])):
        plot.set(xlabel=words["x"], ylabel=label, ylim=(-0.05, None), xlim=(0, None))
    right.legend()
    return figure


if __name__ == "__main__":
    experiment.main(__import__("c04_nat"))
