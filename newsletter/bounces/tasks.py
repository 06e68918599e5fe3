"""The periodic look into the mailbox for bounces."""

from __future__ import annotations

from collections import Counter
from logging import getLogger

from celery import shared_task
from django.conf import settings

from newsletter.bounces import acting, limits, mailbox

logger = getLogger(__name__)


@shared_task
def read_bounces() -> None:
    """Take in what has come back. A mailbox that cannot be read is a line in the log and a notice on the desk."""
    acting.take_in_refusals()
    if not settings.BOUNCE_IMAP_URL:
        return
    try:
        counted = Counter(f"{taken.outcome.kind}: {taken.outcome.action}" for taken in mailbox.read_mailbox())
    except mailbox.MailboxUnavailable:
        return
    finally:
        # The next look is minutes away: until then nobody needs the child.
        limits.reader().close()
    if counted:
        logger.info("read %s messages (%s)", counted.total(), ", ".join(map(str, counted.items())))
