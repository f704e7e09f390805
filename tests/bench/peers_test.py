"""The peers that analysis/speed.py compares lbsim with simulate one model, and that of theory."""

import importlib.util
import json
import pathlib
import re

import pytest

PEERS = pathlib.Path(__file__).resolve().parent / "peers"


@pytest.fixture(scope="module")
def measure():
    spec = importlib.util.spec_from_file_location("measure", PEERS / "measure.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_simpy_finds_the_mean_of_theory(measure):
    """100 ms; of 60,000 requests within four standard errors of 3.6 ms."""
    command = ["/usr/bin/python3", str(PEERS / "simpy_peer.py"), "60000"]
    found = measure.measured(command, ["/bin/echo", '{"cpu_s": 1, "requests": 1000000}'])
    assert found["version"].startswith("SimPy") and found["bare_us"] == 1
    assert measure.standard_error_ms(60_000) == pytest.approx(3.63, abs=0.01)


def test_another_model_is_refused(measure):
    said = json.dumps({"version": "other", "mean_ms": 90, "requests": 1_000_000, "cpu_s": 1})
    with pytest.raises(SystemExit, match="other: a mean of 90 ms is not"):
        measure.measured(["/bin/echo", said], ["/bin/echo", said])


def test_all_have_one_model(measure):
    header = (PEERS / "model.hpp").read_text()
    numbers = [float(n) for n in re.findall(r"constexpr \w+ k(?:\w+) = ([\d.]+);", header)]
    script = (PEERS / "simpy_peer.py").read_text()
    [own] = re.findall(r"^SERVERS, LOAD, SERVICE_S = (.*)$", script, re.MULTILINE)
    assert numbers == [float(n) for n in own.split(",")]
    assert numbers == [measure.SERVERS, measure.LOAD, measure.SERVICE_MS / 1000]


def test_the_figure_states_what_was_measured(measure):
    inputs = PEERS.parents[1] / "analysis" / "inputs" / "speed.json"
    content = json.loads(inputs.read_text())
    assert content["model"] == measure.MODEL
    for run in content["runs"]:
        error = measure.standard_error_ms(run["requests"])
        assert abs(run["mean_ms"] - measure.MEAN_MS) < 4 * error
        assert re.search(r"\d+\.\d+", run["program"]) and len(run["us"]) == measure.REPETITIONS
