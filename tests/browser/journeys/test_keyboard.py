"""The main ways once more without a mouse: one always sees where one is, and never loses one's place."""

from __future__ import annotations

import datetime

import pytest
from playwright.sync_api import expect

from tests.accounts_content import totp
from tests.browser.journeys import desk
from tests.browser.journeys.account import MOST_TRIES, NO_FACTOR, WRONG_CODE, code_in_mail, enter_desk
from tests.browser.journeys.town import Town, link_in
from tests.browser.keyboard import Hands

pytestmark = [pytest.mark.chromium, pytest.mark.node]
VISITOR = "tastatur@example.org"
COORDINATOR = "koordination@example.org"
TITLE = "Ohne Maus geschrieben"
SUBJECT, TESTER = "Ohne Maus verschickt", "probe@example.org"
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


def enter_desk_by_keyboard(hands: Hands, town: Town, role: str) -> None:
    """With the password and a second factor that is set up on the way."""
    page = hands.page
    town.change(NO_FACTOR, f"{role}@example.org")
    page.goto("/admin/")
    hands.to_field("main [type=email]")
    hands.write(f"{role}@example.org")
    hands.to_field("[type=password]")
    hands.write(town.password)
    hands.follow()
    hands.to("App einrichten")
    hands.follow()
    hands.to_field("[type=password]")
    hands.write(town.password)
    hands.follow()
    secret = page.locator("main code").inner_text()
    hands.to("Code")
    # A code holds half a minute, and the next one as long.
    for _try in range(MOST_TRIES):
        hands.press("Control+A")
        hands.write(totp(secret))
        hands.follow()
        if not page.get_by_text(WRONG_CODE).count():
            break
        hands.to("Code")
    expect(page.get_by_role("heading", level=1)).to_have_text("Wiederherstellungscodes")
    town.cookies[role] = page.context.cookies()
    page.goto("/admin/")


def choose_picture_by_keyboard(hands: Hands, title: str) -> None:
    """Open the window with the pictures, find one there and take it; then the focus is on the page again."""
    window = hands.page.locator(".modal-body")
    hands.to("Bild auswählen")
    hands.press()
    expect(window.get_by_label("Suchbegriff")).to_be_visible()
    hands.to("Suchbegriff")
    hands.write(title)
    expect(window.locator("[data-chooser-modal-choice]")).to_have_count(1)
    hands.to_field(".modal-body [data-chooser-modal-choice]")
    hands.press()
    expect(window).to_be_hidden()
    hands.must_have_focus()


def schedule_by_keyboard(hands: Hands, when: datetime.datetime) -> None:
    """Open the panel of the status and its window, enter when, and save, which loads the editor anew."""
    page = hands.page
    dialog = page.get_by_role("dialog")
    hands.to_field('[data-side-panel-toggle="status"]')
    hands.press()
    hands.to("Zeitplan festlegen")
    hands.press()
    expect(dialog).to_be_visible()
    hands.to_field("[role=dialog] [name=go_live_at]")
    hands.write(f"{when:%d.%m.%Y %H:%M}")
    desk.wait_for_autosave(page)
    hands.to("Zeitplan speichern")
    hands.follow()
    desk.expect_message(page, "gespeichert")


def test_editor_writes_and_schedules_a_report_by_keyboard(town: Town, begin):
    page = begin("keyboard-editor").page
    hands = Hands(page)
    enter_desk_by_keyboard(hands, town, "redaktion")

    hands.to("Neuer Bericht")
    hands.follow()
    desk.wait_for_editor(page)
    hands.to_field("#id_title")
    hands.write(TITLE)
    hands.to_field("#id_teaser")
    hands.write("Mit Tabulator und Eingabetaste.")
    choose_picture_by_keyboard(hands, "Muster: Barcamp")
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
    schedule_by_keyboard(hands, datetime.datetime.now() + datetime.timedelta(days=1))
    hands.to("Zur Freigabe einreichen")
    desk.wait_for_autosave(page)
    hands.follow()

    desk.expect_message(page, TITLE)
    assert hands.unseen == []


def test_editor_prepares_and_tests_a_newsletter_by_keyboard(town: Town, begin):
    page = begin("keyboard-newsletter").page
    enter_desk(page, town, "redaktion")
    hands = Hands(page)

    hands.to("Newsletter vorbereiten")
    hands.follow()
    hands.to("Entwurf anlegen")
    hands.follow()
    desk.wait_for_editor(page)
    hands.to_field("#id_subject")
    hands.press("Control+A")
    hands.write(SUBJECT)
    desk.wait_for_autosave(page)
    # The button is below all that is new, which may be two hundred stops.
    hands.follow("Control+S")
    desk.expect_message(page, "gespeichert")
    hands.to_field(page.get_by_role("button", name="Aktionen").first)
    hands.press()
    hands.to("Prüfen und versenden")
    hands.follow()
    expect(page.get_by_text("Die Ausgabe ist noch nicht veröffentlicht.")).to_be_visible()
    hands.to("Testmail an")
    hands.press("Control+A")
    hands.write(TESTER)
    hands.to("Testmail senden")
    hands.follow()

    assert SUBJECT in str(town.letter(TESTER, "[TEST]")["Subject"])
    assert hands.unseen == []
