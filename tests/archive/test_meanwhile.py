"""What happens to a document while somebody else still holds it as it was."""

import datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.base import ContentFile

from archive.access import Level
from archive.consents.consenting import record, withdraw
from archive.deletion import bury
from archive.file_types import FileRefused
from archive.indexing import read_version
from archive.intake import add_version, take_in
from archive.models import Document, PublicationConsent, ShareLink, Term
from archive.protocols import workflow
from archive.search import Filters, search
from archive.sharing import linking
from home.search.analysis import term_of
from tests.contents import made_once
from tests.editions_content import make_edition, make_series

pytestmark = pytest.mark.django_db
DAY = datetime.date(2024, 11, 21)


@made_once
def document(site):
    offered = Document(title="Folien", level=Level.PUBLIC, people=Document.People.NAMED)
    return take_in(ContentFile(b"Stammtisch"), "folien.txt", document=offered).document


def as_it_was(document):
    return Document.objects.get(pk=document.pk)


def test_a_form_does_not_bring_a_withdrawn_consent_back(document):
    consent = record(document, person="Ada Beispiel", scope=PublicationConsent.Scope.PUBLIC, given_on=DAY, user=None)
    held = as_it_was(document)
    withdraw(consent, on=DAY, user=None)

    held.title = "Neuer Titel"
    held.save()

    stored = as_it_was(document)
    assert (stored.title, stored.publication_agreed, stored.is_public) == ("Neuer Titel", False, False)


def test_a_form_does_not_bring_a_deleted_document_back(document):
    held = as_it_was(document)
    bury(document)

    held.title = "Neuer Titel"
    held.save()

    assert not Document.objects.filter(pk=document.pk).exists()


def test_a_form_does_not_bring_an_old_file_back(document):
    held = as_it_was(document)
    newest = add_version(document, ContentFile(b"Neu"), "neu.txt")

    held.title = "Neuer Titel"
    held.save()

    stored = as_it_was(document)
    assert (stored.current_version, stored.file.name) == (newest, newest.file.name)


def test_a_deleted_document_takes_no_file(document):
    held = as_it_was(document)
    bury(document)

    with pytest.raises(FileRefused, match="inzwischen gelöscht"):
        add_version(held, ContentFile(b"Neu"), "neu.txt")

    assert document.versions.count() == 1


def test_a_second_deletion_changes_nothing(document):
    held = as_it_was(document)
    bury(document, reason="Zuerst")

    bury(held, reason="Danach")

    assert Document.with_tombstones.get(pk=document.pk).deletion_reason == "Zuerst"
    assert not Term.objects.exists()


def test_share_links_to_a_draft_end_with_the_release(site, django_user_model):
    user = django_user_model.objects.create_superuser("konto@example.org")
    offered = Document(title="Protokoll", kind=Document.Kind.PROTOCOL)
    document = take_in(ContentFile(b"Entwurf"), "entwurf.txt", document=offered).document
    draft = document.current_version
    add_version(document, ContentFile(b"Abgestimmt"), "fertig.txt")
    _link, token = linking.create(document, version=draft, by=user)

    workflow.submit(document.protocol, user=user)
    workflow.release(document.protocol, user=user)

    assert ShareLink.objects.get().revoked_at is not None
    with pytest.raises(linking.LinkGone):
        linking.find(token)


def test_a_phrase_is_found_where_it_stands_and_not_where_it_stood(site):
    offered = Document(title="Folien", level=Level.PUBLIC, people=Document.People.NONE, speakers="Ada Beispiel")
    taken = take_in(ContentFile(b"Ein Runder Tisch.\fAus Halle."), "folien.txt", document=offered)
    read_version(taken.version.pk)

    def found(query):
        return [hit.document.title for hit in search(AnonymousUser(), query, Filters()).hits]

    before = [found(query) for query in ('"Runder Tisch"', '"Runder Tisch" Halle', '"Ada Beispiel"', '"Tisch Runder"')]
    read_version(add_version(taken.document, ContentFile(b"Ein Tisch aus Halle."), "neu.txt").pk)

    assert before == [["Folien"], ["Folien"], ["Folien"], []]
    assert found('"Runder Tisch"') == []


def test_an_edition_typed_into_the_address_tells_nothing(site):
    make_edition(make_series(site.root_page), 16, place="Zeitz", live=False)

    facets = search(AnonymousUser(), "", Filters(editions=frozenset({"16"}))).facets

    assert [choice.label for facet in facets for choice in facet.choices if facet.name == "ausgabe"] == ["16"]


def test_a_missing_file_is_no_error_of_the_server(document, client):
    Document.objects.filter(pk=document.pk).update(people=Document.People.NONE)
    version = document.current_version
    version.file.storage.delete(version.file.name)

    for headers in ({}, {"Range": "bytes=2-3"}):
        assert client.get(f"/archiv/{document.pk}/datei/", headers=headers).status_code == 404


def test_one_sign_that_becomes_many_letters_fits_the_vocabulary():
    assert max(len(term_of(sign * 70)) for sign in ("ß", "ﬃ", "\ufdfa")) <= 100
