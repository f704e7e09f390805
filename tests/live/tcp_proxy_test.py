"""A real balancer on loopback that picks servers with the installed algorithm library."""

import socket
import subprocess
import sys

import pytest

# Answers each connection with its own number and what it was sent.
BACKEND = """\
import socket, sys
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    peer = listener.accept()[0]
    sent = b"".join(iter(lambda: peer.recv(65536), b""))
    peer.sendall(sys.argv[1].encode() + b" " + sent)
    peer.close()
"""
CONNECTIONS = 24


class Child:
    """A process of this test's own, that says on its first line that it is ready."""

    def __init__(self, *command):
        self.process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True)
        self.first = self.line()

    def line(self):
        return self.process.stdout.readline().strip()

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture(scope="module")
def program(root, build, tmp_path_factory):
    """tcp_proxy, built against the package as it is installed."""
    place = tmp_path_factory.mktemp("tcp_proxy")
    prefix, made = place / "prefix", place / "build"
    for command in (
        ["cmake", "--install", build, "--prefix", prefix],
        ["cmake", "-S", root / "tests" / "live" / "tcp_proxy", "-B", made, "-G", "Ninja",
         f"-DCMAKE_PREFIX_PATH={prefix}"],
        ["cmake", "--build", made],
    ):
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    return made / "tcp_proxy"


@pytest.fixture
def backends():
    children = [Child(sys.executable, "-c", BACKEND, number) for number in range(3)]
    yield children
    for child in children:
        child.stop()


@pytest.fixture
def proxy(program, backends):
    started = []

    def start(method, weights=(1, 1, 1)):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        servers = [f"{weight}@{child.first}" for weight, child in zip(weights, backends)]
        started.append(Child(program, method, port, *servers))
        assert started[-1].first == "listening"
        return started[-1], port

    yield start
    for child in started:
        child.stop()


def ask(port, text=b"hello"):
    """(number of the backend, what it got), or None if the proxy closed the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as peer:
        peer.sendall(text)
        peer.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: peer.recv(65536), b""))
    if not answer:
        return None
    number, sent = answer.split(b" ", 1)
    return int(number), sent


@pytest.mark.parametrize("method", ["nginx/round_robin", "apache/byrequests", "haproxy/roundrobin"])
def test_real_connections_go_where_the_algorithm_says(proxy, method):
    weights = (3, 2, 1)
    child, port = proxy(method, weights)
    served = [ask(port)[0] for _ in range(CONNECTIONS)]
    assert served == [int(child.line()) for _ in range(CONNECTIONS)]
    # In every six connections each server has its weight, and no server is far behind.
    for begin in range(0, CONNECTIONS, 6):
        assert [served[begin : begin + 6].count(s) for s in range(3)] == list(weights)


def smooth_round_robin(weights, count):
    """The picks of the rule as nginx's documentation and every textbook give it."""
    currents, picks = [0] * len(weights), []
    for _ in range(count):
        currents = [c + w for c, w in zip(currents, weights)]
        best = currents.index(max(currents))
        currents[best] -= sum(weights)
        picks.append(best)
    return picks


def test_the_picks_are_those_of_the_rule_pick_for_pick(proxy):
    _, port = proxy("nginx/round_robin", (5, 1, 1))
    served = [ask(port)[0] for _ in range(CONNECTIONS)]
    assert served == smooth_round_robin((5, 1, 1), CONNECTIONS)


def test_open_connections_count_for_least_conn(proxy):
    child, port = proxy("nginx/least_conn")
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(2)]
    busy = {int(child.line()) for _ in held}
    free = ({0, 1, 2} - busy).pop()
    assert len(busy) == 2
    assert [ask(port)[0] for _ in range(1)] == [free]
    for peer in held:
        peer.close()


def test_large_transfers_arrive_whole_both_ways(proxy):
    _, port = proxy("nginx/round_robin")
    sent = bytes(range(256)) * 4096
    assert ask(port, sent)[1] == sent


def test_a_backend_that_dies_is_passed_over_and_then_left_alone(proxy, backends):
    child, port = proxy("nginx/round_robin")
    assert sorted(ask(port)[0] for _ in range(3)) == [0, 1, 2]
    backends[1].stop()
    served = [ask(port)[0] for _ in range(12)]
    assert sorted(set(served)) == [0, 2]
    lines = [child.line() for _ in range(15)][3:]
    failed_over = [line for line in lines if line.endswith(" 1")]
    assert len(failed_over) == 1  # max_fails is 1: nobody else is sent there


def test_with_all_backends_dead_the_client_is_closed(proxy, backends):
    child, port = proxy("nginx/round_robin")
    for backend in backends:
        backend.stop()
    with socket.create_connection(("127.0.0.1", port), timeout=10) as peer:
        assert peer.recv(100) == b""
    assert child.line().startswith("- ")
