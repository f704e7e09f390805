"""The package lbsim as it stands in the build tree."""

import os
import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGE = pathlib.Path(os.environ.get("LBSIM_BUILD", ROOT / "build" / "release")) / "python"
sys.path.insert(0, str(PACKAGE))


@pytest.fixture(scope="session")
def package():
    """The folder to put into PYTHONPATH."""
    return PACKAGE


@pytest.fixture(scope="session")
def scenarios():
    return ROOT / "scenarios"


@pytest.fixture(scope="session")
def site(scenarios):
    """A site that takes milliseconds for each second."""
    import lbsim

    return lbsim.load(scenarios / "nginx.toml")


@pytest.fixture(scope="session")
def balanced(scenarios):
    """The same with a balancer of any method: site(method)."""
    import lbsim

    values = lbsim.load(scenarios / "nginx.toml").to_dict()
    proxies = values["proxies"]
    proxies["kind"] = "balancer"
    proxies["maxconn"] = proxies.pop("worker_connections")

    def with_method(method):
        proxies["method"] = method if isinstance(method, str) else method.algorithm
        return lbsim.load(values)

    return with_method


@pytest.fixture
def cli(request):
    """The command line; see the fixture lbsim."""
    return request.getfixturevalue("lbsim")
