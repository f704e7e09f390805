"""What can be said of a site without simulating it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lbsim._answer import Answer

if TYPE_CHECKING:
    import pandas  # type: ignore[import]


class Check(Answer):
    """Capacity, bottlenecks, single points of failure, forecast; prints as `lbsim check`."""

    def __init__(self, text: str, content: str, drawing: str) -> None:
        super().__init__(content, text)
        self._dot = drawing

    def to_dot(self) -> str:
        """The network, for Graphviz; the same bytes as `lbsim check --dot`."""
        return self._dot

    @property
    def capacity_rps(self) -> float:
        """Requests per second that the site takes, spread ideally."""
        return float(self.to_dict()["capacity_rps"])

    @property
    def min_cut(self) -> list[str]:
        """The machines and links that limit it."""
        return list(self.to_dict()["min_cut"])

    @property
    def single_points_of_failure(self) -> list[str]:
        return list(self.to_dict()["single_points_of_failure"])

    @property
    def forecast(self) -> pandas.DataFrame:
        """A row for each machine: node, utilization_peak (0..1, in the busiest minute), ..."""
        import pandas

        return pandas.DataFrame(self.to_dict()["forecast"])

    def __repr__(self) -> str:
        return f"<lbsim.Check: {self.capacity_rps:.0f} requests/s by {', '.join(self.min_cut)}>"
