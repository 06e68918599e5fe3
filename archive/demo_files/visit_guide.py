"""Handout for edition 5 (Naumburg, 16–17 October 2018), made with odfdo."""

import re
from io import BytesIO
from pathlib import Path
from typing import cast

from odfdo import Document, Element, Header, List, ListItem, Paragraph, Style
from odfdo.style_base import StyleBase

from archive.demo_files import look
from archive.demo_files.packing import repack

TITLE = "Begehung der Migrationsagentur Burgenlandkreis"
OCCASION = "5. IKOE-Ideenwerkstatt, Naumburg, 16. bis 17. Oktober 2018"
SECTIONS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "Worum es geht",
        "Zur 5. Ideenwerkstatt gehörte die Begehung der neu eröffneten Migrationsagentur Burgenlandkreis; die "
        "Integrationskoordinatoren stellten sie vor Ort vor. Dieses Blatt hilft, einen solchen Besuch vorzubereiten und "
        "die Eindrücke für die eigene Arbeit festzuhalten.",
        (),
    ),
    (
        "Vor dem Besuch",
        "Zwei Fragen genügen, wenn alle sie vorher kennen:",
        (
            "Was möchten wir für unseren Landkreis mitnehmen?",
            "Worüber wollen wir mit den Kolleginnen und Kollegen vor Ort sprechen?",
        ),
    ),
    (
        "Beim Rundgang",
        "Worauf die Gruppe achten kann:",
        (
            "Ankommen: Findet man den Eingang, wird man begrüßt, versteht man die Schilder?",
            "Wege: Welche Stellen arbeiten unter einem Dach, welche Wege bleiben?",
            "Sprache: Wie werden Gespräche gedolmetscht, welche Unterlagen gibt es mehrsprachig?",
            "Räume: Wo kann man vertraulich sprechen, wo warten Familien mit Kindern?",
            "Zusammenarbeit: Wie erfährt eine Stelle, was die andere schon geklärt hat?",
        ),
    ),
    (
        "Handlungsfeld EU-Migration",
        "Fragen aus Sicht der Koordinierungsstellen:",
        (
            "Welche Anliegen bringen Menschen aus anderen EU-Staaten mit?",
            "Welche Beratung fehlt bei uns, und wer könnte sie anbieten?",
        ),
    ),
    (
        "Handlungsfeld Gesundheit",
        "Am Beispiel der Suchtprävention lässt sich besprechen:",
        (
            "Welche Angebote kennen wir, und erreichen sie alle?",
            "Wer kann Vertrauen schaffen und Informationen weitergeben?",
        ),
    ),
    (
        "Nach dem Besuch",
        "Jede Gruppe hält drei Dinge fest: eine Idee, die sofort geht; eine, die Partner braucht; eine Frage, die offen "
        "bleibt.",
        (),
    ),
)


def write(path: Path) -> None:
    """Writes the ODT to `path`."""
    document = Document("text")
    document.body.clear()
    _styles(document)
    body = document.body
    body.append(Header(1, TITLE, style="Titel"))
    body.append(Paragraph(OCCASION, style="Anlass"))
    for heading, text, points in SECTIONS:
        body.append(Header(2, heading, style="Abschnitt"))
        body.append(Paragraph(text, style="Text"))
        if points:
            items = List(style="Punkte")
            for point in points:
                items.append(ListItem(Paragraph(point, style="Text")))
            body.append(items)
    body.append(Paragraph(look.NOTICE_LONG, style="Anlass"))
    document.meta.title, document.meta.language = TITLE, "de-DE"
    document.meta.subject = look.NOTICE
    document.meta.initial_creator = document.meta.creator = look.PUBLISHER
    document.meta.creation_date = document.meta.date = look.MADE_AT
    buffer = BytesIO()
    document.save(buffer)
    repack(buffer.getvalue(), path, _without_chance)


def _without_chance(name: str, content: bytes) -> bytes:
    if name != "meta.xml":
        return content
    # The library notes itself with version and running time; both change without any change of the document.
    content = re.sub(rb"<meta:generator>.*?</meta:generator>", b"", content)
    return re.sub(rb"<meta:editing-duration>.*?</meta:editing-duration>", b"", content)


def _styles(document: Document) -> None:
    for name, size, colour, weight, above, below in (
        ("Titel", "24pt", look.PETROL, "bold", "0cm", "0.2cm"),
        ("Abschnitt", "14pt", look.PETROL, "bold", "0.6cm", "0.15cm"),
        ("Anlass", "10.5pt", look.INK_2, "normal", "0.2cm", "0.4cm"),
        ("Text", "11pt", look.INK, "normal", "0cm", "0.15cm"),
    ):
        style = Style("paragraph", name=name)
        style.set_properties(area="text", properties={"fo:color": f"#{colour}", "fo:font-size": size})
        style.set_properties(area="text", properties={"fo:font-weight": weight, "style:font-name": "Arial"})
        style.set_properties(area="paragraph", properties={"fo:margin-top": above, "fo:margin-bottom": below})
        document.insert_style(style)
    bullets = Element.from_tag(
        '<text:list-style style:name="Punkte"><text:list-level-style-bullet text:level="1" text:bullet-char="–">'
        '<style:list-level-properties text:space-before="0.2cm" text:min-label-width="0.5cm"/>'
        "</text:list-level-style-bullet></text:list-style>"
    )
    document.insert_style(cast(StyleBase, bullets), automatic=True)
