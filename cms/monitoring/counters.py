"""Events that no table has: counted in Redis, so that all processes on all machines count together.

Counting must never be in the way. While Redis is away nothing is counted and nobody waits for it twice.
"""

from __future__ import annotations

import logging
import time
from typing import Any

import redis
from celery.signals import task_failure, task_success
from django.conf import settings
from django.contrib.auth.signals import user_login_failed

logger = logging.getLogger(__name__)

FAILED_TASKS = "ikoe:metrics:failed_tasks"
LAST_SUCCESS = "ikoe:metrics:last_success"
LOGIN_FAILURES = "ikoe:metrics:login_failures"
# After a failure the next attempt waits so long.
PAUSE = 30.0
_PATIENCE = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}


class _Counters:
    """The connection of this process, and when it was last refused."""

    def __init__(self) -> None:
        self._client: redis.Redis | None = None
        self._url = ""
        self._paused_until = 0.0

    def run(self, command: str, *arguments: Any) -> None:
        """Let Redis count. Raises nothing: without Redis it is not counted, and not tried for PAUSE seconds."""
        if self._url != settings.REDIS_URL:
            self._client = redis.Redis.from_url(settings.REDIS_URL, **_PATIENCE, retry=None)
            self._url, self._paused_until = settings.REDIS_URL, 0.0
        if time.monotonic() < self._paused_until:
            return
        try:
            assert self._client is not None  # noqa: S101 - made above.
            self._client.execute_command(command, *arguments)
        except (redis.RedisError, OSError) as error:
            self._paused_until = time.monotonic() + PAUSE
            logger.info("not counted: %s", type(error).__name__)


_counters = _Counters()


def read(client: redis.Redis, key: str) -> dict[str, float]:
    """What was counted under `key`, by label. Raises RedisError."""
    found: Any = client.hgetall(key)
    return {label.decode(): float(value) for label, value in found.items()}


def _count_failed_task(sender: Any = None, **kwargs: Any) -> None:
    _counters.run("HINCRBY", FAILED_TASKS, getattr(sender, "name", "unknown"), 1)


def _note_success(sender: Any = None, **kwargs: Any) -> None:
    _counters.run("HSET", LAST_SUCCESS, getattr(sender, "name", "unknown"), int(time.time()))


def _count_login_failure(**kwargs: Any) -> None:
    # Whose login it was is nobody's business here.
    _counters.run("HINCRBY", LOGIN_FAILURES, "password", 1)


def connect() -> None:
    """Listen to Celery and to logins; called once when the site is loaded."""
    task_failure.connect(_count_failed_task, dispatch_uid="cms.monitoring.failure")
    task_success.connect(_note_success, dispatch_uid="cms.monitoring.success")
    user_login_failed.connect(_count_login_failure, dispatch_uid="cms.monitoring.login")
