"""Fresh recordings of real balancers on loopback, replayed: what the stored traces cannot show,
as nobody has seen these picks before."""

import concurrent.futures
import json
import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(__file__))

from recorder import apache  # noqa: E402
from recorder.bind import record_rotation  # noqa: E402
from recorder.random_scenarios import scenario  # noqa: E402
from recorder.recorder import record  # noqa: E402

SEED = int(os.environ.get("LBSIM_SEED", "1"))


def write(trace, folder):
    path = folder / (trace["id"] + ".json")
    path.write_text(json.dumps(trace))
    return path


@pytest.mark.parametrize("balancer, count", [("nginx", 24), ("haproxy", 26)])
def test_random_scenarios_are_picked_as_the_real_balancer_picks(balancer, count, full, daemon,
                                                                 lbsim, tmp_path):
    count *= 20 if full else 1
    program = daemon(balancer)
    # Recordings wait for the clock and for the balancer most of the time.
    with concurrent.futures.ProcessPoolExecutor(max_workers=4) as pool:
        scenarios = [scenario(balancer, SEED * 100_000 + i) for i in range(count)]
        for trace in pool.map(record, [program] * count, scenarios):
            write(trace, tmp_path)
    replayed = lbsim("conform", tmp_path, timeout_s=600)
    assert replayed.returncode == 0, f"LBSIM_SEED={SEED}, traces in {tmp_path}\n" + replayed.stdout
    assert replayed.stdout.endswith(f"{count} traces, {count} passed, 0 failed\n")


def test_random_scenarios_are_picked_as_apache_picks(full, daemon, daemon_files, lbsim, tmp_path):
    count = 200 if full else 12
    program, modules = daemon("apache2"), daemon_files("usr/lib/apache2/modules")
    seeds = [SEED * 100_000 + i for i in range(count)]
    folders = [tmp_path / f"httpd-{seed}" for seed in seeds]
    traces = tmp_path / "traces"
    traces.mkdir()
    with concurrent.futures.ProcessPoolExecutor(max_workers=4) as pool:
        for trace in pool.map(apache.record, [program] * count, [modules] * count, seeds, folders):
            write(trace, traces)
    replayed = lbsim("conform", traces, timeout_s=600)
    assert replayed.returncode == 0, f"LBSIM_SEED={SEED}, traces in {traces}\n" + replayed.stdout
    assert replayed.stdout.endswith(f"{count} traces, {count} passed, 0 failed\n")


@pytest.mark.parametrize("records", [2, 3, 5, 8])
def test_cyclic_answers_rotate_as_binds_do(records, daemon, lbsim, tmp_path):
    trace = record_rotation(daemon("named"), records, answers=200, folder=tmp_path / "named")
    assert len(trace["events"]) == 200
    # Every record leads its share of the answers: the recording itself is sound.
    first = [event["answer"][0] for event in trace["events"]]
    assert {first.count(name) for name in set(first)} <= {200 // records, -(-200 // records)}
    replayed = lbsim("conform", write(trace, tmp_path))
    assert replayed.stdout == f"pass {trace['id']} 200/200\n1 traces, 1 passed, 0 failed\n"


def test_a_recording_with_one_other_pick_fails(daemon, lbsim, tmp_path):
    trace = record(daemon("haproxy"), scenario("haproxy", 1))
    event = next(e for e in trace["events"] if e["action"] == "requests")
    event["picked"][0] = (event["picked"][0] + 1) % len(trace["servers"])
    replayed = lbsim("conform", write(trace, tmp_path), code=1)
    assert replayed.stdout.startswith(f"fail {trace['id']} ")
