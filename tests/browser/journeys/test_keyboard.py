"""The main ways once more without a mouse: one always sees where one is, and never loses one's place."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.journeys import desk
from tests.browser.journeys.account import code_in_mail, enter_desk
from tests.browser.journeys.town import Town, link_in
from tests.browser.keyboard import Hands

pytestmark = [pytest.mark.chromium, pytest.mark.node]
VISITOR = "tastatur@example.org"
COORDINATOR = "koordination@example.org"
TITLE = "Ohne Maus geschrieben"
# Nobody fills a form in less than three seconds; what does is a robot.
READ = "() => new Promise(done => setTimeout(done, Math.max(0, 3500 - performance.now())))"


def test_visitor_subscribes_and_unsubscribes_by_keyboard(town: Town, begin):
    page = begin("keyboard-visitor").page
    hands = Hands(page)

    page.goto("/newsletter/")
    hands.to("Newsletter bestellen")
    hands.follow()
    hands.to_field("[name=email]")
    hands.write(VISITOR)
    hands.to("Ich möchte den IKOE-Newsletter")
    hands.press("Space")
    hands.to("Newsletter bestellen")
    page.evaluate(READ)
    hands.follow()
    page.goto(link_in(town.letter(VISITOR), "/newsletter/bestaetigen/"))
    hands.to("Ja, Newsletter bestellen")
    hands.follow()
    hands.to("Einstellungen")
    hands.follow()
    hands.to("Newsletter abbestellen")
    hands.follow()
    hands.to("Jetzt abbestellen")
    hands.follow()

    expect(page.get_by_role("heading", level=1)).to_have_text("Sie sind abgemeldet")
    assert hands.unseen == []


def test_coordinator_finds_and_downloads_by_keyboard(town: Town, begin):
    page = begin("keyboard-coordinator").page
    hands = Hands(page)

    page.goto("/konto/login/")
    hands.to("Code per E-Mail anfordern")
    hands.follow()
    hands.to_field("main [type=email]")
    hands.write(COORDINATOR)
    hands.follow()
    hands.to("Code")
    hands.write(code_in_mail(town, COORDINATOR))
    hands.follow()
    hands.to("Zum Archiv")
    hands.follow()
    hands.to("Suchbegriff")
    hands.write("Fördermittel")
    hands.follow()
    hands.to("Folie 1")
    hands.follow()
    hands.to("Weiter")
    hands.follow()
    expect(page.get_by_role("img", name="Folie 2 als Bild")).to_be_visible()
    hands.to("Alle Dokumente dieser Ausgabe (ZIP)")
    with page.expect_download() as download:
        hands.press()

    assert download.value.suggested_filename.endswith(".zip")
    assert hands.unseen == []


def test_editor_writes_a_report_by_keyboard(town: Town, begin):
    page = begin("keyboard-editor").page
    enter_desk(page, town, "redaktion")
    hands = Hands(page)

    hands.to("Neuer Bericht")
    hands.follow()
    desk.wait_for_editor(page)
    hands.to_field("#id_title")
    hands.write(TITLE)
    hands.to_field("#id_teaser")
    hands.write("Mit Tabulator und Eingabetaste.")
    hands.to("Einen Block einfügen")
    hands.press()
    hands.to_field("[role=combobox]")
    hands.write("Text")
    expect(page.get_by_role("option").first).to_have_text("Text")
    hands.press()
    expect(page.locator("#panel-child-inhalt-body-section [data-streamfield-child]")).to_have_count(1)
    hands.must_have_focus()
    hands.to_field("#panel-child-inhalt-body-section .public-DraftEditor-content")
    hands.write("Alles ist erreichbar.")
    hands.to("Zur Freigabe einreichen")
    desk.wait_for_autosave(page)
    hands.follow()

    desk.expect_message(page, TITLE)
    assert hands.unseen == []
