"""How often a password, a code or a mail may be tried: by account and by network, so that nobody can lock somebody out.

Whoever guesses wears out the network they guess from (RFC 6177: of IPv6 the /64 of one line); the account stays open to
everybody else. What all strangers together may try with one account is limited as well, for those who guess from many
networks, and a network from which the account has logged in before is never a stranger (OWASP calls the idea "device
cookies"). Who is a stranger and over that limit still gets in with a passkey or a code by mail.

The counters are rows of the database and not of the cache: the cache fails open, and a lost Redis must not open the
door to guessing. They hold across all processes and servers. A key is a keyed hash, a row is deleted when its time is
over, and an address without an account is counted like one with an account.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import F
from django.utils import timezone

from cms.models import AttemptCount
from home.rate_limit import client_network, hashed

if TYPE_CHECKING:
    from django.http import HttpRequest

    from cms.models import User

# A row whose time is over begins again. The same for PostgreSQL and SQLite (3.35 or newer).
_COUNT_ONE = """
    INSERT INTO cms_attemptcount AS row (key, count, until) VALUES (%s, 1, %s)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN row.until > %s THEN row.count + 1 ELSE 1 END,
        until = CASE WHEN row.until > %s THEN row.until ELSE excluded.until END
    RETURNING count
"""
MINUTES, HOUR, DAY = timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Limit:
    """So many within a time that runs from the first of them."""

    most: int
    within: timedelta


@dataclass(frozen=True)
class Rule:
    """What holds for one kind of attempt.

    `here`: one account from one network; `place`: one network, whatever the account; `strangers`: one account from all
    networks that it does not know. A day of `here` stays far below `strangers`: one network cannot wear that out.
    """

    name: str
    here: tuple[Limit, ...]
    place: Limit
    strangers: Limit


PASSWORD = Rule("password", (Limit(5, MINUTES), Limit(20, DAY)), Limit(50, timedelta(minutes=10)), Limit(100, DAY))
# Whoever gets here has the password. A code has six digits, and three of a million are good at a time.
SECOND_FACTOR = Rule("factor", (Limit(5, MINUTES), Limit(20, DAY)), Limit(50, timedelta(minutes=10)), Limit(60, DAY))
# Mails with a code or a link to an address. A conference logs in from one network.
MAIL = Rule("mail", (Limit(4, timedelta(minutes=10)), Limit(12, DAY)), Limit(100, HOUR), Limit(40, DAY))
# What anybody can have sent to anybody: that there is no account.
UNKNOWN_ADDRESSES = Limit(60, HOUR)
KNOWN_FOR = timedelta(days=90)


class TooMany(Exception):
    """There were too many attempts; `first` for the one that came to the limit of an account."""

    def __init__(self, *, first: bool) -> None:
        super().__init__()
        self.first = first


class Attempt:
    """One attempt that was counted."""

    def __init__(self) -> None:
        self._counted: list[str] = []

    def count(self, limit: Limit, *parts: str) -> None:
        """Count it once more under a key. Raises TooMany."""
        key = hashed(str(limit), *parts)
        number = _count(key, limit.within)
        if number > limit.most:
            raise TooMany(first=number == limit.most + 1)
        self._counted.append(key)

    def take_back(self) -> None:
        """It was right, so it was no guess."""
        AttemptCount.objects.filter(key__in=self._counted, count__gt=0).update(count=F("count") - 1)


def attempt(rule: Rule, request: HttpRequest, account: str) -> Attempt:
    """Count one attempt with `account` (its address in small letters, or its number). Raises TooMany.

    Counted first and looked at afterwards: of many at the same moment no more get through than the limit says.
    """
    made = Attempt()
    network = client_network(request)
    made.count(rule.place, rule.name, "place", network)
    for limit in rule.here:
        made.count(limit, rule.name, "here", account, network)
    if not _knows(account, network):
        made.count(rule.strangers, rule.name, "strangers", account)
    return made


def may_tell_that_unknown() -> bool:
    """Count a mail that says that there is no account; False if too many of them went out."""
    try:
        Attempt().count(UNKNOWN_ADDRESSES, "unknown")
    except TooMany:
        return False
    return True


def remember_network(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Note that somebody has logged in completely: this network is no stranger to the account for KNOWN_FOR.

    Connected to allauth's `user_logged_in`, which comes after the second factor.
    """
    network, until = client_network(request), timezone.now() + KNOWN_FOR
    for account in _names(user):
        AttemptCount.objects.update_or_create(key=hashed("known", account, network), defaults={"until": until})


def forget_old() -> int:
    """Delete counters whose time is over; returns how many."""
    return AttemptCount.objects.filter(until__lt=timezone.now()).delete()[0]


def _knows(account: str, network: str) -> bool:
    return AttemptCount.objects.filter(key=hashed("known", account, network), until__gt=timezone.now()).exists()


def _names(user: User) -> Iterator[str]:
    """The address, which is all that is known before a login, and the number, which is known at the second factor."""
    yield user.email.lower()
    yield str(user.pk)


def _count(key: str, within: timedelta) -> int:
    """Count one more and return which it is. One statement: of many at the same moment everybody gets a number."""
    now = timezone.now()
    moments = [connection.ops.adapt_datetimefield_value(moment) for moment in (now + within, now, now)]
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_ONE, [key, *moments])
        return int(cursor.fetchone()[0])
