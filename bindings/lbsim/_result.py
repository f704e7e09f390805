"""What a run has found."""

from __future__ import annotations

import html
import io
import json
from typing import TYPE_CHECKING, Any, NamedTuple

from lbsim import _core

if TYPE_CHECKING:
    import numpy
    import numpy.typing
    import pandas  # type: ignore[import]


def frame_of_csv(text: str) -> pandas.DataFrame:
    import pandas

    return pandas.read_csv(io.StringIO(text))


class SloVerdict(NamedTuple):
    """Whether an SLO holds in every window of a run."""

    holds: bool
    from_s: float
    """Begin of the worst window, in seconds from the start of the run."""
    to_s: float
    text: str
    """"SLO p99<=300ms holds: worst window 21:00-21:05, p99 180 ms <= 300 ms"."""


class Result:
    """What a run has found. It can be pickled, and prints as the command line's summary.

    The frames need pandas; nothing else here does.
    """

    def __init__(self, core: _core.RunResult, slo: SloVerdict | None = None) -> None:
        self._core = core
        self._slo = slo

    @property
    def name(self) -> str:
        """Of the scenario."""
        return self._core.scenario

    @property
    def sha256(self) -> str:
        """Of the effective scenario: after includes and all that was set."""
        return self._core.sha256

    @property
    def seed(self) -> int:
        return self._core.seed

    @property
    def kernel(self) -> str:
        """native or simgrid."""
        return self._core.kernel

    @property
    def simulated_s(self) -> float:
        """Seconds of the window that were simulated."""
        return self._core.simulated_s

    @property
    def partial(self) -> bool:
        """Whether the run was interrupted, so that it covers less than its window."""
        return self._core.partial

    @property
    def cpu_s(self) -> float:
        """Seconds of processor time that the run took. Not part of to_json()."""
        return self._core.cpu_s

    @property
    def latency(self) -> _core.Latency:
        """Latencies of the requests that ended ok: percentiles, in milliseconds, and counts."""
        return self._core.latency

    @property
    def generated(self) -> int:
        """Requests that users made; each has one outcome."""
        return self._core.generated

    @property
    def outcomes(self) -> dict[str, int]:
        """Requests by outcome: ok, timeout, refused, no_server, server_error, ..."""
        return self._core.outcomes

    @property
    def error_share(self) -> float:
        """Share of the requests, 0..1, that did not end ok."""
        return self._core.error_share

    @property
    def holds(self) -> bool:
        """Whether p99 is at most 300 ms and at most 0.1 % of the requests fail."""
        return self._core.verdict[0]

    @property
    def why(self) -> str:
        """The reason for `holds`, in words."""
        return self._core.verdict[1]

    @property
    def slo(self) -> SloVerdict | None:
        """Of a whole run with `slo`: whether it keeps it, and where it is nearest to breaking."""
        return self._slo

    @property
    def precise(self) -> bool:
        """Whether all is known as well as `precision` wanted; True without it. What is known
        stands in `to_dict()["precision"]`."""
        return self._core.precise

    @property
    def notes(self) -> list[str]:
        """What one ought to know about this run: faults outside its window, lines left out."""
        return self._core.notes

    @property
    def nodes(self) -> pandas.DataFrame:
        """A row for each machine: name, tier, kind, requests, utilization and utilization_peak
        (0..1, of the busiest resource, named in utilization_of), queue_max, connections_max,
        bytes_in, bytes_out."""
        import pandas

        return pandas.DataFrame(self.to_dict()["nodes"])

    @property
    def pools(self) -> pandas.DataFrame:
        """A row for each member of each pool: pool, algorithm, member, weight, picks; jain,
        max_over_mean and cv are of the pool, over picks/weight."""
        import pandas

        return pandas.DataFrame(
            {"pool": pool["name"], "algorithm": pool["algorithm"], **pick,
             "jain": pool["jain"], "max_over_mean": pool["max_over_mean"], "cv": pool["cv"]}
            for pool in self.to_dict()["pools"]
            for pick in pool["picks"]
        )

    @property
    def series(self) -> pandas.DataFrame:
        """A row for each machine and minute of the window: minute, node, tier, kind, requests,
        cpu_utilization, nic_in_utilization, nic_out_utilization (0..1), queue_max,
        connections_max, bytes_in, bytes_out."""
        return frame_of_csv(self._core.nodes_csv())

    @property
    def events(self) -> pandas.DataFrame:
        """What happened: at_s (seconds from the start of the window), node, what."""
        return frame_of_csv(self._core.events_csv())

    @property
    def windows(self) -> pandas.DataFrame:
        """Of a run with `windows`, a row for each: from_s (seconds from the start of the run),
        requests that were asked for in it, failed ones among them, and mean_ms, p50_ms, p90_ms,
        p99_ms, max_ms of the others. Else empty."""
        return frame_of_csv(self._core.windows_csv())

    def minutes(self, node: str) -> numpy.typing.NDArray[Any]:
        """A machine's counts by minute, from the start of the window: a read-only view, without a
        copy, of records with the fields requests, bytes_in, bytes_out, work_s (seconds of one
        core), queue_max, connections_max. KeyError if there is no such machine."""
        names = self._core.node_names
        if node not in names:
            raise KeyError(node)
        return self._core.minutes(names.index(node))

    def to_json(self) -> str:
        """The same bytes as `lbsim run --json`."""
        return self._core.to_json()

    def to_dict(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.to_json())
        return content

    def __str__(self) -> str:
        return self._core.summary()

    def __repr__(self) -> str:
        return (f"<lbsim.Result of {self.name!r}: {self.generated} requests, "
                f"p99 {self.latency.percentile(99):.1f} ms, {100 * self.error_share:.3f} % fail>")

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{html.escape(name)}</td><td style='text-align:right'>{value}</td></tr>"
            for name, value in (
                ("requests", f"{self.generated:,}"),
                ("failed", f"{100 * self.error_share:.3f} %"),
                ("mean", f"{self.latency.mean_ms:.1f} ms"),
                *((f"p{p}", f"{self.latency.percentile(p):.1f} ms") for p in (50, 90, 99)),
            )
        )
        title = html.escape(self.name) + (" (interrupted)" if self.partial else "")
        return (f"<div><b>{title}</b><br>{html.escape(self._core.window)}"
                f"<table>{rows}</table>{html.escape(self.why)}</div>")

    def __reduce__(self) -> tuple[type[Result], tuple[_core.RunResult, SloVerdict | None]]:
        return Result, (self._core, self._slo)
