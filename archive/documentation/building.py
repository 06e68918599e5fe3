"""Makes the documentation of an edition and stores it as a new version of its document."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from archive.documentation.checking import check_pdf
from archive.documentation.requesting import LEVELS, BuildRefused, State, Variant, give_back, request_build, take_over
from archive.documentation.variants import document_of, gathered, sources_of, write_first_that_fits
from archive.file_types import FileRefused
from archive.intake import add_version, take_in
from archive.models import Document, DocumentationBuild, DocumentVersion
from home.rendering.errors import DocumentError
from home.rendering.limits import write_pdf_limited
from home.rendering.source import DocumentSource
from home.stopping import WorkerStops

logger = logging.getLogger(__name__)

__all__ = ["LEVELS", "BuildRefused", "State", "Variant", "document_of", "request_build", "run_build"]

_PROGRESS = {
    State.GATHERING: 10,
    State.LAYING_OUT: 30,
    State.CHECKING: 85,
    State.STORED: 100,
    State.UNCHANGED: 100,
}
_UNEXPECTED = (
    "Bei der Erstellung ist ein Fehler aufgetreten, den das Programm nicht kennt. Er steht im Protokoll des Servers."
)
_TOO_LONG = "Die Erstellung hat zu lange gedauert und wurde abgebrochen. Bitte das Dokument kürzen oder teilen."
_TOO_LARGE = "Die Erstellung braucht zu viel Speicher. Bitte das Dokument kürzen oder Bilder verkleinern."


def run_build(
    build: DocumentationBuild,
    *,
    write: Callable[[DocumentSource], bytes] = write_pdf_limited,
    on_state: Callable[[DocumentationBuild], None] = lambda build: None,
) -> DocumentationBuild:
    """Gathers, lays out, checks and stores; records every step in `build` and returns it.

    A build that does not wait any more is left alone: it has run, or another process runs it. The same input as that of
    the current version stores nothing. A `DocumentError` ends in state FAILED with its sentence as the reason; any
    other exception does too, and is raised again. If the worker has to end, the build waits again. `on_state` is called
    after each step.
    """

    def advance(state: str, **values: Any) -> None:
        values |= {"state": state, "progress": _PROGRESS.get(State(state), build.progress)}
        for name, value in values.items():
            setattr(build, name, value)
        build.save(update_fields=list(values))
        on_state(build)

    if not take_over(build):
        return build
    try:
        advance(State.GATHERING)
        documentation = gathered(build.edition, build.variant)
        tighter = sources_of(documentation, build.variant)
        source = next(tighter)
        build.input_hash = source.input_hash
        # Before there is a file that names them: there is no moment in which the access rule does not know.
        build.documents.set(documentation.named)
        known = _current_version_of(build)
        if known is not None:
            advance(State.UNCHANGED, input_hash=build.input_hash, version=known, finished_at=timezone.now())
            return build
        advance(State.LAYING_OUT, input_hash=build.input_hash)
        source, content = write_first_that_fits(source, tighter, write)
        advance(State.CHECKING)
        check_pdf(content, source)
        version = _store(build, source, content)
        advance(State.STORED, version=version, reason="", finished_at=timezone.now())
    except (DocumentError, FileRefused) as error:
        logger.warning("documentation build %s failed: %s", build.pk, type(error).__name__)
        advance(State.FAILED, reason=str(error), finished_at=timezone.now())
    except WorkerStops:
        logger.info("documentation build %s waits again: its worker has to end", build.pk)
        give_back(build)
        on_state(build)
    except SoftTimeLimitExceeded:
        advance(State.FAILED, reason=_TOO_LONG, finished_at=timezone.now())
    except MemoryError:
        advance(State.FAILED, reason=_TOO_LARGE, finished_at=timezone.now())
    except BaseException:
        advance(State.FAILED, reason=_UNEXPECTED, finished_at=timezone.now())
        raise
    return build


def _current_version_of(build: DocumentationBuild) -> DocumentVersion | None:
    """The current version of the document, if it was made from exactly this input."""
    document = document_of(build.edition, build.variant)
    current = document.current_version if document else None
    if current is None or current.withdrawn_at is not None:
        return None
    same = DocumentationBuild.objects.filter(version=current, input_hash=build.input_hash).exclude(pk=build.pk)
    return current if same.exists() else None


def _store(build: DocumentationBuild, source: DocumentSource, content: bytes) -> DocumentVersion:
    suffix = "" if build.variant == Variant.PUBLIC else f"-{slugify(build.get_variant_display())}"
    name = f"{slugify(build.edition.heading)}-dokumentation{suffix}.pdf"
    document = document_of(build.edition, build.variant)
    with transaction.atomic():
        if document is None:
            document = _new_document(build, source)
            version = take_in(io.BytesIO(content), name, document=document, user=build.requested_by).version
        else:
            version = add_version(document, io.BytesIO(content), name, user=build.requested_by)
        build.version = version
        build.save(update_fields=["version"])
        return version


def _new_document(build: DocumentationBuild, source: DocumentSource) -> Document:
    edition = build.edition
    return Document(
        title=source.metadata.title,
        kind=Document.Kind.DOCUMENTATION,
        edition=edition,
        date=edition.last_day,
        organisations=source.metadata.author,
        level=LEVELS[build.variant],
        summary=edition.lead,
    )
