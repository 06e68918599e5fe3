"""Mails about accounts: invitations, news of requests, answers, reminders. They go at once and one by one.

The rows are the truth: what no mail followed is in `due`, and the sweep asks again. Texts hold no password and no
address of anybody else.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from cms.accounts import invitations
from cms.accounts.standing import colleagues, due_for_review, reviewable_by
from cms.models import User
from home.models import AccessRequest, Invitation
from home.roles import Role
from newsletter.addresses import for_envelope

logger = logging.getLogger(__name__)

CLAIM = 60  # seconds in which a second worker leaves a mail to the first
PERMANENT = 500
State = AccessRequest.State


def send_invitation(key: int) -> bool:
    """Make the link of an invitation and send it; returns whether a mail went out.

    Raises OSError or SMTPException if the server cannot take it now; the sweep tries again. A final refusal of the
    recipient is written down for the editors.
    """
    with _claimed("invitation", key) as mine:
        found = _invitations_due().select_related("office", "invited_by").filter(pk=key) if mine else ()
        for invitation in found:
            token = invitations.new_token(invitation)
            same = Invitation.objects.filter(pk=key, token_hash=invitation.token_hash)
            context = {"invitation": invitation, "url": _url("account_invitation", token)}
            refusal = _send("invitation", "Ihre Einladung zur IKOE-Website", [invitation.email], context)
            same.update(mail_error=refusal, mailed_at=None if refusal else timezone.now())
            return not refusal
    return False


def announce_request(key: int) -> bool:
    """Tell the editors that somebody asks for an account; returns whether a mail went out. Raises like above."""
    with _claimed("announce", key) as mine:
        found = _requests_unannounced().select_related("office").filter(pk=key) if mine else ()
        for request in found:
            editors = colleagues(Role.EDITOR, Role.CHIEF_EDITOR)
            context = {"access_request": request, "url": _url("accounts_request", request.pk)}
            to = list(editors.values_list("email", flat=True))
            refusal = _send("access_request", "Neue Anfrage nach Zugang", to, context) if to else "nobody"
            AccessRequest.objects.filter(pk=key).update(announced_at=timezone.now())
            return not refusal
    return False


def answer_request(key: int) -> bool:
    """Tell a person that there will be no account; returns whether a mail went out. Raises like above."""
    with _claimed("answer", key) as mine:
        found = _requests_unanswered().select_related("office").filter(pk=key) if mine else ()
        for request in found:
            refusal = _send("access_declined", "Ihre Anfrage nach Zugang", [request.email], {"access_request": request})
            AccessRequest.objects.filter(pk=key).update(answered_at=timezone.now())
            return not refusal
    return False


def remind_of_review(key: int) -> bool:
    """Tell one person how many accounts wait for a review; returns whether a mail went out. Raises like above."""
    user = User.objects.filter(pk=key, is_active=True).first()
    number = due_for_review(reviewable_by(user)).count() if user else 0
    if user is None or not number:
        return False
    context = {"user": user, "number": number, "url": _url("accounts_review")}
    return not _send("review_due", "Bitte prüfen Sie die Konten", [user.email], context)


def tell_second_factor_reset(user: User) -> bool:
    """Tell a person that the second factor was taken off. Raises like above."""
    return not _send("second_factor_reset", "Ihr zweiter Faktor wurde zurückgesetzt", [user.email], {"user": user})


def due() -> Iterator[tuple[Callable[[int], bool], int]]:
    """What no mail followed yet: the function that sends it and its key."""
    for send, rows in (
        (send_invitation, _invitations_due()),
        (announce_request, _requests_unannounced()),
        (answer_request, _requests_unanswered()),
    ):
        for key in rows.values_list("pk", flat=True):
            yield send, key


def _invitations_due() -> Any:
    return Invitation.objects.filter(accepted_at=None, mailed_at=None, mail_error="", expires_at__gt=timezone.now())


def _requests_unannounced() -> Any:
    return AccessRequest.objects.filter(state=State.OPEN, announced_at=None)


def _requests_unanswered() -> Any:
    return AccessRequest.objects.filter(state=State.DECLINED, answered_at=None)


@contextmanager
def _claimed(what: str, key: int) -> Iterator[bool]:
    """Two workers at the same moment: the second one gets False and leaves it."""
    name = f"accounts:{what}:{key}"
    mine = cache.add(name, 1, CLAIM)
    try:
        yield mine
    finally:
        if mine:
            cache.delete(name)


def _url(name: str, *arguments: Any) -> str:
    return settings.BASE_URL + reverse(name, args=arguments)


def _send(name: str, subject: str, to: Iterable[str], context: dict[str, Any]) -> str:
    """Send one mail; returns "" or, if nobody of `to` exists there, the words of the server."""
    context = context | {"base_url": settings.BASE_URL, "subject": subject}
    mail = EmailMultiAlternatives(
        subject=f"IKOE: {subject}",
        body=render_to_string(f"account/mail/{name}.txt", context, using="text"),
        to=[for_envelope(address) for address in to],
        # RFC 3834: no vacation notes in return.
        headers={"Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string(f"account/mail/{name}.html", context), "text/html")
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        if code < PERMANENT:
            raise
        logger.info("account mail %s: recipient refused with %s", name, code)
        return f"{code} {words.decode(errors='replace')}"[:255]
    return ""
