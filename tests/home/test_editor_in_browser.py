"""The side panels of the editor in a real browser: checks while somebody writes, and the ways to look at a draft."""

from __future__ import annotations

import datetime

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect, sync_playwright

from home.events.models import Participation, ProgrammeItem
from home.models import CoordinationOffice, NewsPage
from home.roles import Role
from tests.accounts_content import make_office
from tests.basic_content import ensure_site
from tests.browser.demo_site import CHROMIUM_FLAGS
from tests.editions_content import make_edition, make_series
from tests.home.block_examples import examples, make_objects
from tests.pictures import make_image

pytestmark = [pytest.mark.chromium, pytest.mark.django_db(transaction=True)]
COUNTER = '[data-side-panel-toggle="checks"] [data-side-panel-toggle-counter]'
# Wagtail takes the form as it is two seconds after loading for what was loaded, and sees only later changes as edits.
WATCHING = "document.addEventListener('w-unsaved:watch-edits', () => { document.body.dataset.watched = ''; })"
NAMES = '[data-side-panel="checks"] [data-content-checker-name]'


@pytest.fixture
def site(live_server):
    return ensure_site()


@pytest.fixture
def session(site) -> str:
    """Key of a session of an editor."""
    user = get_user_model().objects.create_user("person@example.org", first_name="Erika", last_name="Beispiel")
    user.groups.add(Group.objects.get(name=Role.EDITOR))
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture
def edition(site):
    edition = make_edition(make_series(site.root_page), live=False)
    for title in ("Eröffnung", "Rundgang"):
        ProgrammeItem.objects.create(page=edition, locale=edition.locale, title=title)
    return edition


def add_report(news, *body, **fields) -> str:
    """The address of the form of a report with this text."""
    page = NewsPage(
        title="Halle war Gastgeberin", date=datetime.date(2024, 11, 22), teaser="Kurz", body=list(body), live=False
    )
    page = news.add_child(instance=page)
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision()
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def open_editor(browser: Browser, live_server, session: str, address: str) -> Page:
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1600, "height": 1000})
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}])
    page = context.new_page()
    page.add_init_script(WATCHING)
    page.goto(address)
    page.wait_for_selector("body[data-watched]")
    return page


def checked(page: Page) -> list[str]:
    """The names of everything that the side panel reports, as soon as it has looked."""
    page.click('[data-side-panel-toggle="checks"]')
    # Counted last, after both kinds of checks.
    expect(page.locator("[data-content-word-count]")).not_to_have_text("-", timeout=30_000)
    return page.locator(NAMES).all_text_contents()


def test_the_checks_see_what_the_browser_and_what_the_server_knows(news, session, live_server, chromium):
    image = make_image(640, 400, description="IMG_2041.jpg", credit="")
    address = add_report(
        news,
        ("text", f"<p><b>Wie eine Überschrift</b></p><p>{'Darunter steht viel Text. ' * 5}</p>"),
        ("text", '<p>Mehr dazu steht <a href="https://example.org/a">hier</a>.</p>'),
        ("text", '<p>Oder <a href="https://example.org/b">https://example.org/b</a></p>'),
        ("text", '<p>Alles im <a href="https://example.org/c">Bericht über die 13. Ideenwerkstatt</a>.</p>'),
        lead_image=image,
        teaser="Sehr lang. " * 21,
    )

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        page = open_editor(browser, live_server, session, address)
        names = checked(page)
        counter = page.text_content(COUNTER)
        words = page.text_content('[data-side-panel="checks"]')
        browser.close()

    assert sorted(names) == [
        "Alternativtext sagt nichts",
        "Anrisstext zu lang",
        "Bild zu klein",
        "Bildnachweis fehlt",
        "Fetter Absatz statt Überschrift",
        "Linktext sagt nichts",
        "Linktext sagt nichts",
    ]
    assert counter == str(len(names))
    assert "Das Bild „Saal“ ist 640 Pixel breit. Scharf wirkt es hier ab 1200 Pixeln." in words


def test_the_checks_see_into_every_block(site, session, live_server, chromium):
    objects = make_objects(site.root_page)
    address = add_report(objects.report.get_parent(), *examples(objects).items())

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        page = open_editor(browser, live_server, session, address)
        names = checked(page)
        browser.close()

    # "mehr" in the text, in both parts of the accordion and in the table; nothing that only a template could change.
    assert names == ["Linktext sagt nichts"] * 4


def test_a_good_report_is_praised_and_a_finding_comes_and_goes(news, session, live_server, chromium):
    address = add_report(news, ("heading", {"text": "Was war", "level": "2"}), ("text", "<p>Viel.</p>"))

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        page = open_editor(browser, live_server, session, address)
        fine = checked(page)
        praised = page.is_visible("[data-content-fine]")
        page.fill("#id_teaser", "Sehr lang. " * 21)
        page.wait_for_selector(f"{NAMES} >> text=Anrisstext zu lang")
        page.fill("#id_teaser", "Kurz und gut.")
        page.wait_for_selector(f"{NAMES} >> text=Anrisstext zu lang", state="detached")
        browser.close()

    assert fine == []
    assert praised


@pytest.mark.parametrize("looked_before", [False, True])
def test_a_draft_with_errors_is_not_called_fine(news, session, live_server, chromium, looked_before):
    address = add_report(news, ("heading", {"text": "Was war", "level": "2"}), ("text", "<p>Viel.</p>"))

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        page = open_editor(browser, live_server, session, address)
        if looked_before:
            checked(page)
            expect(page.locator("[data-content-results]")).to_be_visible()
        page.evaluate("document.querySelector('#id_slug').value = '!!'")
        page.fill("#id_teaser", "Kurz und gut.")
        if not looked_before:
            page.click('[data-side-panel-toggle="checks"]')
        page.wait_for_selector('[data-content-reason="invalid"]', state="visible")
        results_shown = page.is_visible("[data-content-results]")
        if looked_before:
            page.evaluate("document.querySelector('#id_slug').value = 'halle'")
            page.fill("#id_teaser", "Kurz und besser.")
            page.wait_for_selector("[data-content-results]", state="visible")
        browser.close()

    assert not results_shown


def test_the_preview_panel_shows_the_pdf(edition, session, live_server, chromium):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        page = open_editor(browser, live_server, session, reverse("wagtailadmin_pages:edit", args=[edition.pk]))
        page.click('[data-side-panel-toggle="preview"]')
        page.wait_for_selector("#w-preview-iframe[src]")
        modes = page.locator("#id_preview_mode option").all_text_contents()
        sizes = [size.get_attribute("aria-label") for size in page.locator("[name=preview-size]").all()]
        with page.expect_response(lambda response: "mode=documentation" in response.url) as answer:
            page.select_option("#id_preview_mode", label="PDF-Dokumentation")
        kind = answer.value.header_value("content-type")
        browser.close()

    assert modes == ["Website", "Newsletter (Teaser)", "PDF-Dokumentation"]
    assert all("Vorschau" in size for size in sizes)
    assert kind == "application/pdf"


# Fields that reach over the edge of their row, of the side panel or of the field beside them.
OVERLAPS = """() => {
    const box = (element) => element.getBoundingClientRect();
    const panel = document.querySelector(".form-side");
    const limit = panel && box(panel).width ? box(panel).left : innerWidth;
    const found = [];
    for (const row of document.querySelectorAll(".w-field-row")) {
        const inputs = [...row.querySelectorAll("input:not([type=hidden]), select")];
        const fields = inputs.filter((field) => box(field).width);
        for (const field of fields) {
            const { right, top, bottom } = box(field);
            const out = right > Math.min(limit, box(row).right + 1);
            const over = fields.some((other) => {
                const its = box(other);
                return its.left > box(field).left && its.left < right && its.top < bottom && its.bottom > top;
            });
            if (out || over) found.push(field.name);
        }
    }
    return found;
}"""


def test_an_edition_can_be_edited_beside_the_side_panel(edition, session, live_server, chromium):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        page = open_editor(browser, live_server, session, reverse("wagtailadmin_pages:edit", args=[edition.pk]))
        page.wait_for_selector("[data-inline-title]")
        titles = page.locator("[data-inline-title]").all_text_contents()
        folded = not page.is_visible("#id_programme_items-0-title")
        page.click("#id_programme_items-ADD")
        page.fill("#id_programme_items-2-title", "Abschluss")
        added = page.locator("[data-inline-title]").last.text_content()
        alone = page.evaluate(OVERLAPS)
        page.click('[data-side-panel-toggle="checks"]')
        page.wait_for_selector(".side-panel-open")
        beside = {}
        for width in (1400, 1500):
            page.set_viewport_size({"width": width, "height": 1000})
            page.wait_for_timeout(500)
            beside[width] = page.evaluate(OVERLAPS)
        page.click('[data-side-panel-toggle="status"]')
        schedule = page.get_by_role("button", name="Zeitplan festlegen")
        schedule.wait_for()
        out = schedule.evaluate(
            "(it) => it.getBoundingClientRect().right - it.parentElement.getBoundingClientRect().right"
        )
        browser.close()

    assert titles == ["– Eröffnung", "– Rundgang"]
    assert folded
    assert added == "– Abschluss"
    assert alone == []
    assert beside == {1400: [], 1500: []}
    assert out <= 1


def test_one_button_adds_a_line_for_every_office(edition, session, live_server, chromium):
    for number, name in enumerate(("Altmark", "Börde", "Harz")):
        make_office(name, f"1508{number}", number, slug=name.lower().replace("ö", "oe"))
    Participation.objects.create(page=edition, office=CoordinationOffice.objects.get(name="Harz"), hosted=True)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        page = open_editor(browser, live_server, session, reverse("wagtailadmin_pages:edit", args=[edition.pk]))
        page.click("#id_participations-ADD-ALL")
        page.click("#id_participations-ADD-ALL")
        page.select_option("#id_participations-1-attended", label="Ja")
        page.fill("#id_participations-1-persons", "4")
        with page.expect_navigation():
            page.click("footer .action-save")
        browser.close()

    saved = edition.get_latest_revision_as_object().participations.all()
    assert [
        (part.office.name, part.hosted, part.attended, part.persons)
        for part in sorted(saved, key=lambda part: (not part.hosted, part.office.name))
    ] == [
        ("Harz", True, None, None),
        ("Altmark", False, True, 4),
        ("Börde", False, None, None),
    ]


def test_a_gallery_takes_several_images_at_once(news, session, live_server, chromium):
    for title in ("Saal", "Garten", "Treppe"):
        make_image(900, 600, title=title)
    address = add_report(news, ("text", "<p>Viel.</p>"))

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        page = open_editor(browser, live_server, session, address)
        page.locator("#panel-child-inhalt-body-section .c-sf-add-button").last.click()
        page.get_by_role("option", name="Bildergalerie").click()
        # The rows of a new block come after the click, when Wagtail has drawn it.
        expect(page.locator('[data-contentpath="pictures"] [data-contentpath="image"]')).to_have_count(2)
        page.get_by_role("button", name="Mehrere Bilder auswählen").click()
        choices = page.locator(".modal-body [data-multiple-choice-select]")
        expect(choices).to_have_count(3)
        for choice in choices.all():
            choice.check()
        page.get_by_role("button", name="Auswahl bestätigen").click()
        page.wait_for_selector(".modal-body", state="detached")
        with page.expect_navigation():
            page.click("footer .action-save")
        browser.close()

    gallery = NewsPage.objects.get().get_latest_revision_as_object().body[1]
    assert {image["image"].title for image in gallery.value["pictures"]} == {"Saal", "Garten", "Treppe"}
    assert len(gallery.value["pictures"]) == 3
