"""German words in the form in which they are searched, and words that stand side by side."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from home.search import analysis
from home.search.phrases import pairs


@pytest.mark.parametrize(
    "written",
    [
        ("Fördermittel", "Foerdermittel", "Fordermittel", "FÖRDERMITTEL", "Fördermitteln", "Fo\u0308rdermittel"),
        ("Maßnahme", "Massnahme", "Maßnahmen", "massnahmen"),
        ("Gödde", "Goedde", "Godde"),
        ("Stadt", "Städte", "Städten", "Staedte"),
        ("Koordinierungsstelle", "Koordinierungsstellen"),
        (
            "Koordinator",
            "Koordinatoren",
            "Koordinatorin",
            "Koordinatorinnen",
            "Koordinator*innen",
            "Koordinator:in",
            "Koordinator/innen",
        ),
        ("Kollege", "Kollegin", "Kolleg*innen"),
        ("Migrant", "Migrantin", "Migrant*innen"),
        ("Arzt", "Ärztin", "Ärztinnen"),
        ("Beamte", "Beamtin"),
        ("Kurs", "Kurse", "Kurses", "Kursen"),
        ("Bus", "Busse", "Bussen"),
        ("Zeugnis", "Zeugnisse"),
        ("Kita", "Kitas"),
        ("Büro", "Büros"),
    ],
)
def test_forms_of_one_word_share_a_term(written):
    found = {tuple(analysis.terms(analysis.clean(word))) for word in written}

    assert len(found) == 1
    assert len(found.pop()) == 1


@given(st.text(max_size=80), st.integers(0, 20))
@example("UAE0", 0)
@example("aee0", 0)
def test_occurrences_are_the_words_with_these_terms(text, number):
    words = list(analysis.words(f"{text} Steuer Ämter Oefen Bauern Auer Aue Quelle"))
    wanted = {word.term for word in words[: number % len(words) + 1]}

    assert list(analysis.occurrences(f"{text} Steuer Ämter Oefen Bauern Auer Aue Quelle", wanted)) == [
        word for word in words if word.term in wanted
    ]


def test_nouns_joined_by_small_words_are_a_pair():
    text = "Ein Konzept für die Integration und der Markt für kleine Wohnungen. Schutz der\nDaten, Alltag in Halle"

    assert list(pairs(text)) == ["integration0konzept", "markt0wohnung", "dat0schutz", "alltag0hall"]


@pytest.mark.parametrize(
    "text",
    [
        "Konzept und Integration",
        "Konzept. Für die Integration",
        "Konzept, das der Integration dient",
        "das Konzept für eine neue kommunale Integration",
        "konzept für die integration",
    ],
)
def test_other_neighbours_are_no_pair(text):
    assert list(pairs(text)) == []


def test_phrases_stand_between_quotation_marks():
    query = '"Runder Tisch" und „Gute Arbeit“ «ein drei» "einzeln" "offen'

    assert analysis.phrases_of_query(query) == [["Runder", "Tisch"], ["Gute", "Arbeit"], ["ein", "drei"]]


@pytest.mark.parametrize(("one", "other"), [("Termin", "Term"), ("Berlin", "Berl"), ("Steuer", "Stur"), ("neue", "nu")])
def test_different_words_keep_different_terms(one, other):
    assert analysis.term_of(one) != analysis.term_of(other)


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("Förder-\nmittel", "Fördermittel"),
        ("Förder\u2010\r\nmittel", "Fördermittel"),
        ("Förder\ufffe\r\nmittel", "Fördermittel"),
        ("Förder\u00admittel", "Fördermittel"),
        ("EU-\nMigration", "EU-Migration"),
        ("Landkreise-\nund Städte", "Landkreise- und Städte"),
        ("Seite 3 -\nmehr", "Seite 3 -\nmehr"),
        ("Fo\u0308rdern", "Fördern"),
    ],
)
def test_clean_joins_hyphenated_lines(raw, read):
    assert analysis.clean(raw) == read


def test_words_carry_their_places_in_the_text():
    text = "Die Koordinator*innen, 2024!"

    found = list(analysis.words(text))

    assert [word.surface for word in found] == ["Die", "Koordinator*innen", "2024"]
    assert all(text[word.start : word.end] == word.surface for word in found)


@given(st.text(max_size=300))
def test_any_text_is_analysed_without_error(text):
    for word in analysis.words(analysis.clean(text)):
        assert word.term
        assert not set(word.term) & set("\"' \x00")
