"""The rules of CONTRIBUTING.md that a machine can check. A failing test lists all that break it."""

import ast
import json
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
OURS = ("sim", "tests", "bindings", "analysis", "cmake", "scenarios", "docs", "notebooks", ".ci")
CODE = (".cpp", ".hpp", ".py")
SCRIPTS = ("lbsim", "test", ".ci/run", "cmake/build.sh", "cmake/packages.sh", "tests/daemons.sh")

LINES_MAX = 400
FUNCTION_LINES_MAX = 60
COLUMNS_MAX = 100
TABLE_ROW = re.compile(r"\s*(\{|[\w:]+\().*,$")  # a function may hold a table of any length

# What each folder of sim/ may include, besides itself. Algorithms stand alone so that real
# balancers can use them; see ARCHITECTURE.md.
LAYERS = [
    ["core"],
    ["kernel"],
    ["topology", "algorithms"],
    ["devices", "control", "workload", "metrics"],
    ["scenario"],
    ["site"],
    ["planning"],
]
RANK = {folder: rank for rank, layer in enumerate(LAYERS) for folder in layer}
MAY_INCLUDE = {
    folder: {other for other in RANK if RANK[other] <= rank} for folder, rank in RANK.items()
}
MAY_INCLUDE["algorithms"] = {"core", "algorithms"}
MAY_INCLUDE["conform"] = {"core", "algorithms", "metrics", "devices", "conform"}
MAY_INCLUDE["fairness"] = {"core", "algorithms", "metrics", "fairness"}
MAY_INCLUDE["report"] = {"core", "metrics", "planning", "report"}
MAY_INCLUDE["validation"] = {*RANK, "conform", "validation"}
MAY_INCLUDE["theory"] = {*RANK, "conform", "theory"}
MAY_INCLUDE["cli"] = {*RANK, "conform", "fairness", "report", "theory", "validation", "cli"}

SIMGRID_FILES = ("sim/kernel/simgrid.cpp", "tests/bench/peers/simgrid_peer.cpp")
# Wall clocks measure the simulator itself (--stats, progress), never what it simulates.
WALL_CLOCK_PLACES = ("sim/cli/", "sim/site/run.cpp")
WALL_CLOCK = re.compile(
    r"\b(steady_clock|system_clock|high_resolution_clock|clock_gettime|gettimeofday)\b"
    r"|\btime\((nullptr|NULL|0)\)"
)
# Libraries differ in what these return; core's streams give the same bits everywhere.
OTHER_RANDOMNESS = re.compile(
    r"\bstd::(\w+_distribution|mt19937\w*|random_device|default_random_engine|s?rand|shuffle)\b"
)
# Put together here so that this file does not break its own rule.
FOREIGN_PATHS = re.compile("|".join([r"\.\." + "/shared", "/" + "work/", "/" + r"(home|root)/\w"]))


def files(*suffixes):
    """Our own files of these suffixes; recorded data is as it was recorded."""
    for top in OURS:
        for path in sorted((ROOT / top).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            kept = not name.startswith("tests/data/") and "__pycache__" not in name
            if kept and path.is_file() and path.suffix in suffixes:
                yield name, path.read_text()


def code_of(text):
    """C++ without its comments and the contents of its strings, line by line."""
    for number, line in enumerate(text.splitlines(), 1):
        yield number, re.sub(r"//.*", "", re.sub(r'"(\\.|[^"\\])*"', '""', line))


def matches(pattern, *suffixes):
    for name, text in files(*suffixes):
        for number, line in code_of(text):
            if pattern.search(line):
                yield name, f"{name}:{number}: {line.strip()}"


def report(offenders):
    offenders = list(offenders)
    assert not offenders, "\n" + "\n".join(offenders)


def test_no_file_is_longer_than_400_lines():
    counts = [(name, len(text.splitlines())) for name, text in files(*CODE)]
    counts += [(name, len((ROOT / name).read_text().splitlines())) for name in SCRIPTS]
    report(f"{name}: {count} lines" for name, count in counts if count > LINES_MAX)


def test_no_line_is_longer_than_100_columns():
    report(
        f"{name}:{number}: {len(line)} columns"
        for name, text in files(*CODE, ".cmake", ".sh")
        for number, line in enumerate(text.splitlines(), 1)
        if len(line) > COLUMNS_MAX
    )


def cpp_functions(text):
    """Yields (line, length) of function bodies, as clang-format sets them: opened at the end of a
    line, closed by a brace in the column in which the function begins (0, or 2 in a class)."""
    lines = text.splitlines()
    for indent in ("", "  "):
        begin = None
        for number, line in enumerate(lines, 1):
            if begin is None and re.match(indent + r"[A-Za-z~\[<:]", line):
                begin = number
            if begin is not None and re.match(indent + r"};?($|\s)", line):
                if re.search(r"\)[^=;]*{", " ".join(lines[begin - 1 : begin + 5])):
                    body = lines[begin - 1 : number]
                    yield begin, sum(1 for text in body if not TABLE_ROW.match(text))
                begin = None
            elif re.match(indent + r"(\S.*[;:]|}.*|)$", line):
                begin = None


def python_functions(text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.end_lineno - node.lineno + 1


def test_no_function_is_longer_than_60_lines():
    report(
        f"{name}:{line}: {length} lines"
        for name, text in files(*CODE)
        for line, length in (python_functions if name.endswith(".py") else cpp_functions)(text)
        if length > FUNCTION_LINES_MAX
    )


def test_folders_include_only_what_lies_below_them():
    offenders = []
    for name, text in files(".cpp", ".hpp"):
        top, folder = name.split("/")[:2]
        if top != "sim":
            continue
        for number, line in enumerate(text.splitlines(), 1):
            included = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if included and included[1].split("/")[0] not in MAY_INCLUDE[folder]:
                offenders.append(f"{name}:{number}: {folder} may not include {included[1]}")
    report(offenders)


def test_simgrid_headers_stay_in_one_translation_unit():
    pattern = re.compile(r"#\s*include\s+<(simgrid|xbt)")
    report(where for name, where in matches(pattern, ".cpp", ".hpp") if name not in SIMGRID_FILES)


def test_randomness_comes_from_our_own_streams():
    report(where for _, where in matches(OTHER_RANDOMNESS, ".cpp", ".hpp"))


def test_simulation_knows_no_wall_clock():
    report(
        where
        for name, where in matches(WALL_CLOCK, ".cpp", ".hpp")
        if name.startswith("sim/") and not name.startswith(WALL_CLOCK_PLACES)
    )


def test_unordered_containers_are_looked_up_and_never_walked():
    texts = [(name, text) for name, text in files(".cpp", ".hpp") if name.startswith("sim/")]
    offenders = []
    for name, text in texts:
        folder = name.rsplit("/", 1)[0]
        for variable in re.findall(r"std::unordered_\w+<.*>\s+(\w+)\s*[;{=]", text):
            walk = re.compile(rf":\s*(\w+(\.|->))*{variable}\)|\b{variable}\.c?r?begin\(")
            for other, body in texts:
                if other == name or (variable.endswith("_") and other.startswith(folder + "/")):
                    offenders += [
                        f"{other}:{number}: walks {variable}, which {name} declares"
                        for number, line in code_of(body)
                        if walk.search(line)
                    ]
    report(offenders)


def test_nothing_names_a_path_of_one_machine():
    texts = list(files(*CODE, ".cmake", ".sh", ".txt", ".toml", ".md", ".ini", ".json", ".ipynb"))
    texts += [(name, (ROOT / name).read_text()) for name in ("lbsim", "test", ".ci/run")]
    texts += [(path.name, path.read_text()) for path in ROOT.glob("[A-Z]*") if path.is_file()]
    report(
        f"{name}:{number}: {line.strip()[:80]}"
        for name, text in texts
        for number, line in enumerate(text.splitlines(), 1)
        if FOREIGN_PATHS.search(line)
    )


def is_recorded(algorithm, traces):
    """Whether a recorded trace is of the algorithm: all of them are replayed by tests/conform."""
    word = re.sub(r"[^a-z0-9]", "", re.sub(r"^(gdnsd|pdns|dnsdist)-", "", algorithm).lower())
    return any(word in re.sub(r"[^a-z0-9]", "", trace.lower()) for trace in traces)


def test_every_algorithm_has_a_source_and_a_test(lbsim):
    """Each name of the catalog stands in the sources of its family, and in a test or a trace."""
    catalog = json.loads(lbsim("algorithms", "--json", code=0).stdout)["algorithms"]
    sources, tests = {}, {}
    for name, text in files(".cpp", ".hpp"):
        if name.startswith("sim/algorithms/") and name.count("/") == 3:
            family = name.split("/")[2]
            sources[family] = sources.get(family, "") + text
        elif name.startswith(("tests/algorithms/", "tests/conform/")):
            family = re.split(r"[_./]", name.split("/")[2])[0]
            tests[family] = tests.get(family, "") + text
    traces = list((ROOT / "tests/data/conformance").rglob("*.json"))
    recorded = {path.stem for path in traces}
    # The traces of glibc's sorting are called gai_*, those of a shuffled answer pdns_shuffle*.
    recorded |= {"glibc" for stem in set(recorded) if stem.startswith("gai_")}
    recorded |= {"shuffled" for stem in set(recorded) if stem.startswith("pdns_shuffle")}
    offenders = []
    for spec in catalog:
        for kind, texts in (("source", sources), ("test", tests)):
            if kind == "test" and is_recorded(spec["name"], recorded):
                continue
            if f'"{spec["name"]}"' not in texts.get(spec["family"], ""):
                offenders.append(f"{spec['family']} {spec['name']}: no {kind} names it")
    report(offenders)
