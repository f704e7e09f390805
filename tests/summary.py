"""The one summary at the end of ./test, from the XML that CTest, GoogleTest and pytest leave.

usage: summary.py RESULTS SECONDS"""

import pathlib
import sys
import xml.etree.ElementTree as xml


def cases_of(path):
    """Yields (name, failed, skipped) for each test of one GoogleTest or pytest file."""
    for case in xml.parse(path).getroot().iter("testcase"):
        failed = case.find("failure") is not None or case.find("error") is not None
        skipped = case.find("skipped") is not None or case.get("status") in ("notrun", "disabled")
        yield f"{path.stem} {case.get('classname')}.{case.get('name')}", failed, skipped


def programs_of(path):
    """Yields (name, failed) for each test that CTest ran."""
    for case in xml.parse(path).getroot().iter("testcase"):
        yield case.get("name"), case.get("status") != "run"


def main(results, seconds):
    cases = [case for path in sorted(results.glob("*.xml")) for case in cases_of(path)]
    failures = [name for name, failed, _ in cases if failed]
    skips = sum(skipped for _, _, skipped in cases)
    run = len(cases) - skips
    # A program that died wrote no XML, or none that says so; some tests of CTest's never write any.
    for name, failed in programs_of(results / "ctest.junit"):
        own = f"{name}_test"
        if not (results / f"{own}.xml").exists():
            run += 1
        if failed and not any(failure.startswith(own + " ") for failure in failures):
            failures.append(f"{own} (the whole program)")
    if not (results / "pytest.xml").exists():
        failures.append("pytest did not run to its end")
    print()
    for name in failures:
        print(f"FAILED {name}")
    failed = len(failures)
    print(f"{run} tests, {run - failed} passed, {failed} failed, {skips} skipped, {seconds} s")
    if run == 0:
        print("no test of that name")
        return 2
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), sys.argv[2]))
