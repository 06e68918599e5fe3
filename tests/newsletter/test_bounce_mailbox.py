"""The mailbox for bounces on a real IMAP server: what is understood, what is left for people, and what a fault does."""

import dataclasses
import datetime
import json
import uuid

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from newsletter import tokens
from newsletter.bounces import mailbox, reading
from newsletter.bounces.mailbox import MailboxUnavailable, read_mailbox
from newsletter.bounces.tasks import read_bounces
from newsletter.models import Bounce, MailboxState, Subscriber
from tests.conftest import find_tool
from tests.imap_server import imap_server
from tests.newsletter.returned_mails import bounce, leaving, message, send

pytestmark = pytest.mark.django_db
needs_dovecot = pytest.mark.dovecot


@pytest.fixture(scope="module")
def running():
    with imap_server(find_tool("dovecot")) as server:
        yield server


@pytest.fixture
def server(running, settings):
    server = dataclasses.replace(running, user=f"r{uuid.uuid4().hex}")
    settings.BOUNCE_IMAP_URL = server.url
    return server


@pytest.fixture
def subscriber(subscribe):
    return subscribe("kim.muster@example.org")


@pytest.fixture
def delivery(issue, subscriber):
    return send(issue).deliveries.get()


@needs_dovecot
def test_the_mailbox_is_emptied_into_what_is_done_and_what_nobody_understood(server, delivery, subscriber):
    server.put(bounce("postfix-full", delivery), message("auto-gmx"), message("human"))
    server.put(leaving(tokens.make("unsubscribe", subscriber.key)))

    taken = list(read_mailbox())

    assert [(one.outcome.kind, one.outcome.action) for one in taken] == [
        ("soft", "recorded"),
        ("auto_reply", "ignored"),
        ("not_a_bounce", "ignored"),
        ("not_a_bounce", "unsubscribed"),
    ]
    assert taken[0].file.startswith("INBOX/")
    assert (server.count(), server.count("Verarbeitet"), server.count("Nicht erkannt")) == (0, 3, 1)
    assert MailboxState.objects.get().read_at
    assert list(read_mailbox()) == []


@needs_dovecot
def test_a_message_leaves_the_inbox_only_after_it_is_stored(server, delivery, monkeypatch):
    server.put(bounce("postfix-full", delivery))

    def fail(_content):
        raise SystemExit("the process ends here")

    with monkeypatch.context() as patched:
        patched.setattr("newsletter.bounces.acting.take_in", fail)
        with pytest.raises(SystemExit):
            list(read_mailbox())
    assert server.count() == 1

    assert [one.outcome.action for one in read_mailbox()] == ["recorded"]
    server.put(bounce("postfix-full", delivery))
    assert [one.outcome.action for one in read_mailbox()] == ["duplicate"], "a fault between storing and moving"
    assert server.count() == 0


@needs_dovecot
def test_a_message_that_cannot_be_taken_in_does_not_stop_the_others(server, delivery, monkeypatch):
    server.put(message("human"), bounce("postfix-full", delivery))
    read = reading.read

    def stumble(raw):
        if b"Kollegin" in raw:
            raise ValueError("something that nobody has thought of")
        return read(raw)

    monkeypatch.setattr(reading, "read", stumble)

    assert [one.outcome.action for one in read_mailbox()] == ["failed", "recorded"]
    assert (server.count(), server.count("Nicht erkannt")) == (0, 1), "people find it"


@needs_dovecot
def test_a_huge_message_is_not_fetched_whole(server, delivery):
    server.put(bounce("postfix-full", delivery) + b"A" * 70 + b"\n" + (b"A" * 70 + b"\n") * 100_000)

    assert [one.outcome.kind for one in read_mailbox()] == ["soft"]


@needs_dovecot
def test_what_was_dealt_with_is_deleted_after_a_month(server):
    list(read_mailbox())
    server.put(message("auto-gmx"))
    list(read_mailbox())
    server.put(message("auto-gmx"), folder="Verarbeitet", at=(timezone.now() - datetime.timedelta(days=40)).timestamp())
    assert server.count("Verarbeitet") == 2

    list(read_mailbox())

    assert server.count("Verarbeitet") == 1


@needs_dovecot
def test_the_command_reads_the_mailbox(server, delivery, capsys):
    server.put(bounce("postfix-unknown", delivery))

    call_command("ingest_bounces", "--imap", "--json")

    line = json.loads(capsys.readouterr().out)
    assert (line["kind"], line["action"]) == ("hard", "stopped")
    assert Subscriber.objects.get().state == Subscriber.State.STOPPED


@needs_dovecot
def test_a_wrong_password_is_told_without_the_password(server, settings, caplog):
    settings.BOUNCE_IMAP_URL = server.url.replace("p%2Fss%3Awort%401", "geheim%C3%BC")

    with pytest.raises(CommandError, match="weist die Anmeldung am Postfach ab"):
        call_command("ingest_bounces", "--imap")

    assert "geheim" not in caplog.text and server.user not in caplog.text


def test_a_dead_mailbox_is_a_notice_and_no_crash(settings, db, caplog):
    settings.BOUNCE_IMAP_URL = "imap://name:secret@127.0.0.1:1/INBOX"

    read_bounces()
    first = MailboxState.objects.get()
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=2), tick=True):
        read_bounces()
    again = MailboxState.objects.get()

    assert first.problem == "Der Mailserver ist nicht erreichbar."
    assert again.failing_since == first.failing_since, "since when it does not work is kept"
    assert "cannot be read" in caplog.text and "secret" not in caplog.text
    with pytest.raises(MailboxUnavailable):
        list(mailbox.read_mailbox())


def test_without_a_mailbox_nothing_is_read(settings):
    settings.BOUNCE_IMAP_URL = ""

    read_bounces()

    assert not MailboxState.objects.exists()
    assert not Bounce.objects.exists()
