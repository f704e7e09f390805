"""`lbsim run --log` with a CSV of requests: each comes at its date, with its demand."""

import json


def test_a_schedule_of_requests_takes_the_place_of_users(root, lbsim, tmp_path):
    rows = ["at_us,service_us,client"] + [f"{i * 500_000},{20_000},10.0.0.{i}" for i in range(100)]
    (tmp_path / "requests.csv").write_text("\n".join(rows) + "\n")
    done = lbsim("run", root / "scenarios" / "nginx.toml", "--log", "requests.csv", "--json", "-",
                 "--set", "clients.0.kept_alive=true", code=0)
    run = json.loads(done.stdout)
    assert run["requests"]["generated"] == run["requests"]["ok"] == 100
    assert run["page_views"] == {"started": 0, "complete": 0}
    assert run["latency_ms"]["p50"] > 20


def test_a_wrong_schedule_is_named_with_its_line(root, lbsim, tmp_path):
    (tmp_path / "requests.csv").write_text("at_us,service_us\n1,2\n3,four\n")
    done = lbsim("run", root / "scenarios" / "nginx.toml", "--log", "requests.csv", "--json",
                 "out.json", code=2)
    assert done.stderr.startswith('requests.csv:3: error: service_us: "four" is out of range')
    assert not (tmp_path / "out.json").exists()
