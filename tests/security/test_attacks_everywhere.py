"""Attacks on whatever takes input, found by walking all addresses instead of naming them."""

from __future__ import annotations

import re
from itertools import count
from urllib.parse import urlencode

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client

from newsletter.models import ConsentText, Subscriber
from tests.accounts_content import OURS, make_office, shown_before
from tests.routes import example_of, views

pytestmark = pytest.mark.django_db

PAGES = ["/", "/newsletter/", "/gibt-es-nicht/"]
# Beside those that the forms themselves name.
NAMES = {"action", "code", "credential", "email", "file", "format", "id", "items", "login", "next", "order", "page"}
NAMES |= {"password", "password1", "password2", "q", "title", "token", "undo", "List-Unsubscribe", "_method"}
# A form without these would take the sender for a robot, and look at nothing else.
ROBOTS = {"website": ""}
# What was tried is counted, the log of the administration says when somebody is stopped, and whoever was at the login
# has a session without an account.
OF_THE_SENDER = {"cms.AttemptCount", "wagtailcore.ModelLogEntry", "sessions.Session"}

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MULTIPART = "multipart/form-data"


def hostile_bodies(names):
    """Name, content and content type of what is sent; `names` are the fields of all forms together."""

    def filled(value):
        return urlencode(dict.fromkeys(names, value) | ROBOTS | {"shown": shown_before()}, doseq=True)

    def part(value):
        return f'--x\r\nContent-Disposition: form-data; name="{value}"; filename="{value}"\r\n\r\n'

    yield "NUL", filled("a\0b"), FORM
    yield "10,000 letters", filled("ö" * 10_000), FORM
    yield "lists", filled(["", "x", "-1"]), FORM
    yield "numbers that are none", filled("-1e999"), FORM
    yield "broken UTF-8", filled("X").replace("=X", "=%ff%ed%a0%80"), FORM
    yield "JSON of wrong types", '{"email": [{}], "id": {}, "credential": [null], "items": 1e999}', JSON
    yield "JSON of a list", "[[[]]]", JSON
    yield "no JSON", b"\xff\xfe{", JSON
    yield "parts without a border", filled("x"), MULTIPART
    yield "parts without an end", part("email") + "x" * 100, f"{MULTIPART}; boundary=x"
    yield "parts with strange names", part("\0\x7f../" + "n" * 300) + "x\r\n--x--\r\n", f"{MULTIPART}; boundary=x"
    yield "an unknown charset", filled("x"), f"{FORM}; charset=none"


def rows():
    """All that is stored, apart from what a sender is counted by."""
    models = [model for model in apps.get_models() if model._meta.managed and model._meta.label not in OF_THE_SENDER]
    return {model._meta.label: list(model._base_manager.order_by("pk").values_list()) for model in models}


@pytest.fixture
def addresses(site, documents):
    """One for every route; what a variable part names exists, and no visitor may see or change it."""
    make_office()
    ConsentText.objects.create(version=1, text="Ja.")
    Subscriber.objects.create(email="leserin@example.org")
    words = {"app_label": "archive", "model_name": "document", "action": "delete", "app_name": "archive"}
    document = str(documents["editors"].pk)
    routes = dict.fromkeys(route for route, _view in views())
    return PAGES + [example_of(route, lambda name: words.get(name, document)) for route in routes]


def names_in_forms(visitor, addresses):
    found = set()
    for address in addresses:
        answer = visitor.get(address)
        text = answer.getvalue().decode(errors="replace")
        if answer.get("Content-Type", "").startswith("text/html"):
            found.update(re.findall(r'<(?:input|select|textarea|button)\b[^>]*\bname="([^"]+)"', text))
    return found - {"shown", "website", "csrfmiddlewaretoken"}


@pytest.mark.slow
@pytest.mark.attack("CWE-248")
def test_cwe_248_nothing_that_a_visitor_sends_anywhere_breaks_the_site_or_changes_anything(visitor, addresses):
    outside = [address for address in addresses if not address.startswith("/admin/")]
    names = NAMES | names_in_forms(visitor, outside)
    networks = (f"10.{number // 250}.{number % 250}.1" for number in count())
    before, broken = rows(), []

    for kind, body, content_type in hostile_bodies(sorted(names)):
        # The admin asks who is there before it reads anything, so two kinds are enough for its many addresses.
        for address in addresses if kind in ("NUL", "no JSON") else outside:
            answer = visitor.generic("POST", address, body, content_type, REMOTE_ADDR=next(networks), **OURS)
            answer.getvalue()
            if answer.status_code >= 500:
                broken.append((kind, address, answer.status_code))

    # And what is right in every way, but comes from a page of somebody else.
    right = dict.fromkeys(names, "1") | ROBOTS | {"email": "neu@example.org", "shown": shown_before(), "consent": "on"}
    elsewhere = Client(enforce_csrf_checks=True, raise_request_exception=False)
    for address in outside:
        answer = elsewhere.post(
            address, right, headers={"origin": "https://evil.invalid", "sec-fetch-site": "cross-site"}
        )
        answer.getvalue()
        if answer.status_code >= 500:
            broken.append(("another site", address, answer.status_code))

    after = rows()
    assert {"consent", "message", "office", "reason"} <= names, "the forms were seen"
    assert broken == []
    assert [label for label in before if after[label] != before[label]] == []
    assert "_auth_user_id" not in visitor.session
    assert mail.outbox == []
