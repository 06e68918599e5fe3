"""The desk of the editors for the manual: each function brings a page into the state that is to be shown."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from docx import Document as Word
from playwright.sync_api import Browser, BrowserContext, Page
from pptx import Presentation

from tests.browser.demo_site import ROOT, DemoSite
from tests.mail_server import MailServer, start_mail_server
from tests.pictures import picture

ISSUE = "2025-1"
READERS = 400
# Longer than lists and newsletter show.
TEASER = (
    "Wie bleibt Beratung erreichbar, wenn der nächste Bus erst in zwei Stunden fährt? In Stendal haben vierzehn "
    "Stellen einen Nachmittag lang zusammengetragen, was vor Ort hilft: feste Sprechzeiten im Dorfladen, ein "
    "gemeinsamer Kalender und Menschen, die beides kennen."
)
# How long the mail server thinks about a mail, in seconds: long enough to look at the mailing.
THINKING = 0.2


class Desk:
    """The desk of a demo site, with a login for each role."""

    def __init__(self, browser: Browser, site: DemoSite, directory: Path) -> None:
        self.site, self.directory = site, directory
        self._browser = browser
        self._contexts: dict[str, BrowserContext] = {}

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_error: object) -> None:
        for context in self._contexts.values():
            context.close()

    def open(self, role: str, path: str = "/admin/") -> Page:
        """A page of the admin for this role of the demo."""
        if role not in self._contexts:
            self._contexts[role] = self._log_in(role)
        page = self._contexts[role].new_page()
        page.goto(self.site.url + path, wait_until="networkidle")
        return page

    def page_id(self, slug: str, page_type: str) -> int:
        """The id of a page in German, by Wagtail's own interface for its choosers."""
        page = self.open("chefredaktion", f"/admin/api/main/pages/?type={page_type}&slug={slug}&fields=_,id")
        found = page.evaluate("JSON.parse(document.body.innerText).items[0].id")
        page.close()
        return int(found)

    def _log_in(self, role: str) -> BrowserContext:
        context = self._browser.new_context(
            viewport={"width": 1280, "height": 800}, locale="de-DE", color_scheme="light"
        )
        page = context.new_page()
        page.goto(f"{self.site.url}/konto/login/")
        page.locator("[name=login]").fill(f"{role}@example.org")
        page.locator("[name=password]").fill((self.directory / "demo" / "password").read_text().strip())
        page.locator("[name=password]").press("Enter")
        page.wait_for_url("**/konto/")
        page.close()
        return context


def start(desk: Desk) -> Page:
    return desk.open("redaktion")


def report(desk: Desk) -> Page:
    """A report that somebody is writing, with the checks beside it."""
    page = desk.open("redaktion")
    page.get_by_role("link", name="Neuer Bericht").click()
    page.wait_for_load_state("networkidle")
    page.locator("#id_title").fill("Ideencafé in Stendal")
    page.locator("#id_teaser").fill(TEASER)
    page.click('[data-side-panel-toggle="checks"]')
    page.wait_for_timeout(4000)
    return page


def new_edition(desk: Desk) -> Page:
    page = desk.open("redaktion")
    page.get_by_role("link", name="Neue Ausgabe").click()
    page.wait_for_load_state("networkidle")
    page.get_by_label("Ort").fill("Stendal")
    page.locator("[name=host]").select_option(label="Stendal")
    return page


def uploads(desk: Desk) -> Page:
    """Three files for an edition, just taken."""
    edition = desk.page_id("13", "home.EditionPage")
    page = desk.open("redaktion", f"/admin/documents/multiple/add/?edition={edition}")
    page.locator("#fileupload").set_input_files(
        [
            {"name": "Sprachmittlung in der Kommune.pptx", "mimeType": "", "buffer": _slides()},
            {"name": "Ergebnisse der Tischgespräche.docx", "mimeType": "", "buffer": _paper()},
            {"name": "Marktplatz der Projekte.png", "mimeType": "", "buffer": picture(1600, 900).read()},
        ]
    )
    page.wait_for_timeout(4000)
    return page


def documentation(desk: Desk) -> Page:
    edition = desk.page_id("13", "home.EditionPage")
    return desk.open("chefredaktion", f"/admin/archiv/ausgaben/{edition}/dokumentation/")


def gate(desk: Desk) -> Page:
    """A new issue that cannot be sent yet."""
    page = desk.open("redaktion")
    page.get_by_role("link", name="Newsletter vorbereiten").click()
    page.get_by_role("button", name="Entwurf anlegen").click()
    page.wait_for_load_state("networkidle")
    issue = page.url.rstrip("/").split("/")[-2]
    page.goto(f"{desk.site.url}/admin/newsletter/versenden/{issue}/")
    return page


def invitation(desk: Desk) -> Page:
    page = desk.open("redaktion", "/admin/zugaenge/einladen/")
    page.get_by_label("E-Mail-Adresse").fill("mika.beispiel@example.org")
    page.get_by_label("Vor- und Nachname").fill("Mika Beispiel")
    page.locator("[name=office]").select_option(label="Landkreis Stendal")
    return page


PICTURES: dict[str, Callable[[Desk], Page]] = {
    "redaktion-start": start,
    "redaktion-bericht": report,
    "redaktion-ausgabe": new_edition,
    "redaktion-dokumente": uploads,
    "redaktion-dokumentation": documentation,
    "redaktion-pruefung": gate,
    "redaktion-einladung": invitation,
}


class ThoughtfulServer(MailServer):
    """A mail server that takes its time."""

    async def handle_DATA(self, *arguments: object) -> str:  # noqa: N802
        await asyncio.sleep(THINKING)
        return await super().handle_DATA(*arguments)


@contextmanager
def mailing_on_its_way(desk: Desk) -> Iterator[Page]:
    """The page of a mailing to some hundred made-up readers when half of it is done."""
    people = desk.directory / "readers.csv"
    rows = (f"leserin{number}@example.org,,,Vorführung,2025-01-02T10:00+01:00" for number in range(READERS))
    people.write_text("\n".join(["email,name,topics,consent_origin,consent_at", *rows]) + "\n")
    desk.site.manage("import_subscribers", str(people))
    server, controller = start_mail_server(ThoughtfulServer())
    for number in (7, 23):
        server.replies[f"leserin{number}@example.org"] = "550 5.1.1 Postfach unbekannt"
    command = [sys.executable, "manage.py", "send_issue", ISSUE, "--wait", "--json"]
    sending = subprocess.Popen(
        command,
        cwd=ROOT,
        env=desk.site.environment | {"EMAIL_URL": server.url},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        while len(server.received) < READERS / 2 and sending.poll() is None:
            time.sleep(0.1)
        yield desk.open("chefredaktion", "/admin/mailing/inspect/1/")
    finally:
        sending.terminate()
        sending.wait()
        controller.stop()


def _slides() -> bytes:
    slides = Presentation()
    slides.slides.add_slide(slides.slide_layouts[0]).shapes.title.text = "Sprachmittlung in der Kommune"
    return _bytes(slides.save)


def _paper() -> bytes:
    paper = Word()
    paper.add_heading("Ergebnisse der Tischgespräche", 1)
    paper.add_paragraph("Vier Tische, zwölf Vorschläge, drei Verabredungen.")
    return _bytes(paper.save)


def _bytes(save: Callable[[io.BytesIO], object]) -> bytes:
    file = io.BytesIO()
    save(file)
    return file.getvalue()
