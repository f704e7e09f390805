"""How fair algorithms are, and how faithful."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeVar, Union

from lbsim import _core
from lbsim._algorithm import Algorithm
from lbsim._answer import Answer
from lbsim._progress import Bar, Interruption, Progress

if TYPE_CHECKING:
    import pandas  # type: ignore[import]

T = TypeVar("T")
Measured = Union[str, type[Algorithm]]


class Fairness(Answer):
    """What was measured; prints as `lbsim fairness`."""

    def __init__(self, content: str, text: str, holds: bool, compared: bool) -> None:
        super().__init__(content, text)
        self.holds = holds
        """Whether all is as in the baseline; True without one."""
        self.compared = compared
        """Whether there was a baseline."""

    @property
    def seed(self) -> int:
        """Of what was drawn; given again, it repeats the numbers."""
        return int(self.to_dict()["seed"])

    @property
    def results(self) -> pandas.DataFrame:
        """A row for each algorithm, pool and metric: value, baseline, p and pass."""
        import pandas

        return pandas.DataFrame(self.to_dict()["results"])

    def __repr__(self) -> str:
        verdict = "as in the baseline" if self.holds else "not as in the baseline"
        return f"<lbsim.Fairness: {verdict if self.compared else 'measured'}, seed {self.seed}>"


def _names(algorithms: tuple[Measured, ...]) -> list[str]:
    return [name if isinstance(name, str) else name.algorithm for name in algorithms]


def _with_progress(
    work: Callable[[Callable[[str, int], bool]], T], count: int, progress: Progress
) -> T:
    """Works in another thread, because this one has to notice Ctrl-C."""
    bar = Bar(progress, "fairness", "algorithms")
    lock = threading.Lock()
    with Interruption() as interruption, ThreadPoolExecutor(1) as pool:

        def tell(what: str, done: int) -> bool:
            with lock:
                bar.update(done, count)
            return not interruption.wanted

        future = pool.submit(work, tell)
        try:
            while True:
                try:
                    return future.result(timeout=0.2)
                except TimeoutError:
                    if future.done():
                        raise
        finally:
            interruption.wanted = True
            bar.close()


def fairness(
    *algorithms: Measured,
    baseline: str | os.PathLike[str] | None = None,
    alpha: float = 0.001,
    seed: int | None = None,
    progress: Progress = None,
) -> Fairness:
    """Measures how even, how bursty, how sticky algorithms are, and what moves when a server
    leaves.

    algorithms: names or families ("nginx/least_conn", "wlc", "haproxy"), or classes derived from
        Algorithm; none: the whole catalog.
    baseline: a file of `fairness_baseline` to compare with.
    alpha: most probability of a false alarm of the whole comparison.
    seed: of what is drawn; None: a fresh one.

    Raises ScenarioError (a name that is none, a file that is no baseline), KeyboardInterrupt.
    """
    names = _names(algorithms)
    given = {"algorithms": names, "baseline": os.fspath(baseline or ""), "alpha": alpha,
             "seed": seed}
    count = _core.fairness_count(names)
    return Fairness(*_with_progress(lambda tell: _core.fairness_pass(given, tell), count, progress))


def fairness_baseline(
    *algorithms: Measured,
    baseline: str | os.PathLike[str],
    seed: int = 1,
    progress: Progress = None,
) -> str:
    """Measures them and writes the baseline, or renews these in it. Returns what changed, in words.
    The arguments are those of `fairness`."""
    names = _names(algorithms)
    given = {"algorithms": names, "baseline": os.fspath(baseline), "alpha": 0.5, "seed": seed}
    count = _core.fairness_count(names)
    return _with_progress(lambda tell: _core.fairness_renew(given, tell), count, progress)


class Conformance:
    """Recorded picks, replayed. `replays` has one for each trace; `skipped` the JSON files that are
    no traces, each with the reason."""

    def __init__(self, replays: list[_core.Replay], skipped: list[tuple[str, str]]) -> None:
        self.replays = replays
        self.skipped = skipped

    @property
    def holds(self) -> bool:
        """Whether all picks are as recorded."""
        return all(replay.passed for replay in self.replays)

    def __repr__(self) -> str:
        passed = sum(replay.passed for replay in self.replays)
        return f"<lbsim.Conformance: {passed} of {len(self.replays)} traces>"


def conform(*traces: str | os.PathLike[str]) -> Conformance:
    """Replays recorded picks of real balancers: files, or folders that are searched. Raises
    ScenarioError for what is no trace."""
    return Conformance(*_core.conform([os.fspath(trace) for trace in traces]))
