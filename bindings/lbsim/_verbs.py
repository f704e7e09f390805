"""Verbs over scenarios that need not be loaded first."""

from __future__ import annotations

import os
from typing import Any

from lbsim import _core
from lbsim._check import Check
from lbsim._scenario import Scenario, Source, load


def load_plugin(file: str | os.PathLike[str]) -> None:
    """Adds the algorithms of a shared object to the catalog, as `--plugin FILE` does;
    CONTRIBUTING.md shows how one is made. A file that is loaded already changes nothing. Workers
    of Dask must load it themselves. Raises ScenarioError if it is no plugin of this version."""
    _core.load_plugin(os.fspath(file))


def check(scenario: Source | Scenario, **options: Any) -> Check:
    """What can be said without simulating: capacity, what limits it, single points of failure,
    forecast. The options are those of Scenario.check."""
    return load(scenario).check(**options)
