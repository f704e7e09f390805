"""The package as its users get it: typed, installed by CMake and by pip."""

import os
import subprocess
import sys

import pytest

SAMPLE = '''\
"""Uses the API as a careful user does; never run."""

import lbsim


class Mine(lbsim.Algorithm, name="sample/mine", parameters={"d": "2"}):
    def pick(self, request: lbsim.Request) -> int | None:
        return min(request.candidates, key=lambda s: int(self.in_flight[s]), default=None)

    def finished(self, server: int, result: str, took_s: float, now_s: float) -> None:
        print(server, result, took_s + now_s, self.parameters["d"])


def waits(site: lbsim.Scenario) -> float:
    result: lbsim.Result = site.run(pv="3M", seed=1, duration="10s", set={"proxies.method": Mine})
    counts = result.latency.counts
    print(int(counts.sum()), result.outcomes["ok"], result.error_share, result.to_json())
    return result.latency.percentile(99)


def main() -> None:
    try:
        site = lbsim.load("site.toml")
    except lbsim.ScenarioError as error:
        for mistake in error.mistakes:
            print(mistake.file, mistake.line + mistake.column, mistake.hint)
        return
    judged = site.run(slo="p99<=300ms", precision="mean:5%", report="r.html", trace="t.json")
    print(judged.slo.holds if judged.slo else None, judged.precise)
    lbsim.load_plugin("mine.so")
    print(waits(site), site.check().capacity_rps, lbsim.check({"format": 1}).min_cut)
    both = lbsim.compare("a.toml", site, replications=5, seed=1, precision="p99:2%")
    print(both.reached, both.to_dict()["differences"])
    swept = lbsim.sweep(site, {"proxies.count": [2, 4]}, out="swept", duration="1m", resume=True)
    print(swept.done, swept.partial)
    print(lbsim.fairness(Mine, "ipvs/wlc").holds, lbsim.conform("traces").replays[0].matched)
'''


def python(executable, *arguments, **environment):
    own = {**os.environ, "PYTHONPATH": "", **environment}
    done = subprocess.run([str(executable), *map(str, arguments)], env=own, capture_output=True,
                          text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


USE = """\
import lbsim
result = lbsim.load({site!r}).run(duration="200ms")
print(lbsim.__file__, result.latency.percentile(99) > 0)
"""


@pytest.fixture
def sample(tmp_path):
    path = tmp_path / "sample.py"
    path.write_text(SAMPLE)
    return path


def mypy(package, *arguments):
    command = ["-m", "mypy", "--strict", "--cache-dir", os.devnull, *arguments]
    return python("/usr/bin/python3", *command, MYPYPATH=str(package))


def test_a_program_that_uses_it_is_typed_strictly(package, sample):
    assert "Success" in mypy(package, sample)


def test_types_that_are_wrong_are_found(package, sample):
    sample.write_text(SAMPLE.replace('pv="3M", seed=1', 'pv="3M", seed="one"'))
    with pytest.raises(AssertionError, match='Argument "seed"'):
        mypy(package, sample)


def test_the_package_itself_is_typed_strictly(root):
    # What the program starts as a file of its own is no part of the package's interface.
    sources = root / "bindings"
    assert "Success" in mypy(sources, "--exclude", "dask_sweep", sources / "lbsim")


def test_the_stub_names_all_that_the_module_has(package):
    names = "import lbsim._core as c; print(*[n for n in dir(c) if not n.startswith('_')])"
    there = set(python("/usr/bin/python3", "-c", names, PYTHONPATH=str(package)).split())
    stub = (package / "lbsim" / "_core.pyi").read_text()
    missing = [name for name in there if f"class {name}" not in stub and f"def {name}" not in stub
               and f"{name}:" not in stub]
    assert not missing


def test_the_docstrings_are_there(package):
    import lbsim

    for name in lbsim.__all__:
        if name not in ("__version__", "Latency", "Request", "Replay", "RunResult"):
            assert getattr(lbsim, name).__doc__, name


def test_cmake_installs_it(build, scenarios, tmp_path):
    subprocess.run(["cmake", "--install", build, "--prefix", tmp_path / "here"], check=True,
                   capture_output=True)
    [place] = (tmp_path / "here" / "lib").glob("python3*/dist-packages")
    assert (place / "lbsim" / "py.typed").is_file()
    out = python("/usr/bin/python3", "-c", USE.format(site=str(scenarios / "nginx.toml")),
                 PYTHONPATH=str(place))
    assert out.split() == [str(place / "lbsim" / "__init__.py"), "True"]


def test_pip_installs_it_into_a_fresh_environment(root, build, scenarios, tmp_path):
    """With the system's packages and nothing from a network."""
    place = tmp_path / "venv"
    python("/usr/bin/python3", "-m", "venv", "--system-site-packages", place)
    executable = place / "bin" / "python"
    source = tmp_path / "source"  # pip writes beside what it builds
    source.mkdir()
    files = ["bindings", "pyproject.toml", "setup.py", "CMakeLists.txt"]
    subprocess.run(["cp", "-r", *files, source], check=True, cwd=root)
    python(executable, "-m", "pip", "install", "--no-build-isolation", "--no-index", "--no-deps",
           source, LBSIM_BUILD=str(build))
    out = python(executable, "-c", USE.format(site=str(scenarios / "nginx.toml")))
    assert out.split()[1] == "True" and str(place) in out
    assert sys.executable != str(executable)
