"""What Celery beat starts exists, and scheduled pages come and go."""

import datetime

import pytest
from django.conf import settings
from django.utils import timezone

from cms.celery import app
from home.models import ContentPage
from home.tasks import publish_scheduled_pages


def test_beat_starts_tasks_that_exist_in_queues_that_exist():
    app.loader.import_default_modules()

    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["task"] in app.tasks


@pytest.mark.django_db
def test_scheduled_pages_are_published_and_expired_ones_are_taken_down(site):
    now = timezone.now()
    hour = datetime.timedelta(hours=1)
    coming = site.root_page.add_child(
        instance=ContentPage(title="Bald", slug="bald", live=False, go_live_at=now + hour)
    )
    coming.save_revision(approved_go_live_at=now - hour)
    going = site.root_page.add_child(instance=ContentPage(title="Alt", slug="alt", expire_at=now - hour))

    publish_scheduled_pages()
    publish_scheduled_pages()

    coming.refresh_from_db()
    going.refresh_from_db()
    assert (coming.live, going.live, going.expired) == (True, False, True)
