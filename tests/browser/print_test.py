"""The HTML report on paper."""

import base64
import subprocess

import numpy
import pytest
from selenium.webdriver.common.by import By

PAGE = 703  # CSS pixels between the margins of A4


@pytest.fixture
def sheet(browser, crash):
    """The page as it is laid out for paper, having been dark on the screen."""
    browser.get(crash.as_uri())
    browser.find_element(By.ID, "theme").click()
    paper = {"width": PAGE, "height": 1000, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_script("window.dispatchEvent(new Event('beforeprint'))")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", paper)
    yield browser
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_controls_are_for_the_screen_only(sheet):
    assert sheet.find_elements(By.TAG_NAME, "button")
    for control in sheet.find_elements(By.CSS_SELECTOR, "button, .on-screen"):
        assert not control.is_displayed()


def test_nothing_is_wider_than_the_page(sheet):
    wide = """return [...document.querySelectorAll('.chart, table, svg.site, pre, .tiles')]
        .filter(e => e.getBoundingClientRect().right > innerWidth + 0.5 ||
                     e.scrollWidth > e.clientWidth + 1)
        .map(e => e.className.baseVal || e.className || e.tagName)"""
    assert sheet.execute_script(wide) == []
    wider = "return document.documentElement.scrollWidth"
    assert sheet.execute_script(wider) <= PAGE


def test_paper_is_white_and_the_scenario_is_on_it(sheet):
    colour = "return getComputedStyle(document.body).backgroundColor"
    assert sheet.execute_script(colour) == "rgb(255, 255, 255)"
    assert "vip.sync = false" in sheet.find_element(By.TAG_NAME, "main").text


def pages_of(browser, folder):
    """What is printed, as arrays of colours."""
    printed = browser.execute_cdp_cmd("Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.69})
    (folder / "report.pdf").write_bytes(base64.b64decode(printed["data"]))
    command = ["pdftoppm", "-r", "50", folder / "report.pdf", folder / "page"]
    subprocess.run(command, check=True)
    for file in sorted(folder.glob("page-*.ppm")):
        _, size, _, dots = file.read_bytes().split(b"\n", 3)
        width, height = map(int, size.split())
        yield numpy.frombuffer(dots, numpy.uint8).reshape(height, width, 3)


def test_the_lines_of_the_charts_are_printed(browser, crash, tmp_path):
    browser.get(crash.as_uri())
    browser.find_element(By.ID, "theme").click()
    pages = list(pages_of(browser, tmp_path))
    assert all(page[0, 0].tolist() == [255, 255, 255] for page in pages)
    vivid = [(page.max(axis=2).astype(int) - page.min(axis=2) > 60).any(axis=0) for page in pages]
    across = [columns.mean() for columns in vivid]  # what of the page's width has a line's colour
    assert min(across[:2]) > 0.7 > max(across[2:])
    theme = "return document.documentElement.dataset.theme"
    assert browser.execute_script(theme) == "dark", "the screen is as before"
