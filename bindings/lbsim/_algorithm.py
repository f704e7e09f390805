"""Algorithms of one's own, as Python classes."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import ClassVar

import numpy
import numpy.typing

from lbsim import _core


class Algorithm:
    """A rule that picks servers. Derive from it, and say what `pick` does::

        class Fewest(lbsim.Algorithm, name="mine/fewest"):
            "the server with the fewest requests for its weight"

            def pick(self, request):
                return min(request.candidates, key=lambda s: self.in_flight[s] / self.weight[s])

    The name is FAMILY/NAME; without one it is "mine/" and the class's name in lower case. From the
    definition on, the name is one of the catalog's: a tier of `kind = "balancer"` takes it as its
    method, `lbsim.fairness` measures it. Scenarios are given the class or its name::

        scenario.run(set={"proxies.method": Fewest})

    Tries, limits, stickiness, bounded load, slow start and priority groups come with the pool
    around the rule, as for the built-in ones. Each pool (each worker of a proxy has one) is an
    object of its own; a scenario that is read makes one, too, to try the parameters.

    What the pool counts are arrays by server, kept up to date while the object lives:

    * `in_flight`: requests that this pool has sent and that are not over
    * `weight`: 0 takes no new requests
    * `serving`: whether the server may be picked at all

    `names` are the servers' names, `parameters` what the scenario says of those that the class
    declares (``parameters={"d": "2"}`` with its defaults), `seed` and `random` (a
    `random.Random`) are the pool's own: draw from `random` and equal seeds give equal runs.

    What a pick costs beside a built-in round robin's, in CPU time of one core (AMD EPYC), for 60
    servers: 0.1 us if it counts and returns, 3 us with one numpy minimum over an array, 10 us
    with the `min` over a list as above. A whole request takes about 1 us without.

    An exception in it ends the run, and is raised from there with its traceback. A class of a name
    that another class had takes its place: cells of notebooks may run again.
    """

    names: list[str]
    in_flight: numpy.typing.NDArray[numpy.uint32]
    weight: numpy.typing.NDArray[numpy.uint32]
    serving: numpy.typing.NDArray[numpy.bool_]
    parameters: Mapping[str, str]
    seed: int
    random: random.Random

    algorithm: ClassVar[str] = ""
    """FAMILY/NAME, of a derived class."""

    def __init_subclass__(
        cls, *, name: str = "", parameters: Mapping[str, str] | None = None
    ) -> None:
        super().__init_subclass__()
        cls.algorithm = name or "mine/" + cls.__name__.lower()
        family, _, own = cls.algorithm.partition("/")
        summary = (cls.__doc__ or cls.__name__).strip().splitlines()[0]
        _core.define(family, own, summary, dict(parameters or {}), cls)

    def _prepare(
        self,
        names: list[str],
        in_flight: numpy.typing.NDArray[numpy.uint32],
        weight: numpy.typing.NDArray[numpy.uint32],
        serving: numpy.typing.NDArray[numpy.bool_],
        parameters: Mapping[str, str],
        seed: int,
    ) -> None:
        """Called before `__init__`, which takes no arguments and may use all of these."""
        self.names = names
        self.in_flight = in_flight
        self.weight = weight
        self.serving = serving
        self.parameters = parameters
        self.seed = seed
        self.random = random.Random(seed)

    def pick(self, request: _core.Request) -> int | None:
        """The server for a request: a number out of `request.candidates`; None if none will do."""
        raise NotImplementedError(f"{type(self).__name__} has no pick()")

    def started(self, server: int, now_s: float) -> None:
        """A request was sent to `server`; `in_flight` counts it."""

    def finished(self, server: int, result: str, took_s: float, now_s: float) -> None:
        """A request at `server` is over. `result`: ok, refused, timeout, reset, server_error,
        cancelled. `took_s`: seconds since it was sent."""

    def changed(self) -> None:
        """A server came, went or has another weight; the arrays say so already."""
