"""A released protocol is frozen: it gets no other file but by a correction (`workflow.correct`)."""

from __future__ import annotations

from archive.file_types import FileRefused
from archive.models import Document
from archive.protocols.models import Protocol

RELEASED = (Protocol.State.RELEASED, Protocol.State.CORRECTED)
FROZEN = (
    "Dieses Protokoll ist freigegeben, seine Datei bleibt, wie sie ist. "
    "Eine berichtigte Datei nehmen Sie über „Protokoll“ und dort „Korrektur“ auf."
)


def is_frozen(document: Document) -> bool:
    """Whether `document` is a protocol that was released."""
    return Protocol.objects.filter(document=document, state__in=RELEASED).exists()


def refuse_frozen(document: Document) -> None:
    """Raises FileRefused if `document` takes no new file but a correction."""
    if is_frozen(document):
        raise FileRefused(FROZEN)
