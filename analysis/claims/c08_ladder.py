#!/usr/bin/python3
"""C8: which of the four topologies holds at which page views; and one nginx below 10M."""

import experiment
import ladder_chart

CLAIM = experiment.both(
    "Below 30M page views DNS round robin, from 30M nginx, at 50M HAProxy + Keepalived + nginx, "
    "from 100M LVS-DR + Keepalived + nginx; below 10M one nginx is enough.",
    "小于 3000 万 PV 用 DNS 轮询，3000 万以上用 nginx，5000 万用 HAProxy + Keepalived + nginx，"
    "1 亿以上用 LVS-DR + Keepalived + nginx；1000 万以下一台 nginx 就够。")
SITES = ("dns-only", "nginx", "haproxy-keepalived-nginx", "lvs-dr-nginx")
FULL = ("3M", "10M", "30M", "50M", "100M", "200M")
SMALL = ("200K", "700K", "7M", "13M")  # with 4 servers instead of 60, in about that proportion
SLO = "p99<=300ms,errors<=0.1%"


def measure(full=False):
    fewer = {} if full else {"servers.count": 4}
    sites = [experiment.lbsim.load(experiment.site(name)).changed(fewer) for name in SITES]
    volumes = FULL if full else SMALL
    ladder = experiment.lbsim.ladder(*sites, pv=volumes, slo=SLO).to_dict()
    one = experiment.site("nginx", proxies={"count": 1})
    alone = experiment.lbsim.load(one).changed({**fewer, "workload.page_views": volumes[1]})
    plan = experiment.lbsim.plan(alone, slo=SLO)
    return {"ladder": ladder, "one_nginx_holds": bool(plan.holds)}


def edges(evidence):
    """The highest volume at which each topology holds, and what breaks it above."""
    rows = evidence["ladder"]["rows"]
    found = {}
    for name in dict.fromkeys(row["topology"] for row in rows):
        mine = [row for row in rows if row["topology"] == name]
        held = [row["pv"] for row in mine if row["holds"]]
        broken = [row for row in mine if not row["holds"]]
        found[name] = (max(held, default=0), broken[0]["bottleneck"] if broken else "")
    return found


def judge(evidence):
    found = list(edges(evidence).values())
    volumes = sorted({row["pv"] for row in evidence["ladder"]["rows"]})
    dns_holds_above_its_step = found[0][0] >= volumes[-3]
    last_holds = found[3][0] >= volumes[-2]
    verdict = experiment.IN_PART if last_holds and evidence["one_nginx_holds"] else (
        experiment.DOES_NOT)
    if verdict == experiment.IN_PART and not dns_holds_above_its_step:
        verdict = experiment.HOLDS
    short = ladder_chart.volume
    said = {name: short(pv) for name, (pv, _) in edges(evidence).items()}
    text = ", ".join(f"{name} to {pv}" for name, pv in said.items())
    text_zh = "，".join(f"{name} 到 {pv}" for name, pv in said.items())
    enough = "is" if evidence["one_nginx_holds"] else "is not"
    enough_zh = "够" if evidence["one_nginx_holds"] else "不够"
    return verdict, experiment.both(
        f"with these servers every step of the ladder holds at its volume, and above it: {text}, "
        f"of those tested. What decides is the servers' CPU and the tiers' connection limits, not "
        f"the topology; the steps buy failover and even load. One nginx {enough} enough at "
        f"{short(volumes[1])}.",
        f"用这些服务器时，梯子的每一级在其访问量上都成立，更高也成立：所测之中{text_zh}。起决定作用的是"
        f"服务器 CPU 和各层的连接上限，不是拓扑；上一级换来的是故障切换和均匀负载。"
        f"{short(volumes[1])} 时一台 nginx {enough_zh}。")


def draw(evidence, lang="en"):
    return ladder_chart.draw(evidence["ladder"], lang)


if __name__ == "__main__":
    experiment.main(__import__("c08_ladder"))
