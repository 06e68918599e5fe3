"""From the start of a mailing to the last row of its ledger, over a real SMTP server."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from newsletter.errors import AlreadyStarted, Refused
from newsletter.models import Delivery, Mailing, Subscriber
from newsletter.sending import claiming, delivering, mailings, sweeping
from newsletter.sending.claiming import Ledger
from newsletter.sending.message import prepare
from newsletter.subscribing import consent
from tests.faults.post_office import PostOffice

pytestmark = pytest.mark.django_db
State = Delivery.State


def some_letters():
    return prepare(subject="x", html_part="x", text_part="x", date=timezone.now())


def states(mailing):
    return sorted(mailing.deliveries.values_list("state", flat=True))


def test_a_mailing_reaches_every_confirmed_reader_once(issue, subscribe, smtp_server):
    readers = [subscribe(f"leser{number}@example.org", name="Kim Größer") for number in range(5)]
    consent.sign_up(
        "unbestaetigt@example.org", topics=[], text=consent.current_text(), source="https://www.example.org/"
    )
    consent.unsubscribe(subscribe("weg@example.org").key)

    mailing = mailings.start_mailing(issue)
    while delivering.deliver(mailing.pk):
        pass

    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.COMPLETE
    assert sorted(mail.recipients[0] for mail in smtp_server.received) == [reader.email for reader in readers]
    assert mailings.figures(mailing) == {"total": 5, "sent": 5, "failed": 0, "uncertain": 0, "pending": 0, "skipped": 0}
    assert all(row.reply.startswith("250") and row.sent_at for row in mailing.deliveries.all())


def test_the_audience_follows_topics_and_no_choice_means_everything(issue, subscribe, topic):
    other = type(topic).objects.create(name="Förderung", slug="foerderung", newsletter=True)
    everything = subscribe("alles@example.org")
    fitting = subscribe("termine@example.org", topics=[topic])
    subscribe("foerderung@example.org", topics=[other])
    issue.topics.set([topic])
    issue.save_revision().publish()

    mailing = mailings.start_mailing(issue)

    assert set(mailing.deliveries.values_list("subscriber", flat=True)) == {everything.pk, fitting.pk}


def test_a_second_start_is_refused_and_names_the_first(issue, subscribe):
    subscribe("leser@example.org")
    first = mailings.start_mailing(issue)

    with pytest.raises(AlreadyStarted) as refusal:
        mailings.start_mailing(issue)

    assert refusal.value.mailing == first
    assert Mailing.objects.count() == 1


def test_an_issue_that_is_not_published_or_has_no_readers_is_refused(issue, subscribe):
    with pytest.raises(Refused, match="Niemand"):
        mailings.start_mailing(issue)
    subscribe("leser@example.org")
    issue.unpublish()

    with pytest.raises(Refused, match="veröffentlichen"):
        mailings.start_mailing(issue)

    assert not Mailing.objects.exists()


def test_a_claim_is_exclusive_and_holds_at_most_its_size(issue, subscribe):
    for number in range(5):
        subscribe(f"leser{number}@example.org")
    mailing = mailings.start_mailing(issue)

    ledger = Ledger(mailing.pk)
    first, second = ledger.take(3), ledger.take(3)

    assert (len(first), len(second)) == (3, 2)
    assert not {one.delivery for one in first} & {one.delivery for one in second}
    assert ledger.take() == []


@pytest.mark.django_db(transaction=True)
def test_several_at_once_make_one_mailing_and_share_its_rows(issue, subscribe):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time; the fault tests run several processes on it")
    for number in range(60):
        subscribe(f"leser{number}@example.org")

    def start(_turn):
        try:
            return mailings.start_mailing(issue).pk
        except AlreadyStarted as again:
            return -again.mailing.pk
        finally:
            connection.close()

    def claim(mailing):
        try:
            return [one.delivery for _time in range(3) for one in Ledger(mailing).take(7)]
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        started = list(pool.map(start, range(4)))
        mailing = Mailing.objects.get()
        claimed = list(pool.map(claim, [mailing.pk] * 4))

    assert sorted(started) == [-mailing.pk] * 3 + [mailing.pk]
    taken = [delivery for share in claimed for delivery in share]
    assert len(taken) == len(set(taken)) == 60
    assert all(len(share) <= 21 for share in claimed)


def test_refusals_keep_the_words_of_the_server(issue, subscribe, smtp_server):
    subscribe("voll@example.org")
    subscribe("unbekannt@example.org")
    subscribe("gut@example.org")
    smtp_server.replies |= {
        "voll@example.org": "452 4.2.2 Mailbox full",
        "unbekannt@example.org": "550 5.1.1 No such user",
    }
    mailing = mailings.start_mailing(issue)

    delivering.deliver(mailing.pk)

    rows = {row.subscriber.email: row for row in mailing.deliveries.select_related("subscriber")}
    assert rows["gut@example.org"].state == State.SENT
    assert (rows["unbekannt@example.org"].state, rows["unbekannt@example.org"].reply) == (
        State.FAILED,
        "550 5.1.1 No such user",
    )
    assert (rows["voll@example.org"].state, rows["voll@example.org"].reply) == (
        State.DEFERRED,
        "452 4.2.2 Mailbox full",
    )
    assert rows["voll@example.org"].not_before > timezone.now() + datetime.timedelta(minutes=4)
    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.SENDING


def test_a_temporary_refusal_is_given_up_after_the_last_wait(issue, subscribe, smtp_server):
    subscribe("voll@example.org")
    smtp_server.replies["voll@example.org"] = "452 4.2.2 Mailbox full"
    mailing = mailings.start_mailing(issue)

    with time_machine.travel(timezone.now(), tick=True) as clock:
        for _attempt in range(len(claiming.BACK_OFF) + 1):
            delivering.deliver(mailing.pk)
            clock.shift(datetime.timedelta(days=1))

    mailing.refresh_from_db()
    assert states(mailing) == [State.FAILED]
    assert mailing.state == Mailing.State.COMPLETE


def test_who_unsubscribes_before_the_mail_leaves_is_skipped(issue, subscribe, smtp_server):
    staying, leaving = subscribe("bleibt@example.org"), subscribe("geht@example.org")
    mailing = mailings.start_mailing(issue)
    work = delivering.Round(mailing.pk, some_letters())
    work._refill()
    consent.unsubscribe(leaving.key)

    work.run(datetime.timedelta(seconds=20))

    assert mailing.deliveries.get(subscriber=leaving).state == State.SKIPPED
    assert [mail.recipients for mail in smtp_server.received] == [[staying.email]]


def test_nothing_is_lost_while_the_mail_server_is_away(issue, subscribe, smtp_server, settings):
    subscribe("leser@example.org")
    mailing = mailings.start_mailing(issue)
    working, settings.EMAIL_SERVERS = settings.EMAIL_SERVERS, [{"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": 1}]

    assert delivering.deliver(mailing.pk) is False
    row = mailing.deliveries.get()
    assert (row.state, row.attempts) == (State.PENDING, 0)

    settings.EMAIL_SERVERS = working
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=1), tick=True):
        assert sweeping.sweep() == [mailing.pk]
        delivering.deliver(mailing.pk)
    assert len(smtp_server.received) == 1


def test_expired_leases_free_what_was_untouched_and_name_what_is_uncertain(issue, subscribe):
    for number in range(3):
        subscribe(f"leser{number}@example.org")
    mailing = mailings.start_mailing(issue)
    ledger = Ledger(mailing.pk)
    first, second, third = ledger.take()
    assert ledger.write([], [first]) == {first.delivery}

    with time_machine.travel(timezone.now() + datetime.timedelta(hours=1), tick=True):
        sweeping.sweep()

        assert states(mailing) == [State.PENDING, State.PENDING, State.UNCERTAIN]
        # The worker was only slow: what it still holds it must not send, what it knows it may still say.
        assert ledger.write([claiming.sent(first, "250 OK")], [second, third]) == set()
    assert states(mailing) == [State.PENDING, State.PENDING, State.SENT]


def test_a_claim_from_before_a_restart_of_the_database_becomes_uncertain(issue, subscribe):
    subscribe("leser@example.org")
    mailing = mailings.start_mailing(issue)
    Ledger(mailing.pk).take()
    mailing.deliveries.update(database_epoch="an earlier start")

    with time_machine.travel(timezone.now() + datetime.timedelta(hours=1), tick=True):
        sweeping.sweep()

    assert states(mailing) == [State.UNCERTAIN]


def test_a_schedule_starts_on_time_and_asks_when_it_is_long_overdue(issue, subscribe):
    subscribe("leser@example.org")
    mailing = mailings.start_mailing(issue, at=timezone.now() + datetime.timedelta(hours=1))
    assert mailing.state == Mailing.State.SCHEDULED
    assert sweeping.sweep() == []

    with time_machine.travel(timezone.now() + datetime.timedelta(hours=9), tick=True):
        assert sweeping.sweep() == []
        mailing.refresh_from_db()
        assert mailing.state == Mailing.State.OVERDUE
        mailings.resume(mailing)
        assert sweeping.sweep() == [mailing.pk]


def test_pause_stops_at_once_and_cancel_keeps_the_ledger(issue, subscribe, smtp_server):
    for number in range(3):
        subscribe(f"leser{number}@example.org")
    mailing = mailings.start_mailing(issue)
    ledger = Ledger(mailing.pk)
    [row] = ledger.take(1)

    mailings.pause(mailing)

    assert ledger.write([], [row]) == set()
    assert delivering.deliver(mailing.pk) is False
    ledger.write(ledger.reasons([row]))
    assert states(mailing) == [State.PENDING] * 3
    mailings.resume(mailing)
    [row] = ledger.take(1)
    ledger.write([], [row])
    ledger.write([claiming.sent(row, "250 OK")])
    mailings.cancel(mailing)
    assert states(mailing) == [State.SENT, State.SKIPPED, State.SKIPPED]
    with pytest.raises(Refused):
        mailings.resume(mailing)

    second = mailings.start_mailing(issue)

    assert second.deliveries.count() == 2, "who has it already does not get it again"


def test_commands_send_wait_and_report(issue, subscribe, smtp_server, capsys, settings, monkeypatch):
    for number in range(3):
        subscribe(f"leser{number}@example.org")
    monkeypatch.setattr("newsletter.management.commands.send_issue.PATIENCE", 0.5)

    call_command("send_issue", issue.slug, "--wait", "--json")
    mailing = Mailing.objects.get()
    call_command("send_issue", str(issue.pk), "--wait", "--json")
    call_command("mailing_status", str(mailing.pk), "--json")

    out, err = capsys.readouterr()
    assert out.splitlines() == [
        f'{{"mailing": {mailing.pk}}}',
        f'{{"mailing": {mailing.pk}}}',
        '{"state": "complete", "total": 3, "sent": 3, "failed": 0, "uncertain": 0, "pending": 0, "skipped": 0}',
    ]
    assert "3 von 3" in err
    assert len(smtp_server.received) == 3
    assert Subscriber.objects.filter(state="active").count() == 3


def test_a_dead_server_is_passed_over(issue, subscribe, smtp_server, settings):
    for number in range(10):
        subscribe(f"leser{number}@example.org")
    settings.EMAIL_SERVERS = [
        {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": 1, "OPTIONS": {"WEIGHT": 1000}}, *settings.EMAIL_SERVERS,
    ]  # fmt: skip
    mailing = mailings.start_mailing(issue)

    delivering.deliver(mailing.pk)

    assert states(mailing) == [State.SENT] * 10


def test_a_connection_carries_so_many_mails(issue, subscribe, settings):
    office = PostOffice(most_mails=3)
    office.start()
    settings.MAIL_SESSIONS = 1
    settings.EMAIL_SERVERS = [{"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": office.port, "OPTIONS": {"MESSAGES": 3}}]
    for number in range(10):
        subscribe(f"leser{number}@example.org")
    mailing = mailings.start_mailing(issue)

    delivering.deliver(mailing.pk)
    office.stop()

    assert states(mailing) == [State.SENT] * 10
    assert sorted(office.accepted.values()) == [1] * 10


def test_a_worker_that_was_cut_off_from_the_database_says_what_it_knows(issue, subscribe):
    for number in range(3):
        subscribe(f"leser{number}@example.org")
    mailing = mailings.start_mailing(issue)
    held = []
    ledger = Ledger(mailing.pk, lambda: held)
    first, second, third = ledger.take()
    held += [second, third]
    ledger.write([], [first])
    # The marks are lost in a crash, and the sweep gives up on all of them before the worker is back.
    mailing.deliveries.update(state=State.CLAIMED, database_epoch="before the crash")
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=1), tick=True):
        sweeping.sweep()
    mailing.refresh_from_db()
    assert (states(mailing), mailing.state) == ([State.UNCERTAIN] * 3, Mailing.State.COMPLETE)

    ledger._forgetful = True
    allowed = ledger.write([claiming.sent(first, "250 OK")], [second])

    assert allowed == {second.delivery}
    mailing.refresh_from_db()
    assert (states(mailing), mailing.state) == ([State.CLAIMED, State.SENDING, State.SENT], Mailing.State.SENDING)


def test_a_worker_that_has_to_end_begins_nothing_and_keeps_nothing(issue, subscribe, smtp_server, ending_worker):
    subscribe("leserin@example.org")
    mailing = mailings.start_mailing(issue)

    more = delivering.deliver(mailing.pk)

    assert more, "somebody else is asked to go on"
    assert states(mailing) == ["pending"]
    assert not smtp_server.received
