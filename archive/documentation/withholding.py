"""Documentations that name a document which their readers must not know of (any more).

A consent is withdrawn, a document becomes internal, an embargo is set: from the next request on the access rule shows
such a documentation to nobody who may not see what it names (`archive.access`). Here it is made anew without it. Its
old versions stay withheld; if the document becomes public again, so do they.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from archive.access import Level, versions_naming_others
from archive.documentation.requesting import LEVELS, RUNNING, BuildRefused, State, request_build
from archive.models import Document, DocumentationBuild, DocumentVersion

logger = logging.getLogger(__name__)

WITHHELD = (
    "Die PDF-Dokumentation der Ausgabe nennt dieses Dokument. Wer das Dokument nicht sehen darf, bekommt sie ab sofort "
    "nicht mehr; sie wird von selbst neu erstellt, ohne dieses Dokument."
)
# What failed would fail again; an editor finds it on the desk and mends it meanwhile.
REST_AFTER_FAILURE = timedelta(hours=6)


def withheld_versions(level: Level | int) -> QuerySet[DocumentVersion]:
    """Versions of documentations that readers of `level` do not get because of what they name."""
    return DocumentVersion.objects.filter(pk__in=versions_naming_others(_known_at(level)))


def withheld() -> list[DocumentationBuild]:
    """For each edition and variant whose stored documentation is withheld from its own readers: one build of it."""
    found: list[DocumentationBuild] = []
    for variant, level in LEVELS.items():
        builds = DocumentationBuild.objects.filter(
            variant=variant,
            version__in=withheld_versions(level),
            version=F("version__document__current_version"),
            version__document__deleted_at=None,
        ).select_related("edition__series", "version__document")
        # Of a build that found nothing changed, and the one before it, one is enough.
        found += {build.edition_id: build for build in builds.order_by("pk")}.values()
    return found


def is_withheld_because_of(document: Document) -> bool:
    """Whether a documentation that names `document` is withheld from its readers now."""
    return any(
        document.named_in.filter(
            variant=variant, version__in=withheld_versions(level), version=F("version__document__current_version")
        ).exists()
        for variant, level in LEVELS.items()
    )


def request_anew() -> list[DocumentationBuild]:
    """New builds, so that no documentation stays withheld.

    Those that wait or run already are the business of `archive.documentation.requesting`.
    """
    return [build for each in withheld() if (build := _next(each)) is not None]


def _next(withheld_build: DocumentationBuild) -> DocumentationBuild | None:
    edition, variant = withheld_build.edition, withheld_build.variant
    newest = DocumentationBuild.objects.filter(edition=edition, variant=variant).order_by("-pk").first()
    if newest is not None and newest.state in (State.WAITING, *RUNNING):
        return None
    if newest is not None and newest.state == State.FAILED and _ended(newest) > timezone.now() - REST_AFTER_FAILURE:
        return None
    try:
        build = request_build(edition, variant)
    except BuildRefused:
        # The page is not public either; the documentation stays withheld, and the desk says so.
        logger.info("documentation of page %s (%s) is withheld and cannot be made anew", edition.pk, variant)
        return None
    logger.info("documentation of page %s (%s) is withheld and is made anew", edition.pk, variant)
    return build


def _ended(build: DocumentationBuild) -> datetime:
    return build.finished_at or build.requested_at


def _known_at(level: Level | int) -> Any:
    return Document.with_tombstones.readable_for_itself(level)
