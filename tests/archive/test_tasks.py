"""Reading in the background, with a real broker. A real worker reads the documents of the demo (tests/demo)."""

import datetime

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from archive import reading_states
from archive.demo import Loaded, wait_until_read
from archive.indexing import following
from archive.intake import take_in
from archive.models import DocumentVersion
from archive.tasks import extract_version, queue_extraction, sweep_extractions
from tests import queues


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


def set_state(version, state, *, minutes=0, **fields):
    since = timezone.now() - datetime.timedelta(minutes=minutes)
    DocumentVersion.objects.filter(pk=version.pk).update(extraction=state, extraction_since=since, **fields)


@pytest.mark.django_db
def test_sweep_queues_what_waits_and_what_was_killed(site, broker):

    waits, killed, fresh, runs = (waiting(text=text) for text in ("eins", "zwei", "drei", "vier"))
    set_state(waits, "waiting", minutes=60)
    set_state(killed, "running", minutes=60)
    # Read again after years: what counts is when that began.
    set_state(runs, "running", minutes=5, uploaded_at=timezone.now() - datetime.timedelta(days=2000))

    sweep_extractions()

    assert queues.waiting(broker, "intake") == 1
    states = dict(DocumentVersion.objects.values_list("pk", "extraction"))
    assert states == {waits.pk: "waiting", killed.pk: "waiting", fresh.pk: "waiting", runs.pk: "running"}


@pytest.mark.django_db
def test_version_that_kills_its_worker_again_and_again_is_given_up(site, broker):
    version = waiting()
    set_state(version, "running", minutes=60, extraction_tries=3)

    sweep_extractions()

    version.refresh_from_db()
    assert (version.extraction, "mehrmals unterbrochen" in version.extraction_error) == ("failed", True)


@pytest.mark.django_db
def test_result_of_a_reading_that_was_believed_lost_is_not_taken(site):
    version = waiting()
    old_token = reading_states.begin(version.pk)
    reading_states.start_over(version)
    new_token = reading_states.begin(version.pk)

    reading_states.fail(version.pk, old_token, "zu spät")

    version.refresh_from_db()
    assert version.extraction == "running"
    assert reading_states.reading_of(version.pk, new_token).exists()
    assert reading_states.begin(version.pk) is None


@pytest.mark.django_db
def test_version_withdrawn_while_it_is_read_gets_no_text(site):
    """Bytes, text and pictures of a withdrawn version are erased, and nothing brings them back."""
    from archive.extraction import ExtractedLeaf, Extraction
    from archive.indexing import Overtaken, _store

    version = waiting()
    token = reading_states.begin(version.pk)
    withdraw(version)

    with pytest.raises(Overtaken):
        _store(version, token, Extraction(1, [ExtractedLeaf(1, "Geheim")]), False)

    assert not version.leaves.exists()


def withdraw(version):
    DocumentVersion.objects.filter(pk=version.pk).update(withdrawn_at=timezone.now())


@pytest.mark.django_db
def test_title_changed_while_a_file_is_read_stays_in_the_index(site):
    from archive.extraction import ExtractedLeaf, Extraction
    from archive.indexing import _store
    from archive.models import Document, Term

    taken = take_in(ContentFile(b"Text"), "a.txt", document=Document(title="Vorher"))
    version = DocumentVersion.objects.select_related("document").get(pk=taken.version.pk)
    token = reading_states.begin(version.pk)
    with following(taken.document):
        taken.document.title = "Nachher"
        taken.document.save()

    _store(version, token, Extraction(1, [ExtractedLeaf(1, "Inhalt")]), False)

    assert set(Term.objects.values_list("word", flat=True)) == {"nachh", "inhalt"}


@pytest.mark.django_db
def test_killed_child_and_killed_worker_leave_a_reason(site, monkeypatch, tmp_path):
    """The kernel kills what takes too much memory: the child goes alone, and says why."""
    program = tmp_path / "python"
    program.write_text("#!/bin/sh\nkill -9 $$\n")
    program.chmod(0o755)
    monkeypatch.setattr("archive.extraction.sys.executable", str(program))
    version = waiting()

    extract_version(version.pk)

    version.refresh_from_db()
    assert version.extraction == "failed"
    assert "zu viel Speicher oder Zeit" in version.extraction_error


@pytest.mark.django_db
def test_missing_file_ends_in_a_reason(site):
    version = waiting()
    version.file.storage.delete(version.file.name)

    extract_version(version.pk)

    version.refresh_from_db()
    assert (version.extraction, "fehlt im Speicher" in version.extraction_error) == ("failed", True)


def test_child_dies_with_its_worker(tmp_path):
    """A worker that is killed in the middle leaves nobody behind who goes on reading."""
    import signal
    import subprocess
    import sys
    import time
    from pathlib import Path

    code = (
        "import sys; from pathlib import Path; from archive.limited import limited, run;"
        f"run(limited(['sleep', '77.5'], memory=10**9, cpu_seconds=9), Path({str(tmp_path)!r}), seconds=60)"
    )
    worker = subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2])
    children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children")
    until = time.monotonic() + 20
    while not (pids := children.read_text().split()) or b"77.5" not in Path(f"/proc/{pids[0]}/cmdline").read_bytes():
        assert time.monotonic() < until
        time.sleep(0.05)
    # Limits are set before the program takes the place of the launcher.
    while Path(f"/proc/{pids[0]}/comm").read_text().strip() != "sleep":
        assert time.monotonic() < until
        time.sleep(0.05)

    worker.send_signal(signal.SIGKILL)
    worker.wait()

    while Path(f"/proc/{pids[0]}").exists() and "Z" not in Path(f"/proc/{pids[0]}/stat").read_text().split()[2]:
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.mark.django_db
def test_version_is_queued_when_it_is_committed(site, broker, django_capture_on_commit_callbacks):

    version = waiting()

    with django_capture_on_commit_callbacks(execute=True):
        queue_extraction(version)
        assert queues.waiting(broker, "intake") == 0
    assert queues.waiting(broker, "intake") == 1


@pytest.mark.django_db
def test_waiting_for_the_workers_ends(site):
    read, failed, waits = waiting(text="eins"), waiting(text="zwei"), waiting(text="drei")
    extract_version(read.pk)
    DocumentVersion.objects.filter(pk=failed.pk).update(extraction="failed")

    assert wait_until_read(Loaded(2, 2, (read.pk, failed.pk)), seconds=1) == [failed]
    with pytest.raises(TimeoutError):
        wait_until_read(Loaded(1, 1, (waits.pk,)), seconds=0.1)


@pytest.mark.django_db
def test_reading_that_a_worker_has_to_break_off_begins_again_later(site, ending_worker, monkeypatch):
    # So often a loaded machine looks whether the child is done, before it is.
    monkeypatch.setattr("archive.limited.LOOK_SECONDS", 0.0)
    version = waiting()

    extract_version(version.pk)

    version.refresh_from_db()
    assert (version.extraction, version.extraction_tries, version.extraction_error) == ("waiting", 0, "")
