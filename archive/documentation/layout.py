"""Turns a gathered edition into the source of its PDF: HTML, style sheet, resources, metadata, attached data."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.utils import translation

from archive.documentation.data import edition_json
from archive.documentation.gather import Documentation
from home.rendering.resources import collect
from home.rendering.source import AttachedFile, DocumentSource, Metadata
from home.templatetags.parts import Tile

PUBLISHER = "Auslandsgesellschaft Sachsen-Anhalt e. V. (AGSA)"
# A Leitwort of more characters does not fit on the cover; it stands in full at the first glance.
LONGEST_COVER_MOTTO = 260
# Style sheets lie beside the templates they belong to: nobody but the engine reads them.
_STYLE = "documentation/print.css"
_TOKENS = "css/tokens.css"
_TOKEN = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6})")


@translation.override(settings.LANGUAGE_CODE)
def document_source(documentation: Documentation) -> DocumentSource:
    """Everything the engine needs. Raises `DocumentError` if an image is missing."""
    data = edition_json(documentation)
    html = get_template("documentation/document.html").render(
        {
            "documentation": documentation,
            "edition": documentation.edition,
            "base_url": settings.BASE_URL,
            "publisher": PUBLISHER,
            "cover_motto": _shortened(documentation.edition.motto),
            "tiles": _tiles(documentation),
            "colours": _colours(),
            "data_hash": hashlib.sha256(data).hexdigest()[:12],
        }
    )
    style = stylesheet()
    return DocumentSource(
        html=html,
        stylesheet=style,
        metadata=_metadata(documentation),
        resources=collect(html, style),
        attachments=(AttachedFile("edition.json", data, "Daten der Ausgabe (schema.org Event, JSON-LD)"),),
    )


def _metadata(documentation: Documentation) -> Metadata:
    edition = documentation.edition
    return Metadata(
        title=documentation.title,
        author=PUBLISHER,
        language="de",
        created=edition.first_published_at or documentation.as_of,
        modified=documentation.as_of,
        description=edition.motto or edition.lead,
        keywords=tuple(dict.fromkeys((edition.series.name, *documentation.topics))),
    )


def _shortened(motto: str) -> str:
    if len(motto) <= LONGEST_COVER_MOTTO:
        return motto
    return motto[:LONGEST_COVER_MOTTO].rsplit(" ", 1)[0] + " …"


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
