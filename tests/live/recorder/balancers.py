"""nginx and HAProxy as child processes, configured as a scenario says."""

import asyncio
import os
import re
import signal
import subprocess

from .client import FRONT_PORT
from .processes import ends_with_parent


class Balancer:
    def __init__(self, program, host, sc, workdir):
        self.program, self.host, self.sc, self.dir = str(program), host, sc, workdir
        self.proc = None

    def write_conf(self):
        with open(os.path.join(self.dir, "b.conf"), "w") as f:
            f.write(self.config())

    async def start(self):
        self.write_conf()
        self.proc = subprocess.Popen(
            self.argv(), stdin=subprocess.DEVNULL,
            stdout=open(os.path.join(self.dir, "out"), "w"),
            stderr=subprocess.STDOUT, cwd=self.dir, preexec_fn=ends_with_parent)
        for _ in range(400):
            if self.proc.poll() is not None:
                raise RuntimeError("balancer ended:\n" + self.log())
            try:
                _, w = await asyncio.open_connection(self.host, FRONT_PORT)
                w.close()
                await asyncio.sleep(0.02)
                return
            except OSError:
                await asyncio.sleep(0.01)
        raise RuntimeError("balancer did not listen:\n" + self.log())

    def log(self):
        out = ""
        for n in ("out", "err.log"):
            p = os.path.join(self.dir, n)
            if os.path.exists(p):
                out += open(p, errors="replace").read()[-3000:]
        return out

    async def stop(self):
        if self.proc is not None and self.proc.poll() is None:
            self.proc.send_signal(signal.SIGTERM)
            for _ in range(300):
                if self.proc.poll() is not None:
                    break
                await asyncio.sleep(0.01)
            else:
                self.proc.kill()
        if self.proc is not None:
            self.proc.wait()


class Nginx(Balancer):
    def argv(self):
        return [self.program, "-p", self.dir,
                "-c", os.path.join(self.dir, "b.conf"), "-e", "err.log"]

    def version(self):
        out = subprocess.run([self.program, "-v"],
                             stderr=subprocess.PIPE, text=True).stderr
        return re.search(r"nginx/(\S+)", out).group(1)

    def upstream(self):
        p = self.sc["params"]
        lines = []
        if p.get("zone"):
            lines.append("zone u 256k;")
        lb = {"round_robin": None, "least_conn": "least_conn",
              "ip_hash": "ip_hash",
              "hash": "hash %s" % p.get("key", ""),
              "hash_consistent": "hash %s consistent" % p.get("key", ""),
              "random": "random",
              "random_two_least_conn": "random two least_conn",
              }[self.sc["algorithm"]]
        if lb:
            lines.append(lb + ";")
        for s in self.sc["servers"]:
            t = "server " + s["addr"]
            if s.get("weight", 1) != 1:
                t += " weight=%d" % s["weight"]
            for k in ("max_fails", "max_conns"):
                if k in s:
                    t += " %s=%d" % (k, s[k])
            if "fail_timeout" in s:
                t += " fail_timeout=%ds" % s["fail_timeout"]
            for k in ("backup", "down"):
                if s.get(k):
                    t += " " + k
            lines.append(t + ";")
        return lines

    def config(self):
        p = self.sc["params"]
        up = "\n    ".join(self.upstream())
        nxt = p.get("proxy_next_upstream", "error timeout")
        tries = p.get("proxy_next_upstream_tries", 0)
        return f"""daemon off;
worker_processes {p.get("workers", 1)};
pid nginx.pid;
error_log err.log warn;
events {{ worker_connections 4096; }}
http {{
  access_log off;
  client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3;
  uwsgi_temp_path t4; scgi_temp_path t5;
  keepalive_requests 1000000;
  keepalive_timeout 300s;
  upstream u {{
    {up}
  }}
  server {{
    listen {self.host}:{FRONT_PORT};
    set_real_ip_from 127.0.0.0/8;
    real_ip_header X-Client-IP;
    location = /__worker {{ return 200 $pid; }}
    location / {{
      proxy_pass http://u;
      proxy_set_header X-Rid $http_x_rid;
      proxy_next_upstream {nxt};
      proxy_next_upstream_tries {tries};
      proxy_connect_timeout 2s;
      proxy_read_timeout 120s;
      add_header X-Tried $upstream_addr always;
      add_header X-Worker $pid always;
    }}
  }}
}}
"""

    def config_excerpt(self):
        return ["upstream u {"] + ["    " + l for l in self.upstream()] + ["}"]

    async def reload(self):
        self.write_conf()
        self.proc.send_signal(signal.SIGHUP)


class Haproxy(Balancer):
    def argv(self):
        return [self.program, "-f",
                os.path.join(self.dir, "b.conf"), "-db"]

    def version(self):
        out = subprocess.run([self.program, "-v"],
                             stdout=subprocess.PIPE, text=True).stdout
        return re.search(r"version (\S+)", out).group(1)

    def backend(self):
        p = self.sc["params"]
        lines = ["balance " + p["balance"]]
        if p.get("hash_type"):
            lines.append("hash-type " + p["hash_type"])
        if p.get("hash_balance_factor"):
            lines.append("hash-balance-factor %d" % p["hash_balance_factor"])
        if p.get("cookie"):
            lines.append("cookie " + p["cookie"])
        if p.get("retries") is not None:
            lines.append("retries %d" % p["retries"])
        for o in p.get("options", []):
            lines.append("option " + o)
        if p.get("fullconn"):
            lines.append("fullconn %d" % p["fullconn"])
        for s in self.sc["servers"]:
            t = "server %s %s" % (s["name"], s["addr"])
            if "id" in s:
                t += " id %d" % s["id"]
            if "weight" in s:
                t += " weight %d" % s["weight"]
            for k in ("maxconn", "minconn", "maxqueue"):
                if k in s:
                    t += " %s %d" % (k, s[k])
            if "cookie" in s:
                t += " cookie " + s["cookie"]
            if "slowstart" in s:
                t += " slowstart %ds" % s["slowstart"]
            for k in ("backup", "disabled"):
                if s.get(k):
                    t += " " + k
            lines.append(t)
        return lines

    def config(self):
        p = self.sc["params"]
        mode = p.get("mode", "http")
        be = "\n    ".join(self.backend())
        if mode == "http":
            fe = ("http-request set-src req.hdr(x-client-ip) "
                  "if { req.hdr(x-client-ip) -m found }")
            if p.get("priority"):
                fe += ("\n    http-request set-priority-class "
                       "req.hdr(x-prio),add(0)")
        else:
            fe = ("tcp-request inspect-delay 3s\n"
                  "    tcp-request content accept if { req.len gt 0 }\n"
                  "    tcp-request content reject")
        return f"""global
    nbthread 1
    maxconn 4000
    stats socket {self.dir}/sock mode 600 level admin
    stats timeout 10m
defaults
    mode {mode}
    timeout connect 2s
    timeout client 120s
    timeout server 120s
    timeout queue 120s
frontend fe
    bind {self.host}:{FRONT_PORT}
    {fe}
    default_backend be
backend be
    {be}
"""

    def config_excerpt(self):
        return ["backend be"] + ["    " + l for l in self.backend()]

    async def start(self):
        await super().start()
        while not os.path.exists(os.path.join(self.dir, "sock")):
            await asyncio.sleep(0.01)
        self.cr, self.cw = await asyncio.open_unix_connection(
            os.path.join(self.dir, "sock"), limit=1 << 20)
        self.cw.write(b"prompt\n")
        await self.cr.readuntil(b"> ")

    async def stop(self):
        if getattr(self, "cw", None) is not None:
            self.cw.close()
        await super().stop()

    async def cli(self, cmd):
        self.cw.write(cmd.encode() + b"\n")
        out = (await self.cr.readuntil(b"\n> ")).decode()[:-2].strip()
        return out

    async def stat(self):
        """-> (backend sessions incl. queued, queued total, per-server scur)"""
        out = await self.cli("show stat be 6 -1")
        cols, srv, be, q = None, {}, 0, 0
        for line in out.splitlines():
            f = line.split(",")
            if line.startswith("# "):
                cols = {n: i for i, n in enumerate(line[2:].split(","))}
                continue
            if cols is None or len(f) < 10:
                continue
            if f[cols["svname"]] == "BACKEND":
                be = int(f[cols["scur"]])
                q += int(f[cols["qcur"]])
            else:
                srv[f[cols["svname"]]] = int(f[cols["scur"]])
                q += int(f[cols["qcur"]] or 0)
        return be, q, srv
