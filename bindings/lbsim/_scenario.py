"""Scenarios, and runs of them."""

from __future__ import annotations

import inspect
import json
import operator
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Union

from lbsim import _child, _core
from lbsim._algorithm import Algorithm
from lbsim._check import Check
from lbsim._progress import Bar, Interruption, Progress
from lbsim._result import Result, SloVerdict

if TYPE_CHECKING:
    import numpy
    import numpy.typing

Number = Union[int, float, str]
DICT = "<dict>"  # what errors call a scenario that is no file
Source = Union[str, "os.PathLike[str]", Mapping[str, Any]]


def toml_text(value: object) -> str:
    """A value of `set` as the command line's --set takes it."""
    if inspect.isclass(value) and issubclass(value, Algorithm):
        value = value.algorithm
    if isinstance(value, str):
        value.encode()  # UnicodeEncodeError: a lone surrogate
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        items = (f"{json.dumps(str(key))} = {toml_text(item)}" for key, item in value.items())
        return "{" + ", ".join(items) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(toml_text, value)) + "]"
    if hasattr(value, "__index__"):
        return str(value.__index__())
    if hasattr(value, "__float__"):
        return repr(float(value))
    raise TypeError(f"a scenario holds no {type(value).__name__}")


def _page_views(pv: Number | None) -> str | None:
    if pv is None or isinstance(pv, str):
        return pv
    if isinstance(pv, int):
        return str(pv)
    return str(int(pv)) if float(pv).is_integer() else repr(float(pv))


def _seed(seed: int | None) -> int | None:
    if seed is None:
        return None
    number = operator.index(seed)
    if not 0 <= number < 2**64:
        raise ValueError(f"seed must be a whole number from 0 to {2**64 - 1}, not {number}")
    return number


def request_of(
    *,
    pv: Number | None = None,
    seed: int | None = None,
    kernel: str = "native",
    window: str | None = None,
    duration: str | None = None,
    log: str | os.PathLike[str] | None = None,
    set: Mapping[str, object] | None = None,
    arrivals: numpy.typing.ArrayLike | None = None,
    windows: str | None = None,
) -> dict[str, Any]:
    """The keywords of Scenario.run as _core takes them."""
    if kernel not in ("native", "simgrid"):
        raise ValueError(f"kernel is native or simgrid, not {kernel!r}")
    if log is not None and arrivals is not None:
        raise ValueError("users come from a log or from arrivals, not from both")
    for name, text in (("window", window), ("duration", duration), ("windows", windows)):
        if text is not None and not isinstance(text, str):
            raise TypeError(f"{name} is a text with its unit, such as \"10m\", not {text!r}")
    return {
        "pv": _page_views(pv),
        "seed": _seed(seed),
        "kernel": kernel,
        "window": window,
        "duration": duration,
        "log": None if log is None else os.fspath(log),
        "settings": [f"{field}={toml_text(value)}" for field, value in (set or {}).items()],
        "arrivals": arrivals,
        "windows": windows,
    }


def _source_text(name: str) -> str:
    return "{...}" if name == DICT else json.dumps(name, ensure_ascii=False)


def call_text(verb: str, names: list[str], options: Mapping[str, Any]) -> str:
    """A call as people write it, for a report."""
    arguments = [_source_text(name) for name in names]
    for name, value in options.items():
        if value is None or (name, value) in (("kernel", "native"), ("slo_window", "5m")):
            continue
        if name == "set":
            items = (f"{json.dumps(field)}: {toml_text(item)}" for field, item in value.items())
            arguments.append("set={" + ", ".join(items) + "}")
        elif isinstance(value, (str, int, float)):
            arguments.append(f"{name}={value!r}")
        else:
            arguments.append(f"{name}=...")
    return f"{verb}({', '.join(arguments)})"


def _run(
    scenario: Scenario, options: dict[str, Any], asked: dict[str, Any], progress: Progress
) -> Result:
    request = request_of(**options)
    asked = {name: value if value is None else os.fspath(value) for name, value in asked.items()}
    request.update(asked)
    load_text = call_text("lbsim.load", [scenario._document.name], {})
    request["call"] = call_text(load_text + ".run", [], {**options, **asked})
    bar = Bar(progress, scenario.name)
    with Interruption() as interruption:

        def tell(simulated_s: float, window_s: float, ended: int, in_flight: int) -> bool:
            bar.update(simulated_s, window_s, ended, in_flight)
            return not interruption.wanted

        try:
            work = _child.run if options["kernel"] == "simgrid" else _core.run
            core, verdict = work(scenario._document, request, tell)
            return Result(core, None if verdict is None else SloVerdict(*verdict))
        finally:
            bar.close()


class Scenario:
    """A site that was read, with all that it includes: later changes of its files change nothing.
    Made by `lbsim.load`; it can be pickled."""

    def __init__(self, document: _core.Document) -> None:
        self._document = document
        self._name, self._sha256, self._seed, self._page_views = document.facts()

    @property
    def name(self) -> str:
        return self._name

    @property
    def sha256(self) -> str:
        """Of the effective scenario; equal for scenarios that say the same."""
        return self._sha256

    @property
    def seed(self) -> int:
        return self._seed

    @property
    def page_views(self) -> float:
        """A day."""
        return self._page_views

    def to_dict(self) -> dict[str, Any]:
        """What the files say, with includes merged."""
        return self._document.to_dict()

    def changed(self, set: Mapping[str, object]) -> Scenario:
        """The scenario with other values of some fields: {"vip.scheduler": "wrr"}. Throws
        ScenarioError with all mistakes."""
        return Scenario(self._document.changed(request_of(set=set)["settings"]))

    def run(
        self,
        *,
        pv: Number | None = None,
        seed: int | None = None,
        kernel: str = "native",
        window: str | None = None,
        duration: str | None = None,
        log: str | os.PathLike[str] | None = None,
        set: Mapping[str, object] | None = None,
        arrivals: numpy.typing.ArrayLike | None = None,
        windows: str | None = None,
        slo: str | None = None,
        slo_window: str = "5m",
        precision: str | None = None,
        report: str | os.PathLike[str] | None = None,
        trace: str | os.PathLike[str] | None = None,
        progress: Progress = None,
    ) -> Result:
        """Simulates the scenario once. Other threads run meanwhile.

        pv: page views a day, a number or a text such as "100M".
        seed: of all random streams; equal seeds give equal results.
        kernel: "native", or "simgrid", the reference: it runs in a process of its own.
        window: "busiest-hour", "day" or "HH:MM-HH:MM".
        duration: only so much of the window, from its start: "10m".
        log: an access log to be replayed instead of the workload.
        set: other values of the scenario's fields: {"servers.groups.0.count": 32}; a method may
            be a class derived from Algorithm.
        arrivals: users come at these times instead: one-dimensional, in seconds from the start of
            the window, in order. Each begins a session of pages, as the workload says.
        windows: counts requests by windows of this length, too: "60s", for Result.windows.
        slo: is judged in every window of slo_window ("day": in all), for Result.slo: "p99<=300ms".
        precision: ends when this is known so well: "p99:2%", for Result.precise.
        report, trace: files to write: an HTML page with charts; the ways of up to 2,000 requests,
            for Perfetto.
        progress: None shows a bar (tqdm) in a terminal or notebook, True always, False never; a
            function is called with seconds simulated, seconds to simulate, requests ended and
            requests in flight, about a thousand times.

        Ctrl-C ends the run early: the result is `partial`. A second one is a KeyboardInterrupt.
        Raises ScenarioError with all mistakes of the scenario and of these arguments.
        """
        options = dict(pv=pv, seed=seed, kernel=kernel, window=window, duration=duration, log=log,
                       set=set, arrivals=arrivals, windows=windows)
        asked = dict(slo=slo, slo_window=slo_window, precision=precision, report=report,
                     trace=trace)
        return _run(self, options, asked, progress)

    def check(
        self,
        *,
        pv: Number | None = None,
        window: str | None = None,
        set: Mapping[str, object] | None = None,
    ) -> Check:
        """What can be said without simulating; the arguments are those of `run`."""
        return Check(*_core.check(self._document, request_of(pv=pv, window=window, set=set)))

    def __repr__(self) -> str:
        return f"<lbsim.Scenario {self.name!r} from {self._document.name}>"

    def __reduce__(self) -> tuple[type[Scenario], tuple[_core.Document]]:
        return Scenario, (self._document,)


def load(source: Source | Scenario) -> Scenario:
    """Reads a scenario: a TOML file, or a dict that says the same. `include` in a dict is relative
    to the working directory.

    Raises ScenarioError with all mistakes; those of a file have line and column, those of a dict
    name the field.
    """
    if isinstance(source, Scenario):
        return source
    if isinstance(source, Mapping):
        return Scenario(_core.Document.of(dict(source), DICT, os.curdir))
    return Scenario(_core.Document.load(os.fspath(source)))
