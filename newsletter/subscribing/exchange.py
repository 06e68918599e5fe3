"""Subscribers in and out as CSV, some hundred rows at a time: the memory needed does not grow with the file.

Cells that a spreadsheet would run as a formula carry an apostrophe in front; the import takes it off again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Literal

from django.db import IntegrityError, transaction
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property

from home.models import Topic
from home.spreadsheets import csv_line, unguard
from newsletter import addresses, tokens
from newsletter.models import ConsentRecord, Subscriber, Suppression
from newsletter.subscribing.consent import CONSENTED, SUBSCRIBED
from newsletter.subscribing.csv_files import rows_of

State = Subscriber.State
COLUMNS = ("email", "name", "topics", "consent_origin", "consent_at")
BATCH = 500

Status = Literal["added", "duplicate", "suppressed", "rejected"]
WORDS: dict[Status, str] = {
    "added": "aufgenommen",
    "duplicate": "schon bekannt",
    "suppressed": "gesperrt oder abgemeldet",
    "rejected": "abgewiesen",
}
_KNOWN = {
    State.UNCONFIRMED: "Diese Adresse wartet schon auf ihre Bestätigung.",
    State.ACTIVE: "Diese Adresse ist schon angemeldet.",
    State.PAUSED: "Diese Adresse ist schon angemeldet und macht gerade Pause.",
}
_TWICE = "Diese Adresse steht schon weiter oben in der Datei."
_GONE = "Diese Adresse hat sich abgemeldet oder ist nicht zustellbar."


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
    """One line of a file that can be used: the address as it is kept, and where and when consent was given."""

    email: str
    name: str
    topics: list[Topic]
    origin: str
    at: datetime

    @property
    def folded(self) -> str:
        """The address for comparing: who wrote it with capitals is the same person."""
        return self.email.lower()

    @cached_property
    def marks(self) -> list[str]:
        """The keyed hashes of the address."""
        return tokens.fingerprints(self.email)


def import_rows(lines: Iterable[str], *, dry_run: bool = False) -> Iterator[Outcome]:
    """Yield one outcome a row. With `dry_run` nothing is stored.

    `lines` as `csv_files.csv_text` gives them. Raises UnusableFile: before the first row if a column is missing, later
    where the file stops being CSV; what came before is imported then.
    """
    rows = rows_of(lines, COLUMNS)
    topics = {topic.slug: topic for topic in Topic.objects.filter(newsletter=True)}
    seen: set[bytes] = set()  # 8 bytes an address: what this file has brought already.
    while batch := list(islice(rows, BATCH)):
        yield from _import_batch([_read(line, cells, topics) for line, cells in batch], seen, dry_run=dry_run)


def export_lines(*, delimiter: str = ",") -> Iterator[str]:
    """Yield the lines of a CSV file (RFC 4180) with all active and paused subscriptions."""
    yield csv_line(COLUMNS, delimiter=delimiter)
    people = Subscriber.objects.filter(state__in=SUBSCRIBED)
    for subscriber in people.prefetch_related("topics", "consents").order_by("pk").iterator(chunk_size=BATCH):
        proofs = [record for record in subscriber.consents.all() if record.event in CONSENTED]
        proof = max(proofs, key=lambda record: record.pk, default=None)
        yield csv_line(
            [
                subscriber.email or "",
                subscriber.name,
                "|".join(sorted(topic.slug for topic in subscriber.topics.all())),
                proof.source if proof else "",
                proof.at.isoformat() if proof else "",
            ],
            delimiter=delimiter,
        )


def _read(line: int, cells: Mapping[str, str], topics: Mapping[str, Topic]) -> tuple[int, Row | str]:
    """The row, or why it cannot be imported."""
    try:
        return line, _row(cells, topics)
    except (Unacceptable, addresses.InvalidAddress) as error:
        return line, str(error)


def _row(cells: Mapping[str, str], topics: Mapping[str, Topic]) -> Row:
    email, name, slugs, origin, at = (unguard(cells[column].strip()) for column in COLUMNS)
    chosen = [slug.strip() for slug in slugs.split("|") if slug.strip()]
    unknown = [slug for slug in chosen if slug not in topics]
    if unknown:
        raise Unacceptable(f"Dieses Thema gibt es im Newsletter nicht: {', '.join(unknown)[:200]}.")
    if not origin:
        raise Unacceptable("Die Herkunft der Einwilligung fehlt (Spalte consent_origin).")
    if not origin.isprintable() or len(origin) > 500:
        raise Unacceptable("Die Herkunft der Einwilligung ist zu lang oder enthält Steuerzeichen.")
    if not name.isprintable() or len(name) > 150 or ";" in name:
        raise Unacceptable("Der Name ist zu lang oder enthält Steuerzeichen oder ein Semikolon.")
    return Row(addresses.normalise(email), name, [topics[slug] for slug in dict.fromkeys(chosen)], origin, _time(at))


def _time(text: str) -> datetime:
    try:
        when = parse_datetime(text)
    except ValueError:
        when = None
    if when is None or when.tzinfo is None:
        raise Unacceptable(
            "Die Zeit der Einwilligung fehlt oder hat keine Zeitzone (Spalte consent_at, zum Beispiel "
            "2024-05-01T10:00:00+02:00)."
        )
    try:
        if when > timezone.now():
            raise Unacceptable("Die Zeit der Einwilligung liegt in der Zukunft.")
        return when.astimezone(timezone.get_default_timezone())
    except OverflowError as error:
        raise Unacceptable("Die Zeit der Einwilligung ist ungültig (Spalte consent_at).") from error


def _import_batch(rows: list[tuple[int, Row | str]], seen: set[bytes], *, dry_run: bool) -> Iterator[Outcome]:
    found = [row for _line_number, row in rows if isinstance(row, Row)]
    for attempt in range(3):
        try:
            with transaction.atomic():
                outcomes, new = _sort_out(rows, _known(found), _suppressed(found), seen)
                if not dry_run:
                    _store(new)
            break
        except IntegrityError:
            # Somebody signed up one of these addresses at this moment; next time it is known.
            if attempt == 2:
                raise
    seen.update(map(_digest, found))
    yield from outcomes


def _sort_out(
    rows: list[tuple[int, Row | str]], known: Mapping[str, str], suppressed: set[str], seen: set[bytes]
) -> tuple[list[Outcome], list[Row]]:
    """What becomes of each row, and the rows to store."""
    outcomes: list[Outcome] = []
    new: dict[bytes, Row] = {}
    for line, row in rows:
        if isinstance(row, str):
            outcomes.append(Outcome(line, "rejected", row))
            continue
        digest, state = _digest(row), known.get(row.folded)
        if row.folded in suppressed or (state is not None and state not in _KNOWN):
            outcomes.append(Outcome(line, "suppressed", _GONE))
        elif digest in seen or digest in new:
            outcomes.append(Outcome(line, "duplicate", _TWICE))
        elif state is not None:
            outcomes.append(Outcome(line, "duplicate", _KNOWN[State(state)]))
        else:
            outcomes.append(Outcome(line, "added"))
            new[digest] = row
    return outcomes, list(new.values())


def _digest(row: Row) -> bytes:
    return hashlib.blake2b(row.folded.encode(), digest_size=8).digest()


def _known(rows: list[Row]) -> dict[str, str]:
    """The state of every address that has a subscription."""
    people = Subscriber.objects.annotate(folded=Lower("email")).filter(folded__in=[row.folded for row in rows])
    return {str(folded): state for folded, state in people.values_list("folded", "state")}


def _suppressed(rows: list[Row]) -> set[str]:
    """The addresses that must not be written to."""
    marks = {mark: row.folded for row in rows for mark in row.marks}
    found = Suppression.objects.filter(address_hmac__in=marks).values_list("address_hmac", flat=True)
    return {marks[mark] for mark in found}


def _store(rows: list[Row]) -> None:
    people = Subscriber.objects.bulk_create(
        Subscriber(email=row.email, name=row.name, state=State.ACTIVE, confirmed_at=row.at) for row in rows
    )
    choices = Subscriber.topics.through
    choices.objects.bulk_create(
        choices(subscriber_id=person.pk, topic_id=topic.pk)
        for person, row in zip(people, rows, strict=True)
        for topic in row.topics
    )
    ConsentRecord.objects.bulk_create(
        ConsentRecord(
            subscriber=person,
            event=ConsentRecord.Event.IMPORTED,
            at=row.at,
            topics=sorted(topic.slug for topic in row.topics),
            source=row.origin,
            address_hmac=row.marks[0],
        )
        for person, row in zip(people, rows, strict=True)
    )
