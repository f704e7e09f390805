"""`lbsim calibrate`: a scenario fitted to a log says what the log says, and runs like it."""

import datetime
import math
import random

import pytest

BEGIN = datetime.datetime(2026, 3, 2, 0, 0, 0)
SERVICE_S = 0.040
HOURLY = [200 if 8 <= hour < 20 else 50 for hour in range(24)]


@pytest.fixture
def scenario(root):
    return root / "scenarios" / "nginx.toml"


def visits(seed):
    """Pages as (second of the day, client, URL's rank): 1 or more pages with 20 s between them."""
    rng = random.Random(seed)
    for hour, rate in enumerate(HOURLY):
        for _ in range(rate):
            at = 3600 * (hour + rng.random())
            client = f"10.{rng.randrange(256)}.{rng.randrange(256)}.7"
            while at < 86400:
                yield at, client, min(int(rng.paretovariate(1)), 300)
                if rng.random() < 0.5:
                    break
                at += rng.expovariate(1 / 20)


def entries():
    """A page, then two images; times and sizes with known means."""
    rng = random.Random(2)
    for at, client, rank in sorted(visits(1)):
        yield at, client, f"/page{rank}", rng.lognormvariate(9, 0.5), rng.expovariate(1 / SERVICE_S)
        for image in range(2):
            yield at, client, f"/i{image}.png", 5000, 0.030


def nginx_log():
    for at, client, url, size, seconds in entries():
        when = (BEGIN + datetime.timedelta(seconds=at)).strftime("%d/%b/%Y:%H:%M:%S +0800")
        yield (
            f'{client} - - [{when}] "GET {url}?q=1 HTTP/1.1" 200 {size:.0f} "-" "agent"'
            f' rt={seconds + 0.001:.3f} urt="{seconds:.3f}"'
        )


def haproxy_log():
    for at, client, url, size, seconds in entries():
        when = (BEGIN + datetime.timedelta(seconds=at)).strftime("%d/%b/%Y:%H:%M:%S.%f")[:-3]
        ms = round(seconds * 1000)
        yield (
            f"Mar  2 00:00:00 h haproxy[9]: {client}:999 [{when}] in app/s1 0/0/0/{ms}/{ms + 1}"
            f' 200 {size:.0f} - - ---- 1/1/1/1/0 0/0 "GET {url} HTTP/1.1"'
        )


def apache_log(unit_s=1e-6):
    """LogFormat "%h %l %u %t \\"%r\\" %>s %b \\"%{Referer}i\\" \\"%{User-Agent}i\\" %D"."""
    for at, client, url, size, seconds in entries():
        when = (BEGIN + datetime.timedelta(seconds=at)).strftime("%d/%b/%Y:%H:%M:%S +0800")
        yield (
            f'{client} - - [{when}] "GET {url} HTTP/1.1" 200 {size:.0f} "-" "agent"'
            f" {(seconds + 0.001) / unit_s:.0f}"
        )


def rows(stdout):
    """The table as {what: (log, fitted)}."""
    found = {}
    for line in stdout.splitlines():
        words = line[32:].split()
        if line.startswith("  ") and len(words) >= 2:
            try:
                found[line[2:32].strip()] = (float(words[0]), float(words[1]))
            except ValueError:
                continue
    return found


@pytest.mark.parametrize("form", [nginx_log, haproxy_log, apache_log])
def test_the_fitted_run_reproduces_the_log(lbsim, scenario, tmp_path, form):
    (tmp_path / "site.log").write_text("\n".join(form()) + "\nno request at all\n")
    # Servers of one speed: else each takes the logged times by its own, and only the mean stays.
    equal = '[[servers.groups]]\nname = "all"\ncount = 4\ncores = 8\nspeed = 0.5\n'
    site = tmp_path / "site.toml"
    site.write_text(f'format = 1\ninclude = ["{scenario}"]\nname = "site"\n{equal}')
    done = lbsim("calibrate", site, "--log", "site.log", "-o", "fitted.toml", code=0)
    table = rows(done.stdout)
    # 3,000 visits of geometric length 2 are 6,000 pages of 3 requests; their error is sqrt(6)
    # pages a visit: 2.6 %, four of them here. Hours at night have 50 visits.
    log, fitted = table["requests"]
    assert fitted == pytest.approx(log, rel=0.11)
    log, fitted = table["12:00 to 13:00"]
    assert fitted == pytest.approx(log, rel=0.5)
    for what in ("mean", "p50", "p90"):
        log, fitted = table[f"size, {what}"]
        assert fitted == pytest.approx(log, rel=0.02), what
        log, fitted = table[f"latency at the proxy, {what}"]
        assert fitted == pytest.approx(log, rel=0.15), what
    text = (tmp_path / "fitted.toml").read_text()
    assert "1 lines" in text and "page = { assets = 2, cached = 0 }" in text
    pages = float(text.split("session = { pages = ")[1].split(",")[0])
    assert pages == pytest.approx(2, rel=0.1)
    think = text.split('think = "')[1].split('"')[0]
    assert think.endswith("ms") and float(think[:-2]) == pytest.approx(20_000, rel=0.1)


def test_what_is_written_is_a_scenario_that_runs_and_explains_itself(lbsim, scenario, tmp_path):
    (tmp_path / "site.log").write_text("\n".join(nginx_log()) + "\n")
    (tmp_path / "deep").mkdir()
    lbsim("calibrate", scenario, "--log", "site.log", "-o", "deep/fitted.toml", code=0)
    lbsim("check", "deep/fitted.toml", code=0)
    lbsim("run", "deep/fitted.toml", code=0)
    text = (tmp_path / "deep" / "fitted.toml").read_text()
    assert text.startswith("# Shows: ") and "Zipf exponent" in text
    for field in ("page_views", "day_curve", "page =", "session", "burst", "service", "response"):
        before = text.split(f"\n{field}")[0].splitlines()[-1]
        assert before.startswith("#"), field


def test_a_log_without_times_leaves_service_times_as_they_were(lbsim, root, scenario, tmp_path):
    log = root / "tests" / "data" / "workloads" / "nasa-http-1995-07-09" / "access.log.gz"
    done = lbsim("calibrate", scenario, "--log", log, "-o", "fitted.toml", code=0)
    assert "times: the log has none" in done.stdout
    log, fitted = rows(done.stdout)["dispersion per minute"]
    assert log > 3 and math.isclose(log, fitted, rel_tol=0.35)
    text = (tmp_path / "fitted.toml").read_text()
    assert "service =" not in text and "response =" in text


def test_whole_seconds_of_apache_are_too_coarse_and_a_unit_may_be_told(lbsim, scenario, tmp_path):
    (tmp_path / "s.log").write_text("\n".join(apache_log(1)))
    done = lbsim("calibrate", scenario, "--log", "s.log", "-o", "s.toml", code=0)
    assert "times: the log has none" in done.stdout and "whole seconds (%T)" in done.stdout
    (tmp_path / "ms.log").write_text("\n".join(apache_log(1e-3)))
    told = ("calibrate", scenario, "--log", "ms.log", "--time-unit", "ms", "-o", "ms.toml")
    log, fitted = rows(lbsim(*told, code=0).stdout)["latency at the proxy, mean"]
    mean_ms = (SERVICE_S + 2 * 0.030) / 3 * 1e3 + 1
    assert log == pytest.approx(mean_ms, rel=0.05)


@pytest.mark.parametrize(
    "change, says",
    [
        ({"--log": "nowhere.log"}, "nowhere.log"),
        ({"--log": "empty.log"}, "empty"),
        ({"--log": "noise.log"}, "none of its"),
        ({"--log": "counts.csv"}, "rate series"),
        ({"-o": "nowhere/out.toml"}, "is no folder"),
        ({"-o": "site.toml"}, "name another file"),
        ({"--format": "apache"}, "no log format"),
        ({"--time-unit": "min"}, "no unit of request times"),
    ],
)
def test_bad_input_is_one_clear_error_and_nothing_is_written(
    lbsim, root, scenario, tmp_path, change, says
):
    site = tmp_path / "site.toml"
    site.write_text(f'format = 1\ninclude = ["{scenario}"]\nname = "site"\n')
    (tmp_path / "empty.log").write_text("")
    (tmp_path / "noise.log").write_text("hello\nworld\n")
    (tmp_path / "counts.csv").write_text("offset_s,requests\n0,5\n1,7\n")
    log = root / "tests" / "data" / "workloads" / "sask-http-1995-06" / "access.log"
    options = {"--log": log, "-o": "out.toml", **change}
    before = site.read_text()
    words = [word for pair in options.items() for word in pair]
    done = lbsim("calibrate", "site.toml", *words, code=2)
    assert says in done.stderr and done.stdout == ""
    assert done.stderr.count("error:") == 1
    assert not (tmp_path / "out.toml").exists() and site.read_text() == before
