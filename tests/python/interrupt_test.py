"""Ctrl-C of long work: what is done is kept and says that it is partial; and lines in a pipe that
tell how far it is."""

import json
import pathlib
import re
import signal
import subprocess

import pytest

QUEUE = pathlib.Path(__file__).with_name("one_queue.toml").read_text()
CORES = "servers.groups.0.cores"

LINE = {
    "plan": r"plan: (\d+) of about \d+ points done(, \d+ s left)?, now one queue \S+=\d+",
    "ladder": r"ladder: (\d+) of 6 cells done(, \d+ s left)?",
    "sweep": r"sweep: (\d+) of 8 runs done(, \d+ s left)?",
}
# Ten minutes of 400 requests/s, in each of four runs at least; and an SLO near its edge.
PLAN = ("plan", "queue.toml", "--slo", "p99<=46.3ms", "--slo-window", "day", "--window",
        "00:00-00:10", "--over", f"{CORES}=5..60", "--json", "found.json")  # fmt: skip
LADDER = ("ladder", "queue.toml", "large.toml", "--pv", "20M,30M,40M", "--slo", "p99<=46.3ms",
          "--slo-window", "day", "--set", "workload.window=00:00-00:10",
          "--json", "found.json")  # fmt: skip
SWEEP = ("sweep", "queue.toml", "--window", "00:00-00:10", "--vary", f"{CORES}=5,6,7,8",
         "--replications", "2", "--jobs", "2", "--out", "d")  # fmt: skip
WORK = {"plan": PLAN, "ladder": LADDER, "sweep": SWEEP}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "queue.toml").write_text(QUEUE)
    large = QUEUE.replace("one queue", "large").replace("cores = 1", "cores = 40")
    (tmp_path / "large.toml").write_text(large)
    return tmp_path


def interrupted(build, folder, arguments, until, number=signal.SIGINT, mode="always"):
    """Begins lbsim, waits for a progress line that `until` accepts, and signals it. Returns the
    exit code, stdout and the other lines of stderr."""
    command = [build / "lbsim", *map(str, arguments), "--progress", mode]
    process = subprocess.Popen(
        command, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    for line in process.stderr:
        done = re.fullmatch(LINE[arguments[0]], line.strip())
        assert done, line
        if until(int(done[1])):
            break
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=60)
    return process.returncode, stdout, stderr


def longer(arguments):
    """The same over three hours, so that its first run takes long."""
    return [word.replace("00:00-00:10", "00:00-03:00") for word in arguments]


def settings(known):
    return known["settings"][CORES] if known else None


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_plan_keeps_the_points_that_were_tested(build, folder, number):
    code, text, said = interrupted(build, folder, PLAN, lambda done: done >= 1, number)
    assert code == 3 and "interrupted: the search is not over" in said
    found = json.loads((folder / "found.json").read_text())
    assert found["partial"] and found["answer"] is None and found["holds"] is None
    assert len(found["evidence"]) >= 1
    breaks = [e["settings"][CORES] for e in found["evidence"] if not e["holds"]]
    holds = [e["settings"][CORES] for e in found["evidence"] if e["holds"]]
    (known,) = found["so_far"]
    assert known["begun"] and not known["over"]
    assert settings(known["breaks"]) == max(breaks, default=None)
    assert settings(known["holds"]) == min(holds, default=None)
    assert "Answer" not in text and "Unfinished: interrupted" in text
    assert "not run to its end" in text and "all of these are right but for" in text
    if breaks and holds:
        edge = f"{CORES} between {max(breaks)} and {min(holds)}: {max(breaks)}"
    elif breaks:
        edge = f"{CORES} is more than {max(breaks)}, if any up to 60 will do: {max(breaks)}"
    else:
        edge = f"{CORES} is {min(holds)} at most: {min(holds)} holds"
    assert f"one queue: {edge}" in text


def test_a_plan_that_tested_nothing_yet_says_so(build, folder):
    long = [*longer(PLAN), "large.toml"]
    code, text, _ = interrupted(build, folder, long, lambda done: done == 0)
    assert code == 3 and "one queue: nothing yet." in text and "large: not run." in text
    found = json.loads((folder / "found.json").read_text())
    assert found["partial"] and found["evidence"] == [] and found["answer"] is None
    assert [s["begun"] for s in found["so_far"]] == [True, False]
    assert "wrong" not in text and "right but for" not in text


def test_a_ladder_keeps_its_cells_and_marks_the_rest_as_not_run(build, folder):
    code, text, said = interrupted(build, folder, LADDER, lambda done: 1 <= done)
    found = json.loads((folder / "found.json").read_text())
    done = len(found["rows"])
    assert code == 3 and found["partial"] and 1 <= done < 6
    assert f"interrupted: only {done} of 6 cells are there" in said
    assert f"when {done} of 6 cells were done" in text
    cells = [(pv, name) for pv in (20e6, 30e6, 40e6) for name in ("one queue", "large")]
    kept = [(row["pv"], row["topology"]) for row in found["rows"]]
    assert kept == cells[:done]
    assert [(row["pv"], row["topology"]) for row in found["not_run"]] == cells[done:]
    assert text.count("not run") == 6 - done
    assert not any(row["cheapest"] for row in found["rows"][done // 2 * 2 :]), "row is not whole"


def test_a_ladder_without_a_cell_says_so(build, folder):
    code, text, _ = interrupted(build, folder, longer(LADDER), lambda done: done == 0)
    assert code == 3 and "before a cell was done" in text and "at most" not in text
    found = json.loads((folder / "found.json").read_text())
    assert found["partial"] and found["rows"] == [] and len(found["not_run"]) == 6


def test_two_signals_at_once_are_one(build, folder):
    """As `timeout -s INT` sends them: to the process, then to its group."""
    command = ["timeout", "-s", "INT", "1", build / "lbsim", *longer(PLAN)]
    done = subprocess.run(command, cwd=folder, text=True, capture_output=True, timeout=60)
    assert "Unfinished: interrupted" in done.stdout and (folder / "found.json").exists()


@pytest.mark.parametrize("verb", WORK)
def test_long_work_tells_in_a_pipe_how_far_it_is(build, folder, verb):
    """A share done and, once there is any, the time left. Runs in progress count by their parts, so
    that of two at a time one is over when two are said to be."""
    told = []
    code, _, _ = interrupted(build, folder, WORK[verb], lambda done: told.append(done) or done >= 2)
    assert code == 3 and told == sorted(told)
    if verb == "sweep":
        kept = [json.loads(path.read_text()) for path in (folder / "d" / "runs").glob("*.json")]
        assert kept and not any(run["partial"] for run in kept)


def test_without_being_asked_a_pipe_gets_a_line_after_ten_seconds(build, folder):
    code, _, _ = interrupted(build, folder, longer(PLAN), lambda _: True, mode="auto")
    assert code == 3


@pytest.mark.parametrize("arguments, line", [
    (["compare", "queue.toml", "large.toml", "--replications", "3", "--window", "00:00-00:10"],
     r"compare: \d of 6 runs done, \d+ s left"),
    (["run", "queue.toml", "--window", "00:00-03:00"],
     r"one queue: \d+ % of 10800 s simulated, [\d.]+ M requests/s, \d+ s left"),
    (["theory", "{data}/validation/theory.json", "--requests", "10K"],
     r"theory: \d+ of \d+ done, \d+ s left, now \S+"),
    (["validate", "{runs}"], r"validate: \d+ of \d+ done, \d+ s left, now \S+"),
    (["calibrate", "queue.toml", "--log", "busy.log.gz", "-o", "out.toml"],
     r"calibrate: \d+ % of 86400 s simulated, .* s left"),
])  # fmt: skip
def test_other_long_work_tells_it_too(lbsim, root, folder, arguments, line):
    data = root / "tests" / "data"
    day = (data / "workloads" / "nasa-http-1995-07-09" / "access.log.gz").read_bytes()
    (folder / "busy.log.gz").write_bytes(20 * day)
    words = [word.replace("{data}", str(data)) for word in arguments]
    if "{runs}" in arguments:
        words = ["validate", *sorted((data / "e2e").glob("*.json.gz"))]
    told = lbsim(*words, "--progress", "always").stderr.splitlines()
    assert any(re.fullmatch(line, text) for text in told), told
