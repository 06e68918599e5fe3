"""From a file to a document or a new version of one."""

import hashlib

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from archive.access import Level
from archive.deletion import withdraw_version
from archive.file_types import FileRefused
from archive.indexing import read_version
from archive.intake import add_version, take_in
from archive.models import Document, DocumentVersion, Term
from archive.storage import archive_storage

pytestmark = pytest.mark.django_db


def stored_files():
    """All files below the archive's storage."""
    storage = archive_storage()

    def walk(directory):
        directories, files = storage.listdir(directory)
        yield from (f"{directory}/{name}" for name in files)
        for name in directories:
            yield from walk(f"{directory}/{name}")

    try:
        return set(walk("documents"))
    except FileNotFoundError:
        return set()  # A new archive has no directory; S3 never has one.


def content(version):
    with version.file.open("rb") as data:
        return data.read()


def text_file(text="Ein Text", name="Ein_schöner Text.txt"):
    return SimpleUploadedFile(name, text.encode())


def test_file_is_stored_with_hash_and_title(site, users):
    upload = text_file()

    taken = take_in(upload, upload.name, user=users["Redaktion"])

    version = taken.version
    assert taken.is_new
    assert taken.document.title == "Ein schöner Text"
    assert taken.document.level == Level.COORDINATION
    assert taken.document.uploaded_by_user == users["Redaktion"]
    assert taken.document.file.name == version.file.name
    assert version.sha256 == hashlib.sha256(b"Ein Text").hexdigest()
    assert (version.number, version.size, version.original_name) == (1, 8, "Ein_schöner Text.txt")
    assert version.extraction == DocumentVersion.Extraction.WAITING
    assert content(version) == b"Ein Text"


def test_same_bytes_lead_to_the_known_document(site):
    first = take_in(text_file(), "a.txt")

    again = take_in(text_file(), "b.txt")

    assert not again.is_new
    assert again.document == first.document
    assert Document.objects.count() == 1


def test_deleted_document_does_not_block_its_bytes(site, django_capture_on_commit_callbacks):
    first = take_in(text_file(), "a.txt")
    with django_capture_on_commit_callbacks(execute=True):
        first.document.delete()

    assert take_in(text_file(), "a.txt").is_new


def test_new_version_keeps_the_old_bytes(site):
    document = take_in(text_file("eins"), "a.txt").document

    version = add_version(document, text_file("zwei"), "b.txt", note="Tippfehler")

    document.refresh_from_db()
    assert [v.number for v in document.versions.order_by("number")] == [1, 2]
    assert document.current_version == version
    assert document.file.name == version.file.name
    assert [content(version) for version in document.versions.order_by("number")] == [b"eins", b"zwei"]


def test_same_bytes_as_the_current_version_change_nothing(site):
    taken = take_in(text_file("eins"), "a.txt")

    assert add_version(taken.document, text_file("eins"), "a.txt") == taken.version


def test_version_with_the_bytes_of_another_document_is_refused(site):
    take_in(text_file("eins"), "a.txt", document=Document(title="Das Original"))
    other = take_in(text_file("zwei"), "b.txt").document

    with pytest.raises(FileRefused, match="Das Original"):
        add_version(other, text_file("eins"), "a.txt")


def test_refused_file_leaves_nothing_behind(site):
    before = stored_files()

    with pytest.raises(FileRefused):
        take_in(ContentFile(b"<html>"), "a.pdf")

    assert not Document.with_tombstones.exists()
    assert stored_files() == before


@pytest.mark.every_storage
def test_failure_while_storing_leaves_nothing_behind(site):
    before = stored_files()

    # A title that the database cannot take fails after the file was written.
    with pytest.raises(Exception, match=r"(?i)null|constraint"), transaction.atomic():
        take_in(text_file(), "a.txt", document=Document(title="x", level=None))

    assert stored_files() == before
    assert not DocumentVersion.objects.exists()


@pytest.mark.parametrize("name", ["../../x.txt", "a\0.txt", "ü" * 300 + ".txt", "<script>.txt", "-rf.txt"])
def test_hostile_name_never_reaches_the_storage(site, name):
    version = take_in(ContentFile(b"Ein Text"), name).version

    assert version.file.name.startswith(f"documents/{version.document_id}/1-")
    assert version.file.name.endswith(".txt")
    assert len(version.original_name) <= 120
    assert "/" not in version.original_name


@pytest.mark.every_storage
def test_reading_fills_pages_terms_and_vocabulary(site, pdf):
    version = take_in(pdf, pdf.name).version

    version = read_version(version.pk)

    assert (version.extraction, version.page_count) == ("done", 6)
    leaves = list(version.leaves.order_by("number"))
    assert len(leaves) == 6
    assert "fordermittel" in leaves[2].terms.split()
    assert leaves[0].image.size > 1000
    assert (leaves[0].width, leaves[0].height) == (880, 1249)
    assert Term.objects.get(word="fordermittel").documents == 1


def test_reading_twice_changes_nothing(add_text):
    document = add_text("Titel", "Fördermittel")

    read_version(document.current_version_id)
    read_version(document.current_version_id, again=True)

    assert document.current_version.leaves.count() == 1
    assert Term.objects.get(word="fordermittel").documents == 1


def test_unreadable_file_keeps_its_document_findable(site):
    damaged = b"%PDF-1.7\nnothing of use\n%%EOF"
    taken = take_in(ContentFile(damaged), "a.pdf", document=Document(title="Haushaltsplan"))

    version = read_version(taken.version.pk)

    assert version.extraction == "failed"
    assert "beschädigt" in version.extraction_error
    assert Term.objects.filter(word="haushaltsplan").exists()


def test_vocabulary_follows_versions_and_deletion(add_text, django_capture_on_commit_callbacks):
    document = add_text("Titel", "Fördermittel")
    read_version(add_version(document, text_file("Stammtisch"), "b.txt").pk)

    assert set(Term.objects.values_list("word", flat=True)) == {"titel", "stammtisch"}

    with django_capture_on_commit_callbacks(execute=True):
        document.delete()

    assert not Term.objects.exists()


@pytest.mark.every_storage
def test_deletion_erases_bytes_and_keeps_a_tombstone(add_text, django_capture_on_commit_callbacks):
    document = add_text("Titel", "Inhalt")
    name = document.file.name

    with django_capture_on_commit_callbacks(execute=True):
        Document.objects.filter(pk=document.pk).delete()

    tombstone = Document.with_tombstones.get(pk=document.pk)
    assert not Document.objects.exists()
    assert tombstone.deleted_at
    assert tombstone.versions.get().sha256
    assert not tombstone.versions.get().leaves.exists()
    assert not archive_storage().exists(name)


def test_withdrawn_version_is_erased_and_the_last_one_stays(add_text, users, django_capture_on_commit_callbacks):
    document = add_text("Titel", "richtig")
    wrong = add_version(document, text_file("falsch"), "b.txt")

    with django_capture_on_commit_callbacks(execute=True):
        withdraw_version(wrong, user=users["admin"], reason="Falsche Datei")

    document.refresh_from_db()
    assert document.current_version.number == 1
    assert not archive_storage().exists(wrong.file.name)
    with pytest.raises(ValueError, match="einzige Fassung"):
        withdraw_version(document.current_version, user=users["admin"], reason="Falsche Datei")
