"""Which reports of barriers nobody has settled yet, for the first page of the admin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from home.editing.desk import LINES, Failure
from home.editing.failures import MAIL_HAS_LEFT
from home.feedback.models import BarrierReport

if TYPE_CHECKING:
    from django.http import HttpRequest

# § 16b (4) BGG LSA gives a month; this leaves ten days.
PATIENCE = timedelta(days=20)


def open_reports(request: HttpRequest) -> Iterator[Failure]:
    """All reports that are not settled, from the day they come in, whether or not somebody waits for an answer."""
    if not request.user.has_perm("home.change_barrierreport"):
        return
    # Those whose mail is stuck have a line already, which says so (`reports_not_forwarded`).
    stuck = Q(forwarded_at=None, created_at__lt=timezone.now() - MAIL_HAS_LEFT)
    waiting = BarrierReport.objects.filter(~stuck, answered_at=None).order_by("-created_at")
    for report in waiting.only("created_at", "email", "page_url")[: LINES + 1]:
        yield Failure(
            report.created_at,
            f"Meldung einer Barriere: {report.page_url}" if report.page_url else "Meldung einer Barriere",
            _next_step(report),
            reverse("barrier_reports:edit", args=[report.pk]),
        )


def _next_step(report: BarrierReport) -> str:
    if not report.email:
        return "Bitte ansehen und als erledigt vermerken. Eine Antwort ist nicht möglich, die Adresse fehlt."
    if report.created_at < timezone.now() - PATIENCE:
        return "Bitte jetzt antworten: Wer sie geschickt hat, darf innerhalb eines Monats eine Antwort erwarten."
    return "Bitte innerhalb eines Monats antworten und als erledigt vermerken."
