"""Languages: what a path speaks, where links lead, and what a translated edition takes from its German page."""

from __future__ import annotations

import datetime
import re

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, Group
from django.core.management import call_command
from django.template import Context, Template
from django.test import Client
from django.utils import translation
from wagtail.models import Locale, PageViewRestriction

from archive.access import Level
from archive.documentation.gather import gather
from archive.models import Document
from cms.languages import ensure_locales, language_of_path
from home import demo
from home.events.chronicle import chronicle, default_editions
from home.events.edition import edition_context
from home.models import (
    ContentPage,
    EditionPage,
    EditionPhoto,
    HomePage,
    Participation,
    ProgrammeItem,
)
from home.rendering.streams import render_stream
from home.roles import Role
from newsletter.composing.rendering import render_issue
from newsletter.models import NewsletterIndexPage, NewsletterIssuePage
from tests.accounts_content import make_office
from tests.contents import made_once
from tests.editions_content import make_edition, make_series
from tests.languages import english_of

pytestmark = pytest.mark.django_db
THURSDAY, FRIDAY = datetime.date(2024, 11, 21), datetime.date(2024, 11, 22)


@made_once
def german(site) -> HomePage:
    return site.root_page.specific


@made_once
def english(german) -> HomePage:
    return english_of(german, title="IKOE in English")


@made_once
def edition(german) -> EditionPage:
    """A German edition with two parts of a programme, below its series."""
    edition = make_edition(
        make_series(german), title="13. Ideenwerkstatt", place="Halle", start_date=THURSDAY, end_date=FRIDAY,
        state="documented",
    )  # fmt: skip
    office = make_office("Halle (Saale)", "15002", slug="halle", kind="city", code="HAL")
    edition.participations.add(Participation(office=office, hosted=True, attended=True))
    edition.programme_items.add(
        ProgrammeItem(title="Was Betriebe fragen", format="talk", day=THURSDAY, sort_order=0),
        ProgrammeItem(title="Barcamp", sort_order=1),
    )
    edition.save_revision().publish()
    return EditionPage.objects.get(pk=edition.pk)


@made_once
def translated(edition, english) -> EditionPage:
    english_of(edition.get_parent().specific, title="Ideenwerkstatt")
    return english_of(edition, title="Ideenwerkstatt 13", lead="How businesses and administrations meet")


def links(html: str) -> dict[str, str]:
    """Text without markup -> the attributes of the link."""
    found = re.findall(r"<a ([^>]*)>(.*?)</a>", html, re.DOTALL)
    return {re.sub(r"<[^>]+>|\s+", " ", text).strip(): attributes for attributes, text in found}


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("/", "de"),
        ("/en/", "en"),
        ("/en", "en"),
        ("/en/about/", "en"),
        ("/de-simple/", "de-simple"),
        ("/entwurf/", "de"),
        ("/EN/", "de"),
        ("/en-gb/", "de"),
        ("/de/", "de"),
        ("/archiv/en/", "de"),
        ("//en/", "de"),
        ("", "de"),
    ],
)
def test_the_path_alone_names_the_language(path, language):
    assert language_of_path(path) == language


def test_a_german_page_stays_german_in_an_english_browser(english):
    client = Client(headers={"accept-language": "en-GB,en;q=0.9"})
    client.cookies["django_language"] = "en"

    answer = client.get("/")

    assert answer.status_code == 200
    assert answer["Content-Language"] == "de"
    assert "Accept-Language" not in answer.get("Vary", "")
    assert '<html lang="de">' in answer.text
    assert "Zum Inhalt springen" in answer.text
    assert not answer.cookies


def test_an_english_page_is_english_in_a_german_browser(english):
    answer = Client(headers={"accept-language": "de"}).get("/en/")

    assert answer["Content-Language"] == "en"
    assert '<html lang="en">' in answer.text
    assert "Skip to content" in answer.text
    assert "Accept-Language" not in answer.get("Vary", "")
    assert not answer.cookies


def test_the_language_of_a_request_does_not_outlive_it(english, client):
    client.get("/en/")

    assert translation.get_language() == "de"


@pytest.mark.parametrize(
    ("path", "language", "heading"),
    [
        ("/nichts/", "de", "Diese Seite gibt es hier nicht"),
        ("/en/nothing/", "en", "There is no such page here"),
        ("/de-simple/nichts/", "de-simple", "Wir finden diese Seite nicht"),
    ],
)
def test_a_missing_page_is_told_in_the_language_of_the_path(site, client, path, language, heading):
    answer = client.get(path)

    assert answer.status_code == 404
    assert answer["Content-Language"] == language
    assert f'<html lang="{language}">' in answer.text
    assert heading in answer.text


def test_a_language_without_a_home_page_has_no_addresses(german, client):
    german.add_child(instance=ContentPage(title="Impressum", slug="impressum"))

    assert client.get("/impressum/").status_code == 200
    assert client.get("/en/impressum/").status_code == 404
    assert client.get("/en/").status_code == 404


def test_switch_names_all_languages_and_says_where_it_leads_to_a_home_page_only(german, english, client):
    english_of(german.add_child(instance=ContentPage(title="Projekt", slug="projekt")), title="About", slug="about")
    german.add_child(instance=ContentPage(title="Impressum", slug="impressum"))

    translated = links(client.get("/projekt/").text)
    untranslated = links(client.get("/impressum/").text)
    here = links(client.get("/en/about/").text)

    assert 'href="/en/about/" lang="en" hreflang="en"' in translated["English"]
    assert 'aria-current="true"' in translated["Deutsch"]
    assert 'href="/en/" lang="en" hreflang="en"' in untranslated["English , to the home page"]
    assert 'href="/projekt/" lang="de"' in here["Deutsch"]
    assert 'aria-current="true"' in here["English"]


def test_switch_leaves_out_languages_that_nobody_writes_in(german, client):
    answer = client.get("/")

    assert "English" not in answer.text
    assert 'class="languages"' not in answer.text


def test_switch_never_leads_to_another_website(english, client):
    assert 'href="//' not in client.get("//evil.example.org/").text


def test_versions_of_a_page_name_each_other(german, english, client, settings):
    english_of(german.add_child(instance=ContentPage(title="Projekt", slug="projekt")), title="About", slug="about")
    german.add_child(instance=ContentPage(title="Impressum", slug="impressum"))
    base = settings.BASE_URL

    def alternates(path: str) -> dict[str, str]:
        return dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"', client.get(path).text))

    expected = {"de": f"{base}/projekt/", "en": f"{base}/en/about/", "x-default": f"{base}/projekt/"}
    assert alternates("/projekt/") == alternates("/en/about/") == expected
    assert alternates("/impressum/") == {}


def test_a_private_translation_is_not_offered(german, english, client):
    page = english_of(german.add_child(instance=ContentPage(title="Projekt", slug="projekt")), title="About")
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)

    answer = client.get("/projekt/").text

    assert page.url not in answer
    assert 'hreflang="en"' in links(answer)["English , to the home page"]


def test_links_of_an_english_page_lead_to_translations_or_to_marked_german_pages(german, english, client):
    english_of(german.add_child(instance=ContentPage(title="Impressum", slug="impressum")), title="Legal", slug="legal")

    found = links(client.get("/en/").text)

    assert found["Legal notice"] == 'href="/en/legal/"'
    assert found["Archive"].startswith('href="/archiv/" hreflang="de"')
    assert found["Dates"].startswith('href="/termine/" hreflang="de"')


def test_german_pages_link_without_marks(german, english, client):
    found = links(client.get("/").text)

    assert found["Archiv"] == 'href="/archiv/"'
    assert found["Impressum"] == 'href="/impressum/"'


def test_menu_marks_the_page_in_every_language(edition, translated, client):
    german, english = links(client.get("/ideenwerkstatt/").text), links(client.get("/en/ideenwerkstatt/").text)
    below = client.get("/en/ideenwerkstatt/13/").text

    assert german["Ideenwerkstatt"] == 'href="/ideenwerkstatt/" aria-current="page"'
    assert english["Ideenwerkstatt"] == 'href="/en/ideenwerkstatt/" aria-current="page"'
    assert '<a href="/en/ideenwerkstatt/" aria-current="true">' in below


def test_translated_edition_takes_its_facts_from_the_german_page(edition, translated, client):
    december = datetime.date(2024, 12, 5)
    edition.start_date, edition.end_date, edition.place = december, datetime.date(2024, 12, 6), "Magdeburg"
    edition.save()
    ProgrammeItem.objects.filter(page=edition, title="Was Betriebe fragen").update(day=december)

    answer = client.get("/en/ideenwerkstatt/13/").text

    assert "5–6 December 2024" in answer
    assert "Thursday 5 December" in answer
    assert "How businesses and administrations meet" in answer
    assert "<h1>Magdeburg</h1>" in answer
    assert "<title>HAL, Halle (Saale), Host</title>" in answer


def test_translated_programme_keeps_its_keys_and_follows_the_german_one(edition, translated, rf):
    items = {item.title: item for item in translated.programme_items.all()}
    assert {item.translation_key for item in items.values()} == {
        item.translation_key for item in edition.programme_items.all()
    }
    items["Was Betriebe fragen"].title = "What businesses ask"
    items["Was Betriebe fragen"].save()
    edition.programme_items.filter(title="Barcamp").delete()
    new = ProgrammeItem.objects.create(page=edition, title="Neu und noch nicht übersetzt", sort_order=2)
    request = rf.get("/en/ideenwerkstatt/13/")
    request.user = AnonymousUser()

    halves = edition_context(EditionPage.objects.get(pk=translated.pk), request)["halves"]

    shown = [(item.title, item.locale.language_code) for half in halves for item in half.items]
    assert shown == [("What businesses ask", "en"), (new.title, "de")]


def test_photos_on_an_english_page_are_marked_as_described_in_german(edition, translated, client):
    edition.photos.add(EditionPhoto(image=demo._picture("balance"), caption="Alle im Hof"))
    edition.save_revision().publish()

    assert '<figure class="picture" lang="de">' in client.get(translated.url).text
    assert '<figure class="picture">' in client.get(edition.url).text


def test_lists_and_counts_know_german_editions_only(edition, translated, client):
    assert [page.pk for page in default_editions()] == [edition.pk]
    assert [entry.edition.pk for entry in chronicle(edition.get_parent().specific).entries] == [edition.pk]
    assert client.get("/ideenwerkstatt/13/").context["page"].pk == edition.pk
    # Once among the facts and once in the list, and not a third time in English.
    assert client.get("/koordinierungsstellen/halle/").text.count('/ideenwerkstatt/13/"') == 2
    assert client.get("/termine/").text.count(">13. Ideenwerkstatt</a>") == 1


def test_english_home_page_leads_to_the_english_edition(edition, translated, client):
    answer = client.get("/en/").text

    assert 'href="/en/ideenwerkstatt/13/"' in answer
    assert 'href="/ideenwerkstatt/13/"' not in answer
    assert "How businesses and administrations meet" in answer


def test_english_home_page_shows_no_german_words_of_an_untranslated_edition(edition, english, client):
    EditionPage.objects.filter(pk=edition.pk).update(lead="Wie finden Verwaltungen und Betriebe zueinander?")

    answer = client.get("/en/").text

    assert "Wie finden Verwaltungen" not in answer
    assert 'href="/ideenwerkstatt/13/" hreflang="de"' in answer


def test_wording_follows_the_language():
    text = Template("{% load i18n german %}{{ 3|counted:_('Folie,Folien') }}, {% translate 'Termine' %}")

    with translation.override("en"):
        english = text.render(Context())
    with translation.override("de-simple"):
        simple = Template("{% load i18n %}{% translate 'Startseite' %} {% translate 'Termine' %}").render(Context())

    assert english == "3 slides, Dates"
    assert text.render(Context()) == "3 Folien, Termine"
    assert simple == "Start-Seite Termine"


def test_leichte_sprache_is_one_text_with_a_map(german, client):
    simple = english_of(german, code="de-simple", title="IKOE in Leichter Sprache", hero_title="Willkommen bei IKOE")
    answer = client.get(simple.url)

    assert simple.url == "/de-simple/"
    assert answer["Content-Language"] == "de-simple"
    assert '<html lang="de-simple">' in answer.text
    assert "<h1>Willkommen bei IKOE</h1>" in answer.text
    assert '<svg class="map"' in answer.text and "Land-Karte mit unseren Büros" in answer.text
    assert answer.text.count("<section") == 0
    assert "\N{SOFT HYPHEN}" not in answer.text and "&shy;" not in answer.text


def test_languages_are_made_by_code_and_only_once(site):
    Locale.objects.exclude(language_code="de").delete()

    ensure_locales()
    ensure_locales()

    assert set(Locale.objects.values_list("language_code", flat=True)) == {"de", "en", "de-simple"}


def test_migrating_makes_the_languages(site):
    Locale.objects.exclude(language_code="de").delete()

    call_command("migrate", verbosity=0)

    assert Locale.objects.count() == 3


def test_blocks_speak_the_language_of_the_page(edition):
    page = ContentPage(title="x", slug="x", body=[("edition", {"page": edition})])
    documents = Document.objects.none()

    with translation.override("en"):
        english = render_stream(page.body, "web", base_url="", documents=documents)
    german = render_stream(page.body, "web", base_url="", documents=documents)

    assert "21–22 November 2024" in english and "Ideenwerkstatt 13" in english
    assert "21.–22. November 2024" in german.replace("\N{NO-BREAK SPACE}", " ")


def test_mail_and_pdf_stay_german_wherever_they_are_made(edition, german):
    index = german.add_child(instance=NewsletterIndexPage(title="Newsletter", slug="newsletter"))
    issue = index.add_child(
        instance=NewsletterIssuePage(
            title="Ausgabe 1", slug="1", number="1/2025", subject="Neues", body=[("edition", {"page": edition})]
        )
    )

    with translation.override("en"):
        mail = render_issue(issue).text.replace("\N{NO-BREAK SPACE}", " ")
        facts = gather(edition, Level.PUBLIC)

    assert "21.–22. November 2024" in mail
    assert "13. Ideenwerkstatt" in mail
    assert "21.–22. November 2024" in repr(facts)


def test_preview_of_a_translation_speaks_its_language(german):
    page = english_of(german, title="IKOE in English")

    preview = page.make_preview_request(preview_mode=page.default_preview_mode)

    assert preview["Content-Language"] == "en"
    assert "Skip to content" in preview.text
    assert translation.get_language() == "de"


def test_editors_translate_pages(german, client):
    page = german.add_child(instance=ContentPage(title="Projekt", slug="projekt"))
    english_of(german, title="IKOE in English")
    editor = get_user_model().objects.create_user("redaktion@example.org")
    editor.groups.add(Group.objects.get(name=Role.EDITOR))
    client.force_login(editor)
    address = f"/admin/translation/submit/page/{page.pk}/"

    offered = client.get(address)
    client.post(address, {"locales": [Locale.objects.get(language_code="en").pk]})

    assert "English" in offered.text and "Seite übersetzen" in offered.text
    assert not page.get_translation(Locale.objects.get(language_code="en")).live
