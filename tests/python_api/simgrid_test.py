"""The SimGrid kernel: one engine for each process, so each run has a process of its own."""

import os
import signal
import traceback

import lbsim
import pytest


def test_both_kernels_pick_the_same_and_runs_repeat(cli, site, scenarios):
    options = {"duration": "1s", "pv": "1M"}
    native = site.run(**options)
    first, second = (site.run(kernel="simgrid", **options) for _ in range(2))
    assert first.kernel == "simgrid" and first.to_json() == second.to_json()
    assert first.to_dict()["pick_digest"] == native.to_dict()["pick_digest"]
    wanted = cli("run", scenarios / "nginx.toml", "--duration", "1s", "--pv", "1M", "--kernel",
                 "simgrid", "--json", "-", code=0).stdout
    assert first.to_json() == wanted
    assert (first.latency.counts.sum()) == first.outcomes["ok"]


def test_progress_and_ctrl_c_reach_the_child(site):
    def interrupt(simulated_s, *_):
        if simulated_s > 0.2:
            os.kill(os.getpid(), signal.SIGINT)

    result = site.run(kernel="simgrid", pv="1M", duration="20s", progress=interrupt)
    assert result.partial and 0.2 < result.simulated_s < 5


def test_mistakes_and_exceptions_come_back_from_the_child(site, balanced):
    with pytest.raises(lbsim.ScenarioError, match="window") as caught:
        site.run(kernel="simgrid", window="noon")
    assert caught.value.field

    class Broken(lbsim.Algorithm, name="pytest/broken_child"):
        def pick(self, request):
            if len(self.names) > 1:
                raise ZeroDivisionError("no luck")
            return 0

    with pytest.raises(ZeroDivisionError, match="no luck") as raised:
        balanced(Broken).run(kernel="simgrid", pv="1M", duration="1s")
    assert "in pick" in "".join(traceback.format_exception(raised.value))


def test_a_child_that_is_killed_is_an_error_and_no_hang(site):
    def children():
        with open(f"/proc/{os.getpid()}/task/{os.getpid()}/children") as file:
            return {int(pid) for pid in file.read().split()}

    before = children()  # of other tests: a browser's driver

    def kill_child(*_):
        for pid in children() - before:
            os.kill(pid, signal.SIGKILL)

    with pytest.raises((RuntimeError, BrokenPipeError, ConnectionResetError)):
        site.run(kernel="simgrid", pv="1M", duration="5s", progress=kill_child)
