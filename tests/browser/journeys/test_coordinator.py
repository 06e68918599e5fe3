"""A coordinator is invited, logs in by code, searches, downloads, and meets a document that is not for them."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys.account import ask_for_code, code_in_mail, enter_desk
from tests.browser.journeys.town import Town, link_in

pytestmark = [pytest.mark.chromium, pytest.mark.node]
ADDRESS = "jo.muster@example.org"
# "Notizen der Steuerungsgruppe"
STEERING_PAPER = "/archiv/7/"


def invite(page: Page, address: str) -> None:
    """From the first page of the desk to the list of open invitations."""
    page.get_by_role("button", name="Zugänge").click()
    page.get_by_role("link", name="Einladungen").click()
    page.get_by_role("textbox", name="E-Mail-Adresse").fill(address)
    page.get_by_label("Vor- und Nachname").fill("Jo Muster")
    page.get_by_label("Koordinierungsstelle").select_option(label="Landkreis Börde")
    page.get_by_role("button", name="Einladung senden").click()
    expect(page.locator(".messages")).to_contain_text(f"Die Einladung an {address}")


def test_coordinator_is_invited_searches_and_downloads(town: Town, begin):
    editor = begin("coordinator-inviting")
    enter_desk(editor.page, town, "chefredaktion")
    editor.look("desk")
    invite(editor.page, ADDRESS)
    editor.look("invited")
    walk = begin("coordinator")
    page = walk.page

    page.goto(link_in(town.letter(ADDRESS), "/konto/einladung/"))
    walk.look("invitation")
    walk.follow(page.get_by_role("button", name="Einladung annehmen"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Jo Muster")
    walk.look("accepted")
    page.context.clear_cookies()

    page.goto("/konto/login/")
    walk.look("login")
    ask_for_code(page, ADDRESS, walk.look)
    walk.look("enter code")
    page.get_by_label("Code").fill(code_in_mail(town, ADDRESS))
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Jo Muster")
    walk.look("account")

    page.get_by_role("link", name="Zum Archiv").click()
    page.get_by_label("Suchbegriff").fill("Fördermittel")
    page.get_by_role("button", name="Suchen").click()
    expect(page.get_by_role("status").filter(has_text="zu „Fördermittel“")).to_be_visible()
    walk.look("hits")
    walk.follow(page.get_by_role("link", name="Folie 1").first)
    expect(page.get_by_role("img", name="Folie 1 als Bild")).to_be_visible()
    walk.look("page of a document")
    page.go_back()
    with page.expect_download() as download:
        page.get_by_role("link", name="als ZIP").click()
    with zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes())) as packed:
        names = packed.namelist()
    # A colleague of the steering group has sent the address.
    page.goto(STEERING_PAPER)
    expect(page.get_by_role("heading", level=1)).to_have_text("Hierfür fehlt Ihnen der Zugang")
    expect(page.get_by_role("link", name="Zugang per E-Mail anfragen")).to_be_visible()
    walk.look("refused")

    assert "inhalt.csv" in names
    assert "Fördermittel und Drittmittelakquise.pptx" in names
