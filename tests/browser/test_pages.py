"""What holds for every page: no barriers, no cookies, nothing from elsewhere, nothing cut off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.barriers import HEIGHT, VIEWS, barriers, overflow, shown
from tests.browser.conftest import AXE, PAGES, tool

pytestmark = pytest.mark.chromium

# The login form needs a cookie; a missing page is reported by the browser as an error.
VISITOR_PAGES = [name for name in PAGES if name != "login"]
FOUND_PAGES = [name for name in PAGES if name not in ("not-found", "share-link-over")]


@dataclass
class Visit:
    """One page as it was seen: what it asked for, what it set, what the browser said about it; and each view of it."""

    size: int = 0
    cookies: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    barriers: dict[str, list[str]] = field(default_factory=dict)
    overflow: dict[str, list[str]] = field(default_factory=dict)


def visit(browser: Browser, url: str, axe: str) -> Visit:
    """Open a page in a context of its own, scroll through it, and let axe look at every view of it."""
    seen = Visit()
    context = browser.new_context(viewport={"width": VIEWS["light"].width, "height": HEIGHT}, locale="de-DE")
    page = context.new_page()
    page.on("request", lambda request: seen.asked.append(request.url))
    page.on("console", lambda message: seen.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.goto(url, wait_until="load")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    seen.cookies = [cookie["name"] for cookie in context.cookies()]
    seen.size = page.evaluate(
        "performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))"
        ".reduce((sum, entry) => sum + entry.encodedBodySize, 0)"
    )
    for name, view in VIEWS.items():
        with shown(page, view):
            seen.overflow[name] = overflow(page)
            seen.barriers[name] = barriers(page, axe, view.axe) if axe else []
    context.close()
    return seen


Look = Callable[[str], Visit]


@pytest.fixture(scope="module")
def look(demo_site: str, browser: Browser, request: pytest.FixtureRequest) -> Look:
    """What a page (name in PAGES) looks like. Each is visited once; without Node, axe stays at home."""
    axe = request.getfixturevalue("axe") if tool(AXE) else ""
    visits: dict[str, Visit] = {}

    def seen(name: str) -> Visit:
        if name not in visits:
            visits[name] = visit(browser, demo_site + PAGES[name], axe)
        return visits[name]

    return seen


@pytest.fixture
def page(demo_site: str, browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The home page; parametrize indirectly with options of the browser context."""
    context = browser.new_context(**getattr(request, "param", {}))
    page = context.new_page()
    page.goto(demo_site)
    yield page
    context.close()


@pytest.mark.node
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", PAGES)
def test_page_has_no_barrier_that_axe_finds(look, axe, name, view):
    assert look(name).barriers[view] == []


@pytest.mark.parametrize("view", ["narrow", "large"])
@pytest.mark.parametrize("name", PAGES)
def test_page_fits_a_phone_and_holds_text_of_twice_the_size(look, name, view):
    assert look(name).overflow[view] == []


@pytest.mark.parametrize("name", VISITOR_PAGES)
def test_visitor_gets_no_cookie(look, name):
    assert look(name).cookies == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_comes_from_elsewhere(look, demo_site, name):
    assert [url for url in look(name).asked if not url.startswith(f"{demo_site}/")] == []


@pytest.mark.parametrize("name", FOUND_PAGES)
def test_page_keeps_to_its_own_security_policy(look, name):
    assert look(name).complaints == []


def test_text_page_weighs_at_most_100_kilobytes(look):
    assert look("statement").size <= 100_000


@pytest.mark.parametrize(
    "page", [{"viewport": {"width": 320, "height": 600}, "java_script_enabled": False}], indirect=True, ids=["phone"]
)
def test_menu_opens_and_closes_without_script(page):
    menu = page.get_by_role("navigation", name="Hauptmenü")
    assert menu.is_hidden()

    page.get_by_role("button", name="Menü").click()
    opened = menu.is_visible()
    page.keyboard.press("Escape")

    assert opened
    assert menu.is_hidden()


def test_first_tab_stop_leads_to_the_content(page):
    page.keyboard.press("Tab")
    label = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")

    assert label == "Zum Inhalt springen"
    assert page.evaluate("location.hash") == "#inhalt"
