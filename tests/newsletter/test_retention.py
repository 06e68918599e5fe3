"""What is deleted when, and what must survive: proofs for their period, rows that deliveries refer to."""

import io
import json

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from newsletter import tasks, tokens
from newsletter.models import Bounce, ConsentRecord, Delivery, Subscriber
from newsletter.sending import delivering, mailings
from newsletter.subscribing import address_change, consent, exchange, retention
from tests.newsletter.conftest import days

pytestmark = pytest.mark.django_db
Event = ConsentRecord.Event
State = Subscriber.State


@pytest.fixture
def sign_up(wording):
    return lambda address: consent.sign_up(address, topics=[], text=wording, source="https://www.example.org/")


def test_a_sign_up_that_nobody_confirms_is_deleted_after_two_weeks(sign_up):
    record = sign_up("offen@example.org")

    assert retention.forget(days(13)).unconfirmed == 0
    assert retention.forget(days(15)).unconfirmed == 1

    assert not Subscriber.objects.exists() and not ConsentRecord.objects.exists()
    with pytest.raises(tokens.BadToken):
        consent.confirm(tokens.make_confirmation(record.subscriber.key, record.pk))


def test_the_time_runs_from_the_last_sign_up(sign_up):
    sign_up("offen@example.org")
    with time_machine.travel(days(10)):
        sign_up("offen@example.org")

    assert retention.forget(days(15)).unconfirmed == 0
    assert retention.forget(days(25)).unconfirmed == 1


def test_whoever_unsubscribed_is_anonymised_after_a_month_and_not_imported_again(subscribe, topic):
    subscriber = subscribe("weg@example.org", name="Kim", topics=[topic])
    consent.unsubscribe(subscriber.key)

    assert retention.forget(days(29)).anonymised == 0
    assert retention.forget(days(31)).anonymised == 1

    subscriber.refresh_from_db()
    assert (subscriber.email, subscriber.name, subscriber.state) == (None, "", State.ANONYMISED)
    assert not subscriber.topics.exists() and subscriber.consents.count() == 3
    lines = io.StringIO(
        "email,name,topics,consent_origin,consent_at\nWEG@example.org,,,Alte Liste,2020-01-01T00:00:00Z\n"
    )
    assert [one.status for one in exchange.import_rows(lines)] == ["suppressed"]


def test_the_ledger_of_a_mailing_keeps_no_trace_of_whoever_left(subscribe, issue):
    subscriber = subscribe("weg@eigene-domain.example.org")
    mailing = mailings.start_mailing(issue)
    words = "550 5.1.1 eigene-domain.example.org knows nobody of that name"
    mailing.deliveries.update(reply=words)
    Bounce.objects.create(
        delivery=mailing.deliveries.get(), subscriber=subscriber, kind="hard", words=words, received_at=timezone.now()
    )
    Subscriber.objects.update(stop_reason=f"Der Server schrieb: „{words}“.")
    consent.unsubscribe(subscriber.key)

    retention.forget(days(31))

    delivery = mailing.deliveries.get()
    subscriber.refresh_from_db()
    assert (delivery.domain, delivery.reply, subscriber.stop_reason, Bounce.objects.get().words) == ("", "", "", "")


def test_proofs_go_when_their_period_is_over_and_the_row_with_them(subscribe):
    subscriber = subscribe("weg@example.org")
    consent.unsubscribe(subscriber.key)
    retention.forget(days(31))

    assert retention.forget(days(1400)).proofs == 0
    assert retention.forget(days(1500)).proofs == 1

    assert not Subscriber.objects.exists() and not ConsentRecord.objects.exists()
    assert consent.is_suppressed("weg@example.org"), "the keyed hash stays"


def test_a_row_that_a_delivery_refers_to_stays_without_a_name(subscribe, issue, smtp_server):
    subscriber = subscribe("weg@example.org")
    delivering.deliver(mailings.start_mailing(issue).pk)
    consent.unsubscribe(subscriber.key)

    for when in (31, 1500, 1501):
        outcome = retention.forget(days(when))

    assert outcome == retention.Forgotten(0, 0, 0, 0), "and is not looked at for ever"
    assert Delivery.objects.get().subscriber.email is None
    assert not ConsentRecord.objects.exists()


def test_active_subscriptions_keep_their_proof_however_old(subscribe):
    subscribe("bleibt@example.org")

    assert retention.forget(days(10_000)) == retention.Forgotten(0, 0, 0, 0)
    assert ConsentRecord.objects.count() == 2


@pytest.mark.parametrize(("before", "after"), [("unsubscribed", State.ANONYMISED), ("stopped", State.STOPPED)])
def test_a_stranger_who_types_an_old_address_brings_nobody_back(subscribe, sign_up, before, after):
    subscriber = subscribe("weg@example.org")
    if before == "unsubscribed":
        consent.unsubscribe(subscriber.key)
    else:
        Subscriber.objects.update(state=State.STOPPED)
    proven = subscriber.consents.count()
    sign_up("weg@example.org")
    assert Subscriber.objects.get().state == State.UNCONFIRMED

    retention.forget(days(32))

    subscriber.refresh_from_db()
    assert subscriber.state == after
    assert subscriber.consents.count() == proven, "the attempt is forgotten, the proof is not"


def test_a_new_address_that_nobody_confirms_is_forgotten(subscribe):
    subscriber = subscribe("kim@example.org")
    address_change.ask(subscriber, "neu@example.org")

    assert retention.forget(days(13)).changes == 0
    assert retention.forget(days(15)).changes == 1

    assert (Subscriber.objects.get().email, Subscriber.objects.get().new_email) == ("kim@example.org", None)


def test_periods_are_settings(sign_up, subscribe, settings):
    settings.NEWSLETTER_UNCONFIRMED_DAYS, settings.NEWSLETTER_UNSUBSCRIBED_DAYS = 3, 5
    settings.NEWSLETTER_PROOF_DAYS = 10
    sign_up("offen@example.org")
    consent.unsubscribe(subscribe("weg@example.org").key)

    assert retention.forget(days(4)) == retention.Forgotten(1, 0, 0, 0)
    assert retention.forget(days(6)) == retention.Forgotten(0, 1, 0, 0)
    assert retention.forget(days(11)) == retention.Forgotten(0, 0, 1, 0)


def test_a_person_who_confirms_while_it_runs_stays(sign_up):
    """Everybody is looked at again under a lock: another one is being deleted while this one confirms."""
    sign_up("vorher@example.org")
    record = sign_up("spaet@example.org")
    confirmation = tokens.make_confirmation(record.subscriber.key, record.pk)

    def confirm_meanwhile(execute, sql, params, many, context):
        if sql.startswith("DELETE") and Subscriber.objects.filter(key=record.subscriber.key, state="unconfirmed"):
            consent.confirm(confirmation)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(confirm_meanwhile):
        assert retention.forget(days(15)).unconfirmed == 1

    assert (Subscriber.objects.get().email, Subscriber.objects.get().state) == ("spaet@example.org", State.ACTIVE)


def test_the_command_and_the_task_do_the_same(sign_up, capsys, settings):
    settings.NEWSLETTER_UNCONFIRMED_DAYS = 1
    for address in ("eins@example.org", "zwei@example.org"):
        sign_up(address)
        with time_machine.travel(days(2)):
            if address.startswith("eins"):
                call_command("forget_subscribers", "--json")
            else:
                tasks.forget_subscribers()

    assert json.loads(capsys.readouterr().out) == {"unconfirmed": 1, "anonymised": 0, "proofs": 0, "changes": 0}
    assert not Subscriber.objects.exists()
