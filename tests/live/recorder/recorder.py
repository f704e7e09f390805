"""Runs a real balancer on loopback and records its picks.

A scenario (a dict: balancer, algorithm, params, servers, script) goes in, a trace (the same dict
with the observed picks) comes out.  One asyncio loop holds the client and every backend.  All
sockets are bound to one address of 127.0.0.0/8 that no other recording uses at the time.
"""

import asyncio
import copy
import os
import re
import shutil
import tempfile
import time

from .backends import BackendPool
from .balancers import Haproxy, Nginx
from .client import Client, FRONT_PORT
from .processes import own_address

EVENT_TIMEOUT_S = 8.0


class Late(RuntimeError):
    """The host was too busy to keep to the times of the scenario."""


class Recorder:
    def __init__(self, program, scenario):
        self.program = program
        self.host = own_address(FRONT_PORT)
        self.sc = copy.deepcopy(scenario)
        for i, s in enumerate(self.sc["servers"]):
            s.setdefault("name", "s%d" % (i + 1))
            s.setdefault("addr", "%s:%d" % (self.host, FRONT_PORT + 101 + i))
        self.sc.setdefault("params", {})
        self.initial = copy.deepcopy(self.sc["servers"])
        self.is_ng = self.sc["balancer"] == "nginx"
        self.addr2i = {s["addr"]: i for i, s in enumerate(self.sc["servers"])}
        self.clients = []         # idle keep-alive client connections
        self.open_reqs = {}       # id -> task
        self.queued = []          # ids queued in the balancer
        self.t0 = self.second = None
        self.workers = {}         # pid -> worker number
        self.wclients = []

    def headers(self, ev, i=None):
        def get(k):
            v = ev.get(k)
            return v if (v is None or i is None) else v[i]
        h = []
        if get("client_ip"):
            h.append(("X-Client-IP", get("client_ip")))
        if get("header"):
            h.append((self.sc["params"]["header_name"], get("header")))
        if get("cookie"):
            h.append(("Cookie", get("cookie")))
        if get("priority") is not None:
            h.append(("X-Prio", str(get("priority"))))
        return get("path") or "/", h

    def outcome(self, status, hdrs):
        """-> (picked, tried or None, worker or None, set_cookie or None)"""
        picked = int(hdrs["x-srv"]) if status == 200 else None
        tried = None
        if "x-tried" in hdrs:
            # nginx writes " : " between the primary and the backup lists when
            # it restarts; here only ", " separators can occur
            tried = [self.addr2i.get(a) for a in
                     re.split(r"\s*[,:]\s+", hdrs["x-tried"])]
        worker = None
        if "x-worker" in hdrs:
            worker = self.workers.setdefault(hdrs["x-worker"],
                                             len(self.workers))
        return picked, tried, worker, hdrs.get("set-cookie")

    async def settle(self, expect_be=None):
        """Wait until haproxy has freed every finished stream."""
        if self.is_ng or self.sc["params"].get("mode") == "tcp":
            return
        if expect_be is None:
            expect_be = len(self.open_reqs)
        end = time.monotonic() + EVENT_TIMEOUT_S
        while True:
            be, q, srv = await self.bal.stat()
            if be == expect_be and sum(srv.values()) == be - q:
                return q
            if time.monotonic() > end:
                raise RuntimeError("settle: be=%d expected=%d q=%d %r"
                                   % (be, expect_be, q, srv))
            await asyncio.sleep(0.0005)

    async def tcp_once(self, value):
        r, w = await asyncio.open_connection(self.host, FRONT_PORT)
        name = self.sc["params"].get("rdp_cookie", "mstshash")
        payload = b""
        if value is not None:
            payload = b"Cookie: %s=%s\r\n" % (name.encode(), value.encode())
        payload += b"\x01\x00\x08\x00\x03\x00\x00\x00"
        li = 6 + len(payload)
        x224 = bytes([li & 255]) + b"\xe0\x00\x00\x00\x00\x00" + payload
        pkt = b"\x03\x00" + (len(x224) + 4).to_bytes(2, "big") + x224
        w.write(pkt)
        data = await r.read()
        w.close()
        m = re.match(rb"s(\d+)\n", data)
        return int(m.group(1)) if m else None

    async def ev_requests(self, ev, out):
        arrs = [k for k in ("client_ip", "path", "header", "cookie",
                            "rdp_cookie", "via") if k in ev]
        n = len(ev[arrs[0]]) if arrs else ev["count"]
        picks, tries, wk, cook = [], [], [], []
        # Its picks depend on whether the last request is gone.
        load_aware = self.sc["algorithm"] == "leastconn"
        if self.sc["params"].get("mode") == "tcp":
            for i in range(n):
                v = ev["rdp_cookie"][i] if "rdp_cookie" in ev else None
                picks.append(await asyncio.wait_for(self.tcp_once(v), 10))
        else:
            cl = self.clients.pop() if self.clients else Client(self.host)
            for i in range(n):
                path, h = self.headers({k: ev[k] for k in arrs if k != "via"},
                                       i if arrs else None)
                c = self.wclients[ev["via"][i]] if "via" in ev else cl
                st, hd, _ = await asyncio.wait_for(c.request(path, h), 20)
                p, t, w, ck = self.outcome(st, hd)
                picks.append(p)
                tries.append(t)
                wk.append(w)
                cook.append(ck)
                if load_aware:
                    await self.settle()
            self.clients.append(cl)
        out["picked"] = picks
        if any(t is not None and t != [p] for t, p in zip(tries, picks)):
            out["tried"] = tries
        if self.sc["params"].get("workers", 1) > 1:
            out["worker"] = wk
        if any(cook):
            out["set_cookie"] = cook

    async def ev_counts(self, ev, out):
        """A long run of sequential requests, kept only as counts."""
        counts = [0] * len(self.sc["servers"])
        cl = Client(self.host)
        for _ in range(ev["count"]):
            st, hd, _b = await asyncio.wait_for(cl.request("/", ()), 20)
            counts[self.outcome(st, hd)[0]] += 1
        cl.close()
        out["counts"] = counts

    async def ev_open(self, ev, out):
        rid = str(ev["id"])
        path, h = self.headers(ev)
        fut = self.pool.expect(rid)
        cl = self.clients.pop() if self.clients else Client(self.host)
        task = asyncio.ensure_future(cl.request(path, h, rid))
        self.open_reqs[rid] = (task, cl)
        if self.is_ng:
            done, _ = await asyncio.wait({task, fut}, timeout=EVENT_TIMEOUT_S,
                                         return_when=asyncio.FIRST_COMPLETED)
            if fut in done:
                out["picked"] = fut.result()
            else:                        # refused: answered without a backend
                st, hd, _ = await task
                del self.open_reqs[rid]
                self.pool.hold.discard(rid)
                p, t, w, _ = self.outcome(st, hd)
                out["picked"] = p
                out["status"] = st
                if t is not None:
                    out["tried"] = t
                self.clients.append(cl)
            return
        end = time.monotonic() + EVENT_TIMEOUT_S
        while True:
            if fut.done():
                out["picked"] = fut.result()
                break
            if task.done():
                st, hd, _ = await task
                del self.open_reqs[rid]
                out["picked"], out["status"] = None, st
                break
            be, q, srv = await self.bal.stat()
            if be == len(self.open_reqs) and q == len(self.queued) + 1:
                self.queued.append(rid)
                out["picked"], out["queued"] = None, True
                # queue keys have a resolution of 1 ms: keep them apart
                await asyncio.sleep(0.0025)
                break
            if time.monotonic() > end:
                raise RuntimeError("open %s: be=%d q=%d %r" % (rid, be, q, srv))
            await asyncio.sleep(0.0003)
        await self.settle()

    async def collect_started(self, out):
        """After an event that may start queued requests: record which."""
        if self.is_ng:
            return
        q = await self.settle()
        started = []
        if q is not None and self.queued:
            need = len(self.queued) - q
            end = time.monotonic() + EVENT_TIMEOUT_S
            while len(started) < need:
                for rid in list(self.queued):
                    if self.pool.waiting[rid].done():
                        started.append([int(rid),
                                        self.pool.waiting[rid].result()])
                        self.queued.remove(rid)
                if time.monotonic() > end:
                    raise RuntimeError("queued request did not start")
                await asyncio.sleep(0.0003)
        if started:
            out["started"] = sorted(started)

    async def ev_finish(self, ev, out):
        rid = str(ev["id"])
        task, cl = self.open_reqs.pop(rid)
        self.pool.release(rid)
        await asyncio.wait_for(task, EVENT_TIMEOUT_S)
        self.clients.append(cl)
        await self.collect_started(out)

    async def ev_time(self, ev, out):
        """Wait until whole second t of the trace, plus the phase (0..1)."""
        phase = ev.get("phase", 0.25)
        if self.t0 is None:
            self.t0 = int(time.time()) + 1
        goal = self.t0 + ev["t"] + phase
        while time.time() < goal:
            await asyncio.sleep(min(0.2, max(0.001, goal - time.time())))
        if time.time() - goal > 0.3:
            raise Late("too late for t=%s" % ev["t"])
        self.second = self.t0 + ev["t"]

    async def ev_workers(self, ev, out):
        """Open client connections until each worker has one (nginx)."""
        want = self.sc["params"]["workers"]
        found = {}
        spare = []
        for _ in range(400):
            c = Client(self.host)
            st, hd, body = await c.request("/__worker")
            pid = body.decode()
            if pid not in found:
                found[pid] = c
            else:
                spare.append(c)
            if len(found) == want:
                break
        for c in spare:
            c.close()
        if len(found) < want:
            raise RuntimeError("only %d workers seen" % len(found))
        for pid in found:
            self.workers.setdefault(pid, len(self.workers))
        self.wclients = list(found.values())

    async def run(self):
        self.dir = tempfile.mkdtemp(prefix="lbsim-live-")
        if self.is_ng and os.geteuid() == 0:
            os.chmod(self.dir, 0o755)
        self.pool = BackendPool(self.sc["servers"])
        self.bal = (Nginx if self.is_ng else Haproxy)(self.program, self.host, self.sc,
                                                      self.dir)
        try:
            await self.pool.start()
            await self.bal.start()
            return self.trace(self.bal.config_excerpt(), await self.play())
        finally:
            for task, cl in self.open_reqs.values():
                task.cancel()
                cl.close()
            for c in self.clients + self.wclients:
                c.close()
            await self.pool.stop()
            await self.bal.stop()
            shutil.rmtree(self.dir, ignore_errors=True)

    async def play(self):
        """The events of the script with what was observed."""
        events = []
        for ev in self.sc["script"]:
            if ev["action"] == "time":
                self.second = None
            if ev["action"] == "finish":
                ev = self.possible_finish(ev)
                if ev is None:
                    continue
            out = dict(ev)
            try:
                await self.step(ev["action"], ev, out)
            except Late:
                raise
            except Exception as e:
                raise RuntimeError("event %d %r: %s\n%s" % (
                    len(events), str(ev)[:200], e, self.bal.log())) from e
            if self.second is not None and time.time() > self.second + 0.97:
                raise Late("did not finish within its second")
            events.append(out)
        while self.running():            # what stays queued is given up
            ev = {"action": "finish", "id": self.running()[0]}
            out = dict(ev)
            await self.ev_finish(ev, out)
            events.append(out)
        return events

    def possible_finish(self, ev):
        """Another request in place of one that still waits; None if it is over or none runs."""
        if str(ev["id"]) not in self.open_reqs:
            return None
        if str(ev["id"]) not in self.queued:
            return ev
        running = self.running()
        return {"action": "finish", "id": running[ev["id"] % len(running)]} if running else None

    def trace(self, config, events):
        trace = {"schema": 1, "version": self.bal.version(), "config": config, "events": events}
        for key in ("id", "balancer", "algorithm", "note", "params"):
            if key in self.sc:
                trace[key] = self.sc[key]
        return dict(trace, servers=self.initial)

    def running(self):
        return sorted(int(r) for r in self.open_reqs if r not in self.queued)

    async def step(self, a, ev, out):
        if a == "requests":
            await self.ev_requests(ev, out)
        elif a == "counts":
            await self.ev_counts(ev, out)
        elif a == "open":
            await self.ev_open(ev, out)
        elif a == "finish":
            await self.ev_finish(ev, out)
        elif a == "time":
            await self.ev_time(ev, out)
        elif a == "workers":
            await self.ev_workers(ev, out)
        elif a == "listen_off":
            await self.pool.unlisten(ev["server"])
        elif a == "listen_on":
            await self.pool.listen(ev["server"])
        elif a == "reload":
            self.sc["servers"] = copy.deepcopy(self.sc["servers"])
            for ch in ev["set"]:
                s = self.sc["servers"][ch["server"]]
                s.update({k: v for k, v in ch.items() if k != "server"})
            saved = self.bal.sc
            self.bal.sc = dict(saved, servers=self.sc["servers"])
            await self.bal.reload()
            # old workers close idle keep-alive connections; wait for that
            for c in self.clients:
                try:
                    await asyncio.wait_for(c.r.read(), 3)
                except (asyncio.TimeoutError, OSError):
                    pass
                c.close()
            self.clients = []
            await asyncio.sleep(0.15)
            self.workers = {}
            self.bal.sc = saved
        elif a in ("set_weight", "disable", "enable", "drain", "ready",
                   "set_maxconn"):
            name = "be/" + self.sc["servers"][ev["server"]]["name"]
            cmd = {"set_weight": "set weight %s %s",
                   "disable": "disable server %s",
                   "enable": "enable server %s",
                   "drain": "set server %s state drain",
                   "ready": "set server %s state ready",
                   "set_maxconn": "set maxconn server %s %s"}[a]
            cmd = cmd % ((name, ev["value"]) if "value" in ev else name)
            res = await self.bal.cli(cmd)
            if res:
                out["reply"] = res
            await self.collect_started(out)
        else:
            raise ValueError("unknown action " + a)


def record(program, scenario, attempts=6):
    """The trace of a scenario; tried again when the host was too busy for its times, or for a step
    of it."""
    for attempt in range(attempts):
        try:
            return asyncio.run(Recorder(program, scenario).run())
        except (RuntimeError, OSError, asyncio.TimeoutError):
            if attempt == attempts - 1:
                raise
