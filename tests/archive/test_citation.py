"""Citations that reference managers can read, whatever stands in a title."""

from __future__ import annotations

import datetime
import re

import pytest
import time_machine

from archive.models import Document
from archive.reading.citation import bibtex, latex, names, ris, sentence, source_of, surname_first
from home.models import Topic
from tests.contents import made_once
from tests.editions_content import make_edition, make_series

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 28)


@made_once
def edition(site):
    days = {"start_date": datetime.date(2024, 11, 21), "end_date": datetime.date(2024, 11, 22)}
    return make_edition(make_series(site.root_page), place="Halle (Saale)", **days)


@pytest.fixture
def source(edition, add_text):
    def make(title="Fördermittel", **fields):
        return source_of(add_text(title, "Inhalt", edition=edition, **fields))

    return make


def braces(text):
    return text.count("{") - text.count("}")


def test_sentence_names_who_what_when_and_where(source):
    cited = source(kind="presentation", speakers="Dr. Erika von Muster, Max Beispiel", date=datetime.date(2024, 11, 21))

    assert sentence(cited, TODAY) == (
        "von Muster, Erika; Beispiel, Max (2024): Fördermittel. Präsentation, 13. Ideenwerkstatt, Halle (Saale), "
        f"21. November 2024. IKOE-Archiv, Fassung 1. {cited.url} (abgerufen am 28. November 2026)"
    )


def test_organisation_stands_in_for_people_and_the_edition_for_the_day(source):
    cited = source(organisations="AGSA")

    assert sentence(cited, TODAY).startswith(
        "AGSA (2024): Fördermittel. Sonstiges, 13. Ideenwerkstatt, Halle (Saale), 21.–22. November 2024. "
    )


def test_nothing_known_is_said_in_german(add_text):
    cited = source_of(add_text("Blatt", "Inhalt"))

    assert sentence(cited, TODAY).startswith("IKOE (o. J.): Blatt. Sonstiges. IKOE-Archiv, Fassung 1. ")


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("Erika Muster", ["Erika Muster"]),
        ("Prof. Dr. Erika Muster und Max Beispiel", ["Erika Muster", "Max Beispiel"]),
        ("Dr. phil. Erika Muster; Kim Doe", ["Erika Muster", "Kim Doe"]),
        ("Muster, Erika", ["Muster, Erika"]),
        ("Muster, Erika; Beispiel, Max", ["Muster, Erika", "Beispiel, Max"]),
        ("Erika Muster, Max Beispiel & Kim Doe", ["Erika Muster", "Max Beispiel", "Kim Doe"]),
        ("", []),
        (" , ;", []),
    ],
)
def test_people_are_told_apart(text, people):
    assert names(text) == people


@pytest.mark.parametrize(
    ("name", "sorted_name"),
    [("Erika Muster", "Muster, Erika"), ("Erika von der Muster", "von der Muster, Erika"), ("Plato", "Plato")],
)
def test_surname_comes_first(name, sorted_name):
    assert surname_first(name) == sorted_name


@time_machine.travel("2026-11-28T12:00:00+01:00", tick=False)
def test_bibtex_has_every_field(source):
    cited = source(speakers="Erika Muster, Max Beispiel", date=datetime.date(2024, 11, 21), summary="Wie es geht.")

    assert bibtex(cited).splitlines() == [
        f"@misc{{{cited.key},",
        "  author = {Muster, Erika and Beispiel, Max},",
        "  title = {{Fördermittel}},",
        "  howpublished = {Sonstiges, 13. Ideenwerkstatt, Halle (Saale)},",
        "  year = {2024},",
        "  date = {2024-11-21},",
        "  publisher = {IKOE-Archiv},",
        "  version = {1},",
        "  langid = {ngerman},",
        "  abstract = {Wie es geht.},",
        f"  url = {{{cited.url}}},",
        "  urldate = {2026-11-28}",
        "}",
    ]


HOSTILE = [
    "100 % & mehr: $5 #1 a_b ~ ^ \\input{x} {offen",
    "}} , note = {fremd",
    "Zeile\r\nER  - \r\nTY  - BOOK",
    "Tab\tGlocke\x07 weich\u00ad Ende\u2028hier",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_title_breaks_no_bibtex(source, title):
    text = bibtex(source(title=title[:200], summary=title, organisations=title))

    assert braces(text) == 0
    assert len(re.findall(r"^  \w+ = \{.*\},?$", text, re.MULTILINE)) == text.count("\n") - 2
    assert not re.search(r"(?<!\\)[%&#$_~^](?!\w+\{\})", text.replace("ikoe-archiv", "").split("  url =")[0])


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_title_breaks_no_ris(source, title):
    lines = ris(source(title=title[:200], summary=title)).split("\r\n")

    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines[:-1])
    assert [line[:2] for line in lines[:-1]].count("TY") == 1
    assert lines[-2:] == ["ER  - ", ""]


def test_latex_keeps_umlauts_and_escapes_the_rest():
    assert latex("Ä & ß_{1}\\") == r"Ä \& ß\_\textbraceleft{}1\textbraceright{}\textbackslash{}"


def test_ris_carries_kind_event_day_and_subjects(source):
    document = Document.objects.get(pk=source(kind="presentation", date=datetime.date(2024, 11, 21)).key.split("-")[-1])
    document.topics.add(Topic.objects.create(name="Förderung", slug="foerderung"))

    lines = ris(source_of(document)).split("\r\n")

    assert lines[0] == "TY  - SLIDE"
    assert {"T2  - 13. Ideenwerkstatt, Halle (Saale)", "DA  - 2024/11/21", "PY  - 2024", "KW  - Förderung"} <= set(
        lines
    )


def test_downloads_say_what_they_are(source, client):
    pk = source().key.split("-")[-1]

    for name, media_type in (
        ("zitat.bib", "application/x-bibtex"),
        ("zitat.ris", "application/x-research-info-systems"),
    ):
        answer = client.get(f"/archiv/{pk}/{name}")
        assert answer["Content-Type"] == f"{media_type}; charset=utf-8"
        assert answer["Content-Disposition"].startswith("attachment;")
        assert "Fördermittel" in answer.content.decode()
