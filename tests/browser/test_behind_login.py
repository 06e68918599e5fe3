"""The pages that need a login, and a share link that is good: no barriers, nothing cut off on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.barriers import DESK_TAGS, SETTLED, VIEWS, barriers, overflow, shown

pytestmark = [pytest.mark.chromium, pytest.mark.node]

# The steering group reads what others read after their login, without Wagtail's bar for editors on top.
PAGES = {
    "account": "/konto/",
    "second-factor": "/konto/2fa/",
    "sessions": "/konto/sessions/",
    "new-password": "/konto/password/change/",
    "archive": "/archiv/",
    "resolutions": "/archiv/beschluesse/?stand=alle",
    "protocol": "/archiv/6/",
    "protocol-in-review": "/archiv/7/",
    "review": "/archiv/7/abstimmung/",
}
DESK_PAGES = {
    "protocol": "/admin/archiv/6/protokoll/",
    "versions": "/admin/archiv/6/fassungen/",
    "consents": "/admin/archiv/1/einwilligungen/",
    "resolutions": "/admin/archiv/beschluesse/",
    "upload": "/admin/documents/multiple/add/",
    "upload-of-pictures": "/admin/images/multiple/add/",
}
EDITOR = "/admin/pages/3/edit/"
SHARING = "/admin/archiv/6/freigaben/"


@pytest.fixture(scope="module")
def log_in(demo_site: str, demo_password: str, browser: Browser) -> Iterator[Callable[[str], Page]]:
    """`log_in("steuerungsgruppe")`: a page of a browser in which that account of the demo is logged in."""
    contexts = []

    def logged_in(role: str) -> Page:
        contexts.append(browser.new_context(locale="de-DE"))
        page = contexts[-1].new_page()
        page.goto(f"{demo_site}/konto/login/")
        page.locator("[name=login]").fill(f"{role}@example.org")
        page.locator("[name=password]").fill(demo_password)
        page.locator("[name=password]").press("Enter")
        page.wait_for_url("**/konto/")
        return page

    yield logged_in
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def reader(log_in: Callable[[str], Page]) -> Page:
    return log_in("steuerungsgruppe")


@pytest.fixture(scope="module")
def desk(log_in: Callable[[str], Page]) -> Page:
    page = log_in("chefredaktion")
    page.set_viewport_size({"width": 1280, "height": 900})
    return page


def barriers_in_every_view(page: Page, axe: str) -> dict[str, list[str]]:
    """What axe finds on the page that is open, by view; the page is loaded once."""
    found = {}
    for name, view in VIEWS.items():
        with shown(page, view):
            found[name] = barriers(page, axe, view.axe) + overflow(page)
    return {name: barriers for name, barriers in found.items() if barriers}


@pytest.mark.parametrize("name", PAGES)
def test_page_behind_the_login_has_no_barrier(reader, axe, demo_site, name):
    answer = reader.goto(demo_site + PAGES[name])

    assert answer.status == 200
    assert barriers_in_every_view(reader, axe) == {}


@pytest.mark.parametrize("name", DESK_PAGES)
def test_page_of_the_desk_has_no_barrier(desk, axe, demo_site, name):
    answer = desk.goto(demo_site + DESK_PAGES[name])

    assert answer.status == 200
    assert barriers(desk, axe, {"runOnly": DESK_TAGS}) == []


def test_shared_document_has_no_barrier(desk, reader, axe, demo_site):
    desk.goto(demo_site + SHARING)
    desk.get_by_role("button", name="Link erstellen").click()
    link = desk.get_by_label("Link zum Kopieren").input_value()
    on_the_desk = barriers(desk, axe, {"runOnly": DESK_TAGS})

    answer = reader.goto(link)

    assert on_the_desk == []
    assert answer.status == 200
    assert barriers_in_every_view(reader, axe) == {}


# What the editor is told when its draft could not be saved.
TOLD = "Die Verbindung zur Website ist unterbrochen. Bitte prüfen Sie sie, bevor Sie weiterschreiben."
TELL = "text => document.dispatchEvent(new CustomEvent('w-autosave:error', {detail: {text, type: 'network_error'}}))"


def test_what_the_editor_is_told_is_not_hidden_by_the_open_side_panel(desk, demo_site):
    desk.goto(demo_site + EDITOR)
    desk.locator('[data-side-panel-toggle="status"]').click()

    desk.evaluate(TELL, TOLD)
    told = desk.locator("footer").get_by_text(TOLD)
    expect(told).to_be_in_viewport(ratio=1)
    desk.evaluate(SETTLED)
    panel = desk.locator(".form-side--open").bounding_box()

    for box in (told.bounding_box(), desk.locator("footer nav").bounding_box()):
        assert box["x"] + box["width"] <= panel["x"]
        assert box["y"] + box["height"] <= 900


# Whether the last part of a form is in the window before and right after a script has led there.
LEAD = """() => {
    const last = [...document.querySelectorAll('[data-panel]')].filter(panel => panel.checkVisibility()).at(-1);
    const is_here = () => last.getBoundingClientRect().top < innerHeight;
    const before = is_here();
    last.scrollIntoView({behavior: 'smooth'});
    return [before, is_here()];
}"""


def test_desk_does_not_glide_for_those_who_ask_for_less_movement(desk, demo_site):
    desk.emulate_media(reduced_motion="reduce")
    desk.goto(demo_site + EDITOR)

    led = desk.evaluate(LEAD)
    desk.emulate_media(reduced_motion="no-preference")

    assert led == [False, True]
