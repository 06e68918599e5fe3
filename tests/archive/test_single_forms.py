"""What changes between the check of a form and its storing comes back as an error of the form."""

import json

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.documents.forms import get_document_form

from archive.forms import NotStored
from archive.intake import add_version, take_in
from archive.models import Document, DocumentVersion
from archive.protocols import workflow
from tests.archive.forms import edit_data, upload
from tests.contents import made_once

pytestmark = pytest.mark.django_db
NO_ROOM = "Die Datei ließ sich nicht ablegen."


@made_once
def document(site):
    return take_in(ContentFile(b"Alt"), "alt.txt", document=Document(title="Protokoll", kind="protocol")).document


@pytest.fixture
def full_store(site, document, monkeypatch, tmp_path):
    """From here on the store takes nothing."""
    closed = tmp_path / "closed"
    closed.write_text("")
    # That of the field: a test that has changed STORAGES leaves another one at the name "archive".
    storage = DocumentVersion._meta.get_field("file").storage
    monkeypatch.setitem(storage.__dict__, "location", str(closed))


def form(users, data, files, **kwargs):
    checked = get_document_form(Document)(data, files, user=users["admin"], **kwargs)
    assert checked.is_valid(), checked.errors
    return checked


def test_store_that_takes_nothing_is_an_error_of_the_form(editor, document, full_store):
    added = editor.post(reverse("wagtaildocs:add"), {"title": "Mein Titel", "file": upload()})
    changes = edit_data(document, title="Anderer Titel", kind="protocol", new_file=upload())
    edited = editor.post(reverse("wagtaildocs:edit", args=[document.pk]), changes)
    data = {"document-chooser-upload-title": "Mein Titel", "document-chooser-upload-file": upload()}
    chosen = json.loads(editor.post(reverse("wagtaildocs_chooser:create"), data).content)

    for page, title in (
        (added.text, "Mein Titel"),
        (edited.text, "Anderer Titel"),
        (chosen["htmlFragment"], "Mein Titel"),
    ):
        assert NO_ROOM in page
        assert f'value="{title}"' in page
    assert [added.status_code, edited.status_code, chosen["step"]] == [200, 200, "reshow_creation_form"]
    assert Document.objects.get().title == "Protokoll"


def test_same_file_that_came_in_meanwhile_is_told(users, site):
    checked = form(users, {"title": "Zweiter"}, {"file": upload("Ein Text")})
    first = take_in(ContentFile(b"Ein Text"), "erster.txt").document

    with pytest.raises(NotStored) as refusal:
        checked.save()

    refusal.value.add_to(checked)
    assert f'href="/archiv/{first.pk}/"' in str(checked.errors["file"])
    assert Document.objects.get() == first


def test_new_version_that_another_document_got_meanwhile_is_told(users, document):
    changes = edit_data(document, title="Anderer Titel", kind="protocol")
    checked = form(users, changes, {"new_file": upload("Ein Text")}, instance=document)
    take_in(ContentFile(b"Ein Text"), "erster.txt")

    with pytest.raises(NotStored, match="liegt schon im Archiv"):
        checked.save()

    assert Document.objects.get(pk=document.pk).title == "Protokoll"


def test_protocol_that_was_released_meanwhile_takes_no_file(users, document):
    changes = edit_data(document, kind="protocol")
    checked = form(users, changes, {"new_file": upload("Ein Text")}, instance=document)
    workflow.submit(document.protocol, user=users["admin"], tell=False)
    workflow.release(document.protocol, user=users["admin"], tell=False)

    with pytest.raises(NotStored, match="freigegeben"):
        checked.save()

    assert document.versions.count() == 1


def test_kind_of_a_protocol_that_is_on_its_way_meanwhile_stays(editor, users, document):
    checked = form(users, edit_data(document, kind="other"), {}, instance=Document.objects.get(pk=document.pk))
    workflow.submit(document.protocol, user=users["admin"], tell=False)

    with pytest.raises(NotStored, match="Die Art bleibt") as refusal:
        checked.save()

    refusal.value.add_to(checked)
    assert "kind" in checked.errors
    assert Document.objects.get(pk=document.pk).kind == "protocol"


def test_an_upload_tells_by_what_a_form_is_refused(editor, document):
    add_version(document, ContentFile(b"Neu"), "neu.txt")

    page = editor.post(reverse("wagtaildocs:add"), {"title": "Nochmal", "file": upload("Neu")}).text

    assert "Diese Datei liegt schon im Archiv" in page
