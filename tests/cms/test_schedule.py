"""What Celery beat starts exists, and scheduled pages come and go."""

import datetime

import pytest
import time_machine
from django.conf import settings

from cms.celery import app
from home.models import ContentPage
from home.tasks import publish_scheduled_pages


def test_beat_starts_tasks_that_exist():
    app.loader.import_default_modules()

    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["task"] in app.tasks


@pytest.mark.django_db
def test_scheduled_pages_are_published_and_expired_ones_are_taken_down(site):
    morning = datetime.datetime(2025, 1, 15, 8, tzinfo=datetime.UTC)
    noon = morning + datetime.timedelta(hours=4)
    with time_machine.travel(morning):
        coming = site.root_page.add_child(instance=ContentPage(title="Bald", slug="bald", live=False))
        coming.go_live_at = noon
        coming.save_revision().publish()
        going = site.root_page.add_child(instance=ContentPage(title="Alt", slug="alt", expire_at=noon))
        publish_scheduled_pages()
        assert live(coming, going) == [False, True]

    with time_machine.travel(noon + datetime.timedelta(minutes=1)):
        publish_scheduled_pages()
        publish_scheduled_pages()

    assert live(coming, going) == [True, False]


def live(*pages: ContentPage) -> list[bool]:
    return [ContentPage.objects.get(pk=page.pk).live for page in pages]
