"""Import and export of subscribers in the admin: upload, look, import; and who may do that."""

import io

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from home.roles import Role
from newsletter.models import Subscriber
from newsletter.subscribing import consent, exchange, uploads
from newsletter.subscribing.csv_files import csv_text
from tests.newsletter.conftest import days
from tests.newsletter.subscriber_lists import HEAD, WHEN

pytestmark = pytest.mark.django_db


@pytest.fixture
def upload(login):
    client = login(Role.ADMINISTRATION)
    url = reverse("newsletter_import")

    def send(content):
        return client.post(url, {"file": SimpleUploadedFile("liste.csv", content, "text/csv")})

    send.client, send.url = client, url
    return send


def stored():
    try:
        return default_storage.listdir(uploads.DIRECTORY)[1]
    except FileNotFoundError:
        return []  # S3 knows no directories.


def ticket_in(page):
    return page.context["ticket"]


@pytest.mark.every_storage
def test_nothing_is_stored_before_somebody_has_seen_what_each_line_would_do(upload, subscribe):
    consent.unsubscribe(subscribe("weg@example.org").key)
    rows = f"neu@example.org,Kim,,Liste vom Fachtag,{WHEN}\nweg@example.org,,,Liste,{WHEN}\nohne@example.org,,,,\n"

    look = upload((HEAD + rows).encode())

    page = look.content.decode()
    assert "Gespeichert ist noch nichts" in page and "1 Adresse aufnehmen" in page
    assert "Die Herkunft der Einwilligung fehlt" in page and "hat sich abgemeldet" in page
    assert not Subscriber.objects.filter(email="neu@example.org").exists() and len(stored()) == 1

    done = upload.client.post(upload.url, {"ticket": ticket_in(look)})

    assert "1 Adresse aufgenommen" in done.content.decode()
    assert Subscriber.objects.get(email="neu@example.org").consents.get().source == "Liste vom Fachtag"
    assert stored() == [], "the file is not kept"
    again = upload.client.post(upload.url, {"ticket": ticket_in(look)}, follow=True)
    assert "liegt nicht mehr vor" in again.content.decode()


def test_a_look_can_be_thrown_away(upload):
    look = upload((HEAD + f"neu@example.org,,,Liste,{WHEN}\n").encode())

    upload.client.post(upload.url, {"ticket": ticket_in(look), "discard": "1"})

    assert stored() == [] and not Subscriber.objects.exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Diese Datei ist leer"),
        (b"mail;name\n", "fehlen Spalten"),
        (HEAD.replace(",consent_origin", "").encode(), "fehlen Spalten: consent_origin"),
        (b"PK\x03\x04\0", "kein lesbarer Text"),
        (b"x" * 6 * 1024 * 1024, "größer als 5 MB"),
        (HEAD.encode() + b"kaputt@,,,,\n" * 10_001, "mehr als 10.000 Zeilen"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(upload, content, sentence):
    response = upload(content)

    assert response.status_code == 422 and sentence in response.content.decode()
    assert stored() == []


@pytest.mark.every_storage
def test_a_ticket_belongs_to_one_person_and_one_file(upload, admin_client):
    look = upload((HEAD + f"neu@example.org,,,Liste,{WHEN}\n").encode())
    ticket = ticket_in(look)

    for client, sent in ((admin_client, ticket), (upload.client, f"x{ticket}"), (upload.client, "../../etc/passwd")):
        assert "liegt nicht mehr vor" in client.post(upload.url, {"ticket": sent}, follow=True).content.decode()
    (name,) = stored()
    default_storage.delete(f"{uploads.DIRECTORY}/{name}")
    default_storage.save(
        f"{uploads.DIRECTORY}/{name}", ContentFile((HEAD + f"anders@example.org,,,Liste,{WHEN}\n").encode())
    )
    upload.client.post(upload.url, {"ticket": ticket})

    assert not Subscriber.objects.exists()
    default_storage.delete(f"{uploads.DIRECTORY}/{name}")


@pytest.mark.every_storage
def test_files_that_nobody_imports_are_deleted_within_a_day(upload):
    upload((HEAD + f"neu@example.org,,,Liste,{WHEN}\n").encode())

    assert uploads.forget_old() == 0
    with time_machine.travel(days(2)):
        assert uploads.forget_old() == 1
    assert stored() == []


def test_a_long_report_shows_the_first_lines_and_counts_the_rest(upload):
    look = upload((HEAD + "kaputt@,,,,\n" * 800).encode())

    page = look.content.decode()
    assert page.count("<td>abgewiesen</td>") == 501 and "300 weitere Zeilen" in page
    assert "aufnehmen</button>" not in page, "there is nothing to import"
    upload.client.post(upload.url, {"ticket": ticket_in(look), "discard": "1"})


def test_the_export_opens_in_excel_and_comes_back(upload, subscribe, topic):
    subscribe("kim@example.org", name="=Größer", topics=[topic])
    url = reverse("newsletter_export")

    response = upload.client.get(url)
    content = response.getvalue()

    assert response.streaming and "attachment" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    assert content.startswith("\ufeffemail;name;topics;consent_origin;consent_at\r\n".encode())
    assert "kim@example.org;'=Größer;termine;https://www.example.org/;" in content.decode()
    with csv_text(io.BytesIO(content)) as lines:
        assert [one.status for one in exchange.import_rows(lines, dry_run=True)] == ["duplicate"]


def test_the_list_leads_to_import_and_export_for_those_who_may(login, subscribe):
    subscribe("kim@example.org")
    links = [reverse(name) for name in ("newsletter_import", "newsletter_export")]

    for role, may in ((Role.ADMINISTRATION, True), (Role.CHIEF_EDITOR, False)):
        client = login(role)
        page = client.get(reverse("subscriber:index")).content.decode()
        assert [link in page for link in links] == [may, may]
        assert reverse("newsletter_find_proof") in page
        assert {client.get(link).status_code == 200 for link in links} == {may}


def test_nobody_imports_by_a_link(upload):
    assert upload.client.get(f"{upload.url}?ticket=x").status_code == 200
    assert upload.client.put(upload.url).status_code == 405
    assert upload.client.post(reverse("newsletter_export")).status_code == 405
