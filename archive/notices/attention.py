"""Which notices did not arrive, or may not have, for the first page of the admin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from archive.notices import sending
from archive.notices.admin_views import TELLING
from archive.notices.models import Notice
from home.editing.desk import LINES, Failure

if TYPE_CHECKING:
    from django.http import HttpRequest

# So long it may help to tell somebody; then everybody has heard of it another way.
SHOWN_FOR = timedelta(days=14)
_DOUBT = "Ob die Mail ankam, ist unklar; sie wird nicht noch einmal verschickt. Bitte sagen Sie der Person Bescheid."
_REFUSED = "Der Mailserver nimmt die Mail nicht an: {answer} Bitte prüfen Sie die Adresse im Konto."
_LATE = "Die Mail ließ sich zwei Tage lang nicht verschicken: {answer} Bitte sagen Sie der Person Bescheid."


def notices_not_delivered(request: HttpRequest) -> Iterator[Failure]:
    """Notices that are refused, late or uncertain."""
    if not request.user.has_perm(TELLING):
        return
    rows = (sending.in_doubt() | sending.refused()).filter(created_at__gt=timezone.now() - SHOWN_FOR)
    found = rows.select_related("user", "document", "edition").order_by("-created_at")
    for notice in found[: LINES + 1]:
        title = f"{notice.get_kind_display()}: Mail an {notice.user}"
        yield Failure(notice.created_at, title, _why(notice), _where(notice))


def _why(notice: Notice) -> str:
    if notice.mailed_at is not None:
        return _DOUBT
    answer = f"„{notice.mail_error}“." if notice.mail_error else ""
    return (_REFUSED if notice.mail_error.startswith("5") else _LATE).format(answer=answer)


def _where(notice: Notice) -> str:
    if notice.document_id:
        return reverse("wagtaildocs:edit", args=[notice.document_id])
    return reverse("archive_documents_complete", args=[notice.edition_id])
