"""Which reports of barriers have to be answered soon, for the first page of the admin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone

from home.editing.desk import LINES, Failure
from home.feedback.models import BarrierReport

if TYPE_CHECKING:
    from django.http import HttpRequest

# § 16b (4) BGG LSA gives a month; this leaves ten days.
PATIENCE = timedelta(days=20)


def answers_due(request: HttpRequest) -> Iterator[Failure]:
    """Reports of people who asked for an answer and have not got it."""
    if not request.user.has_perm("home.change_barrierreport"):
        return
    waiting = BarrierReport.objects.filter(answered_at=None, created_at__lt=timezone.now() - PATIENCE).exclude(email="")
    for pk, created_at in waiting.order_by("-created_at").values_list("pk", "created_at")[: LINES + 1]:
        yield Failure(
            created_at,
            "Meldung einer Barriere ohne Antwort",
            "Wer sie geschickt hat, darf innerhalb eines Monats eine Antwort erwarten.",
            reverse("barrier_reports:edit", args=[pk]),
        )
