"""Algorithms from shared objects, in Python."""

import os
import subprocess

import pytest

USE = """\
import sys
import lbsim
values = lbsim.load(sys.argv[2]).to_dict()
proxies = values["proxies"]
proxies["kind"] = "balancer"
proxies["maxconn"] = proxies.pop("worker_connections")
def picks(method):
    proxies["method"] = method
    return lbsim.load(values).run(duration="2s").to_dict()["pick_digest"]
try:
    picks("mine/round_robin")
except lbsim.ScenarioError as error:
    print(error.field)
for wrong in ("/none.so", lbsim.__file__):
    try:
        lbsim.load_plugin(wrong)
    except lbsim.ScenarioError as error:
        print(error.message.split(":")[0])
lbsim.load_plugin(sys.argv[1])
lbsim.load_plugin(sys.argv[1])  # a cell of a notebook runs again
print("mine/round_robin" in lbsim.algorithms())
print(picks("mine/round_robin") == picks("nginx/round_robin") != picks("nginx/least_conn"))
print(lbsim.fairness("mine/round_robin", seed=1, progress=False).holds)
print(lbsim.compare(values, duration="1s").to_dict()["runs"][0]["pools"][0]["algorithm"])
"""


@pytest.fixture(scope="module")
def plugin(root, tmp_path_factory):
    target = tmp_path_factory.mktemp("plugin") / "mine.so"
    source = root / "tests" / "plugin" / "my_round_robin.cpp"
    command = ["g++", "-std=c++20", "-shared", "-fPIC", "-I", root / "sim", source, "-o", target]
    subprocess.run(command, check=True)
    return target


def test_an_algorithm_of_a_plugin_picks_and_is_measured(plugin, package, scenarios):
    """In an interpreter of its own: a plugin stays loaded."""
    done = subprocess.run(["/usr/bin/python3", "-c", USE, plugin, scenarios / "nginx.toml"],
                          env={**os.environ, "PYTHONPATH": str(package)}, capture_output=True,
                          text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "proxies.method",
        "there is no such file",
        "cannot be loaded",
        "True",
        "True",
        "True",
        "nginx least_conn",
    ]
