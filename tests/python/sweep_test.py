"""lbsim sweep: the grid, its journal on disk, and what a kill leaves of it."""

import csv
import filecmp
import json
import os
import pathlib
import random
import signal
import subprocess
import time

import pytest

GRID = ("--pv", "1M", "--duration", "20s", "--vary", "proxies.count=2,4", "--vary",
        "vip.scheduler=wlc,rr")  # fmt: skip


@pytest.fixture
def scenario(root):
    return root / "scenarios" / "lvs-dr-nginx.toml"


def rows_of(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def test_a_sweep_is_every_combination_with_the_numbers_of_its_runs(lbsim, scenario, tmp_path):
    lbsim("sweep", scenario, *GRID, "--replications", "2", "--out", "d", code=0)
    rows = rows_of(tmp_path / "d" / "sweep.csv")
    seen = [(row["proxies.count"], row["vip.scheduler"], row["replication"]) for row in rows]
    assert seen == [(n, s, r) for n in "24" for s in ("wlc", "rr") for r in "01"]
    seeds = {row["replication"]: row["seed"] for row in rows}
    assert all(row["seed"] == seeds[row["replication"]] for row in rows), "common random numbers"
    point = ("--set", "proxies.count=4", "--set", "vip.scheduler=rr", "--seed", rows[7]["seed"])
    text = lbsim("run", scenario, *GRID[:4], *point, "--json", "-", code=0).stdout
    assert (tmp_path / "d" / "runs" / "000007.json").read_text() == text
    run = json.loads(text)
    assert float(rows[7]["p99_ms"]) == run["latency_ms"]["p99"]
    assert int(rows[7]["requests"]) == run["requests"]["generated"]
    assert rows[7]["scenario_sha256"] == run["scenario"]["sha256"]


def test_as_many_runs_at_once_as_wanted_give_the_same_folder(lbsim, scenario, tmp_path):
    lbsim("sweep", scenario, *GRID, "--out", "one", "--jobs", "1", code=0)
    lbsim("sweep", scenario, *GRID, "--out", "four", "--jobs", "4", code=0)
    assert same_folders(tmp_path / "one", tmp_path / "four")


def same_folders(a, b):
    names = sorted(path.relative_to(a) for path in a.rglob("*"))
    assert names == sorted(path.relative_to(b) for path in b.rglob("*"))
    return all(filecmp.cmp(a / name, b / name, False) for name in names if (a / name).is_file())


def alive(folder):
    """Processes of sweeps into the folder, children included."""
    found = []
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue  # gone
        if b"sweep" in words and str(folder).encode() in words:
            found.append(int(path.parent.name))
    return found


def test_killed_at_50_random_moments_nothing_is_lost_and_nothing_repeated(
    build, lbsim, scenario, tmp_path
):
    few = ("--pv", "3M", "--duration", "90s", *GRID[4:], "--replications", "6")
    lbsim("sweep", scenario, *few, "--out", "whole", code=0)
    moments = random.Random(5)
    kills, round_number = 0, 0
    while kills < 50:
        round_number += 1
        folder = tmp_path / f"killed-{round_number}"
        command = [build / "lbsim", "sweep", scenario, *few, "--out", folder, "--resume"]
        done = {}
        while True:
            process = subprocess.Popen(
                command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            try:
                code = process.wait(moments.uniform(0, 0.3) if kills < 50 else 60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                kills += 1
            else:
                assert code == 0
                break
            deadline = time.monotonic() + 5
            while alive(folder) and time.monotonic() < deadline:
                time.sleep(0.01)
            assert not alive(folder), "children outlived their parent"
            for path in folder.glob("runs/*.json"):
                stat = path.stat()
                assert json.loads(path.read_text())["schema"] == 1
                assert done.setdefault(path, (stat.st_ino, stat.st_mtime_ns)) == (
                    stat.st_ino, stat.st_mtime_ns,
                ), "a run was repeated"  # fmt: skip
            assert all(path.exists() for path in done), "a run was lost"
        for path, was in done.items():
            assert (path.stat().st_ino, path.stat().st_mtime_ns) == was
        assert same_folders(tmp_path / "whole", folder)


def test_ctrl_c_leaves_what_is_done_and_resume_does_the_rest(build, lbsim, scenario, tmp_path):
    long = ("--pv", "3M", "--duration", "100s", *GRID[4:], "--replications", "10")
    command = [build / "lbsim", "sweep", scenario, *long, "--out", "d", "--jobs", "1"]
    process = subprocess.Popen(
        command, cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    while len(list(tmp_path.glob("d/runs/*.json"))) < 2:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 3 and "--resume does the other" in said
    some = len(rows_of(tmp_path / "d" / "sweep.csv"))
    assert 2 <= some < 40
    done = lbsim("sweep", scenario, *long, "--out", "d", "--resume", code=0)
    assert f"{some} of 40 runs were done before" in done.stdout
    assert len(rows_of(tmp_path / "d" / "sweep.csv")) == 40


@pytest.mark.parametrize("change, said", [
    ([], "is there already"),
    (["--resume", "--pv", "2M"], "the scenario has changed"),
    (["--resume", "--replications", "3"], '"replications" is 1 there and 3 here'),
    (["--resume", "--duration", "30s"], '"duration" is "20s" there and "30s" here'),
    (["--resume", "--seed", "9"], '"first_seed" is 1 there and 9 here'),
    (["--resume", "--vary", "vip.mode=dr,nat"], '"vary"'),
])  # fmt: skip
def test_a_folder_of_another_sweep_is_refused(lbsim, scenario, tmp_path, change, said):
    lbsim("sweep", scenario, *GRID, "--out", "d", code=0)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    words = [word for word in GRID if not (word in change or GRID[GRID.index(word) - 1] in change)]
    kept = GRID if "--vary" in change else words
    done = lbsim("sweep", scenario, *kept, *change, "--out", "d", code=2)
    assert said in done.stderr
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


@pytest.mark.parametrize("arguments, said", [
    (["--vary", "proxies.cuont=1,2"], 'did you mean "count"'),
    (["--vary", "proxies.count=1,x"], "--vary proxies.count"),
    (["--vary", "proxies.count=2,2"], "twice"),
    (["--vary", "proxies.count"], "FIELD=VALUE"),
    (["--vary", "proxies.count=2", "--vary", "proxies.count=3"], "named twice"),
    (["--vary", "proxies.count=2", "--replications", "0"], "--replications"),
    (["--vary", "proxies.count=2", "--jobs", "0"], "--jobs"),
    (["--vary", "proxies.count=2", "--csv", "no/such/x.csv"], "--csv"),
    ([], "--vary"),
])  # fmt: skip
def test_bad_input_exits_2_and_writes_nothing(lbsim, scenario, tmp_path, arguments, said):
    done = lbsim("sweep", scenario, *arguments, "--out", "d", code=2)
    assert said in done.stderr and "error" in done.stderr
    assert done.stdout == "" and list(tmp_path.iterdir()) == []


def test_without_a_dask_scheduler_it_says_how_to_start_one(lbsim, scenario, tmp_path):
    done = lbsim("sweep", scenario, *GRID, "--out", "d", "--dask", "tcp://127.0.0.1:9", code=2)
    assert "no scheduler answers at tcp://127.0.0.1:9" in done.stderr
    assert not (tmp_path / "d").exists()


class Cluster:
    """A scheduler and workers, each a process of its own on loopback."""

    def __init__(self, folder):
        self.folder = folder
        self.processes = []

    def start(self, module, *arguments):
        environment = {**os.environ, "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
        with open(self.folder / f"{len(self.processes)}.log", "w") as log:
            process = subprocess.Popen(
                ["/usr/bin/python3", "-m", module, *arguments],
                cwd=self.folder, stdout=log, stderr=log, env=environment,
            )  # fmt: skip
        self.processes.append(process)
        return process

    def end(self):
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path):
    folder = tmp_path / "cluster"
    folder.mkdir()
    made = Cluster(folder)
    yield made
    made.end()


def test_a_dask_cluster_that_loses_a_worker_gives_the_bytes_of_one_machine(
    build, lbsim, scenario, tmp_path, cluster
):
    few = ("--pv", "3M", "--duration", "60s", *GRID[4:], "--replications", "5")
    lbsim("sweep", scenario, *few, "--out", "local", code=0)
    cluster.start("distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0",
                  "--no-dashboard", "--scheduler-file", "scheduler.json")  # fmt: skip
    place = cluster.folder / "scheduler.json"
    while not place.exists() or not place.read_text().rstrip().endswith("}"):
        time.sleep(0.05)
    address = json.loads(place.read_text())["address"]
    workers = [
        cluster.start("distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny",
                      "--no-dashboard", "--local-directory", f"worker-{i}")  # fmt: skip
        for i in range(2)
    ]
    command = [build / "lbsim", "sweep", scenario, *few, "--out", "far", "--dask", address]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    while len(list(tmp_path.glob("far/runs/*.json"))) < 4:
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.01)
    workers[0].kill()
    _, said = process.communicate(timeout=100)
    assert process.returncode == 0, said
    assert len(list(tmp_path.glob("far/runs/*.json"))) == 20
    assert same_folders(tmp_path / "local", tmp_path / "far")
