"""Many runs: comparisons and sweeps. Each run has a process of its own, on all cores."""

from __future__ import annotations

import os
import pathlib
import re
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from lbsim import _core
from lbsim._answer import Answer
from lbsim._progress import Bar, Interruption, Progress
from lbsim._result import frame_of_csv
from lbsim._scenario import Scenario, Source, call_text, load, request_of, toml_text

if TYPE_CHECKING:
    import pandas  # type: ignore[import]


class Comparison(Answer):
    """Scenarios side by side; prints as `lbsim compare`."""

    def __init__(self, content: str, text: str, reached: bool, complete: bool) -> None:
        super().__init__(content, text)
        self.reached = reached
        """Whether all is known as well as `precision` wanted; True without it."""
        self.partial = not complete
        """Whether it was interrupted: some runs are partial or missing."""

    @property
    def differences(self) -> pandas.DataFrame:
        """A row for each metric and scenario after the first: metric, a, b, difference (of b to
        a), ci95 (half width), real (whether it is no accident, for all rows together)."""
        import pandas

        return pandas.DataFrame(self.to_dict()["differences"])

    def __repr__(self) -> str:
        content = self.to_dict()
        names = ", ".join(run["scenario"]["name"] for run in content["runs"])
        return f"<lbsim.Comparison of {names}: {content['replications']} replications>"


def compare(
    *scenarios: Source | Scenario,
    replications: int | None = None,
    precision: str | None = None,
    report: str | os.PathLike[str] | None = None,
    progress: Progress = None,
    **options: Any,
) -> Comparison:
    """Runs scenarios on the same users, and tells which differences are real.

    replications: runs of each, the k-th of all on one seed; None: one, or with a precision as many
        as it takes, 100 at most.
    precision: replicate until this is known so well: "p99:2%".
    report: an HTML page of the first replication to write: `lbsim compare --report`.
    options: those of Scenario.run.

    Ctrl-C gives what there is, as `partial`. Raises ScenarioError.
    """
    if not scenarios:
        raise TypeError("compare needs a scenario")
    if replications is not None and not 1 <= replications <= 10_000:
        raise ValueError(f"replications are 1 to 10000, not {replications}")
    documents = [load(scenario)._document for scenario in scenarios]
    request = request_of(**options)
    if report is not None:
        names = [document.name for document in documents]
        asked = {**options, "replications": replications, "precision": precision,
                 "report": os.fspath(report)}
        request.update(report=asked["report"], call=call_text("lbsim.compare", names, asked))
    bar = Bar(progress, "compare", "runs")
    with Interruption() as interruption:

        def tell(done: float, of: int) -> bool:
            bar.update(done, of)
            return not interruption.wanted

        try:
            return Comparison(
                *_core.compare(documents, request, replications or 0, precision or "", tell))
        finally:
            bar.close()


class Sweep:
    """A grid of runs, in the folder `out`."""

    def __init__(self, csv: str, out: str, done: int, all: int) -> None:
        self._csv = csv
        self.out = out
        self.done = done
        """Runs that are on disk."""
        self.all = all
        """Runs of the grid."""

    @property
    def partial(self) -> bool:
        """Whether it was interrupted; with `resume` the rest is run."""
        return self.done < self.all

    @property
    def results(self) -> pandas.DataFrame:
        """A row for each run: the settings, replication, seed, and the metrics of a run, with
        their units in the names."""
        return frame_of_csv(self._csv)

    def to_csv(self) -> str:
        """The same bytes as sweep.csv of `lbsim sweep`."""
        return self._csv

    def __repr__(self) -> str:
        return f"<lbsim.Sweep: {self.done} of {self.all} runs in {self.out}>"


def _plain(value: object) -> str:
    """A value as people write it after --vary: words and numbers with units need no quotes."""
    text = toml_text(value)
    word = text[1:-1]
    is_word = re.fullmatch(r"[A-Za-z][\w./%:-]*|\d+(\.\d+)?[A-Za-z%]+", word)
    reserved = word in ("true", "false", "inf", "nan")
    return word if text.startswith('"') and is_word and not reserved else text


def _far_run(
    scenario: Scenario, request: dict[str, Any], settings: list[str], seed: int
) -> str:
    """One run on a worker; as `lbsim run --json` writes it."""
    at = {**request, "settings": [*request["settings"], *settings], "seed": seed}
    return _core.run(scenario._document, at, None)[0].to_json()


def _run_away(
    client: Any,
    scenario: Scenario,
    request: dict[str, Any],
    sweep: _core.Sweep,
    tell: Callable[[float, int], bool],
) -> None:
    pending = {
        client.submit(_far_run, scenario, request, sweep.settings(index), sweep.seed(index),
                      pure=False): index
        for index in sweep.to_do()
    }
    count = len(pending)
    try:
        while pending and tell(count - len(pending), count):
            ended = [future for future in pending if future.done()]
            for future in ended:
                sweep.add(pending.pop(future), future.result())
            if not ended:
                time.sleep(0.05)
    finally:
        client.cancel(list(pending))


def sweep(
    scenario: Source | Scenario,
    vary: Mapping[str, Iterable[object]],
    *,
    out: str | os.PathLike[str],
    replications: int = 1,
    jobs: int = 0,
    resume: bool = False,
    client: Any = None,
    progress: Progress = None,
    **options: Any,
) -> Sweep:
    """Runs a scenario at every combination of values, each run on disk as it ends.

    vary: fields and their values: {"proxies.count": [2, 4, 8]}.
    out: the folder of the runs, new or, with `resume`, that of a sweep of the same grid: no run is
        repeated.
    replications: runs of each point; seeds are the same at all points.
    jobs: runs at once; 0: as many as there are cores.
    client: of a Dask cluster (`distributed.Client`) whose workers have lbsim, and the plugins and
        classes of the scenario's methods, to run there.
    options: those of Scenario.run.

    Ctrl-C leaves what is done on disk: the sweep is `partial`. Raises ScenarioError.
    """
    site = load(scenario)
    request = request_of(**options)
    for field, values in vary.items():
        if isinstance(values, (str, bytes)):
            raise TypeError(f"the values of {field} are several, such as [2, 4], not {values!r}")
    texts = [f"{field}={','.join(map(_plain, values))}" for field, values in vary.items()]
    runs = _core.Sweep(site._document, request, texts, replications, os.fspath(out), resume)
    bar = Bar(progress, "sweep", "runs")
    with Interruption() as interruption:

        def tell(done: float, of: int) -> bool:
            bar.update(done, of)
            return not interruption.wanted

        try:
            if client is not None:
                _run_away(client, site, request, runs, tell)
            elif runs.to_do():
                runs.run_here(jobs, tell)
            (pathlib.Path(out) / "sweep.csv").write_text(runs.csv())
            return Sweep(runs.csv(), os.fspath(out), len(runs) - len(runs.to_do()), len(runs))
        finally:
            bar.close()
            runs.close()
