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
@pytest.mark.parametrize("verb", ["run", "compare"])
def test_a_precision_that_cannot_be_read_is_refused(lbsim, scenario, tmp_path, verb, wanted, says):
    done = lbsim(verb, scenario, "--precision=" + wanted, "--json", "r.json", code=2)
    assert "--precision" in done.stderr and says in done.stderr
    assert done.stdout == "" and not (tmp_path / "r.json").exists()


def test_a_window_whose_load_changes_has_no_steady_state(lbsim, scenario, tmp_path):
    done = lbsim("run", scenario, "--window", "day", "--precision", "p99:2%", code=2)
    assert "day curve" in done.stderr and "compare" in done.stderr


def test_a_comparison_replicates_until_it_is_precise_enough(lbsim, root, tmp_path):
    names = [root / "scenarios" / f"{name}.toml" for name in ("nginx", "dns-only")]
    few = ("--pv", "3M", "--duration", "20s", "--precision", "p99:5%")
    done = lbsim("compare", *names, *few, "--json", "c.json", code=0)
    found = json.loads((tmp_path / "c.json").read_text())
    (precision,) = found["precision"]
    assert precision["reached"] and precision["widest"] <= 0.05
    assert 5 < found["replications"] == precision["replications"] < 100
    assert f"after {found['replications']} replications" in done.stdout


def test_too_few_replications_say_so(lbsim, scenario, tmp_path):
    few = ("--pv", "3M", "--duration", "5s", "--precision", "p999:0.1%", "--replications", "5")
    done = lbsim("compare", scenario, *few, "--json", "c.json", code=1)
    assert "No answer: 5 replications" in done.stdout
    assert not json.loads((tmp_path / "c.json").read_text())["precision"][0]["reached"]


def test_all_scenarios_of_a_comparison_see_the_same_users(lbsim, scenario, tmp_path):
    other = tmp_path / "other.toml"
    other.write_text(f'include = ["{scenario}"]\nformat = 1\nname = "other"\nseed = 77\n')
    few = ("--pv", "3M", "--duration", "5s", "--replications", "3")
    lbsim("compare", scenario, other, *few, "--json", "c.json", code=0)
    found = json.loads((tmp_path / "c.json").read_text())
    assert [run["seed"] for run in found["runs"]] == [1, 1]
    for difference in found["differences"]:  # the same site under another name
        assert difference["difference"] == 0 and difference["ci95"] == 0
        assert difference["real"] is False
