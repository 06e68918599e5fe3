"""The words of the mails that answer a form: HTML and text, German, without an image or a link that nobody needs."""

from __future__ import annotations

import hashlib
import re
from email.charset import QP, Charset
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from home.identity import SiteIdentity
from newsletter import tokens
from newsletter.addresses import for_envelope
from newsletter.models import ConsentRecord, Subscriber

Event = ConsentRecord.Event
# Seven bits survive every relay, and with them a signature (DKIM).
_QUOTED_PRINTABLE = Charset("utf-8")
_QUOTED_PRINTABLE.body_encoding = QP
_PERSONAL = re.compile(r"(/newsletter/(?:bestaetigen|einstellungen)/)\S+")


def answer(record: ConsentRecord) -> EmailMultiAlternatives:
    """The mail that a sign-up or a change of address is answered with."""
    return _answer(record, known=record.subscriber.state != Subscriber.State.UNCONFIRMED)


def _answer(record: ConsentRecord, *, known: bool) -> EmailMultiAlternatives:
    subscriber = record.subscriber
    if record.event == Event.ADDRESS_ASKED:
        url = _url("confirm", tokens.make_address_change(subscriber.key, record.pk))
        return _mail("address_confirmation", "Bitte bestätigen Sie Ihre neue Adresse", record, url)
    if known:
        return _mail("already_subscribed", "Sie sind schon angemeldet", record, _settings_url(subscriber))
    url = _url("confirm", tokens.make_confirmation(subscriber.key, record.pk))
    return _mail("confirmation", "Bitte bestätigen Sie Ihre Anmeldung", record, url)


def reproduced(mailed: ConsentRecord) -> str:
    """The text of the mail that a record of a mail stands for, without the personal part of its link.

    It is made again and compared with the hash that was written down; "" where it would read otherwise today.
    """
    asked = (
        mailed.subscriber.consents.select_related("subscriber", "text")
        .filter(event__in=[Event.SIGNED_UP, Event.ADDRESS_ASKED], pk__lt=mailed.pk, address_hmac=mailed.address_hmac)
        .order_by("pk")
        .last()
    )
    if asked is None:
        return ""
    for known in (False, True):
        mail = _answer(asked, known=known)
        if fingerprint(mail) == mailed.mail_sha256:
            return _PERSONAL.sub(r"\1…/", str(mail.body)).strip()
    return ""


def address_notice(record: ConsentRecord) -> EmailMultiAlternatives:
    """Tells the old address that somebody gave a new one."""
    subscriber = record.subscriber
    mail = _mail("address_notice", "Ihre E-Mail-Adresse soll sich ändern", record, _settings_url(subscriber))
    mail.to = [for_envelope(subscriber.email or "")]
    return mail


def settings_link(subscriber: Subscriber) -> EmailMultiAlternatives:
    """Brings the link to the settings."""
    context = {"url": _settings_url(subscriber), "asked_at": subscriber.link_asked_at}
    return _letter("settings_link", "Ihre Einstellungen", subscriber.email or "", context)


def recipient(record: ConsentRecord) -> str:
    """Whom the answer to a record goes to; "" if there is nobody (any more)."""
    subscriber = record.subscriber
    return (subscriber.new_email if record.event == Event.ADDRESS_ASKED else subscriber.email) or ""


def fingerprint(mail: EmailMultiAlternatives) -> str:
    """SHA-256 of what was written, without what a library makes up anew every time (boundary, Message-ID)."""
    wording = [str(mail.subject), str(mail.body), *(str(alternative[0]) for alternative in mail.alternatives)]
    return hashlib.sha256("\0".join(wording).encode()).hexdigest()


def _mail(name: str, subject: str, record: ConsentRecord, url: str) -> EmailMultiAlternatives:
    context = {"url": url, "asked_at": record.at, "page": _page(record.source), "wording": record.text}
    return _letter(name, subject, recipient(record), context)


def _letter(name: str, subject: str, address: str, context: dict[str, Any]) -> EmailMultiAlternatives:
    context |= {"base_url": settings.BASE_URL, "subject": subject, "identity": SiteIdentity.load()}
    mail = EmailMultiAlternatives(
        subject=f"IKOE-Newsletter: {subject}",
        body=render_to_string(f"newsletter/{name}.txt", context, using="text"),
        to=[for_envelope(address)] if address else [],
        # RFC 3834: no vacation notes in return.
        headers={"Auto-Submitted": "auto-generated"},
    )
    mail.encoding = _QUOTED_PRINTABLE
    mail.attach_alternative(render_to_string(f"newsletter/{name}_mail.html", context), "text/html")
    return mail


def _page(source: str) -> str:
    """The page of a form as people read it: without the scheme."""
    parts = urlsplit(source)
    return f"{parts.netloc}{parts.path}" if parts.netloc else ""


def _settings_url(subscriber: Subscriber) -> str:
    return _url("settings", tokens.make("settings", subscriber.key))


def _url(name: str, token: str) -> str:
    return settings.BASE_URL + reverse(f"newsletter:{name}", args=[token])
