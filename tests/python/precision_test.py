"""--precision on the command line: a run that knows enough ends, one that cannot says so."""

import json

import pytest


@pytest.fixture
def scenario(root):
    return root / "scenarios" / "nginx.toml"


SMALL = ("--pv", "1M", "--set", "workload.session.pages=1")


def test_a_run_ends_when_it_is_precise_enough(lbsim, scenario, tmp_path):
    done = lbsim("run", scenario, *SMALL, "--precision", "mean:5%", "--json", "r.json", code=0)
    run = json.loads((tmp_path / "r.json").read_text())
    (found,) = run["precision"]
    assert found["reached"] and found["metric"] == "mean" and found["lacks"] == ""
    assert found["ci95"] <= 0.05 * found["estimate"]
    assert run["simulated_s"] < 3600 and not run["partial"]
    assert "precision mean" in done.stdout and "simulated" in done.stdout


def test_a_run_too_short_to_tell_says_so_instead_of_answering(lbsim, scenario, tmp_path):
    short = (*SMALL, "--duration", "60s", "--precision", "p99:0.1%")
    done = lbsim("run", scenario, *short, "--json", "r.json", code=1)
    assert "No answer" in done.stdout and "Holds" not in done.stdout
    (found,) = json.loads((tmp_path / "r.json").read_text())["precision"]
    assert not found["reached"] and found["lacks"]


@pytest.mark.parametrize(
    "wanted, says",
    [
        ("p98:2%", "did you mean"),
        ("p99", "p99:2%"),
        ("p99:2", "percent sign"),
        ("p99:0%", "more than 0%"),
        ("p99:90%", "at most 50%"),
    ],
)
@pytest.mark.parametrize("verb", ["run"])
def test_a_precision_that_cannot_be_read_is_refused(lbsim, scenario, tmp_path, verb, wanted, says):
    done = lbsim(verb, scenario, "--precision=" + wanted, "--json", "r.json", code=2)
    assert "--precision" in done.stderr and says in done.stderr
    assert done.stdout == "" and not (tmp_path / "r.json").exists()


def test_a_window_whose_load_changes_has_no_steady_state(lbsim, scenario, tmp_path):
    done = lbsim("run", scenario, "--window", "day", "--precision", "p99:2%", code=2)
    assert "day curve" in done.stderr and "compare" in done.stderr
