"""Turns a report of the website into the source of a PDF: the same words, on paper."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import get_template
from django.utils import translation

from archive.access import Level
from archive.documentation.gather import imprint
from archive.documentation.layout import stylesheet
from archive.documentation.wording import shortened, unbroken
from archive.models import Document
from home.rendering.resources import collect
from home.rendering.source import DocumentSource, Metadata
from home.rendering.streams import render_stream

if TYPE_CHECKING:
    from home.pages.models import NewsPage

# A whole sentence at the head of a page looks like a part of the text.
LONGEST_RUNNING_HEAD = 40


def report_source(report: NewsPage, *, as_of: datetime.datetime) -> DocumentSource:
    """Everything the engine needs for `report`, which may be a draft that is not saved.

    Only documents that everybody may see are named. Raises `DocumentError` if an image is missing.
    """
    language = report.locale.language_code
    visible = Document.objects.visible_at(Level.PUBLIC).select_related("current_version")
    publisher = imprint().publisher
    with translation.override(language):
        markup = get_template("documentation/single_report.html").render(
            {
                "report": report,
                "running_head": shortened(report.title, LONGEST_RUNNING_HEAD),
                "language": language,
                "body": render_stream(report.body, "print", base_url=settings.BASE_URL, documents=visible),
                "documents": _documents(report, visible.in_bulk),
                "topics": [topic.name for topic in report.topics.all()],
                "address": settings.BASE_URL + (report.get_url() or "/"),
                "base_url": settings.BASE_URL,
                "publisher": publisher,
            }
        )
    html, style = unbroken(markup), stylesheet("documentation/single_report.css")
    metadata = Metadata(
        title=report.title,
        author=publisher,
        language=language,
        created=report.first_published_at or as_of,
        modified=as_of,
        description=report.teaser,
    )
    return DocumentSource(html=html, stylesheet=style, metadata=metadata, resources=collect(html, style))


def _documents(report: NewsPage, find: Callable[[list[int]], dict[int, Document]]) -> list[Document]:
    """The documents of the report that `find` knows, in the order of the editor."""
    keys = [block.value.pk for block in report.related_documents if block.value]
    found = find(keys)
    return [found[key] for key in keys if key in found]
