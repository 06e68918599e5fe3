"""Reading in the background, with a real broker. A real worker reads the documents of the demo (tests/demo)."""

import datetime

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from archive.demo import Loaded, wait_until_read
from archive.intake import take_in
from archive.models import DocumentVersion
from archive.tasks import extract_version, queue_extraction, sweep_extractions


def waiting(name="a.txt", text="Stammtisch"):
    return take_in(ContentFile(text.encode()), name).version


@pytest.mark.django_db
def test_lost_broker_is_no_error(site, django_capture_on_commit_callbacks):
    version = waiting()

    with django_capture_on_commit_callbacks(execute=True):
        queue_extraction(version)

    version.refresh_from_db()
    assert version.extraction == "waiting"


@pytest.mark.django_db
def test_task_reads_a_version(site):
    version = waiting()

    extract_version(version.pk)

    version.refresh_from_db()
    assert (version.extraction, version.page_count) == ("done", 1)


@pytest.mark.django_db
def test_sweep_queues_what_waits_and_what_was_killed(site, broker):
    import redis

    old = timezone.now() - datetime.timedelta(hours=1)
    waits, killed, fresh = waiting(text="eins"), waiting(text="zwei"), waiting(text="drei")
    DocumentVersion.objects.filter(pk__in=[waits.pk, killed.pk]).update(uploaded_at=old)
    DocumentVersion.objects.filter(pk=killed.pk).update(extraction="running")

    sweep_extractions()

    with redis.Redis.from_url(broker) as client:
        assert client.llen("intake") == 2
    fresh.refresh_from_db()
    assert fresh.extraction == "waiting"


@pytest.mark.django_db
def test_version_is_queued_when_it_is_committed(site, broker, django_capture_on_commit_callbacks):
    import redis

    version = waiting()

    with redis.Redis.from_url(broker) as client:
        with django_capture_on_commit_callbacks(execute=True):
            queue_extraction(version)
            assert client.llen("intake") == 0
        assert client.llen("intake") == 1


@pytest.mark.django_db
def test_waiting_for_the_workers_ends(site):
    read, failed, waits = waiting(text="eins"), waiting(text="zwei"), waiting(text="drei")
    extract_version(read.pk)
    DocumentVersion.objects.filter(pk=failed.pk).update(extraction="failed")

    assert wait_until_read(Loaded(2, 2, (read.pk, failed.pk)), seconds=1) == [failed]
    with pytest.raises(TimeoutError):
        wait_until_read(Loaded(1, 1, (waits.pk,)), seconds=0.1)
