"""Work of the website in the background. Beat starts it (see CELERY_BEAT_SCHEDULE)."""

from celery import shared_task
from django.core.management import call_command


@shared_task
def publish_scheduled_pages() -> None:
    """Publish pages whose time has come and take down those whose time is over; safe to repeat."""
    call_command("publish_scheduled")
