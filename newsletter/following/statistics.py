"""What became of a mailing, in figures. No pixel and no rewritten link: nobody knows here who has read what.

"Sent" is what a mail server accepted; bounces, complaints and people who left come from the ledger.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Count, Min, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Lower

from home.spreadsheets import csv_line
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
    """Count one mailing, in a number of queries that does not grow: one look at all its rows, the rest at few."""
    figures = dict.fromkeys(WORDS, 0)
    groups: dict[str, dict[str, int]] = {}
    states = mailing.deliveries.order_by().values_list("domain", "state").annotate(rows=Count("pk"))
    for domain, state, rows in states:
        _count(figures, state, rows)
        _count(groups.setdefault(domain, dict.fromkeys((*HANDED_OVER, *GROUP_COLUMNS), 0)), state, rows)
    for domain, kinds in _came_back(mailing):
        groups[domain]["bounced"] += kinds != {Kind.COMPLAINT}
        for kind in kinds:
            figures[kind] += 1
    for row in _left_after([mailing.pk]).values("domain").annotate(rows=Count("pk")):
        groups[row["domain"]]["unsubscribed"] = row["rows"]
        figures["unsubscribed"] += row["rows"]
    by_domain = {domain: {name: row[name] for name in GROUP_COLUMNS} for domain, row in groups.items()}
    return Statistics(figures, _refusals(mailing), domain_groups.merged(by_domain))


def of_mailings(mailings: list[Mailing]) -> list[tuple[Mailing, dict[str, int]]]:
    """Count many mailings at once."""
    keys = [mailing.pk for mailing in mailings]
    figures = {key: dict.fromkeys(WORDS, 0) for key in keys}
    rows = Delivery.objects.filter(mailing__in=keys).order_by().values("mailing", "state").annotate(rows=Count("pk"))
    for row in rows:
        _count(figures[row["mailing"]], row["state"], row["rows"])
    for key, kind, rows in (
        _bounces(keys).values_list("delivery__mailing", "kind").annotate(rows=Count("delivery", distinct=True))
    ):
        figures[key][kind] = rows
    for row in _left_after(keys).values("mailing").annotate(rows=Count("pk")):
        figures[row["mailing"]]["unsubscribed"] = row["rows"]
    return [(mailing, figures[mailing.pk]) for mailing in mailings]


def _count(figures: dict[str, int], state: str, rows: int) -> None:
    figures["pending" if state in OPEN else state] += rows
    figures["total"] += rows


def _bounces(mailings: list[int]) -> QuerySet[Bounce]:
    """What came back. A refusal at the hand-over has a figure of its own."""
    bounces = Bounce.objects.filter(delivery__mailing__in=mailings, delivery__state=State.SENT, kind__in=_BOUNCES)
    return bounces.order_by()


def _came_back(mailing: Mailing) -> Iterator[tuple[str, set[str]]]:
    """Domain and kinds of bounces of every delivery that has any."""
    kinds: dict[int, set[str]] = {}
    domains: dict[int, str] = {}
    for delivery, domain, kind in _bounces([mailing.pk]).values_list("delivery", "delivery__domain", "kind"):
        kinds.setdefault(delivery, set()).add(kind)
        domains[delivery] = domain
    return ((domains[delivery], kinds[delivery]) for delivery in kinds)


def _left_after(mailings: list[int]) -> QuerySet[Delivery]:
    """Deliveries whose reader left after this mail and before the next one.

    Looks from the few who left to the last mail that each had got: the other way round, every mail of a mailing is
    asked for its reader, 16 seconds for a million of them.
    """
    begun = Mailing.objects.filter(pk__in=mailings).aggregate(first=Min("started_at"))["first"]
    leaving = ConsentRecord.objects.filter(event=ConsentRecord.Event.WITHDRAWN)
    last = Delivery.objects.filter(
        subscriber=OuterRef("subscriber"), state=State.SENT, sent_at__lte=OuterRef("at")
    ).order_by("-sent_at", "-pk")
    mails = (leaving.filter(at__gte=begun) if begun else leaving).values_list(Subquery(last.values("pk")[:1]))
    return Delivery.objects.filter(pk__in=mails.order_by(), mailing__in=mailings).order_by()


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
    shown = code or reply[:3] if code or reply[:3].isdecimal() else ""
    words = _REASONS[classify(code, reply)]
    return f"{words} ({shown})" if shown else words


def csv_of_mailing(mailing: Mailing) -> Iterator[str]:
    """Yield the lines of a CSV file for German spreadsheets: figures, refusals, groups of domains."""
    counted = statistics_of(mailing)
    yield csv_line(["Newsletter", mailing.subject])
    yield csv_line(["Versand", mailing.pk])
    yield csv_line(["Beginn", mailing.started_at.isoformat() if mailing.started_at else ""])
    yield csv_line([])
    for name, word in WORDS.items():
        yield csv_line([word, counted.figures[name]])
    if counted.refusals:
        yield csv_line([])
        yield csv_line(["Grund der Ablehnung", "Adressen"])
        for reason, rows in counted.refusals:
            yield csv_line([reason, rows])
    if counted.groups:
        yield csv_line([])
        yield csv_line(["Anbieter", *(GROUP_WORDS[name] for name in GROUP_COLUMNS)])
        for group, figures in counted.groups.items():
            yield csv_line([group, *(figures[name] for name in GROUP_COLUMNS)])


def csv_of_mailings(mailings: list[Mailing]) -> Iterator[str]:
    """Yield the lines of a CSV file for German spreadsheets with one line a mailing."""
    yield csv_line(["Versand", "Newsletter", "Stand", "Beginn", *WORDS.values()])
    for mailing, figures in of_mailings(mailings):
        begun = mailing.started_at.isoformat() if mailing.started_at else ""
        yield csv_line(
            [mailing.pk, mailing.subject, mailing.get_state_display(), begun, *(figures[name] for name in WORDS)]
        )
