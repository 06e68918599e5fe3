"""What names somebody becomes public with their consent only, and is hidden at once when it is taken back."""

import datetime

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from archive.access import Level
from archive.consents import consenting
from archive.documentation.gather import gather
from archive.errors import Refused
from archive.models import Document, DocumentLeaf, PublicationConsent
from archive.search import Filters, search
from archive.thumbnails import thumbnail
from home.models import NewsIndexPage, NewsPage
from home.roles import Role
from newsletter.composing.rendering import render_issue
from newsletter.models import NewsletterIndexPage, NewsletterIssuePage
from tests.archive.forms import edit_data
from tests.archive.library import take_text
from tests.contents import made_once
from tests.editions_content import make_edition, make_series
from tests.pictures import picture

pytestmark = pytest.mark.django_db
ANYBODY = AnonymousUser()
TODAY = datetime.date(2026, 5, 20)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(datetime.datetime(2026, 5, 20, 12, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture
def editor(users):
    return users[Role.EDITOR.value]


@made_once
def document(users):
    return take_text("Vortrag mit Gast", "Stammtisch", people="named", speakers="Debora Beispiel")


@pytest.fixture
def agree(document, editor):
    def agree(person="Debora Beispiel", scope="public", given_on=TODAY, **more):
        return consenting.record(document, person=person, scope=scope, given_on=given_on, user=editor, **more)

    return agree


def is_public(document):
    return Document.objects.visible_to(ANYBODY).filter(pk=document.pk).exists()


def test_document_that_names_somebody_waits_for_a_consent(document, agree, editor):
    before = is_public(document)

    consent = agree(note="Mail vom 3. Mai")

    assert (before, is_public(document)) == (False, True)
    assert (consent.recorded_by, consent.note, consent.given_on) == (editor, "Mail vom 3. Mai", TODAY)
    assert ModelLogEntry.objects.get(action=consenting.RECORDED).data == {"consent": consent.pk}


@pytest.mark.parametrize(
    ("words", "public"),
    [
        ([("Ada", "public")], True),
        ([("Ada", "internal")], False),
        ([("Ada", "public"), ("Ben", "public")], True),
        ([("Ada", "public"), ("Ben", "internal")], False),
        ([("Ada", "public"), ("Ben", "public"), ("Ben", "withdrawn")], False),
        ([("Ada", "public"), ("Ada", "withdrawn"), ("Ben", "public")], False),
        ([("Ada", "public"), ("Ada", "withdrawn"), ("ADA ", "public")], True),
        ([("Ada", "public"), ("Ada", "internal")], False),
        ([("Ada", "public"), ("Ada", "public"), ("ada", "withdrawn")], False),
    ],
)
def test_newest_word_of_each_person_counts(document, agree, editor, words, public):
    for person, scope in words:
        if scope == "withdrawn":
            given = document.consents.filter(person__iexact=person, withdrawn_on=None).first()
            consenting.withdraw(given, on=TODAY, user=editor)
        else:
            agree(person, scope)

    assert is_public(document) == public


def test_withdrawal_is_added_and_nothing_is_rewritten(document, agree, editor, caplog):
    caplog.set_level("INFO")
    consent = agree(note="Mail vom 3. Mai")

    consenting.withdraw(consent, on=TODAY, user=editor, note="Anruf")

    stored = PublicationConsent.objects.get()
    assert (stored.person, stored.scope, stored.given_on) == ("Debora Beispiel", "public", TODAY)
    assert (stored.withdrawn_on, stored.note) == (TODAY, "Mail vom 3. Mai; Widerruf: Anruf")
    assert ModelLogEntry.objects.get(action=consenting.WITHDRAWN).user == editor
    assert f"document {document.pk}: consents [{consent.pk}] withdrawn" in caplog.text
    assert "Debora" not in caplog.text


def test_impossible_days_are_refused(document, agree, editor):
    tomorrow, yesterday = TODAY + datetime.timedelta(days=1), TODAY - datetime.timedelta(days=1)
    consent = agree()

    with pytest.raises(Refused, match="Zukunft"):
        agree(given_on=tomorrow)
    with pytest.raises(Refused, match="Zukunft"):
        consenting.withdraw(consent, on=tomorrow, user=editor)
    with pytest.raises(Refused, match="vor dem Tag der Einwilligung"):
        consenting.withdraw(consent, on=yesterday, user=editor)
    consenting.withdraw(consent, on=TODAY, user=editor)
    with pytest.raises(Refused, match="schon widerrufen"):
        consenting.withdraw(consent, on=TODAY, user=editor)


def test_withdrawal_forgets_the_small_pictures(document, agree, editor, django_capture_on_commit_callbacks):
    leaf = DocumentLeaf.objects.get(version=document.current_version)
    leaf.image.save("1.webp", ContentFile(picture(8, 8).read()))
    thumbnail(leaf)
    key = f"thumbnail:{leaf.pk}:{leaf.image.name}"
    kept = cache.get(key)

    with django_capture_on_commit_callbacks(execute=True):
        consenting.withdraw(agree(), on=TODAY, user=editor)

    assert kept
    assert cache.get(key) is None


# Every way out


@made_once
def edition(site):
    return make_edition(make_series(site.root_page), title="13. Ideenwerkstatt", start_date=datetime.date(2024, 11, 21))


def everywhere(document, edition, site):
    """The ways out on which the title of `document` is shown to the public."""
    client = Client()
    body = [("documents", {"documents": [document]})]
    news = site.root_page.get_children().type(NewsIndexPage).first().specific
    report = news.get_children().first() or news.add_child(
        instance=NewsPage(title="Bericht", slug="bericht", teaser="Kurz.", body=body, date=TODAY)
    )
    issue = NewsletterIssuePage.objects.first()
    mail = render_issue(issue)
    shown = {
        "page": client.get(document.get_absolute_url()).text,
        "list": client.get("/archiv/").text,
        "search": client.get("/archiv/", {"q": "Stammtisch"}).text,
        "search of the site": client.get("/suche/", {"q": "Stammtisch"}).text,
        "edition": client.get(edition.url).text,
        "report": client.get(report.url).text,
        "sitemap": client.get("/sitemap.xml").text.replace(document.get_absolute_url(), document.title),
        "mail": mail.html,
        "plain mail": mail.text,
        "documentation": " ".join(entry.title for entry in gather(edition, Level.PUBLIC).documents),
    }
    assert search(ANYBODY, "Stammtisch", Filters()).page.paginator.count == (document.title in shown["list"])
    return {name for name, text in shown.items() if document.title in text}


def test_every_way_out_follows_the_consent(document, edition, site, agree, editor):
    Document.objects.filter(pk=document.pk).update(edition=edition)
    news = NewsIndexPage(title="Aktuelles", slug="aktuelles")
    site.root_page.add_child(instance=news)
    letters = site.root_page.add_child(instance=NewsletterIndexPage(title="Newsletter", slug="newsletter"))
    body = [("documents", {"documents": [document]})]
    letters.add_child(
        instance=NewsletterIssuePage(title="Ausgabe", slug="ausgabe", number="2026/2", subject="Ausgabe", body=body)
    )

    before = everywhere(document, edition, site)
    consent = agree()
    agreed = everywhere(document, edition, site)
    consenting.withdraw(consent, on=timezone.localdate(), user=editor)
    after = everywhere(document, edition, site)

    assert before == after == set()
    assert len(agreed) == 10


# The pages of the admin


def test_editor_records_and_withdraws(document, editor, client):
    client.force_login(editor)
    address = reverse("archive_consents", args=[document.pk])

    waiting = client.get(address).text
    client.post(address, {"person": "Debora Beispiel", "scope": "public", "given_on": "19.05.2026"})
    agreed = client.get(address).text
    consent = PublicationConsent.objects.get()
    end = reverse("archive_withdraw_consent", args=[document.pk, consent.pk])
    refused = client.post(end, {"on": "01.01.2026"}).text
    client.post(end, {"on": "20.05.2026", "note": "Anruf"})

    assert "Noch nicht öffentlich:</strong> Es ist noch keine Einwilligung vermerkt." in waiting
    assert "Das Dokument ist öffentlich." in agreed
    assert "vor dem Tag der Einwilligung" in refused
    assert not is_public(document)
    assert "Eine Einwilligung ist widerrufen." in client.get(address).text


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"people": "named"}, "Es ist noch keine Einwilligung vermerkt."),
        ({"people": "", "speakers": "Debora Beispiel"}, "Es sind Mitwirkende genannt."),
        ({"people": "", "kind": "photo", "speakers": ""}, "ob auf dem Foto Personen zu erkennen sind"),
        ({"people": "none"}, ""),
        ({"people": "", "speakers": ""}, ""),
        ({"people": "named", "level": Level.COORDINATION}, ""),
        ({"people": "named", "publication_agreed": True}, ""),
    ],
)
def test_form_says_why_a_document_is_not_public(document, users, client, fields, words):
    Document.objects.filter(pk=document.pk).update(**fields)
    client.force_login(users["admin"])

    page = client.get(reverse("wagtaildocs:edit", args=[document.pk])).text

    assert ("Noch nicht öffentlich:" in page) == bool(words)
    assert words in page
    assert is_public(document) == (not words and fields.get("level") is None)


def test_withdrawal_hides_a_document_that_was_ticked_as_naming_nobody(document, agree, editor, client):
    Document.objects.filter(pk=document.pk).update(people=Document.People.NONE)
    document.refresh_from_db()

    consenting.withdraw(agree(), on=TODAY, user=editor)

    assert client.get(f"/archiv/{document.pk}/").status_code == 404


def test_form_does_not_untick_whoever_is_on_record(document, agree, editor, client, users):
    agree()
    client.force_login(users["admin"])

    page = client.post(f"/admin/documents/edit/{document.pk}/", edit_data(document, people="none", level=0)).text

    assert "sind Einwilligungen vermerkt" in page
    assert Document.objects.get(pk=document.pk).people == "named"
