"""Sends what `telling` has written down: at most one mail a person and matter.

A mail that has been given to a server cannot be taken back, and a row cannot be written in the same instant. So the row
is claimed before the mail leaves ("unklar"), and cleared after the server has taken it. Only where the mail has
certainly not left does the row go back, with the server's words: no connection, or a refusal. What is left between the
two (a worker that died, a connection lost in the middle) stays claimed: it is not sent again by itself, but shown to
the editors. One person told too late is better than all of them told twice.

| mailed_at | mail_error | means |
| --- | --- | --- |
| empty | empty | waits |
| empty | "4…" or words of our own | could not be sent, is tried again for KEEP_TRYING |
| empty | "5…" | refused for good |
| set | UNCERTAIN | being sent now or, after some minutes, uncertain |
| set | empty | sent |
"""

from __future__ import annotations

import logging
import smtplib
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from archive.models import Document
from archive.notices.models import Notice
from archive.notices.telling import documents_for

logger = logging.getLogger(__name__)

UNCERTAIN = "unklar: Die Übergabe an den Mailserver wurde nicht bestätigt."
UNREACHABLE = "Der Mailserver ist nicht erreichbar."
KEEP_TRYING = timedelta(days=2)
# The sweep leaves those to the task that was just queued.
TASK_HAS_IT = timedelta(minutes=1)
# No handing over takes longer than this.
IN_DOUBT_AFTER = timedelta(minutes=15)
MOST_TITLES = 20

Kind = Notice.Kind
SUBJECTS = {
    Kind.PROTOCOL_REVIEW: "Protokoll in Abstimmung",
    Kind.PROTOCOL_RELEASED: "Protokoll freigegeben",
    Kind.DOCUMENTS_COMPLETE: "Unterlagen vollständig",
}


def waiting() -> QuerySet[Notice]:
    """What is still to be sent."""
    rows = Notice.objects.filter(mailed_at=None, created_at__gt=timezone.now() - KEEP_TRYING)
    return rows.exclude(mail_error__startswith="5").order_by("pk")


def overlooked() -> list[int]:
    """What no task seems to have taken up."""
    return list(waiting().filter(created_at__lt=timezone.now() - TASK_HAS_IT).values_list("pk", flat=True))


def in_doubt() -> QuerySet[Notice]:
    """What was handed over without an answer: whether it arrived is not known."""
    return Notice.objects.filter(mail_error=UNCERTAIN, mailed_at__lt=timezone.now() - IN_DOUBT_AFTER)


def refused() -> QuerySet[Notice]:
    """What a server refused for good, or what no server took in time."""
    late = timezone.now() - KEEP_TRYING
    return Notice.objects.filter(mailed_at=None).filter(Q(mail_error__startswith="5") | Q(created_at__lt=late))


def deliver(key: int) -> bool:
    """Sends one notice, if nobody else has; returns whether a mail left.

    Whoever may not see any more what it is about is not told: the row goes, so that it can be told later. A server that
    is away or refuses is no exception but the row's `mail_error`; only an accident raises, and then the row says so.
    """
    notice = waiting().select_related("user", "document", "edition").filter(pk=key).first()
    if notice is None:
        return False
    mail = _mail(notice)
    if mail is None:
        logger.info("notice %s: user %s may not see it any more", notice.pk, notice.user_id)
        notice.delete()
        return False
    claimed = Notice.objects.filter(pk=key, mailed_at=None)
    if not claimed.update(mailed_at=timezone.now(), mail_error=UNCERTAIN):
        return False
    try:
        error = _send(mail)
    except BaseException:
        logger.warning("notice %s: handed over without an answer", key)
        raise
    Notice.objects.filter(pk=key).update(mail_error=error, **({"mailed_at": None} if error else {}))
    return not error


def _send(mail: EmailMultiAlternatives) -> str:
    """Hands a mail over; returns "" or why it has certainly not been taken. Raises if that is not known."""
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("notices: no mail server: %s", type(error).__name__)
        return UNREACHABLE
    try:
        connection.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        return _answer(code, words)
    except smtplib.SMTPSenderRefused as error:
        # That is about us and not about the person, so it is tried again.
        return f"Absender abgelehnt: {_answer(error.smtp_code, error.smtp_error)}"[:255]
    except smtplib.SMTPResponseException as error:
        return _answer(error.smtp_code, error.smtp_error)
    finally:
        connection.close()
    return ""


def _answer(code: int, words: bytes | str) -> str:
    return f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"[:255]


def _mail(notice: Notice) -> EmailMultiAlternatives | None:
    """The mail of a notice, or None if its person may not see what it is about."""
    context = _context(notice)
    if context is None:
        return None
    subject = SUBJECTS[Kind(notice.kind)]
    context |= {"base_url": settings.BASE_URL, "subject": subject, "user": notice.user}
    name = f"archive/mail/{Kind(notice.kind).name.lower()}"
    mail = EmailMultiAlternatives(
        subject=f"IKOE: {subject}",
        body=render_to_string(f"{name}.txt", context, using="text"),
        to=[notice.user.email],
        # RFC 3834: no vacation notes in return.
        headers={"Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string(f"{name}.html", context), "text/html")
    return mail


def _context(notice: Notice) -> dict[str, Any] | None:
    if not notice.user.is_active:
        return None
    if notice.edition is not None:
        titles = list(documents_for(notice.user, notice.edition).values_list("title", flat=True))
        if not titles or not notice.edition.live:
            return None
        more = len(titles) - MOST_TITLES
        url = notice.edition.get_full_url() or settings.BASE_URL + reverse("archive:index")
        return {"edition": notice.edition, "titles": titles[:MOST_TITLES], "more": max(more, 0), "url": url}
    document = Document.objects.visible_to(notice.user).filter(pk=notice.document_id).first()
    if document is None:
        return None
    name = "archive:review" if notice.kind == Kind.PROTOCOL_REVIEW else "archive:document"
    return {"document": document, "url": settings.BASE_URL + reverse(name, args=[document.pk])}
