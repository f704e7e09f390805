"""The words that scenarios are written in."""

import random


def ng(id, algorithm, servers, script, note=None, **params):
    d = {"id": "nginx-" + id, "balancer": "nginx", "algorithm": algorithm,
         "params": params, "servers": servers, "script": script}
    if note:
        d["note"] = note
    return d


def ha(id, balance, servers, script, note=None, **params):
    alg = balance.split("(")[0].split()[0]
    params["balance"] = balance
    d = {"id": "haproxy-" + id, "balancer": "haproxy", "algorithm": alg,
         "params": params, "servers": servers, "script": script}
    if note:
        d["note"] = note
    return d


def req(n=None, **kw):
    e = {"action": "requests"}
    if n is not None:
        e["count"] = n
    e.update(kw)
    return e


def at(t, phase=0.25):
    e = {"action": "time", "t": t}
    if phase != 0.25:
        e["phase"] = phase
    return e


def do(action, server, value=None):
    e = {"action": action, "server": server}
    if value is not None:
        e["value"] = value
    return e


def op(id, **kw):
    return dict({"action": "open", "id": id}, **kw)


def fin(id):
    return {"action": "finish", "id": id}


def ipv4s(seed, n):
    r = random.Random("v4%s" % seed)
    out = []
    for _ in range(n):
        out.append(".".join(str(r.randrange(1, 255)) for _ in range(4)))
    return out


WORDS = ("img css js api v1 v2 user users item items cart search index a b c "
         "blog news static media video audio en fr de 2024 2025 list edit "
         "thumb large x y z").split()


def paths(seed, n, query=0.2):
    r = random.Random("p%s" % seed)
    out = []
    for _ in range(n):
        p = "/" + "/".join(r.choice(WORDS) for _ in range(r.randrange(0, 6)))
        if r.random() < 0.6:
            p = p.rstrip("/") + "/%s-%d.html" % (r.choice(WORDS),
                                                 r.randrange(100000))
        if r.random() < query:
            p += "?%s=%d" % (r.choice(WORDS), r.randrange(1000))
        out.append(p)
    return out


def held_script(seed, n, high, p_open=0.55, attr=None, between=()):
    """n opens/finishes; at most `high` in flight; then finish everything.

    attr: function(rng) -> dict of extra fields of each open.
    between: list of (position, event) inserted in the stream.
    """
    r = random.Random("h%s" % seed)
    out, live, k = [], [], 0
    extra = {}
    for pos, ev in between:
        extra.setdefault(pos, []).append(ev)
    for i in range(n):
        out += extra.get(i, [])
        if live and (len(live) >= high or r.random() > p_open):
            out.append(fin(live.pop(r.randrange(len(live)))))
        else:
            out.append(op(k, **(attr(r) if attr else {})))
            live.append(k)
            k += 1
    while live:
        out.append(fin(live.pop(r.randrange(len(live)))))
    return out
