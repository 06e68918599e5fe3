"""Resolutions and tasks across all editions: what is open, what is overdue, what is done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from archive.models import Document
from archive.protocols.freezing import RELEASED
from archive.protocols.models import Resolution

# What can be asked for, as it stands in the address, and how it reads.
OPEN, DONE, ALL = "offen", "erledigt", "alle"
CHOICES = ((OPEN, "offen"), (DONE, "erledigt"), (ALL, "alle"))


def known(stand: str) -> str:
    """What is asked for by an address; anything unknown is "offen"."""
    return stand if stand in dict(CHOICES) else OPEN


def resolutions_for(user: Any, stand: str = OPEN) -> QuerySet[Resolution]:
    """What the released protocols that `user` may see record: open before done, the most urgent first.

    `stand` is one of CHOICES. A draft is nobody's record yet.
    """
    found = (
        Resolution.objects.filter(
            protocol__document__in=Document.objects.visible_to(user).values("pk"), protocol__state__in=RELEASED
        )
        .select_related("protocol__document__edition__series")
        .order_by(F("done_on").desc(nulls_first=True), F("until").asc(nulls_last=True), "pk")
    )
    return narrowed(found, stand)


def narrowed(resolutions: QuerySet[Resolution], stand: str) -> QuerySet[Resolution]:
    """Those of `resolutions` that are as `stand` says."""
    return resolutions if stand == ALL else resolutions.filter(done_on__isnull=stand != DONE)


def overdue(resolutions: QuerySet[Resolution]) -> int:
    """How many of `resolutions` are overdue."""
    return narrowed(resolutions, OPEN).filter(until__lt=timezone.localdate()).count()


def settle(resolutions: Iterable[int], *, user: Any) -> int:
    """Notes today that these are done; returns how many were open. Ids that `user` may not see are passed over."""
    return _chosen(resolutions, user).filter(done_on__isnull=True).update(done_on=timezone.localdate())


def reopen(resolutions: Iterable[int], *, user: Any) -> int:
    """Takes the note back; returns how many were done."""
    return _chosen(resolutions, user).filter(done_on__isnull=False).update(done_on=None)


def _chosen(resolutions: Iterable[int], user: Any) -> QuerySet[Resolution]:
    seen = resolutions_for(user, ALL).order_by().values("pk")
    return Resolution.objects.filter(Q(pk__in=list(resolutions)), pk__in=seen)
