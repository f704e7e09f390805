"""Runs Apache with mod_proxy_balancer on loopback and records whom it picks, and why."""

import random
import re
import select
import socket
import subprocess
import threading
import time

from .processes import end_process, ends_with_parent, own_address

FRONT_PORT = 21000
MODULES = ("mpm_event authz_core proxy proxy_http proxy_balancer slotmem_shm lbmethod_byrequests "
           "lbmethod_bytraffic lbmethod_bybusyness").split()

CONFIG = """
{modules}
ServerName t
Listen {host}:{port}
PidFile {folder}/pid
ErrorLog {folder}/log
LogLevel warn proxy:debug proxy_balancer:debug lbmethod_{method}:debug
DefaultRuntimeDir {folder}
StartServers 1
ServerLimit 1
ThreadsPerChild 32
ThreadLimit 32
MaxRequestWorkers 32
MaxConnectionsPerChild 0
ProxyPass /balancer-manager !
ProxyPass / balancer://b/
<Proxy balancer://b>
  {members}
  ProxySet lbmethod={method} {settings}
</Proxy>
<Location /balancer-manager>
  SetHandler balancer-manager
</Location>
"""

# What the log tells of one request, in order.
SELECTED = re.compile(r"selected worker \"[^\"]*:(\d+)\" : busy (\d+) : lbstatus (-?\d+)")
REWRITTEN = re.compile(r"worker \(\S+:(\d+)/?\) rewritten to")
RETRIED = re.compile(r"worker for \(\S+:(\d+)\) has been marked for retry")
FORCED = re.compile(r"Forcing recovery for worker \(\S+:(\d+)\)")


class Backend:
    """A member: answers every request, at once or when told; counts the bytes that it got."""

    def __init__(self, host, port):
        self.place = (host, port)
        self.hold = None  # an event to wait for before the next answer
        self.arrived = threading.Event()
        self.status, self.size = 200, 0  # of its answers
        self.got = 0
        self.listener = None

    def up(self):
        self.listener = socket.create_server(self.place, backlog=64)
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def down(self):
        if self.listener is not None:
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
            self.listener = None

    def accept(self, listener):
        while True:
            try:
                connection = listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection):
        with connection:
            head = b""
            while b"\r\n\r\n" not in head:
                more = connection.recv(65536)
                if not more:
                    return
                head += more
            self.got = len(head)
            hold, status, size = self.hold, self.status, self.size
            self.arrived.set()
            if hold is not None:
                hold.wait(30)
            connection.sendall(b"HTTP/1.1 %d OK\r\nConnection: close\r\nX-Srv: %d\r\n"
                               b"Content-Length: %d\r\n\r\n" % (status, self.place[1], size)
                               + b"x" * size)


class Apache:
    """A running httpd and its members; ends with the `with` block."""

    def __init__(self, program, modules, scenario, folder):
        self.scenario, self.folder, self.host = scenario, folder, own_address(FRONT_PORT)
        folder.mkdir()
        self.ports = {FRONT_PORT + 101 + i: server["name"]
                      for i, server in enumerate(scenario["servers"])}
        self.backends = {name: Backend(self.host, port) for port, name in self.ports.items()}
        (folder / "conf").write_text(CONFIG.format(
            modules="\n".join(f"LoadModule {m}_module {modules}/mod_{m}.so" for m in MODULES),
            host=self.host, port=FRONT_PORT, folder=folder, method=scenario["algorithm"],
            members="\n  ".join(map(self.member, scenario["servers"])),
            settings=" ".join(f"{k}={v}" for k, v in scenario["config"].items() if k != "mpm")))
        self.command = [str(program), "-X", "-f", str(folder / "conf"), "-d", str(folder)]

    def url(self, name):
        return f"http://{self.host}:{self.backends[name].place[1]}"

    def member(self, server):
        words = [f"BalancerMember {self.url(server['name'])}", f"loadfactor={server['weight']}",
                 f"retry={server['retry']}", "disablereuse=on"]
        words += [f"{key}={server[key]}" for key in ("route", "redirect", "lbset") if key in server]
        if "flags" in server:
            words.append("status=" + server["flags"])
        return " ".join(words)

    def __enter__(self):
        for backend in self.backends.values():
            backend.up()
        with open(self.folder / "out", "w") as out:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=out,
                                            stderr=out, preexec_fn=ends_with_parent)
        end = time.monotonic() + 20
        while True:
            try:
                socket.create_connection((self.host, FRONT_PORT)).close()
                break
            except OSError:
                if self.process.poll() is not None or time.monotonic() > end:
                    text = (self.folder / "out").read_text() + self.log_text()
                    self.__exit__()
                    raise RuntimeError("httpd does not run:\n" + text[-3000:])
                time.sleep(0.02)
        page = self.fetch("/balancer-manager")[2].decode()
        self.nonce = re.search(r"nonce=([0-9a-f-]+)", page).group(1)
        self.begun, self.read = time.monotonic(), len(self.log_text())
        return self

    def __exit__(self, *_):
        for backend in self.backends.values():
            backend.down()
        end_process(self.process)

    def log_text(self):
        log = self.folder / "log"
        return log.read_text() if log.exists() else ""

    def new_log(self):
        text = self.log_text()
        new, self.read = text[self.read:], len(text)
        return new

    def t(self):
        return round(time.monotonic() - self.begun, 3)

    def send(self, path, headers=()):
        connection = socket.create_connection((self.host, FRONT_PORT))
        connection.settimeout(20)
        lines = [f"GET {path} HTTP/1.1", "Host: t", "Connection: close", *headers, "", ""]
        connection.sendall("\r\n".join(lines).encode())
        return connection

    @staticmethod
    def receive(connection):
        """Status, head, body."""
        with connection:
            data = b""
            while more := connection.recv(65536):
                data += more
        head, _, body = data.partition(b"\r\n\r\n")
        return int(head.split()[1]), head.decode(), body

    def fetch(self, path, headers=()):
        return self.receive(self.send(path, headers))

    def set(self, server, **fields):
        """A change by way of the balancer-manager, which wants its nonce and itself as referer."""
        query = "&".join([f"b=b&w={self.url(server)}&nonce={self.nonce}",
                          *(f"{key}={value}" for key, value in fields.items())])
        place = f"{self.host}:{FRONT_PORT}"
        connection = socket.create_connection((self.host, FRONT_PORT))
        connection.sendall((f"POST /balancer-manager HTTP/1.1\r\nHost: {place}\r\n"
                            f"Referer: http://{place}/balancer-manager\r\n"
                            "Content-Type: application/x-www-form-urlencoded\r\n"
                            f"Content-Length: {len(query)}\r\nConnection: close\r\n\r\n"
                            + query).encode())
        status, _, body = self.receive(connection)
        if status != 200:
            raise RuntimeError(f"balancer-manager: {status} {body[:500]}")

    def until_released(self, held):
        """A held request counts as busy until its handler is over, a moment after the response."""
        end = time.monotonic() + 5
        while self.log_text().count("AH00942") - self.log_text().count("AH00943") > held:
            if time.monotonic() > end:
                raise RuntimeError("a response does not end")
            time.sleep(0.001)

    def selections(self):
        """Members tried for the last request, with what was logged of each."""
        steps, selected = [], None
        for line in self.new_log().splitlines():
            if found := SELECTED.search(line):
                selected = {"server": self.ports[int(found[1])], "busy": int(found[2]),
                            "lbstatus": int(found[3])}
            elif found := REWRITTEN.search(line):
                server = self.ports[int(found[1])]
                steps.append(selected or {"server": server, "sticky": True})
                selected = None
            elif found := RETRIED.search(line):
                steps.append({"retry": self.ports[int(found[1])]})
            elif found := FORCED.search(line):
                steps.append({"forced_recovery": self.ports[int(found[1])]})
        return steps




STATUS_LINE = len("HTTP/1.1 200 OK")


class Recording:
    """The events of a scenario, one after the other, with what came of them."""

    def __init__(self, apache):
        self.apache, self.held, self.events = apache, {}, []
        self.failures = []  # when members may have gone into error

    def play(self, event):
        out = dict(event)
        self.keep_off_retries()
        if event["action"] != "set":
            out["t"] = self.apache.t()
        getattr(self, event["action"])(event, out)
        self.events.append(out)

    def keep_off_retries(self):
        """A trace cannot tell whether a request came just before or after a retry was due."""
        retry = self.apache.scenario["servers"][0]["retry"]
        while any(-0.05 < self.apache.t() - failure - retry < 0.05 for failure in self.failures):
            time.sleep(0.01)

    def request(self, event, out):
        apache = self.apache
        for backend in apache.backends.values():
            backend.status, backend.size = event.get("code", 200), event.get("size", 0)
            backend.hold = threading.Event() if "hold" in event else None
            backend.arrived.clear()
        headers = ["Cookie: " + event["key"]] if "key" in event else []
        connection = apache.send(event.get("path", "/"), headers)
        name = self.arrival(connection) if "hold" in event else None
        if name is not None:
            self.held[event["hold"]] = (connection, apache.backends[name].hold)
            out["status"], out["picked"] = "held", name
        else:
            out["status"], head, _ = apache.receive(connection)
            port = re.search(r"X-Srv: (\d+)", head)
            out["picked"] = apache.ports[int(port[1])] if port else None
        if out["picked"] is not None and "size" in event:
            out["transferred"] = apache.backends[out["picked"]].got
            out["read"] = STATUS_LINE + event["size"]
        out["selections"] = apache.selections()
        if len(out["selections"]) > 1 or out["status"] == 503:
            self.failures.append(apache.t())

    def arrival(self, connection):
        """The member that has the request; None if the answer came first: no member."""
        while True:
            for name, backend in self.apache.backends.items():
                if backend.arrived.is_set():
                    return name
            if select.select([connection], [], [], 0.001)[0]:
                return None

    def release(self, event, _):
        if event["hold"] in self.held:
            connection, hold = self.held.pop(event["hold"])
            hold.set()
            self.apache.receive(connection)
            self.apache.until_released(len(self.held))

    def set(self, event, _):
        fields = {"lbfactor": "w_lf", "lbset": "w_ls"}
        values = {fields.get(key, f"w_status_{key}"): int(value) for key, value in event.items()
                  if key not in ("action", "server")}
        self.apache.set(event["server"], **values)
        self.apache.new_log()

    def server_down(self, event, _):
        self.apache.backends[event["server"]].down()

    def server_up(self, event, _):
        self.apache.backends[event["server"]].up()

    def wait(self, event, _):
        time.sleep(event["seconds"])


def scenario(seed):
    """Members, settings and events; a seed gives the same ones for ever."""
    r = random.Random(f"apache {seed}")
    method = ("byrequests", "bybusyness", "bytraffic")[seed % 3]
    servers = [{"name": f"s{i}", "weight": r.choice([1, 1, 2, 3, 10, 1.25]), "retry": 1}
               for i in range(1, r.randrange(3, 7))]
    sticky = r.random() < 0.5
    for i, server in enumerate(servers):
        if sticky and r.random() < 0.8:
            server["route"] = f"r{i + 1}"
        if r.random() < 0.15:
            server["lbset"] = 1
        if i > 0 and r.random() < 0.2:
            server["flags"] = r.choice(["+H", "+R"])
    config = {"mpm": "event, 1 child"}
    if sticky:
        config["stickysession"] = "SID"
        if r.random() < 0.3:
            config["nofailover"] = "On"
    if r.random() < 0.3:
        config["forcerecovery"] = "Off"
    if r.random() < 0.3:
        config["failonstatus"] = 503
    return {"algorithm": method, "config": config, "servers": servers,
            "script": script(r, method, config, [server["name"] for server in servers])}


def a_request(r, method, config, servers):
    event = {"action": "request", "client": "c1"}
    if "stickysession" in config and r.random() < 0.6:
        session = f"SID=x{r.randrange(9)}.{r.choice(['r1', 'r2', 'r3', 'r4', 'none'])}"
        if r.random() < 0.7:
            event["key"] = session
        else:
            event["path"] = f"/p;{session}" + r.choice(["", "?a=1"])
    if method == "bytraffic":
        event["size"] = r.choice([0, 100, 2000, 30000])
    if "failonstatus" in config and r.random() < 0.05:
        event["code"] = 503
    return event


def a_change(r, servers):
    server = r.choice(servers)
    what = r.choice(["D", "D", "N", "S", "H", "R", "lbfactor", "lbset"])
    value = {"lbfactor": r.randrange(1, 9), "lbset": r.randrange(2)}.get(what, r.random() < 0.5)
    return {"action": "set", "server": server, what: value}


def script(r, method, config, servers):
    events, held, down, number = [], [], [], 0
    for _ in range(70):
        draw = r.random()
        if draw < 0.08:
            events.append(a_change(r, servers))
        elif draw < 0.13:
            server = r.choice(servers)
            events.append({"action": "server_up" if server in down else "server_down",
                           "server": server})
            down = [s for s in down if s != server] + [server] * (server not in down)
        elif draw < 0.15:
            events.append({"action": "wait", "seconds": r.choice([0.3, 1.3])})
        elif draw < 0.3 and method != "bytraffic":
            number += 1
            held.append(f"h{number}")
            events.append(dict(a_request(r, method, {}, servers), hold=held[-1]))
        elif draw < 0.5 and held:
            events.append({"action": "release", "hold": held.pop(r.randrange(len(held)))})
        else:
            events.append(a_request(r, method, config, servers))
    return events + [{"action": "release", "hold": hold} for hold in held]


def version(program):
    out = subprocess.run([str(program), "-v"], stdout=subprocess.PIPE, text=True).stdout
    return re.search(r"Apache/(\S+)", out).group(1)


def record(program, modules, seed, folder):
    """A trace of the scenario of that seed, recorded with this httpd and its folder of modules."""
    played = scenario(seed)
    with Apache(program, modules, played, folder) as apache:
        recording = Recording(apache)
        for event in played.pop("script"):
            recording.play(event)
    return {"schema": 1, "id": f"apache-{played['algorithm']}-{seed}",
            "balancer": "apache-mod_proxy_balancer", "version": version(program), **played,
            "events": recording.events}
