"""What narrows a search, what it says when it finds little, and what a hit shows."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from archive.access import Level
from archive.indexing import read_version
from archive.intake import add_version
from archive.models import Document
from archive.search import Filters, found_keys, search
from home.models import Participation, Topic
from tests.accounts_content import make_office
from tests.archive.library import store
from tests.contents import made_once
from tests.editions_content import make_edition, make_series

pytestmark = pytest.mark.django_db
ANYBODY = AnonymousUser()


@made_once
def editions(site):
    """The 13th Ideenwerkstatt in Halle, invited to by Halle, and an Ideencafé."""
    halle = make_office("Halle", "15002")
    made = {}
    for slug, name, number in (("ideenwerkstatt", "Ideenwerkstatt", 13), ("ideencafe", "Ideencafé", None)):
        series, day = make_series(site.root_page, name, slug), datetime.date(2024, 3, 5)
        made[slug] = make_edition(series, number, title=name, slug="maerz", place="Halle", start_date=day)
    Participation.objects.create(page=made["ideenwerkstatt"], office=halle, hosted=True)
    return made


@made_once
def library(editions):
    """One document with everything to narrow by, one with nothing of it, and one that only coordinators see."""
    topic = Topic.objects.create(name="Förderung", slug="foerderung")
    store("Voll", "Stammtisch eins", kind="protocol", edition=editions["ideenwerkstatt"], language="en", topics=[topic])
    store("Leer", "Stammtisch zwei", kind="handout", date=datetime.date(2018, 5, 1))
    store(
        "Verborgen",
        "Stammtisch drei",
        kind="photo",
        edition=editions["ideencafe"],
        level=Level.COORDINATION,
        language="fr",
        topics=[topic, Topic.objects.create(name="Geheim", slug="geheim")],
    )


def facets(user, filters=None):
    answer = search(user, "Stammtisch", filters or Filters())
    return {facet.name: {choice.label: choice.count for choice in facet.choices} for facet in answer.facets}


def test_facets_count_what_the_reader_may_see_and_nothing_else(library, users):
    for_anybody = facets(ANYBODY)
    for_coordinators = facets(users["Koordination"])

    assert for_anybody == {
        "art": {"Protokoll": 1, "Handout": 1},
        "reihe": {"Ideenwerkstatt": 1},
        "ausgabe": {"13. Halle": 1},
        "thema": {"Förderung": 1},
        "jahr": {"2024": 1, "2018": 1},
        "stelle": {"Halle": 1},
        "format": {"Textdatei": 2},
        "sprache": {"Deutsch": 1, "Englisch": 1},
        "zugang": {"öffentlich": 2},
    }
    assert for_coordinators["zugang"] == {"öffentlich": 2, "Koordination": 1}
    assert for_coordinators["thema"] == {"Förderung": 2, "Geheim": 1}
    assert for_coordinators["ausgabe"] == {"13. Halle": 1, "Ideencafé Halle": 1}
    assert for_coordinators["sprache"] == {"Deutsch": 1, "Englisch": 1, "Französisch": 1}


@pytest.mark.parametrize(
    "chosen",
    [
        {"art": "protocol"},
        {"reihe": "ideenwerkstatt"},
        {"ausgabe": "13"},
        {"thema": "foerderung"},
        {"jahr": "2024"},
        {"stelle": "halle"},
        {"sprache": "en"},
        {"format": "txt", "ausgabe": "13", "zugang": "0"},
    ],
)
def test_choices_in_the_address_narrow_the_hits(library, client, chosen):
    page = client.get(reverse("archive:index"), {"q": "Stammtisch", **chosen})

    assert [hit.document.title for hit in page.context["answer"].hits] == ["Voll"]
    assert page.text.count(" checked>") == len(chosen)


def test_two_choices_of_a_facet_add_up_and_two_facets_do_not(library):
    both = Filters(kinds=frozenset({"protocol", "handout"}))
    none = Filters(kinds=frozenset({"handout"}), topics=frozenset({"foerderung"}))

    assert len(search(ANYBODY, "Stammtisch", both).hits) == 2
    assert len(search(ANYBODY, "Stammtisch", none).hits) == 0
    assert facets(ANYBODY, none)["art"] == {"Protokoll": 1, "Handout": 0}
    assert facets(ANYBODY, none)["thema"] == {"Förderung": 0}


def test_choices_that_do_not_exist_find_nothing_and_are_no_error(library, client):
    for parameter in ("art", "reihe", "ausgabe", "jahr", "thema", "stelle", "format", "sprache", "zugang"):
        for values in ("gibt-es-nicht", "9" * 300, "\0", [str(number) for number in range(500)]):
            assert client.get(reverse("archive:index"), {"q": "Stammtisch", parameter: values}).status_code == 200


def test_everything_found_has_the_order_of_the_pages(library, users):
    listed = [hit.document.pk for hit in search(users["Koordination"], "Stammtisch", Filters()).hits]

    assert found_keys(users["Koordination"], "Stammtisch", Filters()) == listed
    assert len(listed) == 3


def test_mistyped_word_is_put_right(site, client):
    store("Geld", "Anträge auf Fördermittel für die Koordinierungsstelle")

    answer = search(ANYBODY, "Antrag Fördermitel", Filters())
    page = client.get(reverse("archive:index"), {"q": "Koordinirungsstelle"}).text

    assert answer.suggestion == "Antrag Fördermittel"
    assert 'Meinten Sie <a href="/archiv/?q=Koordinierungsstelle">Koordinierungsstelle</a>?' in page


def test_words_of_hidden_documents_are_not_suggested(site, users):
    store("Intern", "Kündigungsschreiben", level=Level.STEERING_GROUP)

    assert search(ANYBODY, "Kündigungsschreibn", Filters()).suggestion == ""
    assert search(users["Koordination"], "Kündigungsschreibn", Filters()).suggestion == ""
    assert search(users["Steuerungsgruppe"], "Kündigungsschreibn", Filters()).suggestion == "Kündigungsschreiben"


def test_words_of_hidden_documents_are_not_in_the_way_of_others(site, users):
    """Many words of hidden documents are more similar and more frequent than the one that the reader may see."""
    store("Offen", "Quarzlampe")
    for ending in "abcdfghi":
        for number in range(2):
            store(f"Intern {ending}{number}", f"Quarzlamp{ending}", level=Level.STEERING_GROUP)

    assert search(ANYBODY, "Quarzlampxx", Filters()).suggestion == "Quarzlampe"
    # Also where the word as it was typed is one of theirs.
    assert search(ANYBODY, "Quarzlampa", Filters()).suggestion == "Quarzlampe"


def test_what_is_suggested_beside_compounds_does_not_depend_on_hidden_documents(site):
    store("Amt", "Stadtrat")
    for number in range(4):
        store(f"Heft {number}", "Stadplan")
    before = search(ANYBODY, "Stad", Filters()).suggestion
    store("Intern", "Stad", level=Level.STEERING_GROUP)

    assert search(ANYBODY, "Stad", Filters()).suggestion == before


def test_nothing_is_suggested_for_words_that_are_right(site):
    store("Eins", "Stadt und Staat")
    store("Zwei", "Fördermittel")

    assert search(ANYBODY, "Stadt", Filters()).suggestion == ""
    assert search(ANYBODY, "Stadt Fördermittel", Filters()).suggestion == ""
    assert search(ANYBODY, "Schwimmbad", Filters()).suggestion == ""


def test_a_word_that_many_more_documents_have_is_suggested_beside_few_hits(site):
    for number in range(12):
        store(f"Heft {number}", f"Vom Barcamp Nummer {number}")
    store("Verschrieben", "Vom Barcanp")

    answer = search(ANYBODY, "Barcanp", Filters())

    assert (len(answer.hits), answer.suggestion) == (1, "Barcamp")


def test_exact_words_leave_out_compounds(site, client):
    store("Ganz", "Die Mittel")
    store("Zusammen", "Die Fördermittel")

    loose = client.get(reverse("archive:index"), {"q": "Mittel"}).context["answer"]
    exact = client.get(reverse("archive:index"), {"q": "Mittel", "genau": "1"}).context["answer"]

    assert [hit.document.title for hit in loose.hits] == ["Ganz", "Zusammen"]
    assert [hit.document.title for hit in exact.hits] == ["Ganz"]


@made_once
def compounds(site) -> None:
    for title in (
        "Sprachkurse der Stadt",
        "Diskurs und Exkursion",
        "Sportvereine",
        "Nach Vereinbarung",
        "Förderanträge",
        "Jährlich beantragt",
        "Das Jugendamt",
        "Insgesamt",
        "Die Förderung der Sprache",
        "Förderung, in einfacher Sprache",
        "Beratungsstellen",
        "Ein Referat",
    ):
        store(title)
    store("Die Jugend", "Ein Amt")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("Kurs", {"Sprachkurse der Stadt"}),
        ("Verein", {"Sportvereine"}),
        ("Antrag", {"Förderanträge"}),
        ("Amt", {"Das Jugendamt", "Die Jugend"}),
        ("Sprachförderung", {"Die Förderung der Sprache"}),
        ("Beratung", {"Beratungsstellen"}),
        ("Rat", set()),
    ],
)
def test_compounds_are_found_and_accidents_are_not(compounds, query, found):
    assert {hit.document.title for hit in search(ANYBODY, query, Filters(), size=100).hits} == found


def test_words_in_quotation_marks_follow_each_other(site):
    store("Phrase", "Der Stand", "Ein Runder\nTisch mit der Polizei")
    store("Wörter", "Der Tisch ist ein runder")

    for query in ('"Runder Tisch"', "„runder Tisch“", '"runder Tisch" Polizei'):
        (hit,) = search(ANYBODY, query, Filters()).hits
        assert (hit.document.title, [found.leaf.number for found in hit.leaves]) == ("Phrase", [2])
    assert search(ANYBODY, '"Tisch Polizei"', Filters()).hits == []


def test_pages_of_an_earlier_version_are_not_shown(site):
    document = store("Stammtisch", "Stammtisch mit Einladung")
    newest = add_version(document, ContentFile(b"Ein anderer Text"), "c.txt")
    read_version(newest.pk)

    (hit,) = search(ANYBODY, "Stammtisch", Filters()).hits

    assert hit.leaves == []


def test_hit_shows_what_it_is_and_opens_its_page(editions, users, pdf, client):
    from archive.intake import take_in

    document = Document(
        title="Antrag",
        kind="presentation",
        edition=editions["ideenwerkstatt"],
        date=datetime.date(2024, 3, 6),
        speakers="Ada Beispiel",
        organisations="Verein Muster",
        level=Level.COORDINATION,
    )
    taken = take_in(pdf, pdf.name, document=document)
    read_version(taken.version.pk)
    client.force_login(users["Koordination"])

    page = client.get(reverse("archive:index"), {"q": "Verwendungsnachweis"}).text

    for part in (
        "Präsentation",
        "13. Ideenwerkstatt",
        "6. März 2024",
        "Ada Beispiel (Verein Muster)",
        "nur Koordination",
    ):
        assert part in page
    assert f'src="/archiv/{taken.document.pk}/v/1/seite/5-klein.webp"' in page
    assert f'href="/archiv/{taken.document.pk}/v/1/datei/#page=5"' in page


@pytest.mark.usefixtures("kept_frame")
def test_first_page_of_results_takes_eight_queries_whatever_there_is(library, client):
    address, parameters = reverse("archive:index"), {"q": "Stammtisch Kurs", "art": "handout"}

    def add(count):
        for number in range(count):
            store(f"Heft {number}", f"Kurse am Stammtisch {number}", "Ein Sprachkurs", kind="handout")

    def taken():
        # What stands around the page is kept for five seconds, and adding takes longer on a slow machine.
        client.get(address, parameters)
        with CaptureQueriesContext(connection) as captured:
            client.get(address, parameters)
        return len(captured)

    add(3)
    few = taken()
    add(20)

    assert taken() == few <= 8
