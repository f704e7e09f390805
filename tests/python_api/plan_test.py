"""Plans and ladders from Python are the command line's."""

import os
import signal

import lbsim
import pytest

SLO = "p99<=300ms,errors<=0.1%"
OVER = {"servers.count": (2, 40)}


@pytest.fixture(scope="module")
def found(site):
    points = []
    plan = lbsim.plan(site, slo=SLO, over=OVER, pv="1M", progress=points.append)
    assert len(points) == len(plan.evidence) and all("servers.count=" in p for p in points)
    return plan


def test_a_plan_is_the_command_lines(cli, scenarios, found):
    asked = ["plan", scenarios / "nginx.toml", "--slo", SLO, "--over", "servers.count=2..40",
             "--pv", "1M"]
    assert found.to_json() == cli(*asked, "--json", "-", code=0).stdout
    assert str(found) == cli(*asked, code=0).stdout


def test_a_plan_has_its_answer_its_evidence_and_its_chance_to_be_wrong(found):
    assert found.holds and found.answer["scenario"] == "nginx"
    [(field, fewest)] = found.answer["settings"].items()
    assert field == "servers.count" and 0 < found.chance_of_error <= 0.05
    frame = found.evidence.set_index("servers.count")
    assert frame.holds[fewest] and frame.p99_ms_mean[fewest] <= 300
    assert fewest == 2 or not frame.holds[fewest - 1]
    assert frame.machines[fewest] == found.answer["cost"]["machines"] >= fewest
    assert f"servers.count={fewest}" in repr(found)


def test_no_answer_is_one_too(site):
    none = lbsim.plan(site, slo="mean<=1ms", pv="1M")
    assert not none.holds and none.answer is None and "no point" in repr(none)


def test_a_crash_is_survived_with_a_second_proxy(scenarios):
    site = lbsim.load(scenarios / "lvs-dr-nginx.toml").to_dict()
    found = lbsim.plan(site, slo="errors<=30%", over={"proxies.count": (1, 4)}, pv="1M",
                       survive=["proxies.1@peak"])
    assert found.answer["settings"] == {"proxies.count": 2}


def test_a_ladder_is_the_command_lines(cli, scenarios):
    paths = [scenarios / "dns-only.toml", scenarios / "nginx.toml"]
    seen = []
    found = lbsim.ladder(*paths, pv=[1_000_000, "2M"], progress=lambda *told: seen.append(told))
    assert found.to_json() == cli("ladder", *paths, "--pv", "1M,2M", "--json", "-", code=0).stdout
    assert str(found) == cli("ladder", *paths, "--pv", "1M,2M", code=0).stdout
    assert list(found.rows.pv) == [1e6, 1e6, 2e6, 2e6] and list(found.rows.holds) == [True] * 4
    assert list(found.rows.cheapest) == [True, False, True, False]
    assert found.chance_of_error == 0.05 and repr(found) == "<lbsim.Ladder: 4 of 4 hold>"
    assert all(of == 4 and 0 <= done < 4 for done, of, *_ in seen)


@pytest.mark.parametrize("options, said", [
    ({"slo": "p98<=3ms"}, "did you mean p90"),
    ({"slo": SLO, "slo_window": "5"}, "slo_window"),
    ({"slo": SLO, "over": {"servers.groups.0.coers": (1, 4)}}, 'did you mean "cores"'),
    ({"slo": SLO, "over": {"servers.count": (4, 1)}}, "is empty"),
    ({"slo": SLO, "over": dict.fromkeys(("a.b", "c.d", "e.f"), (1, 2))}, "two knobs at most"),
    ({"slo": SLO, "survive": ["vip.9@peak"]}, "there is no node vip.9"),
])  # fmt: skip
def test_mistakes_are_found_before_anything_runs(site, options, said):
    with pytest.raises(lbsim.ScenarioError, match=said):
        lbsim.plan(site, progress=pytest.fail, **options)


def test_a_plan_needs_a_scenario_and_a_ladder_volumes():
    with pytest.raises(TypeError, match="scenario"):
        lbsim.plan(slo=SLO)
    with pytest.raises(TypeError, match="scenario"):
        lbsim.ladder(pv=["1M"])
    with pytest.raises(TypeError):
        lbsim.plan("scenarios/nginx.toml", slo=SLO, over={"servers.count": (1.5, 4)})


def test_volumes_of_a_ladder_are_checked(site):
    for volumes in ([], ["many"]):
        with pytest.raises(lbsim.ScenarioError, match="pv"):
            lbsim.ladder(site, pv=volumes)


def test_ctrl_c_leaves_no_half_answer(site):
    def interrupt(point):
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        lbsim.plan(site, slo=SLO, over=OVER, pv="1M", slo_window="day", progress=interrupt)
