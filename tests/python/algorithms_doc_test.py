"""docs/algorithms.md is the catalog as a page: it is generated from `lbsim algorithms --json`."""

import itertools
import json
import os

FAMILIES = {
    "nginx": "nginx", "haproxy": "HAProxy", "ipvs": "Linux Virtual Server (IPVS)",
    "apache": "Apache HTTP Server", "dns": "DNS", "f5": "Hardware balancers", "modern": "Modern",
}
HEAD = """# Algorithms

Generated from the catalog by `LBSIM_UPDATE_GOLDEN=1 ./test algorithms_doc`; do not edit.
`lbsim algorithms NAME` shows one of them. Defaults are in brackets; every parameter is explained
below the table of its family.
"""


def cell(text):
    return text.replace("|", "\\|")


def default_of(parameter):
    return parameter["default"] or "none"


def section(family, specs):
    lines = ["", f"## {FAMILIES.get(family, family)}", "",
             "| name | what it does | parameters | source |", "| --- | --- | --- | --- |"]
    for spec in specs:
        parameters = ", ".join(f"`{p['name']}` ({cell(default_of(p))})" for p in spec["parameters"])
        lines.append(f"| `{spec['name']}` | {cell(spec['summary'])} | {parameters} "
                     f"| {cell(spec['source'])} |")
    meanings = {(p["name"], p["range"], p["help"]): None for s in specs for p in s["parameters"]}
    if meanings:
        lines += ["", "| parameter | values | meaning |", "| --- | --- | --- |"]
    lines += [f"| `{name}` | {cell(values)} | {cell(meaning)} |"
              for name, values, meaning in meanings]
    return lines


def families_table(catalog):
    """The README's table of algorithms: one row for each family."""
    lines = ["| family | algorithms |", "| --- | --- |"]
    for family, specs in itertools.groupby(catalog, key=lambda spec: spec["family"]):
        names = ", ".join(f"`{spec['name']}`" for spec in specs)
        lines.append(f"| {FAMILIES.get(family, family)} | {cell(names)} |")
    return lines


def page(catalog):
    lines = ["", *families_table(catalog)]
    for family, specs in itertools.groupby(catalog, key=lambda spec: spec["family"]):
        lines += section(family, list(specs))
    return HEAD + "\n".join(lines) + "\n"


def test_the_page_of_algorithms_is_the_catalog(root, lbsim):
    catalog = json.loads(lbsim("algorithms", "--json", code=0).stdout)["algorithms"]
    families = [spec["family"] for spec in catalog]
    assert sorted(families, key=families.index) == families, "families are not kept together"
    expected = page(catalog)
    file = root / "docs" / "algorithms.md"
    if os.environ.get("LBSIM_UPDATE_GOLDEN") == "1":
        file.parent.mkdir(exist_ok=True)
        file.write_text(expected)
    assert file.read_text() == expected, "LBSIM_UPDATE_GOLDEN=1 ./test algorithms_doc rewrites it"


def test_the_table_of_families_is_short_and_the_readme_has_no_other(root, lbsim):
    table = families_table(json.loads(lbsim("algorithms", "--json", code=0).stdout)["algorithms"])
    assert len(table) - 2 <= 8
    for name in ("README.md", "README.zh.md"):
        lines = (root / name).read_text().splitlines()
        if table[0] in lines:
            begin = lines.index(table[0])
            end = next(i for i in range(begin, len(lines) + 1) if not "".join(lines[i : i + 1]))
            assert lines[begin:end] == table, f"{name}: the table is that of docs/algorithms.md"


def test_every_algorithm_says_what_it_does_and_where_that_is_written(lbsim):
    for spec in json.loads(lbsim("algorithms", "--json", code=0).stdout)["algorithms"]:
        assert spec["summary"] and spec["source"], spec["name"]
        for parameter in spec["parameters"]:
            assert parameter["range"] and parameter["help"], (spec["name"], parameter["name"])
