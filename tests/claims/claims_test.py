"""Each claim's experiment, in its small form, says what docs/claims.md says, and can be drawn."""

import importlib
import pathlib
import re
import subprocess
import sys
import warnings

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "analysis" / "claims"))

VERDICTS = {
    "c01_dns_is_blind": "holds",
    "c02_random": "holds",
    "c03_least_connections": "holds",
    "c04_nat": "holds",
    "c05_l4_against_l7": "holds in part",
    "c06_limits": "holds",
    "c08_ladder": "holds in part",
    "c09_haproxy_and_nginx": "holds in part",
    "c10_lvs_resources": "holds",
    "c11_nearest_site": "holds",
    "c12_cache": "holds",
}
MEASURED = {}


def evidence_of(name):
    """Simulated once for all tests of the claim."""
    if name not in MEASURED:
        MEASURED[name] = importlib.import_module(name).measure(full=False)
    return MEASURED[name]


def verdict_without(name, change):
    """The verdict on evidence in which `change` has taken something away."""
    evidence = __import__("copy").deepcopy(evidence_of(name))
    change(evidence)
    return importlib.import_module(name).judge(evidence)[0]


@pytest.mark.parametrize("name", VERDICTS)
def test_its_verdict_is_as_the_page_says(name):
    verdict, why = importlib.import_module(name).judge(evidence_of(name))
    assert verdict == VERDICTS[name], why["en"]
    for suffix, words in (("", "en"), (".zh", "zh")):
        page = (ROOT / "docs" / f"claims{suffix}.md").read_text()
        said = importlib.import_module("experiment").VERDICTS[words][verdict]
        section = page[page.index(f"## C{int(name[1:3])}. "):]
        assert re.search(rf"\*\*{said}[.。]?\*\*", section, re.IGNORECASE)
        assert section.index("**") < section.index("figures/claims")


@pytest.mark.parametrize("name", VERDICTS)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_is_drawn_with_letters_that_are_there(name, lang, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        importlib.import_module("experiment").matplotlib.use("Agg")
        module = importlib.import_module(name)
        importlib.import_module("experiment").save(module, evidence_of(name),
                                                   tmp_path / "out.png", lang)
    assert (tmp_path / "out.png").stat().st_size > 5000


def test_dns_that_shifted_load_at_once_would_not_be_late():
    def at_once(evidence):
        for name in ("60", "300", "1200"):
            evidence["late"][name] = evidence["late"]["nginx"]
    assert verdict_without("c01_dns_is_blind", at_once) == "does not hold"


def test_random_picks_that_stayed_uneven_would_not_approach_round_robin():
    def uneven(evidence):
        evidence["volume"][-1]["random"] = evidence["volume"][0]["random"]
    assert verdict_without("c02_random", uneven) == "does not hold"


def test_least_connections_that_used_unequal_servers_alike_would_not_misplace():
    def alike(evidence):
        evidence["plain"][-1]["slow"] = evidence["plain"][-1]["fast"]
    assert verdict_without("c03_least_connections", alike) == "does not hold"


def test_direct_routing_with_the_responses_through_the_director_would_be_limited_too():
    def through(evidence):
        evidence["capacity_rps"]["dr"] = evidence["capacity_rps"]["nat"]
    assert verdict_without("c04_nat", through) == "does not hold"


def test_an_experiment_is_a_program_that_says_its_verdict(tmp_path):
    script = ROOT / "analysis" / "claims" / "c10_lvs_resources.py"
    ended = subprocess.run([str(script), "--output", str(tmp_path / "c10.png"), "--lang", "zh",
                            "--evidence", str(tmp_path / "c10.json")],
                           capture_output=True, text=True, timeout=120, check=True)
    assert "成立：" in ended.stdout and (tmp_path / "c10.png").exists()
    assert '"machines": 2' in (tmp_path / "c10.json").read_text()


def test_every_experiment_has_a_test_and_a_place_on_the_page():
    there = {path.stem for path in (ROOT / "analysis" / "claims").glob("c*.py")}
    assert there == set(VERDICTS) == set(importlib.import_module("page").MODULES)
