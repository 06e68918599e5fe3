"""The site by keyboard, enlarged, without movement and with the colours of the reader."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.browser.barriers import TOO_WIDE
from tests.browser.keyboard import FOCUS, is_seen, tab_to

pytestmark = pytest.mark.chromium


@pytest.fixture
def open_page(demo_site: str, browser: Browser) -> Iterator:
    """`open_page("/archiv/", viewport=…)` opens a page in a context of its own."""
    contexts = []

    def open_it(path: str, **options) -> Page:
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.goto(demo_site + path)
        return page

    yield open_it
    for context in contexts:
        context.close()


def test_keyboard_alone_leads_from_home_to_a_download(open_page):
    page = open_page("/", viewport={"width": 1280, "height": 900})

    stops = tab_to(page, "/archiv/")
    page.keyboard.press("Enter")
    page.wait_for_url("**/archiv/")
    stops += tab_to(page, "/archiv/1/")
    page.keyboard.press("Enter")
    page.wait_for_url("**/archiv/1/")
    stops += tab_to(page, "/datei/")
    with page.expect_response("**/datei/") as answer:
        page.keyboard.press("Enter")

    assert answer.value.status == 200
    assert [stop for stop in stops if not is_seen(stop)] == []


# 1280 pixels enlarged to 400 % leave 320 by 256 of CSS (WCAG 1.4.10), drawn with four device pixels each.
ENLARGED = {"viewport": {"width": 320, "height": 256}, "device_scale_factor": 4}


@pytest.mark.parametrize(
    "path",
    ["/", "/ideenwerkstatt/", "/ideenwerkstatt/13/", "/archiv/?q=Fördermittel", "/suche/?q=Halle", "/konto/login/"],
)
def test_page_enlarged_to_400_percent_scrolls_in_one_direction(open_page, path):
    page = open_page(path, **ENLARGED)

    assert page.evaluate("document.documentElement.scrollWidth") == 320
    assert page.evaluate(TOO_WIDE) == []


def test_menu_enlarged_to_400_percent_shows_all_its_links(open_page):
    page = open_page("/", **ENLARGED)

    page.get_by_role("button", name="Menü").click()
    links = page.get_by_role("navigation", name="Hauptmenü").get_by_role("link").all()
    for link in links:
        link.scroll_into_view_if_needed()
        # It scrolls in its own time.
        expect(link).to_be_in_viewport(ratio=0.9)
        box = link.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= 320 and 0 <= box["y"] <= 256

    assert len(links) >= 6
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_focus_stays_in_the_open_menu_and_returns_to_its_button(open_page):
    page = open_page("/ideenwerkstatt/13/", **ENLARGED)

    page.get_by_role("button", name="Menü").focus()
    page.keyboard.press("Enter")
    stops = [page.evaluate(FOCUS)]
    for _ in range(16):
        page.keyboard.press("Tab")
        stops.append(page.evaluate(FOCUS))
    page.keyboard.press("Tab")
    inside = page.evaluate("Boolean(document.activeElement.closest('#menue:popover-open'))")
    page.keyboard.press("Escape")

    # None is the browser itself, where the focus goes before it starts again.
    assert stops[0]["text"] == "Schließen"
    assert [stop for stop in stops if stop and not (stop["inside"] and stop["visible"])] == []
    assert inside
    assert page.evaluate(FOCUS)["text"] == "Menü"


# Words as German has them, in every place where an editor may write one.
LONG_WORDS = """() => document.querySelectorAll('main :is(h1, h2, h3, h4, h5, p, dd, li, figcaption, .title a)')
    .forEach(element => { if (!element.children.length && element.textContent.trim() && !element.closest('.num, .vh'))
        element.textContent = 'Arbeitsmarktintegrationsmaßnahmenkoordinierungsstellenleitung'; })"""


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("path", ["/", "/aktuelles/", "/ideenwerkstatt/", "/ideenwerkstatt/13/", "/termine/"])
def test_long_words_do_not_widen_a_page(open_page, path, width):
    page = open_page(path, viewport={"width": width, "height": 900})

    page.evaluate(LONG_WORDS)

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(TOO_WIDE) == []


def test_nothing_moves_for_readers_who_want_no_movement(open_page):
    page = open_page("/", reduced_motion="reduce")

    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter(element => {"
        "  const style = getComputedStyle(element);"
        "  return [style.transitionDuration, style.animationDuration].join().split(',')"
        "      .some(time => parseFloat(time) > 0.01);"
        "}).map(element => element.outerHTML.slice(0, 80))"
    )

    assert moving == []
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_focus_buttons_and_map_stay_visible_in_forced_colours(open_page):
    page = open_page("/ideenwerkstatt/13/", forced_colors="active", viewport={"width": 1280, "height": 900})

    button = page.locator("a.btn, button.btn").first
    border = button.evaluate("element => getComputedStyle(element).borderTopStyle")
    page.keyboard.press("Tab")
    focus = page.evaluate(FOCUS)
    invisible = page.locator("svg a :is(rect, circle)").evaluate_all(
        "shapes => shapes.map(shape => getComputedStyle(shape))"
        ".filter(style => style.fill === 'none' && style.stroke === 'none').length"
    )

    assert border == "solid"
    assert focus["outlined"]
    assert invisible == 0


def test_forced_colours_keep_menu_numeral_and_signs_readable(open_page):
    page = open_page("/ideenwerkstatt/13/", forced_colors="active", viewport={"width": 1280, "height": 900})
    colour = "(element, name) => getComputedStyle(element)[name]"

    canvas = page.locator("body").evaluate(colour, "backgroundColor")
    bars = {edge: page.locator(".nav a").first.evaluate(colour, f"border{edge}Color") for edge in ("Top", "Bottom")}
    # Without a backplate the huge numeral hides nothing around it.
    adjusted = page.locator(".numeral").evaluate(colour, "forcedColorAdjust")
    signs = page.evaluate(
        "['', 'in', 'host'].map(presence => {"
        "  const sign = document.createElement('span'); sign.className = `sym ${presence}`;"
        "  document.querySelector('.key').append(sign); return getComputedStyle(sign).backgroundColor; })"
    )

    assert bars == {"Top": canvas, "Bottom": canvas}
    assert adjusted == "none"
    assert len(set(signs)) == 3


def sheets(page: Page) -> list[str]:
    """The text of every sheet that a page takes when it is printed."""
    return [sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages]


def test_print_leaves_out_the_ways_around(open_page):
    report = sheets(open_page("/aktuelles/ideenwerkstatt-13-halle/"))

    assert len(report) == 2
    assert "Startseite" not in report[0] and "Impressum" not in report[-1]
    assert "Kofinanziert" in report[-1]


def test_matrix_is_printed_in_one_piece(open_page):
    chronicle = sheets(open_page("/ideenwerkstatt/"))

    matrix = next(text for text in chronicle if "Wer eingeladen hat" in text)
    assert "Altmarkkreis Salzwedel" in matrix and "Wittenberg" in matrix
