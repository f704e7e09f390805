"""Each figure is as it was looked at, and speaks Chinese, too.

LBSIM_UPDATE_GOLDEN=1 draws the images anew: look at each of them before it is committed.
"""

import importlib
import os
import pathlib
import shutil
import sys
import warnings

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "analysis"))

FIGURES = {
    "failover_timeline": "crash",
    "fairness_report": "fairness.json",
    "ladder_chart": "ladder.json",
    "latency_over_day": "day.csv",
    "load_by_weight": "run.json",
    "speed": "speed.json",
    "theory_agreement": "theory.json",
    "topology_drawing": "check.json",
    "utilisation_heat_map": "nodes.csv",
}
TOLERANCE = 3  # root mean square of 255: letters differ by less between versions of FreeType


def draw(name, target, lang, source=None):
    source = source or HERE / "inputs" / FIGURES[name]
    arguments = ["--input", str(source), "--output", str(target), "--lang", lang]
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a letter that no font has is a warning
        importlib.import_module(name).main(arguments)


@pytest.mark.parametrize("name", FIGURES)
def test_it_is_as_it_was_looked_at(name, tmp_path):
    from matplotlib.testing.compare import compare_images

    drawn, wanted = tmp_path / f"{name}.png", HERE / "images" / f"{name}.png"
    draw(name, drawn, "en")
    if os.environ.get("LBSIM_UPDATE_GOLDEN") == "1":
        shutil.copy(drawn, wanted)
    copy = shutil.copy(wanted, tmp_path / f"{name}-wanted.png")  # the differences go beside it
    assert compare_images(copy, str(drawn), TOLERANCE) is None


@pytest.mark.parametrize("name", FIGURES)
def test_it_has_chinese_labels_in_letters_that_are_there(name, tmp_path):
    from matplotlib.testing.compare import compare_images

    draw(name, tmp_path / "en.png", "en")
    draw(name, tmp_path / "zh.png", "zh")
    assert compare_images(str(tmp_path / "en.png"), str(tmp_path / "zh.png"), 1) is not None
    words = importlib.import_module(name).WORDS
    assert words["en"].keys() <= words["zh"].keys()  # events are English in themselves


@pytest.mark.parametrize("name", FIGURES)
def test_a_file_that_is_not_there_is_named(name, tmp_path, capsys):
    with pytest.raises(SystemExit) as ended:
        draw(name, tmp_path / "out.png", "en", tmp_path / "none")
    assert ended.value.code == 2 and "there is no" in capsys.readouterr().err
    assert not (tmp_path / "out.png").exists()


def test_every_script_has_a_test_and_a_main():
    scripts = {path.stem for path in (HERE.parents[1] / "analysis").glob("*.py")}
    assert scripts - {"look", "latency_by_topology"} == set(FIGURES)


def test_lines_are_told_apart_without_colour():
    look = importlib.import_module("look")
    assert len(set(look.LINES)) == len(look.LINES)
    assert all(float(grey) <= 0.6 for _, grey in look.LINES)


def test_what_theory_does_not_agree_with_is_beyond_the_tolerance():
    part = importlib.import_module("theory_agreement").part_of_tolerance
    assert part({"expected": [1, 2], "simulated": [1, 2.5], "tolerance": 0.25, "pass": False}) == 2
    exact = {"expected": "a b", "simulated": "a c", "tolerance": 0}
    assert part({**exact, "pass": False}) > 1 and part({**exact, "pass": True}) == 0


def test_speeds_are_those_that_were_measured():
    speed = importlib.import_module("speed")
    measured = {"model": {"servers": 16, "load": 0.8}, "machine": "one", "runs": [
        {"program": "slow", "us": [100, 300, 200], "bare_us": [2, 2, 2]},
        {"program": "lbsim", "us": [20, 10, 30], "bare_us": [1, 1, 2]}]}
    [plot] = speed.draw(measured).axes
    assert [patch.get_width() for patch in plot.patches] == [500_000, 50_000, 5_000]
    assert [name.get_text() for name in plot.get_yticklabels()] == ["bare loop", "lbsim", "slow"]
    said = [text.get_text() for text in plot.texts]
    assert "15 × the bare" in said[1] and "100 × the bare" in said[2]  # medians of the ratios


def test_an_image_that_is_other_is_found(tmp_path):
    from matplotlib.testing.compare import compare_images

    content = (HERE / "inputs" / "check.json").read_text()
    other = tmp_path / "check.json"
    other.write_text(content.replace('"standby": true', '"standby": false'))
    draw("topology_drawing", tmp_path / "other.png", "en", other)
    copy = shutil.copy(HERE / "images" / "topology_drawing.png", tmp_path / "wanted.png")
    assert compare_images(copy, str(tmp_path / "other.png"), TOLERANCE) is not None
