"""The report in a browser: what a reader sees, on a desk, on a phone, in the dark and on paper."""

from __future__ import annotations

import shutil

import pytest

import footfall as ff

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium"),
    pytest.mark.filterwarnings("ignore::footfall.FootfallWarning"),
]


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield made
        made.close()


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return ff.Shop.sample(3_000, seed=2).report(tmp_path_factory.mktemp("browser") / "report.html", language="zh")


@pytest.fixture
def opened(browser, path):
    contexts = []

    def open_page(**options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.said, page.asked = [], []
        page.on("console", lambda message: page.said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(path.as_uri())
        page.wait_for_function("[...document.querySelectorAll('figure.chart')].every(one => one.querySelector('svg'))")
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_every_chart_is_drawn_without_a_network(opened):
    page = opened()
    assert page.said == []
    assert [url for url in page.asked if not url.startswith(("file:", "data:"))] == []
    marks = page.eval_on_selector_all(
        "figure.chart",
        "all => all.map(one => one.querySelectorAll('svg [class*=mark-] path, svg [class*=mark-] text').length)",
    )
    assert len(marks) > 20
    assert all(marks)


def test_a_table_sorts_by_number(opened):
    page = opened()
    column = page.locator("#customers-region thead button").nth(1)
    shown = "[...document.querySelectorAll('#customers-region tbody tr')].map(row => +row.children[1].dataset.value)"
    column.click()
    assert page.evaluate(shown) == sorted(page.evaluate(shown))
    column.click()
    assert page.evaluate(shown) == sorted(page.evaluate(shown), reverse=True)
    assert page.locator("#customers-region th").nth(1).get_attribute("aria-sort") == "descending"


def test_a_number_leads_to_its_cell(opened):
    page = opened()
    link = page.locator("#summary p.says data a").first
    target = link.get_attribute("href")
    link.click()
    assert page.url.endswith(target)
    assert page.locator(f'[id="{target[1:]}"]').inner_text() == link.inner_text()


def test_a_chart_tells_its_values(opened):
    page = opened()
    bar = page.locator("#conversion figure.chart").first.locator("svg [class*=mark-rect] path").first
    bar.scroll_into_view_if_needed()
    bar.hover()
    page.wait_for_selector("#vg-tooltip-element.visible")
    assert any(letter.isdigit() for letter in page.locator("#vg-tooltip-element").inner_text())


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_is_wider_than_its_screen(opened, width):
    page = opened(viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_has_a_dark_side(opened):
    colour = "getComputedStyle(document.body).backgroundColor"
    light, dark = (opened(color_scheme=scheme).evaluate(colour) for scheme in ("light", "dark"))
    assert (light, dark) == ("rgb(255, 255, 255)", "rgb(21, 26, 33)")


def test_it_prints(opened):
    page = opened()
    paper = page.pdf(format="A4")
    assert paper.startswith(b"%PDF")
    page.emulate_media(media="print")
    tall = page.eval_on_selector_all("figure.chart", "all => all.map(one => one.getBoundingClientRect().height)")
    # A chart that is higher than a page would be cut: A4 has 1,123 CSS pixels.
    assert max(tall) < 1_100


def test_everyone_can_read_it(opened):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(opened()).response["violations"]
    serious = [
        (one["id"], one["help"], one["nodes"][0]["html"][:200])
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]
    assert serious == []
