"""Mistakes are told all at once, with their places."""

import pickle

import lbsim
import pytest

WRONG = """\
format = 1
name = "wrong"
entry = "dns"
[dns]
kind = "bind"
next = "servers"
tll = "300s"
[servers]
kind = "servers"
groups = [ { count = 2, cores = "many" } ]
"""


@pytest.fixture
def wrong(tmp_path):
    path = tmp_path / "wrong.toml"
    path.write_text(WRONG)
    return path


def test_all_mistakes_of_a_file_come_with_line_and_column(wrong, cli):
    with pytest.raises(lbsim.ScenarioError) as caught:
        lbsim.load(wrong)
    error = caught.value
    places = [(m.file, m.line, m.field) for m in error.mistakes]
    assert (str(wrong), 7, "dns.tll") in places
    assert (str(wrong), 10, "servers.groups.0.cores") in places
    assert (error.file, error.line, error.column) == error.mistakes[0][:3] and error.column > 0
    assert str(error) == cli("run", wrong, code=2).stderr.rstrip("\n")
    assert isinstance(error, ValueError)


def test_they_survive_pickling(wrong):
    with pytest.raises(lbsim.ScenarioError) as caught:
        lbsim.load(wrong)
    copy = pickle.loads(pickle.dumps(caught.value))
    assert copy.mistakes == caught.value.mistakes and str(copy) == str(caught.value)


def test_mistakes_of_a_dict_name_the_field(scenarios):
    values = lbsim.load(scenarios / "nginx.toml").to_dict()
    values["dns"]["tll"] = "300s"
    values["servers"]["groups"][0]["cores"] = "many"
    with pytest.raises(lbsim.ScenarioError) as caught:
        lbsim.load(values)
    fields = [mistake.field for mistake in caught.value.mistakes]
    assert fields == ["dns.tll", "servers.groups.0.cores"] or set(fields) == {
        "dns.tll", "servers.groups.0.cores"}
    assert all((m.file, m.line) == ("<dict>", 0) for m in caught.value.mistakes)
    assert "ttl" in str(caught.value)


@pytest.mark.parametrize(
    "change, field, message",
    [
        ({"name": {1, 2}}, "name", "is a set"),
        ({"seed": 2**64}, "seed", "too large"),
        ({"dns": {7: "x"}}, "dns.7", "no key"),
        ({"name": None}, "name", "is a NoneType"),
        ({"name": "\ud800"}, "name", "UTF-8"),
        ({"format": 9}, "format", "9"),
    ],
)
def test_what_no_scenario_holds_is_named(change, field, message, scenarios):
    values = {**lbsim.load(scenarios / "nginx.toml").to_dict(), **change}
    with pytest.raises(lbsim.ScenarioError, match=message) as caught:
        lbsim.load(values)
    assert caught.value.field == field


def test_a_dict_that_holds_itself_is_refused(scenarios):
    values = lbsim.load(scenarios / "nginx.toml").to_dict()
    values["dns"]["dns"] = values["dns"]
    with pytest.raises(lbsim.ScenarioError, match="nested too deep") as caught:
        lbsim.load(values)
    assert caught.value.field.startswith("dns.dns.dns.")


def test_a_dict_says_what_the_file_says(scenarios):
    for path in sorted(scenarios.glob("*.toml")):
        site = lbsim.load(path)
        again = lbsim.load(site.to_dict())
        assert again.sha256 == site.sha256 and again.page_views == site.page_views


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(lbsim.ScenarioError, match="there is no file") as caught:
        lbsim.load(tmp_path / "none.toml")
    assert caught.value.file.endswith("none.toml") and caught.value.line == 0


@pytest.mark.parametrize(
    "options, error, message",
    [
        ({"duration": "10"}, lbsim.ScenarioError, "duration"),
        ({"duration": 10}, TypeError, "with its unit"),
        ({"window": "noon"}, lbsim.ScenarioError, "window"),
        ({"pv": "many"}, lbsim.ScenarioError, "page_views"),
        ({"seed": -1}, ValueError, "seed"),
        ({"seed": 2**64}, ValueError, "seed"),
        ({"seed": 1.5}, TypeError, "integer"),
        ({"pv": 10**400}, lbsim.ScenarioError, "page_views"),
        ({"set": {"name": "\ud800"}}, UnicodeEncodeError, "surrogates"),
        ({"kernel": "other"}, ValueError, "native or simgrid"),
        ({"set": {"proxies.method": "lest_conn"}}, lbsim.ScenarioError, "least_conn"),
        ({"set": {"proxies.method": object()}}, TypeError, "holds no object"),
        ({"set": {"": 1}}, lbsim.ScenarioError, "setting"),
        ({"log": "none.log"}, lbsim.ScenarioError, "none.log"),
        ({"log": "none.log", "arrivals": [1.0]}, ValueError, "not from both"),
    ],
)
def test_arguments_that_are_wrong_are_named(site, options, error, message):
    with pytest.raises(error, match=message):
        site.run(**options)


def test_values_to_sweep_over_are_several_and_right(site, tmp_path):
    with pytest.raises(TypeError, match="such as"):
        lbsim.sweep(site, {"proxies.count": "24"}, out=tmp_path / "out")
    with pytest.raises(lbsim.ScenarioError, match=r'vary\["proxies.count"\]'):
        lbsim.sweep(site, {"proxies.count": [2, "many"]}, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_texts_of_set_are_texts_whatever_is_in_them(site):
    for name in ('a "b" \\ c', "5", "true", "[1]", "é\u2028\x7f", "a = b"):
        assert site.changed({"name": name}).name == name
    with pytest.raises(lbsim.ScenarioError, match=r'set\["proxies.count"\]'):
        site.changed({"proxies.count": "5"})
