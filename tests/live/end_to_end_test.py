"""A fresh run of each balancer over loopback, recorded end to end and reproduced."""

import copy
import json
import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(__file__))

from recorder import end_to_end  # noqa: E402

SEED = int(os.environ.get("LBSIM_SEED", "1"))
HAPROXY = {"retries": 3, "redispatch": 1}
NGINX = {"max_fails": 1, "fail_timeout_s": 10}
# A machine that wakes timers late, which no simulator can foresee, spoils latencies, though no
# pick: so late is 1 % of the mean service time.
LATE_US_P90_MOST = end_to_end.MEAN_SERVICE_US / 100
RECORDINGS_MOST = 3


def record(program, plan):
    """A recording, the last if all are late, and whether its latencies can be foreseen."""
    for _ in range(RECORDINGS_MOST):
        run = end_to_end.record(program, plan)
        if run["calibration"]["proxy_and_wire_us"]["p90"] <= LATE_US_P90_MOST:
            return run, True
    return run, False


def validated(lbsim, tmp_path, run):
    (tmp_path / "run.json").write_text(json.dumps(run))
    done = lbsim("validate", "run.json", "--json", "out.json")
    found = json.loads((tmp_path / "out.json").read_text())["runs"][0]
    assert done.returncode == (0 if found["pass"] else 1)
    return found, f"LBSIM_SEED={SEED}, run in {tmp_path}\n{done.stdout}{done.stderr}"


@pytest.mark.parametrize("balancer, algorithm, params", [
    ("nginx", "round_robin", NGINX),
    ("haproxy", "leastconn", HAPROXY),
])
def test_a_fresh_run_is_reproduced(balancer, algorithm, params, daemon, lbsim, tmp_path):
    plan = end_to_end.plan(balancer, algorithm, SEED, params=params)
    run, timely = record(daemon(balancer), plan)
    assert run["observed"]["status"] == [200] * len(plan["send_s"])
    found, told = validated(lbsim, tmp_path, run)
    assert found["on_recorded_picks"]["status_200"] == len(plan["send_s"]), told
    if balancer == "nginx":  # HAProxy's own times of reading, which order its picks, are not seen
        assert found["picks"]["pass"] and found["picks"]["same"] == len(plan["send_s"]), told
    if timely:
        assert found["pass"], told
        # The same run with a server that works half as fast again is another one.
        other = copy.deepcopy(run)
        other["servers"][0]["speed"] *= 1.5
        assert not validated(lbsim, tmp_path, other)[0]["pass"]
    if balancer == "nginx":  # and so is one in which a request went elsewhere
        servers = run["observed"]["server"]
        servers[100] = (servers[100] + 1) % len(run["servers"])
        assert not validated(lbsim, tmp_path, run)[0]["picks"]["pass"]
