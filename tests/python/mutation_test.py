"""The recorded traces are only worth what they notice: each listed fault must turn one red."""

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

FULL = os.environ.get("LBSIM_FULL") == "1"


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_text_that_a_mutation_replaces_stands_in_its_file_once(name, root):
    file, text, other = MUTATIONS[name]
    assert (root / "sim" / "algorithms" / file).read_text().count(text) == 1
    assert other != text


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
                "-DLBSIM_TESTS=OFF", "-DLBSIM_SIMGRID=OFF", *launcher])
    assert done.returncode == 0, done.stderr

    def conform():
        built = run(["ninja", "-C", binary, "lbsim"])
        assert built.returncode == 0, built.stdout[-3000:]
        return run([binary / "lbsim", "conform", root / "tests" / "data" / "conformance"])

    assert conform().returncode == 0
    return copy, conform


if FULL:  # it builds every mutant

    @pytest.mark.parametrize("name", MUTATIONS)
    def test_a_recorded_trace_notices(name, mutants):
        copy, conform = mutants
        file, text, other = MUTATIONS[name]
        path = copy / "sim" / "algorithms" / file
        original = path.read_text()
        path.write_text(original.replace(text, other))
        try:
            done = conform()
        finally:
            path.write_text(original)
        # A mutant that trips an invariant is noticed, too.
        assert done.returncode in (1, 70), "no trace notices"
