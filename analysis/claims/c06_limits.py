#!/usr/bin/python3
"""C6: a hardware pair before a site that gets nearly twice what it can do, and limits."""

import experiment
from experiment import look

CLAIM = experiment.both(
    "A hardware tier that cannot see application health overloads it; limits at two tiers prevent "
    "that.", "硬件接入层看不到应用状态，会压垮应用；在两层限流可以防止。")
WORDS = {
    "en": {"x": "latency of the requests that succeed (ms)", "y": "of them at or below (%)",
           "overload": "without limits", "overload-limits": "with limits",
           "pages": "complete pages/s", "without": "without", "with": "with"},
    "zh": {"x": "成功请求的延迟（ms）", "y": "不超过该延迟的（%）", "overload": "不限流",
           "overload-limits": "限流", "pages": "完整页面/秒", "without": "不限流", "with": "限流"},
}
SITES = ("overload", "overload-limits")


def measure(full=False):
    evidence = {}
    for name in SITES:
        result = experiment.run(experiment.site(name), duration="5min" if full else "60s")
        said = result.to_dict()
        access = experiment.tier(result, "access")
        evidence[name] = {
            "latency_ms": experiment.percentiles(result.latency),
            "pages_per_s": said["page_views"]["complete"] / result.simulated_s,
            "failed": said["requests"]["failed"], "generated": said["requests"]["generated"],
            "access_use": float(access.utilization.max())}
    return evidence


def judge(evidence):
    a, b = (evidence[name] for name in SITES)
    blind = a["access_use"] < 0.5 and a["latency_ms"]["99"] > 1000
    helped = b["latency_ms"]["99"] < 0.5 * a["latency_ms"]["99"]
    more = b["pages_per_s"] > 1.1 * a["pages_per_s"]
    verdict = experiment.HOLDS if blind and helped and more else experiment.DOES_NOT
    limited = b["failed"]["rate_limited"]
    return verdict, experiment.both(
        f"the device is used {100 * a['access_use']:.1f} % while the servers behind drown: p99 "
        f"{1e-3 * a['latency_ms']['99']:.1f} s and {a['pages_per_s']:.0f} complete pages/s. With "
        f"limits at both tiers {limited:,} of {b['generated']:,} requests are turned away at once; "
        f"the others have a p99 of {1e-3 * b['latency_ms']['99']:.2f} s, and "
        f"{b['pages_per_s']:.0f} pages/s are complete.",
        f"设备只用到 {100 * a['access_use']:.1f} %，后面的服务器却被淹没：p99 "
        f"{1e-3 * a['latency_ms']['99']:.1f} 秒，完整页面 {a['pages_per_s']:.0f} 个/秒。两层限流时，"
        f"{b['generated']:,} 个请求中有 {limited:,} 个立即被拒绝，其余的 p99 为 "
        f"{1e-3 * b['latency_ms']['99']:.2f} 秒，完整页面 {b['pages_per_s']:.0f} 个/秒。")


def draw(evidence, lang="en"):
    words = WORDS[lang]
    figure, (left, right) = look.figure(lang, 1, 2, figsize=(7.5, 3), width_ratios=(3, 2))
    curves = {name: evidence[name]["latency_ms"] for name in SITES}
    experiment.draw_latencies(left, curves, words, (20, 100, 1000, 4000))
    experiment.draw_bars(right, {words[word]: evidence[name]["pages_per_s"]
                                 for word, name in zip(("without", "with"), SITES)},
                         words["pages"])
    return figure


if __name__ == "__main__":
    experiment.main(__import__("c06_limits"))
