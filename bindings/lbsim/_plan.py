"""What a site needs: the fewest machines that keep an SLO, and which site holds at which volume."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from operator import index
from typing import TYPE_CHECKING, Any, Union

from lbsim import _core
from lbsim._answer import Answer
from lbsim._progress import Bar, Interruption, Progress
from lbsim._scenario import Number, Scenario, Source, load, request_of

if TYPE_CHECKING:
    import pandas  # type: ignore[import]


class Plan(Answer):
    """The answer and what it rests on; prints as `lbsim plan`."""

    @property
    def holds(self) -> bool:
        """Whether a point of the range keeps the SLO."""
        return self.answer is not None

    @property
    def answer(self) -> dict[str, Any] | None:
        """The best point: "scenario", "settings" (field: value) and "cost" (capex_cny,
        opex_cny_per_year, machines). None if no point keeps the SLO."""
        found: dict[str, Any] | None = self.to_dict()["answer"]
        return found

    @property
    def chance_of_error(self) -> float:
        """The probability, 0..1, that any row of `evidence` is wrong is at most this."""
        return float(self.to_dict()["chance_of_error"])

    @property
    def evidence(self) -> pandas.DataFrame:
        """A row for each point tested, in the order of the tests: scenario, the fields of `over`,
        holds, certain (False: too close to tell, taken as breaking), replications, for each metric
        of the SLO its mean and worst replication (p99_ms_mean, p99_ms_worst), the busiest
        machine's node, resource and utilization (0..1), machines, capex_cny, opex_cny_per_year."""
        import pandas

        return pandas.DataFrame([_flat(point) for point in self.to_dict()["evidence"]])

    def __repr__(self) -> str:
        answer = self.answer
        if answer is None:
            return "<lbsim.Plan: no point keeps the SLO>"
        settings = "".join(f" {field}={value}" for field, value in answer["settings"].items())
        return f"<lbsim.Plan: {answer['scenario']}{settings}>"


def _flat(point: dict[str, Any]) -> dict[str, Any]:
    row = {"scenario": point["scenario"], **point["settings"]}
    row.update({key: point[key] for key in ("holds", "certain", "replications")})
    for metric, found in point["slo"].items():
        row[f"{metric}_mean"], row[f"{metric}_worst"] = found["mean"], found["worst"]
    return {**row, **point["bottleneck"], **point["cost"]}


def plan(
    *scenarios: Source | Scenario,
    slo: str,
    slo_window: str = "5m",
    over: Mapping[str, tuple[int, int]] | None = None,
    survive: Iterable[str] = (),
    pv: Number | None = None,
    seed: int | None = None,
    kernel: str = "native",
    window: str | None = None,
    set: Mapping[str, object] | None = None,
    jobs: int = 0,
    progress: Union[Callable[[str], object], None] = None,
) -> Plan:
    """The least value of one or two fields, or the cheapest of several sites, that keep an SLO.

    slo: what users are promised: "p99<=300ms,errors<=0.1%".
    slo_window: it holds in every window of this length, or "day": over all.
    over: at most two fields, each with its least and its largest value: {"proxies.count": (2, 32)}.
    survive: nodes that lose power: ["vip.1@peak", "proxies.2@20:30"].
    jobs: runs at once; 0: as many as there are cores.
    progress: called with each point before it is tested, such as `print`.
    pv, seed, kernel, window, set: as of Scenario.run.

    Raises ScenarioError with what is wrong before anything runs, and KeyboardInterrupt on Ctrl-C:
    half a plan is no answer.
    """
    if not scenarios:
        raise TypeError("plan needs a scenario")
    documents = [load(scenario)._document for scenario in scenarios]
    request = request_of(pv=pv, seed=seed, kernel=kernel, window=window, set=set)
    ranges = [f"{field}={index(low)}..{index(high)}"
              for field, (low, high) in (over or {}).items()]
    texts = _core.PlanTexts(slo, slo_window, ranges, list(survive))
    with Interruption() as interruption:

        def tell(point: str) -> bool:
            if point and progress is not None:
                progress(point)
            return not interruption.wanted

        return Plan(*_core.plan(documents, request, texts, jobs, tell))


class Ladder(Answer):
    """Which site keeps an SLO at which page views; prints as `lbsim ladder`."""

    @property
    def chance_of_error(self) -> float:
        """The probability, 0..1, that any row of `rows` is wrong is at most this."""
        return float(self.to_dict()["chance_of_error"])

    @property
    def rows(self) -> pandas.DataFrame:
        """A row for each volume and site: pv (a day), topology, holds, certain, breaks_by (in
        words; empty if it holds), bottleneck, utilization (0..1), cheapest, machines, capex_cny,
        opex_cny_per_year."""
        import pandas

        rows = self.to_dict()["rows"]
        return pandas.DataFrame([{**row, **row.pop("cost")} for row in rows])

    def __repr__(self) -> str:
        rows = self.to_dict()["rows"]
        return f"<lbsim.Ladder: {sum(row['holds'] for row in rows)} of {len(rows)} hold>"


def ladder(
    *scenarios: Source | Scenario,
    pv: Iterable[Number],
    slo: str = "p99<=300ms,errors<=0.1%",
    slo_window: str = "5m",
    set: Mapping[str, object] | None = None,
    progress: Progress = None,
) -> Ladder:
    """Puts sites as they are to an SLO at several volumes; the cheapest that holds is marked.

    pv: page views a day: ["3M", "30M"].
    slo, slo_window: as of `plan`. set: as of Scenario.run, for all sites.
    progress: as of `compare`, in cells of the table.

    Raises ScenarioError, and KeyboardInterrupt on Ctrl-C.
    """
    if not scenarios:
        raise TypeError("ladder needs a scenario")
    documents = [load(scenario)._document for scenario in scenarios]
    volumes = ",".join(str(request_of(pv=number)["pv"]) for number in pv)
    texts = _core.PlanTexts(slo, slo_window, [], [])
    bar = Bar(progress, "ladder", "cells")
    with Interruption() as interruption:

        def tell(done: float, of: int) -> bool:
            bar.update(done, of)
            return not interruption.wanted

        try:
            settings = request_of(set=set)["settings"]
            return Ladder(*_core.ladder(documents, volumes, settings, texts, tell))
        finally:
            bar.close()
