"""Uploading and editing documents in the admin."""

import json

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from wagtail.models import UploadedFile

from archive.demo_files import funding_slides
from archive.intake import take_in
from archive.models import Document, DocumentVersion
from tests.archive.forms import drop, edit_data, upload
from tests.pictures import picture

pytestmark = pytest.mark.django_db


def test_single_upload_goes_through_the_intake(editor, users):
    response = editor.post(
        reverse("wagtaildocs:add"), {"title": "Protokoll", "file": upload(), "kind": "protocol", "level": "20"}
    )

    document = Document.objects.get()
    assert response.status_code == 302
    assert (document.title, document.kind, document.level) == ("Protokoll", "protocol", 20)
    assert document.uploaded_by_user == users["admin"]
    assert document.current_version.original_name == "Protokoll_März.txt"
    assert document.file.name == document.current_version.file.name


def test_dropped_files_need_nothing_but_themselves(editor):
    answers = [
        json.loads(editor.post(reverse("wagtaildocs:add_multiple"), {"title": file.name, "files[]": file}).content)
        for file in (upload("eins"), upload("zwei", "b.txt"), upload("eins", "c.txt"), upload("<html>", "d.pdf"))
    ]

    assert [answer["success"] for answer in answers] == [True, True, False, False]
    assert [document.title for document in Document.objects.order_by("pk")] == ["Protokoll März", "b"]
    original = Document.objects.order_by("pk").first().get_absolute_url()
    assert (
        f'liegt schon im Archiv: <a href="{original}" target="_blank">„Protokoll März“</a>'
        in answers[2]["error_message"]
    )
    assert "passt nicht zur Endung" in answers[3]["error_message"]
    assert 'type="file"' not in answers[0]["form"]


def test_dropped_slides_and_pictures_are_taken_for_what_they_mostly_are(editor, tmp_path):
    funding_slides.write(tmp_path / "folien.pptx")
    slides = SimpleUploadedFile("Folien.PPTX", (tmp_path / "folien.pptx").read_bytes())
    photo = SimpleUploadedFile("Saal.png", picture(900, 600).getvalue())

    for file in (slides, photo, upload()):
        assert drop(editor, file)["success"]

    assert list(Document.objects.order_by("pk").values_list("kind", flat=True)) == ["presentation", "photo", "other"]


def test_title_of_a_known_file_is_no_html(editor):
    """Wagtail's script puts the message into the page as it comes."""
    take_in(ContentFile(b"eins"), "a.txt", document=Document(title="<img src=x onerror=alert(1)>"))

    answer = drop(editor, upload("eins"))

    assert "&lt;img src=x" in answer["error_message"]
    assert "<img" not in answer["error_message"]


def test_any_other_error_refuses_the_file_as_well(editor):
    """Wagtail would park the file beside the intake and ask for the rest."""
    answer = drop(editor, upload("eins"), title="x" * 300)

    assert not answer["success"]
    assert "255 Zeichen" in answer["error_message"]
    assert not UploadedFile.objects.exists()


def test_storage_that_takes_nothing_is_named_in_german(editor, monkeypatch, tmp_path):
    closed = tmp_path / "closed"
    closed.write_text("")
    monkeypatch.setitem(DocumentVersion._meta.get_field("file").storage.__dict__, "location", str(closed))

    answer = drop(editor, upload("eins"))

    assert "ließ sich nicht ablegen" in answer["error_message"]
    assert not Document.with_tombstones.exists()


def test_upload_without_a_file_is_refused(editor):
    assert editor.post(reverse("wagtaildocs:add_multiple"), {"title": "a"}).status_code == 400


def test_form_after_a_dropped_file_saves_its_description(editor):
    answer = json.loads(
        editor.post(reverse("wagtaildocs:add_multiple"), {"title": "a.txt", "files[]": upload()}).content
    )
    pk = answer["doc_id"]
    data = {f"doc-{pk}-{key}": value for key, value in edit_data(Document.objects.get(), title="Neuer Titel").items()}

    response = editor.post(reverse("wagtaildocs:edit_multiple", args=[pk]), data)

    assert json.loads(response.content)["success"]
    assert Document.objects.get().title == "Neuer Titel"


def test_upload_says_what_it_takes(editor):
    page = editor.get(reverse("wagtaildocs:add_multiple")).text

    assert "Möglich sind PDF, PPTX" in page


def test_form_after_a_dropped_file_begins_with_what_every_document_needs(editor):
    form = drop(editor, upload())["form"]
    first, _, rest = form.partition("<details")
    pk = Document.objects.get().pk

    names = [f'name="doc-{pk}-{name}"' for name in ("title", "kind", "edition", "programme_key", "people", "level")]
    assert [name for name in names if name not in first] == []
    assert f'name="doc-{pk}-licence"' in rest and f'name="doc-{pk}-summary"' in rest
    assert rest.startswith(' class="upload-more">')


def test_mistake_in_the_folded_part_of_the_form_is_shown(editor):
    pk = drop(editor, upload())["doc_id"]
    changes = edit_data(Document.objects.get(), embargo_until="bald")

    response = editor.post(
        reverse("wagtaildocs:edit_multiple", args=[pk]), {f"doc-{pk}-{key}": value for key, value in changes.items()}
    )

    assert '<details class="upload-more" open>' in json.loads(response.content)["form"]


def test_language_is_chosen_by_its_name_and_an_odd_one_stays(editor, document):
    url = reverse("wagtaildocs:edit", args=[document.pk])
    Document.objects.filter(pk=document.pk).update(language="so")

    page = editor.get(url).text
    editor.post(url, edit_data(document, language="so"))
    kept = Document.objects.get().language
    editor.post(url, edit_data(document, language="tlh"))

    assert '<option value="uk">Ukrainisch</option>' in page
    assert '<option value="so" selected>' in page
    assert (kept, Document.objects.get().language) == ("so", "so")


def test_upload_tab_of_the_chooser_goes_through_the_intake(editor):
    response = editor.post(
        reverse("wagtaildocs_chooser:create"),
        {"document-chooser-upload-title": "Gewählt", "document-chooser-upload-file": upload()},
    )

    document = Document.objects.get()
    assert json.loads(response.content)["result"]["url"] == f"/archiv/{document.pk}/datei/"
    assert document.versions.count() == 1


def test_edit_form_has_no_file_but_a_new_version(editor, document):
    page = editor.get(reverse("wagtaildocs:edit", args=[document.pk])).text

    assert 'name="file"' not in page
    assert 'name="new_file"' in page
    assert 'enctype="multipart/form-data"' in page


def test_new_version_from_the_edit_form(editor, document, users):
    data = edit_data(document, new_file=upload("besser", "neu.txt"), version_note="Tippfehler")

    editor.post(reverse("wagtaildocs:edit", args=[document.pk]), data)

    document.refresh_from_db()
    assert (document.current_version.number, document.current_version.note) == (2, "Tippfehler")
    assert document.current_version.uploaded_by == users["admin"]
    assert document.versions.count() == 2


def test_new_title_is_found_in_the_admin_and_in_the_archive(editor, document):
    editor.post(reverse("wagtaildocs:edit", args=[document.pk]), edit_data(document, title="Haushaltsplan", level=0))

    assert "Haushaltsplan" in editor.get(reverse("wagtaildocs:index"), {"q": "Haushaltsplan"}).text
    assert "Haushaltsplan" in editor.get("/archiv/", {"q": "Haushalt"}).text
    assert "Haushaltsplan" not in editor.get("/archiv/", {"q": "Protokoll"}).text


def test_refused_file_is_explained_in_the_form(editor):
    page = editor.post(reverse("wagtaildocs:add"), {"title": "x", "file": upload("MZ", "a.exe")}).text

    assert "nimmt das Archiv nicht an" in page
    assert not Document.objects.exists()


def test_deleted_document_leaves_lists_and_choosers(editor, document):
    editor.post(reverse("wagtaildocs:delete", args=[document.pk]), {"reason": "Doppelt hochgeladen"})

    assert not Document.objects.exists()
    assert Document.with_tombstones.get().deletion_reason == "Doppelt hochgeladen"
    editor.get(reverse("wagtaildocs:index"))  # Shows the messages of what was done.
    assert "Protokoll" not in editor.get(reverse("wagtaildocs:index")).text
    assert editor.get(reverse("wagtaildocs:edit", args=[document.pk])).status_code == 404


def test_bulk_deletion_leaves_tombstones(editor, document):
    url = reverse("wagtail_bulk_action", args=["archive", "document", "delete"])

    without = editor.post(f"{url}?id={document.pk}&next=/admin/")
    response = editor.post(f"{url}?id={document.pk}&next=/admin/", {"reason": "Doppelt hochgeladen"})

    assert "Dieses Feld muss ausgefüllt werden." in without.text
    assert response.status_code == 302
    assert Document.with_tombstones.get().deletion_reason == "Doppelt hochgeladen"


@pytest.mark.parametrize("name", ["index", "add_multiple", "add"])
def test_pages_of_the_admin_open(editor, document, name):
    assert editor.get(reverse(f"wagtaildocs:{name}")).status_code == 200


def test_upload_without_a_broker_waits_for_the_sweep(editor, document):
    assert document.current_version.extraction == "waiting"
