"""What the newsletter tells editors on the first page of the admin: mailings to come, mailings that need a hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from home.editing.desk import LINES, Failure, Scheduled
from home.templatetags.german import counted
from newsletter.models import Delivery, MailboxState, Mailing

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

# Afterwards the list "Nicht zugestellt" is the place to look.
NEWS_FOR = timedelta(days=14)
_OVERDUE = (
    "Die Zeit ist vorbei, ohne dass der Versand begann. Bitte prüfen und versenden Sie die Ausgabe oder brechen Sie ab."
)
_PAUSED = "Der Versand ist angehalten. Bitte setzen Sie ihn fort oder brechen Sie ihn ab."


def scheduled_mailings(request: HttpRequest) -> Iterator[Scheduled]:
    """Mailings that begin by themselves."""
    planned = _visible(request).filter(state=Mailing.State.SCHEDULED).annotate(recipients=Count("deliveries"))
    for mailing in planned.order_by("scheduled_at")[: LINES + 1]:
        kind = f"geht an {counted(mailing.recipients, 'Person,Personen')}"
        yield Scheduled(mailing.scheduled_at, f"Newsletter: {mailing.subject}", kind, _url(mailing))


def troubled_mailings(request: HttpRequest) -> Iterator[Failure]:
    """Mailings that wait for a decision, and young ones that did not reach everybody."""
    stuck = Q(state__in=[Mailing.State.OVERDUE, Mailing.State.PAUSED])
    young = Q(started_at__gt=timezone.now() - NEWS_FOR)
    mailings = (
        # Few mailings first, so that their deliveries are counted and not those of all years.
        _visible(request)
        .filter(stuck | young)
        .annotate(uncertain=_counted(Delivery.State.UNCERTAIN), refused=_counted(Delivery.State.FAILED))
        .filter(stuck | Q(uncertain__gt=0) | Q(refused__gt=0))
    )
    for mailing in mailings.order_by("-scheduled_at")[: LINES + 1]:
        why = " ".join(_reasons(mailing, mailing.refused, mailing.uncertain))
        when = mailing.finished_at or mailing.started_at or mailing.scheduled_at
        yield Failure(when, f"Newsletter: {mailing.subject}", why, _url(mailing))


def _counted(state: Delivery.State) -> Coalesce:
    """How many deliveries of a mailing are in a state, by the index: a join would read all rows of the mailing."""
    rows = Delivery.objects.filter(mailing=OuterRef("pk"), state=state).order_by()
    return Coalesce(Subquery(rows.values("mailing").annotate(rows=Count("pk")).values("rows")), 0)


def dead_mailbox(request: HttpRequest) -> Iterator[Failure]:
    """The mailbox for bounces, while it cannot be read."""
    if not (settings.BOUNCE_IMAP_URL and request.user.has_perm("newsletter.view_mailing")):
        return
    for state in MailboxState.objects.filter(failing_since__isnull=False):
        assert state.failing_since is not None  # noqa: S101 - that is what the query asks for.
        why = (
            f"{state.problem} Solange das so ist, werden unzustellbare Adressen nicht erkannt und Abmeldungen per Mail "
            "nicht bearbeitet. Bitte geben Sie der Technik Bescheid."
        )
        yield Failure(state.failing_since, "Postfach für Rückläufer", why, reverse("delivery:index"))


def _reasons(mailing: Mailing, refused: int, uncertain: int) -> Iterator[str]:
    if mailing.state == Mailing.State.OVERDUE:
        yield _OVERDUE
    if mailing.state == Mailing.State.PAUSED:
        if mailing.pause_reason:
            yield mailing.pause_reason
        yield _PAUSED
    if refused:
        yield f"Bei {counted(refused, 'Adresse,Adressen')} hat der Mailserver die Mail abgelehnt."
    if uncertain:
        yield f"Bei {counted(uncertain, 'Adresse,Adressen')} ist unklar, ob die Mail angekommen ist."


def _visible(request: HttpRequest) -> QuerySet[Mailing]:
    return Mailing.objects.all() if request.user.has_perm("newsletter.view_mailing") else Mailing.objects.none()


def _url(mailing: Mailing) -> str:
    return reverse("mailing:inspect", args=[mailing.pk])
