"""What the website itself could not do. Other apps have a module of this kind of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from wagtail.admin.admin_url_finder import AdminURLFinder

from home.editing.desk import LINES, Failure
from home.feedback.models import BarrierReport

if TYPE_CHECKING:
    from django.http import HttpRequest

# The mail leaves at once, or with the next try of the background work.
MAIL_HAS_LEFT = timedelta(minutes=15)


def reports_not_forwarded(request: HttpRequest) -> Iterator[Failure]:
    """Reports of barriers that did not reach the contact named in the statement by mail."""
    if not request.user.has_perm("home.view_barrierreport"):
        return
    stuck = BarrierReport.objects.filter(
        forwarded_at=None, answered_at=None, created_at__lt=timezone.now() - MAIL_HAS_LEFT
    )
    finder = AdminURLFinder(request.user)
    for report in stuck.order_by("-created_at")[: LINES + 1]:
        yield Failure(
            report.created_at,
            "Meldung einer Barriere",
            "Sie konnte nicht per E-Mail weitergeleitet werden. Bitte lesen und beantworten Sie die Meldung hier.",
            finder.get_edit_url(report) or "",
        )
