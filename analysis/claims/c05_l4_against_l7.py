#!/usr/bin/python3
"""C5: CPU for a request in an LVS-DR director (by its packets) and in nginx, by response size."""

import experiment
from experiment import look

CLAIM = experiment.both("Kernel L4 carries roughly ten times L7 per device.",
                        "内核四层每台设备的处理量约为七层的十倍。")
WORDS = {
    "en": {"x": "size of a response (KB)", "y": "CPU of a request (µs)", "l4": "LVS-DR (L4)",
           "l7": "nginx (L7)", "y2": "L7 over L4", "ten": "ten"},
    "zh": {"x": "响应大小（KB）", "y": "每个请求的 CPU（µs）", "l4": "LVS-DR（四层）",
           "l7": "nginx（七层）", "y2": "七层与四层之比", "ten": "十倍"},
}
SIZES_KB = (1, 4, 17, 64, 256)
WIDE = {"nic": "1Tbps"}  # so that the CPU is what is busiest


def cpu_us(result, tier, cores):
    """Seconds of work of the tier's cores over its requests."""
    nodes = experiment.tier(result, tier)
    busy = nodes[nodes.requests > 0]
    assert set(busy.utilization_of) == {"cpu"}
    work_s = float((busy.utilization * cores).sum()) * result.simulated_s
    return 1e6 * work_s / int(busy.requests.sum())


def measure(full=False):
    evidence = []
    for size in SIZES_KB:
        response = {name: dict(experiment.site("nginx")["workload"][name],
                               response=f"fixed {size}KB") for name in ("document", "asset")}
        sites = {"l4": ("vip", 1, experiment.site("lvs-dr-nginx", workload=response, vip=WIDE)),
                 "l7": ("proxies", 8, experiment.site(
                     "nginx", workload=response,
                     proxies=dict(WIDE, worker_connections="4M")))}
        row = {"size_kb": size}
        for layer, (tier, cores, document) in sites.items():
            result = experiment.run(document, pv="10M", duration="2min" if full else "20s")
            row[layer] = cpu_us(result, tier, cores)
        evidence.append(row)
    return evidence


def judge(evidence):
    ratio = {row["size_kb"]: row["l7"] / row["l4"] for row in evidence}
    small, portal = ratio[1], ratio[17]
    verdict = experiment.DOES_NOT
    if 7 < small < 14:
        verdict = experiment.HOLDS if portal > 7 else experiment.IN_PART
    return verdict, experiment.both(
        f"at 1 µs a packet, with an ACK for every second segment, a request costs "
        f"{evidence[0]['l4']:.1f} µs in the director against {evidence[0]['l7']:.1f} µs in nginx "
        f"for 1 KB: {small:.1f} times. The ACKs of a longer response pass the director, too: "
        f"{portal:.1f} times at the portal's 17 KB, {ratio[256]:.1f} times at 256 KB.",
        f"每个数据包 1 µs、每两个报文段一个 ACK 时，1 KB 的请求在调度器花 {evidence[0]['l4']:.1f} µs，"
        f"在 nginx 花 {evidence[0]['l7']:.1f} µs：{small:.1f} 倍。较长响应的 ACK 也经过调度器：门户的 17 KB 时 "
        f"{portal:.1f} 倍，256 KB 时 {ratio[256]:.1f} 倍。")


def draw(evidence, lang="en"):
    words = WORDS[lang]
    figure, (left, right) = look.figure(lang, 1, 2, figsize=(7.5, 3))
    size = [row["size_kb"] for row in evidence]
    left.loglog(size, [row["l7"] for row in evidence], "s--", color="0.0", label=words["l7"])
    left.loglog(size, [row["l4"] for row in evidence], "o-", color=look.ACCENT, label=words["l4"])
    right.semilogx(size, [row["l7"] / row["l4"] for row in evidence], "o-", color=look.ACCENT)
    right.axhline(10, color="0.5", linestyle=":", label=words["ten"])
    for plot, label in ((left, words["y"]), (right, words["y2"])):
        plot.set(xlabel=words["x"], ylabel=label)
        plot.set_xticks(size, [str(s) for s in size])
        plot.minorticks_off()
        plot.legend()
    right.set_ylim(0, None)
    return figure


if __name__ == "__main__":
    experiment.main(__import__("c05_l4_against_l7"))
