"""The loop that empties a mailing: claim, hand over, write down."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from newsletter.addresses import InvalidAddress
from newsletter.models import Mailing
from newsletter.sending import claiming
from newsletter.sending.message import Prepared, Recipient, UnsafeHeader, prepare
from newsletter.sending.session import ServerUnavailable, SmtpSession, Turned, Unanswered
from newsletter.sending.sweeping import complete_if_done

logger = logging.getLogger(__name__)

# A task stays short, so that stopping a worker never takes long.
TASK_LIMIT = timedelta(seconds=60)
# How long a claim rests when no mail server is to be had.
SERVER_REST = timedelta(seconds=30)
# A server that drops us this often within one claim is left alone for a while.
RECONNECTS = 3


class Conversation:
    """A session that is opened when it is needed and again after it was lost."""

    def __init__(self, open_session: Callable[[], SmtpSession]) -> None:
        self._open = open_session
        self._session: SmtpSession | None = None
        self.losses = 0

    def session(self) -> SmtpSession:
        if self._session is None:
            self._session = self._open()
        return self._session

    def lost(self) -> None:
        """The session is gone. Raises ServerUnavailable when that happened too often."""
        self._session = None
        self.losses += 1
        if self.losses > RECONNECTS:
            raise ServerUnavailable("the connection was lost again and again")

    def end(self) -> None:
        if self._session is not None:
            self._session.end()
            self._session = None


def deliver(
    mailing: int, *, open_session: Callable[[], SmtpSession] = SmtpSession.open, limit: timedelta = TASK_LIMIT
) -> bool:
    """Send what is due of a mailing over one connection. Returns whether there may be more to do at once.

    Ends after `limit`, when nothing is due, or when no server can be reached; nothing is lost then.
    """
    found = Mailing.objects.get(pk=mailing)
    letters = prepare(
        subject=found.subject, html_part=found.html, text_part=found.text, date=found.started_at or found.created_at
    )
    conversation = Conversation(open_session)
    deadline = time.monotonic() + limit.total_seconds()
    try:
        while time.monotonic() < deadline:
            claim = claiming.take(mailing)
            if not claim.recipients:
                complete_if_done(mailing)
                return False
            _deliver_claim(claim, letters, conversation)
    except ServerUnavailable as error:
        logger.warning("mailing %s: no mail server: %s", mailing, error)
        return False
    finally:
        conversation.end()
    return True


def _deliver_claim(claim: claiming.Claim, letters: Prepared, conversation: Conversation) -> None:
    conversation.losses = 0
    try:
        for recipient in claim.recipients:
            _deliver_one(claim, recipient, letters, conversation)
    except ServerUnavailable:
        claiming.give_back(claim, not_before=timezone.now() + SERVER_REST)
        raise
    # What is still only claimed here was not to be sent: unsubscribed, paused, cancelled.
    claiming.give_back(claim)


def _deliver_one(claim: claiming.Claim, recipient: Recipient, letters: Prepared, conversation: Conversation) -> None:
    try:
        letter = letters.letter(recipient)
    except (InvalidAddress, UnsafeHeader) as error:
        claiming.mark_refused(claim.key, recipient.delivery, str(error), temporary=False)
        return
    while True:
        try:
            session = conversation.session()
            session.begin(letter.sender, letter.recipient)
            if not claiming.mark_sending(claim.key, recipient.delivery):
                session.reset()
                return
            reply = session.hand_over(letter.content)
        except Turned as refusal:
            claiming.mark_refused(claim.key, recipient.delivery, str(refusal.reply), temporary=refusal.temporary)
        except Unanswered as silence:
            claiming.mark_uncertain(claim.key, recipient.delivery, f"Keine Antwort nach der Übergabe ({silence})")
            conversation.lost()
        except ServerUnavailable:
            conversation.lost()
            continue
        else:
            claiming.mark_sent(claim.key, recipient.delivery, str(reply))
        return
