"""The proof of a consent: nobody changes it, and as JSON and PDF it is for staff, for the person and for a court."""

import io
import json
import re

import pypdf
import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from home.identity import SiteIdentity
from home.roles import Role
from newsletter.models import ConsentRecord, RecordIsAppendOnly, Subscriber
from newsletter.subscribing import consent, proof, retention, system_mail
from tests.newsletter.conftest import days

pytestmark = pytest.mark.django_db
Event = ConsentRecord.Event


def words(content):
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages).split())


@pytest.fixture
def person(fill, topic, smtp_server):
    """Somebody who came the whole way through form, mail and button."""
    from newsletter import tokens

    fill("kim@example.org", name="Kim Größer", topics=["termine"])
    record = ConsentRecord.objects.get()
    system_mail.answer_sign_up(record.pk)
    consent.confirm(tokens.make_confirmation(record.subscriber.key, record.pk))
    return Subscriber.objects.get()


@pytest.mark.parametrize(
    "change",
    [
        lambda record: record.save(),
        lambda record: record.delete(),
        lambda record: type(record).objects.update(at=timezone.now()),
        lambda record: type(record).objects.bulk_update([record], ["at"]),
        lambda record: type(record).objects.filter(pk=record.pk).delete(),
        lambda record: record.subscriber.consents.update(source="anders"),
        lambda record: record.text.save(),
        lambda record: type(record.text).objects.update(text="anders"),
    ],
)
def test_what_proves_a_consent_is_not_changed(subscribe, change):
    record = subscribe("kim@example.org").consents.first()

    with pytest.raises(RecordIsAppendOnly):
        change(record)


@pytest.mark.parametrize("table", ["newsletter_consentrecord", "newsletter_consenttext"])
def test_the_database_refuses_changes_too(subscribe, table):
    subscribe("kim@example.org")

    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET id = id")  # noqa: S608
    with pytest.raises(IntegrityError), transaction.atomic():
        ConsentRecord(pk=ConsentRecord.objects.first().pk, subscriber_id=1, event="confirmed", at=timezone.now()).save()


def test_wordings_have_versions(wording):
    assert consent.new_text(wording.text) == wording
    assert consent.new_text("Ein neuer Wortlaut.").version == wording.version + 1


def test_the_json_has_every_event_with_wording_topics_source_times_and_hashes(person, wording):
    data = json.loads(proof.as_json(proof.gather(person)))

    assert [one["event"] for one in data["events"]] == ["signed_up", "mailed", "confirmed"]
    assert all(len(one["at"]) == 25 and one["topics"] == ["Termine"] for one in data["events"])
    assert data["events"][0]["source"] == "http://testserver/newsletter/anmelden/"
    assert len(data["events"][1]["mail_sha256"]) == 64
    assert data["wordings"] == [
        {
            "version": wording.version,
            "text": wording.text,
            "sha256": wording.sha256,
            "valid_from": data["wordings"][0]["valid_from"],
            "intact": True,
        }
    ]


def test_the_pdf_is_tagged_german_and_carries_the_json(person, wording):
    found = proof.gather(person)
    content = proof.as_pdf(found)

    reader = pypdf.PdfReader(io.BytesIO(content))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] and reader.trailer["/Root"]["/Lang"] == "de"
    assert json.loads(reader.attachments["nachweis.json"][0])["address"] == "kim@example.org"
    text = words(content)
    for part in ("kim@example.org", "Kim Größer", wording.text, wording.sha256, "bestätigt", "Termine", "Uhr (UTC+0"):
        assert part in text
    assert "Waren Sie das nicht?" in text and "/newsletter/bestaetigen/…/" in text, "the mail itself, without its key"
    assert "stimmt überein" in text and found.events[1].mail_sha256 in text.replace(" ", "")


def test_a_mail_that_would_read_otherwise_today_is_not_passed_off_as_the_one_that_was_sent(person):
    before = proof.gather(person).events[1]
    SiteIdentity.objects.update_or_create(defaults={"organisation": "Anders e. V."})
    after = proof.gather(person).events[1]

    assert "Waren Sie das nicht?" in before.mail_text and after.mail_text == ""
    assert before.mail_sha256 == after.mail_sha256


def test_a_name_without_a_glyph_is_spelled_and_kept_in_the_data(person):
    Subscriber.objects.update(name="Kim 😀 محمد <b>&amp;")
    content = proof.as_pdf(proof.gather(Subscriber.objects.get()))

    assert "Kim [U+1F600]" in words(content)
    attached = json.loads(pypdf.PdfReader(io.BytesIO(content)).attachments["nachweis.json"][0])
    assert attached["name"] == "Kim 😀 محمد <b>&amp;"


def test_the_proof_outlives_the_address_and_is_found_by_it(person):
    consent.unsubscribe(person.key)
    retention.forget(days(31))

    assert proof.find("KIM@example.org") == [person] and proof.find("lee@example.org") == []
    person.refresh_from_db()
    known, unknown = proof.gather(person, address="kim@example.org"), proof.gather(person, address="lee@example.org")
    assert (known.address, known.address_checked) == ("kim@example.org", True)
    assert (unknown.address, unknown.address_checked) == ("", False)
    text = words(proof.as_pdf(known))
    assert "ihre Prüfsumme stimmt mit der gespeicherten überein" in text and "widerrufen" in text


def test_the_person_gets_the_pdf_on_the_settings_page(client, person, settings_path):
    response = client.get(settings_path(person, "daten.pdf"))

    assert response.status_code == 200 and response.content.startswith(b"%PDF")
    assert response["Content-Type"] == "application/pdf" and "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_staff_reads_and_exports_the_proof(login, person):
    client = login(Role.CHIEF_EDITOR)

    page = client.get(reverse("subscriber:inspect", args=[person.pk])).content.decode()

    links = [reverse("newsletter_subscriber_proof", args=[person.pk, kind]) for kind in ("pdf", "json")]
    assert all(link in page for link in links) and "Bestätigungsmail gesendet" in page
    assert not re.search(r"<dd>\s*None", page) and f"{timezone.localtime(person.confirmed_at):%H:%M}" in page
    assert client.get(links[0]).content.startswith(b"%PDF")
    assert json.loads(client.get(links[1]).content)["name"] == "Kim Größer"
    assert client.get(reverse("newsletter_subscriber_proof", args=[999_999, "pdf"])).status_code == 404


def test_staff_finds_the_proof_of_an_address_that_is_gone(login, person):
    retention.erase(person)
    client = login(Role.CHIEF_EDITOR)
    url = reverse("newsletter_find_proof")

    page = client.post(url, {"address": "Kim@Example.org"}).content.decode()

    export = reverse("newsletter_subscriber_proof", args=[person.pk, "json"])
    assert export in page
    assert json.loads(client.post(export, {"address": "kim@example.org"}).content)["address_checked"] is True
    assert "kein Nachweis gespeichert" in client.post(url, {"address": "lee@example.org"}).content.decode()
    assert client.post(url, {"address": "kaputt@"}).status_code == 422


@pytest.mark.parametrize("role", [Role.EDITOR, Role.COORDINATOR])
def test_others_see_no_proof(login, person, role):
    client = login(role)

    for url in (reverse("newsletter_find_proof"), reverse("newsletter_subscriber_proof", args=[person.pk, "json"])):
        response = client.get(url)
        assert response.status_code in (302, 403) and b"kim@example.org" not in response.content
