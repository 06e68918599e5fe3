"""Attacks with text: what takes for ever to read, what writes into logs, mails and templates, what tells too much."""

from __future__ import annotations

import logging
import signal
from contextlib import contextmanager

import pytest
from django.core import mail
from django.test import Client
from kombu.exceptions import ContentDisallowed
from kombu.serialization import dumps, loads

from cms.accounts import mails
from cms.celery import app
from home.models import AccessRequest, BarrierReport
from home.roles import Role
from home.search import analysis, phrases
from newsletter.bounces import parsing
from tests.accounts_content import OURS, make_office, member, shown_before
from tests.security.logging_in import log_in

pytestmark = pytest.mark.django_db


@contextmanager
def hanging_is_failing(seconds: int = 20):
    """A pattern that takes a step for every way to read a text takes years: that is what this ends, no time is told."""

    def stop(*_arguments):
        raise AssertionError("It hangs.")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.attack("CWE-1333")
@pytest.mark.parametrize(
    "text", ["der " * 60_000, "A-" * 60_000, '"' * 120_000, "ä\u0301" * 60_000, "Aund" * 30_000, "1.-" * 40_000]
)
def test_cwe_1333_words_of_a_search_are_found_in_any_text(text):
    with hanging_is_failing():
        list(phrases.pairs(text))
        list(analysis.words(text))


@pytest.mark.attack("CWE-1333")
def test_cwe_1333_search_of_any_length_gets_an_answer(visitor):
    with hanging_is_failing():
        for query in (
            '"' * 3000,
            "(" * 3000,
            "a* " * 1000,
            "NEAR(" * 500,
            "x" * 7000,
            "-" * 3000,
            "a" + "\u0308" * 3000,
        ):
            for path in ("/suche/", "/archiv/"):
                assert visitor.get(path, {"q": query}).status_code in (200, 400, 414)


@pytest.mark.attack("CWE-1286")
def test_cwe_1286_bounces_nested_without_end_are_read(db):
    nested = (
        b"Content-Type: multipart/report; boundary=a\n\n" + b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 2000
    )

    with hanging_is_failing():
        parsing.parse(nested)


@pytest.mark.attack("CWE-117")
def test_cwe_117_address_cannot_write_a_line_of_the_log(visitor, caplog):
    with caplog.at_level(logging.WARNING):
        visitor.get("/gibt-es-nicht%0a2026-01-01 ERROR root angemeldet/")
        visitor.get("/x", headers={"host": "evil\nERROR root"})
        log_in(visitor, "a\nERROR root@example.org", "x")

    lines = [record.getMessage() for record in caplog.records]
    assert lines and not any("\n" in line for line in lines)


@pytest.mark.attack("CWE-93")
def test_cwe_93_name_of_a_visitor_adds_no_header_to_a_mail(visitor):
    office = make_office()
    editor = member(Role.EDITOR)
    fields = {"name": "Kim\r\nBcc: evil@example.net", "email": "kim@example.org", "office": office.pk,
              "reason": "a\r\n.\r\nMAIL FROM:<evil@example.net>", "shown": shown_before()}  # fmt: skip
    visitor.post("/konto/zugang-anfragen/", fields, **OURS)
    visitor.post(
        "/barrierefreiheit/melden/",
        {"message": "x", "email": "kim@example.org\nBcc: evil@example.net", "shown": shown_before()},
        **OURS,
    )
    for request in AccessRequest.objects.all():
        mails.announce_request(request.pk)

    assert not BarrierReport.objects.exists()
    for message in mail.outbox:
        assert message.recipients() == [editor.email]
        assert "evil@example.net" not in str(message.message()["Subject"])
        assert message.message()["Bcc"] is None


@pytest.mark.attack("CWE-502")
def test_cwe_502_workers_read_no_pickles():
    body, content_type, encoding = dumps({"x": 1}, serializer="pickle")

    with pytest.raises(ContentDisallowed):
        loads(body, content_type, encoding, accept=app.conf.accept_content)
    assert set(app.conf.accept_content) == {"json"}


@pytest.mark.attack("CWE-209")
def test_cwe_209_error_page_tells_nothing_of_the_program(visitor, settings):
    settings.ROOT_URLCONF = "tests.security.failing_urls"

    answer = visitor.get("/kaputt/")

    assert answer.status_code == 500
    for word in ("Traceback", "SECRET", "geheimer Grund", "tests/", "Exception"):
        assert word not in answer.text
    assert 'lang="de"' in answer.text


@pytest.mark.attack("CWE-1336")
def test_cwe_1336_signs_of_a_template_stay_signs(site, client):
    office = make_office()
    name = "{{ 7|add:7 }}{% debug %}{{ settings.SECRET_KEY }}${7*7}"
    Client().post(
        "/konto/zugang-anfragen/",
        {"name": name, "email": "kim@example.org", "office": office.pk, "reason": name, "shown": shown_before()},
        **OURS,
    )
    member(Role.EDITOR)
    mails.announce_request(AccessRequest.objects.get().pk)

    assert name in mail.outbox[0].body
    assert "14" not in mail.outbox[0].subject
