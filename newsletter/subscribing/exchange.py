"""Subscribers in and out as CSV, row by row: the memory needed does not grow with the file.

Cells that a spreadsheet would run as a formula carry an apostrophe in front; the import takes it off again.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Literal

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from home.models import Topic
from newsletter import addresses
from newsletter.models import ConsentRecord, Subscriber
from newsletter.subscribing import consent

COLUMNS = ("email", "name", "topics", "consent_origin", "consent_at")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
BATCH = 500

Status = Literal["added", "duplicate", "suppressed", "rejected"]


class UnusableFile(ValueError):
    """The file as a whole cannot be imported; the message is a German sentence."""


class Unacceptable(ValueError):
    """One row cannot be imported."""


@dataclass(frozen=True)
class Outcome:
    """What became of one line (counted as an editor counts: the heading is line 1)."""

    line: int
    status: Status
    reason: str = ""


@dataclass(frozen=True)
class Row:
    email: str
    name: str
    topics: list[Topic]
    origin: str
    at: datetime


def import_rows(lines: Iterable[str], *, dry_run: bool = False) -> Iterator[Outcome]:
    """Yield one outcome a row. With `dry_run` nothing is stored. Raises UnusableFile before the first row."""
    reader = csv.DictReader(lines)
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
    if missing:
        raise UnusableFile(f"In der ersten Zeile fehlen Spalten: {', '.join(missing)}.")
    topics = {topic.slug: topic for topic in Topic.objects.filter(newsletter=True)}
    # Only a dry run has to remember what it would have stored: 8 bytes an address.
    seen: set[bytes] | None = set() if dry_run else None
    rows = ((reader.line_num, row) for row in reader)
    while batch := list(islice(rows, BATCH)):
        with transaction.atomic():
            outcomes = [_import_row(line, row, topics, seen) for line, row in batch]
        yield from outcomes


def export_lines() -> Iterator[str]:
    """Yield the lines of a CSV file (RFC 4180) with all active and paused subscriptions."""
    yield _line(COLUMNS)
    people = Subscriber.objects.filter(state__in=[Subscriber.State.ACTIVE, Subscriber.State.PAUSED])
    for subscriber in people.prefetch_related("topics", "consents").order_by("pk").iterator(chunk_size=BATCH):
        proofs = [
            record
            for record in subscriber.consents.all()
            if record.event in (ConsentRecord.Event.CONFIRMED, ConsentRecord.Event.IMPORTED)
        ]
        proof = proofs[-1] if proofs else None
        yield _line(
            [
                subscriber.email or "",
                subscriber.name,
                "|".join(sorted(topic.slug for topic in subscriber.topics.all())),
                proof.source if proof else "",
                proof.at.isoformat() if proof else "",
            ]
        )


def guard(cell: str) -> str:
    """Keep a spreadsheet from running the cell (OWASP: CSV injection)."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def unguard(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow([guard(cell) for cell in cells])
    return buffer.getvalue()


def _import_row(
    line: int, cells: Mapping[str, str | None], topics: Mapping[str, Topic], seen: set[bytes] | None
) -> Outcome:
    try:
        row = _read(cells, topics)
    except (Unacceptable, addresses.InvalidAddress) as error:
        return Outcome(line, "rejected", str(error))
    known = Subscriber.objects.filter(email__iexact=row.email).first()
    gone = known is not None and known.state in (Subscriber.State.UNSUBSCRIBED, Subscriber.State.STOPPED)
    if gone or consent.is_suppressed(row.email):
        return Outcome(line, "suppressed", "Diese Adresse hat sich abgemeldet oder ist nicht zustellbar.")
    digest = hashlib.blake2b(row.email.lower().encode(), digest_size=8).digest()
    if known is not None or (seen is not None and digest in seen):
        return Outcome(line, "duplicate", "Diese Adresse ist schon angemeldet.")
    if seen is None:
        _store(row)
    else:
        seen.add(digest)
    return Outcome(line, "added")


def _read(cells: Mapping[str, str | None], topics: Mapping[str, Topic]) -> Row:
    email, name, slugs, origin, at = (unguard((cells[column] or "").strip()) for column in COLUMNS)
    unknown = [slug for slug in slugs.split("|") if slug and slug not in topics]
    if unknown:
        raise Unacceptable(f"Dieses Thema gibt es im Newsletter nicht: {', '.join(unknown)}.")
    if not origin:
        raise Unacceptable("Die Herkunft der Einwilligung fehlt (Spalte consent_origin).")
    if not name.isprintable() or len(name) > 150:
        raise Unacceptable("Der Name ist zu lang oder enthält Steuerzeichen.")
    try:
        when = parse_datetime(at)
    except ValueError:
        when = None
    if when is None or when.tzinfo is None:
        raise Unacceptable("Die Zeit der Einwilligung fehlt oder hat keine Zeitzone (Spalte consent_at).")
    if when > timezone.now():
        raise Unacceptable("Die Zeit der Einwilligung liegt in der Zukunft.")
    return Row(addresses.normalise(email), name, [topics[slug] for slug in slugs.split("|") if slug], origin, when)


def _store(row: Row) -> None:
    subscriber = Subscriber.objects.create(
        email=row.email, name=row.name, state=Subscriber.State.ACTIVE, confirmed_at=row.at
    )
    subscriber.topics.set(row.topics)
    ConsentRecord.objects.create(
        subscriber=subscriber,
        event=ConsentRecord.Event.IMPORTED,
        at=row.at,
        topics=sorted(topic.slug for topic in row.topics),
        source=row.origin[:500],
    )
