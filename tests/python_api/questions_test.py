"""What may be asked of a run besides its result: files, an SLO, a precision."""

import json
import pickle

import lbsim
import pytest

SLO = "p99<=300ms,errors<=0.1%"


@pytest.mark.parametrize("kernel", ["native", "simgrid"])
def test_an_slo_is_judged_in_the_worst_window(cli, site, scenarios, kernel):
    result = site.run(pv="1M", duration="20s", slo=SLO, slo_window="10s", kernel=kernel)
    said = cli("run", scenarios / "nginx.toml", "--pv", "1M", "--duration", "20s", "--slo", SLO,
               "--slo-window", "10s", "--kernel", kernel, code=0).stdout
    assert result.slo.holds and result.slo.text + "." in said.splitlines()
    assert result.slo.to_s - result.slo.from_s == 10
    assert pickle.loads(pickle.dumps(result)).slo == result.slo
    strict = site.run(pv="1M", duration="20s", slo="p99<=1ms", kernel=kernel).slo
    assert not strict.holds and "p99" in strict.text and "> 1 ms" in strict.text
    assert site.run(duration="200ms").slo is None


def test_a_run_ends_when_it_is_precise(cli, site, scenarios):
    asked = {"pv": "20M", "precision": "mean:5%"}
    result = site.run(**asked)
    wanted = cli("run", scenarios / "nginx.toml", "--pv", "20M", "--precision", "mean:5%",
                 "--json", "-", code=0).stdout
    assert result.precise and result.to_json() == wanted and not result.partial
    assert pickle.loads(pickle.dumps(result)).to_json() == wanted
    short = site.run(**asked, duration="20s")
    assert not short.precise and short.to_dict()["precision"][0]["lacks"]


def data_of(page):
    text = page.read_text()
    begin = text.index('id="data">') + len('id="data">')
    return json.loads(text[begin:text.index("</script>", begin)])


def test_a_run_writes_the_report_and_the_trace_of_the_command_line(cli, site, scenarios, tmp_path):
    own, other = tmp_path / "own", tmp_path / "other"
    for place in (own, other):
        place.mkdir()
    result = site.run(pv="2M", duration="5s", report=own / "r.html", trace=own / "t.json")
    cli("run", scenarios / "nginx.toml", "--pv", "2M", "--duration", "5s", "--report",
        other / "r.html", "--trace", other / "t.json", "--quiet", code=0)
    assert (own / "t.json").read_bytes() == (other / "t.json").read_bytes()
    page, wanted = data_of(own / "r.html"), data_of(other / "r.html")
    call = page.pop("command")
    assert wanted.pop("command") and page == wanted
    assert page["runs"][0]["result"] == result.to_dict()
    assert f'pv=\'2M\', duration=\'5s\', report=\'{own / "r.html"}\'' in call
    again = tmp_path / "again"
    eval(call.replace(str(own), str(tmp_path)), {"lbsim": lbsim})
    again = data_of(tmp_path / "r.html")
    again.pop("command")
    assert again == page


def test_the_simgrid_kernel_writes_them_too(site, tmp_path):
    site.run(pv="1M", duration="1s", kernel="simgrid", report=tmp_path / "r.html",
             trace=tmp_path / "t.json")
    assert data_of(tmp_path / "r.html")["runs"][0]["result"]["kernel"] == "simgrid"
    assert json.loads((tmp_path / "t.json").read_text())["traceEvents"]


def test_a_comparison_has_a_report(site, scenarios, tmp_path):
    asked = {"pv": "1M", "duration": "2s", "replications": 2, "set": {"seed": 7}}
    other = lbsim.load(scenarios / "dns-only.toml").to_dict()
    found = lbsim.compare(site, other, report=tmp_path / "c.html", **asked)
    page = data_of(tmp_path / "c.html")
    assert [run["result"] for run in page["runs"]] == found.to_dict()["runs"]
    assert page["differences"] == found.to_dict()["differences"]
    assert 'nginx.toml", {...}, ' in page["command"] and "replications=2" in page["command"]
    assert 'set={"seed": 7}' in page["command"]


@pytest.mark.parametrize(
    "asked, field, message",
    [
        ({"slo": "p9<=1"}, "slo", "no metric"),
        ({"slo": SLO, "slo_window": "noon"}, "slo_window", "duration"),
        ({"precision": "p99"}, "precision", ""),
        ({"precision": "p99:2%", "window": "day"}, "precision", "no steady state"),
        ({"slo": SLO, "windows": "60s"}, "windows", "others than those of the SLO"),
        ({"report": "/none/r.html"}, "report", "no folder"),
        ({"trace": "/none/t.json"}, "trace", "no folder"),
    ],
)
@pytest.mark.parametrize("kernel", ["native", "simgrid"])
def test_what_is_asked_wrongly_is_said_before_anything_runs(site, asked, field, message, kernel):
    runs = []
    with pytest.raises(lbsim.ScenarioError, match=message) as caught:
        site.run(**asked, kernel=kernel, progress=lambda *told: runs.append(told))
    assert caught.value.field == field and not runs
