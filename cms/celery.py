"""The Celery application: `celery -A cms worker -Q mail,default,intake,pdf` and `celery -A cms beat`."""

import os
from pathlib import Path
from typing import Any

from celery import Celery
from celery.apps.worker import install_worker_term_handler  # type: ignore[attr-defined]  # Unknown to celery-types.
from celery.signals import heartbeat_sent, setup_logging, worker_ready, worker_shutting_down

from home import stopping

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")

app = Celery("cms")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(
    ["archive.documentation", "archive.notices", "home.feedback", "home.upkeep", "newsletter.bounces"]
)


@setup_logging.connect
def _leave_logging_alone(**kwargs: Any) -> None:
    """Workers and beat log as the settings say, and not in a form of Celery's own."""


@heartbeat_sent.connect
def _show_life(**kwargs: Any) -> None:
    """Every two seconds while the broker is there; whoever watches over the process looks at the age of the file."""
    if alive := os.environ.get("ALIVE_FILE"):
        Path(alive).touch()


@worker_ready.connect
def _end_without_a_word(sender: Any, **kwargs: Any) -> None:
    """Else a worker that is told to end says so past the log, in a line that is no JSON."""
    install_worker_term_handler(sender.controller, verbose=False)


@worker_shutting_down.connect
def _tell_children(**kwargs: Any) -> None:
    """They give back what they cannot finish in time."""
    stopping.tell()
