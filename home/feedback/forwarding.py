"""Brings reports of barriers to the people named in the statement, and forgets who sent them when they are settled."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Locale

from home.feedback.models import BarrierReport
from home.identity import SiteIdentity
from home.pages.models import StatementPage

logger = logging.getLogger(__name__)

# The sweep leaves those to the task that was just queued.
TASK_HAS_IT = timedelta(minutes=1)
# Two workers at the same moment send one mail; a dead one does not hold it for long.
HELD_SECONDS = 120


def forward(pk: int) -> bool:
    """Send a report to the contact of the statement by mail; returns whether a mail left.

    Raises OSError or SMTPException if no server takes it: `waiting` names the report again.
    """
    report = BarrierReport.objects.filter(pk=pk, forwarded_at=None).first()
    recipient = contact_address()
    if report is None or not recipient:
        return False
    hold = f"home:barrier:{pk}"
    if not cache.add(hold, 1, HELD_SECONDS):
        return False
    try:
        _mail(report, recipient).send()
    except BaseException:
        cache.delete(hold)
        raise
    BarrierReport.objects.filter(pk=pk).update(forwarded_at=timezone.now())
    return True


def waiting() -> list[int]:
    """Reports that no mail has brought to anybody yet, and that nobody has settled in the meantime."""
    if not contact_address():
        return []
    rows = BarrierReport.objects.filter(
        forwarded_at=None, answered_at=None, created_at__lt=timezone.now() - TASK_HAS_IT
    )
    return list(rows.order_by("created_at").values_list("pk", flat=True))


def contact_address() -> str:
    """Who gets the reports: the address in the statement, else that of the organisation."""
    statements = StatementPage.objects.live().exclude(report_email="")
    named = statements.filter(locale=Locale.get_default()).first() or statements.first()
    return named.report_email if named else SiteIdentity.load().email


def forget_reporters() -> int:
    """Delete name and address from reports that were settled long ago; returns from how many."""
    settled = BarrierReport.objects.filter(
        answered_at__lt=timezone.now() - timedelta(days=settings.BARRIER_REPORT_KEEP_DAYS)
    )
    return settled.filter(~Q(name="") | ~Q(email="")).update(name="", email="")


def _mail(report: BarrierReport, recipient: str) -> EmailMessage:
    link = AdminURLFinder().get_edit_url(report)
    context = {
        "report": report,
        "page": settings.BASE_URL + report.page_url if report.page_url else "",
        "desk": settings.BASE_URL + link if link else "",
    }
    return EmailMessage(
        subject="Meldung einer Barriere auf der Website",
        body=render_to_string("home/barrier_report_mail.txt", context, using="text"),
        to=[recipient],
        reply_to=[report.email] if report.email else None,
        # RFC 3834: no vacation notes in return.
        headers={"Auto-Submitted": "auto-generated"},
    )
