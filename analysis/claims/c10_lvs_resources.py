#!/usr/bin/python3
"""C10: what the first tier sends and works, and how many machines stand before the servers."""

import experiment
from experiment import look

CLAIM = experiment.both(
    "LVS carries no response traffic and needs few resources, yet takes more machines.",
    "LVS 不产生响应流量、资源消耗低，但耗费的机器比较多。")
WORDS = {
    "en": {"sent": "sent (GB)", "cpu": "CPU (core seconds)", "machines": "machines",
           "vip": "LVS directors", "proxies": "nginx behind them", "nginx": "nginx alone"},
    "zh": {"sent": "发送（GB）", "cpu": "CPU（核秒）", "machines": "机器数",
           "vip": "LVS 调度器", "proxies": "其后的 nginx", "nginx": "仅 nginx"},
}
WIDE = {"nic": "1Tbps"}  # so that the CPU is what is busiest


def used(result, tier, cores):
    nodes = experiment.tier(result, tier)
    cpu = nodes[nodes.utilization_of == "cpu"]
    return {"sent_gb": 1e-9 * int(nodes.bytes_out.sum()), "machines": len(nodes),
            "cpu_core_s": float(cpu.utilization.sum()) * cores * result.simulated_s}


def measure(full=False):
    options = {"pv": "40M", "duration": "5min" if full else "30s"}
    many = dict(WIDE, worker_connections="4M", count=2)  # as many as without LVS
    lvs = experiment.run(experiment.site("lvs-dr-nginx", vip=WIDE, proxies=many), **options)
    nginx = experiment.run(experiment.site("nginx", proxies=many), **options)
    return {"vip": used(lvs, "vip", 1), "proxies": used(lvs, "proxies", 8),
            "nginx": used(nginx, "proxies", 8)}


def judge(evidence):
    vip, behind, nginx = evidence["vip"], evidence["proxies"], evidence["nginx"]
    light = vip["sent_gb"] < 0.2 * nginx["sent_gb"]
    cheap = vip["cpu_core_s"] < 0.5 * nginx["cpu_core_s"]
    more = vip["machines"] + behind["machines"] > nginx["machines"]
    verdict = experiment.HOLDS if light and cheap and more else experiment.DOES_NOT
    return verdict, experiment.both(
        f"for the same 40M page views the directors send {vip['sent_gb']:.2f} GB (requests only) "
        f"and use {vip['cpu_core_s']:.0f} core seconds; nginx, {nginx['sent_gb']:.1f} GB and "
        f"{nginx['cpu_core_s']:.0f}. But the directors come on top of the proxies: "
        f"{vip['machines'] + behind['machines']} machines instead of {nginx['machines']}.",
        f"同样的 40M PV，调度器发送 {vip['sent_gb']:.2f} GB（只有请求），用 {vip['cpu_core_s']:.0f} 核秒；"
        f"nginx 发送 {nginx['sent_gb']:.1f} GB，用 {nginx['cpu_core_s']:.0f} 核秒。但调度器是在代理之外加的："
        f"{vip['machines'] + behind['machines']} 台而不是 {nginx['machines']} 台。")


def draw(evidence, lang="en"):
    words = WORDS[lang]
    figure, plots = look.figure(lang, 1, 3, figsize=(7.5, 2.6))
    tiers = ("vip", "proxies", "nginx")
    for plot, (field, label) in zip(plots, (("sent_gb", "sent"), ("cpu_core_s", "cpu"),
                                            ("machines", "machines"))):
        plot.bar(range(3), [evidence[tier][field] for tier in tiers], facecolor="0.85",
                 edgecolor="0.0", hatch=["", "////", ".."])
        plot.patches[0].set_facecolor(look.ACCENT)
        plot.set_xticks(range(3), [words[tier].replace(" ", "\n", 1) for tier in tiers],
                        fontsize=8)
        plot.set(title=words[label])
    plots[2].set_yticks((0, 1, 2))
    return figure


if __name__ == "__main__":
    experiment.main(__import__("c10_lvs_resources"))
