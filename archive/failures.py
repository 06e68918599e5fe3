"""What the archive could not do: read a file, make a documentation. The desk of the editors shows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from archive.documentation.withholding import withheld
from archive.models import DocumentationBuild, DocumentVersion
from home.editing.desk import LINES, Failure
from home.editing.policies import document_policy, page_policy

if TYPE_CHECKING:
    from django.http import HttpRequest

# The sweep hands a version to the workers again every minute; after this nobody seems to work.
NOBODY_WORKS = timedelta(minutes=30)
_WAITS = (
    "Der Text der Datei ist noch nicht gelesen, die Suche findet sie nur über den Titel. Bitte fragen Sie die Technik."
)
_UNREADABLE = "Der Text der Datei ließ sich nicht lesen, die Suche findet sie nur über den Titel."
_REPLACE = "Bitte lassen Sie die Datei noch einmal lesen oder laden Sie sie neu hoch."
_MISSING = "Die Datei fehlt im Speicher oder ist nicht lesbar."
_CHANGED = "Die Datei im Speicher ist nicht mehr die, die hochgeladen wurde."
_RESTORE = "Bitte geben Sie der Technik Bescheid: Sie muss aus der Sicherung zurück."
_WITHHELD = (
    "Sie nennt ein Dokument, das ihre Leserinnen und Leser nicht mehr sehen dürfen. Bis sie neu erstellt ist, bekommen "
    "sie die Datei nicht. Das geschieht von selbst, sobald die Ausgabe veröffentlicht ist."
)
_BUILD_WAITS = "Die PDF-Dokumentation ist angefordert, aber nicht begonnen. Bitte fragen Sie die Technik."


def unread_documents(request: HttpRequest) -> Iterator[Failure]:
    """Current versions whose text could not be read, or that nobody has read for a long time."""
    editable = document_policy().instances_user_has_permission_for(request.user, "change")
    states = DocumentVersion.Extraction
    late = Q(extraction=states.WAITING, extraction_since__lt=timezone.now() - NOBODY_WORKS)
    versions = (
        DocumentVersion.objects.present()
        .filter(
            Q(extraction=states.FAILED) | late,
            document__in=editable,
            document__deleted_at=None,
            document__current_version=F("pk"),
        )
        .select_related("document")
    )
    for version in versions.order_by("-extraction_since")[: LINES + 1]:
        why = _WAITS
        if version.extraction == states.FAILED:
            why = " ".join(filter(None, [_UNREADABLE, version.extraction_error, _REPLACE]))
        url = reverse("wagtaildocs:edit", args=[version.document_id])
        yield Failure(version.extraction_since, version.document.title, why, url)


def damaged_files(request: HttpRequest) -> Iterator[Failure]:
    """Files of any version that are not what they were when they came in, or not there (`archive.fixity`)."""
    editable = document_policy().instances_user_has_permission_for(request.user, "change")
    damaged = DocumentVersion.objects.present().filter(document__in=editable).exclude(damage="")
    for version in damaged.select_related("document").order_by("-verified_at")[: LINES + 1]:
        what = _MISSING if version.damage == DocumentVersion.Damage.MISSING else _CHANGED
        why = f"Fassung {version.number}: {what} {_RESTORE}"
        url = reverse("wagtaildocs:edit", args=[version.document_id])
        yield Failure(version.verified_at or version.uploaded_at, version.document.title, why, url)


def withheld_documentations(request: HttpRequest) -> Iterator[Failure]:
    """Stored documentations that their readers do not get, because they name what is not for them any more."""
    editable = set(page_policy().instances_user_has_permission_for(request.user, "change").values_list("pk", flat=True))
    for build in [build for build in withheld() if build.edition_id in editable][: LINES + 1]:
        title = f"Dokumentation: {build.edition.title} ({build.get_variant_display()})"
        url = reverse("archive_versions", args=[build.version.document_id]) if build.version else ""
        yield Failure(build.finished_at or build.requested_at, title, _WITHHELD, url)


def failed_documentations(request: HttpRequest) -> Iterator[Failure]:
    """The last try of each edition and variant, if it failed or was never begun."""
    newer = DocumentationBuild.objects.filter(
        edition=OuterRef("edition"), variant=OuterRef("variant"), pk__gt=OuterRef("pk")
    )
    states = DocumentationBuild.State
    late = Q(state=states.WAITING, requested_at__lt=timezone.now() - NOBODY_WORKS)
    builds = DocumentationBuild.objects.filter(
        ~Exists(newer),
        Q(state=states.FAILED) | late,
        edition__in=page_policy().instances_user_has_permission_for(request.user, "change"),
    ).select_related("edition")
    for build in builds.order_by("-requested_at")[: LINES + 1]:
        title = f"Dokumentation: {build.edition.title} ({build.get_variant_display()})"
        why = build.reason if build.state == states.FAILED else _BUILD_WAITS
        url = reverse("wagtailadmin_pages:edit", args=[build.edition_id])
        yield Failure(build.finished_at or build.requested_at, title, why, url)
