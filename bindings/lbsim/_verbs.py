"""Verbs over scenarios that need not be loaded first."""

from __future__ import annotations

from typing import Any

from lbsim._check import Check
from lbsim._scenario import Scenario, Source, load


def check(scenario: Source | Scenario, **options: Any) -> Check:
    """What can be said without simulating: capacity, what limits it, single points of failure,
    forecast. The options are those of Scenario.check."""
    return load(scenario).check(**options)
