"""The PDF of a draft, shown while an editor writes: of an edition or a report. Nothing of it is stored."""

from __future__ import annotations

import fcntl
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone

from archive.documentation.single_report import report_source
from archive.documentation.variants import source_for
from home.editing.previews import PreviewMode, PreviewUnavailable
from home.rendering.errors import DocumentError
from home.rendering.limits import write_pdf_limited

if TYPE_CHECKING:
    from django.http import HttpRequest

    from home.events.models import EditionPage
    from home.pages.base import SitePage
    from home.pages.models import NewsPage
    from home.rendering.source import DocumentSource

logger = logging.getLogger(__name__)

# An editor waits for it, and so does a process of the website: less than the build in the background may take.
SECONDS = 25
MEMORY_BYTES = 1024**3
_BUSY = (
    "Gerade wird schon eine Vorschau als PDF erstellt. "
    "Bitte schalten Sie die Vorschau in einigen Sekunden noch einmal um."
)


def show_documentation(draft: EditionPage, request: HttpRequest) -> HttpResponse:
    """The public documentation of the draft as application/pdf. Raises PreviewUnavailable."""
    return _shown(draft, lambda: source_for(draft, as_of=timezone.now()))


def show_report(draft: NewsPage, request: HttpRequest) -> HttpResponse:
    """The draft of a report on paper, as application/pdf. Raises PreviewUnavailable."""
    return _shown(draft, lambda: report_source(draft, as_of=timezone.now()))


def _shown(draft: SitePage, make: Callable[[], DocumentSource]) -> HttpResponse:
    with _only_one():
        try:
            content = write_pdf_limited(make(), seconds=SECONDS, memory=MEMORY_BYTES)
        except DocumentError as error:
            logger.info("PDF preview of page %s: %s", draft.pk, type(error).__name__)
            raise PreviewUnavailable(str(error)) from error
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": 'inline; filename="vorschau.pdf"', "Cache-Control": "no-store"},
    )


@contextmanager
def _only_one() -> Iterator[None]:
    """Let one process of this machine lay out a preview; the others are refused, not queued.

    Every keystroke may ask for one. The lock ends with the process that holds it.
    """
    with Path(settings.VAR_DIR, "preview.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PreviewUnavailable(_BUSY) from error
        yield


DOCUMENTATION_PREVIEW = PreviewMode("documentation", "PDF-Dokumentation", show_documentation)
REPORT_PREVIEW = PreviewMode("pdf", "PDF", show_report)
