"""Files are hashed in portions, the longest unchecked first; strays are named."""

import datetime
import os
import time
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.utils import timezone

from archive import fixity
from archive.models import DocumentVersion
from archive.storage import archive_storage
from archive.tasks import verify_files
from tests.queues import waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def versions(add_text):
    return [add_text(f"Titel {number}", f"Inhalt {number}").current_version for number in range(3)]


def make_older(name, hours):
    moment = time.time() - hours * 3600
    os.utime(archive_storage().path(name), (moment, moment))


def put(name, hours):
    """A file that no row knows, so many hours old."""
    archive_storage().save(name, ContentFile(b"x"))
    make_older(name, hours)
    return name


def checked_before(version, days):
    moment = timezone.now() - datetime.timedelta(days=days)
    DocumentVersion.objects.filter(pk=version.pk).update(verified_at=moment)


def test_every_check_is_noted(versions):
    assert [finding.status for finding in fixity.check_all()] == ["intact"] * 3
    assert all(version.verified_at and not version.damage for version in DocumentVersion.objects.all())


def test_never_checked_files_come_first_then_the_longest_unchecked(versions):
    checked_before(versions[0], 1)
    checked_before(versions[1], 10)

    assert [finding.version for finding in fixity.check_all()] == [versions[2], versions[1], versions[0]]


def test_check_that_is_broken_off_goes_on_where_it_stopped(versions):
    first = next(fixity.check_all())

    assert [finding.version for finding in fixity.check_all()][-1] == first.version


def test_weekly_check_leaves_out_what_was_checked_this_week(versions):
    checked_before(versions[0], 2)
    checked_before(versions[1], 8)

    assert fixity.check_due() is False

    ages = [timezone.now() - version.verified_at for version in DocumentVersion.objects.order_by("pk")]
    assert [age < datetime.timedelta(minutes=1) for age in ages] == [False, True, True]


def test_task_goes_on_in_another_one(versions, broker, monkeypatch):

    monkeypatch.setattr(fixity, "SECONDS", 0.0)

    verify_files()

    assert waiting(broker, "intake") == 1
    assert DocumentVersion.objects.filter(verified_at__isnull=False).count() == 1


def test_file_that_cannot_be_read_counts_as_missing(versions):
    path = Path(archive_storage().path(versions[0].file.name))
    path.unlink()
    path.mkdir()

    assert fixity.check(versions[0]) == "missing"

    path.rmdir()


def test_version_withdrawn_meanwhile_is_no_damage(versions):
    findings = fixity.check_all()
    next(findings)
    archive_storage().delete(versions[1].file.name)
    DocumentVersion.objects.filter(pk=versions[1].pk).update(withdrawn_at=timezone.now())

    assert [finding.version for finding in findings] == [versions[2]]


def test_files_that_nobody_knows_are_named_and_no_damage(versions, capsys):
    storage, directory = archive_storage(), f"documents/{versions[0].document_id}"
    old = put(f"{directory}/7-verwaist.txt", hours=2)
    put(f"{directory}/8-gerade.txt", hours=0)
    make_older(versions[0].file.name, hours=2)

    call_command("verify_archive")

    output = capsys.readouterr().out
    assert f"{old}: gehört zu keinem Dokument" in output
    assert "gerade" not in output
    assert versions[0].file.name not in output
    storage.delete(old)


def test_page_pictures_that_nobody_knows_are_named(versions):
    name = put(f"leaves/{versions[0].pk}/99.webp", hours=2)

    assert name in list(fixity.strays())

    archive_storage().delete(name)
