"""nginx's limit_req on loopback against the library's leaky bucket: which requests are rejected,
and for how long the others are held back."""

import random
import re
import socket
import subprocess
import threading
import time

import pytest

HOST = "127.0.0.97"  # an address of this test's own
CONFIG = """\
daemon off; master_process off; pid {dir}/pid; error_log {dir}/error.log info;
events {{ worker_connections 512; }}
http {{
  log_format times '$msec $request_time $status $limit_req_status $request_uri';
  access_log {dir}/access.log times;
  client_body_temp_path {dir}; proxy_temp_path {dir}; fastcgi_temp_path {dir};
  uwsgi_temp_path {dir}; scgi_temp_path {dir};
  limit_req_zone $server_name zone=z:1m rate={rate};
  server {{
    listen {host}:{port}; server_name s; keepalive_timeout 0;
    location / {{ limit_req zone=z {options}; root {dir}; }}
  }}
}}
"""
# Rate as nginx takes it and in thousandths per second, burst, delay (-1: nodelay).
CASES = [
    ("20r/s", 20_000, 0, 0),
    ("20r/s", 20_000, 5, 0),
    ("20r/s", 20_000, 5, -1),
    ("25r/s", 25_000, 8, 3),
    ("900r/m", 15_000, 4, 0),
]


def options_of(burst, delay):
    text = f"burst={burst}" if burst else ""
    return text + (" nodelay" if delay < 0 else f" delay={delay}" if delay else "")


@pytest.fixture(scope="module")
def library(root, build, tmp_path_factory):
    """limit_req, built with the library of this build."""
    program = tmp_path_factory.mktemp("limit_req") / "limit_req"
    source = root / "tests" / "live" / "limit_req" / "limit_req.cpp"
    subprocess.run(["g++", "-std=c++20", "-I", root / "sim", source, "-o", program,
                    build / "liblbsim_algorithms.a"], check=True)  # fmt: skip
    return program


@pytest.fixture
def nginx(daemon, tmp_path):
    """Starts nginx; ends it by its handle."""
    started = []

    def start(rate, options):
        with socket.create_server((HOST, 0)) as probe:
            port = probe.getsockname()[1]
        conf = tmp_path / "nginx.conf"
        conf.write_text(
            CONFIG.format(dir=tmp_path, host=HOST, port=port, rate=rate, options=options))
        (tmp_path / "page").write_text("page")
        command = [daemon("nginx"), "-p", tmp_path, "-e", tmp_path / "error.log", "-c", conf]
        started.append(subprocess.Popen(list(map(str, command)), stderr=subprocess.DEVNULL))
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                socket.create_connection((HOST, port)).close()
                return port, tmp_path / "access.log"
            except OSError:
                time.sleep(0.01)
        raise AssertionError((tmp_path / "error.log").read_text())

    yield start
    for process in started:
        process.terminate()
        process.wait()


def ask(port, number):
    with socket.create_connection((HOST, port)) as peer:
        peer.sendall(f"GET /page?{number} HTTP/1.0\r\n\r\n".encode())
        while peer.recv(4096):
            pass


def ask_at_random(port, count, mean_s, seed):
    draw = random.Random(seed)
    threads = []
    for number in range(count):
        time.sleep(draw.expovariate(1 / mean_s))
        threads.append(threading.Thread(target=ask, args=(port, number)))
        threads[-1].start()
    for thread in threads:
        thread.join()


def log_of(path, count):
    """(arrival in ms, status, held back in ms, was delayed) in the order of arrival."""
    deadline = time.monotonic() + 5
    while len(path.read_text().splitlines()) < count and time.monotonic() < deadline:
        time.sleep(0.05)
    found = []
    for line in path.read_text().splitlines():
        msec, took, status, verdict, uri = line.split()
        if "?" not in uri:
            continue
        end_ms, took_ms = round(float(msec) * 1000), round(float(took) * 1000)
        number = int(re.search(r"\?(\d+)", uri)[1])
        found.append((end_ms - took_ms, number, int(status), took_ms, verdict))
    return sorted(found)


@pytest.mark.parametrize("rate, per_ks, burst, delay", CASES)
def test_requests_are_rejected_and_held_back_as_nginx_does(rate, per_ks, burst, delay, nginx,
                                                          library):
    count = 120
    port, log = nginx(rate, options_of(burst, delay))
    ask_at_random(port, count, 0.6 / (per_ks / 1000), seed=burst + 1)
    recorded = log_of(log, count)
    assert len(recorded) == count
    begin = recorded[0][0]
    times = "\n".join(str(at - begin) for at, *_ in recorded)
    command = [library, str(per_ks), str(burst), str(delay)]
    done = subprocess.run(command, input=times, text=True, capture_output=True, check=True)
    answered = done.stdout.split()
    rejected = sum(status == 503 for _, _, status, _, _ in recorded)
    assert 10 < rejected < count - 10
    # nginx logs the end by its clock of milliseconds and the length by another look at it, so an
    # arrival is known to a millisecond or two; what lies on the edge may fall on either side.
    wrong = [
        (at - begin, status, model)
        for (at, _, status, _, _), model in zip(recorded, answered, strict=True)
        if (status == 503) != (model == "rejected")
    ]
    assert abs(answered.count("rejected") - rejected) <= 2, wrong
    assert len(wrong) <= 6, wrong
    held = [
        (took, int(model))
        for (_, _, status, took, _), model in zip(recorded, answered, strict=True)
        if status == 200 and model != "rejected"
    ]
    late = [(took, model) for took, model in held if not -4 <= took - model <= 15]
    assert len(late) <= len(held) // 20 + 6, late
    if burst and delay >= 0:
        assert sum(model > 0 for _, model in held) > 5  # some were held back at all
