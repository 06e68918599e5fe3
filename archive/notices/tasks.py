"""Celery tasks about notices: each takes ids, calls one function, and is safe to repeat."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from celery import shared_task

from archive.notices import sending
from archive.notices.models import Notice
from home.queueing import queue

logger = logging.getLogger(__name__)


@shared_task
def deliver_notice(key: int) -> None:
    """One mail to one person."""
    sending.deliver(key)


@shared_task
def sweep_notices() -> None:
    """Every few minutes: send what the broker or a mail server has kept from being sent."""
    for key in sending.overlooked():
        try:
            sending.deliver(key)
        except Exception:
            # The row says that it is uncertain; the others still have to go.
            logger.exception("notice %s", key)


def deliver_soon(notices: Iterable[Notice]) -> bool:
    """Asks the workers for these mails, after the transaction. False if the broker is away; the sweep sees to it."""
    return all(queue(deliver_notice, notice.pk, expires=600) for notice in notices)
