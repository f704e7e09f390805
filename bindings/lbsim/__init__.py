"""lbsim: a simulator of network load balancing.

    import lbsim

    site = lbsim.load("scenarios/lvs-dr-nginx.toml")
    result = site.run(pv="100M", duration="2m")
    result.latency.percentile(99)      # milliseconds
    result.nodes                       # a pandas frame

Every verb is the command line's: the same numbers, the same errors (`ScenarioError`).
"""

from lbsim._algorithm import Algorithm
from lbsim._check import Check
from lbsim._core import Latency, Replay, Request, RunResult, algorithms, schema
from lbsim._core import version as __version__
from lbsim._errors import Mistake, ScenarioError
from lbsim._gate import Conformance, Fairness, conform, fairness, fairness_baseline
from lbsim._many import Comparison, Sweep, compare, sweep
from lbsim._plan import Ladder, Plan, ladder, plan
from lbsim._result import Result, SloVerdict
from lbsim._scenario import Scenario, load
from lbsim._verbs import check, load_plugin

__all__ = [
    "Algorithm",
    "Check",
    "Comparison",
    "Conformance",
    "Fairness",
    "Ladder",
    "Latency",
    "Mistake",
    "Plan",
    "Replay",
    "Request",
    "Result",
    "RunResult",
    "Scenario",
    "ScenarioError",
    "SloVerdict",
    "Sweep",
    "__version__",
    "algorithms",
    "check",
    "compare",
    "conform",
    "fairness",
    "fairness_baseline",
    "ladder",
    "load",
    "load_plugin",
    "plan",
    "schema",
    "sweep",
]
