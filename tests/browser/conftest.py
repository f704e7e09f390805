"""A browser, and reports to open in it."""

import pathlib
import subprocess

import pytest
from selenium import webdriver

ROOT = pathlib.Path(__file__).resolve().parents[2]
LBSIM = ROOT / "build/release/lbsim"
SMALL = ["--pv", "3M", "--progress", "never"]


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1280,900",
        f"--user-data-dir={tmp_path_factory.mktemp('chromium')}",
    ):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(
        service=webdriver.chrome.service.Service("/usr/bin/chromedriver"), options=options
    )
    yield driver
    driver.quit()


@pytest.fixture(scope="session")
def report():
    """Makes a report: report(folder, verb, arguments...) is its file; code None: any will do."""

    def make(folder, *words, code=0):
        path = folder / "report.html"
        made = subprocess.run(
            [LBSIM, *words, *SMALL, "--report", path], cwd=ROOT, capture_output=True, text=True
        )
        assert code is None or made.returncode == code, made.stderr
        return path

    return make


@pytest.fixture(scope="session")
def crash(report, tmp_path_factory):
    folder = tmp_path_factory.mktemp("crash")
    return report(folder, "run", "scenarios/lvs-dr-director-crash.toml")
