"""The search page: German word forms, only what the reader may see, and an answer to any input."""

import datetime

import pytest
from django.core.files.base import ContentFile
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from wagtail.contrib.search_promotions.models import Query, SearchPromotion
from wagtail.models import Locale, PageViewRestriction

from archive.access import Level
from archive.indexing import read_version
from archive.intake import take_in
from archive.models import Document
from home.models import (
    ContentPage,
    EditionPage,
    NewsIndexPage,
    NewsPage,
    Person,
    ProgrammeItem,
    ProgrammeSpeaker,
)
from tests.accounts_content import make_office
from tests.contents import made_once
from tests.editions_content import make_series


@pytest.fixture
def add_page(site):
    """Adds a content page below the home page."""

    def add(title, text="", lead="", **fields):
        body = [("text", f"<p>{text}</p>")] if text else []
        slug = fields.pop("slug", title.lower().replace(" ", "-"))
        return site.root_page.add_child(instance=ContentPage(title=title, slug=slug, lead=lead, body=body, **fields))

    return add


def titles(client, query, **parameters):
    return [hit.title for hit in client.get("/suche/", {"q": query} | parameters).context["hits"]]


@pytest.mark.parametrize(
    "query",
    ["Fördermitteln", "foerdermittel", "FORDERMITTEL", "Koordinatorinnen", "Koordinator*in", "Stadt", "die Städte"],
)
def test_german_forms_of_a_word_find_the_page(client, add_page, query):
    add_page("Geld", "Fördermittel für die <b>Koordinatoren</b> der Städte")
    add_page("Anderes", "Nichts davon")

    assert titles(client, query) == ["Geld"]


def test_every_word_of_the_query_must_stand_on_the_page(client, add_page):
    add_page("Beides", "Fördermittel in Halle")
    add_page("Eines", "Fördermittel in Stendal")

    assert titles(client, "Halle Fördermittel") == ["Beides"]


def test_title_comes_before_text(client, add_page):
    add_page("Alles", "Ein Stammtisch")
    add_page("Stammtische", "Ein Abend")

    assert titles(client, "Stammtisch") == ["Stammtische", "Alles"]


def test_office_is_first_by_its_name_and_last_by_what_it_does(client, add_page):
    make_office("Stendal", "15090", authority="Amt für Integration")
    add_page("Stendal", "Ein Abend zur Integration")

    assert titles(client, "Stendal") == ["Landkreis Stendal", "Stendal"]
    assert titles(client, "Integration") == ["Stendal", "Landkreis Stendal"]


def test_labels_of_the_editor_are_not_text_of_the_page(client, site):
    site.root_page.add_child(
        instance=ContentPage(title="Seite", slug="s", body=[("heading", {"text": "Kochen", "level": "2"})])
    )

    assert titles(client, "Kochen") == ["Seite"]
    assert titles(client, "Überschrift") == []


def test_snippet_marks_the_words_and_escapes_the_rest(client, add_page):
    add_page("Seite", "Beim Stammtisch &lt;script&gt; geht es um Fördermittel")

    html = client.get("/suche/?q=Fördermitteln").content.decode()

    assert "<mark>Fördermittel</mark>" in html
    assert "&lt;script&gt;" in html
    assert "<script>" not in html


@made_once
def edition(site):
    chronicle = make_series(site.root_page)
    edition = EditionPage(title="Neun", slug="9", number=9, place="Stendal", start_date=datetime.date(2023, 5, 1))
    item = ProgrammeItem(title="Wege zur Sprache", abstract="<p>Über Dolmetscherinnen</p>")
    person = Person.objects.create(name="Ada Beispiel", organisation="Verein Muster")
    item.speakers = [ProgrammeSpeaker(person=person)]
    edition.programme_items = [item]
    chronicle.add_child(instance=edition)
    edition.save_revision().publish()
    return edition


@pytest.mark.parametrize("query", ["Dolmetscher", "Ada Beispiel", "Verein Muster", "9. Ideenwerkstatt", "Stendal"])
def test_edition_is_found_by_its_programme_and_people(client, edition, query):
    response = client.get("/suche/", {"q": query})

    assert [(hit.label, hit.title) for hit in response.context["hits"]] == [("Ausgabe", "9. Ideenwerkstatt in Stendal")]


def test_a_person_who_is_renamed_is_found_by_the_new_name(client, edition):
    person = Person.objects.get(name="Ada Beispiel")

    person.name = "Ada Neuname"
    person.save()

    assert titles(client, "Neuname") == ["9. Ideenwerkstatt in Stendal"]
    assert titles(client, "Beispiel") == []


def test_office_is_found_by_name_and_kind(client, site):
    make_office("Börde", "15083", slug="boerde")

    response = client.get("/suche/?q=landkreise+boerde")

    assert [(hit.label, hit.title, hit.url) for hit in response.context["hits"]] == [
        ("Koordinierungsstelle", "Landkreis Börde", "/koordinierungsstellen/boerde/")
    ]


def test_newest_report_comes_first(client, site):
    news = site.root_page.add_child(instance=NewsIndexPage(title="Aktuelles", slug="aktuelles"))
    for year in (2019, 2024, 2021):
        news.add_child(
            instance=NewsPage(title=str(year), slug=str(year), teaser="Stammtisch", date=datetime.date(year, 1, 1))
        )

    assert titles(client, "Stammtisch") == ["2024", "2021", "2019"]


def test_drafts_and_private_pages_are_not_found(client, add_page):
    add_page("Entwurf", "Stammtisch", live=False)
    private = add_page("Privat", "Stammtisch")
    private.add_child(instance=ContentPage(title="Darunter", slug="darunter", lead="Stammtisch"))
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    add_page("Offen", "Stammtisch")

    assert titles(client, "Stammtisch") == ["Offen"]


def test_pages_in_other_languages_come_last_and_name_their_language(client, site, add_page):
    english = Locale.objects.get_or_create(language_code="en")[0]
    home = site.root_page.copy_for_translation(english)
    home.save_revision().publish()
    home.add_child(instance=ContentPage(title="About", slug="about", lead="Ideenwerkstatt", locale=english))
    add_page("Zum Projekt", "Ideenwerkstatt")

    hits = client.get("/suche/?q=Ideenwerkstatt").context["hits"]

    assert [(hit.title, hit.language_name) for hit in hits] == [("Zum Projekt", ""), ("About", "English")]
    assert 'lang="en"' in client.get("/suche/?q=Ideenwerkstatt").content.decode()


@made_once
def library(site):
    """Two documents on one subject: one for everybody, one for coordinators."""
    for title, level in [("Leitfaden", Level.PUBLIC), ("Protokoll", Level.COORDINATION)]:
        content = ContentFile(f"Fördermittel im {title}".encode())
        taken = take_in(content, "datei.txt", document=Document(title=title, level=level))
        read_version(taken.version.pk)


def test_documents_that_the_reader_may_see_follow_the_pages(client, library):
    (shelf,) = client.get("/suche/?q=Fördermitteln").context["shelves"]
    html = client.get("/suche/?q=Fördermitteln").content.decode()

    assert (shelf.count, [hit.document.title for hit in shelf.hits]) == (1, ["Leitfaden"])
    assert "<mark>Fördermittel</mark>" in html
    assert '<a href="/archiv/?q=F%C3%B6rdermitteln">Alle Treffer im Archiv</a>' in html
    assert "Protokoll" not in html


def test_promoted_page_comes_first_and_no_query_is_kept(client, add_page):
    add_page("Alles", "Fördermittel")
    best = add_page("Antrag", "Wie man einen Antrag stellt")
    SearchPromotion.objects.create(query=Query.get("Fördermittel beantragen"), page=best)
    SearchPromotion.objects.create(
        query=Query.get("Fördermittel"), external_link_url="https://www.example.org/", external_link_text="Anderswo"
    )

    assert titles(client, "beantragen Fördermittel") == ["Antrag"]
    assert titles(client, "Fördermitteln") == ["Anderswo", "Alles"]
    assert Query.objects.count() == 2


def test_promoted_page_that_is_private_stays_private(client, add_page):
    private = add_page("Privat", "Geheim")
    SearchPromotion.objects.create(query=Query.get("Mittel"), page=private)
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)

    assert titles(client, "Mittel") == []


def test_results_have_pages(client, add_page):
    for number in range(12):
        add_page(f"Stammtisch {number:02}")

    assert len(titles(client, "Stammtisch")) == 10
    assert titles(client, "Stammtisch", seite="2") == ["Stammtisch 10", "Stammtisch 11"]
    assert titles(client, "Stammtisch", seite="999") == ["Stammtisch 10", "Stammtisch 11"]


@pytest.mark.parametrize(
    "query", ["", " ", "\0", '"', "'", "*", "((", "NOT", "a OR", "x" * 10_000, "ö\u0308" * 400, "–"]
)
@pytest.mark.parametrize("number", ["", "-1", "abc", "9" * 30, "%ff"])
def test_any_query_and_page_number_get_an_answer(client, add_page, query, number):
    add_page("Seite", "Text")

    assert client.get("/suche/", {"q": query, "seite": number}).status_code == 200


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=80))
def test_hostile_queries_get_an_answer(client, site, query):
    assert client.get("/suche/", {"q": query}).status_code == 200
