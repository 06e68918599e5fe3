"""What people do at the desk: Wagtail's admin with the pages of this site."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.journeys.town import until

# Wagtail takes the form as it is two seconds after loading for what was loaded, and sees only later changes as edits.
WATCHING = "document.addEventListener('w-unsaved:watch-edits', () => { document.body.dataset.watched = ''; })"


def wait_for_editor(page: Page) -> None:
    """Wait until the editor of a page notices what is changed; `WATCHING` is a script of all pages."""
    page.wait_for_selector("body[data-watched]")


def wait_for_autosave(page: Page) -> None:
    """Wait until the editor has saved by itself what was changed, eight seconds after the last change.

    Whoever presses a button meanwhile is asked about a newer version "in another window", which is their own.
    """
    expect(page.locator("#w-autosave-indicator:not([data-w-autosave-state-value=saving])")).to_have_count(1)


def choose_way(page: Page, name: str) -> None:
    """One of the buttons on the first page of the desk."""
    page.goto("/admin/")
    with page.expect_navigation():
        page.get_by_role("link", name=name, exact=True).click()


def add_block(page: Page, kind: str) -> Locator:
    """Put a block at the end of the body; returns the place where it is written."""
    body = page.locator("#panel-child-inhalt-body-section")
    blocks = body.locator("[data-streamfield-child]")
    number = blocks.count()
    body.locator(".c-sf-add-button").last.click()
    page.get_by_role("option", name=kind, exact=True).click()
    expect(blocks).to_have_count(number + 1)
    return blocks.last


def open_chooser(page: Page, place: Locator) -> Locator:
    """The window in which a picture is chosen for `place`."""
    place.get_by_role("button", name="Bild auswählen").click()
    modal = page.locator(".modal-body")
    expect(modal.get_by_label("Suchbegriff")).to_be_visible()
    return modal


def upload_picture(page: Page, place: Locator, file: Path, *, words: str, credit: str) -> None:
    """Choose a picture at `place` that is not on the site yet."""
    modal = open_chooser(page, place)
    modal.get_by_role("tab", name="Hochladen").click()
    modal.get_by_label("Datei").set_input_files(file)
    modal.get_by_label("Titel").fill("Werkstattgespräch")
    modal.get_by_label("Alternativtext").fill(words)
    modal.get_by_label("Bildnachweis").fill(credit)
    modal.get_by_label("Einwilligung der Abgebildeten").select_option(label="liegt vor")
    modal.get_by_role("button", name="Hochladen").click()
    expect(modal).to_be_hidden()


def choose_picture(page: Page, place: Locator, title: str) -> None:
    """Choose a picture at `place` that the site has already."""
    modal = open_chooser(page, place)
    pictures = modal.locator("[data-chooser-modal-choice]")
    modal.get_by_label("Suchbegriff").fill(title)
    # What is found takes the place of all pictures, and with them of what somebody clicks on meanwhile.
    expect(pictures).to_have_count(1)
    pictures.click()
    expect(modal).to_be_hidden()


def enter_date(page: Page, field: Locator, words: str, beside: Locator) -> None:
    """Type a date, and click on something beside the calendar that opens under it."""
    calendar = page.locator(".xdsoft_datetimepicker").filter(visible=True)
    field.fill(words)
    # It opens a moment after the field has got the focus, and closes when somebody clicks elsewhere.
    expect(calendar).to_have_count(1)
    beside.click()
    expect(calendar).to_have_count(0)


def add_programme_item(page: Page, title: str, day: str, start: str) -> None:
    """Put an item at the end of the programme of an edition."""
    items = page.locator("#id_programme_items-FORMS > :not(.deleted)")
    number = items.count()
    page.locator("#id_programme_items-ADD").click()
    expect(items).to_have_count(number + 1)
    name = f"#id_programme_items-{number}"
    page.locator(f"{name}-title").fill(title)
    enter_date(page, page.locator(f"{name}-day"), day, page.locator(f"{name}-title"))
    enter_date(page, page.locator(f"{name}-start"), start, page.locator(f"{name}-title"))


def schedule(page: Page, when: datetime.datetime) -> None:
    """Enter in the side panel of the status when the page shall be published."""
    page.get_by_role("button", name="Zeitplan festlegen").click()
    dialog = page.get_by_role("dialog")
    enter_date(page, dialog.locator("[name=go_live_at]"), f"{when:%d.%m.%Y %H:%M}", dialog.get_by_role("heading").first)
    wait_for_autosave(page)
    dialog.get_by_role("button", name="Zeitplan speichern").click()
    expect(dialog).to_be_hidden()


def save_draft(page: Page) -> None:
    wait_for_autosave(page)
    page.get_by_role("button", name="Entwurf speichern").click()
    expect_message(page, "gespeichert")


def hand_in(page: Page) -> None:
    wait_for_autosave(page)
    page.get_by_role("button", name="Zur Freigabe einreichen").click()
    expect_message(page, "eingereicht")


def publish(page: Page) -> None:
    """The button that the foot of the editor keeps in a menu."""
    wait_for_autosave(page)
    page.get_by_role("button", name="Mehr Aktionen").click()
    page.locator("footer").get_by_role("button", name="Veröffentlichen", exact=True).click()
    expect_message(page, "veröffentlicht")


def approve(page: Page, words: str) -> None:
    """Approve the page that is open in the editor; `words` is a regular expression for the button."""
    page.locator("footer").get_by_role("button", name=re.compile(words)).click()


def more(page: Page, name: str) -> None:
    """An action from the menu beside the title of a page."""
    page.get_by_role("button", name="Aktionen").first.click()
    with page.expect_navigation():
        page.get_by_role("link", name=name).click()


def expect_message(page: Page, words: str) -> None:
    expect(page.locator(".messages")).to_contain_text(words)


def reload_until(page: Page, path: str, wanted: Locator) -> None:
    """Load a page again and again until it shows something that a worker brings."""

    def look() -> bool | None:
        page.goto(path)
        return wanted.count() > 0 or None

    until(look, f"{wanted} on {path}")


def drop_files(page: Page, zone: Locator, files: list[Path]) -> None:
    """Drag files from the computer and let them go over `zone`, as the browser itself reports it."""
    zone.scroll_into_view_if_needed()
    box = zone.bounding_box()
    assert box
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    data = {"items": [], "files": [str(file) for file in files], "dragOperationsMask": 1}
    session = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "data": data} | place)
    session.detach()
