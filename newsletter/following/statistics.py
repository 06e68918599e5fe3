"""What became of a mailing, in figures. No pixel and no rewritten link: nobody knows here who has read what.

"Sent" is what a mail server accepted; bounces, complaints and people who left come from the ledger.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Lower

from home.spreadsheets import guard
from newsletter.bounces.classifying import best_code, classify
from newsletter.following import domain_groups
from newsletter.models import Bounce, ConsentRecord, Delivery, Mailing
from newsletter.sending.claiming import OPEN

State, Kind = Delivery.State, Bounce.Kind
_REASONS = {
    "hard": "Adresse nicht erreichbar",
    "soft": "vorübergehend nicht zustellbar",
    "policy": "Regeln des Servers",
}

# Key of a figure -> how it is called. The keys are columns of the CSV file of many mailings.
WORDS = {
    "total": "Adressen",
    "sent": "gesendet",
    "pending": "noch offen",
    "failed": "abgelehnt",
    "uncertain": "unklar",
    "skipped": "übersprungen",
    "hard": "zurückgekommen: dauerhaft",
    "soft": "zurückgekommen: vorübergehend",
    "policy": "zurückgekommen: Regeln des Empfängers",
    "complaint": "Beschwerden",
    "unsubscribed": "danach abgemeldet",
}
HANDED_OVER = ("total", "sent", "pending", "failed", "uncertain", "skipped")
_BOUNCES = ("hard", "soft", "policy", "complaint")
GROUP_COLUMNS = ("total", "sent", "failed", "bounced", "unsubscribed")
GROUP_WORDS = {"total": "Adressen", "sent": "gesendet", "failed": "abgelehnt", "bounced": "zurückgekommen",
               "unsubscribed": "danach abgemeldet"}  # fmt: skip


@dataclass(frozen=True)
class Statistics:
    """The figures of one mailing. `groups` is empty if they would tell about single people."""

    figures: dict[str, int]
    refusals: list[tuple[str, int]] = field(default_factory=list)
    groups: dict[str, dict[str, int]] = field(default_factory=dict)


def statistics_of(mailing: Mailing) -> Statistics:
    """Count one mailing, in a number of queries that does not grow."""
    figures = _by_mailing(Mailing.objects.filter(pk=mailing.pk))[mailing.pk]
    return Statistics(figures, _refusals(mailing), domain_groups.merged(_by_domain(mailing)))


def of_mailings(mailings: list[Mailing]) -> list[tuple[Mailing, dict[str, int]]]:
    """Count many mailings at once."""
    counted = _by_mailing(Mailing.objects.filter(pk__in=[mailing.pk for mailing in mailings]))
    return [(mailing, counted[mailing.pk]) for mailing in mailings]


def _by_mailing(mailings: QuerySet[Mailing]) -> dict[int, dict[str, int]]:
    keys = list(mailings.values_list("pk", flat=True))
    figures = {key: dict.fromkeys(WORDS, 0) for key in keys}
    rows = Delivery.objects.filter(mailing__in=keys).order_by().values("mailing", "state").annotate(rows=Count("pk"))
    for row in rows:
        counted = figures[row["mailing"]]
        name = "pending" if row["state"] in OPEN else row["state"]
        counted[name] += row["rows"]
        counted["total"] += row["rows"]
    # What was refused at the hand-over has a figure of its own.
    bounces = Bounce.objects.filter(delivery__mailing__in=keys, delivery__state=State.SENT).order_by()
    for row in bounces.values("delivery__mailing", "kind").annotate(rows=Count("delivery", distinct=True)):
        if row["kind"] in _BOUNCES:
            figures[row["delivery__mailing"]][row["kind"]] = row["rows"]
    for row in _left_after(keys).values("mailing").annotate(rows=Count("pk")):
        figures[row["mailing"]]["unsubscribed"] = row["rows"]
    return figures


def _left_after(mailings: list[int]) -> QuerySet[Delivery]:
    """Deliveries whose reader left after this mail and before the next one."""
    later = Delivery.objects.filter(
        subscriber=OuterRef("subscriber"), sent_at__gt=OuterRef(OuterRef("sent_at")), sent_at__lt=OuterRef("at")
    )
    leaving = ConsentRecord.objects.filter(
        ~Exists(later),
        subscriber=OuterRef("subscriber"),
        event=ConsentRecord.Event.WITHDRAWN,
        at__gte=OuterRef("sent_at"),
    )
    return Delivery.objects.filter(Exists(leaving), mailing__in=mailings, state=State.SENT).order_by()


def _refusals(mailing: Mailing) -> list[tuple[str, int]]:
    """Why servers refused at once, by the code that they gave (RFC 3463, else RFC 5321), most often first."""
    replies = (
        mailing.deliveries.filter(state=State.FAILED)
        .order_by()
        .annotate(start=Lower(Coalesce("reply", Value(""))))
        .values_list("start")
        .annotate(rows=Count("pk"))
    )
    counted: dict[str, int] = {}
    for reply, rows in replies.iterator():
        counted[_reason(reply)] = counted.get(_reason(reply), 0) + rows
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def _reason(reply: str) -> str:
    code = best_code(reply)
    meaning = {
        "hard": "Adresse nicht erreichbar",
        "soft": "vorübergehend nicht zustellbar",
        "policy": "Regeln des Servers",
    }
    shown = code or reply[:3] if code or reply[:3].isdecimal() else ""
    words = meaning[classify(code, reply)]
    return f"{words} ({shown})" if shown else words


def _by_domain(mailing: Mailing) -> dict[str, dict[str, int]]:
    """The figures of a mailing by the domain of the address; people without one any more are under ""."""
    came_back = Bounce.objects.filter(delivery=OuterRef("pk"), kind__in=[Kind.HARD, Kind.SOFT, Kind.POLICY])
    left = _left_after([mailing.pk]).filter(pk=OuterRef("pk"))
    rows = (
        mailing.deliveries.order_by()
        .annotate(came_back=Exists(came_back), has_left=Exists(left))
        .values("domain")
        .annotate(
            total=Count("pk"),
            sent=Count("pk", filter=Q(state=State.SENT)),
            failed=Count("pk", filter=Q(state=State.FAILED)),
            bounced=Count("pk", filter=Q(came_back=True, state=State.SENT)),
            unsubscribed=Count("pk", filter=Q(has_left=True)),
        )
    )
    return {row.pop("domain"): row for row in rows}


def csv_of_mailing(mailing: Mailing) -> Iterator[str]:
    """Yield the lines of a CSV file for German spreadsheets: figures, refusals, groups of domains."""
    counted = statistics_of(mailing)
    yield _line("Newsletter", mailing.subject)
    yield _line("Versand", mailing.pk)
    yield _line("Beginn", mailing.started_at.isoformat() if mailing.started_at else "")
    yield _line()
    for name, word in WORDS.items():
        yield _line(word, counted.figures[name])
    if counted.refusals:
        yield _line()
        yield _line("Grund der Ablehnung", "Adressen")
        for reason, rows in counted.refusals:
            yield _line(reason, rows)
    if counted.groups:
        yield _line()
        yield _line("Anbieter", *(GROUP_WORDS[name] for name in GROUP_COLUMNS))
        for group, figures in counted.groups.items():
            yield _line(group, *(figures[name] for name in GROUP_COLUMNS))


def csv_of_mailings(mailings: list[Mailing]) -> Iterator[str]:
    """Yield the lines of a CSV file for German spreadsheets with one line a mailing."""
    yield _line("Versand", "Newsletter", "Stand", "Beginn", *WORDS.values())
    for mailing, figures in of_mailings(mailings):
        begun = mailing.started_at.isoformat() if mailing.started_at else ""
        yield _line(mailing.pk, mailing.subject, mailing.get_state_display(), begun, *(figures[name] for name in WORDS))


def _line(*cells: Any) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";").writerow([guard(str(cell)) for cell in cells])
    return buffer.getvalue()
