"""The statement that a mailing runs for every mail, as PostgreSQL does it with the least work."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import psycopg
from django.db import connection
from django.utils import timezone


class Settled(NamedTuple):
    """What became of a claimed delivery. `tried`: the server was asked; `not_before` only with PENDING and DEFERRED."""

    delivery: int
    claim: uuid.UUID
    state: str
    reply: str = ""
    tried: bool = True
    sent_at: datetime | None = None
    not_before: datetime | None = None


# One statement, one round trip, one commit. The setting holds for this transaction only; it is part of the statement
# so that it can never be left behind on the connection. No join with the mailing or the person: PostgreSQL looks again
# at the row's own columns when it had to wait for a lock, but not at those of joined tables. The states are named by
# what they are not, and the rows twice: otherwise PostgreSQL reads all of the small index on rows in somebody's hands,
# which is full of entries that are outdated until the next vacuum (6 ms a statement after some thousand mails).
_STATEMENT = """
    WITH settled AS (
        UPDATE newsletter_delivery d
        SET state = v.state, reply = v.reply, lease_until = NULL, attempts = d.attempts + v.tried,
            sent_at = COALESCE(v.sent_at, d.sent_at), not_before = COALESCE(v.not_before, d.not_before),
            claim = CASE WHEN v.state = 'pending' THEN NULL ELSE d.claim END
        FROM unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::int[], $6::timestamptz[], $7::timestamptz[])
            AS v(id, claim, state, reply, tried, sent_at, not_before)
        WHERE d.id = ANY($1::bigint[]) AND d.id = v.id AND d.claim = v.claim
            AND d.state NOT IN ('pending', 'sent', 'deferred', 'failed', 'skipped')
        RETURNING 1
    ), begun AS (
        UPDATE newsletter_delivery d SET state = 'sending', lease_until = $8::timestamptz
        FROM unnest($9::bigint[], $10::uuid[]) AS v(id, claim)
        WHERE d.id = ANY($9::bigint[]) AND d.id = v.id AND d.claim = v.claim
            AND d.state NOT IN ('pending', 'sent', 'deferred', 'failed', 'skipped', 'uncertain')
            AND EXISTS (SELECT 1 FROM newsletter_mailing m WHERE m.id = d.mailing_id AND m.state = 'sending')
            AND EXISTS (SELECT 1 FROM newsletter_subscriber s WHERE s.id = d.subscriber_id AND s.state = 'active')
        RETURNING d.id
    )
    SELECT array_to_string(ARRAY(SELECT id FROM begun), ','), set_config('synchronous_commit', $11::text, true)
"""
_NAME = b"newsletter_mark"
# Marks a connection on which the statement has been prepared.
_PREPARED = "_newsletter_mark_is_prepared"


def mark_at_once(
    settled: Sequence[Settled], starting: Sequence[tuple[int, uuid.UUID]], lease: timedelta, *, durable: bool
) -> set[int]:
    """Write what became of deliveries and that the contents of others are about to leave; returns those that may.

    The statement is prepared, because planning it takes longer than running it, and its parameters go to libpq as they
    are: what psycopg and Django do for every statement would cost more than the mail itself. Raises what Django raises
    for any statement.
    """
    parameters = [
        _array(str(one.delivery) for one in settled),
        _array(str(one.claim) for one in settled),
        _array(str(one.state) for one in settled),
        _array(_quoted(one.reply[:500]) for one in settled),
        _array("1" if one.tried else "0" for one in settled),
        _array(_time(one.sent_at) for one in settled),
        _array(_time(one.not_before) for one in settled),
        (timezone.now() + lease).isoformat().encode(),
        _array(str(delivery) for delivery, _claim in starting),
        _array(str(claim) for _delivery, claim in starting),
        b"on" if durable else b"off",
    ]
    connection.ensure_connection()
    raw = connection.connection
    with connection.wrap_database_errors:
        if not getattr(raw, _PREPARED, False):
            raw.execute("SET plan_cache_mode = force_generic_plan")
            _require(raw.pgconn.prepare(_NAME, _STATEMENT.encode()), psycopg.pq.ExecStatus.COMMAND_OK)
            setattr(raw, _PREPARED, True)
        result = raw.pgconn.exec_prepared(_NAME, parameters)
        _require(result, psycopg.pq.ExecStatus.TUPLES_OK)
        allowed = result.get_value(0, 0)
    return {int(delivery) for delivery in allowed.split(b",")} if allowed else set()


def _require(result: psycopg.pq.abc.PGresult, wanted: psycopg.pq.ExecStatus) -> None:
    if result.status == wanted:
        return
    if not result.error_field(psycopg.pq.DiagnosticField.SQLSTATE):
        # Only what the server says has a code. The rest is libpq speaking of a connection that broke, also when its
        # status does not show that yet: psycopg would raise an error that nobody repeats a statement for.
        raise psycopg.OperationalError("the connection is lost")
    raise psycopg.errors.error_from_result(result, encoding="utf-8")


def _array(values: Iterable[str]) -> bytes:
    """An array as PostgreSQL reads it."""
    return f"{{{','.join(values)}}}".encode()


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\0", "")
    return f'"{escaped}"'


def _time(moment: datetime | None) -> str:
    return f'"{moment.isoformat()}"' if moment else "NULL"
