"""Mails that come to the mailbox of bounces, and the mailing that they answer."""

from pathlib import Path

from django.utils import timezone

from newsletter import tokens
from newsletter.models import Delivery, Mailing
from newsletter.sending import mailings
from tests.newsletter.conftest import add_issue

CORPUS = Path(__file__).parent / "bounce_corpus"


def message(name: str, address: str = "bounce@bounce.example.org") -> bytes:
    """One of the collected mails, sent back to an address."""
    return (CORPUS / f"{name}.eml").read_bytes().replace(b"BOUNCE-TO", address.encode())


def send(issue) -> Mailing:
    """A mailing whose mails are all handed over, but which is not marked complete."""
    mailing = mailings.start_mailing(issue)
    mailing.deliveries.update(state=Delivery.State.SENT, sent_at=timezone.now())
    return mailing


def another(issue, number: int) -> Mailing:
    """The same of another issue."""
    return send(add_issue(issue.get_parent(), slug=f"ausgabe-{number}", title=f"Ausgabe {number}"))


def bounce(name: str, delivery: Delivery, *, number: int = 0) -> bytes:
    """One of the collected mails as the answer to a delivery; each number makes it another mail."""
    raw = message(name, tokens.verp(delivery.pk, "bounce.example.org"))
    return raw.replace(b"Message-I", b"X-Number: %d\nMessage-I" % number, 1).replace(
        b"<20250115073101.", b"<%d.20250115073101." % number
    )


def leaving(subject: str, *more: str) -> bytes:
    """A mail of somebody who wants to leave by mail, with further headers."""
    head = [
        "Return-Path: <kim.muster@example.org>",
        "From: Kim Muster <kim.muster@example.org>",
        "To: abmelden@bounce.example.org",
        f"Subject: {subject}",
        *more,
    ]
    return ("\r\n".join(head) + "\r\n\r\n").encode()
