"""The HTML report, as a person sees it: in a real browser, from a file, without a network."""

import json
import pathlib
import re
import shutil
import subprocess

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

ROOT = pathlib.Path(__file__).resolve().parents[2]
LBSIM = ROOT / "build/release/lbsim"
SMALL = ["--pv", "3M", "--progress", "never"]
EVIL = "</script><img src=x onerror=\"document.title='hacked'\">"


@pytest.fixture
def page(browser, crash):
    browser.get(crash.as_uri())
    return browser


def painted(browser):
    """For each chart, how many of its pixels are not empty."""
    return browser.execute_script(
        """return [...document.querySelectorAll('.chart')].map(chart =>
             [...chart.querySelectorAll('canvas')].reduce((sum, canvas) => sum +
               canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
                 .data.filter((v, i) => i % 4 == 3 && v > 0).length, 0))"""
    )


def complaints(browser):
    """What the console says, but for Chromium's remarks on the reading of pixels by painted()."""
    lines = browser.get_log("browser")
    return [line for line in lines if "Multiple readback" not in line["message"]]


def test_all_charts_are_drawn_and_the_console_is_silent(page):
    counts = painted(page)
    assert len(counts) == 3, "latency, requests, failures"
    assert min(counts) > 1000
    assert complaints(page) == []


def test_the_page_asks_for_nothing_outside_itself(page, crash):
    assert page.execute_script("return performance.getEntriesByType('resource').length") == 0
    assert not re.search(r"(src|href)=[\"']?(https?:)?//", crash.read_text())


def test_it_says_what_the_program_says(page, crash):
    text = subprocess.run(
        [LBSIM, "run", "scenarios/lvs-dr-director-crash.toml", *SMALL],
        cwd=ROOT,
        capture_output=True,
        text=True,
    ).stdout
    verdict = page.find_element(By.CLASS_NAME, "verdict").text
    assert f"Holds: {verdict.splitlines()[0].removeprefix('Holds ')}" in text
    events = page.find_element(By.CLASS_NAME, "time").text
    assert "vip.1 loses power" in events
    assert "vip.2 takes the virtual address" in events


def test_dragging_zooms_every_chart_and_a_double_click_shows_all_again(page):
    ranges = "return [...document.querySelectorAll('.chart')].map(c => c.innerText)"
    whole = page.execute_script(ranges)
    chart = page.find_element(By.CLASS_NAME, "chart")
    page.execute_script("arguments[0].scrollIntoView({block: 'center'})", chart)
    drag = ActionChains(page).move_to_element_with_offset(chart, -100, 0).click_and_hold()
    drag.move_by_offset(200, 0).release().perform()
    zoomed = page.execute_script(ranges)
    assert all(a != b for a, b in zip(whole, zoomed))
    ActionChains(page).double_click(chart).perform()
    page.implicitly_wait(0)
    assert page.execute_script(ranges) == whole


def test_hovering_shows_the_values(page):
    chart = page.find_element(By.CLASS_NAME, "chart")
    page.execute_script("arguments[0].scrollIntoView({block: 'center'})", chart)
    ActionChains(page).move_to_element(chart).perform()
    legend = page.find_element(By.CLASS_NAME, "legend").text
    assert re.search(r"p50: \d+\.\d ms", legend)
    found = {name: float(ms) for name, ms in re.findall(r"(p\d+): ([\d.]+) ms", legend)}
    assert 20 < found["p50"] < found["p90"] < found["p99"] < 5000


def test_a_table_sorts_by_the_column_that_is_clicked(page):
    nodes = page.find_element(By.CSS_SELECTOR, "td.load").find_element(By.XPATH, "ancestor::table")
    column = [h.text for h in nodes.find_elements(By.TAG_NAME, "th")].index("Requests")
    head = nodes.find_elements(By.TAG_NAME, "th")[column]
    cells = """return [...arguments[0].tBodies[0].rows].map(
        r => Number(r.cells[arguments[1]].innerText.replaceAll(',', '')))"""
    head.click()
    falling = page.execute_script(cells, nodes, column)
    assert falling == sorted(falling, reverse=True) and len(set(falling)) > 10
    head.click()
    assert page.execute_script(cells, nodes, column) == sorted(falling)


def test_it_speaks_chinese_and_knows_the_night(page):
    page.find_element(By.ID, "language").click()
    text = page.find_element(By.ID, "page").text
    assert "达标" in text and "延迟随时间的变化" in text and "断电" in text
    assert "每天 3M 次页面浏览；11:55-12:10，占全天" in text
    assert "Latency" not in text and "of the day" not in text
    colour = "return getComputedStyle(document.body).backgroundColor"
    day = page.execute_script(colour)
    page.find_element(By.ID, "theme").click()
    assert page.execute_script(colour) != day
    assert min(painted(page)) > 1000
    assert complaints(page) == []


def test_every_word_is_there_in_both_languages(page):
    script = (ROOT / "sim/report/words.js").read_text()
    both = page.execute_script(script + "; return [Object.keys(WORDS.en), Object.keys(WORDS.zh)]")
    assert set(both[0]) <= set(both[1])
    used = set()
    for part in ("parts.js", "site_drawing.js", "layout.js"):
        used |= set(re.findall(r"\bsay\(\"(\w+)\"", (ROOT / "sim/report" / part).read_text()))
    assert used <= set(both[0])
    data = page.execute_script("return document.getElementById('data').textContent")
    outcomes = json.loads(data)["outcomes"]
    assert "denied" in outcomes and set(outcomes) <= set(both[0])


def test_every_event_that_the_sources_name_has_chinese_words(page):
    script = (ROOT / "sim/report/words.js").read_text()
    known = set(page.execute_script(script + "; return Object.keys(WORDS.zh)"))
    for source in ("sim/site/faults.cpp", "sim/control/vip.cpp"):
        text = (ROOT / source).read_text()
        named = set(re.findall(r'return "(.+)";', text[: text.index("\n}\n")]))
        assert len(named) >= 3 and named <= known, named - known


def test_on_a_telephone_nothing_is_wider_than_the_screen(page):
    screen = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    page.refresh()
    assert page.execute_script("return [document.documentElement.scrollWidth, innerWidth]") == [
        390,
        390,
    ]
    sizes = """const svg = document.querySelector('svg.site');
        return [svg.getBoundingClientRect().right, Math.min(...[...svg.querySelectorAll('text')]
          .map(text => text.getBoundingClientRect().height))]"""
    right, letters = page.execute_script(sizes)
    assert right <= 390 and letters > 12, "the site is drawn whole, and can be read"
    page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def luminance(colour):
    """WCAG 2.1, relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * p for weight, p in zip((0.2126, 0.7152, 0.0722), linear))


def test_every_line_stands_out_from_its_paper():
    script = (ROOT / "sim/report/parts.js").read_text()
    style = (ROOT / "sim/report/page.css").read_text()
    papers = re.findall(r"--paper: (#\w{6})", style)
    for theme, paper in zip(("light", "dark"), papers):
        [line] = re.findall(rf"^  {theme}: \[(.*)\],$", script, re.MULTILINE)
        colours = re.findall(r"#\w{6}", line)
        assert len(set(colours)) == 8
        for colour in colours:
            high, low = sorted((luminance(colour), luminance(paper)), reverse=True)
            assert (high + 0.05) / (low + 0.05) >= 3, (theme, colour)


def test_the_theme_changes_in_place(page):
    head = page.find_elements(By.CSS_SELECTOR, ".tall th")[0]
    page.execute_script("arguments[0].click(); arguments[0].click()", head)
    order = "return document.querySelector('.tall tbody').innerText"
    before = page.execute_script(order)
    page.find_element(By.ID, "theme").click()
    assert page.execute_script(order) == before, "what was sorted stays sorted"


def test_a_name_that_looks_like_markup_is_shown_as_text(browser, report, tmp_path):
    names = [f"{field}={EVIL}" for field in ("name", "clients.0.name", "servers.groups.0.name")]
    settings = [word for name in names for word in ("--set", name)]
    path = report(tmp_path, "run", "scenarios/nginx.toml", "--duration", "20s", *settings)
    browser.get(path.as_uri())
    assert browser.find_element(By.TAG_NAME, "h1").text == EVIL
    assert EVIL in browser.title
    assert browser.find_elements(By.TAG_NAME, "img") == []
    assert complaints(browser) == []


def test_a_tier_may_have_a_name_that_javascript_knows(browser, report, tmp_path):
    shutil.copytree(ROOT / "scenarios/parts", tmp_path / "parts")
    text = (ROOT / "scenarios/nginx.toml").read_text().replace("proxies", "__proto__")
    (tmp_path / "site.toml").write_text(text)
    browser.get(report(tmp_path, "run", str(tmp_path / "site.toml"), "--duration", "5s").as_uri())
    drawn = browser.find_elements(By.CSS_SELECTOR, "svg.site text")
    assert {"users", "__proto__", "servers", "dns"} <= {text.text for text in drawn}
    assert complaints(browser) == []


def test_a_tier_is_not_taken_for_one_whose_name_begins_as_its_own(browser, report, tmp_path):
    shutil.copytree(ROOT / "scenarios/parts", tmp_path / "parts")
    text = (ROOT / "scenarios/lvs-dr-nginx.toml").read_text()
    (tmp_path / "site.toml").write_text(text.replace("[vip]", "[prox]").replace('"vip"', '"prox"'))
    browser.get(report(tmp_path, "run", str(tmp_path / "site.toml"), "--duration", "5s").as_uri())
    drawn = browser.find_elements(By.CSS_SELECTOR, "svg.site text")
    left = {text.text: text.location["x"] for text in drawn}
    assert left["users"] < left["prox"] < left["proxies"] < left["servers"]


def test_many_events_do_not_push_the_rest_away(browser, report, tmp_path):
    faults = [
        f'[[fault]]\nat = "12:00:{n:02}"\nnode = "servers.{n}"\nkind = "crash"\n'
        for n in range(1, 51)
    ]
    shutil.copytree(ROOT / "scenarios/parts", tmp_path / "parts")
    text = (ROOT / "scenarios/nginx.toml").read_text() + "".join(faults)
    (tmp_path / "site.toml").write_text(text)
    site = [str(tmp_path / "site.toml"), "--window", "12:00-12:02"]
    browser.get(report(tmp_path, "run", *site, code=None).as_uri())
    events = browser.find_element(By.CLASS_NAME, "time")
    assert events.text.count("loses power") == 50
    assert events.find_element(By.XPATH, "..").size["height"] <= 420
    assert complaints(browser) == []


def test_the_numbers_are_those_of_the_json(browser, crash, tmp_path):
    browser.get(crash.as_uri())
    data = json.loads(
        browser.execute_script("return document.getElementById('data').textContent")
    )
    out = tmp_path / "run.json"
    subprocess.run(
        [LBSIM, "run", "scenarios/lvs-dr-director-crash.toml", *SMALL, "--quiet", "--json", out],
        cwd=ROOT,
        check=True,
    )
    assert data["runs"][0]["result"] == json.loads(out.read_text())
    rows = data["runs"][0]["timeline"]["rows"]
    assert len(rows) == 180
    ok = data["runs"][0]["result"]["requests"]["ok"]
    assert sum(row[0] for row in rows) == pytest.approx(ok, rel=0.01)


def test_a_comparison_shows_all_runs_and_opens_each(browser, report, tmp_path):
    path = report(
        tmp_path,
        "compare",
        "scenarios/nginx.toml",
        "scenarios/dns-only.toml",
        *("--duration", "20s", "--replications", "2", "--set", f"name={EVIL}"),
    )
    browser.get(path.as_uri())
    assert len(painted(browser)) == 1
    assert browser.find_element(By.CSS_SELECTOR, "tbody td").text == EVIL
    assert browser.find_elements(By.TAG_NAME, "img") == []
    metrics = browser.find_elements(By.XPATH, "//td[.='p99 latency']")
    assert len(metrics) == 1
    second = browser.find_elements(By.CSS_SELECTOR, "details.run > summary")[1]
    second.click()
    WebDriverWait(browser, 10).until(lambda _: len(painted(browser)) >= 3)
    assert min(painted(browser)) > 1000
    assert complaints(browser) == []
