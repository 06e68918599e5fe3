"""A mailing of which every mail has met another end, and people who look at it."""

import re
import uuid

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from home.roles import Role
from newsletter.models import Bounce, Delivery, Mailing
from newsletter.sending import mailings

State = Delivery.State


def mixed_mailing(issue) -> Mailing:
    """Six mails: sent, refused, uncertain, deferred, skipped, and one that came back."""
    mailing = mailings.start_mailing(issue)
    # PostgreSQL inserts them in no order of ours.
    rows = list(mailing.deliveries.order_by("subscriber"))
    now = timezone.now()
    for row, state, reply, sent in zip(
        rows,
        [State.SENT, State.FAILED, State.UNCERTAIN, State.DEFERRED, State.SKIPPED, State.SENT],
        ["250 OK", "550 5.1.1 No such user", "Keine Antwort", "452 4.2.2 Full", "abgemeldet oder pausiert", "250 OK"],
        [now, None, None, None, None, now],
        strict=True,
    ):
        Delivery.objects.filter(pk=row.pk).update(
            state=state, reply=reply, sent_at=sent, claim=uuid.uuid4() if state == State.UNCERTAIN else None
        )
    came_back(rows[5], kind="policy", code="5.7.1", words="554 5.7.1 Rejected by rules")
    return mailing


def came_back(delivery, *, kind, code="", words="", at=None):
    return Bounce.objects.create(
        delivery=delivery,
        subscriber=delivery.subscriber,
        kind=kind,
        code=code,
        words=words,
        message_sha256=uuid.uuid4().hex,
        received_at=at or timezone.now(),
    )


def row(mailing, number) -> Delivery:
    return mailing.deliveries.order_by("subscriber")[number]


def user(role: Role):
    found, _made = get_user_model().objects.get_or_create(email=f"{role.name.lower()}@example.org")
    found.groups.set([Group.objects.get(name=role)])
    return found


def login(role: Role) -> Client:
    client = Client()
    client.force_login(user(role))
    return client


def text(html: str) -> str:
    return re.sub(r"\s+", " ", strip_tags(html.replace("<", " <")))
