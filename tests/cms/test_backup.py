"""Backup and restore: nothing is lost on the way, nothing is sent twice, nothing damaged is let in."""

import gzip
import io
import json
import tarfile
import threading

import pytest
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from archive.models import Document, DocumentVersion
from cms.backup.bundle import BundleWriter, verify
from cms.backup.errors import BackupError, DamagedArchive, UnsuitableTarget
from cms.backup.restoring import restore
from cms.backup.saving import save_to
from cms.models import User
from home.models import NewsPage, SiteImage
from newsletter.models import Delivery, Mailing, NewsletterIndexPage, Subscriber
from newsletter.sending import mailings
from tests.basic_content import ensure_legal_pages
from tests.contents import made_once
from tests.home.block_examples import examples, make_objects, stream_of
from tests.newsletter.conftest import add_issue


@made_once
def content(site):
    """A page with every block, a document with its file, an image, an account, three subscribers."""
    # What every migration puts right is put right before, not by the restoring alone.
    call_command("migrate", verbosity=0)
    objects = make_objects(site.root_page)
    values = examples(objects)
    objects.report.body = stream_of(*values.items())
    objects.report.save_revision().publish()
    User.objects.create_user("verwaltung@example.org", password="ein langes Kennwort")
    for number in range(3):
        Subscriber.objects.create(email=f"leserin{number}@example.org", name="Ünsal 👋", state=Subscriber.State.ACTIVE)
    return objects


@made_once
def issue(site):
    ensure_legal_pages(site.root_page)
    return add_issue(site.root_page.add_child(instance=NewsletterIndexPage(title="Newsletter", slug="newsletter")))


def parts_of(path):
    """The members of an archive; rows as values, so that the spelling of JSON does not count."""
    found = {}
    with tarfile.open(path) as tar:
        for member in tar:
            data = tar.extractfile(member).read()
            if member.name.startswith("database/"):
                found[member.name] = [json.loads(line) for line in gzip.decompress(data).splitlines()]
            elif member.name.startswith("files/"):
                found[member.name] = data
    return found


def rewritten(path, target, *, add=(), manifest=None):
    """A valid archive with other content: what an attacker or another version of the program would make."""
    with tarfile.open(path) as tar, target.open("wb") as stream:
        bundle = BundleWriter(stream)
        for member in tar:
            data = tar.extractfile(member).read()
            if member.name == "manifest.json" and manifest:
                data = json.dumps(manifest(json.loads(data))).encode()
            if member.name != "SHA256SUMS":
                bundle.add_bytes(member.name, data)
        for name, data in add:
            bundle.add_bytes(name, data)
        bundle.close()
    return target


def test_restore_brings_back_rows_and_files(content, tmp_path):
    save_to(tmp_path / "first.tar")
    version = content.document.current_version
    storages["archive"].delete(version.file.name)
    Subscriber.objects.all().delete()
    User.objects.create_user("spaeter@example.org")
    NewsPage.objects.filter(pk=content.report.pk).update(teaser="verändert")

    restored = restore(tmp_path / "first.tar", replace=True)

    save_to(tmp_path / "second.tar")
    assert parts_of(tmp_path / "second.tar") == parts_of(tmp_path / "first.tar")
    assert restored.rows > 100
    assert restored.files == sum(name.startswith("files/") for name in parts_of(tmp_path / "first.tar"))
    assert storages["archive"].exists(version.file.name)


def test_restored_system_takes_new_rows_and_finds_its_pages(content, tmp_path, client):
    save_to(tmp_path / "backup.tar")

    restore(tmp_path / "backup.tar", replace=True)

    assert Subscriber.objects.create(email="neu@example.org").pk > 0
    assert User.objects.get(email="verwaltung@example.org").check_password("ein langes Kennwort")
    page = client.get("/suche/", {"q": content.report.title})
    assert content.report.title in page.content.decode()


def test_restore_refuses_a_system_in_use(content, tmp_path):
    save_to(tmp_path / "backup.tar")

    with pytest.raises(UnsuitableTarget, match="--replace"):
        restore(tmp_path / "backup.tar")


def test_restored_mailing_sends_nothing_by_itself(content, issue, tmp_path):
    mailing = mailings.start_mailing(issue)
    first, second, _third = mailing.deliveries.order_by("pk")
    Delivery.objects.filter(pk=first.pk).update(state=Delivery.State.SENT)
    Delivery.objects.filter(pk=second.pk).update(state=Delivery.State.SENDING)
    save_to(tmp_path / "backup.tar")

    restored = restore(tmp_path / "backup.tar", replace=True)

    mailing.refresh_from_db()
    states = list(mailing.deliveries.order_by("pk").values_list("state", flat=True))
    assert (mailing.state, states, restored.held_back) == (Mailing.State.PAUSED, ["sent", "uncertain", "uncertain"], 2)


def test_restored_schedule_that_is_past_asks(content, issue, tmp_path):
    mailing = mailings.start_mailing(issue, at=timezone.now() + timezone.timedelta(hours=1))
    save_to(tmp_path / "backup.tar")
    Mailing.objects.filter(pk=mailing.pk).update(scheduled_at=timezone.now())
    past = save_to(tmp_path / "past.tar")

    restore(tmp_path / "past.tar", replace=True)

    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.OVERDUE
    assert past.rows["newsletter.mailing"] == 1


@pytest.mark.parametrize("damage", ["flipped", "cut", "empty", "strange", "twice"])
def test_damaged_archive_changes_nothing(damage, content, tmp_path):
    path = tmp_path / "backup.tar"
    save_to(path)
    data = bytearray(path.read_bytes())
    if damage == "flipped":
        with tarfile.open(path) as tar:
            data[tar.getmember("manifest.json").offset_data] ^= 1
    elif damage == "cut":
        del data[len(data) // 2 :]
    elif damage == "empty":
        data.clear()
    elif damage == "strange":
        data[:] = b"Das ist keine Sicherung. " * 1000
    path.write_bytes(data)
    if damage == "twice":
        path = rewritten(path, tmp_path / "twice.tar", add=[("manifest.json", b"{}")])

    with pytest.raises(DamagedArchive):
        restore(path, replace=True)

    assert Subscriber.objects.count() == 3


@pytest.mark.parametrize(
    "name", ["files/archive/../../../ausbruch", "files/archive//tmp/ausbruch", "files/fremd/datei"]
)
def test_archive_cannot_write_outside_of_the_storages(name, content, tmp_path):
    save_to(tmp_path / "backup.tar")
    path = rewritten(tmp_path / "backup.tar", tmp_path / "attack.tar", add=[(f"files/{name}", b"boese")])

    with pytest.raises(DamagedArchive, match="keinem erlaubten Ort"):
        restore(path, replace=True)


def test_archive_with_links_is_refused(tmp_path):
    path = tmp_path / "links.tar"
    with tarfile.open(path, "w") as tar:
        link = tarfile.TarInfo("files/archive/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)

    with pytest.raises(DamagedArchive):
        verify(path)


def test_archive_of_newer_code_is_refused(content, tmp_path):
    def newer(manifest):
        return manifest | {"migrations": [*manifest["migrations"], ["newsletter", "9999_aus_der_zukunft"]]}

    save_to(tmp_path / "backup.tar")
    path = rewritten(tmp_path / "backup.tar", tmp_path / "newer.tar", manifest=newer)

    with pytest.raises(UnsuitableTarget, match="neueren Fassung"):
        restore(path, replace=True)


def test_backup_names_a_file_that_is_missing(content, tmp_path, capsys):
    name = content.document.current_version.file.name
    storages["archive"].delete(name)

    with pytest.raises(SystemExit) as ended:
        call_command("backup", "--output", str(tmp_path / "backup.tar"), "--json")

    result = json.loads(capsys.readouterr().out)
    assert (ended.value.code, result["missing"]) == (1, [f"archive/{name}"])


def test_file_that_was_erased_meanwhile_is_not_missing(content, tmp_path):
    version = content.document.current_version

    def erase(step):
        if step.startswith(("archive/", "default/")):
            storages["archive"].delete(version.file.name)
            DocumentVersion.objects.filter(pk=version.pk).update(file="")
            Document.objects.filter(pk=content.document.pk).update(file="")

    saved = save_to(tmp_path / "backup.tar", on_step=erase)

    assert saved.missing == []


def test_backup_is_for_its_owner_only_and_never_overwrites(content, tmp_path):
    path = tmp_path / "backup.tar"
    call_command("backup", "--output", str(path))

    with pytest.raises(CommandError, match="gibt es schon"):
        call_command("backup", "--output", str(path))

    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_backup_that_cannot_be_written_leaves_nothing(content, tmp_path):
    with pytest.raises(BackupError, match="nicht geschrieben"):
        save_to(tmp_path / ("x" * 300))

    assert list(tmp_path.iterdir()) == []


def test_bundle_refuses_content_that_is_shorter_than_said():
    with pytest.raises(OSError, match="unexpected end"):
        BundleWriter(io.BytesIO()).add("files/archive/kurz", io.BytesIO(b"kurz"), 10)


@pytest.mark.django_db(transaction=True)
def test_backup_sees_one_moment(content, tmp_path):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite in memory is not shared between connections")

    def write(step):
        if step == "archive.Document":
            thread = threading.Thread(target=add_reader)
            thread.start()
            thread.join()

    def add_reader():
        Subscriber.objects.create(email="dazwischen@example.org")
        connection.close()

    saved = save_to(tmp_path / "backup.tar", on_step=write)

    assert Subscriber.objects.count() == 4
    assert saved.rows["newsletter.subscriber"] == 3
    assert SiteImage.objects.exists()
