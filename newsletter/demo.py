"""Subscribers and one issue for the demo, made with the same verbs as anybody's. Repeating it changes nothing."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from archive.models import Document
from home.demo import demo_key, demo_page
from home.demo_content.pages import BALANCE
from home.models import EditionPage, HomePage, NewsPage, SeriesPage, Topic
from newsletter import tokens
from newsletter.models import ConsentText, NewsletterIndexPage, NewsletterIssuePage, Subscriber
from newsletter.subscribing import consent

PUBLISHED = datetime.datetime(2025, 1, 15, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))
SIGNED_UP = datetime.datetime(2024, 12, 2, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))
SLUG = "2025-1"
WORDING = (
    "Ich möchte den IKOE-Newsletter der Auslandsgesellschaft Sachsen-Anhalt e. V. (AGSA) etwa viermal im Jahr per "
    "E-Mail bekommen. Die AGSA darf dafür meine E-Mail-Adresse, die gewählten Themen und, wenn ich ihn angebe, meinen "
    "Namen speichern. Ich "
    "kann den Newsletter jederzeit über den Link in jeder Ausgabe abbestellen."
)
OFFICES = (
    "Altmarkkreis Salzwedel", "Anhalt-Bitterfeld", "Börde", "Burgenlandkreis", "Dessau-Roßlau", "Halle", "Harz",
    "Jerichower Land", "Magdeburg", "Mansfeld-Südharz", "Saalekreis", "Salzlandkreis", "Stendal", "Wittenberg",
)  # fmt: skip
_ASCII = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", " ": "-"})


@dataclass(frozen=True)
class Reader:
    """A made-up subscriber; `end` is how far they came."""

    address: str
    name: str = ""
    topics: tuple[str, ...] = ()
    end: str = "confirmed"


READERS = (
    *(Reader(f"{name.lower().translate(_ASCII)}@example.org") for name in OFFICES),
    Reader("kim.beispiel@example.org", "Kim Beispiel", ("ideenwerkstatt",)),
    Reader("freiwilligenagentur@example.org", topics=("termine",)),
    Reader("volkshochschule@example.org", topics=("ideenwerkstatt", "termine")),
    Reader("sascha.beispiel@example.org", "Sascha Beispiel"),
    Reader("sprachcafe@example.org", topics=("termine",)),
    Reader("netzwerk-sued@example.org", topics=("ideenwerkstatt", "foerderung")),
    Reader("bibliothek@example.org"),
    Reader("presse@example.org", topics=("ideenwerkstatt",)),
    # Nobody below gets the issue of the demo: other topics, a pause, no confirmation, unsubscribed.
    Reader("foerderverein@example.org", topics=("foerderung",)),
    Reader("elternzeit@example.org", end="paused"),
    Reader("noch-offen@example.org", end="signed up"),
    Reader("vertippt@example.org", end="signed up"),
    Reader("umgezogen@example.org", end="unsubscribed"),
    Reader("abgemeldet@example.org", end="unsubscribed"),
)


@transaction.atomic
def load() -> NewsletterIssuePage:
    """Make what is missing and return the issue, published. Needs the content of `home.demo` and `archive.demo`."""
    text = consent.current_text() or consent.new_text(WORDING)
    for position, reader in enumerate(READERS):
        if not Subscriber.objects.filter(email=reader.address).exists():
            _subscribe(reader, text, SIGNED_UP + datetime.timedelta(hours=7 * position))
    return _issue()


def _subscribe(reader: Reader, text: ConsentText, at: datetime.datetime) -> None:
    topics = list(Topic.objects.filter(slug__in=reader.topics))
    record = consent.sign_up(
        reader.address, name=reader.name, topics=topics, text=text, source="/newsletter/anmelden/", at=at
    )
    if record is None or reader.end == "signed up":
        return
    subscriber = record.subscriber
    consent.confirm(tokens.make_confirmation(subscriber.key, record.pk), at=at + datetime.timedelta(minutes=9))
    if reader.end == "paused":
        consent.change_settings(subscriber, topics=topics, paused=True, name=reader.name)
    if reader.end == "unsubscribed":
        consent.unsubscribe(subscriber.key, at=at + datetime.timedelta(days=3), source="Link in der Mail")


def _issue() -> NewsletterIssuePage:
    home = demo_page(HomePage, "")
    index = NewsletterIndexPage.objects.filter(translation_key=demo_key("newsletter")).first()
    if index is None:
        index = NewsletterIndexPage(
            title="Newsletter",
            slug="newsletter",
            locale=home.locale,
            translation_key=demo_key("newsletter"),
            lead="Etwa viermal im Jahr: Berichte aus den Ideenwerkstätten, die nächsten Termine, neue Dokumente.",
            search_description="Alle Ausgaben des IKOE-Newsletters und die Anmeldung.",
        )
        home.add_child(instance=index)
        index.save_revision().publish()
    issue = NewsletterIssuePage.objects.filter(translation_key=demo_key(f"newsletter/{SLUG}")).first()
    if issue is None:
        issue = NewsletterIssuePage(
            title="Newsletter 1/2025",
            slug=SLUG,
            locale=home.locale,
            translation_key=demo_key(f"newsletter/{SLUG}"),
            number="1/2025",
            subject="Was aus Halle bleibt, und die Termine für 2025",
            preheader="Rückblick auf die 13. Ideenwerkstatt, zwei Termine und drei Dokumente aus dem Archiv.",
            intro=(
                "Wie sprechen Verwaltungen Unternehmen so an, dass daraus eine dauerhafte Zusammenarbeit wird? Darum "
                "ging es im November in Halle. Das Programm, die Unterlagen und die Ergebnisse stehen jetzt online."
            ),
            search_description="Rückblick auf die 13. Ideenwerkstatt in Halle, Termine 2025 und neue Dokumente.",
            first_published_at=PUBLISHED,
            body=_body(),
        )
        index.add_child(instance=issue)
        issue.topics.set(Topic.objects.filter(slug__in=["ideenwerkstatt", "termine"]))
        issue.save_revision().publish()
        issue.refresh_from_db()
    return issue


def _body() -> list[tuple[str, Any]]:
    names = [
        "Verwaltung und Wirtschaft im Gespräch.pdf",
        "Neue Antragsformalitäten ab 2025.pdf",
        "Netzwerke erkennen, entwickeln und gestalten.pptx",
    ]
    documents = list(Document.objects.filter(current_version__original_name__in=names).order_by("-date", "title"))
    archive: list[tuple[str, Any]] = [
        ("heading", {"text": "Aus dem Archiv", "level": "2"}),
        ("documents", {"documents": documents}),
    ]
    return [
        ("edition", {"page": demo_page(EditionPage, "ideenwerkstatt/13")}),
        ("report", {"page": demo_page(NewsPage, "aktuelles/ideenwerkstatt-13-halle")}),
        ("heading", {"text": "Termine", "level": "2"}),
        ("edition", {"page": demo_page(EditionPage, "ideencafe/maerz-2025")}),
        ("edition", {"page": demo_page(EditionPage, "ideenwerkstatt/november-2025")}),
        *(archive if documents else []),
        ("heading", {"text": "Stimmen", "level": "2"}),
        (
            "quote",
            {
                "text": "Hier kann ich fragen, was ich sonst niemanden fragen kann.",
                "attribution": "Beispielzitat, um den Baustein zu zeigen",
                "function": "",
                "consent": True,
            },
        ),
        ("heading", {"text": "Woher wir kommen", "level": "2"}),
        ("figures", BALANCE),
        (
            "call_to_action",
            {
                "text": "Alle Treffen seit 2016, soweit sie erfasst sind:",
                "button": "Zur Chronik",
                "page": demo_page(SeriesPage, "ideenwerkstatt"),
                "url": "",
            },
        ),
    ]
