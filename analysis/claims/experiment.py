"""What the experiments of the claims share: where the sites are, verdicts, the command line.

An experiment is a module with CLAIM (the claim, in each language), measure(full) that simulates and
gives evidence which JSON can hold, judge(evidence) that gives a verdict and the sentence that says
why, and draw(evidence, lang).
"""

import argparse
import copy
import json
import sys
from pathlib import Path

import matplotlib

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "analysis"), str(ROOT / "build/release/python")]

import lbsim  # noqa: E402  (from the build tree, where it is not installed)
import look  # noqa: E402,F401

HOLDS, IN_PART, DOES_NOT = "holds", "holds in part", "does not hold"
VERDICTS = {"en": {HOLDS: "holds", IN_PART: "holds in part", DOES_NOT: "does not hold"},
            "zh": {HOLDS: "成立", IN_PART: "部分成立", DOES_NOT: "不成立"}}
PERCENTILES = (1, 5, 10, 25, 50, 75, 90, 95, 99)
MARK = {"en": ": ", "zh": "："}


def site(name, **tables):
    """The scenario of this name as a dict, with other values in some of its tables:
    site("nginx", proxies={"count": 1})."""
    document = copy.deepcopy(lbsim.load(ROOT / "scenarios" / f"{name}.toml").to_dict())
    for table, fields in tables.items():
        if isinstance(fields, dict):
            document.setdefault(table, {}).update(fields)
        else:
            document[table] = fields
    return document


def run(document, **options):
    return lbsim.load(document).run(progress=False, **options)


def tier(result, name):
    """The frame of the machines of a tier."""
    return result.nodes[result.nodes.tier == name]


def percentiles(latency):
    """Of a Latency, by percent; what draw_latencies takes, and JSON can hold."""
    return {str(p): float(latency.percentile(p)) for p in PERCENTILES}


def draw_latencies(plot, curves, words, ticks_ms):
    """Requests at or below a latency: {name: percentiles()} of two, the second in colour."""
    for (name, points), style, color in zip(curves.items(), ("s--", "o-"), ("0.0", look.ACCENT)):
        plot.semilogx(list(points.values()), [float(p) for p in points], style, color=color,
                      label=words[name])
    plot.set(xlabel=words["x"], ylabel=words["y"])
    plot.set_xticks(ticks_ms, [str(tick) for tick in ticks_ms])
    plot.minorticks_off()
    plot.legend()


def draw_bars(plot, heights, label):
    """One bar for each of {word: height}."""
    plot.bar(range(len(heights)), list(heights.values()), facecolor="0.85", edgecolor="0.0",
             hatch=["", "////", ".."][:len(heights)])
    plot.set_xticks(range(len(heights)), list(heights))
    plot.set(ylabel=label)


def both(en, zh):
    return {"en": en, "zh": zh}


def main(module, argv=None):
    """Measures, or reads evidence; draws and says the verdict."""
    parser = argparse.ArgumentParser(description=module.CLAIM["en"])
    parser.add_argument("--output", type=Path, required=True, help="the PNG, SVG or PDF to write")
    parser.add_argument("--full", action="store_true", help="longer runs, as in docs/claims.md")
    parser.add_argument("--evidence", type=Path, help="also write what was measured, as JSON")
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="of the words (en)")
    arguments = parser.parse_args(argv)
    matplotlib.use("Agg")
    evidence = module.measure(arguments.full)
    if arguments.evidence:
        arguments.evidence.write_text(json.dumps(evidence, indent=1) + "\n")
    save(module, evidence, arguments.output, arguments.lang)
    verdict, why = module.judge(evidence)
    lang = arguments.lang
    print(f"{module.CLAIM[lang]}\n{VERDICTS[lang][verdict]}{MARK[lang]}{why[lang]}")


def save(module, evidence, path, lang):
    figure = module.draw(evidence, lang)
    figure.savefig(path, dpi=110, metadata={"Software": None})
    matplotlib.pyplot.close(figure)
