"""The committed baseline is worth what it notices: each listed fault must turn the gate red."""

import importlib.util
import pathlib

import pytest


def load(name):
    file = pathlib.Path(__file__).parent / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MUTATIONS = load("fairness_mutations").FAIRNESS_MUTATIONS
built = load("mutation_test")


@pytest.mark.parametrize("name", MUTATIONS)
def test_the_text_that_a_fairness_mutation_replaces_stands_in_its_file_once(name, root):
    file, text, other, _ = MUTATIONS[name]
    assert (root / "sim" / "algorithms" / file).read_text().count(text) == 1
    assert other != text


if built.FULL:  # it builds every mutant
    mutants = built.mutants

    @pytest.mark.parametrize("name", MUTATIONS)
    def test_the_gate_notices(name, mutants, root):
        copy, _ = mutants
        file, text, other, algorithm = MUTATIONS[name]
        path = copy / "sim" / "algorithms" / file
        binary = root / "build" / "mutants" / "build"
        original = path.read_text()
        path.write_text(original.replace(text, other))
        try:
            done = built.run(["ninja", "-C", binary, "lbsim"])
            assert done.returncode == 0, done.stdout[-3000:]
            done = built.run([binary / "lbsim", "fairness", algorithm, "--baseline",
                              root / "tests" / "data" / "fairness" / "baseline.json"])
        finally:
            path.write_text(original)
        assert done.returncode == 1, done.stdout + done.stderr
        assert "differ" in done.stdout.splitlines()[-1]
