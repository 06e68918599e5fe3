"""How fast mailings may go: token buckets that all workers share, and domains that asked us to slow down.

They live in Redis and by its clock, so they hold across workers and survive a restart of either. A bucket starts
almost empty: losing Redis never allows a burst. While Redis is away, every worker goes on by a bucket of its own with
its share of the rate, so that all together stay within it: a mailing neither stops nor goes too fast.
"""

from __future__ import annotations

import logging
import time
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import redis
from django.conf import settings
from django.utils import timezone

logger = logging.getLogger(__name__)

PREFIX = "ikoe:mail:"
# Replies after which a domain gets less: they speak of the load or of trust, not of one mailbox.
SLOWING = frozenset({421, 450, 451, 454})
LONGEST_WAIT = timedelta(minutes=15)
FORGET = timedelta(hours=6)
# After an error Redis is left alone for so many seconds.
REDIS_REST = 5.0
# A dead worker keeps its places at a server for so long.
CONNECTION_LEASE = timedelta(seconds=20)

# Grants up to ARGV[3] tokens; returns them and the microseconds until there is another. A bucket holds one second's
# worth, and at least one token.
_TAKE = """
    local time = redis.call('TIME')
    local now = time[1] + time[2] / 1000000
    local rate, wanted = tonumber(ARGV[1]), tonumber(ARGV[2])
    local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
    local tokens, at = tonumber(bucket[1]) or 1, tonumber(bucket[2]) or now
    tokens = math.min(math.max(rate, 1), tokens + math.max(0, now - at) * rate)
    local granted = math.min(math.floor(tokens), wanted)
    tokens = tokens - granted
    redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', tostring(now))
    redis.call('EXPIRE', KEYS[1], math.ceil(math.max(60, 10 / rate)))
    return {granted, math.ceil(math.max(0, 1 - tokens) / rate * 1000000)}
"""
# One refusal alone changes nothing; further ones without an acceptance in between wait 1, 2, 4, … seconds. Refusals of
# mails that were on their way when the wait began do not count again.
_SLOW = """
    local time = redis.call('TIME')
    local now = time[1] + time[2] / 1000000
    local until_ = tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or 0)
    if until_ > now then return tostring(until_ - now) end
    local level = redis.call('HINCRBY', KEYS[2], ARGV[1], 1)
    local wait = 0
    if level > 1 then wait = math.min(2 ^ (level - 2), tonumber(ARGV[2])) end
    redis.call('ZADD', KEYS[1], now + wait, ARGV[1])
    redis.call('EXPIRE', KEYS[1], ARGV[3])
    redis.call('EXPIRE', KEYS[2], ARGV[3])
    return tostring(wait)
"""
# A place among the connections to a server, taken for a while.
_ENTER = """
    local now = tonumber(redis.call('TIME')[1])
    redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
    local inside = redis.call('ZSCORE', KEYS[1], ARGV[1])
    if not inside and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
    redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[1])
    redis.call('EXPIRE', KEYS[1], ARGV[3])
    return 1
"""


@dataclass(frozen=True)
class Grant:
    """`tokens` may be used now; the next one is there in `wait` seconds."""

    tokens: int
    wait: float


class _OwnBucket:
    """The same bucket within one process, for the time without Redis."""

    def __init__(self) -> None:
        self._tokens, self._at = 1.0, time.monotonic()

    def take(self, rate: float, wanted: int) -> Grant:
        """Up to `wanted` tokens; it gains `rate` a second and holds those of one second, at least one."""
        now = time.monotonic()
        self._tokens = min(max(rate, 1), self._tokens + (now - self._at) * rate)
        self._at = now
        granted = min(int(self._tokens), wanted)
        self._tokens -= granted
        return Grant(granted, max(0.0, 1 - self._tokens) / rate)


class Limits:
    """The limits of all mailings, as one process sees them."""

    def __init__(self, url: str | None = None) -> None:
        self._client = redis.Redis.from_url(
            url or settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1, decode_responses=True
        )
        self._take_script = self._client.register_script(_TAKE)
        self._slow_script = self._client.register_script(_SLOW)
        self._enter_script = self._client.register_script(_ENTER)
        self._away_until = 0.0
        self._own: dict[str, _OwnBucket] = {}
        self._own_levels: dict[str, int] = {}
        self._troubled: dict[str, float] = {}
        self._troubled_read_at = float("-inf")

    def take(self, bucket: str, rate: float, wanted: int) -> Grant:
        """Up to `wanted` tokens of a bucket that gets `rate` a second; all of them if there is no rate."""
        if rate <= 0:
            return Grant(wanted, 0.0)
        if self._reachable():
            try:
                granted, wait = self._take_script(keys=[f"{PREFIX}bucket:{bucket}"], args=[rate, wanted])
                return Grant(int(granted), int(wait) / 1_000_000)
            except redis.RedisError as error:
                self._lost(error)
        own = self._own.setdefault(bucket, _OwnBucket())
        return own.take(rate / settings.MAIL_TASKS, wanted)

    def rate_of_domain(self, domain: str) -> float:
        """Mails a second that a recipient domain may get; 0: no limit."""
        rate: float = settings.MAIL_DOMAIN_RATES.get(domain, settings.MAIL_DOMAIN_RATE)
        return rate

    def slow(self, domain: str) -> None:
        """The domain refused a mail for its load or for lack of trust: it gets less for a while."""
        if self._reachable():
            try:
                wait = float(
                    self._slow_script(
                        keys=[f"{PREFIX}slowed", f"{PREFIX}levels"],
                        args=[domain, LONGEST_WAIT.total_seconds(), int(FORGET.total_seconds())],
                    )
                )
                self._troubled[domain] = time.time() + wait
                return
            except redis.RedisError as error:
                self._lost(error)
        if self._troubled.get(domain, 0) <= time.time():
            level = self._own_levels[domain] = self._own_levels.get(domain, 0) + 1
            wait = min(2.0 ** (level - 2), LONGEST_WAIT.total_seconds()) if level > 1 else 0.0
            self._troubled[domain] = time.time() + wait

    def accepted(self, domain: str) -> None:
        """The domain took a mail: its waits begin anew. Costs nothing while it has not been in trouble."""
        if domain not in self._troubled or self._troubled[domain] > time.time():
            return
        del self._troubled[domain]
        self._own_levels.pop(domain, None)
        if self._reachable():
            try:
                self._client.zrem(f"{PREFIX}slowed", domain)
                self._client.hdel(f"{PREFIX}levels", domain)
            except redis.RedisError as error:
                self._lost(error)

    def slowed(self) -> dict[str, datetime]:
        """Domains that have to wait, and until when."""
        if time.monotonic() - self._troubled_read_at > 1 and self._reachable():
            self._troubled_read_at = time.monotonic()
            try:
                found: Any = self._client.zrange(f"{PREFIX}slowed", 0, -1, withscores=True)
                self._troubled = {str(domain): float(until) for domain, until in found}
            except redis.RedisError as error:
                self._lost(error)
        now = time.time()
        at = timezone.now()
        return {domain: at + timedelta(seconds=until - now) for domain, until in self._troubled.items() if until > now}

    def waits(self, domain: str) -> datetime | None:
        """Until when the domain has to wait, by what this process knows; None if it need not."""
        until = self._troubled.get(domain, 0) - time.time()
        return timezone.now() + timedelta(seconds=until) if until > 0 else None

    def enter(self, server: str, most: int, holder: uuid.UUID) -> bool:
        """Take a place among the connections to a server, or keep it; False if there is none. Without Redis: yes."""
        if not self._reachable():
            return True
        try:
            seconds = int(CONNECTION_LEASE.total_seconds())
            places = f"{PREFIX}connections:{server}"
            return bool(self._enter_script(keys=[places], args=[str(holder), most, seconds]))
        except redis.RedisError as error:
            self._lost(error)
            return True

    def leave(self, server: str, holder: uuid.UUID) -> None:
        """Give the place back."""
        if self._reachable():
            try:
                self._client.zrem(f"{PREFIX}connections:{server}", str(holder))
            except redis.RedisError as error:
                self._lost(error)

    def _reachable(self) -> bool:
        return time.monotonic() >= self._away_until

    def _lost(self, error: redis.RedisError) -> None:
        logger.warning("the limits of mailings are kept by each worker: Redis is away (%s)", type(error).__name__)
        self._away_until = time.monotonic() + REDIS_REST


@cache
def _shared(url: str) -> Limits:
    return Limits(url)


def limits() -> Limits:
    """The limits of this process."""
    return _shared(settings.REDIS_URL)
