"""`/healthz`: the process lives. `/readyz`: it can serve. A lost broker is reported, but the site stays ready."""

from __future__ import annotations

import logging

import redis
from django.conf import settings
from django.core.files.storage import storages
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

logger = logging.getLogger(__name__)


def alive(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers; touches nothing else."""
    return HttpResponse("ok", content_type="text/plain", headers={"Cache-Control": "no-store"})


def ready(request: HttpRequest) -> JsonResponse:
    """200 when database and storage answer, else 503; `broker` may be `degraded` with 200."""
    parts = {"database": _database(), "storage": _storage(), "broker": _broker()}
    usable = parts["database"] == parts["storage"] == "ok"
    status = "ok" if set(parts.values()) == {"ok"} else "degraded" if usable else "failed"
    return JsonResponse(
        {"status": status, **parts}, status=200 if usable else 503, headers={"Cache-Control": "no-store"}
    )


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        logger.error("readyz: database: %s", type(error).__name__)
        return "failed"
    return "ok"


def _storage() -> str:
    try:
        storages["archive"].exists("documents")
    except OSError as error:
        logger.error("readyz: storage: %s", type(error).__name__)
        return "failed"
    return "ok"


def _broker() -> str:
    client = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)
    try:
        client.ping()
    except redis.RedisError as error:
        logger.warning("readyz: broker: %s", type(error).__name__)
        return "degraded"
    finally:
        client.close()
    return "ok"
