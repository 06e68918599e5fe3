"""Who agreed that a document is published, and who takes it back. Rows are added and ended, never rewritten.

What follows from them is kept in `Document.publication_agreed`, in the same transaction; the access rule asks only for
that (`archive.access`), so a withdrawal hides the document with the next request, wherever it is shown.
"""

from __future__ import annotations

import datetime
import logging
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from archive.access import Level
from archive.consents.models import PublicationConsent
from archive.deletion import locked
from archive.errors import Refused
from archive.models import Document
from archive.opening import noting_if_opened
from archive.thumbnails import forget_thumbnails

logger = logging.getLogger(__name__)

RECORDED = "archive.consent_recorded"
WITHDRAWN = "archive.consent_withdrawn"

Scope = PublicationConsent.Scope
People = Document.People


def record(
    document: Document, *, person: str, scope: str, given_on: datetime.date, user: Any, note: str = ""
) -> PublicationConsent:
    """Notes that `person` agreed on that day, to the public or to readers with login only. Raises Refused."""
    person = " ".join(person.split())
    if not person:
        raise Refused("Bitte schreiben Sie, wer eingewilligt hat.")
    if given_on > timezone.localdate():
        raise Refused("Der Tag der Einwilligung liegt in der Zukunft.")
    with transaction.atomic():
        stored = locked(document.pk)
        consent = PublicationConsent.objects.create(
            document=stored, person=person, scope=scope, given_on=given_on, recorded_by=user, note=note.strip()
        )
        with noting_if_opened(stored, user):
            _take_over(document, stored)
        log(instance=stored, action=RECORDED, user=user, data={"consent": consent.pk})
    logger.info("document %s: consent %s recorded", document.pk, consent.pk)
    return consent


def withdraw(consent: PublicationConsent, *, on: datetime.date, user: Any, note: str = "") -> None:
    """Ends what the person of `consent` has agreed to for this document, all of it. Raises Refused.

    From now on the document is not public until the person agrees anew. Small pictures that were made for visitors go.
    """
    with transaction.atomic():
        document = locked(consent.document_id)
        rows = [row for row in document.consents.filter(withdrawn_on=None) if _name(row) == _name(consent)]
        if not rows:
            raise Refused("Diese Einwilligung ist schon widerrufen.")
        if on > timezone.localdate():
            raise Refused("Der Tag des Widerrufs liegt in der Zukunft.")
        if any(on < row.given_on for row in rows):
            raise Refused("Der Tag des Widerrufs liegt vor dem Tag der Einwilligung.")
        for row in rows:
            row.withdrawn_on = on
            row.note = _added(row.note, note)
            row.save(update_fields=["withdrawn_on", "note"])
            log(instance=document, action=WITHDRAWN, user=user, data={"consent": row.pk})
        _take_over(consent.document, document)
        forget_thumbnails(document)
    consent.refresh_from_db()
    logger.info("document %s: consents %s withdrawn", document.pk, [row.pk for row in rows])


def is_agreed(document: Document) -> bool:
    """Whether everybody on record has agreed to publication, and at least one person is on record.

    The newest word of each person counts: an end, or a consent to internal use only, is no consent to publication.
    """
    newest: dict[str, PublicationConsent] = {}
    for row in document.consents.order_by("pk"):
        newest[_name(row)] = row
    return bool(newest) and all(row.withdrawn_on is None and row.scope == Scope.PUBLIC for row in newest.values())


def why_not_public(document: Document) -> str:
    """A German sentence for the editor if a document is meant for the public and a consent is missing; else ""."""
    if document.level != Level.PUBLIC or document.publication_agreed or document.people == People.NONE:
        return ""
    if document.people == People.NAMED:
        return _what_is_missing(document)
    if document.kind == Document.Kind.PHOTO:
        return (
            "Bitte geben Sie unter „Wer kommt darin vor?“ an, ob auf dem Foto Personen zu erkennen sind. "
            "Wenn ja, vermerken Sie ihre Einwilligung."
        )
    if document.speakers:
        return (
            "Es sind Mitwirkende genannt. Bitte geben Sie unter „Wer kommt darin vor?“ an, ob Externe dabei sind. "
            "Wenn ja, vermerken Sie ihre Einwilligung."
        )
    return ""


def _what_is_missing(document: Document) -> str:
    rows = list(document.consents.all())
    if not rows:
        return "Es ist noch keine Einwilligung vermerkt."
    if any(row.withdrawn_on for row in rows):
        return "Eine Einwilligung ist widerrufen."
    return "Eine Einwilligung gilt nur für den internen Gebrauch."


def _take_over(document: Document, stored: Document) -> None:
    # Who is on record can be recognised, whatever an editor had ticked before: a withdrawal has to hide.
    document.people = stored.people = People.NAMED
    document.publication_agreed = stored.publication_agreed = is_agreed(stored)
    # Not `save()`: nothing that is searched for has changed.
    Document.objects.filter(pk=stored.pk).update(
        publication_agreed=stored.publication_agreed, people=Document.People.NAMED
    )


def _name(consent: PublicationConsent) -> str:
    return " ".join(consent.person.split()).casefold()


def _added(note: str, more: str) -> str:
    more = more.strip()
    return "; ".join(filter(None, [note, f"Widerruf: {more}" if more else ""]))[:255]
