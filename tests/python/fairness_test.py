"""`lbsim fairness` as a user and a CI server meet it."""

import json
import os
import pty
import re
import signal
import subprocess
import time
import xml.etree.ElementTree as xml

import pytest


@pytest.fixture
def committed(root):
    return root / "tests" / "data" / "fairness" / "baseline.json"


@pytest.fixture
def baseline(lbsim, tmp_path):
    """A small one, of two algorithms."""
    file = tmp_path / "baseline.json"
    done = lbsim("fairness", "haproxy/roundrobin", "dns/knot", "--baseline", file, "--update",
                 code=0)
    assert done.stdout.splitlines()[-1] == f"wrote {file} (seed 1)"
    return file


def changed(file, algorithm, pool, metric, value):
    text = json.loads(file.read_text())
    text["algorithms"][algorithm][pool][metric] = value
    file.write_text(json.dumps(text, indent=1))


def test_the_whole_catalog_is_as_fair_as_its_baseline(lbsim, committed):
    done = lbsim("fairness", "--baseline", committed, timeout_s=600)
    assert done.returncode == 0, done.stdout + done.stderr
    seed, *table = done.stdout.splitlines()
    assert re.fullmatch(r"seed (\d+) \(--seed \1 repeats this run\)", seed)
    assert table[-1].endswith("as in the baseline")


def test_the_baseline_has_every_algorithm_of_the_catalog(lbsim, committed):
    catalog = json.loads(lbsim("algorithms", "--json", code=0).stdout)["algorithms"]
    measured = {name.split(" ")[0] for name in json.loads(committed.read_text())["algorithms"]}
    assert measured == {f"{spec['family']}/{spec['name']}" for spec in catalog}


def test_a_run_is_repeated_by_its_seed_and_only_by_it(lbsim):
    first = lbsim("fairness", "nginx/random", "--json", "-", "--seed", "7", code=0).stdout
    assert first == lbsim("fairness", "nginx/random", "--json", "-", "--seed", "7", code=0).stdout
    assert first != lbsim("fairness", "nginx/random", "--json", "-", code=0).stdout


def test_json_has_the_fields_of_the_contract(lbsim, baseline, tmp_path):
    lbsim("fairness", "knot", "--baseline", baseline, "--json", "out.json", code=0)
    out = json.loads((tmp_path / "out.json").read_text())
    assert out["pass"] is True and out["results"]
    for result in out["results"]:
        assert list(result) == ["algorithm", "pool", "metric", "value", "baseline", "p", "pass"]
        assert result["pass"] is True and result["value"] == pytest.approx(result["baseline"], 1)
    assert {result["algorithm"] for result in out["results"]} >= {"dns/knot"}


def test_what_differs_is_said_with_its_size_and_exits_1(lbsim, baseline, tmp_path):
    changed(baseline, "haproxy/roundrobin", "equal-16", "max_over_mean", 1.5)
    done = lbsim("fairness", "haproxy/roundrobin", "--baseline", baseline, "--junit", "j.xml",
                 code=1)
    assert ("haproxy/roundrobin: 1 CHANGED\n"
            "  equal-16: the load of the busiest server over the mean is 1, "
            "in the baseline 1.5 (-33.3 %); nothing is drawn here, so it must be equal"
            ) in done.stdout
    row = next(line for line in done.stdout.splitlines() if line.startswith("haproxy/roundrobin"))
    assert re.search(r" 1 of \d+ CHANGED$", row)
    suite = xml.parse(tmp_path / "j.xml").getroot()
    assert suite.get("failures") == "1"
    failed = [case.get("name") for case in suite if case.find("failure") is not None]
    assert failed == ["haproxy/roundrobin equal-16"]


def test_an_update_tells_what_changes_from_what_to_what(lbsim, baseline):
    before = baseline.read_text()
    changed(baseline, "haproxy/roundrobin", "equal-16", "jain", 0.5)
    done = lbsim("fairness", "haproxy/roundrobin", "--baseline", baseline, "--update", code=0)
    assert "equal-16: Jain's index is 1, in the baseline 0.5 (+100 %)" in done.stdout
    assert baseline.read_text() == before


def test_an_update_of_one_algorithm_leaves_the_others(lbsim, baseline):
    lbsim("fairness", "dnsmasq", "--baseline", baseline, "--update", code=0)
    algorithms = json.loads(baseline.read_text())["algorithms"]
    assert {"dns/dnsmasq", "dns/knot", "haproxy/roundrobin"} <= set(algorithms)


@pytest.mark.parametrize("arguments, said", [
    (["least_con"], "did you mean least_conn?"),
    (["nginx/least_con"], "did you mean nginx/least_conn?"),
    (["--alpha", "0"], "--alpha: 0 is not between 0 and 1"),
    (["--alpha", "1.5"], "--alpha: 1.5 is not between 0 and 1"),
    (["--update"], "--update: there is no baseline to update"),
    (["--seed", "-1"], "--seed"),
    (["--baseline", "none.json"], "none.json: error: --baseline: cannot be read"),
    (["--json", "no/such/folder.json"], "no/such is no folder"),
    (["--junit", "no/such/folder.xml"], "no/such is no folder"),
    (["--baseline", "no/such/folder.json", "--update"], "no/such is no folder"),
    (["--baseline", "b.json", "--update", "--json", "o.json"], "--update: compares nothing"),
])
def test_bad_input_is_named_and_nothing_is_written(lbsim, tmp_path, arguments, said):
    done = lbsim("fairness", *arguments, code=2)
    assert said in done.stderr
    assert done.stdout == "" and list(tmp_path.iterdir()) == []


GOOD = '{\n"format": 1,\n"what": "lbsim fairness baseline",\n"seed": 1,\n"algorithms": {\n'


@pytest.mark.parametrize("text, place, said", [
    (GOOD + '"dns/knot": {\n', ":7: error: ", "is no complete JSON"),
    ("", ":1: error: ", "is no complete JSON"),
    ('{"schema": 1}', ":1: error: ", "is no baseline of lbsim fairness"),
    ('[1]', ":1: error: ", "is no baseline of lbsim fairness"),
    (GOOD.replace('t": 1', 't": 9') + "}}", ":2: error: ", "format is not 1"),
    (GOOD + '"dns/knot": 3}}', ":6: error: ", "dns/knot is no object"),
    (GOOD + '"dns/knot": {\n"equal-2": {\n"jain": "x"}}}}', ":8: error: ",
     "dns/knot equal-2 jain is no value"),
    (GOOD + '"dns/knot": {\n"equal-2": {\n"jain": {"batches": []}}}}}', ":8: error: ",
     "dns/knot equal-2 jain has no list of numbers"),
])
def test_a_broken_or_foreign_baseline_is_refused_with_the_line(lbsim, tmp_path, text, place, said):
    file = tmp_path / "b.json"
    file.write_text(text)
    for more in ([], ["--update"]):
        done = lbsim("fairness", "knot", "--baseline", "b.json", *more, code=2)
        assert done.stderr.startswith(f"b.json{place}") and said in done.stderr
        assert done.stdout == "" and file.read_text() == text


def started(build, tmp_path, *arguments, **options):
    command = [build / "lbsim", "fairness", *arguments]
    return subprocess.Popen(command, cwd=tmp_path, text=True, **options)


@pytest.mark.parametrize("with_baseline", [["--update"], ["--json", "o.json", "--junit", "o.xml"]])
def test_ctrl_c_ends_it_at_once_and_leaves_files_as_they_were(build, tmp_path, committed,
                                                              with_baseline):
    file = tmp_path / "b.json"
    file.write_text(committed.read_text())
    process = started(build, tmp_path, "--baseline", file, *with_baseline,
                      stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=10)
    assert process.returncode == 3 and "interrupted: nothing was compared" in told
    assert file.read_text() == committed.read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["b.json"]


def test_a_terminal_shows_what_is_being_measured(build, tmp_path):
    terminal, end = pty.openpty()
    process = started(build, tmp_path, "nginx/random", "modern/random", stderr=end,
                      stdout=subprocess.DEVNULL)
    os.close(end)
    shown = b""
    try:
        while more := os.read(terminal, 4096):
            shown += more
    except OSError:  # the other end is closed
        pass
    os.close(terminal)
    assert process.wait(timeout=60) == 0
    assert re.search(rb"fairness: \d of 2 done(, \d+ s left)?, now \w+/random [a-z-]+\d+", shown)
    assert shown.endswith(b"\r\x1b[K")  # nothing of it stays


def test_the_table_is_aligned_within_100_columns(lbsim, committed):
    done = lbsim("fairness", "haproxy/uri", "apache/Request", "--baseline", committed, code=0)
    head, *rows = done.stdout.split("Of 16 servers")[0].splitlines()[1:]
    assert max(len(row) for row in [head, *rows]) <= 100
    end = head.index("wrong %") + len("wrong %")
    assert rows[0].startswith("apache/Request  ") and rows[0].endswith("  same")
    variant = rows.index("haproxy/uri hash-balance-factor=125 hash-type=consistent")
    for row in [rows[0], rows[variant + 1]]:
        assert re.fullmatch(r" {28,}\d+\.\d", re.sub(r"^\S+", lambda m: " " * len(m[0]), row[:end]))


def test_of_many_changes_a_few_are_told_below_their_algorithm(lbsim, committed, tmp_path):
    every = json.loads(committed.read_text())
    every["algorithms"]["ipvs/wrr"] = every["algorithms"]["ipvs/rr"]  # weights ignored
    (tmp_path / "b.json").write_text(json.dumps(every))
    done = lbsim("fairness", "ipvs/wrr", "--baseline", "b.json", code=1)
    told = done.stdout.splitlines()
    heading = next(i for i, line in enumerate(told) if line.startswith("ipvs/wrr: "))
    assert re.fullmatch(r"ipvs/wrr: \d+ CHANGED, most clearly these", told[heading])
    assert all(line.startswith("  ") for line in told[heading + 1:heading + 7])
    assert re.fullmatch(r"\d+ more are in --json and --junit", told[heading + 7])
