"""Records a run of nginx or HAProxy over loopback, end to end: an open-loop client, the balancer,
servers with slots by timer. The result is what `lbsim validate` reads (lb-e2e/1)."""

import asyncio
import contextlib
import os
import random
import statistics
import tempfile
import time

from .balancers import Haproxy, Nginx
from .client import FRONT_PORT
from .processes import own_address
from .timed_servers import TimedServer

SERVER_PORT = 21001
MEAN_SERVICE_US = 200_000
ZERO_REQUESTS = 40


def plan(balancer, algorithm, seed, *, slots=(2, 2, 2), speeds=(1, 1, 0.5), weights=(2, 2, 1),
         backlog=None, maxconn=None, utilisation=0.7, seconds=10, faults=(), params=None,
         clients=0):
    """What is to be run. `faults`: (second, server, "closed" or "listening")."""
    draws = random.Random(f"{balancer} {algorithm} {seed}")
    rate = utilisation * sum(n * v for n, v in zip(slots, speeds)) / (MEAN_SERVICE_US * 1e-6)
    sends, at = [], 0.0
    while (at := at + draws.expovariate(rate)) < seconds:
        sends.append(at)
    return {
        "balancer": balancer, "algorithm": algorithm, "seed": seed, "rate": rate,
        "seconds": seconds, "utilisation": utilisation, "send_s": sends,
        "service_us": [round(draws.expovariate(1 / MEAN_SERVICE_US)) for _ in sends],
        "client": [f"10.{draws.randrange(256)}.{draws.randrange(256)}.1" for _ in sends]
                  if clients else None,
        "servers": [
            {"name": f"s{i}", "slots": n, "speed": v, "weight": w, "backlog": backlog,
             "maxconn": maxconn}
            for i, (n, v, w) in enumerate(zip(slots, speeds, weights))],
        "faults": list(faults), "params": params or {},
    }


class KeptNginx(Nginx):
    def upstream(self):
        return super().upstream() + ["keepalive 256;", "keepalive_requests 1000000;"]

    def config(self):
        return super().config().replace(
            "proxy_set_header X-Rid $http_x_rid;",
            'proxy_http_version 1.1; proxy_set_header Connection "";')


class CheckedHaproxy(Haproxy):
    def backend(self):
        lines = super().backend()
        if check := self.sc["params"].get("check"):
            lines.insert(0, "option httpchk GET /check")
            lines = [line + f" check inter {check['inter_ms']} fall {check['fall']} "
                     f"rise {check['rise']}" if line.startswith("server ") else line
                     for line in lines]
        return lines


class ClientConnection(asyncio.Protocol):
    def __init__(self):
        self.data, self.waiting = b"", None

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.data += data
        if b"\r\n\r\n" not in self.data:
            return
        head, _, body = self.data.partition(b"\r\n\r\n")
        fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
        fields = {name.lower(): value.decode() for name, value in fields.items()}
        if len(body) < int(fields.get(b"content-length", 0)):
            return
        self.data = b""
        self.finish(int(head.split()[1]), fields)

    def connection_lost(self, _):
        self.finish(0, {})

    def finish(self, status, fields):
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_result((asyncio.get_running_loop().time(), status, fields))


class Client:
    def __init__(self, host):
        self.host, self.idle = host, []

    async def ask(self, request, demand_us, address):
        """-> the time of sending, that of the last byte, the status, the header fields."""
        loop = asyncio.get_running_loop()
        while self.idle and self.idle[-1].transport.is_closing():
            self.idle.pop()
        if not self.idle:
            _, made = await loop.create_connection(ClientConnection, self.host, FRONT_PORT)
            self.idle.append(made)
        connection = self.idle.pop()
        connection.waiting = loop.create_future()
        of_client = f"X-Client-IP: {address}\r\n" if address else ""
        sent = loop.time()
        connection.transport.write(f"GET / HTTP/1.1\r\nHost: x\r\nX-Rid: {request}\r\n"
                                   f"X-Demand-Us: {demand_us}\r\n{of_client}\r\n".encode())
        ended, status, fields = await connection.waiting
        if status and not connection.transport.is_closing():
            self.idle.append(connection)
        return sent, ended, status, fields

    async def warm(self, connections):
        """Opens connections before the run, so that none waits for one."""
        loop = asyncio.get_running_loop()
        for _ in range(connections):
            _, made = await loop.create_connection(ClientConnection, self.host, FRONT_PORT)
            self.idle.append(made)


def numbers(values):
    values = sorted(values)
    rank = {q: values[max(0, -(-len(values) * q // 100) - 1)] for q in (50, 90, 99)}
    return {"mean": statistics.fmean(values), **{f"p{q}": v for q, v in rank.items()},
            "max": values[-1]}


async def send_all(plan, client, origin):
    loop = asyncio.get_running_loop()

    async def one(i):
        await asyncio.sleep(plan["send_s"][i] + origin - loop.time())
        address = plan["client"][i] if plan["client"] else None
        return await client.ask(i, plan["service_us"][i], address)

    return await asyncio.gather(*(one(i) for i in range(len(plan["send_s"]))))


async def apply_faults(plan, servers, origin, happened, cut):
    loop = asyncio.get_running_loop()
    for at, number, event in plan["faults"]:
        await asyncio.sleep(at + origin - loop.time())
        happened.append({"t_us": int((loop.time() - origin) * 1e6), "server": number,
                         "event": event})
        if event == "closed":
            cut.update({request: number for request in servers[number].close()})
        else:
            await servers[number].listen()


def exceptions_of(plan, answers, cut):
    found = {}
    for i, (_, _, status, fields) in enumerate(answers):
        tried = fields.get(b"x-tried", "").split(", ")
        if len(tried) > 1:
            found[str(i)] = {"tried": [int(a.rsplit(".", 1)[1].split(":")[0]) - 1 for a in tried]}
        elif i in cut and status != 200:
            found[str(i)] = {"cut_at": [cut[i]]}
    return found


def report(plan, program_version, origin, unix_us, answers, happened, cut, zero, servers):
    us = [[int((t - origin) * 1e6) for t in answer[:2]] for answer in answers]
    times = [list(map(float, a[3].get(b"x-times", "-1 -1 -1").split())) for a in answers]
    served = [i for i, a in enumerate(answers) if a[2] == 200]
    overhead = [us[i][1] - us[i][0] - 1e6 * (times[i][1] + times[i][2]) for i in served]
    schedule = {"t_send_us": [sent for sent, _ in us], "service_us": plan["service_us"]}
    if plan["client"]:
        schedule["client"] = plan["client"]
    return {
        "format": "lb-e2e/1", "name": f"live-{plan['balancer']}-{plan['algorithm']}",
        "balancer": plan["balancer"], "version": program_version, "algorithm": plan["algorithm"],
        "params": plan["params"], "servers": plan["servers"],
        "workload": {"arrivals": "Poisson", "service": "exp", "rate_per_s": plan["rate"],
                     "mean_service_us": MEAN_SERVICE_US, "utilisation": plan["utilisation"],
                     "seconds": plan["seconds"], "seed": plan["seed"], "requests": len(answers)},
        "unix_us_at_t0": unix_us, "schedule": schedule,
        "observed": {
            "server": [int(a[3].get(b"x-server", cut.get(i, -1))) for i, a in enumerate(answers)],
            "status": [a[2] for a in answers],
            "latency_us": [ended - sent for sent, ended in us],
            "wait_us": [int(1e6 * t[1]) if t[0] >= 0 else -1 for t in times],
            "service_us": [int(1e6 * t[2]) if t[0] >= 0 else -1 for t in times]},
        "health": {"checks_answered": sorted(
            [int((t - origin) * 1e6), server.number] for server in servers
            for t in server.checks_s)},
        "faults": happened, "exceptions": exceptions_of(plan, answers, cut),
        "calibration": {
            "zero_service_us": numbers(zero), "proxy_and_wire_us": numbers(overhead),
            "backend_late_us": numbers([1e6 * s for server in servers for s in server.late_s])},
    }


async def record_async(program, plan, folder):
    host = own_address(FRONT_PORT)
    stem = host.rsplit(".", 1)[0]
    servers = [TimedServer(i, f"{stem}.{i + 1}", SERVER_PORT, s["slots"], s["speed"], s["backlog"])
               for i, s in enumerate(plan["servers"])]
    sc = {"algorithm": plan["algorithm"],
          "params": {"balance": plan["algorithm"], **plan["params"]},
          "servers": [{k: v for k, v in s.items() if v is not None and k in ("name", "weight",
                                                                             "maxconn")}
                      | {"addr": f"{server.host}:{server.port}"}
                      for s, server in zip(plan["servers"], servers)]}
    if plan["balancer"] == "haproxy":
        sc["params"]["options"] = ["redispatch 1"]
    else:
        for s in sc["servers"]:
            s["max_fails"] = plan["params"].get("max_fails", 1)
            s["fail_timeout"] = plan["params"].get("fail_timeout_s", 10)
    async with contextlib.AsyncExitStack() as stack:
        for server in servers:
            await server.listen()
            stack.callback(server.close)
        kind = CheckedHaproxy if plan["balancer"] == "haproxy" else KeptNginx
        balancer = kind(program, host, sc, folder)
        await balancer.start()
        stack.push_async_callback(balancer.stop)
        client = Client(host)
        await client.warm(100)
        origin = asyncio.get_running_loop().time() + 0.3
        unix_us = time.time_ns() // 1000 + 300_000
        happened, cut = [], {}
        answers, _ = await asyncio.gather(send_all(plan, client, origin),
                                          apply_faults(plan, servers, origin, happened, cut))
        zero = []
        for i in range(ZERO_REQUESTS):
            sent, ended, _, _ = await client.ask(-1 - i, 0, None)
            zero.append((ended - sent) * 1e6)
        return report(plan, balancer.version(), origin, unix_us, answers, happened, cut, zero,
                      servers)


def ask_for_real_time():
    """For this process and its children to come, where that is allowed: a busy machine wakes others
    late, by milliseconds."""
    with contextlib.suppress(OSError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))


def record(program, plan):
    """In a process of its own, whose priority it changes."""
    ask_for_real_time()
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        return asyncio.run(record_async(program, plan, folder))
