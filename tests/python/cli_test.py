"""The command line as other programs see it: exit codes, files, and the fields of their JSON."""

import json
import os
import signal
import subprocess
import time

import pytest

FAILURES = {
    "timeout", "refused", "no_server", "server_error", "rate_limited", "connection_lost", "dns",
    "unfinished",
}  # fmt: skip
SMALL = ("--pv", "3M", "--duration", "20s")


@pytest.fixture
def scenario(root):
    return root / "scenarios" / "lvs-dr-nginx.toml"


def shape_of(value, shape, path="$"):
    """Asserts that JSON has these fields with these types; more fields are allowed."""
    if isinstance(shape, dict):
        assert isinstance(value, dict), path
        for key, inner in shape.items():
            assert key in value, f"{path}.{key}"
            shape_of(value[key], inner, f"{path}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list) and value, path
        for inner in value:
            shape_of(inner, shape[0], f"{path}[]")
    else:
        right = isinstance(value, shape) and (shape is bool or not isinstance(value, bool))
        assert right, f"{path} is {value!r}"


NUMBER = (int, float)
RUN = {
    "schema": int,
    "scenario": {"name": str, "sha256": str},
    "seed": int,
    "kernel": str,
    "simulated_s": NUMBER,
    "partial": bool,
    "requests": {
        "generated": int, "attempts": int, "ok": int, "failed": dict.fromkeys(FAILURES, int),
    },
    "page_views": {"started": int, "complete": int},
    "latency_ms": dict.fromkeys(("mean", "p50", "p90", "p95", "p99", "p999", "max"), NUMBER),
    "nodes": [{
        "name": str, "tier": str, "kind": str, "requests": int, "utilization": NUMBER,
        "utilization_peak": NUMBER, "utilization_of": str, "queue_max": int,
        "connections_max": int, "bytes_in": int, "bytes_out": int,
    }],
    "pools": [{
        "name": str, "algorithm": str, "jain": NUMBER, "max_over_mean": NUMBER, "cv": NUMBER,
        "picks": [{"member": str, "weight": NUMBER, "picks": int}],
    }],
    "events": list,
    "bottleneck": {"node": str, "resource": str, "utilization": NUMBER},
    "cost": {"capex_cny": NUMBER, "opex_cny_per_year": NUMBER},
    "pick_digest": str,
}  # fmt: skip


def has_run_shape(run):
    shape_of(run, {key: shape for key, shape in RUN.items() if key != "events"})
    for event in run["events"]:
        shape_of(event, {"at_s": NUMBER, "what": str, "node": str})
    assert len(run["scenario"]["sha256"]) == 64
    requests = run["requests"]
    assert requests["generated"] == requests["ok"] + sum(requests["failed"].values())


def test_run_prints_a_summary_and_writes_the_fields_of_the_contract(lbsim, scenario, tmp_path):
    done = lbsim("run", scenario, *SMALL, "--json", "r.json", "--stats", "s.json", code=0)
    assert "latency" in done.stdout and done.stderr == ""
    run = json.loads((tmp_path / "r.json").read_text())
    has_run_shape(run)
    assert run["simulated_s"] == 20 and not run["partial"] and run["kernel"] == "native"
    fields = ("wall_s", "cpu_s", "events", "requests_per_cpu_s", "peak_rss_bytes")
    shape_of(json.loads((tmp_path / "s.json").read_text()), dict.fromkeys(fields, NUMBER))


def test_json_to_standard_output_is_all_there_is(lbsim, scenario):
    done = lbsim("run", scenario, *SMALL, "--json", "-", "--progress", "always", code=0)
    has_run_shape(json.loads(done.stdout))


def test_quiet_prints_nothing(lbsim, scenario):
    done = lbsim("run", scenario, *SMALL, "--quiet", code=0)
    assert done.stdout == "" and done.stderr == ""


def test_progress_goes_to_standard_error_only(lbsim, scenario):
    longer = ("run", scenario, "--pv", "100M", "--duration", "30s")
    with_line = lbsim(*longer, "--progress", "always", code=0)
    without = lbsim(*longer, "--progress", "never", code=0)
    assert "% of 30 s simulated" in with_line.stderr
    assert with_line.stdout == without.stdout and without.stderr == ""


def test_csv_files_hold_minutes_latencies_and_events(lbsim, scenario, tmp_path):
    lbsim("run", scenario, *SMALL, "--csv", "out", "--json", "r.json", code=0)
    run = json.loads((tmp_path / "r.json").read_text())
    header, *rows = (tmp_path / "out" / "nodes.csv").read_text().splitlines()
    assert header.startswith("minute,node,tier,kind,requests,cpu_utilization")
    columns = [row.split(",") for row in rows]
    for node in run["nodes"]:
        seen = sum(int(row[4]) for row in columns if row[1] == node["name"])
        assert seen == node["requests"], node["name"]
    _, *latencies = (tmp_path / "out" / "latency.csv").read_text().splitlines()
    assert sum(int(row.split(",")[1]) for row in latencies) == run["requests"]["ok"]
    assert (tmp_path / "out" / "events.csv").read_text() == "at_s,node,what\n"


def test_compare_writes_runs_and_differences(lbsim, root, tmp_path):
    names = [root / "scenarios" / f"{name}.toml" for name in ("nginx", "dns-only")]
    lbsim("compare", *names, *SMALL, "--replications", "3", "--json", "c.json", code=0)
    found = json.loads((tmp_path / "c.json").read_text())
    assert len(found["runs"]) == 2 and not found["partial"]
    has_run_shape(found["runs"][0])
    shape_of(found["differences"], [{
        "metric": str, "a": str, "b": str, "difference": NUMBER, "ci95": NUMBER, "real": bool,
    }])  # fmt: skip


def test_compare_runs_simgrid_too(lbsim, root):
    names = [root / "scenarios" / f"{name}.toml" for name in ("nginx", "dns-only")]
    few = ("--pv", "1M", "--duration", "5s", "--json", "-")
    runs = []
    for kernel in ("native", "simgrid"):
        done = lbsim("compare", *names, *few, "--kernel", kernel, code=0)
        runs.append(json.loads(done.stdout)["runs"])
    for native, simgrid in zip(*runs):
        assert simgrid["kernel"] == "simgrid"
        assert native["pick_digest"] == simgrid["pick_digest"]


def test_check_says_what_the_site_can_carry_without_simulating(lbsim, scenario, tmp_path):
    lbsim("check", scenario, "--json", "c.json", "--dot", "c.dot", code=0)
    found = json.loads((tmp_path / "c.json").read_text())
    shape_of(found, {
        "capacity_rps": NUMBER, "min_cut": list, "single_points_of_failure": list,
        "forecast": [{"node": str, "utilization_peak": NUMBER}],
        "headroom": [{"node": str, "resource": str, "utilization_peak": NUMBER, "input": str}],
        "bottlenecks": [{"node": str, "resource": str, "headroom": NUMBER, "capacity_rps": NUMBER}],
        "if_one_fails": [{"node": str, "fails": str, "noticed_by": str}],
    })  # fmt: skip
    assert found["capacity_rps"] > 0 and "graph" in (tmp_path / "c.dot").read_text()


def test_log_gives_the_facts_of_an_access_log(lbsim, root):
    folder = root / "tests" / "data" / "workloads" / "nasa-http-1995-07-09"
    facts = json.loads(lbsim("log", folder / "access.log.gz", "--json", "-", code=0).stdout)
    expected = json.loads((folder / "FACTS.json").read_text())["access.log.gz"]
    for key in ("lines", "valid", "invalid", "clients", "bytes", "rate"):
        assert facts[key] == expected[key], key


def test_slow_answers_of_an_idle_site_are_not_blamed_on_its_machines(lbsim, root):
    slow = ("--set", "clients.0.latency=200ms", "--set", "clients.1.latency=200ms")
    scenario = root / "scenarios" / "dns-only.toml"
    done = lbsim("run", scenario, "--pv", "1M", "--duration", "1m", *slow, code=0)
    assert "not for load" in done.stdout
    assert "Decided by clients.latency" in done.stdout


def test_a_site_that_outlives_a_fault_names_what_its_recovery_depends_on(lbsim, root):
    scenario = root / "scenarios" / "lvs-dr-director-crash.toml"
    done = lbsim("run", scenario, "--pv", "3M", code=0)
    assert "takes the virtual address" in done.stdout
    assert "Decided by vip.vrrp, vip.sync." in done.stdout


@pytest.mark.parametrize("arguments, said", [
    (["rnu"], "did you mean `lbsim run`?"),
    ([], "--help"),
    (["run"], "SCENARIO"),
    (["run", "{scenario}", "--no-such-flag"], "--no-such-flag"),
    (["run", "no-such-file.toml"], "no-such-file.toml"),
    (["run", "{scenario}", "--duration", "10"], "no unit"),
    (["run", "{scenario}", "--duration", "0s"], "--duration"),
    (["run", "{scenario}", "--duration", "-5s"], "--duration"),
    (["run", "{scenario}", "--pv", "many"], "page_views"),
    (["run", "{scenario}", "--pv", "0"], "page_views"),
    (["run", "{scenario}", "--seed", "x"], "--seed"),
    (["run", "{scenario}", "--seed", "-1"], "from 0 to 18446744073709551615"),
    (["run", "{scenario}", "--kernel", "other"], "--kernel"),
    (["run", "{scenario}", "--progress", "some"], "--progress"),
    (["run", "{scenario}", "--window", "25:00-26:00"], "window"),
    (["run", "{scenario}", "--set", "vip.schedular=wlc"], "scheduler"),
    (["run", "{scenario}", "--set", "vip.scheduler=wlcc"], "wlc"),
    (["run", "{scenario}", "--set", "vip.scheduler"], "--set"),
    (["run", "{scenario}", "--json", "no/such/folder.json"], "cannot write"),
    (["run", "{scenario}", "--stats", "no/such/folder.json"], "cannot write"),
    (["run", "{scenario}", "--csv", "no/such/folder"], "--csv"),
    (["run", "{scenario}", "--log", "no-such.log"], "no-such.log"),
    (["compare"], "SCENARIO"),
    (["compare", "{scenario}", "--replications", "0"], "--replications"),
    (["check", "no-such-file.toml"], "no-such-file.toml"),
    (["log", "no-such.log"], "no-such.log"),
    (["conform", "no-such-trace.json"], "no-such-trace.json"),
    (["algorithms", "wcl"], "wlc"),
    (["scenarios", "no-such-folder"], "no-such-folder"),
    (["help", "rnu"], "rnu"),
])  # fmt: skip
def test_bad_input_exits_2_says_why_and_writes_nothing(
    lbsim, scenario, tmp_path, arguments, said
):
    arguments = [argument.format(scenario=scenario) for argument in arguments]
    if arguments[:1] in (["run"], ["compare"], ["check"]) and "--json" not in arguments:
        arguments += ["--json", "out.json"]
    done = lbsim(*arguments, code=2)
    assert said in done.stderr and "error" in done.stderr
    assert done.stdout == "" and list(tmp_path.iterdir()) == []


LATER = "import"


@pytest.mark.parametrize("word", LATER.split())
def test_verbs_to_come_say_so(lbsim, word):
    assert "not in this version" in lbsim(word, "x", code=2).stderr
    assert word not in lbsim("--help", code=0).stdout.split()


def test_a_mistake_in_a_scenario_is_named_with_its_place(lbsim, tmp_path):
    (tmp_path / "mine.toml").write_text('format = 1\nname = "mine"\n\n[vip]\nkind = "lsv"\n')
    done = lbsim("run", "mine.toml", code=2)
    assert "mine.toml:5:" in done.stderr and "lvs" in done.stderr


def test_conform_answers_no_with_exit_code_1(lbsim, root, tmp_path):
    traces = root / "tests" / "data" / "conformance" / "nginx-haproxy" / "traces"
    good = traces / "haproxy-mix-rr-7009.json"
    lbsim("conform", good, code=0)
    trace = json.loads(good.read_text())
    picked = next(event["picked"] for event in trace["events"] if "picked" in event)
    picked[0], picked[1] = picked[1], picked[0]
    (tmp_path / "wrong.json").write_text(json.dumps(trace))
    done = lbsim("conform", "wrong.json", code=1)
    assert done.stdout.startswith("fail ") and "0 passed, 1 failed" in done.stdout


@pytest.mark.parametrize("arguments", [
    ["run", "{scenario}", "--window", "day", "--quiet"],
    ["compare", "{scenario}", "{scenario}", "--window", "day"],
])  # fmt: skip
def test_ctrl_c_ends_a_run_with_partial_results(build, scenario, tmp_path, arguments):
    arguments = [argument.format(scenario=scenario) for argument in arguments]
    command = [build / "lbsim", *arguments, "--json", "r.json"]
    process = subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE
    )
    time.sleep(0.7)  # into the simulation; its arguments are read in milliseconds
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 3 and b"partial" in stderr
    found = json.loads((tmp_path / "r.json").read_text())
    assert found["partial"] is True
    run = found["runs"][0] if "runs" in found else found
    has_run_shape(run)
    assert run["partial"] is True and 0 < run["simulated_s"] < 86400
    assert os.listdir(tmp_path) == ["r.json"]
