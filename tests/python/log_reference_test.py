"""The definitions of log_facts.hpp a second time, as regular expressions, against the figures
that the C++ reader must give (FACTS.json): they follow from the data alone."""

import calendar
import gzip
import json
import pathlib
import re

import pytest

DATA = pathlib.Path(__file__).parent.parent / "data" / "workloads"
STAMP = r"\[(\d\d)/([A-Z][a-z]{2})/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)\]"
QUOTED = r'"(?:[^"\\]|\\.)*"'
TAIL = rf" (\d{{3}}) (\d+|-)(?: {QUOTED} {QUOTED}.*)?$"
STRICT = re.compile(rf"^(\S+) \S+ .*? {STAMP} {QUOTED}{TAIL}")
LENIENT = re.compile(rf'^(\S+) \S+ .*? {STAMP} ".*"{TAIL}')
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def lines_of(path):
    data = gzip.open(path).read() if path.suffix == ".gz" else path.read_bytes()
    lines = data.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    return [line.removesuffix(b"\r").decode("latin-1") for line in lines]


def utc_s(match):
    day, month, year, hour, minute, second, sign, offset_h, offset_min = match.groups()[1:10]
    clock = (int(year), MONTHS.index(month) + 1, int(day), int(hour), int(minute), int(second))
    offset = (int(offset_h) * 60 + int(offset_min)) * 60
    return calendar.timegm(clock) - (offset if sign == "+" else -offset)


def logs(kind):
    for folder in sorted(DATA.iterdir()):
        for name, facts in json.loads((folder / "FACTS.json").read_text()).items():
            if facts["kind"] == kind:
                yield pytest.param(folder / name, facts, id=f"{folder.name}/{name}")


@pytest.mark.parametrize("path, facts", logs("access_log"))
def test_figures_of_access_logs_follow_from_their_lines(path, facts):
    lines = lines_of(path)
    matches = [match for line in lines if (match := STRICT.match(line) or LENIENT.match(line))]
    sizes = [int(match.group(12)) for match in matches if match.group(12) != "-"]
    times = [utc_s(match) for match in matches]
    assert len(lines) == facts["lines"]
    assert len(matches) == facts["valid"]
    assert len({match.group(1) for match in matches}) == facts["clients"]["distinct"]
    assert sum(sizes) == facts["bytes"]["sum"]
    assert max(times) - min(times) + 1 == facts["rate"]["span_s"]
    assert len(set(times)) == facts["rate"]["seconds_with_requests"]


@pytest.mark.parametrize("path, facts", logs("sample"))
def test_samples_hold_as_many_lines_of_each_grammar_as_stated(path, facts):
    lines = lines_of(path)
    strict = sum(1 for line in lines if STRICT.match(line))
    lenient = sum(1 for line in lines if LENIENT.match(line))
    assert strict == facts["strict_common_or_combined_lines"]
    assert lenient == facts["lenient_common_or_combined_lines"]
