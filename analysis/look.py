"""One look for all figures: told apart by dashes, greys and hatches, so that a black and white
print and the colour-blind lose nothing; one accent colour for what the figure is about."""

import argparse
from pathlib import Path

import matplotlib
from matplotlib import pyplot as plt

# Told apart without colour: dash pattern and grey.
LINES = [("-", "0.0"), ("--", "0.0"), ("-.", "0.35"), (":", "0.0"), ("-", "0.6"), ("--", "0.6")]
MARKS = ["o", "s", "^", "D", "v", "P", "X"]
ACCENT = "#d55e00"  # vermillion of Okabe and Ito's set; darker than the light greys in print
SHADES = "cividis"  # perceptually uniform, also for the colour-blind and in greys
OBJECTIVE_MS = 300  # the objective that lbsim's verdict uses for p99


def chinese_fonts():
    """Those of this machine; Debian's fonts-wqy-microhei has the first."""
    there = {font.name for font in matplotlib.font_manager.fontManager.ttflist}
    known = ("WenQuanYi Micro Hei", "Noto Sans CJK SC", "Source Han Sans CN", "SimHei")
    return [name for name in known if name in there]


def use(lang="en"):
    """The same letters and lines for every figure; `lang` is en or zh."""
    fonts = chinese_fonts() if lang == "zh" else []
    plt.rcParams.update({
        "font.family": [*fonts, "DejaVu Sans"],
        "font.size": 9,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.unicode_minus": False,
        "axes.titlesize": 10,
        "axes.titlelocation": "left",
        "legend.frameon": False,
        "lines.linewidth": 1.4,
        "hatch.linewidth": 0.6,
        "figure.constrained_layout.use": True,
    })


def figure(lang, *arguments, **options):
    """plt.subplots in this look."""
    use(lang)
    return plt.subplots(*arguments, **options)


def legend_above(figure, *arguments, **options):
    """figure.legend in a line of its own above all plots."""
    height = figure.get_figheight()
    figure.get_layout_engine().set(rect=(0, 0, 1, 1 - 0.35 / height))
    return figure.legend(*arguments, loc="upper center", **options)


def clock(seconds):
    """A time of the day: 21:05, or 21:05:30."""
    total = round(seconds)
    text = f"{total // 3600 % 24:02}:{total // 60 % 60:02}"
    return text if total % 60 == 0 else f"{text}:{total % 60:02}"


def clock_axis(axis, start_s, length_s):
    """Labels an axis of seconds, from `start_s` of the day on, with round times of the day."""
    steps = [60 * minutes for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 240)]
    step = next((step for step in steps if length_s / step <= 8), steps[-1])
    first = -start_s % step
    axis.set_ticks([first + step * i for i in range(int((length_s - first) // step) + 1)])
    axis.set_major_formatter(lambda seconds, _: clock(start_s + seconds))


def main(description, draw, argv=None, input_help="what to draw"):
    """A script's command line: --input, --output, --lang. `draw`(path, lang) gives the figure."""
    parser = argparse.ArgumentParser(description=description.splitlines()[0])
    parser.add_argument("--input", type=Path, required=True, help=input_help)
    parser.add_argument("--output", type=Path, required=True, help="the PNG, SVG or PDF to write")
    parser.add_argument("--lang", choices=("en", "zh"), default="en", help="of the labels (en)")
    arguments = parser.parse_args(argv)
    matplotlib.use("Agg")
    if not arguments.input.exists():
        parser.error(f"there is no {arguments.input}")
    drawn = draw(arguments.input, arguments.lang)
    drawn.savefig(arguments.output, dpi=110, metadata={"Software": None})
    plt.close(drawn)
