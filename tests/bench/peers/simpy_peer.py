#!/usr/bin/python3
"""The model of model.hpp as a user of SimPy writes it: simpy_peer.py REQUESTS."""

import json
import random
import sys
import time

import simpy

SERVERS, LOAD, SERVICE_S = 16, 0.8, 0.020


def request(env, server, draws, stays):
    came = env.now
    with server.request() as turn:
        yield turn
        yield env.timeout(draws.expovariate(1 / SERVICE_S))
    stays[0] += env.now - came


def users(env, servers, draws, requests, stays):
    for _ in range(requests):
        env.process(request(env, draws.choice(servers), draws, stays))
        yield env.timeout(draws.expovariate(SERVERS * LOAD / SERVICE_S))


def main():
    requests = int(sys.argv[1])
    draws, stays = random.Random(1), [0.0]
    env = simpy.Environment()
    servers = [simpy.Resource(env) for _ in range(SERVERS)]
    env.process(users(env, servers, draws, requests, stays))
    began = time.process_time()
    env.run()
    print(json.dumps({"version": f"SimPy {simpy.__version__}", "requests": requests,
                      "cpu_s": time.process_time() - began, "events": 0,
                      "mean_ms": stays[0] / requests * 1e3}))


if __name__ == "__main__":
    main()
