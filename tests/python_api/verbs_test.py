"""The other verbs are the command line's, too."""

import json
import os
import subprocess

import lbsim
import pytest


def test_check_says_what_the_command_line_says(cli, scenarios):
    path = scenarios / "lvs-dr-nginx.toml"
    found = lbsim.check(path, pv="50M", set={"proxies.count": 3})
    options = ["--pv", "50M", "--set", "proxies.count=3"]
    assert found.to_json() == cli("check", path, *options, "--json", "-", code=0).stdout
    assert found.to_dot() == cli("check", path, *options, "--dot", "-", code=0).stdout
    assert str(found) == cli("check", path, *options, code=0).stdout
    content = json.loads(found.to_json())
    assert found.capacity_rps == content["capacity_rps"] > 1000
    assert found.min_cut == content["min_cut"] and "uplink" in found.single_points_of_failure
    assert list(found.forecast.node) == [row["node"] for row in content["forecast"]]


def test_fairness_says_what_the_command_line_says(cli):
    found = lbsim.fairness("nginx/round_robin", seed=3, progress=False)
    wanted = cli("fairness", "nginx/round_robin", "--seed", "3", "--json", "-", code=0).stdout
    assert found.to_json() == wanted
    with pytest.raises(lbsim.ScenarioError, match="no algorithm or family noone"):
        lbsim.fairness("noone")
    with pytest.raises(lbsim.ScenarioError, match="alpha: 2 is not between"):
        lbsim.fairness("nginx/round_robin", alpha=2)


def test_conform_replays_traces(cli, root, tmp_path):
    traces = root / "tests" / "data" / "conformance"
    found = lbsim.conform(traces)
    last = cli("conform", traces, code=0).stdout.splitlines()[-1]
    assert last == f"{len(found.replays)} traces, {len(found.replays)} passed, 0 failed"
    assert found.holds and all(replay.matched == replay.total for replay in found.replays)
    with pytest.raises(lbsim.ScenarioError):
        lbsim.conform(tmp_path / "none")


NAMES = "import lbsim; print(lbsim.schema()); print(*lbsim.algorithms(), sep='\\n')"


def test_the_catalog_and_the_schema_are_there(cli, package):
    environment = {**os.environ, "PYTHONPATH": str(package)}  # without what other tests define
    said = subprocess.run(["/usr/bin/python3", "-c", NAMES], env=environment, check=True,
                          capture_output=True, text=True).stdout
    schema = cli("schema", code=0).stdout
    listed = json.loads(cli("algorithms", "--json", code=0).stdout)["algorithms"]
    names = "".join(f"{spec['family']}/{spec['name']}\n" for spec in listed)
    assert said == schema + names
    assert cli("--version").stdout.split() == ["lbsim", lbsim.__version__]
