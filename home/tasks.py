"""Work of the website in the background. Beat starts it (see CELERY_BEAT_SCHEDULE)."""

from celery import shared_task
from django.core.management import call_command

# Two editions of the Ideenwerkstatt lie within a year; nobody has asked for an older state of a text yet.
KEEP_REVISIONS_DAYS = 365


@shared_task
def publish_scheduled_pages() -> None:
    """Publish pages whose time has come and take down those whose time is over; safe to repeat."""
    call_command("publish_scheduled")


@shared_task
def purge_old_revisions() -> None:
    """Forget old states of pages; the editor saves by itself and leaves many.

    Wagtail's command keeps the latest state of every page, what is scheduled, and what is in a workflow.
    """
    call_command("purge_revisions", days=KEEP_REVISIONS_DAYS)


@shared_task
def clear_sessions() -> None:
    """Delete sessions that have run out."""
    call_command("clearsessions")
