"""Runs from Python are the command line's runs."""

import os
import pickle
import signal
import threading
import time

import lbsim
import numpy
import pytest


def test_to_json_is_what_the_command_line_writes(cli, scenarios):
    path = scenarios / "nginx.toml"
    options = ["--pv", "20M", "--seed", "7", "--duration", "2s", "--window", "10:00-11:00",
               "--set", "proxies.method=least_conn", "--set", "proxies.workers=2"]
    wanted = cli("run", path, *options, "--json", "-", code=0).stdout
    result = lbsim.load(path).run(
        pv="20M", seed=7, duration="2s", window="10:00-11:00",
        set={"proxies.method": "least_conn", "proxies.workers": numpy.int64(2)},
    )
    assert result.to_json() == wanted
    again = lbsim.load(str(path)).run(
        pv=20e6, seed=numpy.uint64(7), duration="2s",
        set={"workload.window": "10:00-11:00", "proxies": {**lbsim.load(path).to_dict()["proxies"],
             "method": "least_conn", "workers": 2}},
    )
    assert again.outcomes == result.outcomes


def test_an_access_log_is_replayed_as_the_command_line_does(cli, scenarios, tmp_path):
    log = tmp_path / "access.log"
    line = '192.0.2.{} - - [10/Oct/2024:13:55:{:02} +0000] "GET / HTTP/1.1" 200 2326\n'
    log.write_text("".join(line.format(n % 7, n // 4) for n in range(100)))
    wanted = cli("run", scenarios / "nginx.toml", "--log", log, "--json", "-", code=0).stdout
    assert lbsim.load(scenarios / "nginx.toml").run(log=log).to_json() == wanted


def test_percentiles_are_those_of_the_json(site):
    result = site.run(duration="1s")
    stated = result.to_dict()["latency_ms"]
    for name, percent in (("p50", 50), ("p90", 90), ("p99", 99), ("p999", 99.9), ("max", 100)):
        assert result.latency.percentile(percent) == pytest.approx(stated[name])
    assert result.latency.mean_ms == pytest.approx(stated["mean"])
    assert result.latency.share_within(result.latency.percentile(50)) >= 0.5
    for percent in (0, -1, 100.1, float("nan")):
        with pytest.raises(ValueError):
            result.latency.percentile(percent)


def test_the_counts_of_the_sketch_are_the_simulators_own_memory(site):
    result = site.run(duration="1s")
    latency = result.latency
    first, second = latency.counts, latency.counts
    assert numpy.shares_memory(first, second) and not first.flags.owndata
    assert not first.flags.writeable and first.dtype == numpy.uint64
    assert first.sum() == result.outcomes["ok"] == len(latency)
    mean = numpy.average(latency.buckets_ms, weights=first)
    assert mean == pytest.approx(latency.mean_ms, rel=lbsim.Latency.relative_error)
    del result, latency, second  # the view keeps alive what it shows
    pressure = [site.run(duration="100ms") for _ in range(3)]
    assert first.sum() > pressure[0].outcomes["ok"]


def test_distributions_add_up(site):
    one, two = (site.run(duration="1s", seed=seed).latency for seed in (1, 2))
    both = one + two
    assert len(both) == len(one) + len(two)
    assert both.max_ms == max(one.max_ms, two.max_ms)
    assert min(one.percentile(99), two.percentile(99)) <= both.percentile(99)


def test_frames_say_what_the_files_say(cli, site, scenarios, tmp_path):
    result = site.run(duration="90s", pv="2M")
    cli("run", scenarios / "nginx.toml", "--duration", "90s", "--pv", "2M", "--csv",
              tmp_path / "csv", "--quiet", code=0)
    assert result.series.to_csv(index=False) == _read_csv(tmp_path / "csv" / "nodes.csv")
    assert result.events.to_csv(index=False) == _read_csv(tmp_path / "csv" / "events.csv")
    content = result.to_dict()
    assert result.nodes.to_dict("records") == content["nodes"]
    picks = result.pools.groupby("pool").picks.sum().to_dict()
    assert picks == {p["name"]: sum(row["picks"] for row in p["picks"]) for p in content["pools"]}
    name = content["nodes"][0]["name"]
    minutes = result.minutes(name)
    assert not minutes.flags.owndata and not minutes.flags.writeable
    assert minutes["requests"].sum() == content["nodes"][0]["requests"]
    with pytest.raises(KeyError):
        result.minutes("nobody")


def _read_csv(path):
    import pandas

    return pandas.read_csv(path).to_csv(index=False)


def test_results_and_scenarios_survive_pickling(site):
    result = site.run(duration="1s")
    copy = pickle.loads(pickle.dumps(result))
    assert copy.to_json() == result.to_json() and str(copy) == str(result)
    assert (copy.latency.counts == result.latency.counts).all()
    other = pickle.loads(pickle.dumps(site))
    assert other.sha256 == site.sha256
    assert other.run(duration="1s").to_json() == result.to_json()


def test_notebooks_show_a_table_in_which_names_are_no_markup(site):
    named = site.changed({"name": "</b><script>alert(1)</script>"})
    shown = named.run(duration="200ms")._repr_html_()
    assert "<script>" not in shown and "&lt;script&gt;" in shown and "p99" in shown


def test_progress_tells_how_far_the_run_is(site, capsys):
    calls = []
    result = site.run(duration="1s", progress=lambda *told: calls.append(told))
    seconds = [told[0] for told in calls]
    assert len(calls) > 500 and seconds == sorted(seconds) and calls[0][1] == 1.0
    assert calls[-1][2] == result.generated
    site.run(duration="200ms", progress=True)
    assert "100%" in capsys.readouterr().err
    site.run(duration="200ms")  # stderr is no terminal here
    assert not capsys.readouterr().err


def test_windows_tell_when_what_happened(site):
    result = site.run(duration="10s", windows="2s")
    windows = result.windows
    assert list(windows.from_s) == [0, 2, 4, 6, 8]
    assert windows.requests.sum() == result.generated
    assert windows.failed.sum() == result.generated - result.outcomes["ok"]
    assert windows.max_ms.max() == pytest.approx(result.latency.max_ms)
    assert pickle.loads(pickle.dumps(result)).windows.equals(windows)
    assert site.run(duration="1s").windows.empty
    for wrong in ("1ms", "10"):
        with pytest.raises(lbsim.ScenarioError, match="windows"):
            site.run(windows=wrong)


def test_ctrl_c_gives_what_was_found_so_far(site):
    def interrupt(simulated_s, *_):
        if simulated_s > 0.5:
            os.kill(os.getpid(), signal.SIGINT)

    result = site.run(duration="60s", progress=interrupt)
    assert result.partial and 0.5 < result.simulated_s < 2
    assert result.outcomes["unfinished"] > 0 and result.to_dict()["partial"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_what_a_progress_function_raises_ends_the_run(site):
    def fail(*_):
        raise LookupError("no more")

    with pytest.raises(LookupError, match="no more"):
        site.run(duration="60s", progress=fail)


def test_other_threads_run_meanwhile(site):
    results = {}
    ticks = 0
    thread = threading.Thread(target=lambda: results.update(other=site.run(duration="3s")))
    thread.start()
    while thread.is_alive():
        ticks += 1
        time.sleep(0.001)
    assert ticks > 20
    assert results["other"].to_json() == site.run(duration="3s").to_json()


def test_runs_in_two_threads_at_once_are_as_alone(site):
    alone = [site.run(duration="2s", seed=seed).to_json() for seed in (1, 2)]
    together = {}

    def work(seed):
        together[seed] = site.run(duration="2s", seed=seed)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[seed].to_json() for seed in (1, 2)] == alone


def test_users_come_at_the_times_of_an_array(site):
    times = numpy.sort(numpy.random.default_rng(5).uniform(0, 4, 200))
    result = site.run(arrivals=times, duration="5s")
    assert result.to_dict()["page_views"]["started"] >= 200
    assert result.to_json() == site.run(arrivals=list(times), duration="5s").to_json()
    # Those after the window do not come.
    few = site.run(arrivals=times, duration="1s").to_dict()["page_views"]["started"]
    assert few == pytest.approx((times < 1).sum(), abs=3)
    for wrong in ([1.0, 0.5], [-1.0], [float("nan")], [float("inf")]):
        with pytest.raises(lbsim.ScenarioError, match="arrivals"):
            site.run(arrivals=wrong)
    with pytest.raises(ValueError, match="one-dimensional"):
        site.run(arrivals=[[1.0]])
