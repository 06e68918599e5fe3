"""A stored documentation that names a document goes with it: nobody gets it who must not know of the document."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.core.files.base import ContentFile
from django.utils import timezone

from archive.access import Level
from archive.consents import consenting
from archive.documentation import withholding
from archive.documentation.building import State, document_of, request_build, run_build
from archive.documentation.tasks import build_documentation, sweep_builds
from archive.errors import Refused
from archive.indexing import read_version
from archive.intake import take_in
from archive.models import Document, DocumentationBuild, PublicationConsent
from archive.search import Filters, search
from archive.sharing import linking
from home.models import EditionPage
from home.roles import Role
from tests.archive.forms import edit_data
from tests.contents import made_once
from tests.documents.editions import write_once
from tests.editions_content import make_edition, make_series

pytestmark = pytest.mark.django_db
DAY = datetime.date(2024, 11, 21)
TITLE = "Folien von Ada Beispiel"


@made_once
def edition(site):
    page = make_edition(make_series(site.root_page), state="documented", start_date=DAY, lead="Ein Satz.")
    page.save_revision().publish()
    return EditionPage.objects.get(pk=page.pk)


@made_once
def named(edition):
    """A public document of the edition with a recorded consent."""
    offered = Document(title=TITLE, edition=edition, level=Level.PUBLIC, people=Document.People.NAMED)
    document = take_in(ContentFile(b"Folien"), "folien.txt", document=offered).document
    consenting.record(document, person="Ada Beispiel", scope=PublicationConsent.Scope.PUBLIC, given_on=DAY, user=None)
    return document


@pytest.fixture
def documentation(edition, named):
    """The document with the stored public documentation, read and found by its text."""
    build = run_build(request_build(edition), write=write_once)
    read_version(build.version.pk)
    return build.version.document


@pytest.fixture
def coordinator(site, django_user_model):
    user = django_user_model.objects.create_user("koordination@example.org")
    user.groups.add(Group.objects.get(name=Role.COORDINATOR))
    return user


def withdraw_consent(document):
    consenting.withdraw(document.consents.get(), on=timezone.localdate(), user=None)


def set_fields(**fields):
    return lambda document: Document.objects.filter(pk=document.pk).update(**fields)


# How a document stops being public, and whether coordinators still read it.
WAYS = [
    (set_fields(level=Level.COORDINATION), True),
    (set_fields(embargo_until="2999-01-01"), False),
    (set_fields(expires_on="2001-01-01"), False),
    (withdraw_consent, True),
]
as_before = set_fields(level=Level.PUBLIC, embargo_until=None, expires_on=None)


def addresses(documentation):
    page = f"/archiv/{documentation.pk}/"
    return [page, f"{page}datei/", f"{page}v/1/datei/", f"{page}v/1/seite/1.webp", f"{page}v/1/seite/1-klein.webp"]


def statuses(client, documentation):
    return {client.head(address).status_code for address in addresses(documentation)}


def found(user):
    return {hit.document.pk for hit in search(user, "Beispiel", Filters()).hits}


def test_documentation_is_withheld_with_what_it_names(documentation, named, client, coordinator):
    for take_away, is_read_by_coordinators in WAYS:
        client.logout()
        assert statuses(client, documentation) == {200}
        assert documentation.pk in found(AnonymousUser())

        take_away(named)

        assert statuses(client, documentation) == {404}
        assert documentation.pk not in found(AnonymousUser())
        assert f"/archiv/{documentation.pk}/" not in client.get("/ideenwerkstatt/13/").text
        assert client.get("/archiv/zip/", {"dokument": documentation.pk}).status_code == 404
        client.force_login(coordinator)
        assert statuses(client, documentation) == ({200} if is_read_by_coordinators else {403})
        as_before(named)


def test_documentation_is_made_anew_and_its_old_version_stays_withheld(documentation, named, client, coordinator):
    withdraw_consent(named)

    (build,) = withholding.request_anew()
    build_documentation(build.pk)

    document = document_of(documentation.edition, "public")
    page = f"/archiv/{document.pk}/"
    assert (document.pk, document.current_version.number) == (documentation.pk, 2)
    assert [client.head(f"{page}v/{n}/datei/").status_code for n in (1, 2)] == [404, 200]
    assert client.head(f"{page}v/1/seite/1.webp").status_code == 404
    assert "v/1/datei" not in client.get(page).text
    # Before the new file is read, nothing is found by what the old one said.
    assert documentation.pk not in found(AnonymousUser())
    assert withholding.withheld() == []
    client.force_login(coordinator)
    assert client.head(f"{page}v/1/datei/").status_code == 200


def test_documentation_comes_back_with_the_document(documentation, named, client):
    set_fields(embargo_until=timezone.localdate() + datetime.timedelta(days=1))(named)
    assert statuses(client, documentation) == {404}

    set_fields(embargo_until=timezone.localdate())(named)

    assert statuses(client, documentation) == {200}
    assert withholding.request_anew() == []


def test_a_deleted_document_does_not_hide_the_documentation(documentation, named, client):
    named.delete()

    assert statuses(client, documentation) == {200}


def test_document_that_a_block_names_counts(edition, client, coordinator):
    elsewhere = take_in(ContentFile(b"x"), "x.txt", document=Document(title=TITLE, level=Level.PUBLIC)).document
    edition.body = [("documents", {"documents": [elsewhere]})]
    edition.save_revision().publish()
    build = run_build(request_build(EditionPage.objects.get(pk=edition.pk)), write=write_once)

    set_fields(level=Level.EDITORS)(elsewhere)

    assert client.get(f"/archiv/{build.version.document_id}/").status_code == 404
    client.force_login(coordinator)
    assert client.get(f"/archiv/{build.version.document_id}/").status_code == 403


def test_internal_documentation_follows_its_own_readers(edition, named, client, coordinator):
    set_fields(level=Level.COORDINATION)(named)
    build = run_build(request_build(edition, "internal"), write=write_once)
    client.force_login(coordinator)
    page = f"/archiv/{build.version.document_id}/"
    assert client.get(page).status_code == 200

    set_fields(level=Level.STEERING_GROUP)(named)

    assert client.get(page).status_code == 403
    assert [each.variant for each in withholding.withheld()] == ["internal"]


def test_internal_documentation_that_is_opened_by_mistake_shows_itself_to_nobody(edition, named, client):
    set_fields(level=Level.COORDINATION)(named)
    build = run_build(request_build(edition, "internal"), write=write_once)

    Document.objects.filter(pk=build.version.document_id).update(level=Level.PUBLIC)

    assert client.get(f"/archiv/{build.version.document_id}/").status_code == 404


def test_sweep_asks_once_and_rests_after_a_failure(documentation, named, broker):
    withdraw_consent(named)

    sweep_builds()
    sweep_builds()

    builds = DocumentationBuild.objects.order_by("pk")
    assert [build.state for build in builds] == [State.STORED, State.WAITING]
    builds.filter(state=State.WAITING).update(state=State.FAILED, finished_at=timezone.now())
    assert withholding.request_anew() == []
    builds.filter(state=State.FAILED).update(finished_at=timezone.now() - datetime.timedelta(days=1))
    assert len(withholding.request_anew()) == 1


def test_edition_that_is_not_published_leaves_the_documentation_withheld(documentation, named, client):
    withdraw_consent(named)
    documentation.edition.unpublish()

    assert withholding.request_anew() == []
    assert statuses(client, documentation) == {404}


def test_editor_is_told_what_happens(documentation, named, client, django_user_model):
    user = django_user_model.objects.create_superuser("redaktion@example.org")
    client.force_login(user)
    consent = named.consents.get()

    page = client.post(
        f"/admin/archiv/{named.pk}/einwilligungen/{consent.pk}/",
        {"on": f"{timezone.localdate():%d.%m.%Y}"},
        follow=True,
    ).text

    assert "wird von selbst neu erstellt" in page
    assert "zurückgehalten" in client.get(f"/admin/archiv/{documentation.pk}/fassungen/").text
    assert "Bis sie neu erstellt ist" in client.get("/admin/").text


def test_editor_who_makes_a_document_internal_is_told(documentation, named, client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("redaktion@example.org"))
    changes = edit_data(named, level=Level.COORDINATION.value, edition=named.edition_id, people="named")

    page = client.post(f"/admin/documents/edit/{named.pk}/", changes, follow=True).text

    assert "Die PDF-Dokumentation der Ausgabe nennt dieses Dokument." in page


def test_share_link_to_a_documentation_ends_with_a_withdrawn_consent(documentation, named, coordinator):
    links = [
        linking.create(documentation, by=coordinator, version=version)[1]
        for version in (None, documentation.current_version)
    ]
    set_fields(level=Level.COORDINATION)(named)
    # Passing on is a decision of its own, whatever the level; a withdrawn consent ends it.
    assert [linking.find(token).document for token in links] == [documentation] * 2

    withdraw_consent(named)

    for token in links:
        with pytest.raises(linking.LinkGone):
            linking.find(token)
    with pytest.raises(Refused, match="nennt ein Dokument"):
        linking.create(documentation, by=coordinator, version=documentation.current_version)
