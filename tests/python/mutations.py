"""Faults, one in each place where a family decides: the recorded traces must notice every one, and
those that a scenario can reach must change a result on record, too.

Each is the file below sim/algorithms, a text that stands in it once, and what is put in its place.
"""

MUTATIONS = {
    "nginx ties go to the last peer": (
        "nginx/rotation.cpp", "current[i] > current[best]) best = i;",
        "current[i] >= current[best]) best = i;"),
    "nginx forgets a failure at once": (
        "nginx/peers.cpp", "limits.fails == 0 || limits.accessed >= limits.checked) return;",
        "limits.fails == 0) return;"),
    "nginx takes no weight from a peer that fails": (
        "nginx/peers.cpp", "effective[i] - weight[i] / limits.max_fails", "effective[i]"),
    "nginx ends a quarantine a second late": (
        "nginx/peers.cpp", "limits_[i].checked + limits_[i].timeout + 1",
        "limits_[i].checked + limits_[i].timeout + 2"),
    "nginx hashes with the low bits": (
        "nginx/hash.cpp", "value() >> 16 & 0x7fff", "value() & 0x7fff"),
    "HAProxy moves a server behind its equals though its load is the same": (
        "haproxy/leastconn.cpp", "(in_flight + 1) * kLoadScale", "in_flight * kLoadScale"),
    "HAProxy serves the largest priority class first": (
        "haproxy/queue.cpp", "return lane.priority < p;", "return lane.priority > p;"),
    "HAProxy starts no request from the backend's queue": (
        "haproxy/backend_queues.cpp",
        "const bool from_backend = server.usable && servers_.in_serving_group(s);",
        "const bool from_backend = false;"),
    "HAProxy ignores cookies of servers that drain": (
        "haproxy/persistence.cpp", "values_[s] == value && servers[s].running",
        "values_[s] == value && servers[s].usable"),
    "HAProxy ends slow starts at half time": (
        "haproxy/servers.cpp", "now_s >= server.changed_s + server.slow_start_s)",
        "now_s >= server.changed_s + server.slow_start_s / 2)"),
    "HAProxy gives the static table to the first backup": (
        "haproxy/map.cpp", "scores[i] / total > scores[best] / total", "scores[i] < scores[i]"),
    "IPVS wlc ties go to the last server": (
        "ipvs/wlc.hpp", "b.load() * a.weight > a.load() * b.weight",
        "b.load() * a.weight >= a.load() * b.weight"),
    "IPVS rr does not step back when its server goes": (
        "ipvs/rr.cpp", "if (position < next_) --next_;", "if (position > next_) --next_;"),
    "IPVS forgets TIME_WAIT after 100 s": (
        "ipvs/states.cpp", "return 120;", "return 100;"),
    "IPVS persists by address where it should by network": (
        "ipvs/persistence.cpp", "const std::uint32_t network = client & config_.netmask;",
        "const std::uint32_t network = client;"),
    "IPVS keeps a template in use for half a minute": (
        "ipvs/persistence.cpp", "fired.timeout = 60 * kTicksPerSecond;",
        "fired.timeout = 30 * kTicksPerSecond;"),
    "Apache ties go to the last member": (
        "apache/byrequests.cpp", "member.lbstatus > best->lbstatus",
        "member.lbstatus >= best->lbstatus"),
    "Apache does not mark members that refuse": (
        "apache/proxy_balancer.cpp", "members_[server].in_error = true;",
        "members_[server].in_error = false;"),
    "Apache retries at half time": (
        "apache/proxy_balancer.cpp", "now <= member.error_time + member.retry)",
        "now <= member.error_time + member.retry / 2)"),
    "Apache does not charge sticky requests": (
        "apache/proxy_balancer.cpp", "members_[server].lbstatus -= sum;",
        "members_[server].lbstatus -= 0;"),
    "mod_jk scans from the first member each time": (
        "apache/jk_balancer.cpp", "next_[process_] = server + 1;", "next_[process_] = 0;"),
    "mod_jk does not decay": (
        "apache/jk_balancer.cpp", "if (halves) member.value >>= std::min(exponent, 63u);",
        "if (halves) member.value >>= 0u * exponent;"),
    "BIND rotates backwards": (
        "dns/bind.cpp", "rotated_left(base, counter++)", "rotated_left(base, counter--)"),
    "Unbound gives up an entry a second early": (
        "dns/unbound_cache.cpp", "if (rest_s >= 0) {", "if (rest_s > 0) {"),
    "dnsmasq's counter stands still": (
        "dns/dnsmasq_cache.cpp", "next_first_ == 0 ? n - 1 : next_first_ - 1",
        "next_first_ == 0 ? n - n : next_first_ - 0"),
    "gdnsd wants one more address to live": (
        "dns/gdnsd_failover.cpp", "live.size() >= gdnsd_needed", "live.size() > gdnsd_needed"),
    "Knot rotates one step too far": (
        "dns/knot.cpp", "rotated_left(canonical_, query.id)",
        "rotated_left(canonical_, query.id + 1u)"),
}

# What kind of fault it is, and the small site of golden/picks whose result it changes. The others
# are in what no scenario has: cookies, priorities, hashed paths, slow starts, mod_jk, most of DNS.
SCENARIOS = {
    "nginx ties go to the last peer": ("tie-break", "nginx-failures"),
    "nginx forgets a failure at once": ("failure accounting", "nginx-failures"),
    "nginx takes no weight from a peer that fails": ("failure accounting", "nginx-least-conn"),
    "nginx ends a quarantine a second late": ("timer", "nginx-failures"),
    "HAProxy moves a server behind its equals though its load is the same":
        ("tie-break", "haproxy-leastconn"),
    "HAProxy starts no request from the backend's queue": ("queue order", "haproxy-queue"),
    "IPVS wlc ties go to the last server": ("tie-break", "ipvs-wlc"),
    "IPVS rr does not step back when its server goes": ("failure accounting", "ipvs-rr"),
    "IPVS forgets TIME_WAIT after 100 s": ("timer", "ipvs-wlc"),
    "IPVS persists by address where it should by network": ("persistence", "ipvs-persistent"),
    "Apache ties go to the last member": ("tie-break", "apache-byrequests"),
    "Apache does not mark members that refuse": ("failure accounting", "apache-byrequests"),
    "Apache retries at half time": ("timer", "apache-byrequests"),
    "BIND rotates backwards": ("tie-break", "bind-cyclic"),
    "Unbound gives up an entry a second early": ("timer", "bind-cyclic"),
}
