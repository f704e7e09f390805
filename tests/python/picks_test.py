"""Small sites whose results are on record, so that a pick that changes is seen in `run`, too: ties,
failures, timers, queues, persistence, a stopped server and a crashed one."""

import json
import os
import pathlib

import pytest

PICKS = pathlib.Path(__file__).resolve().parent.parent / "golden" / "picks"
NAMES = sorted(path.stem for path in PICKS.glob("*.toml"))


@pytest.mark.parametrize("name", NAMES)
def test_a_small_site_has_the_picks_on_record(name, lbsim):
    """LBSIM_UPDATE_GOLDEN=1 rewrites them; the change log then says that results change."""
    text = lbsim("run", PICKS / f"{name}.toml", "--quiet", "--json", "-", code=0).stdout
    file = PICKS / f"{name}.json"
    if os.environ.get("LBSIM_UPDATE_GOLDEN") == "1":
        file.write_text(text)
    assert json.loads(text) == json.loads(file.read_text())  # readable differences first
    assert text == file.read_text()


def test_every_family_of_a_scenario_has_a_small_site():
    texts = [(PICKS / f"{name}.toml").read_text() for name in NAMES]
    for kind in ("bind", "lvs", "nginx", "haproxy", "balancer", "hardware"):
        assert any(f'kind = "{kind}"' in text for text in texts)
