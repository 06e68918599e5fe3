"""Asking a worker for a task, from where nobody may wait or fail because the broker is away."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from kombu.exceptions import OperationalError as BrokerUnavailable

if TYPE_CHECKING:
    from celery import Task

logger = logging.getLogger(__name__)


def queue(task: Task, *args: Any, expires: int | None = None, **kwargs: Any) -> bool:
    """Ask a worker to call `task` with these arguments; False if the broker is away, which stands in the log then.

    Workers throw a message away that has waited longer than `expires` seconds: a sweep has done the work by then. None
    is for what no sweep would find.
    """
    try:
        task.apply_async(args, kwargs, expires=expires)  # type: ignore[arg-type]  # Celery takes None for "never".
    except (BrokerUnavailable, OSError) as error:
        logger.warning("%s %s not queued: %s", task.name, kwargs or args, type(error).__name__)
        return False
    return True
