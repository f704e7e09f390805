#!/usr/bin/python3
"""C2: random picks against round robin, by volume; then both on unequal servers without weights."""

import experiment
from experiment import look

CLAIM = experiment.both("Random approaches round robin as volume grows, and takes over its "
                        "drawbacks.", "随机法随访问量增大趋向轮询，并带上轮询的缺点。")
WORDS = {
    "en": {"x": "requests", "y": "deviation of the servers' shares (%)", "random": "random",
           "round_robin": "round robin", "law": "one over the root of the requests",
           "busy": "use of a server (%)", "old": "slow", "new": "fast"},
    "zh": {"x": "请求数", "y": "各服务器份额的偏差（%）", "random": "随机", "round_robin": "轮询",
           "law": "请求数平方根的倒数", "busy": "服务器利用率（%）", "old": "慢", "new": "快"},
}
METHODS = ("round_robin", "random")


def site(method, weights):
    document = experiment.site("nginx", proxies={"kind": "balancer", "count": 1,
                                                 "method": f"nginx/{method}"})
    del document["proxies"]["worker_connections"]
    for group, weight in zip(document["servers"]["groups"], weights):
        group["weight"] = weight
    return document


def measure(full=False):
    few = {"servers.count": 8}
    evidence = {"volume": [], "busy": {}}
    for length in ("5s", "50s", "500s", "50min")[:4 if full else 3]:
        row = {}
        for method in METHODS:
            result = experiment.run(site(method, (4, 1)), pv="4M", duration=length, set=few)
            row[method] = float(result.pools.cv[0])
            row["requests"] = int(result.pools.picks.sum())
        evidence["volume"].append(row)
    for method in METHODS:
        result = experiment.run(site(method, (1, 1)), pv="5M", set=few,
                                duration="20min" if full else "4min")
        use = list(experiment.tier(result, "servers").utilization)
        evidence["busy"][method] = {"new": sum(use[:4]) / 4, "old": sum(use[4:]) / 4}
    return evidence


def judge(evidence):
    first, last = evidence["volume"][0], evidence["volume"][-1]
    growth = last["requests"] / first["requests"]
    approaches = last["random"] < 3 * first["random"] / growth ** 0.5
    busy = evidence["busy"]
    drawback = all(busy[m]["old"] > 3 * busy[m]["new"] for m in METHODS)
    verdict = experiment.HOLDS if approaches and drawback else experiment.DOES_NOT
    use = {m: f"{100 * busy[m]['old']:.0f} % / {100 * busy[m]['new']:.0f} %" for m in METHODS}
    return verdict, experiment.both(
        f"the servers' shares deviate by {100 * first['random']:.2f} % after "
        f"{first['requests']:,} requests and by {100 * last['random']:.2f} % after "
        f"{last['requests']:,}; without weights slow and fast servers are used "
        f"{use['random']} by random, {use['round_robin']} by round robin.",
        f"{first['requests']:,} 个请求后各服务器份额偏差 {100 * first['random']:.2f} %，"
        f"{last['requests']:,} 个后 {100 * last['random']:.2f} %；不设权重时慢、快服务器利用率为"
        f"随机 {use['random']}，轮询 {use['round_robin']}。")


def draw(evidence, lang="en"):
    words = WORDS[lang]
    figure, (left, right) = look.figure(lang, 1, 2, figsize=(7.5, 3), width_ratios=(3, 2))
    rows = evidence["volume"]
    volume = [row["requests"] for row in rows]
    law = [100 * rows[0]["random"] * (volume[0] / n) ** 0.5 for n in volume]
    left.loglog(volume, [100 * row["random"] for row in rows], "o-", color=look.ACCENT,
                label=words["random"])
    left.loglog(volume, [100 * max(row["round_robin"], 1e-7) for row in rows], "s--", color="0.0",
                label=words["round_robin"])
    left.loglog(volume, law, ":", color="0.35", label=words["law"])
    left.set(xlabel=words["x"], ylabel=words["y"])
    left.legend()
    for i, (kind, hatch) in enumerate((("new", ""), ("old", "////"))):
        right.bar([j + 0.4 * i for j in range(2)],
                  [100 * evidence["busy"][m][kind] for m in METHODS], 0.38, label=words[kind],
                  facecolor="0.85", edgecolor="0.0", hatch=hatch)
    right.set_xticks([0.2, 1.2], [words[m] for m in METHODS])
    right.set(ylabel=words["busy"], ylim=(0, 130))
    right.legend(ncols=2, loc="upper center")
    return figure


if __name__ == "__main__":
    experiment.main(__import__("c02_random"))
