"""Turns a gathered edition into the source of its PDF: HTML, style sheet, resources, metadata, attached data."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.utils import translation

from archive.documentation.content import Documentation
from archive.documentation.data import edition_json
from archive.documentation.wording import shortened, unbroken
from archive.models import Document
from home.rendering.resources import collect
from home.rendering.source import AttachedFile, DocumentSource, Metadata
from home.templatetags.parts import Tile

# A Leitwort of more characters does not fit on the cover; it stands in full at the first glance.
LONGEST_COVER_MOTTO = 260
# Style sheets lie beside the templates they belong to: nobody but the engine reads them.
_STYLE = "documentation/print.css"
_TOKENS = "css/tokens.css"
_TOKEN = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6})")


# Stands in the HTML where the short hash of the whole belongs, which cannot be known before the rest is.
_MARK = "@@fingerprint@@"
_MARK_LENGTH = 12


@translation.override(settings.LANGUAGE_CODE)
def document_source(documentation: Documentation, *, licence: str = "") -> DocumentSource:
    """Everything the engine needs. `licence` is that of the document in words (by default all rights are reserved).

    Raises `DocumentError` if an image is missing.
    """
    return source_of(documentation, "documentation/document.html", licence=licence)


def source_of(
    documentation: Documentation, template: str, *, licence: str = "", styles: tuple[str, ...] = ()
) -> DocumentSource:
    """A document from one of our templates, with the data of the edition attached."""
    markup = get_template(template).render(
        {
            "documentation": documentation,
            "edition": documentation.edition,
            "base_url": settings.BASE_URL,
            "licence": licence or str(Document.Licence.ALL_RIGHTS.label),
            "tiles": _tiles(documentation),
            "colours": _colours(),
            "cover_motto": shortened(documentation.motto, LONGEST_COVER_MOTTO),
            "fingerprint": _MARK,
        }
    )
    html, style = unbroken(markup), stylesheet(*styles)
    data = edition_json(documentation)
    source = DocumentSource(
        html=html,
        stylesheet=style,
        metadata=_metadata(documentation),
        resources=collect(html, style),
        attachments=(AttachedFile("edition.json", data, "Daten der Ausgabe (schema.org Event, JSON-LD)"),),
    )
    return replace(source, html=html.replace(_MARK, source.input_hash[:_MARK_LENGTH]))


def _metadata(documentation: Documentation) -> Metadata:
    edition = documentation.edition
    return Metadata(
        title=documentation.title,
        author=documentation.imprint.publisher,
        language="de",
        created=edition.first_published_at or documentation.as_of,
        modified=documentation.as_of,
        description=edition.motto or edition.lead,
        keywords=tuple(dict.fromkeys((edition.series.name, *documentation.topics))),
    )


def _tiles(documentation: Documentation) -> list[Tile]:
    css = {"host": "host", "in": "in"}
    return [Tile(row.office, css.get(row.presence, ""), row.label, "") for row in documentation.attendances]


@cache
def _tokens() -> str:
    found = finders.find(_TOKENS)
    # Only the light theme: what stands in a media query for screens is none of paper's business.
    return Path(str(found)).read_text().split("@media")[0]


@cache
def _colours() -> dict[str, str]:
    """Colours for drawings: SVG inside a document knows no custom properties. `on-petrol` becomes `on_petrol`."""
    return {name.replace("-", "_"): value for name, value in _TOKEN.findall(_tokens())}


def stylesheet(*more: str) -> str:
    """Colours and print style, then the style sheets of the names in `more`."""
    return _tokens() + "".join(str(get_template(name).render()) for name in (_STYLE, *more))
