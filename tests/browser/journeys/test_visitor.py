"""A visitor subscribes, confirms, gets an issue, reads it on the web and unsubscribes with one click."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.journeys.town import Town, link_in

pytestmark = [pytest.mark.chromium, pytest.mark.node]
ADDRESS = "besuch@example.org"


def test_visitor_subscribes_reads_and_unsubscribes(town: Town, begin):
    walk = begin("visitor")
    page = walk.page

    page.goto("/")
    walk.look("home")
    walk.follow(page.get_by_role("link", name="Newsletter").first)
    walk.look("newsletter")
    walk.follow(page.get_by_role("link", name="Newsletter bestellen").first)
    walk.look("sign up")
    page.get_by_role("button", name="Newsletter bestellen").click()
    expect(page.get_by_role("alert")).to_be_visible()
    walk.look("sign up with errors")
    # As fast as people type: the form takes nothing from robots, who need less than three seconds.
    page.get_by_role("textbox", name="E-Mail-Adresse").press_sequentially(ADDRESS, delay=200)
    page.get_by_role("checkbox", name="Ich möchte den IKOE-Newsletter").check()
    page.get_by_role("button", name="Newsletter bestellen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Fast geschafft")
    walk.look("almost done")

    page.goto(link_in(town.letter(ADDRESS), "/newsletter/bestaetigen/"))
    walk.look("confirm")
    page.get_by_role("button", name="Ja, Newsletter bestellen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sie sind angemeldet")
    walk.look("confirmed")

    town.site.manage("send_issue", "2025-1")
    letter = town.letter(ADDRESS, "Was aus Halle bleibt")
    page.goto(link_in(letter, "/newsletter/2025-1/"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Was aus Halle bleibt, und die Termine für 2025")
    walk.look("read on the web")
    page.goto(link_in(letter, "/newsletter/einstellungen/"))
    walk.look("settings")

    page.goto(link_in(letter, "/newsletter/abmelden/"))
    walk.look("unsubscribe")
    # What the mail program does when somebody clicks its own button (RFC 8058).
    button = re.search(r"<(http[^>]+)>", str(letter["List-Unsubscribe"]))
    answer = page.request.post(button[1], form={"List-Unsubscribe": "One-Click"})
    states = town.read("SELECT state FROM newsletter_subscriber WHERE email = ?", ADDRESS)
    page.get_by_role("button", name="Jetzt abbestellen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sie sind abgemeldet")
    walk.look("unsubscribed")

    assert answer.status == 200
    assert states == [("unsubscribed",)]
