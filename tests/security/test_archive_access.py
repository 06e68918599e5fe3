"""Every address of the archive for every role and every kind of document; `test_every_route` walks all others."""

import hashlib
import zipfile
from datetime import timedelta
from io import BytesIO
from urllib.parse import quote

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from archive import urls
from archive.access import Level
from archive.intake import add_version
from archive.models import Document, Protocol, Resolution, ShareLink
from archive.search import Filters, search
from home.identity import SiteIdentity
from home.roles import Role
from tests.security.archive_roles import DOCUMENTS, LEVELS, expected_status

pytestmark = pytest.mark.django_db

# A new address has to be named here with what it shows, else `test_every_address_is_known` fails.
ROUTES = {
    "index": "list",
    "feed": "public list",
    "zip": "list",
    "resolutions": "resolutions",
    "review": "review",
    "document": "one",
    "bibtex": "one",
    "ris": "one",
    "file": "one",
    "version_file": "one",
    "leaf_image": "one",
    "leaf_thumbnail": "one",
    "shared": "link",
    "shared_file": "link",
}


def address(route, document):
    parts = {"version_file": [1], "leaf_image": [1, 1], "leaf_thumbnail": [1, 1]}
    return reverse(f"archive:{route}", args=[document.pk, *parts.get(route, [])])


def test_every_address_is_known():
    assert {pattern.name for pattern in urls.urlpatterns} == set(ROUTES)


@pytest.mark.slow
def test_addresses_of_one_document(documents, log_in, client):
    for role in LEVELS:
        log_in(role)
        found, wanted = {}, {}

        for route in (name for name, kind in ROUTES.items() if kind == "one"):
            for name, document in documents.items():
                for method in (client.get, client.head):
                    response = method(address(route, document))
                    found[route, name, method.__name__] = response.status_code
                    wanted[route, name, method.__name__] = expected_status(role, name)
                    text = response.getvalue().decode(errors="replace")
                    if response.status_code in (403, 404):
                        assert document.title not in text
                        assert response["Cache-Control"] == "private, no-store"
                    if response.status_code == 403:
                        assert "Zugang anfragen" in text or method == client.head
                    if response.status_code == 410 and method == client.get:
                        assert document.title in text

        assert found == wanted


def test_addresses_of_many_documents(documents, log_in, client):
    for role in LEVELS:
        user = log_in(role)
        visible = {document.title for name, document in documents.items() if expected_status(role, name) == 200}

        listing = client.get(reverse("archive:index")).text
        answer = search(user, "Stammtisch", Filters())
        found = client.get(reverse("archive:index"), {"q": "Stammtisch"}).text
        packed = client.get(reverse("archive:zip"), {"dokument": [d.pk for d in documents.values()]}).getvalue()

        titles = {document.title for document in documents.values()}
        assert {title for title in titles if title in listing} == visible
        assert {title for title in titles if title in found} == visible
        assert answer.page.paginator.count == len(visible)
        assert sum(choice.count for choice in answer.facets[0].choices) == len(visible)
        with zipfile.ZipFile(BytesIO(packed)) as archive:
            assert {name.removesuffix(".txt") for name in archive.namelist() if name != "inhalt.csv"} == visible
            assert archive.read("inhalt.csv").decode().count("\n") == len(visible) + 1


def test_addresses_that_are_the_same_for_everybody(documents, log_in, client):
    for role in LEVELS:
        log_in(role)
        public = {document.title for name, document in documents.items() if expected_status("anonymous", name) == 200}
        titles = {document.title for document in documents.values()}

        feed = client.get(reverse("archive:feed")).text
        sitemap = client.get("/sitemap.xml").text

        assert {title for title in titles if f">{title}<" in feed} == public
        listed = {document.title for document in documents.values() if f"{document.get_absolute_url()}<" in sitemap}
        assert listed == public


@pytest.mark.slow
def test_share_link_opens_its_document_for_everybody_and_nothing_else(documents, log_in, client):
    for role in LEVELS:
        log_in(role)
        gone = {name for name, (_level, _fields, deleted) in DOCUMENTS.items() if deleted} | {"expired"}
        found = {}

        for name, document in documents.items():
            token = f"{role} {name} 's token"
            expires = timezone.now() + timedelta(days=1)
            hashed = hashlib.sha256(token.encode()).hexdigest()
            ShareLink.objects.create(document=document, token_hash=hashed, expires_at=expires)
            for route in ("shared", "shared_file"):
                response = client.get(reverse(f"archive:{route}", args=[token]))
                text = response.getvalue().decode()
                found[name, route] = response.status_code
                others = [other for other in documents.values() if other != document or name in gone]
                assert not [other.title for other in others if f"{other.title}<" in text]
                assert response["Cache-Control"] == "private, no-store"

        assert found == {(name, route): 404 if name in gone else 200 for name, route in found}
        assert client.get(reverse("archive:shared", args=["unknown"])).status_code == 404


def test_anonymous_readers_cannot_tell_why_there_is_nothing(documents, client):
    hidden = [name for name in DOCUMENTS if expected_status("anonymous", name) == 404]
    unknown = max(document.pk for document in documents.values()) + 1

    def answer(here):
        """Page and headers, with ADDRESS for the address that was asked."""
        response = client.get(here)
        text = response.getvalue()
        page = text.replace(here.encode(), b"ADDRESS")
        # Addresses differ in their length.
        length = int(response.get("Content-Length", len(text))) - len(text) + len(page)
        del response["Content-Length"]
        return page, tuple(sorted(response.headers.items())), length

    for route in (name for name, kind in ROUTES.items() if kind == "one"):
        answers = {answer(address(route, Document(pk=unknown)))}
        answers |= {answer(address(route, documents[name])) for name in hidden}
        assert len(answers) == 1
        pages = {page for page, _headers, _length in answers}
        page = pages.pop().decode()
        assert "next=ADDRESS" in page
        assert "Anmelden" in page


def test_who_is_refused_learns_whom_to_ask(documents, client, log_in):
    identity = SiteIdentity.load()
    identity.email, identity.phone = "redaktion@example.org", "0391 123"
    identity.save()
    secret = documents["steering"]
    user = log_in("without role")

    for role, way in (
        ("", reverse("account_request_access")),
        (Role.COORDINATOR, "mailto:redaktion@example.org?subject="),
    ):
        user.groups.set(Group.objects.filter(name=role))
        page = client.get(address("document", secret)).text

        assert f'class="btn" href="{way}' in page
        assert "0391 123" in page
        assert secret.title not in page
    assert quote(f"http://testserver{address('document', secret)}", safe="") in page


def test_who_is_refused_can_ask_where_the_site_names_no_address(documents, client, log_in, settings):
    settings.DEFAULT_FROM_EMAIL = "IKOE <absender@example.org>"
    log_in(Role.COORDINATOR.value)

    page = client.get(address("document", documents["steering"])).text

    assert 'class="btn" href="mailto:absender@example.org?subject=' in page


def test_404_page_is_the_same_while_debugging(documents, client, settings):
    settings.DEBUG = True

    assert "Traceback" not in client.get(address("document", documents["coordination"])).text


def test_reason_of_withdrawal_and_deletion_is_told(documents, client, log_in):
    log_in("superuser")

    page = client.get(address("document", documents["deleted public"])).text

    assert "aus dem Archiv entfernt" in page


def test_embargo_lifts_by_itself(documents, client):
    Document.objects.filter(pk=documents["embargoed"].pk).update(embargo_until="2001-01-01")

    assert client.get(address("document", documents["embargoed"])).status_code == 200


def test_logged_in_answers_are_kept_by_nobody(documents, client, log_in):
    log_in(Role.COORDINATOR.value)

    for url in (reverse("archive:index"), address("document", documents["public"])):
        assert client.get(url)["Cache-Control"] == "private, no-store"


@pytest.mark.slow
def test_page_of_a_review_is_for_the_steering_group(documents, log_in, client):
    found, wanted = {}, {}

    for role in LEVELS:
        log_in(role)
        refused = 404 if role in ("anonymous", "deactivated") else 403
        for name, document in documents.items():
            may = document.kind == "protocol" and LEVELS[role] >= Level.STEERING_GROUP
            seen = expected_status(role, name)
            for method in (client.get, client.head, client.post):
                response = method(reverse("archive:review", args=[document.pk]))
                found[role, name, method.__name__] = response.status_code
                wanted[role, name, method.__name__] = seen if seen != 200 or may else refused
                assert "no-store" in response["Cache-Control"]
                if response.status_code in (403, 404):
                    assert document.title not in response.text

    assert found == wanted


def test_resolutions_are_listed_for_those_who_may_see_the_protocol(documents, log_in, client):
    for name in ("draft", "in review", "released"):
        Resolution.objects.create(protocol=documents[name].protocol, what=f"Aufgabe-{name}.")

    for role in LEVELS:
        log_in(role)
        response = client.get(reverse("archive:resolutions"), {"stand": "alle"})
        refused = 404 if role in ("anonymous", "deactivated") else 403
        assert response.status_code == (200 if LEVELS[role] >= Level.COORDINATION else refused)
        assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
        assert ("Aufgabe-released." in response.text) == (response.status_code == 200)
        assert "Aufgabe-draft." not in response.text
        assert "Aufgabe-in review." not in response.text


def test_drafts_before_the_release_stay_with_those_who_agreed(documents, log_in, client):
    document = documents["in review"]
    draft = document.current_version
    released = add_version(document, ContentFile(b"Abgestimmt"), "fertig.txt")
    Protocol.objects.filter(document=document).update(released_version=released, state="released")
    addresses = [
        reverse("archive:version_file", args=[document.pk, draft.number]),
        reverse("archive:leaf_image", args=[document.pk, draft.number, 1]),
        reverse("archive:leaf_thumbnail", args=[document.pk, draft.number, 1]),
    ]

    for role in LEVELS:
        log_in(role)
        may = LEVELS[role] >= Level.STEERING_GROUP
        answers = [client.get(url) for url in addresses]
        assert [response.status_code for response in answers if response.getvalue()] == [200 if may else 404] * 3
        page = client.get(address("document", document)).text
        assert ("Fassung 1" in page) == may
