"""`lbsim conform` as a user and a CI server meet it."""

import gzip
import json
import random
import re
import xml.etree.ElementTree as xml

import pytest

RECORDED = {"apache": 78, "dns": 78, "ipvs": 175, "nginx-haproxy": 131, "haproxy-edge": 13,
            "apache-edge": 3, "nginx-mixed": 4}


@pytest.fixture
def traces(root):
    return root / "tests" / "data" / "conformance"


def changed(source, target, change):
    trace = json.loads(source.read_text())
    change(trace)
    target.write_text(json.dumps(trace))
    return target


@pytest.mark.parametrize("folder", RECORDED)
def test_every_recorded_trace_passes(folder, traces, lbsim):
    done = lbsim("conform", traces / folder, code=0)
    *lines, summary = done.stdout.splitlines()
    passes = [line for line in lines if not line.startswith("skipped ")]
    assert summary == f"{RECORDED[folder]} traces, {RECORDED[folder]} passed, 0 failed"
    assert len(passes) == RECORDED[folder]
    for line in passes:
        matched, total = re.fullmatch(r"pass \S+ (\d+)/(\d+)", line).groups()
        assert matched == total != "0"
    assert done.stderr == ""


def test_traces_without_an_id_are_called_as_their_files(traces, lbsim):
    done = lbsim("conform", traces / "dns/traces/knot_rotation_2_5.json", code=0)
    assert done.stdout.startswith("pass knot_rotation_2_5 ")


def test_files_and_folders_can_be_mixed_and_are_replayed_in_the_order_given(traces, lbsim):
    nginx = traces / "nginx-haproxy/traces/nginx-wrr-5-1-1.json"
    done = lbsim("conform", nginx, traces / "haproxy-edge", nginx, code=0)
    ids = [line.split()[1] for line in done.stdout.splitlines()[:-1]]
    assert ids[0] == ids[-1] == "nginx-wrr-5-1-1"
    assert ids[1:-1] == sorted(ids[1:-1]) and len(ids) == 2 + RECORDED["haproxy-edge"]


def test_a_wrong_pick_fails_with_the_place_and_the_state_before_it(traces, lbsim, tmp_path):
    def change(trace):
        trace["events"][0]["picked"][3] = 2

    source = traces / "nginx-haproxy/traces/nginx-wrr-5-1-1.json"
    wrong = changed(source, tmp_path / "wrong.json", change)
    done = lbsim("conform", wrong, source, code=1)
    # After the picks 0, 0, 1 of weights 5, 1, 1 the currents are 3 * (5, 1, 1) - 7 * (2, 1, 0).
    assert done.stdout.splitlines() == [
        "fail nginx-wrr-5-1-1 69/70",
        "  events[0].picked[3]: expected [2], got [0]",
        "  state before:",
        "    0: weight 5/5 current 1",
        "    1: weight 1/1 current -4",
        "    2: weight 1/1 current 3",
        "pass nginx-wrr-5-1-1 70/70",
        "2 traces, 1 passed, 1 failed",
    ]


def test_a_random_method_matches_all_or_nothing(traces, lbsim, tmp_path):
    def unweighted(trace):
        trace["servers"][1]["weight"] = 1

    source = traces / "dns/traces/pdns_pickwrandom_1_3.json"
    wrong = changed(source, tmp_path / "w.json", unweighted)
    done = lbsim("conform", wrong, code=1)
    assert re.match(r"fail w 0/\d+\n  the picks are not distributed as expected: .* p = ",
                    done.stdout)


def test_json_in_a_folder_that_is_no_trace_is_named_and_skipped(traces, lbsim, tmp_path):
    (tmp_path / "inner").mkdir()
    source = traces / "nginx-haproxy/traces/nginx-wrr-5-1-1.json"
    (tmp_path / "inner" / "trace.json").write_bytes(source.read_bytes())
    (tmp_path / "list.json").write_text("[1, 2]")
    (tmp_path / "facts.json").write_text('{"schema": 1, "requests": 5}')
    (tmp_path / "notes.txt").write_text("no JSON")
    done = lbsim("conform", tmp_path, code=0)
    assert done.stdout.splitlines() == [
        f"skipped {tmp_path}/facts.json: is no trace: it names no `balancer`",
        "pass nginx-wrr-5-1-1 70/70",
        f"skipped {tmp_path}/list.json: is no trace: it names no `balancer`",
        "1 traces, 1 passed, 0 failed"]


@pytest.mark.parametrize("name, content, reason", [
    ("cut.json", b'{"balancer": "nginx", "events": [', "is no complete JSON"),
    ("new.json", b'{"schema": 2, "balancer": "nginx"}', "is a trace of schema 2"),
    ("other.json", b'{"schema": 1, "balancer": "pound"}', 'is a trace of "pound"'),
])
def test_a_damaged_or_unknown_trace_in_a_folder_is_an_error_and_nothing_is_replayed(
        name, content, reason, traces, lbsim, tmp_path):
    source = traces / "nginx-haproxy/traces/nginx-wrr-5-1-1.json"
    (tmp_path / "a.json").write_bytes(source.read_bytes())
    (tmp_path / name).write_bytes(content)
    done = lbsim("conform", tmp_path, code=2)
    assert done.stdout == ""
    assert done.stderr.startswith(f"{tmp_path / name}: error: ") and reason in done.stderr


def test_a_folder_without_traces_is_an_error(lbsim, tmp_path):
    assert "holds no trace" in lbsim("conform", tmp_path, code=2).stderr
    (tmp_path / "facts.json").write_text('{"schema": 1, "requests": 5}')
    assert "holds no trace" in lbsim("conform", tmp_path, code=2).stderr


def test_compressed_traces_are_read_too_unless_they_are_cut_off(traces, lbsim, tmp_path):
    source = traces / "nginx-haproxy/traces/nginx-wrr-5-1-1.json"
    whole = gzip.compress(source.read_bytes())
    (tmp_path / "trace.json.gz").write_bytes(whole)
    assert lbsim("conform", tmp_path, code=0).stdout.startswith("pass nginx-wrr-5-1-1 70/70\n")
    for length in (15, len(whole) // 2, len(whole) - 9):
        (tmp_path / "trace.json.gz").write_bytes(whole[:length])
        done = lbsim("conform", tmp_path / "trace.json.gz", code=2)
        assert done.stdout == "" and "gzip file that is cut off" in done.stderr


@pytest.mark.parametrize("content, reason", [
    (b'{"balancer": "nginx", "events": [', "is no complete JSON"),
    (b"", "is no complete JSON"),
    (b"[1, 2]", "is no trace"),
    (b'{"schema": 2, "balancer": "nginx"}', "is a trace of schema 2, and only 1 is known"),
    (b'{"schema": 1, "balancer": "pound"}', 'is a trace of "pound", which is not modelled'),
    (b'{"schema": 1, "balancer": "nginx", "algorithm": "round_robin", "params": {}}',
     "servers: is missing"),
])
def test_a_file_named_directly_that_cannot_be_replayed_is_an_error(content, reason, lbsim,
                                                                   tmp_path):
    file = tmp_path / "odd.json"
    file.write_bytes(content)
    done = lbsim("conform", file, code=2)
    assert done.stdout == ""
    assert done.stderr.startswith(f"{file}: error: ") and reason in done.stderr


@pytest.mark.parametrize("cut", [10, 1000, 3000])
def test_a_trace_that_is_cut_off_is_an_error_wherever_it_ends(cut, traces, lbsim, tmp_path):
    source = traces / "ipvs/traces/rr.json"
    file = tmp_path / "rr.json"
    file.write_bytes(source.read_bytes()[:cut])
    assert "is no complete JSON" in lbsim("conform", file, code=2).stderr


@pytest.mark.parametrize("name", ["nginx-haproxy/traces/nginx-wrr-5-1-1",
                                  "nginx-haproxy/traces/haproxy-rr-admin",
                                  "dns/traces/unbound_ttl_countdown",
                                  "apache/traces/byrequests_w_5-1-1",
                                  "apache/traces/jk_Request_decay"])
def test_no_damage_to_a_trace_is_taken_for_a_bug_of_lbsim(name, full, traces, lbsim, tmp_path):
    """Fields are removed, or replaced by values of other types: the long form tries them all."""
    trace = json.loads((traces / (name + ".json")).read_text())
    trace["events"] = trace["events"][:4]
    damages = [(place, damage) for place in places(trace)
               for damage in ("remove", None, "text", -1, 1e300, [], {})]
    file = tmp_path / "damaged.json"
    for place, damage in damages if full else random.Random(name).sample(damages, 25):
        copy = json.loads(json.dumps(trace))
        *path, last = place
        inner = copy
        for step in path:
            inner = inner[step]
        if damage == "remove":
            del inner[last]
        else:
            inner[last] = damage
        file.write_text(json.dumps(copy))
        done = lbsim("conform", file)
        assert done.returncode in (0, 1, 2), f"{place} = {damage!r}\n{done.stderr}"


def places(value, path=()):
    if isinstance(value, dict):
        items = value.items()
    else:
        items = list(enumerate(value))[:2] if isinstance(value, list) else []
    for key, inner in items:
        yield path + (key,)
        yield from places(inner, path + (key,))


def test_paths_that_are_not_there_are_errors(lbsim, tmp_path):
    done = lbsim("conform", tmp_path / "none", code=2)
    assert done.stderr.startswith(f"{tmp_path / 'none'}: error: ")
    assert lbsim("conform", code=2).stdout == ""


def test_junit_has_a_case_for_every_trace_with_what_failed(traces, lbsim, tmp_path):
    def change(trace):
        trace["id"] = 'a<b & "c"'
        trace["events"][0]["picked"][3] = 2

    source = traces / "nginx-haproxy/traces/nginx-wrr-5-1-1.json"
    wrong = changed(source, tmp_path / "wrong.json", change)
    lbsim("conform", wrong, source, "--junit", tmp_path / "out.xml", code=1)
    suite = xml.parse(tmp_path / "out.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    failed, passed = suite.findall("testcase")
    assert failed.get("name") == 'a<b & "c"'
    assert "events[0].picked[3]: expected [2], got [0]" in failed.find("failure").text
    assert passed.get("name") == "nginx-wrr-5-1-1" and passed.find("failure") is None


def test_a_junit_file_that_cannot_be_written_is_said_before_any_trace_is_replayed(traces, lbsim,
                                                                                   tmp_path):
    done = lbsim("conform", traces / "haproxy-edge", "--junit", tmp_path / "no" / "out.xml", code=2)
    assert done.stdout == ""
