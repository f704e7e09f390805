"""lbsim plan and lbsim ladder, against queueing theory, brute force, and bad input."""

import json
import math
import pathlib

import pytest

QUEUE = pathlib.Path(__file__).with_name("one_queue.toml").read_text()
OFFERED = 4.0  # Erlang: 400/s x 10 ms
RATE = 100.0  # of one core


def waiting(cores):
    """Probability that a request of M/M/c waits (Erlang C), from Erlang's B recursion."""
    blocked = 1.0
    for n in range(1, cores + 1):
        blocked = OFFERED * blocked / (n + OFFERED * blocked)
    return blocked / (1 - OFFERED / cores * (1 - blocked))


def mean_ms(cores):
    return 1e3 * (1 / RATE + waiting(cores) / (RATE * (cores - OFFERED)))


def share_over(cores, limit_s):
    """P(response of M/M/c > t): P(S > t) + P(wait) P(S <= t < W + S) (Gross and Harris)."""
    spare = cores - OFFERED
    wait, decay = waiting(cores), math.exp(-RATE * limit_s)
    if spare == 1:
        return decay * (1 + wait * RATE * limit_s)
    late = (1 - math.exp(-RATE * (spare - 1) * limit_s)) / (spare - 1)
    return decay * (1 + wait * late)


@pytest.fixture
def queue(tmp_path):
    (tmp_path / "queue.toml").write_text(QUEUE)
    return "queue.toml"


def plan(lbsim, *arguments, code=0):
    return json.loads(lbsim("plan", *arguments, "--json", "-", code=code).stdout)


CORES = "servers.groups.0.cores"


@pytest.mark.parametrize("limit_ms", [11.0, 13.0, 20.0])
def test_fewest_cores_for_a_mean_are_those_of_erlang_c(lbsim, queue, limit_ms):
    fewest = next(c for c in range(5, 40) if mean_ms(c) <= limit_ms)
    found = plan(lbsim, queue, "--slo", f"mean<={limit_ms}ms", "--over", f"{CORES}=1..40")
    assert found["answer"]["settings"] == {CORES: fewest}
    assert found["holds"] and found["chance_of_error"] <= 0.05
    by_cores = {e["settings"][CORES]: e for e in found["evidence"]}
    assert by_cores[fewest]["holds"] and not by_cores[fewest - 1]["holds"]
    assert by_cores[fewest - 1]["slo"]["mean_ms"]["mean"] > limit_ms
    for cores, evidence in by_cores.items():
        if cores > 5:  # with 5 of them a minute is short
            assert evidence["slo"]["mean_ms"]["mean"] == pytest.approx(mean_ms(cores), rel=0.05)


@pytest.mark.parametrize("limit_ms", [48, 60])
def test_fewest_cores_for_p99_are_those_of_the_response_time_of_mmc(lbsim, queue, limit_ms):
    fewest = next(c for c in range(5, 40) if share_over(c, limit_ms * 1e-3) <= 0.01)
    found = plan(lbsim, queue, "--slo", f"p99<={limit_ms}ms", "--over", f"{CORES}=1..40")
    assert found["answer"]["settings"] == {CORES: fewest}


# Allen and Cunneen: the mean wait of M/G/c is that of M/M/c times (1 + scv) / 2, here within 1 ms.
@pytest.mark.parametrize("service, scv", [("fixed 10ms", 0), ("hyperexponential 10ms scv 4", 4)])
def test_fewest_cores_for_a_mean_are_those_of_the_approximation_of_mgc(lbsim, queue, service, scv):
    mean = {c: 10 + (1 + scv) / 2 * (mean_ms(c) - 10) for c in range(5, 40)}
    fewest = next(c for c in mean if mean[c] <= 12)
    assert mean[fewest] < 11.5 and mean.get(fewest - 1, 99) > 12.5  # the approximation decides
    found = plan(lbsim, queue, "--set", f"workload.document.service={service}",
                 "--slo", "mean<=12ms", "--over", f"{CORES}=1..40")
    assert found["answer"]["settings"] == {CORES: fewest}


def test_the_answer_is_that_of_brute_force(lbsim, queue):
    found = plan(lbsim, queue, "--slo", "p90<=30ms", "--over", f"{CORES}=1..12")
    p90 = {}
    for cores in range(5, 13):
        point = ("--set", f"{CORES}={cores}", "--window", "00:00-00:20", "--json", "-")
        run = json.loads(lbsim("run", queue, *point, code=0).stdout)
        p90[cores] = run["latency_ms"]["p90"]
    fewest = min(cores for cores, value in p90.items() if value <= 30)
    assert found["answer"]["settings"] == {CORES: fewest}


def test_two_knobs_give_the_cheapest_pair(lbsim, queue, tmp_path):
    """Machines count where there are no prices: one of 6 cores beats two of fewer."""
    knobs = ("--over", "servers.groups.0.count=1..4", "--over", f"{CORES}=1..6")
    found = plan(lbsim, queue, "--slo", "mean<=13ms", *knobs)
    assert not found["priced"]
    assert found["answer"]["settings"]["servers.groups.0.count"] == 1
    assert found["answer"]["settings"][CORES] == 6


def test_of_several_sites_the_cheapest_that_holds_is_chosen(lbsim, tmp_path):
    for name, cores, price in (("small", 4, 100), ("good", 7, 900), ("large", 16, 5000)):
        text = QUEUE.replace("one queue", name).replace("cores = 1", f"cores = {cores}")
        (tmp_path / f"{name}.toml").write_text(text + f'price = "{price} CNY"\n')
    found = plan(lbsim, "small.toml", "large.toml", "good.toml", "--slo", "mean<=13ms")
    assert found["answer"]["scenario"] == "good" and found["priced"]
    assert [e["holds"] for e in found["evidence"]] == [False, True, True]


def test_an_slo_that_no_point_meets_is_answered_with_no(lbsim, queue):
    arguments = ("plan", queue, "--slo", "mean<=9ms", "--over", f"{CORES}=1..8")
    done = lbsim(*arguments, code=1)
    assert "Answer: none" in done.stdout and "mean" in done.stdout
    assert plan(lbsim, *arguments[1:], code=1)["answer"] is None


def test_a_site_that_answers_nobody_keeps_no_slo(lbsim, queue):
    """All wait beyond their deadline: there is no answer whose latency could be too long."""
    done = lbsim("plan", queue, "--slo", "p99<=3s", "--set", f"{CORES}=1", code=1)
    assert "p99 no answer > 3000 ms" in done.stdout


def test_servers_count_shares_the_machines_out_to_unequal_groups(lbsim, root):
    scenario = root / "scenarios" / "dns-only.toml"
    knob = ("--pv", "1M", "--over", "servers.count=2..60", "--slo", "p99<=400ms")
    found = plan(lbsim, scenario, *knob)
    machines = found["answer"]["cost"]["machines"]
    assert machines == found["answer"]["settings"]["servers.count"]


@pytest.mark.parametrize("groups, said", [
    ("groups = []", "servers.groups: has 0 entries"),
    ("", "servers.groups: is missing"),
])  # fmt: skip
def test_machines_without_a_group_to_belong_to_are_an_error(lbsim, tmp_path, groups, said):
    head = QUEUE.split("[[servers.groups]]")[0]
    (tmp_path / "q.toml").write_text(f"{head}count = 4\n{groups}\n")
    knob = ("--slo", "p99<=1s", "--over", "servers.count=2..3")
    done = lbsim("plan", "q.toml", *knob, code=2)
    assert said in done.stderr and done.stderr.count("error:") == 1 and done.stdout == ""


def test_fewer_machines_than_groups_leave_groups_out(lbsim, tmp_path):
    group = "[[servers.groups]]" + QUEUE.split("[[servers.groups]]")[1].replace("1", "2")
    (tmp_path / "q.toml").write_text(QUEUE + group)
    found = plan(lbsim, "q.toml", "--slo", "p99<=1s", "--over", "servers.count=1..1", code=1)
    assert found["evidence"][0]["cost"]["machines"] == 1


def test_a_node_that_died_before_the_peak_is_missed_at_the_peak(lbsim, queue):
    """Half of two machines, an hour before a peak for which one is too little."""
    day = "[" + ", ".join("4" if hour == 12 else "1" for hour in range(24)) + "]"
    machines = ("--set", "servers.groups.0.count=2", "--set", f"{CORES}=5")
    users = ("--set", f"workload.day_curve={day}", "--pv", "20M")
    site = (queue, *users, *machines, "--slo", "p99<=200ms,errors<=60%")
    assert plan(lbsim, *site)["answer"] is not None
    found = plan(lbsim, *site, "--survive", "servers.2@11:00", code=1)
    assert "at the highest rate" in found["evidence"][0]["stretch"]


def test_it_survives_a_crash_at_the_peak_only_with_a_second_proxy(lbsim, root):
    scenario = root / "scenarios" / "lvs-dr-nginx.toml"
    asked = ("--pv", "1M", "--slo", "errors<=30%", "--over", "proxies.count=1..4")
    assert plan(lbsim, scenario, *asked)["answer"]["settings"] == {"proxies.count": 1}
    found = plan(lbsim, scenario, *asked, "--survive", "proxies.1@peak")
    assert found["answer"]["settings"] == {"proxies.count": 2}
    assert "from the fault of proxies.1 on" in found["simulated"][0]


def test_the_answer_does_not_depend_on_the_number_of_jobs(lbsim, queue):
    asked = (queue, "--slo", "mean<=13ms", "--over", f"{CORES}=1..40")
    assert plan(lbsim, *asked, "--jobs", "1") == plan(lbsim, *asked, "--jobs", "3")


@pytest.mark.parametrize("arguments, said", [
    (["--over", f"{CORES}=1..4"], "--slo"),
    (["--slo", "p98<=3ms"], "did you mean p90?"),
    (["--slo", "p99<3ms"], "cannot read"),
    (["--slo", "p99<=3"], "unit"),
    (["--slo", "errors<=101%"], "more than all requests"),
    (["--slo", "p99<=3ms,p99<=4ms"], "p99 is limited twice"),
    (["--slo", "p99<=3ms", "--jobs", "0"], "--jobs"),
    (["--slo", "p99<=3ms", "--slo-window", "5"], "--slo-window"),
    (["--slo", "p99<=3ms", "--over", "servers.groups.0.coers=1..4"], 'did you mean "cores"?'),
    (["--slo", "p99<=3ms", "--over", f"{CORES}=4..1"], "is empty"),
    (["--slo", "p99<=3ms", "--over", f"{CORES}=few"], "as a range"),
    (["--slo", "p99<=3ms", "--over", f"{CORES}=0..4"], f"--over {CORES}"),
    (["--slo", "p99<=3ms", *["--over", f"{CORES}=1..4"] * 2], "named twice"),
    (["--slo", "p99<=3ms", "--survive", "vip.1@peak"], "there is no node vip.1"),
    (["--slo", "p99<=3ms", "--survive", "servers.1"], "NODE@peak"),
    (["--slo", "p99<=3ms", "--survive", "servers.1@25:00"], "no time of the day"),
])  # fmt: skip
def test_bad_input_exits_2_and_writes_nothing(lbsim, queue, tmp_path, arguments, said):
    done = lbsim("plan", queue, *arguments, "--json", "out.json", code=2)
    assert said in done.stderr and "error" in done.stderr and done.stdout == ""
    assert [path.name for path in tmp_path.iterdir()] == [queue]


def test_a_ladder_says_what_holds_what_breaks_by_what_and_what_is_cheapest(lbsim, tmp_path):
    for name, cores, price in (("small", 6, 100), ("large", 40, 5000)):
        text = QUEUE.replace("one queue", name).replace("cores = 1", f"cores = {cores}")
        (tmp_path / f"{name}.toml").write_text(text + f'price = "{price} CNY"\n')
    arguments = ("ladder", "small.toml", "large.toml", "--pv", "30M,100M,500M")
    done = lbsim(*arguments, "--json", "l.json", code=0)
    rows = json.loads((tmp_path / "l.json").read_text())["rows"]
    seen = [(row["pv"], row["topology"], row["holds"], row["cheapest"]) for row in rows]
    assert seen == [
        (30e6, "small", True, True), (30e6, "large", True, False),
        (100e6, "small", False, False), (100e6, "large", True, True),
        (500e6, "small", False, False), (500e6, "large", False, False),
    ]  # fmt: skip
    assert "servers.1 cpu" in rows[2]["breaks_by"] and rows[0]["breaks_by"] == ""
    assert rows[1]["cost"]["capex_cny"] == 5000
    assert "breaks: servers.1 cpu" in done.stdout and "* holds" in done.stdout


def test_the_ladder_is_of_the_four_topologies_that_come_with_lbsim(lbsim):
    rows = json.loads(lbsim("ladder", "--pv", "1M", "--json", "-", code=0).stdout)["rows"]
    assert [row["topology"] for row in rows] == [
        "DNS round robin", "nginx", "HAProxy + Keepalived + nginx", "LVS-DR + Keepalived + nginx",
    ]  # fmt: skip
    assert all(row["holds"] for row in rows)
    assert [row["cheapest"] for row in rows] == [True, False, False, False]


@pytest.mark.parametrize("arguments, said", [
    (["--pv", "3M,many"], "--pv"),
    (["--pv", ""], "--pv"),
    (["--slo", "p9<=3ms"], "did you mean"),
    (["no-such.toml"], "no-such.toml"),
])  # fmt: skip
def test_bad_input_of_a_ladder_exits_2(lbsim, tmp_path, arguments, said):
    done = lbsim("ladder", *arguments, "--json", "out.json", code=2)
    assert said in done.stderr and done.stdout == "" and list(tmp_path.iterdir()) == []
