"""The compiled part."""

from collections.abc import Callable
from typing import Any, ClassVar

import numpy
import numpy.typing

version: str

class Latency:
    """A distribution of latencies in logarithmic buckets: percentiles are within relative_error."""

    relative_error: ClassVar[float]
    def percentile(self, percent: float) -> float:
        """In milliseconds; nearest rank, `percent` above 0 and at most 100. 0 when empty."""
    def share_within(self, limit_ms: float) -> float:
        """Share, 0..1, of latencies at or below the limit."""
    def __add__(self, other: Latency) -> Latency:
        """Both distributions as one: of sites or replications."""
    def __len__(self) -> int: ...
    @property
    def mean_ms(self) -> float: ...
    @property
    def max_ms(self) -> float: ...
    @property
    def count(self) -> int: ...
    @property
    def counts(self) -> numpy.typing.NDArray[numpy.uint64]:
        """Requests by bucket: a read-only view of the simulator's memory, no copy."""
    @property
    def buckets_ms(self) -> numpy.typing.NDArray[numpy.float64]:
        """The middle of each bucket of `counts`, in milliseconds."""

class RunResult:
    """What Result shows."""

    scenario: str
    sha256: str
    seed: int
    kernel: str
    simulated_s: float
    partial: bool
    window: str
    notes: list[str]
    wall_s: float
    cpu_s: float
    generated: int
    outcomes: dict[str, int]
    error_share: float
    node_names: list[str]
    verdict: tuple[bool, str, str]
    precise: bool
    @property
    def latency(self) -> Latency: ...
    def minutes(self, node: int) -> numpy.typing.NDArray[Any]: ...
    def to_json(self) -> str: ...
    def summary(self) -> str: ...
    def nodes_csv(self) -> str: ...
    def events_csv(self) -> str: ...
    def windows_csv(self) -> str: ...

class Document:
    """A scenario's values and where each was written."""

    name: str
    @staticmethod
    def load(file: str) -> Document: ...
    @staticmethod
    def of(values: dict[str, Any], name: str, folder: str) -> Document: ...
    def changed(self, settings: list[str]) -> Document: ...
    def facts(self) -> tuple[str, str, int, float]: ...
    def text(self) -> str: ...
    def to_dict(self) -> dict[str, Any]: ...

class Request:
    """A request that wants a server; only during the pick that it is for (RuntimeError later)."""

    @property
    def candidates(self) -> list[int]:
        """Servers that may be picked, in the order of the configuration."""
    def takes(self, server: int) -> bool:
        """Whether the server is one of the candidates."""
    @property
    def now_s(self) -> float:
        """Simulated seconds from the start of the window."""
    @property
    def client(self) -> str:
        """The client's address."""
    @property
    def client_port(self) -> int: ...
    @property
    def target(self) -> str | None:
        """"/a/b?c=d"; None where the request does not have it, as `host` and `cookie`."""
    @property
    def host(self) -> str | None: ...
    @property
    def cookie(self) -> str | None: ...

class Replay:
    """One trace, replayed."""

    id: str
    matched: int
    total: int
    details: list[str]
    passed: bool

def run(
    document: Document,
    request: dict[str, Any],
    progress: Callable[[float, float, int, int], bool] | None,
) -> tuple[RunResult, tuple[bool, float, float, str] | None]: ...
def compare(
    documents: list[Document],
    request: dict[str, Any],
    replications: int,
    precision: str,
    tell: Callable[[float, int], bool],
) -> tuple[str, str, bool, bool]: ...

class Sweep:
    """A sweep on disk: what is to be run, and what has been."""

    def __init__(
        self,
        document: Document,
        request: dict[str, Any],
        vary: list[str],
        replications: int,
        out: str,
        resume: bool,
    ) -> None: ...
    def to_do(self) -> list[int]: ...
    def settings(self, index: int) -> list[str]: ...
    def seed(self, index: int) -> int: ...
    def add(self, index: int, json: str) -> None: ...
    def csv(self) -> str: ...
    def run_here(self, jobs: int, tell: Callable[[float, int], bool]) -> None: ...
    def close(self) -> None: ...
    def __len__(self) -> int: ...

class PlanTexts:
    """An SLO and its windows, ranges of fields, nodes to survive, as the command line has them."""

    def __init__(
        self, slo: str, slo_window: str, over: list[str], survive: list[str]
    ) -> None: ...

def plan(
    documents: list[Document],
    request: dict[str, Any],
    texts: PlanTexts,
    jobs: int,
    tell: Callable[[str], bool],
) -> tuple[str, str]: ...
def ladder(
    documents: list[Document],
    page_views: str,
    settings: list[str],
    texts: PlanTexts,
    tell: Callable[[float, int], bool],
) -> tuple[str, str]: ...
def check(document: Document, request: dict[str, Any]) -> tuple[str, str, str]: ...
def fairness_count(names: list[str]) -> int: ...
def fairness_pass(
    given: dict[str, Any], progress: Callable[[str, int], bool]
) -> tuple[str, str, bool, bool]: ...
def fairness_renew(given: dict[str, Any], progress: Callable[[str, int], bool]) -> str: ...
def conform(paths: list[str]) -> tuple[list[Replay], list[tuple[str, str]]]: ...
def define(
    family: str, name: str, summary: str, parameters: dict[str, str], type: type[Any]
) -> None: ...
def load_plugin(file: str) -> None: ...
def algorithms() -> list[str]:
    """FAMILY/NAME of each, as `lbsim algorithms` lists them."""

def schema() -> str:
    """The JSON Schema of scenarios, as `lbsim schema`."""
