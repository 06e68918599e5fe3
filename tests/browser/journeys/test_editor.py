"""The editors: a report, an edition with its documentation, a newsletter. Two people, each with a second factor."""

from __future__ import annotations

import datetime
import io
import re
from pathlib import Path

import pytest
from docx import Document as Letter
from playwright.sync_api import Page, expect
from pptx import Presentation
from pypdf import PdfReader
from pypdfium2 import PdfDocument

from tests.browser.journeys import desk
from tests.browser.journeys.account import NO_FACTOR, enter_code, enter_desk, enter_password, set_up_app
from tests.browser.journeys.town import Town
from tests.pictures import picture

pytestmark = [pytest.mark.chromium, pytest.mark.node]
THE_HOUR_COMES = """
    UPDATE wagtailcore_revision SET approved_go_live_at = '2020-01-01',
        content = json_set(content, '$.go_live_at', '2020-01-01T00:00:00Z')
    WHERE approved_go_live_at NOT NULL
"""
PICTURE = "Muster: Barcamp"
RESULTS = "Die Runde vereinbart eine gemeinsame Liste der Fristen."
REFUSED = "presse@example.org"
TESTER = "robin@example.org"
SUBJECT = "Was im Herbst war"
# An image that came to the site before descriptions were asked for.
UNDESCRIBED = "UPDATE home_siteimage SET description = '' WHERE title = ?"
TITLE = "Werkstattgespräch in Stendal"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "werkstatt.png"
    path.write_bytes(picture(1600, 1000).getvalue())
    return path


def test_report_is_written_with_a_picture_scheduled_and_published(town: Town, begin, photo):
    town.change(NO_FACTOR, "redaktion@example.org")
    walk = begin("editor-report")
    page = walk.page

    enter_password(page, town, "redaktion")
    walk.look("second factor is required")
    secret = set_up_app(page, town, walk.look)
    walk.look("recovery codes")
    page.context.clear_cookies()
    enter_password(page, town, "redaktion")
    walk.look("second factor")
    enter_code(page, secret, "Anmelden")
    page.wait_for_url("**/admin/")
    town.cookies["redaktion"] = page.context.cookies()
    walk.look("desk")

    desk.choose_way(page, "Neuer Bericht")
    walk.look("new report")
    desk.wait_for_editor(page)
    page.locator("#id_title").fill(TITLE)
    page.locator("#id_teaser").fill("Drei Landkreise haben verglichen, wie sie Anträge begleiten.")
    desk.upload_picture(
        page, page.locator("#panel-child-inhalt-bild_uber_dem_bericht-content"), photo,
        words="Sechs Menschen an einem runden Tisch", credit="Foto: Kim Beispiel",
    )  # fmt: skip
    block = desk.add_block(page, "Text")
    block.get_by_role("textbox").click()
    page.keyboard.type("Im Gespräch ging es um Fristen und Formulare.")
    walk.look("written")
    page.locator('[data-side-panel-toggle="preview"]').click()
    expect(page.frame_locator("#w-preview-iframe").get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.frame_locator("#w-preview-iframe").get_by_text("Foto: Kim Beispiel")).to_be_visible()
    walk.look("preview")
    page.locator('[data-side-panel-toggle="status"]').click()
    desk.schedule(page, datetime.datetime.now() + datetime.timedelta(days=1))
    walk.look("scheduled")
    desk.hand_in(page)
    walk.look("handed in")

    chief = begin("editor-approval")
    enter_desk(chief.page, town, "chefredaktion")
    chief.look("desk")
    chief.follow(chief.page.get_by_role("link", name=TITLE).first)
    chief.look("waits for approval")
    desk.approve(chief.page, "^Freigeben und am .* veröffentlichen$")
    desk.expect_message(chief.page, TITLE)
    chief.look("approved")
    chief.page.goto("/admin/")
    expect(chief.page.locator("#geplant-section")).to_contain_text(TITLE)
    chief.look("planned")

    town.change(THE_HOUR_COMES)
    town.ask("home.tasks.publish_scheduled_pages")
    reader = begin("editor-report-published")
    desk.reload_until(reader.page, "/aktuelles/", reader.page.get_by_role("link", name=TITLE))
    reader.follow(reader.page.get_by_role("link", name=TITLE))
    expect(reader.page.get_by_text("Foto: Kim Beispiel")).to_be_visible()
    reader.look("published")


def slides(path: Path, *titles: str) -> Path:
    show = Presentation()
    for title in titles:
        show.slides.add_slide(show.slide_layouts[0]).shapes.title.text = title
    show.save(path)
    return path


def letter(path: Path, *paragraphs: str) -> Path:
    document = Letter()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(path)
    return path


def test_edition_gets_programme_documents_and_documentation(town: Town, begin, tmp_path):
    files = [
        slides(tmp_path / "Anträge begleiten.pptx", "Anträge begleiten", "Was Beratung leisten kann"),
        letter(tmp_path / "Leitfragen.docx", "Wer berät vor dem Antrag, wer danach?"),
        tmp_path / "Ergebnisse.txt",
    ]
    files[2].write_text(RESULTS)
    walk = begin("editor-edition")
    page = walk.page
    enter_desk(page, town, "chefredaktion")

    desk.choose_way(page, "Neue Ausgabe")
    desk.enter_date(page, page.locator("#id_start"), "12.11.2026", page.get_by_role("heading", level=2).last)
    page.locator("#id_place").fill("Stendal")
    walk.look("new edition")
    page.get_by_role("button", name="Entwurf anlegen").click()
    desk.expect_message(page, "ist angelegt")
    walk.look("draft from the last one")
    desk.wait_for_editor(page)
    desk.add_programme_item(page, "Anträge begleiten", "12.11.2026", "13:30")
    desk.add_programme_item(page, "Rundgang durch die Altstadt", "12.11.2026", "17:00")
    walk.look("programme")
    edition = re.search(r"/pages/(\d+)/", page.url)[1]
    desk.publish(page)

    page.goto(f"/admin/pages/{edition}/edit/")
    walk.follow(page.get_by_role("link", name="Dokumente hochladen").last)
    walk.look("upload")
    desk.drop_files(page, page.locator(".drop-zone"), files)
    uploaded = page.locator("#upload-list > li.upload-success")
    expect(uploaded).to_have_count(3)
    walk.look("uploaded")
    for place in uploaded.all():
        place.get_by_label("Wer kommt darin vor?").select_option(label="keine Externen mit Namen, niemand zu erkennen")
        place.get_by_label("Wer darf es sehen?").select_option(label="öffentlich")
    while uploaded.count():
        before = uploaded.count()
        uploaded.first.get_by_role("button", name="Speichern").click()
        expect(uploaded).to_have_count(before - 1)

    page.goto(f"/admin/pages/{edition}/edit/")
    expect(page.locator(".edition-documents li")).to_have_count(3)
    page.goto(f"/admin/archiv/ausgaben/{edition}/dokumentation/")
    walk.look("documentation")
    with town.waiting("pdf"):
        page.get_by_role("button", name=re.compile("Dokumentation erstellen.*öffentlich", re.IGNORECASE)).click()
        expect(page.locator("[data-variant=public] progress")).to_be_visible()
        walk.look("documentation is made")
    made = page.locator("[data-builds]").get_by_role("link", name=re.compile("Fassung 1"))
    expect(made).to_be_visible()
    walk.look("documentation made")
    # The browser shows it, and its bytes are those of the address.
    walk.follow(made)
    content = page.request.get(page.url).body()
    walk.keep("documentation opened", PdfDocument(content)[0].render(scale=1).to_pil())
    pdf = PdfReader(io.BytesIO(content))
    text = "".join(sheet.extract_text() for sheet in pdf.pages)

    assert "Stendal" in text
    assert "Anträge begleiten" in text
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_newsletter_is_mended_tested_released_and_followed(town: Town, begin):
    town.change(UNDESCRIBED, PICTURE)
    town.mail.replies[REFUSED] = "550 5.1.1 No such user"
    walk, chief = begin("editor-newsletter"), begin("editor-release")
    page = walk.page
    enter_desk(page, town, "redaktion")
    enter_desk(chief.page, town, "chefredaktion")
    publish_waiting_report(chief.page)

    desk.choose_way(page, "Newsletter vorbereiten")
    walk.look("what is new")
    walk.follow(page.get_by_role("button", name="Entwurf anlegen"))
    expect(page.locator("#panel-child-inhalt-body-section")).to_contain_text("Kurz berichtet")
    walk.look("draft with what is new")
    desk.wait_for_editor(page)
    page.locator("#id_subject").fill(SUBJECT)
    page.locator("#id_preheader").fill("Berichte und Termine aus dem Herbst.")
    page.locator("#id_intro").fill("Das Jahr geht zu Ende. Hier steht, was war und was kommt.")
    desk.choose_picture(page, desk.add_block(page, "Bild"), PICTURE)
    walk.look("written")
    desk.save_draft(page)
    issue = re.search(r"/pages/(\d+)/", page.url)[1]

    desk.more(page, "Prüfen und versenden …")
    expect(page.get_by_text(f"Dem Bild „{PICTURE}“ fehlt der Alternativtext")).to_be_visible()
    walk.look("stopped by the gate")
    page.goto("/admin/")
    walk.follow(page.locator("#alternativtexte-section").get_by_role("link", name=PICTURE))
    page.get_by_label("Alternativtext").fill("Zwei Kreise, die sich berühren")
    walk.look("image")
    walk.follow(page.get_by_role("button", name="Speichern").first)
    page.goto(f"/admin/newsletter/versenden/{issue}/")
    expect(page.get_by_text("Die Ausgabe ist noch nicht veröffentlicht.")).to_be_visible()
    expect(page.get_by_text("fehlt der Alternativtext")).to_have_count(0)
    page.get_by_label("Testmail an").fill(TESTER)
    walk.look("mended")
    walk.follow(page.get_by_role("button", name="Testmail senden"))
    assert SUBJECT in str(town.letter(TESTER, "[TEST]")["Subject"])
    walk.look("test mail sent")
    page.goto(f"/admin/pages/{issue}/edit/")
    desk.hand_in(page)

    page = chief.page
    page.goto(f"/admin/pages/{issue}/edit/")
    desk.approve(page, "^Freigeben und veröffentlichen$")
    desk.expect_message(page, "gespeichert")
    page.goto(f"/admin/newsletter/versenden/{issue}/")
    expect(page.get_by_text("Nichts steht dem Versand im Weg.")).to_be_visible()
    chief.look("last look")
    progress = page.locator("[data-progress-words]")
    with town.waiting("mail"):
        chief.follow(page.get_by_role("button", name=re.compile("Personen versenden$")))
        expect(progress).to_contain_text("0 %")
        chief.look("sending")
    expect(progress).to_contain_text("100 %")
    expect(page.get_by_role("heading", name="Stand: abgeschlossen")).to_be_visible()
    missing = page.get_by_role("region", name="Wer hat die Mail nicht bekommen?")
    expect(missing).to_contain_text(REFUSED)
    expect(missing).to_contain_text("5.1.1 No such user")
    chief.look("sent")
    chief.follow(page.get_by_role("link", name=re.compile("^Liste öffnen")))
    expect(page.get_by_role("cell", name=REFUSED, exact=True)).to_be_visible()
    chief.look("who did not get it")

    assert town.letter("halle@example.org", SUBJECT)


def publish_waiting_report(page: Page) -> None:
    """The report that the demo keeps as a draft."""
    page.goto("/admin/pages/search/?q=Kurz+berichtet")
    page.get_by_role("link", name="Kurz berichtet", exact=False).first.click()
    desk.wait_for_editor(page)
    desk.publish(page)
