"""Comparisons and sweeps from Python are the command line's."""

import concurrent.futures
import os
import signal
import time

import lbsim
import pytest


class Last(lbsim.Algorithm, name="pytest/last"):
    def pick(self, request):
        return request.candidates[-1]


class Failing(lbsim.Algorithm, name="pytest/failing"):
    def pick(self, request):
        if len(self.names) > 1:
            raise ZeroDivisionError("no luck")
        return 0


def test_compare_says_what_the_command_line_says(cli, scenarios):
    paths = [scenarios / "nginx.toml", scenarios / "lvs-dr-nginx.toml"]
    options = ["--pv", "10M", "--duration", "1s", "--replications", "3"]
    found = lbsim.compare(*paths, pv="10M", duration="1s", replications=3)
    assert found.to_json() == cli("compare", *paths, *options, "--json", "-", code=0).stdout
    assert str(found) == cli("compare", *paths, *options, code=0).stdout
    assert not found.partial and found.reached
    assert set(found.differences.metric) >= {"latency_ms_mean", "latency_ms_p99"}


def test_a_precision_that_is_not_reached_is_said(site):
    found = lbsim.compare(site, site.changed({"proxies.count": 3}), duration="300ms", pv="5M",
                          replications=2, precision="p99:0.01%")
    assert not found.reached and found.to_dict()["replications"] == 2


def test_compare_takes_scenarios_of_every_form_and_algorithms(site, balanced):
    found = lbsim.compare(site, site.to_dict(), balanced(Last), duration="500ms", pv="1M")
    content = found.to_dict()
    assert content["runs"][0]["pick_digest"] == content["runs"][1]["pick_digest"]
    assert content["runs"][2]["pools"][0]["algorithm"] == "pytest last"


def test_what_an_algorithm_raises_in_a_child_is_told(balanced):
    with pytest.raises(lbsim.ScenarioError, match="ZeroDivisionError: no luck"):
        lbsim.compare(balanced(Failing), duration="500ms", pv="1M")


def test_mistakes_are_found_before_anything_runs(site):
    with pytest.raises(TypeError):
        lbsim.compare()
    with pytest.raises(ValueError, match="replications"):
        lbsim.compare(site, replications=0)
    with pytest.raises(lbsim.ScenarioError, match="precision"):
        lbsim.compare(site, precision="p98:2%")
    with pytest.raises(lbsim.ScenarioError, match="page_views"):
        lbsim.compare(site, pv="many")


def ctrl_c_after(share):
    """A progress function that is interrupted once, when so many runs are done."""
    left = [True]

    def interrupt(done, *_):
        if done >= share and left:
            left.clear()
            os.kill(os.getpid(), signal.SIGINT)

    return interrupt


def test_ctrl_c_gives_what_there_is(site):
    found = lbsim.compare(site, site, duration="10min", progress=ctrl_c_after(0.2))
    assert found.partial and found.to_dict()["partial"]


VARY = {"proxies.count": [2, 3], "proxies.method": ["round_robin", "least_conn"]}


def test_sweep_writes_what_the_command_line_writes(cli, site, scenarios, tmp_path):
    swept = lbsim.sweep(site, VARY, out=tmp_path / "own", duration="300ms", pv="2M", replications=2)
    assert (swept.done, swept.all, swept.partial) == (8, 8, False)
    cli("sweep", scenarios / "nginx.toml", "--vary", "proxies.count=2,3", "--vary",
        "proxies.method=round_robin,least_conn", "--replications", 2, "--out", tmp_path / "cli",
        "--duration", "300ms", "--pv", "2M", code=0)
    for path in sorted((tmp_path / "cli" / "runs").iterdir()):
        assert (tmp_path / "own" / "runs" / path.name).read_text() == path.read_text()
    assert swept.to_csv() == (tmp_path / "cli" / "sweep.csv").read_text()
    assert swept.to_csv() == (tmp_path / "own" / "sweep.csv").read_text()
    frame = swept.results
    assert len(frame) == 8 and set(frame["proxies.count"]) == {2, 3}
    assert set(frame["proxies.method"]) == {"round_robin", "least_conn"}


def test_a_sweep_that_was_interrupted_goes_on(site, tmp_path):
    options = {"out": tmp_path / "swept", "duration": "2s"}
    first = lbsim.sweep(site, VARY, jobs=1, progress=ctrl_c_after(1), **options)
    assert first.partial and 1 <= first.done < 4
    with pytest.raises(lbsim.ScenarioError, match="out"):
        lbsim.sweep(site, VARY, **options)
    again = lbsim.sweep(site, VARY, resume=True, **options)
    assert not again.partial and again.done == 4


def test_algorithms_are_swept_like_any_value(balanced, tmp_path):
    swept = lbsim.sweep(balanced("modern/random"), {"proxies.method": ["modern/random", Last]},
                        out=tmp_path / "swept", duration="300ms", pv="1M")
    assert list(swept.results["proxies.method"]) == ["modern/random", "pytest/last"]
    with pytest.raises(lbsim.ScenarioError, match="--vary|vary"):
        lbsim.sweep(balanced(Last), {"proxies.method": ["nothing"]}, out=tmp_path / "other")


def test_a_dask_client_runs_it_elsewhere(site, tmp_path):
    distributed = pytest.importorskip("distributed")
    here = lbsim.sweep(site, VARY, out=tmp_path / "here", duration="300ms", pv="2M")
    with distributed.LocalCluster(n_workers=1, threads_per_worker=1, processes=False,
                                  dashboard_address=None) as cluster:
        with distributed.Client(cluster) as client:
            there = lbsim.sweep(site, VARY, out=tmp_path / "there", duration="300ms", pv="2M",
                                client=client)
    assert there.to_csv() == here.to_csv()


class Workers:
    """As a Dask client, on a thread of this process that rests before each run."""

    def __init__(self, rest_s=0):
        self.pool = concurrent.futures.ThreadPoolExecutor(1)
        self.rest_s = rest_s
        self.cancelled = []

    def submit(self, work, *arguments, pure):
        assert not pure
        return self.pool.submit(self.run, work, arguments)

    def run(self, work, arguments):
        time.sleep(self.rest_s)
        return work(*arguments)

    def cancel(self, futures):
        self.cancelled = [future.cancel() for future in futures]


def test_a_sweep_on_a_client_can_be_interrupted_and_goes_on(site, tmp_path):
    client, told = Workers(rest_s=1), []  # so that most runs are still to come at the signal

    def interrupt(done, of, *_):
        told.append((done, of))
        if done == 1:
            os.kill(os.getpid(), signal.SIGINT)

    options = {"out": tmp_path / "swept", "duration": "2s"}
    first = lbsim.sweep(site, VARY, client=client, progress=interrupt, **options)
    assert first.partial and 1 <= first.done < 4 and told[0] == (0, 4)
    assert len(client.cancelled) == 4 - first.done and any(client.cancelled)
    again = lbsim.sweep(site, VARY, resume=True, client=Workers(), **options)
    assert again.done == 4 and again.to_csv() == lbsim.sweep(
        site, VARY, out=tmp_path / "here", duration="2s").to_csv()


def test_a_run_that_fails_on_a_client_ends_the_sweep(balanced, tmp_path):
    client = Workers()
    with pytest.raises(ZeroDivisionError, match="no luck"):
        lbsim.sweep(balanced(Failing), {"seed": [1, 2, 3]}, out=tmp_path / "swept", client=client,
                    duration="2s")
    assert client.cancelled
