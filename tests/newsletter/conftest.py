"""Subscribers, issues and a mail server for the tests of the newsletter."""

import datetime
from functools import partial

import pytest
import time_machine
from django.utils import timezone
from wagtail.models import Page

from home.models import Topic
from home.visitor_forms import time_token
from newsletter import tokens
from newsletter.models import NewsletterIndexPage, NewsletterIssuePage, Subscriber
from newsletter.sending import lines
from newsletter.subscribing import consent
from tests.accounts_content import OURS, member
from tests.basic_content import ensure_legal_pages
from tests.contents import made_once
from tests.newsletter.mixed_mailing import mixed_mailing

MAIL_SETTINGS = {
    "BASE_URL": "https://www.example.org",
    "BOUNCE_DOMAIN": "bounce.example.org",
    "DEFAULT_FROM_EMAIL": "IKOE Grüße <ikoe@example.org>",
    "TOKEN_KEYS": ["the key of today", "the key of yesterday"],
}


@pytest.fixture(autouse=True)
def mail_settings(settings):
    for name, value in MAIL_SETTINGS.items():
        setattr(settings, name, value)


@pytest.fixture(autouse=True)
def no_kept_connections():
    yield
    lines.close_kept()


@made_once
def wording():
    return consent.new_text("Ich möchte den Newsletter bekommen.")


@pytest.fixture
def topic(db):
    return Topic.objects.create(name="Termine", slug="termine", newsletter=True)


def subscribed(wording, address, *, name="", topics=()) -> Subscriber:
    record = consent.sign_up(address, name=name, topics=topics, text=wording, source="https://www.example.org/")
    consent.confirm(tokens.make_confirmation(record.subscriber.key, record.pk))
    return Subscriber.objects.get(pk=record.subscriber_id)


@pytest.fixture
def subscribe(wording):
    return partial(subscribed, wording)


@pytest.fixture
def fill(client, wording, site):
    """Fill a form like a person who needs ten seconds: the sign-up if no path is given."""

    def send(email="kim@example.org", path="/newsletter/anmelden/", *, seconds=10, headers=OURS, **changes):
        with time_machine.travel(timezone.now() - datetime.timedelta(seconds=seconds), tick=False):
            shown = time_token()
        data = {"email": email, "consent": "on", "shown": shown} | changes
        return client.post(path, {name: value for name, value in data.items() if value is not None}, **headers)

    return send


@pytest.fixture
def login(client, site):
    def enter(role):
        client.force_login(member(role, email=f"{role.name.lower()}@example.org"))
        return client

    return enter


@pytest.fixture
def settings_path():
    return lambda subscriber, more="": f"/newsletter/einstellungen/{tokens.make('settings', subscriber.key)}/{more}"


@made_once
def issue(site):
    ensure_legal_pages(site.root_page)
    index = site.root_page.add_child(instance=NewsletterIndexPage(title="Newsletter", slug="newsletter"))
    return add_issue(index)


def add_issue(index: Page, **fields) -> NewsletterIssuePage:
    values = {
        "title": "Newsletter 1/2025",
        "slug": "2025-1",
        "number": "1/2025",
        "subject": "Grüße aus Halle",
        "preheader": "Was aus Halle bleibt",
        "intro": "Hier ist die erste Ausgabe.",
        "body": [("heading", {"text": "Termine", "level": "2"}), ("text", "<p>Bis bald in <b>Köthen</b>.</p>")],
    }
    issue = index.add_child(instance=NewsletterIssuePage(**(values | fields)))
    issue.save_revision().publish()
    issue.refresh_from_db()
    return issue


def days(number: int) -> datetime.datetime:
    """The moment so many days from now."""
    return timezone.now() + datetime.timedelta(days=number)


@pytest.fixture
def people(subscribe):
    """Six readers."""
    return [subscribe(f"leser{number}@example.org") for number in range(6)]


@pytest.fixture
def mailing(issue, people):
    """One of which every mail has met another end."""
    return mixed_mailing(issue)
