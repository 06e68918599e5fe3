"""What a process needs before it can work: a database and, for background work, a broker that answer.

`require_database` and `require_broker` end the process with status 1 and a sentence that names the variable.
Website: database only (a lost broker stops mailings and jobs, not the site). Worker and beat: both.
"""

from __future__ import annotations

from typing import Any

import redis
from celery.signals import beat_init, worker_init
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.core.files.storage import storages
from django.db import DatabaseError, connection

from archive.storage import Remote
from cms.environment import refuse

ANSWER_WITHIN = 5.0  # seconds


def database_problem() -> str | None:
    """Return why the database does not answer, in the first line of the driver's words, or None."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        return _first_line(error)
    return None


def broker_problem(url: str) -> str | None:
    """Return why the broker does not answer, or None."""
    client = redis.Redis.from_url(url, socket_connect_timeout=ANSWER_WITHIN, socket_timeout=ANSWER_WITHIN, retry=None)
    try:
        client.ping()
    except (redis.RedisError, OSError) as error:
        return _first_line(error)
    finally:
        client.close()
    return None


def require_database() -> None:
    """End the process unless the database answers. The connection is closed again: workers are forked later."""
    problem = database_problem()
    connection.close()
    if problem:
        refuse("DATABASE_URL", f"expected a database that answers; {problem}")


def require_broker() -> None:
    """End the process unless the broker answers."""
    problem = broker_problem(settings.REDIS_URL)
    if problem:
        refuse("REDIS_URL", f"expected a Redis or Valkey server that answers; {problem}")


@register(Tags.security, deploy=True)
def check_bucket(app_configs: object, **kwargs: object) -> list[CheckMessage]:
    """`check --deploy` says if the bucket of S3_URL does not answer: nobody could read or store a file."""
    storage = storages["archive"]
    if not isinstance(storage, Remote):
        return []
    try:
        storage.require_answer()
    except OSError as error:
        return [Warning(f"S3_URL: {error}", id="cms.W001")]
    return []


def _first_line(error: BaseException) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")


def _require_services(**kwargs: Any) -> None:
    require_database()
    require_broker()


worker_init.connect(_require_services, dispatch_uid="cms.checks.worker")
beat_init.connect(_require_services, dispatch_uid="cms.checks.beat")
