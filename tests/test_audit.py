"""The budgets of `make audit`: what fails, what is only reported, and how a report of Lighthouse is read."""

import pytest

from tests.audit.__main__ import main
from tests.audit.budgets import KINDS, SCORES, Page, Report, missed, table
from tests.audit.lighthouse import LighthouseFailed, read_report

PAGE = Page("Beispiel", "/", kilobytes=100)


def report(*, scores=None, weights=None, faults=None, foreign=()):
    return Report(
        scores=dict.fromkeys(SCORES, 100) | (scores or {}),
        weights=dict.fromkeys(KINDS, 0) | (weights or {}),
        lcp=1.25,
        faults={name: [] for name in SCORES} | (faults or {}),
        foreign=list(foreign),
    )


def said(*requests, **scores):
    """As much of a report of Lighthouse as is read, with these requests: kind, bytes, address."""
    items = [{"resourceType": kind, "transferSize": size, "url": url} for kind, size, url in requests]
    refs = [{"id": "image-alt", "weight": 10}, {"id": "hint", "weight": 0}, {"id": "manual", "weight": 1}]
    return {
        "requestedUrl": "http://localhost:1/",
        "finalDisplayedUrl": "http://localhost:1/",
        "audits": {
            "network-requests": {"details": {"items": items}},
            "largest-contentful-paint": {"numericValue": 1234.5},
            "image-alt": {"title": "Bilder ohne Alternativtext", "score": 0},
            "hint": {"title": "Nur ein Hinweis", "score": 0},
            "manual": {"title": "Von Hand zu prüfen", "score": None},
        },
        "categories": {name: {"score": scores.get(name, 1), "auditRefs": refs} for name in SCORES},
    }


def test_page_within_its_budget_misses_nothing():
    assert list(missed(PAGE, report(weights={"HTML": 10_000, "Bilder": 90_000}))) == []


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        ({"Bilder": 100_001}, "Beispiel: zusammen 101 KB statt höchstens 100 KB."),
        ({"CSS": 12_345}, "Beispiel: CSS 13 KB statt höchstens 12 KB."),
        ({"JS": 5_400}, "Beispiel: JS 6 KB statt höchstens 5 KB."),
    ],
)
def test_page_over_a_budget_is_named_with_its_weight(weights, sentence):
    assert list(missed(PAGE, report(weights=weights))) == [sentence]


@pytest.mark.parametrize("category", ["accessibility", "best-practices", "seo"])
def test_score_below_100_fails_with_its_reason(category):
    found = report(scores={category: 99}, faults={category: ["Bilder ohne Alternativtext"]})

    (sentence,) = missed(PAGE, found)

    assert "99 statt mindestens 100 (Bilder ohne Alternativtext)" in sentence


def test_speed_may_suffer_a_little_from_the_machine():
    spoilt, slow = report(scores={"performance": 81}), report(scores={"performance": 79})

    assert list(missed(PAGE, spoilt)) == []
    assert list(missed(PAGE, slow)) == ["Beispiel: Leistung 79 statt mindestens 80 (ohne Angabe)."]
    assert "79" in table({"home": slow})


def test_request_to_another_server_fails():
    assert list(missed(PAGE, report(foreign=["fonts.example.org"]))) == ["Beispiel: fremder Server fonts.example.org."]


def test_report_is_read_by_kind_of_what_was_loaded():
    found = read_report(
        said(
            ("Document", 5_000, "http://localhost:1/"),
            ("Image", 700, "http://localhost:1/a.webp"),
            ("Image", 300, "http://localhost:1/b.webp"),
            ("Manifest", 40, "http://localhost:1/site.webmanifest"),
            ("Image", 0, "data:image/svg+xml,…"),
            ("Font", 20_000, "http://fonts.example.org/x.woff2"),
        )
    )

    assert found.weights == {"HTML": 5_000, "CSS": 0, "JS": 0, "Schrift": 20_000, "Bilder": 1_000, "Sonstiges": 40}
    assert found.total == 26_040
    assert found.foreign == ["fonts.example.org"]
    assert found.lcp == pytest.approx(1.2345)


def test_only_what_costs_points_is_a_fault():
    found = read_report(said(accessibility=0.97))

    assert found.scores["accessibility"] == 97
    assert found.faults["accessibility"] == ["Bilder ohne Alternativtext"]


def test_category_that_could_not_be_judged_is_no_100():
    assert read_report(said(seo=None)).scores["seo"] == 0


def test_page_that_lighthouse_could_not_load_is_an_error():
    with pytest.raises(LighthouseFailed, match="keine Antwort"):
        read_report(said() | {"runtimeError": {"message": "keine Antwort"}})


def test_unknown_page_is_a_mistake_in_the_command(capsys):
    assert main(["home,gibt-es-nicht"]) == 2
    assert "Unbekannt: gibt-es-nicht" in capsys.readouterr().err
