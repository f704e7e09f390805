"""Faults of fairness, one of each kind: `lbsim fairness` with the committed baseline must notice
every one.

Each is the file below sim/algorithms, a text that stands in it once, what is put in its place, and
the algorithm that it makes unfair.
"""

FAIRNESS_MUTATIONS = {
    "off by one in the cycle of IPVS rr": (
        "ipvs/rr.cpp", "next_ = at;", "next_ = at + 1;", "ipvs/rr"),
    "the last instead of the first on nginx's ties": (
        "nginx/rotation.cpp", "current[i] > current[best]) best = i;",
        "current[i] >= current[best]) best = i;", "nginx/round_robin"),
    "IPVS wlc ignores weight": (
        "ipvs/wlc.hpp", "b.load() * a.weight > a.load() * b.weight", "b.load() > a.load()",
        "ipvs/wlc"),
    "gdnsd squares weight": (
        "dns/gdnsd_weighted.cpp", "static_cast<std::uint64_t>(table()[record].weight)",
        "static_cast<std::uint64_t>(table()[record].weight * table()[record].weight)",
        "dns/gdnsd-weighted"),
    "HAProxy takes modulo for a consistent hash": (
        "haproxy/hash.cpp", 'if (!type.consistent && words[0] != "map-based") wrong();',
        'if (!type.consistent && words[0] != "map-based") wrong();\n  type.consistent = false;',
        "haproxy/uri"),
    "nginx draws its second choice with replacement": (
        "nginx/two_draws.hpp", "drawn != first && search.takes", "search.takes",
        "nginx/random_two_least_conn"),
    "HAProxy leastconn counts only requests that wait": (
        "haproxy/leastconn.cpp", "servers_[s].served + servers_[s].waiting;",
        "std::max(servers_[s].served, 1u) - 1 + servers_[s].waiting;", "haproxy/leastconn"),
    "a member of Apache's never recovers": (
        "apache/proxy_balancer.cpp", "now <= member.error_time + member.retry)",
        "now <= member.error_time + 1000 * member.retry)", "apache/byrequests"),
    "HAProxy ignores slow start": (
        "haproxy/servers.cpp", "if (!server.starting) return weight * kWeightSteps;",
        "if (!server.starting || scale_ != WeightScale::fixed) return weight * kWeightSteps;",
        "haproxy/roundrobin"),
    "HAProxy loses the sessions of a server that drains": (
        "haproxy/persistence.cpp", "values_[s] == value && servers[s].running",
        "values_[s] == value && servers[s].usable", "haproxy/roundrobin"),
    "nginx draws never reach the last unit of weight": (
        "nginx/random.cpp", "random_.next() % ranges_.total()",
        "random_.next() % std::max<std::uint32_t>(1, ranges_.total() - 1)", "nginx/random"),
}
