"""--trace: the ways of some requests, in the format that Perfetto reads."""

import collections
import json
import pathlib

import jsonschema
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "tests/data/schemas/trace-events.schema.json"


@pytest.fixture(scope="module")
def traced(tmp_path_factory):
    import subprocess

    folder = tmp_path_factory.mktemp("trace")
    subprocess.run(
        [
            *(ROOT / "build/release/lbsim", "run"),
            ROOT / "scenarios/haproxy-keepalived-nginx.toml",
            *("--pv", "1M", "--duration", "1m", "--quiet"),
            *("--trace", folder / "trace.json", "--json", folder / "run.json"),
        ],
        check=True,
    )
    return json.loads((folder / "trace.json").read_text()), json.loads(
        (folder / "run.json").read_text()
    )


def spans(trace):
    """{request: [(row, name, begin, end, args)]}, in the order of their beginnings."""
    rows = {
        e["pid"]: e["args"]["name"] for e in trace["traceEvents"] if e["name"] == "process_name"
    }
    found = collections.defaultdict(list)
    begun = []
    for event in trace["traceEvents"]:
        if event["ph"] == "b":
            begun.append(event)
        elif event["ph"] == "e":
            b = begun.pop()
            assert (b["id"], b["name"], b["pid"]) == (event["id"], event["name"], event["pid"])
            found[b["id"]].append((rows[b["pid"]], b["name"], b["ts"], event["ts"], b["args"]))
    assert not begun
    return found


def test_the_file_keeps_to_the_format(traced):
    jsonschema.validate(traced[0], json.loads(SCHEMA.read_text()))


def test_there_is_a_row_for_each_tier(traced):
    rows = [
        e["args"]["name"] for e in traced[0]["traceEvents"] if e["name"] == "process_name"
    ]
    assert rows == ["users", "names", "network", "vip", "proxies", "servers"]


def test_between_1_000_and_2_000_requests_are_traced_evenly_over_the_run(traced):
    requests = spans(traced[0])
    made = traced[1]["requests"]["generated"]
    assert 1000 <= len(requests) <= 2000
    numbers = sorted(requests)
    assert {b - a for a, b in zip(numbers, numbers[1:])} == {numbers[0]}
    assert made - numbers[-1] < numbers[0]


def test_every_span_lies_in_its_request(traced):
    for parts in spans(traced[0]).values():
        assert parts[0][:2] == ("users", "request")
        begin, end = parts[0][2:4]
        assert all(begin <= b <= e <= end for _, _, b, e, _ in parts)


def test_a_request_passes_the_tiers_in_their_order(traced):
    for parts in spans(traced[0]).values():
        if parts[0][4]["outcome"] != "ok":
            continue
        way = [(row, name) for row, name, *_ in parts if name not in ("resolve", "connect")]
        assert way == [
            ("users", "request"),
            ("network", "request"),
            ("vip", "relay"),
            ("proxies", "proxy"),
            ("proxies", "try"),
            ("servers", "serve"),
            ("network", "response"),
        ]
        assert all("machine" in args for row, *_, args in parts if row in ("vip", "servers"))
