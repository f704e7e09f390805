"""What every Python test may ask for."""

import os
import pathlib
import shutil
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOOLS = ROOT / "build" / "tools"


@pytest.fixture(scope="session")
def root():
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def build():
    """The folder that the tests' programs were built in; LBSIM_BUILD names another."""
    return pathlib.Path(os.environ.get("LBSIM_BUILD", ROOT / "build" / "release"))


@pytest.fixture(scope="session")
def full():
    """True if the long form of a test is wanted: ./test --full."""
    return os.environ.get("LBSIM_FULL") == "1"


@pytest.fixture
def lbsim(build, tmp_path):
    """Runs lbsim in a folder of its own: lbsim("run", path).stdout. Any exit code will do, unless
    the test states one: lbsim("run", path, code=2)."""

    def run(*arguments, code=None, timeout_s=120, **options):
        command = [str(build / "lbsim"), *map(str, arguments)]
        options = {"cwd": tmp_path, "capture_output": True, "text": True, **options}
        done = subprocess.run(command, timeout=timeout_s, **options)
        if code is not None:
            assert done.returncode == code, f"{command}\n{done.stdout}\n{done.stderr}"
        return done

    return run


@pytest.fixture(scope="session")
def daemon():
    """The path of a real balancer's program: daemon("nginx"), haproxy, named, apache2. The
    machine's own if it has one, else the one that ./test unpacked."""

    def find(name):
        places = os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin"
        path = shutil.which(name, path=places) or shutil.which(name, path=str(TOOLS / "bin"))
        assert path, f"{name} is neither installed nor unpacked: run ./test"
        return pathlib.Path(path)

    return find


@pytest.fixture(scope="session")
def daemon_files():
    """The path of a file that comes with a balancer, such as "usr/lib/apache2/modules"."""

    def find(path):
        for top in (pathlib.Path("/"), TOOLS / "unpacked"):
            if (top / path).exists():
                return top / path
        raise AssertionError(f"/{path} is neither installed nor unpacked: run ./test")

    return find
