"""From "wartet" over "läuft" to "fertig" or "fehlgeschlagen": how a version moves on, and what returns it to the queue.

The database is the only truth. Whoever begins a reading gets its moment as a token; a result is only accepted with the
token of the reading that still runs. So a worker that was believed dead, or a version that was withdrawn meanwhile,
changes nothing.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.db.models import F, QuerySet
from django.utils import timezone

from archive.models import DocumentVersion

logger = logging.getLogger(__name__)

State = DocumentVersion.Extraction
# Longer than the hard time limit of the task: what still claims to run then was killed.
LOST_AFTER = timedelta(minutes=30)
# A message to the workers was lost if nobody has begun by then.
NOT_BEGUN_AFTER = timedelta(minutes=1)
MOST_TRIES = 3
GAVE_UP = "Das Lesen wurde mehrmals unterbrochen. Bitte versuchen Sie es noch einmal oder fragen Sie die Technik."


def _present() -> QuerySet[DocumentVersion]:
    return DocumentVersion.objects.present().filter(document__deleted_at__isnull=True)


def start_over(version: DocumentVersion) -> bool:
    """Puts a version back to "wartet", whatever became of it before; False if it is withdrawn.

    A reading that still runs loses its token: its result is not accepted.
    """
    present = DocumentVersion.objects.present().filter(pk=version.pk)
    return bool(
        present.update(
            extraction=State.WAITING, extraction_error="", extraction_since=timezone.now(), extraction_tries=0
        )
    )


def begin(version_id: int, *, again: bool = False) -> datetime | None:
    """Starts the reading of a version that waits (`again`: of any that is not being read); None if it does not.

    Returns the token of this reading.
    """
    token = timezone.now()
    versions = DocumentVersion.objects.present().filter(pk=version_id)
    versions = versions.exclude(extraction=State.RUNNING) if again else versions.filter(extraction=State.WAITING)
    begun = versions.update(
        extraction=State.RUNNING,
        extraction_error="",
        extraction_since=token,
        extraction_tries=F("extraction_tries") + 1,
    )
    return token if begun else None


def reading_of(version_id: int, token: datetime) -> QuerySet[DocumentVersion]:
    """The version, if the reading with this token still holds."""
    running = DocumentVersion.objects.present().filter(extraction=State.RUNNING)
    return running.filter(pk=version_id, extraction_since=token)


def fail(version_id: int, token: datetime, reason: str) -> None:
    """Ends a reading with a German reason."""
    reading_of(version_id, token).update(
        extraction=State.FAILED, extraction_error=reason[:255], extraction_since=timezone.now()
    )


def give_back(version_id: int, token: datetime) -> None:
    """Lets somebody else begin a reading again that was broken off through no fault of the file."""
    reading_of(version_id, token).update(
        extraction=State.WAITING, extraction_since=timezone.now(), extraction_tries=F("extraction_tries") - 1
    )


def return_lost() -> int:
    """Puts readings whose worker was killed back to "wartet"; after three of them the version has failed."""
    now = timezone.now()
    lost = _present().filter(extraction=State.RUNNING, extraction_since__lt=now - LOST_AFTER)
    ids = list(lost.values_list("pk", flat=True))
    still_lost = DocumentVersion.objects.filter(
        pk__in=ids, extraction=State.RUNNING, extraction_since__lt=now - LOST_AFTER
    )
    given_up = still_lost.filter(extraction_tries__gte=MOST_TRIES).update(
        extraction=State.FAILED, extraction_error=GAVE_UP, extraction_since=now
    )
    returned = still_lost.update(extraction=State.WAITING, extraction_since=now)
    if given_up or returned:
        logger.warning("readings lost with their workers: %s begin again, %s gave up", returned, given_up)
    return returned


def overdue(most: int) -> list[int]:
    """The ids of versions that wait although a message to the workers was sent, the longest waiting first."""
    waiting = _present().filter(extraction=State.WAITING, extraction_since__lt=timezone.now() - NOT_BEGUN_AFTER)
    return list(waiting.order_by("extraction_since", "pk").values_list("pk", flat=True)[:most])
