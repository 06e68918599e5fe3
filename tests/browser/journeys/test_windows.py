"""The windows of the desk in which pictures, pages, people and documents are chosen, looked at while they are open."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.journeys import desk
from tests.browser.journeys.account import enter_desk
from tests.browser.journeys.town import Town
from tests.browser.journeys.walking import Walk

pytestmark = [pytest.mark.chromium, pytest.mark.node]
EDITION = "SELECT page_ptr_id FROM home_editionpage JOIN wagtailcore_page ON id = page_ptr_id WHERE slug = '13'"


def look_into(walk: Walk, button: Locator, heading: str, tab: str = "") -> None:
    """Open a window, look at it, at its tab for what is new if it has one, and close it."""
    button.click()
    window = walk.page.get_by_role("dialog", name=heading)
    expect(window).to_be_visible()
    walk.look(heading)
    if tab:
        window.get_by_role("tab", name=tab).click()
        expect(window.get_by_label("Titel")).to_be_visible()
        walk.look(f"{heading} {tab}")
    window.get_by_role("button", name="Schließen").click()
    expect(walk.page.locator(".modal")).to_have_count(0)


def test_windows_to_choose_from_have_no_barrier(town: Town, begin):
    walk = begin("editor-windows")
    page = walk.page
    enter_desk(page, town, "redaktion")

    page.goto(f"/admin/pages/{town.read(EDITION)[0][0]}/edit/")
    desk.wait_for_editor(page)
    look_into(walk, page.locator("#id_photos-OPEN_MODAL"), "Bild auswählen")
    desk.choose_way(page, "Neuer Bericht")
    desk.wait_for_editor(page)
    look_into(walk, page.get_by_role("button", name="Bild auswählen"), "Bild auswählen", "Hochladen")
    look_into(walk, page.get_by_role("button", name="Seite auswählen (Ausgabe)"), "Auswählen Ausgabe")
    look_into(walk, page.get_by_role("button", name="Person auswählen"), "Auswählen Person")
    page.locator("#panel-child-inhalt-body-section .c-sf-add-button").last.click()
    page.get_by_role("option", name="Dokumente", exact=True).click()
    look_into(walk, page.get_by_role("button", name="Dokument auswählen"), "Dokument auswählen")
