"""The PDF of a draft, shown while an editor writes: of an edition or a report. Nothing of it is stored."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils import timezone

from archive.documentation.at_once import write_at_once
from archive.documentation.single_report import report_source
from archive.documentation.variants import source_for
from home.editing.previews import PreviewMode, PreviewUnavailable
from home.rendering.errors import DocumentError

if TYPE_CHECKING:
    from django.http import HttpRequest

    from home.events.models import EditionPage
    from home.pages.base import SitePage
    from home.pages.models import NewsPage
    from home.rendering.source import DocumentSource

logger = logging.getLogger(__name__)


def show_documentation(draft: EditionPage, request: HttpRequest) -> HttpResponse:
    """The public documentation of the draft as application/pdf. Raises PreviewUnavailable."""
    return _shown(draft, lambda: source_for(draft, as_of=timezone.now()))


def show_report(draft: NewsPage, request: HttpRequest) -> HttpResponse:
    """The draft of a report on paper, as application/pdf. Raises PreviewUnavailable."""
    return _shown(draft, lambda: report_source(draft, as_of=timezone.now()))


def _shown(draft: SitePage, make: Callable[[], DocumentSource]) -> HttpResponse:
    try:
        content = write_at_once(make)
    except DocumentError as error:
        logger.info("PDF preview of page %s: %s", draft.pk, type(error).__name__)
        raise PreviewUnavailable(str(error)) from error
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="vorschau.pdf"', "Cache-Control": "no-store"},
    )


DOCUMENTATION_PREVIEW = PreviewMode("documentation", "PDF-Dokumentation", show_documentation)
REPORT_PREVIEW = PreviewMode("pdf", "PDF", show_report)
