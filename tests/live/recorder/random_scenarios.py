"""Random scenarios: what is drawn depends on the seed alone."""

import random

from . import wide_scenarios
from .script import at, do, ha, held_script, ipv4s, ng, paths, req


def some_weights(r, n):
    top = r.choice([1, 3, 10, 100, 256])
    return [r.randrange(1, top + 1) for _ in range(n)]


def admin_stream(r, n, servers, dynamic):
    """Changes that HAProxy's runtime interface accepts of static methods, or of all."""
    events, state = [], {}
    for _ in range(n):
        k = r.randrange(servers)
        c = r.random()
        if c < 0.3:
            events.append(do("disable" if state.get(k) != "maint" else "enable", k))
            state[k] = "maint" if state.get(k) != "maint" else "up"
        elif c < 0.5 and state.get(k) != "maint":
            events.append(do("drain" if state.get(k) != "drain" else "ready", k))
            state[k] = "drain" if state.get(k) != "drain" else "up"
        elif dynamic:
            events.append(do("set_weight", k, r.choice([0, 1, r.randrange(1, 257),
                                                        r.randrange(1, 20)])))
        else:
            events.append(do("set_weight", k, r.choice(["0%", "100%"])))
    return events


def every(step, events):
    return [(step * (i + 1), event) for i, event in enumerate(events)]


def haproxy_servers(r):
    servers = [{"weight": w} for w in some_weights(r, r.randrange(2, 12))]
    if r.random() < 0.3:
        for server in servers[-r.randrange(1, max(2, len(servers) // 2)):]:
            server["backup"] = True
    return servers


def limited(r, servers, most):
    for server in servers:
        server["maxconn"] = r.randrange(1, most)


def options(r):
    return ["allbackups"] if r.random() < 0.3 else []


def haproxy_idle(r, name, balance, dynamic, steps, most):
    servers = haproxy_servers(r)
    script = []
    for event in admin_stream(r, steps, len(servers), dynamic):
        script += [event, req(r.randrange(1, most))]
    return ha(name, balance, servers, script, options=options(r))


def haproxy_roundrobin(r, name, seed):
    return haproxy_idle(r, name, "roundrobin", True, 30, 60)


def haproxy_static(r, name, seed):
    return haproxy_idle(r, name, "static-rr", False, 20, 40)


def haproxy_hash(r, name, seed):
    types = ["map-based", "map-based djb2", "consistent", "consistent wt6 avalanche",
             "consistent djb2"]
    hash_type = r.choice(types)
    servers = haproxy_servers(r)
    script = []
    for event in admin_stream(r, 12, len(servers), hash_type.startswith("consistent")):
        keys = ["/x?k=%d" % r.randrange(10**6) for _ in range(25)]
        script += [event, req(path=[key if r.random() < 0.8 else "/none" for key in keys])]
    return ha(name, "url_param k", servers, script, options=options(r), hash_type=hash_type)


def haproxy_bounded(r, name, seed):
    servers = haproxy_servers(r)
    script = held_script(seed, 280, r.randrange(8, 50), 0.58,
                         attr=lambda q: {"path": "/%d" % q.randrange(5)},
                         between=every(40, admin_stream(r, 6, len(servers), True)))
    return ha(name, "uri", servers, script, options=options(r), hash_type="consistent",
              hash_balance_factor=r.choice([101, 120, 150, 200, 400]))


def haproxy_random(r, name, seed):
    servers = haproxy_servers(r)
    if r.random() < 0.4:
        limited(r, servers, 6)
    script = held_script(seed, 280, r.randrange(8, 50), 0.58,
                         between=every(40, admin_stream(r, 6, len(servers), True)))
    return ha(name, "random(%d)" % r.randrange(1, 5), servers, script, options=options(r))


def haproxy_held(r, name, seed, balance):
    servers = haproxy_servers(r)
    if balance != "leastconn" or r.random() < 0.4:
        limited(r, servers, 6)
    changes = admin_stream(r, 8, len(servers), balance != "static-rr")
    places = sorted(r.randrange(20, 260) for _ in changes)
    script = held_script(seed, 280, r.randrange(8, 50), r.choice([0.52, 0.58, 0.65]),
                         between=list(zip(places, changes)))
    return ha(name, balance, servers, script, options=options(r))


def haproxy_leastconn(r, name, seed):
    return haproxy_held(r, name, seed, "leastconn")


def haproxy_first(r, name, seed):
    return haproxy_held(r, name, seed, "first")


def haproxy_queue(r, name, seed):
    return haproxy_held(r, name, seed, r.choice(["roundrobin", "static-rr"]))


def nginx_held(r, name, seed):
    servers = [{"weight": w} for w in some_weights(r, r.randrange(2, 12))]
    for server in servers:
        if r.random() < 0.5:
            server["max_conns"] = r.randrange(1, 6)
    if r.random() < 0.5:
        servers[-1]["backup"] = True
    return ng(name, r.choice(["least_conn", "round_robin"]), servers,
              held_script(seed, 300, r.randrange(5, 40), 0.6))


def nginx_random(r, name, seed):
    servers = [{"weight": w} for w in some_weights(r, r.randrange(2, 12))]
    for server in servers:
        if r.random() < 0.3:
            server["max_conns"] = r.randrange(1, 8)
    return ng(name, r.choice(["random", "random_two_least_conn"]), servers,
              [req(20)] + held_script(seed, 300, r.randrange(5, 40), 0.6))


def nginx_failing(r, name, algorithms, seconds):
    """Servers that refuse connections and come back, second by second."""
    n = r.randrange(2, 12)
    algorithm = r.choice(algorithms)
    servers = [{"weight": min(w, 12), "fail_timeout": r.randrange(1, 4),
                "max_fails": r.randrange(0, 4)} for w in some_weights(r, n)]
    for server in servers[1:]:
        if r.random() < 0.1:
            server["down"] = True
    if algorithm in ("round_robin", "least_conn") and r.random() < 0.3 and n > 2:
        servers[-1]["backup"] = True
        servers[-1].pop("down", None)
    script, off = [], set()
    for t in range(seconds):
        script.append(at(t, 0.3))
        for _ in range(4):
            k = r.randrange(n)
            script.append(do("listen_on" if k in off else "listen_off", k))
            off ^= {k}
            script.append(requests_for(r, algorithm, r.randrange(1, 20)))
    params = {"key": "$request_uri"} if algorithm.startswith("hash") else {}
    if r.random() < 0.3:
        params["proxy_next_upstream_tries"] = r.randrange(1, 4)
    return ng(name, algorithm, servers, script, **params)


def requests_for(r, algorithm, count):
    if algorithm == "ip_hash":
        return req(client_ip=ipv4s(r.random(), count))
    if algorithm.startswith("hash"):
        return req(path=paths(r.random(), count))
    return req(count)


def nginx_fail(r, name, seed):
    return nginx_failing(r, name, ["round_robin", "least_conn"], 6)


def nginx_hash(r, name, seed):
    return nginx_failing(r, name, ["ip_hash", "hash", "hash_consistent"], 4)


KINDS = {
    "nginx": [nginx_held, nginx_random, nginx_fail, nginx_hash, *wide_scenarios.NGINX],
    "haproxy": [haproxy_roundrobin, haproxy_static, haproxy_hash, haproxy_bounded, haproxy_random,
                haproxy_leastconn, haproxy_first, haproxy_queue, *wide_scenarios.HAPROXY],
}


def scenario(balancer, seed):
    """Seeds that follow one another take the kinds in turn."""
    kinds = KINDS[balancer]
    kind = kinds[seed % len(kinds)]
    name = kind.__name__.split("_", 1)[1] + "-%d" % seed
    return kind(random.Random("%s %d" % (balancer, seed)), name, seed)
