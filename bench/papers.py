"""Documents of a wished length as the documentation of an edition is made, without a database; the same in Typst."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any

from bench.german import Zipf, vocabulary

SEED = 20241121
PHOTO = "media:image/1/max-1600x1600|format-jpeg"
# Stands in the HTML until its images have been resolved, for which there would have to be a database.
_PHOTO_MARK = "@@photo@@"
_ROWS, _PARAGRAPHS, _WORDS = 7, 5, 70


@dataclass(frozen=True)
class Chapter:
    """About one page: a heading, paragraphs, a list, and now and then a photo."""

    heading: str
    paragraphs: list[str]
    points: list[str]
    has_photo: bool


@cache
def chapters(count: int) -> list[Chapter]:
    """The same chapters every time."""
    words = vocabulary(20_000, SEED)
    draws = Zipf(len(words), SEED)

    def text(length: int) -> str:
        chosen = " ".join(words[number] for number in draws.draw(length))
        return f"{chosen[0].upper()}{chosen[1:]}."

    return [
        Chapter(
            heading=text(4)[:-1],
            paragraphs=[text(_WORDS) for _ in range(_PARAGRAPHS)],
            points=[text(8) for _ in range(3)],
            has_photo=number % 4 == 3,
        )
        for number in range(count)
    ]


def photo() -> bytes:
    """A JPEG of 1600 × 1067 pixels with the noise of a real photo."""
    from PIL import Image, ImageFilter

    chance = random.Random(SEED)  # noqa: S311 -- the same picture every time
    noise = Image.frombytes("RGB", (400, 267), chance.randbytes(400 * 267 * 3))
    buffer = io.BytesIO()
    noise.filter(ImageFilter.GaussianBlur(2)).resize((1600, 1067)).save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def source(count: int) -> Any:
    """The `DocumentSource` of a documentation with `count` chapters and a programme that grows with it."""
    from archive.documentation.layout import source_of
    from home.rendering.source import Resource

    made = source_of(_documentation(count), "documentation/document.html")
    image = Resource(photo(), "image/jpeg")
    return replace(made, html=made.html.replace(_PHOTO_MARK, PHOTO), resources=dict(made.resources) | {PHOTO: image})


def _documentation(count: int) -> Any:
    from django.utils.safestring import mark_safe

    from archive.access import Level
    from archive.documentation.content import Documentation, HalfDay, Imprint, ProgrammeEntry, ReportSection
    from home.events.models import EditionPage, EventSeries

    series = EventSeries(name="Ideenwerkstatt", slug="ideenwerkstatt")
    edition = EditionPage(
        content_type_id=1, title="Probe", slug="13", number=13, place="Halle (Saale)", series=series, state="documented"
    )
    told = chapters(count)
    empty = mark_safe("")
    day = date(2024, 11, 21)
    halves = [
        HalfDay(
            f"{number + 1}. Tag",
            "Vormittag",
            tuple(
                ProgrammeEntry(
                    "", chapter.points[0], "10:00–11:00", "Workshop", ("Eine Person",), empty, empty, (), day, time(10)
                )
                for chapter in told[number * 10 : number * 10 + _ROWS]
            ),
        )
        for number in range(max(1, count // 10))
    ]
    return Documentation(
        edition=edition,
        level=Level.PUBLIC,
        address="https://www.example.org/ideenwerkstatt/13/",
        motto="Verwaltung und Wirtschaft",
        lead=told[0].paragraphs[0],
        period="21.–22. November 2024",
        hosts=("Halle (Saale)",),
        attendances=(),
        halves=tuple(halves),
        report=tuple(ReportSection(chapter.heading, mark_safe(_html(chapter))) for chapter in told),  # noqa: S308 -- our own words
        photos=(),
        outlook=empty,
        topics=("Integration",),
        steering=None,
        documents=(),
        resolutions=(),
        chronicle=(),
        funding=None,
        named=frozenset(),
        imprint=Imprint("Verein e. V.", "Magdeburg", "", "", ""),
        as_of=datetime(2024, 12, 1, 9, tzinfo=UTC),
    )


def _html(chapter: Chapter) -> str:
    paragraphs = "".join(f"<p>{text}</p>" for text in chapter.paragraphs)
    points = "".join(f"<li>{text}</li>" for text in chapter.points)
    figure = (
        f'<figure class="picture"><img src="{_PHOTO_MARK}" alt="Rauschen">'
        '<figcaption>Ein Bild. <span class="credit">Foto: Probe</span></figcaption></figure>'
        if chapter.has_photo
        else ""
    )
    return f'<div class="prose">{paragraphs}<ul>{points}</ul></div>{figure}'


def typst(count: int) -> str:
    """The same words for Typst, with the same fonts, sizes and margins."""
    head = (
        '#set document(title: "Dokumentation", date: none)\n'
        '#set page(paper: "a4", margin: (top: 32mm, x: 18mm, bottom: 26mm), '
        'header: [13. Ideenwerkstatt], footer: context [#counter(page).display("1/1", both: true)])\n'
        '#set text(font: "Fira Sans", size: 10.5pt, lang: "de", hyphenate: true)\n'
        "#outline()\n#pagebreak()\n#pad(left: 48mm)[\n"
    )
    return head + "\n".join(map(_typst, chapters(count))) + "\n]\n"


def _typst(chapter: Chapter) -> str:
    paragraphs = "\n\n".join(chapter.paragraphs)
    points = "\n".join(f"- {text}" for text in chapter.points)
    figure = (
        '#figure(image("photo.jpg", alt: "Rauschen"), caption: [Ein Bild. Foto: Probe])' if chapter.has_photo else ""
    )
    return f"== {chapter.heading}\n\n{paragraphs}\n\n{points}\n\n{figure}\n"
