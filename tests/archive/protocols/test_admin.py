"""The page of a protocol in the admin."""

import datetime
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from archive.forms import DocumentForm
from archive.models import Notice, Protocol, Resolution
from archive.protocols import workflow
from home.roles import Role

pytestmark = pytest.mark.django_db


def test_editor_takes_a_protocol_through_its_steps(document, users, client):
    client.force_login(users[Role.EDITOR.value])
    address = reverse("archive_protocol", args=[document.pk])

    pages = [client.get(address).text]
    for step in ("abstimmung", "freigabe"):
        client.post(address, {"step": step, "tell": "on"})
        pages.append(client.get(address).text)
    fields = {"step": "korrektur", "file": SimpleUploadedFile("neu.txt", b"Berichtigt"), "reason": "Name falsch"}
    client.post(address, fields)
    pages.append(client.get(address).text)

    states = [re.search("Stand: ([^<]*)", page)[1] for page in pages]
    assert states == ["Entwurf", "in Abstimmung", "freigegeben", "korrigiert"]
    assert "1 Person bekommt" in pages[0]
    assert "Name falsch" in pages[3]
    assert Notice.objects.filter(kind="review").count() == 1
    assert Notice.objects.filter(kind="released").count() == 2


def test_release_without_a_mail(document, users, client, editor):
    workflow.submit(document.protocol, user=editor, tell=False)
    client.force_login(editor)

    client.post(reverse("archive_protocol", args=[document.pk]), {"step": "freigabe"})

    assert Protocol.objects.get().state == Protocol.State.RELEASED
    assert not Notice.objects.exists()


def test_refused_step_is_explained(document, client, editor):
    client.force_login(editor)

    page = client.post(reverse("archive_protocol", args=[document.pk]), {"step": "freigabe"}, follow=True).text

    assert "Dieser Schritt passt nicht: Das Protokoll ist ein Entwurf." in page


def test_resolutions_are_edited_as_a_list(document, client, editor):
    client.force_login(editor)
    kept = Resolution.objects.create(protocol=document.protocol, what="Alt")
    rows = {
        "resolutions-TOTAL_FORMS": 3,
        "resolutions-INITIAL_FORMS": 1,
        "resolutions-0-id": kept.pk,
        "resolutions-0-protocol": document.protocol.pk,
        "resolutions-0-kind": "task",
        "resolutions-0-what": "Alt und berichtigt",
        "resolutions-1-kind": "resolution",
        "resolutions-1-what": "Nächstes Treffen in Halle",
        "resolutions-1-who": "Koordination",
        "resolutions-1-until": "21.03.2027",
        "resolutions-2-kind": "task",
    }

    client.post(reverse("archive_protocol", args=[document.pk]), rows | {"step": "beschluesse"})

    stored = list(document.protocol.resolutions.values_list("kind", "what", "who", "until"))
    assert stored == [
        ("task", "Alt und berichtigt", "", None),
        ("resolution", "Nächstes Treffen in Halle", "Koordination", datetime.date(2027, 3, 21)),
    ]


def test_form_of_a_document_leads_to_its_protocol(document, client, users):
    client.force_login(users["admin"])

    page = client.get(reverse("wagtaildocs:edit", args=[document.pk])).text

    assert reverse("archive_protocol", args=[document.pk]) in page
    assert "Bis zur Freigabe sieht es nur die Redaktion" in page
    assert DocumentForm.base_fields["new_file"].label in page
