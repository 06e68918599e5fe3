"""The way of a protocol: Entwurf → in Abstimmung → freigegeben, and from there only by corrections.

Each step locks the document, looks at the state that is stored, and refuses what does not follow from it; so of two
clicks the second one changes nothing. Who took which step, and when, stands in `Protocol.log`. Who may read a protocol
in which state is the business of the access rule (`archive.access`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from archive.access import Level
from archive.deletion import DELETED, locked
from archive.errors import Refused
from archive.indexing import following
from archive.intake import Source, add_version
from archive.models import Document, DocumentLeaf, DocumentVersion, ShareLink
from archive.notices import telling
from archive.notices.models import Notice
from archive.opening import noting_if_opened
from archive.protocols.freezing import RELEASED
from archive.protocols.models import Protocol

logger = logging.getLogger(__name__)

State = Protocol.State
_NOT_READABLE = (
    "Die Steuerungsgruppe könnte dieses Protokoll nicht lesen: Es ist nur für die Redaktion bestimmt oder gerade nicht "
    "sichtbar. Bitte ändern Sie beim Dokument zuerst „Wer darf es sehen?“ oder „sichtbar ab“."
)


def submit(protocol: Protocol, *, user: Any, tell: bool = True) -> Protocol:
    """Entwurf → in Abstimmung: the steering group may read and comment from now on, and is told unless `tell` is false.

    Raises Refused.
    """
    with _step(protocol) as found:
        _move(found, (State.DRAFT,), State.REVIEW, user)
        if not Document.objects.visible_at(Level.STEERING_GROUP).filter(pk=found.document_id).exists():
            raise Refused(_NOT_READABLE)
        if tell:
            telling.tell(Notice.Kind.PROTOCOL_REVIEW, document=found.document)
    return found


def take_back(protocol: Protocol, *, user: Any, note: str = "") -> Protocol:
    """In Abstimmung → Entwurf: only editors read it until it is submitted again. Raises Refused.

    The next round is told to the steering group anew.
    """
    with _step(protocol) as found:
        _move(found, (State.REVIEW,), State.DRAFT, user, note)
        Notice.objects.filter(document=found.document_id, kind=Notice.Kind.PROTOCOL_REVIEW).delete()
    return found


def release(protocol: Protocol, *, user: Any, tell: bool = True) -> Protocol:
    """In Abstimmung → freigegeben: the current file is the protocol, and its own level says who reads it.

    Coordinators who may read it are told once, unless `tell` is false. The drafts before it are no longer read page by
    page nor found; their files stay with editors and steering group. Raises Refused.
    """
    with _step(protocol) as found:
        document = found.document
        if found.state == State.REVIEW and document.current_version is None:
            raise Refused("Zu diesem Protokoll gibt es keine Datei. Bitte laden Sie sie zuerst hoch.")
        if document.versions.filter(extraction=DocumentVersion.Extraction.RUNNING).exists():
            raise Refused("Die Datei wird gerade gelesen. Bitte geben Sie das Protokoll in einer Minute frei.")
        found.released_version, found.released_at = document.current_version, timezone.now()
        with noting_if_opened(document, user):
            _move(found, (State.REVIEW,), State.RELEASED, user)
        with following(document):
            _forget_drafts(document)
        if tell:
            telling.tell(Notice.Kind.PROTOCOL_RELEASED, document=document)
    return found


def correct(protocol: Protocol, source: Source, name: str, *, reason: str, user: Any) -> DocumentVersion:
    """Stores a corrected file of a released protocol as its new version, with the reason; returns that version.

    Its text is not read here (`tasks.queue_extraction`). Raises Refused, and FileRefused as `intake.add_version`.
    """
    reason = reason.strip()
    if not reason:
        raise Refused("Bitte schreiben Sie, was berichtigt wurde und warum.")

    def admit(document: Document) -> None:
        # In the transaction that stores the file: there is no correction without its entry, and none twice.
        if document.deleted_at is not None:
            raise Refused(DELETED)
        _move(Protocol.objects.get(pk=protocol.pk), RELEASED, State.CORRECTED, user, reason)

    document = protocol.document
    before = document.current_version_id
    version = add_version(document, source, name, user=user, note=reason[:255], admit=admit)
    if version.pk == before:
        raise Refused("Das ist dieselbe Datei wie bisher. Bitte wählen Sie die berichtigte Datei aus.")
    protocol.refresh_from_db()
    return version


def refuse_to_give_up(document: Document) -> None:
    """Raises Refused if more than a draft would be lost with the protocol of `document`."""
    protocol = Protocol.objects.filter(document=document).first()
    if protocol and (protocol.log or protocol.comments.exists() or protocol.resolutions.exists()):
        raise Refused("Zu diesem Protokoll gibt es schon einen Verlauf oder Beschlüsse. Die Art bleibt „Protokoll“.")


def give_up(document: Document) -> None:
    """Lets a document be no protocol any more, while nothing has happened with it yet. Raises Refused."""
    refuse_to_give_up(document)
    Protocol.objects.filter(document=document).delete()


@contextmanager
def _step(protocol: Protocol) -> Iterator[Protocol]:
    """The protocol as it is stored, with its document, locked until the step is done."""
    with transaction.atomic():
        document = locked(protocol.document_id)
        found = Protocol.objects.get(pk=protocol.pk)
        found.document = document
        yield found
    protocol.refresh_from_db()


def _move(protocol: Protocol, allowed: tuple[State, ...], to: State, user: Any, note: str = "") -> None:
    if protocol.state not in allowed:
        raise Refused(f"Dieser Schritt passt nicht: Das Protokoll ist {_described(protocol)}.")
    entry = {
        "at": timezone.now().isoformat(timespec="seconds"),
        "user": user.pk if user else None,
        "from": protocol.state,
        "to": to.value,
        "note": note[:1000],
    }
    protocol.log = [*protocol.log, entry]
    protocol.state = to
    protocol.save()
    logger.info("protocol %s: %s by user %s", protocol.pk, to.value, user.pk if user else None)


def _described(protocol: Protocol) -> str:
    return "ein Entwurf" if protocol.state == State.DRAFT else protocol.get_state_display()


def _forget_drafts(document: Document) -> None:
    """Text and page images of what came before the released version; so no way to them has to be guarded.

    Share links to a draft end, too.
    """
    drafts = document.versions.exclude(pk=document.current_version_id)
    ShareLink.objects.filter(version__in=drafts, revoked_at=None).update(revoked_at=timezone.now())
    leaves = DocumentLeaf.objects.filter(version__in=drafts)
    storage = DocumentLeaf._meta.get_field("image").storage
    for name in leaves.exclude(image="").values_list("image", flat=True):
        transaction.on_commit(partial(storage.delete, name))
    leaves.delete()
    drafts.update(page_count=None, extraction=DocumentVersion.Extraction.DONE)
