#!/usr/bin/python3
"""C1: four unequal servers behind DNS and behind nginx; then one of them loses power."""

import experiment
from experiment import look

CLAIM = experiment.both("DNS cannot see server differences or state, and its changes take effect "
                        "late.", "DNS 看不到服务器的差异和状态，而且修改生效迟。")
WORDS = {
    "en": {"dns": "DNS, TTL {ttl} s", "nginx": "nginx", "x": "minutes after the crash",
           "y": "failed requests a minute (%)"},
    "zh": {"dns": "DNS，TTL {ttl} 秒", "nginx": "nginx", "x": "故障后的分钟数",
           "y": "每分钟失败的请求（%）"},
}
TTLS_S = (60, 300, 1200)
CRASH_MINUTE = 2
NEW, OLD = slice(0, 2), slice(2, 4)  # of the four servers; a new one is four times as fast


def failures(result):
    """Percent of the requests of each minute, from that of the crash on."""
    windows = result.windows[CRASH_MINUTE:]
    return [100 * failed / max(requests, 1)
            for failed, requests in zip(windows.failed, windows.requests)]


def measure(full=False):
    few = {"servers.count": 4, "workload.session.pages": 1}
    crash = [{"at": f"21:0{CRASH_MINUTE}", "node": "servers.1", "kind": "crash"}]
    options = {"pv": "2M" if full else "1M", "window": "21:00-21:30", "windows": "60s"}
    evidence = {"share": {}, "late": {}}
    for name, front in (("dns", "dns-only"), ("nginx", "nginx")):
        result = experiment.run(experiment.site(front), set=few, **options)
        servers = experiment.tier(result, "servers").requests
        evidence["share"][name] = int(servers[NEW].sum()) / int(servers[OLD].sum())
    for ttl in TTLS_S:
        document = experiment.site("dns-only", dns={"ttl": f"{ttl}s"}, fault=crash)
        evidence["late"][str(ttl)] = failures(experiment.run(document, set=few, **options))
    document = experiment.site("nginx", fault=crash)
    evidence["late"]["nginx"] = failures(experiment.run(document, set=few, **options))
    return evidence


def minutes_of_failures(series):
    """Until less than a tenth of the worst minute fails."""
    return max((i + 1 for i, y in enumerate(series) if y > 0.1 * max(series) > 0), default=0)


def judge(evidence):
    share, late = evidence["share"], evidence["late"]
    minutes = [minutes_of_failures(late[str(ttl)]) for ttl in TTLS_S]
    blind = share["dns"] < 1.3 < 3 < share["nginx"]
    # Answers were fetched in the minutes before the crash.
    tardy = all(60 * m >= ttl - 60 * CRASH_MINUTE for m, ttl in zip(minutes, TTLS_S))
    tardy = tardy and minutes[0] < minutes[1] < minutes[2]
    nginx = max(late["nginx"])
    verdict = experiment.HOLDS if blind and tardy else experiment.DOES_NOT
    return verdict, experiment.both(
        f"servers four times as fast get {share['dns']:.2f} times the requests by DNS, "
        f"{share['nginx']:.2f} times by nginx; after a crash {CRASH_MINUTE} minutes into the run "
        f"users fail for {minutes[0]}, {minutes[1]} and {minutes[2]} minutes with a TTL of 1, 5 "
        f"and 20 minutes, behind nginx {nginx:.2f} % of one minute's requests at most.",
        f"快四倍的服务器经 DNS 得到 {share['dns']:.2f} 倍的请求，经 nginx 得到 {share['nginx']:.2f} 倍；"
        f"运行 {CRASH_MINUTE} 分钟后发生故障，TTL 为 1、5、20 分钟时用户失败持续 "
        f"{minutes[0]}、{minutes[1]}、{minutes[2]} 分钟，"
        f"nginx 之后任一分钟最多 {nginx:.2f} %。")


def draw(evidence, lang="en"):
    words = WORDS[lang]
    figure, plot = look.figure(lang, figsize=(6, 3))
    labels = {**{str(ttl): words["dns"].format(ttl=ttl) for ttl in TTLS_S},
              "nginx": words["nginx"]}
    for (name, label), (line, grey) in zip(labels.items(), look.LINES):
        series = evidence["late"][name]
        accent = {"color": look.ACCENT} if name == "nginx" else {"color": grey}
        plot.step(range(len(series)), series, where="post", linestyle=line, label=label, **accent)
    plot.set(xlabel=words["x"], ylabel=words["y"], ylim=(0, None), xlim=(0, None))
    plot.legend()
    return figure


if __name__ == "__main__":
    experiment.main(__import__("c01_dns_is_blind"))
