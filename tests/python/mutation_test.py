"""Recorded traces and results are only worth what they notice: each listed fault must turn a trace
red, and those that a scenario can reach a result on record, too."""

import importlib.util
import os
import pathlib
import shutil
import subprocess

import pytest

SPEC = importlib.util.spec_from_file_location("mutations",
                                              pathlib.Path(__file__).parent / "mutations.py")
mutations = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(mutations)
MUTATIONS = mutations.MUTATIONS
SCENARIOS = mutations.SCENARIOS

FULL = os.environ.get("LBSIM_FULL") == "1"


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_text_that_a_mutation_replaces_stands_in_its_file_once(name, root):
    file, text, other = MUTATIONS[name]
    assert (root / "sim" / "algorithms" / file).read_text().count(text) == 1
    assert other != text


def test_every_kind_of_fault_is_put_into_a_scenario():
    assert set(SCENARIOS) <= set(MUTATIONS)
    kinds = {"tie-break", "failure accounting", "timer", "queue order", "persistence"}
    assert {kind for kind, _ in SCENARIOS.values()} == kinds


def run(command, **options):
    words = [str(word) for word in command]
    return subprocess.run(words, capture_output=True, text=True, **options)


# Files that did not change keep their times, so that only what a mutation touches is built again.
def copy_sources(root, copy):
    for folder in ("sim", "cmake"):
        for file in (root / folder).rglob("*"):
            target = copy / file.relative_to(root)
            if file.is_file() and (not target.exists() or
                                   target.read_bytes() != file.read_bytes()):
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, target)
    shutil.copyfile(root / "CMakeLists.txt", copy / "CMakeLists.txt")


@pytest.fixture(scope="session")
def mutants(root):
    """A copy of the sources, and a build of it that has been seen to pass."""
    copy = root / "build" / "mutants" / "source"
    copy_sources(root, copy)
    binary = root / "build" / "mutants" / "build"
    launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
    done = run(["cmake", "-S", copy, "-B", binary, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug",
                "-DLBSIM_TESTS=OFF", "-DLBSIM_SIMGRID=OFF", "-DLBSIM_PYTHON=OFF", *launcher])
    assert done.returncode == 0, done.stderr

    def build():
        built = run(["ninja", "-C", binary, "lbsim"])
        assert built.returncode == 0, built.stdout[-3000:]

    def conform():
        return run([binary / "lbsim", "conform", root / "tests" / "data" / "conformance"])

    def has_result_on_record(scenario):
        file = root / "tests" / "golden" / "picks" / scenario
        done = run([binary / "lbsim", "run", f"{file}.toml", "--quiet", "--json", "-"])
        return done.stdout == file.with_suffix(".json").read_text()

    build()
    assert conform().returncode == 0
    assert all(has_result_on_record(scenario) for _, scenario in SCENARIOS.values())
    return copy, build, conform, has_result_on_record


if FULL:  # it builds every mutant

    @pytest.mark.parametrize("name", MUTATIONS)
    def test_a_recorded_trace_and_result_notice(name, mutants):
        copy, build, conform, has_result_on_record = mutants
        file, text, other = MUTATIONS[name]
        path = copy / "sim" / "algorithms" / file
        original = path.read_text()
        path.write_text(original.replace(text, other))
        try:
            build()
        finally:
            path.write_text(original)
        # A mutant that trips an invariant is noticed, too.
        assert conform().returncode in (1, 70), "no trace notices"
        if name in SCENARIOS:
            _, scenario = SCENARIOS[name]
            assert not has_result_on_record(scenario), f"{scenario} does not notice"
