"""The page of an edition's documentation in the admin: who may see it, what it says, what it starts."""

import datetime
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from archive.documentation.building import State, request_build, run_build
from archive.models import DocumentationBuild
from home.models import SiteImage
from home.roles import Role
from tests.accounts_content import member
from tests.documents.editions import add_edition, write_once


@pytest.fixture
def editor(db):
    return member(Role.EDITOR)


@pytest.fixture
def url(edition):
    return reverse("archive_documentation", args=[edition.pk])


def page_of(client, url):
    return " ".join(client.get(url).content.decode().split())


def test_editor_asks_for_a_documentation(client, editor, edition, url):
    client.force_login(editor)

    response = client.post(url, {"variant": "internal"}, follow=True)

    build = DocumentationBuild.objects.get()
    assert (build.variant, build.requested_by, build.state) == ("internal", editor, State.WAITING)
    words = " ".join(response.content.decode().split())
    assert "Die Warteschlange ist gerade nicht erreichbar" in words
    assert "Angefordert, wartet auf den Beginn" in words


def test_two_clicks_are_one_build(client, editor, edition, url):
    client.force_login(editor)

    client.post(url, {"variant": "short"})
    client.post(url, {"variant": "short"})

    assert DocumentationBuild.objects.count() == 1


def test_unknown_variant_is_refused(client, editor, edition, url):
    client.force_login(editor)

    response = client.post(url, {"variant": "geheim"}, follow=True)

    assert "gibt es nicht" in response.content.decode()
    assert not DocumentationBuild.objects.exists()


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.STEERING_GROUP, None])
@pytest.mark.parametrize("name", ["archive_documentation", "archive_documentation_progress", "list"])
def test_whoever_may_not_change_the_edition_sees_nothing(client, edition, role, name):
    client.force_login(member(role) if role else member())
    arguments = [edition.pk, "anwesenheitsliste"] if name == "list" else [edition.pk]

    response = client.get(reverse("archive_edition_list" if name == "list" else name, args=arguments))

    assert response.status_code in (302, 403)
    assert "Anwesenheitsliste" not in response.content.decode()


def test_page_says_that_nobody_works(client, editor, edition, url):
    build = request_build(edition)
    DocumentationBuild.objects.filter(pk=build.pk).update(requested_at=timezone.now() - datetime.timedelta(seconds=30))
    client.force_login(editor)

    assert "Noch hat kein Arbeitsprozess begonnen" in page_of(client, url)


def test_page_says_that_another_one_comes_first(client, editor, edition, url, series_page):
    build = request_build(edition)
    DocumentationBuild.objects.filter(pk=build.pk).update(requested_at=timezone.now() - datetime.timedelta(seconds=30))
    other = add_edition(series_page, number=3)
    DocumentationBuild.objects.create(edition=other, state=State.LAYING_OUT, started_at=timezone.now())
    client.force_login(editor)

    assert "Davor wird noch eine andere Dokumentation erstellt" in page_of(client, url)


def test_page_offers_a_new_one_only_after_a_change(client, editor, edition, url):
    run_build(request_build(edition, user=editor), write=write_once)
    client.force_login(editor)
    before = page_of(client, url)

    edition.lead = "Ein anderer Satz."
    edition.save_revision().publish()

    assert "Seit der letzten Dokumentation geändert" not in before
    assert "Fassung 1" in before
    assert "Seit der letzten Dokumentation geändert" in page_of(client, url)


def test_page_says_why_it_would_fail_before_anybody_tries(client, editor, edition, url, photo):
    SiteImage.objects.filter(pk=photo.pk).update(credit="")
    client.force_login(editor)

    words = page_of(client, url)

    assert "lässt sie sich nicht erstellen. Seite „Ausgabe“, Block 4 unter „Darunter“ (Bild)" in words


def test_page_tells_the_reason_of_a_failure(client, editor, edition, url):
    DocumentationBuild.objects.create(
        edition=edition, state=State.FAILED, reason="Ein guter Grund.", finished_at=timezone.now()
    )
    client.force_login(editor)

    assert "Die letzte Erstellung ist fehlgeschlagen. Ein guter Grund." in page_of(client, url)


def test_unpublished_edition_has_no_button(client, editor, edition, url):
    edition.unpublish()
    client.force_login(editor)

    words = page_of(client, url)

    assert "nicht veröffentlicht" in words
    assert "make-public" not in words
    assert "Anwesenheitsliste" in words


def test_progress_is_told_as_it_comes(client, editor, edition):
    build = request_build(edition, "short")
    progress = reverse("archive_documentation_progress", args=[edition.pk])
    client.force_login(editor)
    DocumentationBuild.objects.filter(pk=build.pk).update(
        state=State.LAYING_OUT, progress=30, started_at=timezone.now()
    )

    answer = client.get(progress, {"offen": "short,unsinn"})

    assert "no-store" in answer["Cache-Control"]
    assert list(answer.json()["variants"]) == ["short"]
    piece = answer.json()["variants"]["short"]
    assert piece["words"] == "Kurzfassung: setzt"
    assert 'value="30"' in piece["html"]
    assert "data-open" in piece["html"]


@pytest.mark.parametrize(
    ("name", "words"),
    [("ablaufplan", "Vortrag am Morgen"), ("anwesenheitsliste", "Landkreis Stelle BLK")],
)
def test_lists_are_downloads(client, editor, edition, name, words):
    client.force_login(editor)

    response = client.get(reverse("archive_edition_list", args=[edition.pk, name]))

    assert response["Content-Type"] == "application/pdf"
    assert f'filename="13-ideenwerkstatt-{name}.pdf"' in response["Content-Disposition"]
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages)
    assert words.replace(" ", "") in "".join(text.split())


def test_unknown_list_is_not_there(client, editor, edition):
    client.force_login(editor)

    assert client.get(reverse("archive_edition_list", args=[edition.pk, "geheim"])).status_code == 404


def test_edition_has_the_button(client, editor, edition, url):
    client.force_login(editor)

    assert url in client.get(reverse("wagtailadmin_pages:edit", args=[edition.pk])).content.decode()
