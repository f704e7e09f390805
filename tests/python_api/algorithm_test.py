"""Algorithms as Python classes."""

import traceback

import lbsim
import pytest


class Fewest(lbsim.Algorithm, name="pytest/fewest"):
    """the server with the fewest requests for its weight, the first of equals"""

    def pick(self, request):
        return min(request.candidates, key=lambda s: self.in_flight[s] / self.weight[s])


class Turns(lbsim.Algorithm, name="pytest/turns", parameters={"step": "1"}):
    def __init__(self):
        self.last = -1

    def pick(self, request):
        candidates = request.candidates
        self.last += int(self.parameters["step"])
        return candidates[self.last % len(candidates)]


def run(balanced, method, **options):
    return balanced(method).run(duration="500ms", **options)


def test_it_picks_as_the_built_in_one(balanced):
    own = run(balanced, Fewest)
    built_in = run(balanced, "modern/power_of_d", set={"proxies.parameters": {"d": "1000"}})
    assert own.to_dict()["pools"][0]["algorithm"] == "pytest fewest"
    assert own.generated == built_in.generated
    # Not the same ties, but the same law: nobody is far from the share of its weight.
    fairness = [result.to_dict()["pools"][0]["jain"] for result in (own, built_in)]
    assert fairness[0] == pytest.approx(fairness[1], abs=0.1)


def test_equal_runs_are_equal_and_turns_are_even(balanced):
    first, second = (run(balanced, Turns) for _ in range(2))
    assert first.to_json() == second.to_json()
    picks = [row["picks"] for row in first.to_dict()["pools"][0]["picks"]]
    workers = 16  # each counts for itself
    assert max(picks) - min(picks) <= workers


def test_parameters_are_those_of_the_scenario(balanced):
    with pytest.raises(lbsim.ScenarioError, match="stepp"):
        run(balanced, Turns, set={"proxies.parameters": {"stepp": "2"}})
    two = run(balanced, Turns, set={"proxies.parameters": {"step": "2"}})
    picks = [row["picks"] for row in two.to_dict()["pools"][0]["picks"]]
    assert sum(picks[0::2]) == 0 or sum(picks[1::2]) == 0


def test_set_takes_the_class(balanced):
    site = balanced("modern/round_robin")
    by_class = site.run(duration="200ms", set={"proxies.method": Turns})
    assert by_class.to_json() == balanced(Turns).run(duration="200ms").to_json()


def test_an_exception_ends_the_run_with_its_traceback(balanced):
    class Broken(lbsim.Algorithm, name="pytest/broken"):
        def __init__(self):
            self.left = 50

        def pick(self, request):
            self.left -= 1
            if self.left == 0:
                self.fail_deep_inside()
            return request.candidates[0]

        def fail_deep_inside(self):
            raise ZeroDivisionError("no luck")

    site = balanced(Broken)
    for _ in range(2):  # and the interpreter goes on
        with pytest.raises(ZeroDivisionError, match="no luck") as caught:
            site.run(duration="1s")
        text = "".join(traceback.format_exception(caught.value))
        assert "fail_deep_inside" in text and __file__ in text
    with pytest.raises(ZeroDivisionError, match="no luck"):
        lbsim.fairness(Broken)


@pytest.mark.parametrize("value, error", [(60, ValueError), (-1, TypeError), ("first", TypeError),
                                          (1.5, TypeError)])
def test_what_is_no_server_is_refused(balanced, value, error):
    class Odd(lbsim.Algorithm, name="pytest/odd"):
        def pick(self, request):
            return value if len(self.names) > 1 else 0

    with pytest.raises(error, match="pick"):
        run(balanced, Odd)


def test_none_is_no_server(balanced):
    class Nobody(lbsim.Algorithm, name="pytest/nobody"):
        def pick(self, request):
            return None

    result = run(balanced, Nobody)
    assert result.outcomes["no_server"] == result.generated


def test_a_server_that_fails_is_no_candidate_and_tries_go_on(balanced):
    seen = set()

    class Watching(lbsim.Algorithm, name="pytest/watching"):
        def pick(self, request):
            seen.update(request.candidates)
            return request.candidates[-1]

        def finished(self, server, result, took_s, now_s):
            results.setdefault(result, []).append((server, took_s, now_s))

        def changed(self):
            changes.append(self.serving.sum())

    results, changes = {}, []
    site = balanced(Watching)
    fault = {"at": "12:00:01", "node": "servers.60", "kind": "stop"}
    site.run(window="12:00-12:01", duration="4s", pv="1M", set={"fault": [fault]})
    assert {took >= 0 for rows in results.values() for _, took, _ in rows} == {True}
    failed = {server for how, rows in results.items() if how != "ok" for server, _, _ in rows}
    assert failed == {59}, {how: len(rows) for how, rows in results.items()}
    assert 58 in {server for server, _, _ in results["ok"]}


def test_a_request_is_looked_at_during_its_pick_only(balanced):
    kept = []

    class Curious(lbsim.Algorithm, name="pytest/curious"):
        def pick(self, request):
            kept.append(request)
            seen.append((request.client, request.now_s, request.target, request.takes(0)))
            return request.candidates[0]

    seen = []
    run(balanced, Curious)
    client, now_s, _, takes = seen[-1]
    assert client.count(".") == 3 and 0 < now_s < 60 and takes
    with pytest.raises(RuntimeError, match="during the pick"):
        print(kept[-1].client)


def test_arrays_outlive_the_pool(balanced):
    kept = []

    class Keeping(lbsim.Algorithm, name="pytest/keeping"):
        def pick(self, request):
            if not kept or kept[-1] is not self.in_flight:
                kept.append(self.in_flight)
            return request.candidates[0]

    run(balanced, Keeping)
    assert all(array.shape in {(1,), (60,)} for array in kept)
    assert sum(int(array.sum()) for array in kept) >= 0


def test_a_class_defined_again_takes_the_place_of_the_first(balanced):
    def define(server):
        class Again(lbsim.Algorithm, name="pytest/again"):
            def pick(self, request):
                return server if request.takes(server) else None

        return Again

    for server in (3, 5):
        picks = run(balanced, define(server)).to_dict()["pools"][0]["picks"]
        assert [row["picks"] > 0 for row in picks].index(True) == server
    assert lbsim.algorithms().count("pytest/again") == 1


def test_names_of_built_in_algorithms_are_taken():
    with pytest.raises(lbsim.ScenarioError, match="is the name of another algorithm"):
        type("Round", (lbsim.Algorithm,), {}, name="modern/round_robin")
    with pytest.raises(lbsim.ScenarioError, match="is no name"):
        type("Round", (lbsim.Algorithm,), {}, name="a b/c")


def test_a_class_cannot_be_defined_while_it_is_called(balanced):
    class Nesting(lbsim.Algorithm, name="pytest/nesting"):
        def pick(self, request):
            if len(self.names) > 1:
                type("Inner", (lbsim.Algorithm,), {}, name="pytest/inner")
            return 0

    with pytest.raises(RuntimeError, match="cannot be defined"):
        run(balanced, Nesting)


def test_a_run_may_be_made_by_a_pick(balanced, site):
    inner = []

    class Dreaming(lbsim.Algorithm, name="pytest/dreaming"):
        def pick(self, request):
            if len(self.names) > 1 and not inner:
                inner.append(site.run(duration="100ms", progress=False))
            return request.candidates[0]

    run(balanced, Dreaming)
    assert inner[0].to_json() == site.run(duration="100ms").to_json()


def test_fairness_measures_a_class(tmp_path):
    baseline = tmp_path / "own.json"
    lbsim.fairness_baseline(Turns, baseline=baseline, progress=False)
    found = lbsim.fairness(Turns, baseline=baseline, seed=1, progress=False)
    rows = found.results.set_index(["pool", "metric"]).value
    assert found.holds and found.compared and found.seed == 1
    assert rows["equal-16", "jain"] == pytest.approx(1, abs=1e-3)

    class Unfair(lbsim.Algorithm, name="pytest/turns", parameters={"step": "1"}):
        def pick(self, request):
            return request.candidates[0]

    changed = lbsim.fairness("pytest/turns", baseline=baseline, progress=False)
    assert not changed.holds and "pytest/turns" in str(changed)
