"""lbsim theory, as a user meets it."""

import importlib.util
import json
import pathlib

import pytest

TABLE = pathlib.Path(__file__).parents[1] / "data/validation/theory.json"

MM1 = {
    "id": "one",
    "group": "M/M/1",
    "parameters": {"lambda": 0.5, "mu": 1.0},
    "expected": [
        {"quantity": "mean_sojourn", "value": 2.0, "kind": "stat", "tol": 0.03, "se_1e6": 0.0058}
    ],
}


def table_of(tmp_path, *entries):
    path = tmp_path / "table.json"
    path.write_text(json.dumps({"entries": list(entries)}, indent=1))
    return path


def entry_of(**changes):
    return {**json.loads(json.dumps(MM1)), **changes}


@pytest.fixture(scope="module")
def published():
    return json.loads(TABLE.read_text())["entries"]


@pytest.fixture
def results(lbsim, tmp_path):
    """What a run of these entries finds, by quantity, and its exit code."""

    def run(*entries, requests="20K", strict=False):
        flags = ["--strict"] if strict else []
        table = table_of(tmp_path, *entries)
        done = lbsim("theory", table, "--requests", requests, "--json", "out.json", *flags)
        return json.loads((tmp_path / "out.json").read_text()), done.returncode

    return run


def test_every_entry_is_expressed_and_holds(lbsim, tmp_path, full, published):
    requests = "1M" if full else "20K"
    flags = ["--requests", requests, "--strict", "--json", "out.json"]
    done = lbsim("theory", TABLE, *flags, timeout_s=900)
    found = json.loads((tmp_path / "out.json").read_text())
    failed = [(e["id"], e["quantity"]) for e in found["entries"] if not e["pass"]]
    assert (failed, found["not_expressed"], done.returncode) == ([], [], 0)
    asked = [(e["id"], q["quantity"]) for e in published for q in e["expected"]]
    assert [(e["id"], e["quantity"]) for e in found["entries"]] == asked
    last = "78 entries, 339 quantities: 339 pass, 0 fail, 0 not expressed\n"
    assert done.stdout.endswith(last)


def test_what_is_found_stands_in_json_with_its_tolerance_and_distance(results):
    found, code = results(MM1, requests="250K")
    [row] = found["entries"]
    assert code == 0 and row["pass"] is True
    assert (row["id"], row["quantity"], row["expected"]) == ("one", "mean_sojourn", 2.0)
    assert row["tolerance"] == pytest.approx(0.06)  # twice that of a million
    assert row["z"] == pytest.approx((row["simulated"] - 2.0) / 0.0116)
    assert found["requests"] == 250_000 and found["warm_up"] == 50_000


def test_the_same_run_finds_the_same_numbers(lbsim, tmp_path):
    table = table_of(tmp_path, MM1)
    once = lbsim("theory", table, "--requests", "5K", "--json", "-").stdout
    assert once == lbsim("theory", table, "--requests", "5K", "--json", "-").stdout


def altered(expected):
    """The quantity with another expected value, which must not hold."""
    changed = dict(expected)
    value = changed["value"]
    if isinstance(value, str):
        changed["value"] = value[::-1] + value[0]
    elif isinstance(value, list):
        changed["value"] = [v * 10 + 1000 for v in value]
    else:
        # A bound is lowered: to stay below a higher one would be no failure.
        changed["value"] = value - 1000 if changed["quantity"] == "max_load" else value * 10 + 1000
    return changed


def test_every_check_can_fail(results, published):
    slow = ("non-homogeneous", "balls")
    quick = [e for e in published if not e["group"].startswith(slow)]
    wrong = [{**e, "expected": [altered(q) for q in e["expected"]]} for e in quick]
    found, code = results(*wrong, requests="2K")
    assert [(e["id"], e["quantity"]) for e in found["entries"] if e["pass"]] == [] and code == 1


def test_a_number_slightly_off_fails_where_theory_is_exact(results, published):
    exact = next(e for e in published if e["group"] == "VRRP failover")
    [skew] = [q for q in exact["expected"] if q["quantity"] == "skew_time"]
    skew = {**skew, "value": skew["value"] * (1 + 3e-9)}
    found, code = results({**exact, "expected": [skew]})
    assert not found["entries"][0]["pass"] and code == 1


def test_what_cannot_be_expressed_is_listed_and_fails_strict(results):
    group = entry_of(id="group", group="M/M/infinity")
    law = entry_of(id="law", parameters={"lambda": 0.5, "service": "weibull", "scv": 2})
    quantity = entry_of(id="quantity", expected=[{**MM1["expected"][0], "quantity": "mood"}])
    found, code = results(group, law, quantity)
    why = {missing["id"]: missing["why"] for missing in found["not_expressed"]}
    assert code == 0 and list(why) == ["group", "law", "quantity"]
    assert "M/M/infinity" in why["group"] and "weibull" in why["law"]
    assert results(group, strict=True)[1] == 1


def test_a_tolerance_in_words_that_nobody_has_read_is_not_expressed(results):
    words = entry_of(expected=[{**MM1["expected"][0], "tol": "about right"}])
    found, _ = results(words)
    assert "about right" in found["not_expressed"][0]["why"]


def test_notes_say_how_a_tolerance_in_words_was_read(lbsim, tmp_path, published):
    skew = next(e for e in published if e["group"] == "client-hash skew")
    text = lbsim("theory", table_of(tmp_path, skew)).stdout
    assert 'the file\'s "mean over hash seeds": ' in text and "4 standard errors" in text


@pytest.mark.parametrize(
    "text, place, words",
    [
        ("", "1:1", "is no JSON"),
        ('{"entries": [\n  {,\n', "2:4", "is no JSON"),
        ("[]", "1:1", "must be an object"),
        ("{}", "1:1", "entries: is missing"),
        ('{"entries": []}', "1:13", "is empty"),
        ('{"entries": [{"id": 7}]}', "1:21", "entries[0].id: must be text"),
        ('{"entries": [\n {"id": "a", "group": "M/M/1"}\n]}', "2:2", "parameters: is missing"),
    ],
)
def test_a_file_that_is_no_table_is_an_error_with_its_place(text, place, words, lbsim, tmp_path):
    (tmp_path / "bad.json").write_text(text)
    done = lbsim("theory", "bad.json", "--json", "out.json", code=2)
    assert done.stderr.startswith(f"bad.json:{place}: error: ") and words in done.stderr
    assert done.stdout == "" and not (tmp_path / "out.json").exists()


@pytest.mark.parametrize(
    "parameters, words",
    [
        ({"mu": 1.0}, "parameters.lambda: is missing"),
        ({"lambda": "fast", "mu": 1.0}, "parameters.lambda: must be a number"),
        ({"lambda": -1, "mu": 1.0}, "parameters.lambda: must be more than 0"),
        ({"lambda": 2, "mu": 1.0}, "parameters.lambda: is more than the servers can do"),
        ({"lambda": 0.5, "service": "ln"}, "parameters.scv: is missing"),
    ],
)
def test_a_bad_parameter_is_an_error_before_anything_runs(parameters, words, lbsim, tmp_path):
    table = table_of(tmp_path, MM1, entry_of(id="two", parameters=parameters))
    done = lbsim("theory", table, "--json", "out.json", code=2)
    assert f"error: entries[1].{words}" in done.stderr
    assert done.stderr.startswith(f"{table}:") and not (tmp_path / "out.json").exists()


def test_all_bad_entries_are_named_at_once(lbsim, tmp_path):
    bad = [entry_of(id=name, parameters={"lambda": 3}) for name in ("a", "b")]
    stderr = lbsim("theory", table_of(tmp_path, *bad), code=2).stderr
    assert "entries[0]" in stderr and "entries[1]" in stderr
    stderr = lbsim("theory", table_of(tmp_path, MM1, MM1), code=2).stderr
    assert '"one" is there twice' in stderr


@pytest.mark.parametrize("number", ["10", "many", "-1"])
def test_a_number_of_requests_that_will_not_do_is_an_error(number, lbsim):
    assert "--requests" in lbsim("theory", TABLE, f"--requests={number}", code=2).stderr


def test_a_file_that_is_not_there_is_an_error(lbsim):
    assert lbsim("theory", "nothing.json", code=2).stderr.startswith("nothing.json: error: ")


def test_the_page_of_results_has_the_form_that_its_writer_gives_it(root, published):
    place = pathlib.Path(__file__).parent / "theory_page.py"
    spec = importlib.util.spec_from_file_location("page", place)
    writer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(writer)
    page = (root / "docs/theory.md").read_text()
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| ")][1:]
    asked = [(e["id"], q["quantity"]) for e in published for q in e["expected"]]
    assert [(row[0][2:], row[1]) for row in rows] == asked
    assert page.startswith(writer.HEAD.format(requests=1_000_000, warm_up=50_000))
    assert "fails" not in page and "339 pass; 0 not expressed." in page
