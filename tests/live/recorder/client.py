"""A client of the balancer."""

import asyncio

FRONT_PORT = 21000


class Client:
    """One HTTP/1.1 connection to the balancer."""

    def __init__(self, host):
        self.host = host
        self.r = self.w = None

    async def connect(self):
        self.r, self.w = await asyncio.open_connection(self.host, FRONT_PORT)

    def close(self):
        if self.w is not None:
            self.w.close()
            self.r = self.w = None

    async def request(self, path="/", headers=(), rid=None):
        if self.w is None:
            await self.connect()
        lines = ["GET %s HTTP/1.1" % path]
        if "://" in path:            # absolute form: Host must agree
            lines.append("Host: " + path.split("://", 1)[1].split("/")[0])
        elif not any(k.lower() == "host" for k, _ in headers):
            lines.append("Host: t")
        lines += ["%s: %s" % kv for kv in headers]
        if rid is not None:
            lines.append("X-Rid: %s" % rid)
        self.w.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        head = await self.r.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        hdrs = {}
        for line in head.decode().split("\r\n")[1:]:
            if ":" in line:
                k, v = line.split(":", 1)
                hdrs[k.lower()] = v.strip()
        n = hdrs.get("content-length")
        if n is not None:
            body = await self.r.readexactly(int(n))
        else:
            body = await self.r.read()
            self.close()
        if hdrs.get("connection", "").lower() == "close":
            self.close()
        return status, hdrs, body
