"""The form of an image in the admin: nobody answers for the people on it but the person who adds it."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from home.models import SiteImage
from tests.pictures import picture

WORDS = {"title": "Saal", "description": "Ein Saal voller Menschen", "credit": "Foto: AGSA", "tags": ""}


@pytest.fixture
def upload():
    return SimpleUploadedFile("saal.png", picture(64, 40).read(), "image/png")


def test_consent_is_asked_and_not_answered(site, admin_client, upload):
    page = admin_client.get(reverse("wagtailimages:add")).text

    refused = admin_client.post(reverse("wagtailimages:add"), WORDS | {"file": upload, "consent": ""})

    assert re.findall(r'<option value="([^"]*)" selected', page.partition('name="consent"')[2].partition("</select")[0])
    assert '<option value="" selected>Bitte wählen</option>' in page
    assert refused.status_code == 200
    assert not SiteImage.objects.exists()


def test_answer_is_kept_and_not_asked_again(site, admin_client, upload):
    admin_client.post(reverse("wagtailimages:add"), WORDS | {"file": upload, "consent": "given"})

    image = SiteImage.objects.get()
    page = admin_client.get(reverse("wagtailimages:edit", args=[image.pk])).text

    assert image.consent == "given"
    assert '<option value="given" selected>' in page
    assert "Bitte wählen" not in page


def test_dropped_image_is_described_before_it_is_stored(site, admin_client, upload):
    answer = admin_client.post(reverse("wagtailimages:add_multiple"), {"title": "saal.png", "files[]": upload}).json()

    assert answer["success"]
    assert '<option value="" selected>Bitte wählen</option>' in answer["form"]
    assert not SiteImage.objects.exists()
