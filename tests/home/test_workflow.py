"""The way of a report from its author to the website, with the mails that people get on it."""

from __future__ import annotations

import datetime
import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags
from wagtail.models import get_page_models
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from home.models import NewsPage
from home.pages.base import SitePage
from home.roles import Role
from home.tasks import publish_scheduled_pages
from tests.accounts_content import client_of, member

pytestmark = pytest.mark.django_db
ENGLISH = re.compile(r"\b(the|page|has been|you|your|approve|comment|submitted|click|view|edit|published)\b", re.I)


def at_work(role: Role, name: str):
    """Somebody with this first name, and the browser they are logged in with."""
    user = member(role, email=f"{name.lower()}@example.org", first_name=name)
    return user, client_of(user)


@pytest.fixture
def author(site):
    return at_work(Role.EDITOR, "Erika")


@pytest.fixture
def chief(site):
    return at_work(Role.CHIEF_EDITOR, "Charlie")


def report_form(comments=(), **fields):
    data = {
        "title": "Halle war Gastgeberin", "slug": "halle", "date": "22.11.2024", "teaser": "Zwei Tage über Arbeit.",
        "lead_caption": "", "body": streamfield([("heading", {"text": "Was war", "level": "2"})]), "topics": [],
        "related_documents": streamfield([]), "origin": "here", "origin_name": "", "origin_url": "",
        "comments": inline_formset(list(comments)), "comment_notifications": "on",
    }  # fmt: skip
    return nested_form_data(data | fields)


def submit(client, news, **fields) -> NewsPage:
    address = reverse("wagtailadmin_pages:add", args=["home", "newspage", news.pk])
    response = client.post(address, report_form(**{"action-submit": "1"} | fields))
    assert response.status_code == 302, response.context["form"].errors
    return NewsPage.objects.latest("pk")


def decide(client, page, decision: str, **fields):
    state = page.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, decision, state.pk])
    return client.post(address, fields)


def mails(server) -> list[tuple[str, str, str]]:
    """Recipient, subject and words of everything that was sent, without addresses."""
    found = []
    for received in server.received:
        body = received.message.get_body(("plain",)).get_content()
        words = re.sub(r"https?://\S+", "", body)
        found.append((received.recipients[0], received.message["Subject"], " ".join(words.split())))
    server.received.clear()
    return found


def test_a_report_goes_from_its_author_to_the_website(author, chief, news, smtp_server):
    at_work(Role.COORDINATOR, "Kim")
    (_, writing), (_, approving) = author, chief

    page = submit(writing, news)

    assert not page.live
    ((to, subject, words),) = mails(smtp_server)
    assert to == "charlie@example.org"
    assert "Halle war Gastgeberin" in subject
    assert not ENGLISH.search(subject + words), (subject, words)
    assert "Halle war Gastgeberin" in approving.get("/admin/").content.decode()

    decide(approving, page, "approve")

    page.refresh_from_db()
    assert page.live
    ((to, subject, words),) = mails(smtp_server)
    assert to == "erika@example.org"
    assert not ENGLISH.search(subject + words), (subject, words)


def test_a_report_that_needs_changes_goes_back_with_the_reason(author, chief, news, smtp_server):
    (_, writing), (_, approving) = author, chief
    page = submit(writing, news)
    smtp_server.received.clear()

    decide(approving, page, "reject", comment="Bitte den Ort nennen.")

    page.refresh_from_db()
    assert not page.live
    ((to, subject, words),) = mails(smtp_server)
    assert to == "erika@example.org"
    assert "Bitte den Ort nennen." in words
    assert not ENGLISH.search(subject + words), (subject, words)


def test_the_author_hears_of_comments_on_the_report(author, chief, news, smtp_server):
    (_, writing), (chief_editor, approving) = author, chief
    page = submit(writing, news)
    smtp_server.received.clear()
    comment = {
        "id": "", "text": "Wer war dabei?", "contentpath": "teaser", "position": "", "resolved": "", "deleted": "",
        "user": chief_editor.pk, "replies": inline_formset([]),
    }  # fmt: skip

    approving.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), report_form(comments=[comment]))

    assert page.wagtail_admin_comments.get().text == "Wer war dabei?"
    ((to, subject, words),) = mails(smtp_server)
    assert to == "erika@example.org"
    assert "Wer war dabei?" in words
    assert not ENGLISH.search(subject + words), (subject, words)


def test_a_report_is_published_when_its_time_has_come(author, chief, news, smtp_server):
    (_, writing), (_, approving) = author, chief
    in_an_hour = timezone.localtime() + datetime.timedelta(hours=1)
    page = submit(writing, news, go_live_at=in_an_hour.strftime("%d.%m.%Y %H:%M"))

    decide(approving, page, "approve")

    page.refresh_from_db()
    assert not page.live
    assert page.approved_schedule

    with time_machine.travel(in_an_hour + datetime.timedelta(minutes=1)):
        publish_scheduled_pages()

    page.refresh_from_db()
    assert page.live


def test_authors_cannot_publish(author, news):
    _, writing = author

    submit(writing, news, **{"action-publish": "1"})

    assert not NewsPage.objects.filter(live=True).exists()


def buttons(client, page=None, news=None) -> list[str]:
    """The words of the buttons at the foot of the editor."""
    add = reverse("wagtailadmin_pages:add", args=["home", "newspage", news.pk]) if news else ""
    html = client.get(add or reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    foot = html[html.rindex("<button", 0, html.rindex("action-save")) :]
    found = re.findall(r"<(?:button|a)\b[^>]*class=\"[^\"]*button[^>]*>(.*?)</(?:button|a)>", foot, re.DOTALL)
    return [words for words in (" ".join(strip_tags(button).split()) for button in found) if words]


def test_who_cannot_publish_sees_how_to_submit(author, chief, news, smtp_server):
    (_, writing), (_, approving) = author, chief

    assert buttons(writing, news=news)[:2] == ["Entwurf speichern", "Zur Freigabe einreichen"]
    page = submit(writing, news)
    assert "Zur Freigabe einreichen" not in buttons(writing, page)
    decide(approving, page, "reject", comment="Bitte den Ort nennen.")
    assert buttons(writing, page)[:2] == ["Entwurf speichern", "Erneut zur Freigabe einreichen"]
    assert buttons(approving, news=news) == [
        "Entwurf speichern",
        "Mehr Aktionen",
        "Veröffentlichen",
        "Zur Freigabe durch die Chefredaktion einreichen",
    ]


def test_who_is_asked_to_approve_sees_how_without_opening_a_menu(author, chief, news, smtp_server):
    (_, writing), (_, approving) = author, chief

    page = submit(writing, news)
    offered = buttons(approving, page)

    assert offered[:3] == ["Entwurf speichern", "Freigeben und veröffentlichen", "Mehr Aktionen"]
    assert offered.count("Freigeben und veröffentlichen") == 1
    assert "Freigeben und veröffentlichen" not in buttons(writing, page)


def test_approving_a_planned_report_names_its_hour(author, chief, news, smtp_server):
    (_, writing), (_, approving) = author, chief

    planned = submit(writing, news, slug="geplant", go_live_at="05.05.2098 09:00")
    at_once = submit(writing, news)

    offered = buttons(approving, planned)
    assert offered.count("Freigeben und am Montag, 5. Mai, um 9 Uhr veröffentlichen") == 1
    assert offered.count("Freigeben und am Montag, 5. Mai, um 9 Uhr veröffentlichen, mit Kommentar") == 1
    assert "Freigeben und veröffentlichen" in buttons(approving, at_once)


def test_an_unfinished_draft_saves_itself_and_cannot_be_submitted(author, news):
    _, writing = author
    button = {"text": "", "button": "Anmelden", "page": "", "url": ""}
    body = streamfield([("heading", {"text": "Im Kleinen", "level": "3"}), ("call_to_action", button)])
    address = reverse("wagtailadmin_pages:add", args=["home", "newspage", news.pk])

    saved = writing.post(address, report_form(body=body), headers={"accept": "application/json"})
    page = NewsPage.objects.get()
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    submitted = writing.post(edit, report_form(**{"body": body, "action-submit": "1"}))

    assert saved.json()["success"]
    assert page.get_latest_revision_as_object().body[1].value["button"] == "Anmelden"
    assert "body" in submitted.context["form"].errors
    assert not page.workflow_in_progress


def test_a_mail_server_that_is_away_stops_nobody(author, chief, news, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    _, writing = author

    page = submit(writing, news)

    assert page.workflow_in_progress


@pytest.mark.parametrize("page_type", [model for model in get_page_models() if issubclass(model, SitePage)])
def test_every_page_can_be_commented(page_type):
    from wagtail.admin.panels import CommentPanel

    def panels(panel):
        yield panel
        for child in getattr(panel, "children", ()):
            yield from panels(child)

    assert any(isinstance(panel, CommentPanel) for panel in panels(page_type.get_edit_handler()))
