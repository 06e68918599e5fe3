"""The example files of the demo, and what becomes of them in the archive."""

import hashlib

import pytest
from pypdf import PdfReader

import archive.demo
import home.demo
from archive.access import Level
from archive.demo_files import DEMO_FILES
from archive.models import Document, DocumentVersion, Notice, Protocol
from tests.archive.made_files import write_demo_files


def test_files_have_the_same_bytes_every_time(demo_files, tmp_path):
    again = write_demo_files(tmp_path)

    def digests(paths):
        return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in paths.items()}

    assert digests(again) == digests(demo_files)


def test_printed_files_are_tagged_and_say_their_language(demo_files):
    pages = {}
    for name in ("Verwaltung und Wirtschaft im Gespräch.pdf", "Neue Antragsformalitäten ab 2025.pdf"):
        reader = PdfReader(demo_files[name])
        pages[name] = len(reader.pages)
        assert reader.trailer["/Root"]["/Lang"] == "de-DE"
        assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
        assert reader.metadata.title == name.removesuffix(".pdf")

    assert pages["Verwaltung und Wirtschaft im Gespräch.pdf"] == 20


@pytest.mark.django_db
@pytest.mark.slow  # loads the demo and reads all its files
def test_demo_takes_the_files_in_once():
    home.demo.load()

    first = archive.demo.load()
    again = archive.demo.load()

    assert (first.documents, first.new, again.new) == (len(DEMO_FILES), len(DEMO_FILES), 0)
    assert first.version_ids == again.version_ids
    assert set(DocumentVersion.objects.values_list("extraction", flat=True)) == {"done"}
    assert set(Document.objects.values_list("level", flat=True)) == {
        Level.PUBLIC,
        Level.COORDINATION,
        Level.STEERING_GROUP,
    }
    assert all(document.edition_id for document in Document.objects.all())
    assert Document.objects.filter(programme_key__isnull=False).count() == len(DEMO_FILES) - 1
    protocols = {protocol.state: protocol for protocol in Protocol.objects.all()}
    assert set(protocols) == {"released", "review"}
    assert protocols["released"].document.level == Level.COORDINATION
    assert protocols["released"].resolutions.count() == 3
    assert not Notice.objects.exists()


@pytest.mark.django_db
@pytest.mark.slow  # loads the demo and reads all its files
def test_deleted_demo_document_stays_deleted(django_capture_on_commit_callbacks):
    home.demo.load()
    archive.demo.load(read=lambda version: None)
    with django_capture_on_commit_callbacks(execute=True):
        Document.objects.get(title="Neue Antragsformalitäten ab 2025").delete()

    again = archive.demo.load(read=lambda version: None)

    assert (again.documents, again.new) == (len(DEMO_FILES) - 1, 0)
