"""The same run gives the same bytes: again, from another compiler, on another processor."""

import json
import os
import pathlib
import shutil
import subprocess

import pytest

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "golden"
NAMES = sorted(path.stem for path in (GOLDEN.parent.parent / "scenarios").glob("*.toml"))
FOUR = ("dns-only", "nginx", "haproxy-keepalived-nginx", "lvs-dr-nginx")
NO_FMA = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4"}
SMALL = ("--pv", "3M", "--duration", "60s", "--quiet", "--json", "-")
# Bits of a million values of glibc's exp.
EXP_BITS = """
import hashlib, math, struct
bits = b"".join(struct.pack("d", math.exp(i * 1e-5)) for i in range(1000000))
print(hashlib.sha256(bits).hexdigest())
"""


@pytest.fixture
def run(lbsim, root):
    def bytes_of(name, *options, environment=None):
        env = {**os.environ, **(environment or {})}
        scenario = root / "scenarios" / f"{name}.toml"
        return lbsim("run", scenario, *SMALL, *options, code=0, env=env).stdout

    return bytes_of


@pytest.mark.parametrize("name", NAMES)
def test_a_run_gives_the_same_bytes_twice(run, name):
    assert run(name) == run(name)


def test_another_seed_gives_others(run):
    assert run("nginx", "--seed", "2") != run("nginx")


@pytest.mark.parametrize("name", NAMES)
def test_a_run_gives_the_same_bytes_without_fused_multiply_add(run, name):
    assert run(name, environment=NO_FMA) == run(name)


def test_the_setting_for_that_does_change_the_c_library():
    """Else the test above would prove nothing. A processor without FMA has only the one variant."""
    if " fma " not in pathlib.Path("/proc/cpuinfo").read_text():
        return
    command = ["/usr/bin/python3", "-c", EXP_BITS]
    usual = subprocess.run(command, capture_output=True, check=True).stdout
    other = subprocess.run(command, capture_output=True, check=True, env={**os.environ, **NO_FMA})
    assert other.stdout != usual


@pytest.mark.parametrize("name", NAMES)
def test_results_are_those_on_record(run, name):
    """LBSIM_UPDATE_GOLDEN=1 rewrites them; the change log then says that results change."""
    text = run(name)
    file = GOLDEN / f"{name}.json"
    if os.environ.get("LBSIM_UPDATE_GOLDEN") == "1":
        file.write_text(text)
    assert json.loads(text) == json.loads(file.read_text())  # readable differences first
    assert text == file.read_text()


@pytest.mark.parametrize("name", NAMES)
def test_both_kernels_make_the_same_picks(run, name):
    native = json.loads(run(name, "--kernel", "native"))
    simgrid = json.loads(run(name, "--kernel", "simgrid"))
    assert native["pick_digest"] == simgrid["pick_digest"]
    assert native["requests"] == simgrid["requests"]
    for metric in ("mean", "p99"):
        expected = pytest.approx(simgrid["latency_ms"][metric], rel=1e-3)
        assert native["latency_ms"][metric] == expected


@pytest.mark.parametrize("name", FOUR)
def test_a_recorded_day_is_replayed_request_by_request(lbsim, root, name):
    log = root / "tests/data/workloads/nasa-http-1995-07-09/access.log.gz"
    scenario = root / "scenarios" / f"{name}.toml"
    done = lbsim("run", scenario, "--log", log, "--quiet", "--json", "-", code=0)
    requests = json.loads(done.stdout)["requests"]
    assert requests["generated"] == 35272
    assert requests["ok"] + sum(requests["failed"].values()) == 35272


def test_another_compiler_gives_the_same_bytes(root, run, full):
    """Builds lbsim with Clang: minutes, so only in the long form and where CI is set."""
    if not (full or os.environ.get("CI")):
        return
    clang = root / "build" / "clang"
    configure = ["cmake", "-S", root, "-B", clang, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                 "-DCMAKE_CXX_COMPILER=clang++", "-DLBSIM_TESTS=OFF"]  # fmt: skip
    if shutil.which("ccache"):
        configure.append("-DCMAKE_CXX_COMPILER_LAUNCHER=ccache")
    subprocess.run(configure, check=True, capture_output=True)
    subprocess.run(["ninja", "-C", clang, "lbsim"], check=True, capture_output=True)
    for name in NAMES:
        scenario = root / "scenarios" / f"{name}.toml"
        command = [clang / "lbsim", "run", scenario, *SMALL]
        other = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        assert other == run(name)
