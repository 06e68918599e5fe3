"""A backup brings every file back, wherever it lay and wherever it shall lie: on a disk or in a bucket."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import call_command
from django.db.models import FileField

from archive.indexing import read_version
from archive.intake import add_version, take_in
from archive.models import Document, DocumentVersion
from cms.backup import tables
from cms.backup.restoring import restore
from cms.backup.saving import save_to
from tests import bucket as s3
from tests.pictures import make_image, picture

pytestmark = pytest.mark.django_db
# Above the size from which the client sends and fetches in parts.
LARGE = b"Zeile mit Umlauten: \xc3\xa4\xc3\xb6\xc3\xbc\n" * 350_000


@contextmanager
def place(name, server):
    """The files of the site lie there: "disk", or a prefix of the bucket that is empty at first."""
    if name == "disk":
        yield
        return
    found = s3.resource(server)
    found.create()
    found.objects.filter(Prefix=name).delete()
    with s3.files_in(s3.address(server, prefix=name)):
        yield


@pytest.fixture
def content(site):
    """Makes a picture, documents with several versions and pictures of their pages; returns nothing."""

    def make():
        # What every migration puts right is put right before, not by the restoring alone.
        call_command("migrate", verbosity=0)
        make_image(file=ContentFile(picture(60, 40).read(), "säle & höfe.png"))
        first = take_in(ContentFile(picture(90, 60).read()), "gruppe.png", document=Document(title="Gruppe"))
        read_version(first.version.pk)
        second = take_in(ContentFile(b"eins"), "Anträge – neu.txt", document=Document(title="Anträge")).document
        add_version(second, ContentFile(LARGE), "Anträge – neuer.txt")

    return make


def hashes():
    """Storage, name and SHA-256 of every file that a row of the database names."""
    found = {}
    for model in tables.kept_tables(apps):
        for field in tables.columns_of(model):
            if isinstance(field, FileField):
                alias = next(
                    alias for alias in ("default", "renditions", "archive") if storages[alias] == field.storage
                )
                for name in model._base_manager.exclude(**{field.name: ""}).values_list(field.name, flat=True):
                    with storages[alias].open(name) as stored:
                        found[alias, name] = hashlib.sha256(stored.read()).hexdigest()
    return found


@pytest.mark.parametrize(("source", "target"), [("disk", "new"), ("old", "new")], ids=["from disk", "from bucket"])
def test_every_file_is_there_with_its_hash(source, target, content, s3_server, tmp_path):
    with place(source, s3_server):
        content()
        before = hashes()
        saved = save_to(tmp_path / "b.tar")

    with place(target, s3_server):
        restored = restore(tmp_path / "b.tar", replace=True)
        after = hashes()
        versions = DocumentVersion.objects.values_list("file", "sha256")
        of_the_intake = {name: after["archive", name] for name, _hash in versions}

    assert after == before
    assert len(before) == saved.files == restored.files == 5
    assert saved.missing == []
    assert of_the_intake == dict(versions)
