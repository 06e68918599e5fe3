"""`/healthz`: the process lives. `/readyz`: it can serve. A lost broker is reported, but the site stays ready."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path

import redis
from django.conf import settings
from django.core.files.storage import FileSystemStorage, storages
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from archive.storage import Remote

logger = logging.getLogger(__name__)


class HealthMiddleware:
    """Answers before anything looks at host name, TLS, session or database: probes know nothing of these."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = PROBES.get(request.path)
        return view(request) if view else self.get_response(request)


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
    except Error as error:
        logger.error("readyz: database: %s", type(error).__name__)
        return "failed"
    return "ok"


def _storage() -> str:
    storage = storages["archive"]
    try:
        if isinstance(storage, FileSystemStorage):
            _require_writable(Path(storage.location))
        elif isinstance(storage, Remote):
            storage.require_answer()
    except Exception as error:  # Every storage backend has exceptions of its own; any of them means "not ready".
        logger.error("readyz: storage: %s", type(error).__name__)
        return "failed"
    return "ok"


def _require_writable(directory: Path) -> None:
    """Raise OSError unless files can be put there. A new site has no directory yet, but can make one."""
    directory.mkdir(parents=True, exist_ok=True)
    if not os.access(directory, os.R_OK | os.W_OK | os.X_OK):
        raise PermissionError(f"{directory} is not writable")


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


PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/healthz": alive, "/readyz": ready}
