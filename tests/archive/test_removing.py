"""Taking things out of the archive in the admin: who may, with which reason, and what is left."""

import re

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.urls import reverse
from wagtail.models import ModelLogEntry

from archive.deletion import VERSION_WITHDRAWN
from archive.intake import add_version
from archive.models import Document, DocumentLeaf, DocumentVersion
from archive.protocols import workflow
from archive.thumbnails import thumbnail
from home.roles import Role
from tests.archive.library import take_text
from tests.contents import made_once
from tests.editions_content import make_edition, make_series
from tests.pictures import picture
from tests.routes import views

pytestmark = pytest.mark.django_db


@made_once
def document(site):
    document = take_text("Vortrag", "Mit Telefonnummern", kind="handout")
    add_version(document, ContentFile(b"Ohne Telefonnummern"), "besser.txt")
    return document


@pytest.mark.every_storage
def test_administration_withdraws_a_version(document, users, client, django_capture_on_commit_callbacks):
    wrong = document.versions.get(number=1)
    name, storage = wrong.file.name, wrong.file.storage
    client.force_login(users[Role.ADMINISTRATION.value])
    address = reverse("archive_withdraw_version", args=[document.pk, 1])

    asked = client.get(address).text
    without = client.post(address, {"reason": " "}).text
    still_there = storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(address, {"reason": "Telefonnummern"})

    wrong.refresh_from_db()
    assert "endgültig zurückziehen" in asked
    assert "Dieses Feld muss ausgefüllt werden." in without
    assert still_there
    assert not storage.exists(name)
    assert not wrong.leaves.exists()
    assert (wrong.withdrawal_reason, wrong.withdrawn_by) == ("Telefonnummern", users[Role.ADMINISTRATION.value])
    assert len(wrong.sha256) == 64
    assert ModelLogEntry.objects.get(action=VERSION_WITHDRAWN).data == {"version": 1}
    client.logout()
    gone = client.get(reverse("archive:version_file", args=[document.pk, 1]))
    assert gone.status_code == 410
    assert "Grund: Telefonnummern" in gone.text


def test_list_of_versions_leads_to_the_withdrawal_for_those_who_may(document, users, client):
    pages = {}
    for role in (Role.EDITOR.value, Role.ADMINISTRATION.value):
        client.force_login(users[role])
        pages[role] = client.get(reverse("archive_versions", args=[document.pk])).text

    address = reverse("archive_withdraw_version", args=[document.pk, 2])
    assert address not in pages[Role.EDITOR.value]
    assert "Die Verwaltung kann eine Fassung zurückziehen." in pages[Role.EDITOR.value]
    assert address in pages[Role.ADMINISTRATION.value]


def test_only_version_is_not_withdrawn(document, users, client):
    client.force_login(users["admin"])
    for number in (1, 2):
        address = reverse("archive_withdraw_version", args=[document.pk, number])
        page = client.post(address, {"reason": "Falsch"}, follow=True).text

    assert "Das ist die einzige Fassung. Bitte löschen Sie das Dokument." in page
    assert DocumentVersion.objects.get(number=2).withdrawn_at is None


def test_deletion_asks_for_a_reason_that_stays(document, users, client):
    client.force_login(users[Role.EDITOR.value])
    address = reverse("wagtaildocs:delete", args=[document.pk])

    asked = client.get(address).text
    client.post(address, {"reason": " "})
    still_there = Document.objects.filter(pk=document.pk).exists()
    client.post(address, {"reason": "Auf Wunsch der Referentin"})

    gone = Document.with_tombstones.get(pk=document.pk)
    client.logout()
    page = client.get(document.get_absolute_url())
    assert 'name="reason"' in asked
    assert still_there
    assert gone.deleted_by == users[Role.EDITOR.value]
    assert page.status_code == 410
    assert "Grund: Auf Wunsch der Referentin" in page.text


@made_once
def edition(site):
    return make_edition(make_series(site.root_page), title="13. Ideenwerkstatt")


def test_pages_of_the_admin_for_every_role(document, add_text, edition, users, client):
    protocol = add_text("Protokoll", "Inhalt", kind="protocol")
    workflow.submit(protocol.protocol, user=users["admin"], tell=False)
    consent = document.consents.create(person="Ada", scope="public", given_on="2024-01-01")
    editors = {Role.EDITOR.value, Role.CHIEF_EDITOR.value, Role.ADMINISTRATION.value, "admin"}
    pages = {
        reverse("archive_resolutions"): editors,
        reverse("archive_documents_complete", args=[edition.pk]): editors,
        reverse("archive_protocol", args=[protocol.pk]): editors,
        reverse("archive_consents", args=[document.pk]): editors,
        reverse("archive_withdraw_consent", args=[document.pk, consent.pk]): editors,
        reverse("archive_versions", args=[document.pk]): editors,
        reverse("wagtaildocs:delete", args=[document.pk]): editors,
        reverse("archive_withdraw_version", args=[document.pk, 1]): {Role.ADMINISTRATION.value, "admin"},
    }

    found = {url: set() for url in pages}
    for role, user in users.items():
        client.force_login(user)
        for url in pages:
            response = client.get(url)
            if response.status_code == 200:
                found[url].add(role)
            else:
                assert document.title not in response.text
                assert protocol.title not in response.text

    assert found == pages


def test_every_way_to_delete_asks_for_a_reason(editor, document):
    """Those that Wagtail has, and those that it will have: the addresses come from the resolver."""
    ways = {
        "admin/documents/delete/<int:document_id>/": f"/admin/documents/delete/{document.pk}/",
        "admin/documents/multiple/<int:doc_id>/delete/": f"/admin/documents/multiple/{document.pk}/delete/",
        "admin/bulk/<str:app_label>/<str:model_name>/<str:action>/": (
            f"/admin/bulk/archive/document/delete/?id={document.pk}"
        ),
        # A file that Wagtail has parked and that is no document.
        "admin/documents/multiple/delete_upload/<int:uploaded_file_id>/": "/admin/documents/multiple/delete_upload/1/",
    }
    routes = [route for route, _view in views() if re.search("document|bulk", route)]

    for address in ways.values():
        editor.post(address)
        editor.post(address, {"reason": "  "})

    assert {route for route in routes if re.search("delete|bulk", route)} == set(ways)
    assert Document.objects.filter(pk=document.pk).exists()
    editor.post(ways["admin/documents/delete/<int:document_id>/"], {"reason": "Doppelt."})
    assert Document.with_tombstones.get(pk=document.pk).deletion_reason == "Doppelt."


def test_upload_leads_to_the_page_that_asks_for_the_reason(editor):
    answer = editor.post(
        reverse("wagtaildocs:add_multiple"), {"title": "x", "files[]": ContentFile(b"Neu", name="neu.txt")}
    ).json()

    assert f'href="/admin/documents/delete/{answer["doc_id"]}/"' in answer["form"]
    assert "multiple" in answer["form"]
    assert 'class="delete' not in answer["form"]


def test_a_parked_file_cannot_be_stored_past_the_intake(editor):
    assert editor.post("/admin/documents/multiple/create_from_uploaded_document/1/").status_code == 404


def test_small_pictures_go_when_the_deletion_is_certain(document, django_capture_on_commit_callbacks):
    leaf = DocumentLeaf(version=document.versions.get(number=2), number=1)
    leaf.image.save("1.webp", ContentFile(picture(8, 8).read()))
    thumbnail(leaf)
    key = f"thumbnail:{leaf.pk}:{leaf.image.name}"

    with django_capture_on_commit_callbacks(execute=True):
        document.delete()
        # A reader who asks meanwhile would put it back.
        assert cache.get(key)

    assert cache.get(key) is None
