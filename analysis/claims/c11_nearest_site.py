#!/usr/bin/python3
"""C11: one site in the north for all users, or one in the north and one in the south, by nearness.

Sites that only DNS balances share nothing but its answer, so each is a run of its own.
"""

import experiment
from experiment import look

CLAIM = experiment.both("Nearest-site DNS lowers latency and the load per cluster.",
                        "按就近原则的 DNS 降低延迟，也减轻单个集群的负载。")
WORDS = {
    "en": {"x": "latency (ms)", "y": "requests at or below (%)", "one": "one site",
           "nearest": "two sites, the nearest", "load": "requests/s of a cluster",
           "central": "the one", "north": "north", "south": "south"},
    "zh": {"x": "延迟（ms）", "y": "不超过该延迟的请求（%）", "one": "一个站点",
           "nearest": "两个站点，就近", "load": "单个集群的请求/秒", "central": "唯一",
           "north": "北", "south": "南"},
}
# One way, in light's time through fibre and the last mile, as in parts/portal-workload.toml: within
# a region, and from the south (Guangzhou) to the north (Beijing).
NEAR, FAR = "8ms", "19ms"
SHARE = {"north": 0.6, "south": 0.4}


def group(name, latency):
    return {"name": name, "share": SHARE[name], "latency": latency, "resolvers": 100}


def measure(full=False):
    views_m = 20
    length = "10min" if full else "1min"
    one = experiment.run(experiment.site("nginx", clients=[group("north", NEAR),
                                                           group("south", FAR)]),
                         pv=f"{views_m}M", duration=length)
    sites = {name: experiment.run(experiment.site("nginx", clients=[group(name, NEAR)]),
                                  pv=f"{share * views_m:g}M", duration=length,
                                  set={"servers.count": 30})
             for name, share in SHARE.items()}
    nearest = sites["north"].latency + sites["south"].latency
    rate = {name: result.generated / result.simulated_s for name, result in sites.items()}
    return {"one": experiment.percentiles(one.latency), "nearest": experiment.percentiles(nearest),
            "rate": {"central": one.generated / one.simulated_s, **rate}}


def judge(evidence):
    one, nearest, rate = evidence["one"], evidence["nearest"], evidence["rate"]
    faster = all(nearest[p] <= one[p] * 1.001 for p in ("25", "50", "75"))
    lighter = max(rate["north"], rate["south"]) < 0.8 * rate["central"]
    verdict = experiment.HOLDS if faster and lighter else experiment.DOES_NOT
    return verdict, experiment.both(
        f"with a second site for the {100 * SHARE['south']:.0f} % of users in the south, who are "
        f"11 ms further away one way, the median latency falls from {one['50']:.1f} to "
        f"{nearest['50']:.1f} ms, and the busier cluster has {rate['north']:,.0f} requests/s "
        f"instead of {rate['central']:,.0f}. The slow tail is the servers' own: p99 "
        f"{one['99']:.0f} and {nearest['99']:.0f} ms.",
        f"为南方 {100 * SHARE['south']:.0f} % 的用户（单程远 11 ms）增设第二个站点后，延迟中位数从 "
        f"{one['50']:.1f} 降到 {nearest['50']:.1f} ms，较忙的集群每秒 {rate['north']:,.0f} 个请求，原为 "
        f"{rate['central']:,.0f}。慢的尾部来自服务器本身：p99 为 {one['99']:.0f} 和 "
        f"{nearest['99']:.0f} ms。")


def draw(evidence, lang="en"):
    words = WORDS[lang]
    figure, (left, right) = look.figure(lang, 1, 2, figsize=(7.5, 3), width_ratios=(3, 2))
    curves = {name: evidence[name] for name in ("one", "nearest")}
    experiment.draw_latencies(left, curves, words, (20, 50, 100, 200))
    experiment.draw_bars(right, {words[name]: evidence["rate"][name]
                                 for name in ("central", "north", "south")}, words["load"])
    return figure


if __name__ == "__main__":
    experiment.main(__import__("c11_nearest_site"))
