"""Links to one document for people without an account."""

from __future__ import annotations

import datetime
import re

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from archive.access import Level
from archive.consents import consenting
from archive.deletion import withdraw_version
from archive.errors import Refused
from archive.intake import add_version
from archive.models import Document, DownloadCount, PublicationConsent, ShareLink
from archive.sharing import linking
from home.roles import Role
from tests.accounts_content import client_of, text_of
from tests.archive.library import take_text
from tests.contents import made_once

pytestmark = pytest.mark.django_db


@made_once
def document(site):
    return take_text("Vertraulicher Titel", "Geheimer Text", level=Level.STEERING_GROUP)


@pytest.fixture
def link_to(document):
    """Makes a link and returns the address of its page."""

    def make(**options):
        link, token = linking.create(document, by=None, **options)
        return link, reverse("archive:shared", args=[token])

    return make


@pytest.fixture
def page(document):
    return reverse("archive_share_links", args=[document.pk])


@pytest.fixture
def editor(users):
    return client_of(users[Role.EDITOR.value])


def test_anybody_with_the_link_reads_the_document(link_to, client, document):
    link, address = link_to(days=3)

    shown = client.get(address)
    got = client.get(f"{address}datei/")

    words = text_of(shown)
    assert "Vertraulicher Titel" in words
    assert "immer die aktuelle, zurzeit Fassung 1" in words
    assert f"{timezone.localtime(link.expires_at):%H:%M} Uhr" in words
    assert got.getvalue() == b"Geheimer Text"
    assert client.get(document.get_absolute_url()).status_code == 404


def test_address_of_the_link_goes_nowhere_else(link_to, client):
    _link, address = link_to()

    for response in (client.get(address), client.get(f"{address}datei/")):
        response.getvalue()
        assert response["Cache-Control"] == "private, no-store"
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert not response.cookies
    page = client.get(address).content.decode()
    token = address.split("/")[-2]
    # Only the button, and what names the page itself.
    assert set(re.findall(rf'(?:href|content|action)="([^"]*{token}[^"]*)"', page)) == {
        f"{address}datei/",
        f"http://testserver{address}",
    }


def test_token_is_long_random_and_not_stored(link_to):
    link, address = link_to()
    token = address.split("/")[-2]

    row = " ".join(str(value) for value in ShareLink.objects.values_list().get(pk=link.pk))

    assert len(token) >= 43
    assert token not in row
    assert len(link.token_hash) == 64


def test_link_to_a_file_that_is_lost_says_that_it_is_gone(link_to, document, client, caplog):
    _link, address = link_to()
    file = document.current_version.file
    file.storage.delete(file.name)

    got = client.get(f"{address}datei/")

    assert got.status_code == 404
    assert got["Cache-Control"] == "private, no-store"
    assert f"the file of version {document.current_version.pk} is missing" in caplog.text


def test_link_to_the_latest_follows_and_link_to_a_version_stays(link_to, document, client):
    latest, fixed = link_to()[1], link_to(version=document.current_version)[1]
    add_version(document, ContentFile(b"Neuer Text"), "neu.txt")

    assert client.get(f"{latest}datei/").getvalue() == b"Neuer Text"
    assert client.get(f"{fixed}datei/").getvalue() == b"Geheimer Text"
    assert "zurzeit Fassung 2" in text_of(client.get(latest))
    assert "Fassung 1 vom" in text_of(client.get(fixed))


def revoke(link, document):
    linking.revoke(link)


def run_out(link, document):
    ShareLink.objects.filter(pk=link.pk).update(expires_at=timezone.now() - datetime.timedelta(seconds=1))


def delete(link, document):
    document.delete()


def expire(link, document):
    Document.objects.filter(pk=document.pk).update(expires_on=timezone.localdate())


def withdraw(link, document):
    add_version(document, ContentFile(b"neu"), "neu.txt")
    withdraw_version(document.versions.get(number=1), user=None, reason="Versehen")


def withdraw_consent(link, document):
    days = {"given_on": "2024-01-01", "withdrawn_on": timezone.localdate()}
    PublicationConsent.objects.create(document=document, person="Erika", scope="public", **days)


def test_link_that_is_not_good_says_the_same_whatever_the_reason(link_to, document, client):
    unknown = reverse("archive:shared", args=["x" * 43])
    nothing = client.get(unknown)
    pages = {nothing.getvalue().replace(unknown.encode(), b"ADDRESS")}
    headers = {tuple(sorted(nothing.headers.items()))}

    for end in (revoke, run_out, expire, withdraw_consent, withdraw, delete):
        link, address = link_to(version=document.versions.get(number=1)) if end is not delete else link_to()
        assert client.get(address).status_code == 200, end
        end(link, document)

        for path in (address, f"{address}datei/"):
            response = client.get(path)
            assert response.status_code == 404, end
            pages.add(response.getvalue().replace(path.encode(), b"ADDRESS").replace(b"ADDRESSdatei/", b"ADDRESS"))
            if path == address:
                headers.add(tuple(sorted(response.headers.items())))
        undo(document, end)

    assert len(pages) == 1
    assert len(headers) == 1
    assert "Vertraulich" not in pages.pop().decode()


def undo(document, end):
    if end is expire:
        Document.objects.filter(pk=document.pk).update(expires_on=None)
    if end is withdraw_consent:
        PublicationConsent.objects.all().delete()


@pytest.mark.parametrize("token", ["%00", "%ff", "x" * 5000, "..", "Ä"])
def test_strange_tokens_are_the_same_page(client, site, token):
    assert client.get(f"/archiv/teilen/{token}/").status_code == 404


def test_term_is_seven_days_and_never_more_than_thirty(document):
    with time_machine.travel("2026-11-28T12:00:00+01:00", tick=False):
        link, _token = linking.create(document, by=None)

        assert link.expires_at - timezone.now() == datetime.timedelta(days=7)
        for days in (0, -1, 31):
            with pytest.raises(Refused):
                linking.create(document, by=None, days=days)


def test_version_of_another_document_or_a_withdrawn_one_cannot_be_shared(document, add_text):
    other = add_text("Anderes", "x").current_version
    old = document.current_version
    add_version(document, ContentFile(b"neu"), "neu.txt")
    withdraw_version(old, user=None, reason="Versehen")
    old.refresh_from_db()

    for version in (other, old):
        with pytest.raises(Refused):
            linking.create(document, by=None, version=version)


def test_downloads_are_counted_and_nobody_is_noted(link_to, client, document, users):
    link, address = link_to()

    client.get(address)
    client.head(f"{address}datei/")
    client.get(f"{address}datei/", headers={"user-agent": "ExampleBot/1.0"}).getvalue()
    client.get(f"{address}datei/", headers={"range": "bytes=5-"}).getvalue()
    client_of(users[Role.EDITOR.value]).get(f"{address}datei/").getvalue()
    for _time in range(2):
        client.get(f"{address}datei/").getvalue()

    link.refresh_from_db()
    assert link.uses == 2
    assert DownloadCount.objects.get(document=document).count == 2


def test_editor_makes_a_link_that_is_shown_once(editor, page, document, client):
    answer = editor.post(page, {"version": "", "days": "7", "purpose": "Presse"})

    (address,) = re.findall(r'value="http://testserver(/archiv/teilen/[^"]+/)"', answer.content.decode())
    words = text_of(answer)
    assert "nicht noch einmal anzeigen" in words
    assert "öffnet immer die aktuelle Fassung" in words
    assert client.get(address).status_code == 200
    assert "no-store" in answer["Cache-Control"]
    again = editor.get(page)
    assert "/archiv/teilen/" not in again.content.decode()
    assert "Presse" in text_of(again)


def test_editor_chooses_one_version_in_words(editor, page, document, client):
    choice = document.current_version.pk

    answer = editor.post(page, {"version": str(choice), "days": "30", "purpose": ""})

    assert "öffnet nur Fassung 1" in text_of(answer)
    assert ShareLink.objects.get().version_id == choice
    assert "nur Fassung 1 vom" in text_of(editor.get(page))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"days": "31"}, "höchstens 30 Tage"),
        ({"days": "0"}, "mindestens einen Tag"),
        ({"days": "bald"}, "Zahl von 1 bis 30"),
        ({"version": "999999"}, "keine gültige Auswahl"),
    ],
)
def test_wrong_choices_make_no_link(editor, page, changes, words):
    answer = editor.post(page, {"version": "", "days": "7", "purpose": ""} | changes)

    assert words in text_of(answer)
    assert not ShareLink.objects.exists()


def test_editor_revokes_a_link(editor, link_to, document, client):
    link, address = link_to(purpose="Presse")

    answer = editor.post(reverse("archive_revoke_share_link", args=[document.pk, link.pk]), follow=True)

    assert "widerrufen am" in text_of(answer)
    assert client.get(address).status_code == 404


def test_link_of_another_document_is_not_revoked_through_this_one(editor, link_to, document, add_text):
    link, _address = link_to()
    other = add_text("Anderes", "x")

    answer = editor.post(reverse("archive_revoke_share_link", args=[other.pk, link.pk]))

    assert answer.status_code == 404
    link.refresh_from_db()
    assert link.revoked_at is None


@pytest.mark.parametrize("role", ["", Role.COORDINATOR.value, Role.STEERING_GROUP.value])
def test_only_editors_make_links(users, page, role):
    answer = client_of(users[role]).post(page, {"version": "", "days": "7"})

    assert answer.status_code in (302, 403)
    assert not ShareLink.objects.exists()


@pytest.mark.parametrize(("scopes", "may"), [([], True), (["internal"], False), (["internal", "public"], True)])
def test_consent_to_internal_use_is_none_to_passing_on(document, scopes, may):
    """Whoever gets a link has no account. The newest word of a person counts."""
    link, token = linking.create(document, by=None)
    for scope in scopes:
        consenting.record(document, person="Ada Beispiel", scope=scope, given_on=timezone.localdate(), user=None)

    if may:
        assert linking.find(token).link == link
        return
    with pytest.raises(linking.LinkGone):
        linking.find(token)
    with pytest.raises(Refused, match="gilt nur intern"):
        linking.create(document, by=None)
