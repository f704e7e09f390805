"""Random scenarios that combine what random_scenarios.py keeps apart: hash inputs and cookies with
queues, slow starts with new weights, refused connections with limits, reloads, several workers."""

from .script import at, do, ha, held_script, ipv4s, ng, op, paths, req

HASHES = ["", "sdbm", "djb2", "wt6", "crc32"]
USERS = ["ann", "bob, eve", " carl ", "dora", "e", "fred,gina , hans", "www.ex.org"]
HOSTS = ["www.ex.org", "ex.org", "localhost", "a.b.c.ex.com", "192.0.2.7", ".x", "y."]


def hash_type(r):
    words = [r.choice(["map-based", "consistent"]), r.choice(HASHES)]
    if words[1] and r.random() < 0.5:
        words.append("avalanche")
    return " ".join(word for word in words if word)


def address(r):
    if r.random() < 0.3:
        return "2001:db8:%x::%x" % (r.randrange(4), r.randrange(1, 5000))
    return ipv4s(r.random(), 1)[0]


def target(r):
    path = r.choice(paths(r.random(), 3))
    if r.random() < 0.3:
        path = path.split("?")[0] + "?a=1&k=%d" % r.randrange(30)
    return "http://h%d.ex%s" % (r.randrange(3), path) if r.random() < 0.15 else path


def hash_balance(r):
    """A balance line that reads the request, and what else the scenario needs for it."""
    uri = r.choice(["", " whole", " path-only", " depth %d" % r.randrange(1, 5),
                    " len %d" % r.randrange(2, 30), " whole len 20", " depth 2 whole",
                    " path-only depth 1"])
    line = r.choice(["source", "uri" + uri, "uri" + uri, "url_param k", "hdr(X-User)", "hdr(Host)",
                     "hdr(X-User) use_domain_only", "hash req.hdr(X-User)", "hash path",
                     "hash pathq", "hash url", "hash src", "hash url_param(k)",
                     "hash req.cook(U)"])
    extra = {"hash_type": hash_type(r)}
    if "X-User" in line:
        extra["header_name"] = "X-User"
    if "Host" in line:
        extra["header_name"] = "Host"
    if extra["hash_type"].startswith("consistent") and r.random() < 0.3:
        extra["hash_balance_factor"] = r.choice([101, 110, 150, 300])
    return line, extra


def request_inputs(r, line, cookies):
    """What one open request brings, as fields of its event."""
    fields = {}
    if r.random() < 0.9:
        fields["path"] = target(r)
    if r.random() < 0.8:
        fields["client_ip"] = address(r)
    if "Host" in line and r.random() < 0.8:
        fields["header"] = r.choice(HOSTS)
        fields.pop("path", None)
    elif "X-User" in line and r.random() < 0.8:
        fields["header"] = r.choice(USERS).strip()
    jar = []
    if cookies and r.random() < 0.4:
        jar.append("SRV=c%d" % r.randrange(cookies + 1))
    if "cook" in line and r.random() < 0.8:
        jar.append("U=%d" % r.randrange(9))
    if jar:
        fields["cookie"] = "; ".join(r.sample(jar, len(jar)))
    return fields


def haproxy_servers(r, least=2):
    top = r.choice([1, 3, 20, 256])
    servers = [{"weight": r.randrange(1, top + 1)} for _ in range(r.randrange(least, 10))]
    if r.random() < 0.3:
        for server in servers[-r.randrange(1, max(2, len(servers) // 2)):]:
            server["backup"] = True
    if r.random() < 0.3:
        for server, number in zip(servers, r.sample(range(1, 3000), len(servers))):
            server["id"] = number
    if r.random() < 0.15:
        r.choice(servers)["weight"] = 0
    if r.random() < 0.15 and len(servers) > 2:
        servers[r.randrange(1, len(servers))]["disabled"] = True
    return servers


def limit(r, servers, params):
    for server in servers:
        if r.random() < 0.8:
            server["maxconn"] = r.randrange(1, 7)
            if r.random() < 0.3:
                server["minconn"] = 1
                params["fullconn"] = r.choice([6, 10, 20, 40])


def give_cookies(r, servers, params):
    params["cookie"] = "SRV " + r.choice(["insert", "insert indirect nocache", "rewrite", "prefix"])
    for i, server in enumerate(servers):
        if r.random() < 0.8:
            server["cookie"] = "c%d" % i
    return len(servers)


def changes(r, count, servers, dynamic, limited, kept=None):
    """Operators' changes, of all servers but one; HAProxy accepts needless ones, too."""
    events = []
    for _ in range(count):
        k = r.choice([k for k in range(servers) if k != kept])
        action = r.choice(["disable", "enable", "drain", "ready", "set_weight", "set_weight"])
        if limited and r.random() < 0.25:
            events.append(do("set_maxconn", k, r.randrange(1, 9)))
        elif action != "set_weight":
            events.append(do(action, k))
        elif dynamic:
            events.append(do(action, k, r.choice([0, 1, r.randrange(1, 257), r.randrange(1, 20),
                                                  "50%", "200%", "0%", "100%"])))
        else:
            events.append(do(action, k, r.choice(["0%", "100%"])))
    return events


def spread(r, events, last):
    places = sorted(r.randrange(10, last) for _ in events)
    return list(zip(places, events))


def haproxy_busy(r, name, seed, line, extra):
    """Held requests, limits, cookies, priorities and operators, all at once."""
    servers, params = haproxy_servers(r), dict(extra)
    limited = r.random() < 0.7
    if limited:
        limit(r, servers, params)
    cookies = give_cookies(r, servers, params) if r.random() < 0.4 else 0
    # A request that leaves its queue must find a server: a trace cannot say that it found none.
    kept = next((i for i, s in enumerate(servers)
                 if s["weight"] and not s.get("disabled") and not s.get("backup")), None)
    options = ["allbackups"]
    if kept is not None:
        options.append(r.choice(["redispatch", "redispatch 1"]))
    params["options"] = [option for option in options if r.random() < 0.4]
    priorities = limited and r.random() < 0.3
    if priorities:
        params["priority"] = True

    def attributes(q):
        fields = request_inputs(q, line, cookies)
        if priorities:
            fields["priority"] = q.choice([-3, 0, 0, 5])
        return fields

    dynamic = line != "static-rr" and not params.get("hash_type", "").startswith("map")
    between = spread(r, changes(r, 10, len(servers), dynamic, limited, kept), 200)
    script = held_script(seed, 220, r.randrange(6, 40), r.choice([0.52, 0.6]), attr=attributes,
                         between=between)
    return ha(name, line, servers, script, **params)


def haproxy_busyhash(r, name, seed):
    return haproxy_busy(r, name, seed, *hash_balance(r))


def haproxy_busyturns(r, name, seed):
    line = r.choice(["roundrobin", "static-rr", "leastconn", "first", "random(2)", "random(1)"])
    return haproxy_busy(r, name, seed, line, {})


def haproxy_slowstart(r, name, seed):
    servers = haproxy_servers(r)
    for server in servers:
        if r.random() < 0.7:
            server["slowstart"] = r.randrange(1, 8)
    line = r.choice(["roundrobin", "leastconn", "random", "uri"])
    params = {"hash_type": "consistent"} if line == "uri" else {}
    script = []
    # A weight moves each second from the moment of a change: later or earlier in its second than
    # the next changes, so that their order is certain.
    step = r.choice([-0.05, 0.05])
    for t in range(7):
        script.append(at(t, 0.3 + step * (t - 3)))
        script += changes(r, r.randrange(1, 4), len(servers), True, False)
        script.append(at(t, 0.65))
        script.append(req(path=paths(r.random(), 25)) if line == "uri" else req(40))
    return ha(name, line, servers, script, **params)


def haproxy_refused(r, name, seed):
    servers = haproxy_servers(r, least=3)
    line = r.choice(["roundrobin", "static-rr", "uri", "leastconn", "first"])
    params = {"options": ["redispatch 1"], "retries": r.randrange(1, 5)}
    if line == "uri":
        params["hash_type"] = hash_type(r)
    usable = [i for i, s in enumerate(servers)
              if s["weight"] and not s.get("disabled") and not s.get("backup")]
    script = []
    for k in usable[1:3]:
        script += [do("listen_off", k)]
        script.append(req(path=paths(r.random(), 20)) if line == "uri" else req(20))
        script += [do("listen_on", k), req(8)]
    return ha(name, line, servers, script, **params)


def nginx_servers(r, weight_most=12):
    servers = [{"weight": r.randrange(1, weight_most + 1)} for _ in range(r.randrange(2, 10))]
    for server in servers[1:]:
        if r.random() < 0.1:
            server["down"] = True
    return servers


KEYS = ["$request_uri", "$arg_k", "$uri", "x$arg_k-$request_uri", "$remote_addr", "$args"]


def nginx_params(r, algorithm):
    params = {"key": r.choice(KEYS[:2])} if algorithm.startswith("hash") else {}
    if r.random() < 0.2:
        params["proxy_next_upstream"] = "off"
    elif r.random() < 0.3:
        params["proxy_next_upstream_tries"] = r.randrange(1, 5)
    return params


def nginx_requests(r, algorithm, count):
    if algorithm == "ip_hash":
        return req(client_ip=[address(r) for _ in range(count)])
    if algorithm.startswith("hash"):
        return req(path=[target(r).split("://")[-1] if r.random() < 0.0 else
                         r.choice(["/p?k=%d" % r.randrange(40), "/q", "/r?k=", "/?a=1&K=u&k=v"])
                         for _ in range(count)])
    return req(count)


ALGORITHMS = ["round_robin", "least_conn", "ip_hash", "hash", "hash_consistent"]


def nginx_reload(r, name, seed):
    algorithm = r.choice(ALGORITHMS)
    servers = nginx_servers(r)
    if algorithm in ALGORITHMS[:2] and r.random() < 0.4:
        servers[-1].pop("down", None)
        servers[-1]["backup"] = True
    script = []
    for _ in range(3):
        script.append(nginx_requests(r, algorithm, r.randrange(5, 40)))
        sets = [{"server": k, "weight": r.randrange(1, 9), "down": k > 0 and r.random() < 0.4}
                for k in r.sample(range(len(servers) - 1), 1 + (len(servers) > 3))]
        script.append({"action": "reload", "set": sets})
    script.append(nginx_requests(r, algorithm, 30))
    params = nginx_params(r, algorithm)
    if r.random() < 0.4:
        params["zone"] = True
    return ng(name, algorithm, servers, script, **params)


def nginx_workers(r, name, seed):
    algorithm = r.choice(["round_robin", "least_conn", "hash", "hash_consistent"])
    workers = r.randrange(2, 4)
    params = dict(nginx_params(r, algorithm), workers=workers)
    if r.random() < 0.5:
        params["zone"] = True
    script = [{"action": "workers"}]
    for _ in range(6):
        event = nginx_requests(r, algorithm, r.randrange(4, 30))
        count = event.pop("count", None) or len(event["path"])
        script.append(dict(event, via=[r.randrange(workers) for _ in range(count)]))
    return ng(name, algorithm, nginx_servers(r), script, **params)


def nginx_trouble(r, name, seed):
    """Failures while other requests are held, with limits and backups."""
    algorithm = r.choice(["round_robin", "least_conn"])
    servers = nginx_servers(r)
    for server in servers:
        server["fail_timeout"] = r.randrange(1, 4)
        server["max_fails"] = r.randrange(0, 4)
        if r.random() < 0.5:
            server["max_conns"] = r.randrange(1, 6)
    for server in servers[len(servers) - r.randrange(0, 3):] if len(servers) > 3 else []:
        server.pop("down", None)
        server["backup"] = True
    script, off, live, number = [], set(), [], 0
    for t in range(6):
        script.append(at(t, 0.25))
        for _ in range(2):
            k = r.randrange(len(servers))
            script.append(do("listen_on" if k in off else "listen_off", k))
            off ^= {k}
        for _ in range(r.randrange(10, 30)):
            if live and r.random() < 0.45:
                script.append({"action": "finish", "id": live.pop(r.randrange(len(live)))})
            elif r.random() < 0.2:
                script.append(req(r.randrange(1, 6)))
            else:
                script.append(op(number))
                live.append(number)
                number += 1
    params = nginx_params(r, algorithm)
    return ng(name, algorithm, servers, script, **params)


NGINX = [nginx_reload, nginx_workers, nginx_trouble]
HAPROXY = [haproxy_busyhash, haproxy_busyturns, haproxy_slowstart, haproxy_refused]
