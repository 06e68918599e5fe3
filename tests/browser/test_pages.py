"""What holds for every page: no barriers, no cookies, nothing from elsewhere, nothing cut off."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import PAGES, tool

pytestmark = pytest.mark.chromium

AXE_TAGS = ["wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONTRAST = ["color-contrast", "color-contrast-enhanced"]
LOGIN_PAGES = ("login",)


@dataclass(frozen=True)
class View:
    width: int
    scheme: str
    axe: dict[str, object]


# A theme changes nothing but colours and a width no colours, so each view is asked what only it can answer.
VIEWS = {
    "light": View(1280, "light", {"runOnly": AXE_TAGS}),
    "dark": View(1280, "dark", {"runOnly": CONTRAST}),
    "narrow": View(320, "light", {"runOnly": AXE_TAGS, "rules": {rule: {"enabled": False} for rule in CONTRAST}}),
}


@pytest.fixture(params=VIEWS.values(), ids=VIEWS.keys())
def view(request: pytest.FixtureRequest) -> View:
    return request.param


def open_page(browser: Browser, view: View, url: str, **options: object) -> Page:
    """A page in a context of its own, so that no cookie of another page is sent."""
    context = browser.new_context(
        viewport={"width": view.width, "height": 900}, color_scheme=view.scheme, locale="de-DE", **options
    )
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(url, wait_until="load")
    return page


def describe(violations: list[dict]) -> list[str]:
    return [f"{v['id']}: {node['target']} {node['html'][:120]}" for v in violations for node in v["nodes"]]


@pytest.mark.node
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_page_has_no_barrier_that_axe_finds(demo_site, browser, view, path):
    axe = tool("axe-core/axe.min.js")
    # Only axe itself comes in past the policy; that pages keep to it is tested below.
    page = open_page(browser, view, demo_site + path, bypass_csp=True)
    page.add_script_tag(path=axe)

    violations = page.evaluate("options => axe.run(document, options)", view.axe)["violations"]
    page.context.close()

    assert describe(violations) == []


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_page_fits_a_phone_of_320_pixels(demo_site, browser, path):
    page = open_page(browser, VIEWS["narrow"], demo_site + path)

    width = page.evaluate("document.documentElement.scrollWidth")
    page.context.close()

    assert width == 320


@pytest.mark.parametrize("path", [PAGES[name] for name in PAGES if name not in LOGIN_PAGES])
def test_visitor_gets_no_cookie_and_nothing_from_elsewhere(demo_site, browser, path):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(demo_site + path, wait_until="load")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    cookies = context.cookies()
    context.close()

    assert cookies == []
    assert [url for url in asked if not url.startswith(demo_site + "/")] == []


@pytest.mark.parametrize("path", [PAGES[name] for name in PAGES if name != "not-found"])
def test_page_keeps_to_its_own_security_policy(demo_site, browser, path):
    page = open_page(browser, VIEWS["light"], demo_site + path)

    complaints = page.complaints
    page.context.close()

    assert complaints == []


def test_text_page_weighs_at_most_100_kilobytes(demo_site, browser):
    page = open_page(browser, VIEWS["light"], demo_site + PAGES["statement"])
    page.wait_for_load_state("networkidle")

    sizes = page.evaluate(
        "performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))"
        ".map(entry => [entry.name, entry.encodedBodySize])"
    )
    page.context.close()

    assert sum(size for _name, size in sizes) <= 100_000, sizes


def test_menu_opens_and_closes_without_script(demo_site, browser):
    page = open_page(browser, VIEWS["narrow"], demo_site, java_script_enabled=False)
    menu = page.get_by_role("navigation", name="Hauptmenü")
    assert menu.is_hidden()

    page.get_by_role("button", name="Menü").click()
    opened = menu.is_visible()
    page.keyboard.press("Escape")
    closed = menu.is_hidden()
    page.context.close()

    assert opened and closed


def test_first_tab_stop_leads_to_the_content(demo_site, browser):
    page = open_page(browser, VIEWS["light"], demo_site)

    page.keyboard.press("Tab")
    label = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    target = page.evaluate("location.hash")
    page.context.close()

    assert (label, target) == ("Zum Inhalt springen", "#inhalt")
