"""Who may have a documentation made, when, and what becomes of a request that nobody works on.

A build waits, runs (gathering, laying out, checking) and ends. The database is the only truth: a message to the workers
may be lost, doubled or late. Whoever takes a waiting build over runs it, all others leave it alone.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import Locale

from archive.access import Level
from archive.models import DocumentationBuild
from home.events.models import EditionPage

logger = logging.getLogger(__name__)

State = DocumentationBuild.State
Variant = DocumentationBuild.Variant

# What a reader of the variant may see, and who may read the result.
LEVELS: dict[str, Level] = {
    Variant.PUBLIC: Level.PUBLIC,
    Variant.INTERNAL: Level.COORDINATION,
    Variant.SHORT: Level.PUBLIC,
}
RUNNING = (State.GATHERING, State.LAYING_OUT, State.CHECKING)
# Longer than the hard time limit of the task: what still claims to run then was killed.
LOST_AFTER = timedelta(minutes=4)
# A message to the workers was lost if nobody has begun by then.
NOT_BEGUN_AFTER = timedelta(minutes=1)
LOST = (
    "Die Erstellung wurde abgebrochen: Der Prozess, der sie ausführte, ist beendet worden. Bitte noch einmal "
    "erstellen. Geschieht es wieder, braucht das Dokument zu viel Speicher; dann bitte Bilder verkleinern."
)


class BuildRefused(Exception):
    """The documentation cannot be made now; `str()` is a German sentence."""


def refuse_impossible(edition: EditionPage) -> None:
    """Raises `BuildRefused` for what must not or cannot be documented."""
    if edition.locale_id != Locale.get_default().pk:
        raise BuildRefused("Die Dokumentation entsteht aus der deutschen Seite der Ausgabe.")
    if not EditionPage.objects.live().public().filter(pk=edition.pk).exists():
        raise BuildRefused("Die Ausgabe ist nicht veröffentlicht. Bitte zuerst die Seite veröffentlichen.")
    if edition.state == EditionPage.State.UNRECORDED:
        raise BuildRefused("Die Ausgabe ist noch nicht erfasst. Bitte zuerst Ort, Zeit und Inhalt eintragen.")


def request_build(edition: EditionPage, variant: str = Variant.PUBLIC, *, user: Any = None) -> DocumentationBuild:
    """Records that the documentation is wanted; a request that waits or runs already is returned as it is.

    Raises `BuildRefused`, see `refuse_impossible`.
    """
    if variant not in LEVELS:
        raise BuildRefused(f"Die Variante „{variant}“ gibt es nicht.")
    refuse_impossible(edition)
    give_up_lost()
    open_builds = DocumentationBuild.objects.filter(
        edition=edition, variant=variant, state__in=(State.WAITING, *RUNNING)
    )
    if (known := open_builds.first()) is not None:
        return known
    try:
        with transaction.atomic():
            return DocumentationBuild.objects.create(edition=edition, variant=variant, requested_by=user)
    except IntegrityError:
        # Somebody else asked in the same moment: a constraint lets only one of both in.
        if (known := open_builds.first()) is None:
            raise
        return known


def take_over(build: DocumentationBuild) -> bool:
    """Makes this process the one that runs a waiting build; False if it does not wait any more."""
    build.started_at, state = timezone.now(), State.GATHERING
    waiting = DocumentationBuild.objects.filter(pk=build.pk, state=State.WAITING)
    taken = bool(waiting.update(state=state, started_at=build.started_at))
    build.refresh_from_db()
    return taken


def give_back(build: DocumentationBuild) -> None:
    """Lets somebody else run a build that was broken off through no fault of its own; the sweep asks for it."""
    build.state, build.progress, build.started_at = State.WAITING, 0, None
    build.save(update_fields=["state", "progress", "started_at"])


def give_up_lost() -> int:
    """Ends builds whose process was killed, with a reason; returns how many."""
    lost = _lost().update(state=State.FAILED, reason=LOST, finished_at=timezone.now())
    if lost:
        logger.warning("documentation builds lost with their workers: %s", lost)
    return lost


def overdue(most: int) -> list[int]:
    """The ids of builds that wait although a message to the workers was sent, the longest waiting first."""
    waiting = DocumentationBuild.objects.filter(state=State.WAITING, requested_at__lt=timezone.now() - NOT_BEGUN_AFTER)
    return list(waiting.order_by("requested_at", "pk").values_list("pk", flat=True)[:most])


def _lost() -> QuerySet[DocumentationBuild]:
    return DocumentationBuild.objects.filter(state__in=RUNNING, started_at__lt=timezone.now() - LOST_AFTER)
