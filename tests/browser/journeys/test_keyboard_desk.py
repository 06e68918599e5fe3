"""The desk without a mouse: an edition with its documents and their documentation, and a newsletter on its way."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.journeys import desk
from tests.browser.journeys.account import enter_desk
from tests.browser.journeys.town import Town
from tests.browser.keyboard import Hands

pytestmark = [pytest.mark.chromium, pytest.mark.node]
PLACE, ITEM = "Zeitz", "Was auf dem Markt besprochen wird"
REPORT = "Die Runde trifft sich im Frühjahr wieder."
SUBJECT, REFUSED = "Ohne Maus freigegeben", "sprachcafe@example.org"
NOBODY, PUBLIC = "keine Externen mit Namen, niemand zu erkennen", "öffentlich"


def begin_edition(hands: Hands) -> str:
    """From the first page of the desk to the draft of a new edition; returns its title."""
    page = hands.page
    hands.to("Neue Ausgabe")
    hands.follow()
    hands.to_field("#id_start")
    hands.write("13.05.2027")
    hands.to_field("#id_place")
    hands.write(PLACE)
    hands.to("Entwurf anlegen")
    hands.follow()
    desk.expect_message(page, "ist angelegt")
    desk.wait_for_editor(page)
    return page.locator("#id_title").input_value()


def add_programme_item(hands: Hands) -> None:
    """Put an item at the end of the programme."""
    items = hands.page.locator("#id_programme_items-FORMS > :not(.deleted)")
    number = items.count()
    hands.to_field("#id_programme_items-ADD")
    hands.press()
    expect(items).to_have_count(number + 1)
    hands.to_field(f"#id_programme_items-{number}-title")
    hands.write(ITEM)
    # None of those that belong to the dates on the way.
    expect(hands.page.locator(".xdsoft_datetimepicker").filter(visible=True)).to_have_count(0)


def open_page(hands: Hands, title: str) -> None:
    """The editor of a page that is named on this one."""
    hands.to(title)
    hands.follow()
    desk.wait_for_editor(hands.page)


def publish(hands: Hands) -> None:
    """From the top of the editor to the menu in the bar at its foot, which is nearer when one goes backwards."""
    desk.wait_for_autosave(hands.page)
    hands.back_to("Mehr Aktionen")
    hands.press()
    hands.to("Veröffentlichen")
    hands.follow()
    desk.expect_message(hands.page, "veröffentlicht")


def forget_the_title(hands: Hands) -> None:
    """Save an uploaded file without a title: the form comes back, and one is where it is wrong."""
    hands.to("Titel")
    hands.press("Control+A")
    hands.press("Delete")
    hands.to("Speichern")
    hands.press()
    expect(hands.page.locator("#upload-list [aria-invalid=true]")).to_be_focused()
    hands.write("Nachgetragener Titel")


def upload(hands: Hands, files: list[Path]) -> None:
    """Choose the files on the page of the upload, say of each who may see it, and save it."""
    page = hands.page
    uploaded = page.locator("#upload-list > .upload-success")
    hands.to("Oder Dateien auswählen")
    hands.choose_files(files)
    expect(page.get_by_role("status").filter(has_text=f"Hochgeladen: {len(files)}.")).to_have_count(1)
    forget_the_title(hands)
    while left := uploaded.count():
        hands.to("Wer kommt darin vor?")
        hands.choose(NOBODY)
        hands.to("Wer darf es sehen?")
        hands.choose(PUBLIC)
        hands.to("Speichern")
        hands.press()
        expect(uploaded).to_have_count(left - 1)
        hands.must_have_focus()


def build_documentation(hands: Hands) -> str:
    """Have it made on its page; returns the address of what was made."""
    made = hands.page.locator("[data-builds]").get_by_role("link", name="Fassung 1")
    hands.to("Dokumentation erstellen: öffentlich")
    hands.follow()
    expect(made).to_be_visible()
    return str(made.get_attribute("href"))


def build_again(hands: Hands, town: Town) -> None:
    """The same once more; who reads on meanwhile keeps the place, though what is around it is exchanged."""
    public = hands.page.locator("[data-variant=public]")
    document = public.get_by_role("link").first
    hands.to("Neu erstellen: öffentlich")
    with town.waiting("pdf"):
        hands.follow()
        expect(public.locator("progress")).to_be_visible()
        hands.to_field(document)
    expect(public.get_by_role("button", name="Neu erstellen")).to_be_visible()
    expect(document).to_be_focused()


def test_chief_editor_makes_an_edition_with_its_documentation_by_keyboard(town: Town, begin, tmp_path):
    page = begin("keyboard-edition").page
    enter_desk(page, town, "chefredaktion")
    hands = Hands(page)
    files = [tmp_path / "Ergebnisse.txt", tmp_path / "Leitfragen.txt"]
    for file in files:
        file.write_text(f"{file.stem}: {REPORT}")

    title = begin_edition(hands)
    add_programme_item(hands)
    publish(hands)
    open_page(hands, title)
    hands.to("Dokumente hochladen")
    hands.follow()
    upload(hands, files)
    hands.back_to("Zurück zur Ausgabe")
    hands.follow()
    expect(page.locator(".edition-documents li")).to_have_count(2)
    hands.to_field(page.get_by_role("button", name="Aktionen").first)
    hands.press()
    hands.to("Dokumentation")
    hands.follow()
    made = build_documentation(hands)
    build_again(hands, town)
    hands.to("Fassung 1")
    hands.follow()
    pdf = PdfReader(io.BytesIO(page.request.get(page.url).body()))

    assert page.url.endswith(made)
    assert ITEM in "".join(sheet.extract_text() for sheet in pdf.pages)
    assert hands.unseen == []


def hand_in_newsletter(page: Page) -> str:
    """By whoever writes it, with a mouse; returns its title."""
    desk.choose_way(page, "Newsletter vorbereiten")
    with page.expect_navigation():
        page.get_by_role("button", name="Entwurf anlegen").click()
    desk.wait_for_editor(page)
    page.locator("#id_subject").fill(SUBJECT)
    desk.save_draft(page)
    title = page.locator("#id_title").input_value()
    desk.wait_for_editor(page)
    desk.hand_in(page)
    return title


def test_chief_editor_releases_a_newsletter_by_keyboard(town: Town, begin):
    # Whatever became of the pictures in another walk: this one is not about them.
    town.change("UPDATE home_siteimage SET description = title WHERE description = ''")
    town.mail.replies[REFUSED] = "550 5.1.1 No such user"
    editor, page = begin("keyboard-handing-in").page, begin("keyboard-release").page
    enter_desk(editor, town, "redaktion")
    title = hand_in_newsletter(editor)
    enter_desk(page, town, "chefredaktion")
    hands = Hands(page)

    open_page(hands, title)
    hands.back_to("Freigeben und veröffentlichen")
    hands.follow()
    desk.expect_message(page, "gespeichert")
    open_page(hands, title)
    hands.to_field(page.get_by_role("button", name="Aktionen").first)
    hands.press()
    hands.to("Prüfen und versenden")
    hands.follow()
    expect(page.get_by_text("Nichts steht dem Versand im Weg.")).to_be_visible()
    hands.to_field(page.get_by_role("button", name=re.compile("Personen versenden$")))
    with town.waiting("mail"):
        hands.follow()
        hands.to("Anhalten")
    expect(page.get_by_role("heading", name="Stand: abgeschlossen")).to_be_focused()
    expect(page.locator("[data-progress-words]")).to_contain_text("100 %")
    expect(page.get_by_role("status").filter(has_text="abgeschlossen")).to_contain_text("100 %")
    hands.to("Liste öffnen")
    hands.follow()
    hands.to(REFUSED)

    assert town.letter("bibliothek@example.org", SUBJECT)
    assert hands.unseen == []
