"""One value for every block, with real objects behind it, and the ways in which a stream becomes text."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from html import escape
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.models import Page

from archive.access import Level
from archive.models import Document, DocumentVersion
from home.blocks import BodyBlock
from home.models import (
    EditionPage,
    EventSeries,
    NewsIndexPage,
    NewsPage,
    Person,
    ProgrammeItem,
    ProgrammeSpeaker,
    SeriesPage,
    SiteImage,
)
from home.rendering.streams import render_stream
from newsletter.composing.plain import lay_out
from newsletter.composing.rendering import to_html
from tests.pictures import make_image

BASE = "https://ikoe.example.org"
MEDIA = ("web", "mail", "text", "print")


@dataclass
class Objects:
    """What blocks refer to."""

    image: SiteImage
    person: Person
    edition: EditionPage
    report: NewsPage
    document: Document


def make_objects(home: Page, words: str = "") -> Objects:
    """Published and public ones; `words` is put into every text of theirs."""
    series = EventSeries.objects.create(name=f"Werkstatt {words}", slug="iw")
    series_page = home.add_child(instance=SeriesPage(title="Ideenwerkstatt", series=series))
    next_month = timezone.localdate() + datetime.timedelta(days=40)
    edition = EditionPage(
        title="13", slug="13", number=13, series=series, place=f"Halle {words}", venue=f"Stadthaus {words}",
        start_date=next_month, end_date=next_month, state=EditionPage.State.ANNOUNCED,
    )  # fmt: skip
    series_page.add_child(instance=edition)
    person = Person.objects.create(
        name=f"Kim {words}", function=f"Leitung {words}", organisation=f"IKOE {words}", email="kim@example.org",
        phone="0391 5371-271",
    )  # fmt: skip
    item = ProgrammeItem(
        page=edition, title=f"Eröffnung {words}", format="talk", room=f"Saal {words}", day=next_month,
        start=datetime.time(10), locale=edition.locale,
    )  # fmt: skip
    item.save()
    ProgrammeSpeaker.objects.create(item=item, person=person)
    news = home.add_child(instance=NewsIndexPage(title="Aktuelles", slug="aktuelles"))
    report = news.add_child(
        instance=NewsPage(
            title=f"Bericht {words}",
            slug="bericht",
            date=datetime.date(2024, 11, 22),
            teaser=f"Anriss {words}",
            body=[],
        )
    )
    image = make_image(description=f"Menschen im Saal {words}", credit=f"Foto: Kim {words}")
    return Objects(image, person, edition, report, make_document(f"Vortrag {words}", Level.PUBLIC))


def make_document(title: str, level: Level) -> Document:
    document = Document.objects.create(title=title, level=level)
    version = DocumentVersion.objects.create(
        document=document, number=1, original_name="vortrag.pdf", sha256="0" * 64, size=1_843_200,
        media_type="application/pdf", page_count=24, file=ContentFile(b"%PDF-", name="x.pdf"),
    )  # fmt: skip
    Document.objects.filter(pk=document.pk).update(current_version=version)
    return Document.objects.get(pk=document.pk)


def examples(objects: Objects, words: str = "") -> dict[str, Any]:
    """Block name -> value. Every text holds `words`; every field that may be empty is filled but the poster."""
    picture = {"image": objects.image, "caption": f"Bild {words}", "alternative": ""}
    text = (
        f'<p>Absatz {escape(words)} <a linktype="page" id="{objects.report.pk}">Bericht</a> und '
        f'<a href="https://example.org/mehr">mehr</a></p>'
    )
    return {
        "heading": {"text": f"Überschrift {words}", "level": "2"},
        "text": text,
        "quote": {
            "text": f"Zitat {words}", "attribution": f"Kim {words}", "function": f"Leitung {words}", "consent": True,
        },
        "accordion": {"entries": [{"title": f"Frage {words}", "text": text}, {"title": "Zweite Frage", "text": text}]},
        "image": picture | {"alternative": f"Was hier zählt {words}"},
        "gallery": {"pictures": [picture, picture, picture]},
        "video": {
            "title": f"Film {words}", "url": "https://www.youtube.com/watch?v=aaaaaaaaaaa",
            "file": None, "captions": None, "poster": None,
            "duration": f"3 Minuten {words}", "transcript": f"<p>Text {escape(words)}</p>",
        },
        "figures": {
            "caption": f"Bilanz {words}", "figures": [{"label": f"Stellen {words}", "planned": 33, "reached": 67}],
            "as_of": datetime.date(2018, 12, 31), "note": f"Anmerkung {words}",
        },
        "table": {
            "table": {
                "caption": f"Angebote {words}",
                "columns": [
                    {"type": "text", "heading": f"Angebot {words}"},
                    {"type": "number", "heading": f"Plätze {words}"},
                    {"type": "linked", "heading": f"Mehr {words}"},
                ],
                "rows": [{"values": [f"Workshop {words}", 1400, text]}],
            },
            "row_headings": True,
        },
        "edition": {"page": objects.edition},
        "programme": {"page": objects.edition},
        "dates": {"editions": [], "count": 3},
        "people": {"people": [objects.person, objects.person]},
        "report": {"page": objects.report},
        "documents": {"documents": [objects.document]},
        "contact": {"person": objects.person, "text": f"Fragen {words} beantwortet"},
        "call_to_action": {"text": f"Aufruf {words}", "button": f"Los {words}", "page": objects.report, "url": ""},
    }  # fmt: skip


def stream_of(*blocks: tuple[str, Any]) -> Any:
    """A stream as the database gives it: objects by their keys."""
    block = BodyBlock()
    normal = block.normalize([(name, value) for name, value in blocks])
    return block.to_python(block.get_prep_value(normal))


def rendered(stream: Any, medium: str, **context: Any) -> str:
    """What readers get in the end: mails as HTML, text laid out."""
    documents = get_document_model().objects.visible_at(Level.PUBLIC)
    markup = render_stream(stream, medium, base_url=BASE, documents=documents, **context)
    if medium == "mail":
        return to_html(f"<mjml><mj-body>{markup}</mj-body></mjml>")
    return lay_out(markup, BASE) if medium == "text" else markup
