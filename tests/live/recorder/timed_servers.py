"""Servers that hold a slot for a given time, by timer: no CPU contention, one FIFO backlog each."""

import asyncio
import collections
import heapq


class TimedServer:
    """One of them; see tests/data/e2e/SCHEMA.md, "What ran". `number` comes back in X-Server."""

    def __init__(self, number, host, port, slots, speed, backlog):
        self.number, self.host, self.port = number, host, port
        self.slots, self.speed, self.backlog = slots, speed, backlog
        self.connections = set()
        self.late_s, self.checks_s = [], []
        self.empty()

    def empty(self):
        self.free_at = [0.0] * self.slots  # a heap
        self.starts = collections.deque()  # of requests that wait, perhaps over
        self.in_flight = {}  # request number -> timer

    async def listen(self):
        loop = asyncio.get_running_loop()
        self.listener = await loop.create_server(
            lambda: ServerConnection(self), self.host, self.port, backlog=1024)

    def close(self):
        """Closes the port and resets all connections; returns the requests that were here."""
        self.listener.close()
        for connection in list(self.connections):
            connection.transport.abort()
        cut = list(self.in_flight)
        for timer in self.in_flight.values():
            timer.cancel()
        self.empty()
        return cut

    def take(self, connection, request, demand_s):
        loop = asyncio.get_running_loop()
        now = loop.time()
        while self.starts and self.starts[0] <= now:
            self.starts.popleft()
        if self.backlog is not None and self.free_at[0] > now and len(self.starts) >= self.backlog:
            return connection.answer(503, now, 0, 0)
        start = max(now, heapq.heappop(self.free_at))
        service_s = demand_s / self.speed
        heapq.heappush(self.free_at, start + service_s)
        self.starts.append(start)

        def end():
            del self.in_flight[request]
            self.late_s.append(loop.time() - start - service_s)
            connection.answer(200, now, start - now, service_s)

        if service_s == 0 and start == now:
            connection.answer(200, now, 0, 0)
        else:
            self.in_flight[request] = loop.call_at(start + service_s, end)


class ServerConnection(asyncio.Protocol):
    def __init__(self, server):
        self.server, self.data = server, b""

    def connection_made(self, transport):
        self.transport = transport
        self.server.connections.add(self)

    def connection_lost(self, _):
        self.server.connections.discard(self)

    def data_received(self, data):
        self.data += data
        if not self.data.endswith(b"\r\n\r\n"):
            return
        head, self.data = self.data, b""
        if head.startswith(b"GET /check"):
            self.server.checks_s.append(asyncio.get_running_loop().time())
            return self.answer(200, 0, 0, 0)
        fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
        fields = {name.lower(): value for name, value in fields.items()}
        self.server.take(self, int(fields[b"x-rid"]), int(fields[b"x-demand-us"]) * 1e-6)

    def answer(self, status, arrived_s, wait_s, service_s):
        if self.transport.is_closing():
            return
        self.transport.write(
            f"HTTP/1.1 {status} X\r\nContent-Length: 0\r\nX-Server: {self.server.number}\r\n"
            f"X-Times: {arrived_s} {wait_s} {service_s}\r\n\r\n".encode())
