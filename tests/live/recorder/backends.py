"""The servers behind a balancer: they answer at once, or hold the response until told."""

import asyncio


class BackendProto(asyncio.Protocol):
    def __init__(self, pool, index):
        self.pool, self.index, self.buf = pool, index, b""
        self.tr = None

    def connection_made(self, tr):
        self.tr = tr

    def data_received(self, data):
        self.buf += data
        if self.buf[:1] == b"\x03":          # TPKT packet: tcp mode
            self.tr.write(b"s%d\n" % self.index)
            self.tr.close()
            return
        while True:
            end = self.buf.find(b"\r\n\r\n")
            if end < 0:
                return
            head, self.buf = self.buf[:end], self.buf[end + 4:]
            rid = None
            for line in head.split(b"\r\n")[1:]:
                if line[:6].lower() == b"x-rid:":
                    rid = line[6:].strip().decode()
            self.pool.arrived(self, rid)

    def reply(self):
        body = b"s%d" % self.index
        self.tr.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n"
                      b"X-Srv: %d\r\nConnection: close\r\n\r\n%s"
                      % (len(body), self.index, body))
        self.tr.close()


class BackendPool:
    """All the backends of one scenario, plus the table of held requests."""

    def __init__(self, servers):
        self.servers = servers
        self.listeners = [None] * len(servers)
        self.hold = set()         # request ids to be held on arrival
        self.waiting = {}         # id -> future of server index
        self.held = {}            # id -> protocol

    async def listen(self, i):
        if self.listeners[i] is None:
            host, port = self.servers[i]["addr"].rsplit(":", 1)
            loop = asyncio.get_running_loop()
            self.listeners[i] = await loop.create_server(
                lambda: BackendProto(self, i), host.strip("[]"), int(port),
                backlog=512)

    async def unlisten(self, i):
        if self.listeners[i] is not None:
            self.listeners[i].close()
            self.listeners[i] = None
            await asyncio.sleep(0)

    async def start(self):
        for i, s in enumerate(self.servers):
            if s.get("listening", True):
                await self.listen(i)

    async def stop(self):
        for proto in list(self.held.values()):
            proto.reply()
        self.held.clear()
        for i in range(len(self.servers)):
            await self.unlisten(i)

    def arrived(self, proto, rid):
        if rid is not None and rid in self.hold:
            self.held[rid] = proto
            fut = self.waiting.get(rid)
            if fut is not None and not fut.done():
                fut.set_result(proto.index)
        else:
            proto.reply()

    def expect(self, rid):
        self.hold.add(rid)
        self.waiting[rid] = asyncio.get_running_loop().create_future()
        return self.waiting[rid]

    def release(self, rid):
        self.hold.discard(rid)
        self.held.pop(rid).reply()
