"""The search of the archive: what is found, in which order, and what is shown of it."""

import datetime
import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from archive.access import Level
from archive.intake import add_version
from archive.models import Document, Term
from archive.search import Filters, search
from archive.searching.vocabulary import expand
from home.search import analysis
from home.search.analysis import terms_of_query
from home.search.snippets import snippet
from tests.archive.library import store

pytestmark = pytest.mark.django_db
ANYBODY = AnonymousUser()


def titles(query, user=ANYBODY, **filters):
    chosen = Filters(**{name: frozenset(values) for name, values in filters.items()})
    return [hit.document.title for hit in search(user, query, chosen).hits]


@pytest.fixture
def library(add_text):
    """Documents on different subjects; the words of one are not those of another."""
    add_text("Geld", "Fördermittel und Drittmittelakquise für Koordinierungsstellen")
    add_text("Konzepte", "Stand der Integrationskonzepte in den Landkreisen und Städten")
    add_text("Zusammenarbeit", "Maßnahmen mit Betrieben: Konzept für Integration am Arbeitsmarkt")
    add_text("Personen", "Die Koordinatorinnen und Migrantinnen trafen Herrn Gödde")


def test_german_words_find_their_documents(library):
    expected = {
        "Fördermittel": {"Geld"},
        "foerdermitteln": {"Geld"},
        "Fordermittel": {"Geld"},
        "Mittel": {"Geld"},
        "Akquise": {"Geld"},
        "Koordinierungsstelle": {"Geld"},
        "Integrationskonzept": {"Konzepte", "Zusammenarbeit"},
        "Konzepte": {"Konzepte", "Zusammenarbeit"},
        "Stadt": {"Konzepte"},
        "Massnahme": {"Zusammenarbeit"},
        "Arbeitsmarktintegration": {"Zusammenarbeit"},
        "Koordinator": {"Personen"},
        "Migrant*innen": {"Personen"},
        "Goedde": {"Personen"},
        "Konzept Betrieb": {"Zusammenarbeit"},
        "Konzept für die Betriebe": {"Zusammenarbeit"},
        "Geld": {"Geld"},
        "Schwimmbad": set(),
        "Fördermittel Schwimmbad": set(),
    }

    found = {query: set(titles(query)) for query in expected}

    assert found == expected


def test_exact_words_come_before_parts_of_words(add_text):
    add_text("Mitte", "Drittmittelakquise", date=datetime.date(2024, 3, 1))
    add_text("Ende", "Fördermittel", date=datetime.date(2024, 2, 1))
    add_text("Ganz", "Mittel", date=datetime.date(2024, 1, 1))

    assert titles("Mittel") == ["Ganz", "Ende", "Mitte"]


def test_newest_document_comes_first(add_text):
    add_text("Alt", "Stammtisch eins", date=datetime.date(2018, 1, 1))
    add_text("Neu", "Stammtisch zwei", date=datetime.date(2024, 1, 1))
    add_text("Stammtisch", "drei", date=datetime.date(2010, 1, 1))

    assert titles("Stammtisch") == ["Stammtisch", "Neu", "Alt"]


def test_hit_names_the_page(site, pdf):
    from archive.indexing import read_version
    from archive.intake import take_in

    taken = take_in(pdf, pdf.name, document=Document(level=Level.PUBLIC))
    read_version(taken.version.pk)

    (hit,) = search(ANYBODY, "Verwendungsnachweis", Filters()).hits

    assert [found.leaf.number for found in hit.leaves] == [5]
    assert "<mark>Verwendungsnachweis</mark>" in hit.leaves[0].snippet


def test_words_may_stand_on_different_pages(add_text):
    document = add_text("Titel", "Stammtisch\fseite zwei\fFördermittel")

    (hit,) = search(ANYBODY, "Stammtisch Fördermittel", Filters()).hits

    assert hit.document == document
    assert [found.leaf.number for found in hit.leaves] == [1, 3]


def test_old_text_is_found_until_the_new_file_is_read(add_text):
    from django.core.files.base import ContentFile

    document = add_text("Titel", "Stammtisch")

    add_version(document, ContentFile(b"etwas anderes"), "b.txt")

    assert titles("Stammtisch") == ["Titel"]


def test_counts_know_only_what_the_reader_may_see(add_text, users):
    add_text("Offen", "Stammtisch", kind="handout")
    add_text("Intern", "Stammtisch der Koordination", kind="presentation", level=Level.COORDINATION)

    anonymous = search(ANYBODY, "Stammtisch", Filters())
    coordinator = search(users["Koordination"], "Stammtisch", Filters())

    assert [choice.label for choice in anonymous.facets[0].choices] == ["Handout"]
    assert [choice.label for choice in coordinator.facets[0].choices] == ["Präsentation", "Handout"]
    assert coordinator.page.paginator.count == 2


def test_filters_narrow_and_their_own_counts_stay(add_text):
    add_text("A", "Stammtisch eins", kind="handout", date=datetime.date(2018, 5, 1))
    add_text("B", "Stammtisch zwei", kind="handout", date=datetime.date(2024, 5, 1))
    add_text("C", "Stammtisch drei", kind="other", date=datetime.date(2024, 5, 1))

    answer = search(ANYBODY, "Stammtisch", Filters(kinds=frozenset({"handout"}), years=frozenset({"2024"})))

    assert [hit.document.title for hit in answer.hits] == ["B"]
    facets = {facet.name: facet for facet in answer.facets}
    kinds, years = facets["art"], facets["jahr"]
    assert [(choice.label, choice.count, choice.chosen) for choice in kinds.choices] == [
        ("Handout", 1, True),
        ("Sonstiges", 1, False),
    ]
    assert [(choice.label, choice.count) for choice in years.choices] == [("2024", 1), ("2018", 1)]


GARBAGE = [
    '"',
    '"Stammtisch',
    "   ",
    "\0",
    "*",
    "Stammtisch*",
    "AND OR NOT NEAR(",
    "'; DROP TABLE archive_document; --",
    "title:x",
    "(",
    "&|!<->:*",
    "\\",
    "%_",
    "💥",
    "x" * 20_000,
    "wort " * 3_000,
    " ".join(f"wort{number}" for number in range(3_000)),
    "\ud800",
    "\u202e",
]


def test_garbage_is_answered_with_a_page(library, client):
    for query in GARBAGE:
        response = client.get(reverse("archive:index"), {"q": query.encode("utf-8", "surrogatepass")})

        assert response.status_code == 200, query
        assert "Archiv" in response.text


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=60))
def test_any_query_has_an_answer(library, query):
    search(ANYBODY, query, Filters())


def test_strange_parameters_are_no_error(library, client):
    for parameters in (
        {"seite": "0"},
        {"seite": "-1"},
        {"seite": "abc"},
        {"seite": "99999999999999999999"},
        {"art": "gibt-es-nicht"},
        {"ausgabe": "999"},
        {"ausgabe": "/"},
        {"jahr": "٢٠٢٤"},
        {"jahr": "\0"},
    ):
        assert client.get(reverse("archive:index"), parameters).status_code == 200, parameters


def test_markup_in_documents_never_reaches_the_page(add_text, client):
    add_text("<script>alert(1)</script>", "Vor <script>alert(2)</script> Stammtisch <img src=x> & nach")

    page = client.get(reverse("archive:index"), {"q": "Stammtisch"}).text
    echo = client.get(reverse("archive:index"), {"q": "<script>alert(3)</script>"}).text

    assert "<script>alert" not in page + echo
    assert "<img src=x>" not in page
    assert "&lt;script&gt;" in page


def test_snippet_marks_words_and_shortens_at_words():
    text = "Anfang " * 40 + "dann die Fördermittel & Mittel <b>jetzt</b> " + "Ende " * 60

    marked = snippet(text, {"fordermittel", "mittel"})

    assert "<mark>Fördermittel</mark> &amp; <mark>Mittel</mark> &lt;b&gt;" in marked
    assert marked.startswith("… Anfang ")
    assert marked.endswith(" …")
    assert len(marked) < 330


def test_function_words_count_only_alone():
    assert terms_of_query("Anträge für die Stadt") == ["antrag", "stadt"]
    assert terms_of_query("für die") == ["fur", "die"]


def test_expansion_ranks_ends_before_middles(db):
    Term.objects.bulk_create(
        [
            Term(word=word, documents=1)
            for word in ("mittel", "fordermittel", "mittelabruf", "drittmittelakquis", "vermittelt", "mittler")
        ]
    )

    (word,) = expand(analysis.words_of_query("Mittel"))

    assert (word.exact, word.near, word.far) == ({"mittel"}, {"fordermittel", "mittelabruf"}, {"drittmittelakquis"})


def test_page_of_results_needs_few_queries(library, client, django_assert_max_num_queries):
    client.get(reverse("archive:index"))

    with django_assert_max_num_queries(8):
        search(ANYBODY, "Konzept", Filters())


def test_of_a_long_document_only_the_shown_pages_are_read(site):
    store("Lang", *("Stammtisch " + "Wort " * 200 for _ in range(300)))

    with CaptureQueriesContext(connection) as queries:
        (hit,) = search(ANYBODY, "Stammtisch", Filters()).hits

    assert ([found.leaf.number for found in hit.leaves], hit.more) == ([1, 2, 3], 297)
    # The texts come by the keys of three pages, and by no other question.
    (sql,) = [query["sql"] for query in queries if '"archive_documentleaf"."text"' in query["sql"]]
    assert len(re.search(r"IN \(([^)]*)\)", sql)[1].split(",")) == 3
    assert len(queries) <= 8


def test_phrases_are_looked_for_on_the_pages_with_their_words_only(site):
    store("Lang", *["Runder Tisch in Halle"] * 5, *["Tisch, und runder wird er nicht"] * 5, *["Anderes"] * 50)

    (hit,) = search(ANYBODY, '"Runder Tisch" Halle', Filters()).hits

    assert ([found.leaf.number for found in hit.leaves], hit.more) == ([1, 2, 3], 2)
