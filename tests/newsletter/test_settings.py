"""The settings behind the link of every mail: pause, another address, export, deletion; and how to get the link."""

import datetime
import json
import re

import pytest
import time_machine
from django.utils import timezone

from newsletter import tokens
from newsletter.models import ConsentRecord, Subscriber, Suppression
from newsletter.sending.mailings import audience
from newsletter.subscribing import address_change, consent, system_mail
from tests.accounts_content import OURS

pytestmark = pytest.mark.django_db
Event = ConsentRecord.Event
State = Subscriber.State
LINK = "/newsletter/einstellungen/"


def link_in(received):
    text = received.message.get_body(("plain",)).get_content()
    return re.search(r"https://www\.example\.org(/newsletter/\S+)", text)[1]


def deliver_answers():
    for record in ConsentRecord.objects.filter(event=Event.ADDRESS_ASKED):
        system_mail.answer_sign_up(record.pk)


# Topics and pauses


def test_settings_change_topics_name_and_pause(client, subscribe, topic, site):
    subscriber = subscribe("kim@example.org")
    path = f"/newsletter/einstellungen/{tokens.make('settings', subscriber.key)}/"

    assert client.get(path).status_code == 200
    response = client.post(path, {"topics": ["termine"], "paused": "on", "name": "Kim"}, follow=True, **OURS)

    assert "gespeichert" in response.content.decode()
    subscriber.refresh_from_db()
    assert (subscriber.state, subscriber.name) == (State.PAUSED, "Kim")
    assert list(subscriber.topics.all()) == [topic]
    assert client.post(path, {"name": ""}, HTTP_SEC_FETCH_SITE="cross-site").status_code == 403
    assert client.get("/newsletter/einstellungen/erfunden/").status_code == 404


def test_a_pause_ends_after_its_last_day(client, subscribe, issue, settings_path):
    subscriber = subscribe("kim@example.org")
    last = timezone.localdate() + datetime.timedelta(days=10)

    client.post(settings_path(subscriber), {"paused": "on", "paused_until": last.isoformat()}, **OURS)

    assert not audience(issue).exists()
    noon = datetime.datetime.combine(last, datetime.time(12), tzinfo=timezone.get_default_timezone())
    with time_machine.travel(noon, tick=False):
        assert consent.end_pauses() == 0
    with time_machine.travel(noon + datetime.timedelta(days=1), tick=False):
        assert consent.end_pauses() == 1
    assert audience(issue).get() == subscriber
    assert Subscriber.objects.get().paused_until is None


@pytest.mark.parametrize("day", ["2001-01-01", "2999-01-01", "morgen", "\0"])
def test_a_pause_that_cannot_be_is_explained(client, subscribe, site, settings_path, day):
    subscriber = subscribe("kim@example.org")

    response = client.post(settings_path(subscriber), {"paused": "on", "paused_until": day}, **OURS)

    assert response.status_code == 422
    assert "Bitte prüfen Sie Ihre Angaben" in response.content.decode()
    assert Subscriber.objects.get().state == State.ACTIVE


def test_other_topics_are_an_event_of_the_proof(client, subscribe, site, settings_path, topic):
    subscriber = subscribe("kim@example.org")

    client.post(settings_path(subscriber), {"topics": ["termine"]}, **OURS)
    client.post(settings_path(subscriber), {"topics": ["termine"], "name": "Kim"}, **OURS)

    assert [one.topics for one in subscriber.consents.filter(event=Event.CHANGED)] == [["termine"]]


# The link


def test_the_link_is_sent_to_subscribers_only_and_everybody_gets_the_same_answer(fill, subscribe, smtp_server):
    subscriber = subscribe("kim@example.org")

    answers = {fill(f"{name}@example.org", LINK).content.decode().replace(name, "…") for name in ("kim", "lee")}
    assert system_mail.send_settings_link(subscriber.pk)

    assert len(answers) == 1
    assert [one.recipients for one in smtp_server.received] == [["kim@example.org"]]
    assert tokens.read("settings", link_in(smtp_server.received[0]).split("/")[3]) == subscriber.key


def test_the_link_is_not_sent_again_and_again(fill, subscribe, smtp_server):
    subscriber = subscribe("kim@example.org")
    for _time in range(5):
        fill("kim@example.org", LINK)
        system_mail.send_settings_link(subscriber.pk)

    assert len(smtp_server.received) == 1


def test_the_sweep_sends_a_link_that_the_broker_lost(fill, subscribe, smtp_server):
    subscriber = subscribe("kim@example.org")
    fill("kim@example.org", LINK)
    assert system_mail.unsent_links() == []

    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=2), tick=True):
        assert system_mail.unsent_links() == [subscriber.pk]
        system_mail.send_settings_link(subscriber.pk)
        assert system_mail.unsent_links() == []


def test_a_link_that_the_server_wants_later_is_sent_again(fill, subscribe, smtp_server):
    subscriber = subscribe("kim@example.org")
    smtp_server.replies["kim@example.org"] = "450 4.2.0 Greylisted"
    fill("kim@example.org", LINK)

    assert system_mail.send_settings_link(subscriber.pk) is False

    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=2), tick=True):
        assert system_mail.unsent_links() == [subscriber.pk]
        del smtp_server.replies["kim@example.org"]
        assert system_mail.send_settings_link(subscriber.pk) is True
        assert system_mail.unsent_links() == []


def test_a_link_that_the_server_refuses_is_given_up(fill, subscribe, smtp_server):
    subscriber = subscribe("kim@example.org")
    smtp_server.replies["kim@example.org"] = "550 5.1.1 No such user"
    fill("kim@example.org", LINK)

    assert system_mail.send_settings_link(subscriber.pk) is False

    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=2), tick=True):
        assert system_mail.unsent_links() == []


# Another address


def test_a_new_address_counts_when_its_owner_has_confirmed_it(client, fill, subscribe, settings_path, smtp_server):
    subscriber = subscribe("alt@example.org", name="Kim")
    path = settings_path(subscriber)

    assert fill("neu@example.org", f"{path}adresse/").status_code == 200
    deliver_answers()

    assert [one.recipients for one in smtp_server.received] == [["alt@example.org"], ["neu@example.org"]]
    assert "neu@example.org" not in smtp_server.received[0].content.decode(), "the old mailbox may be somebody else's"
    assert link_in(smtp_server.received[0]) == path
    assert Subscriber.objects.get().email == "alt@example.org"
    assert "neu@example.org" in client.get(path).content.decode()
    confirm = link_in(smtp_server.received[1])
    assert client.get(confirm).status_code == client.head(confirm).status_code == 200
    assert Subscriber.objects.get().email == "alt@example.org"

    first, second = client.post(confirm, **OURS), client.post(confirm, **OURS)

    assert first.status_code == second.status_code == 200
    assert "Ihre neue Adresse gilt" in first.content.decode() and "Ihre neue Adresse gilt" in second.content.decode()
    moved = Subscriber.objects.get()
    assert (moved.email, moved.new_email, moved.state, moved.name) == ("neu@example.org", None, State.ACTIVE, "Kim")
    assert client.get(path).status_code == 404, "links in the old mailbox are void"
    events = [one.event for one in moved.consents.order_by("pk")][-4:]
    assert events == [Event.ADDRESS_ASKED, Event.NOTICED, Event.MAILED, Event.ADDRESS_CHANGED]
    assert moved.consents.last().address_hmac in tokens.fingerprints("neu@example.org")
    assert consent.is_suppressed("alt@example.org") and not consent.is_suppressed("neu@example.org")


def test_whoever_has_just_confirmed_can_change_the_address_at_once(client, fill, settings_path, smtp_server):
    """Every address gets one mail in some minutes; another address does not wait for it."""
    fill("tippfehler@example.org")
    system_mail.answer_sign_up(ConsentRecord.objects.get().pk)
    client.post(link_in(smtp_server.received[0]), **OURS)
    subscriber = Subscriber.objects.get()

    fill("richtig@example.org", settings_path(subscriber, "adresse/"))
    deliver_answers()

    to = [one.recipients for one in smtp_server.received]
    assert to == [["tippfehler@example.org"], ["tippfehler@example.org"], ["richtig@example.org"]]


def test_a_new_address_can_be_given_up(client, fill, subscribe, settings_path, smtp_server):
    subscriber = subscribe("alt@example.org")
    fill("neu@example.org", settings_path(subscriber, "adresse/"))
    deliver_answers()

    page = client.post(settings_path(subscriber, "adresse/"), {"discard": "1"}, follow=True, **OURS)

    assert "verworfen" in page.content.decode()
    assert client.post(link_in(smtp_server.received[1]), **OURS).status_code == 404
    assert Subscriber.objects.get().email == "alt@example.org"


def test_the_last_of_two_new_addresses_counts(client, subscribe, smtp_server):
    subscriber = subscribe("alt@example.org")
    first, second = (address_change.ask(subscriber, f"{name}@example.org") for name in ("eins", "zwei"))
    links = [
        f"/newsletter/bestaetigen/{tokens.make_address_change(subscriber.key, one.pk)}/" for one in (first, second)
    ]

    assert system_mail.answer_sign_up(first.pk) is False, "nobody waits for it any more"
    assert [client.post(link, **OURS).status_code for link in links] == [404, 200]
    assert Subscriber.objects.get().email == "zwei@example.org"


def test_an_address_with_a_subscription_keeps_it_and_the_old_one_ends(client, subscribe):
    old, other = subscribe("alt@example.org"), subscribe("neu@example.org")
    record = address_change.ask(old, "NEU@example.org")
    link = f"/newsletter/bestaetigen/{tokens.make_address_change(old.key, record.pk)}/"

    assert client.post(link, **OURS).status_code == client.post(link, **OURS).status_code == 200

    old.refresh_from_db()
    other.refresh_from_db()
    assert (old.state, other.state) == (State.UNSUBSCRIBED, State.ACTIVE)


def test_an_address_that_unsubscribed_once_can_be_the_new_one(client, subscribe):
    gone = subscribe("neu@example.org")
    consent.unsubscribe(gone.key)
    old = subscribe("alt@example.org")
    record = address_change.ask(old, "neu@example.org")

    client.post(f"/newsletter/bestaetigen/{tokens.make_address_change(old.key, record.pk)}/", **OURS)

    old.refresh_from_db()
    gone.refresh_from_db()
    assert (old.email, gone.email, gone.state) == ("neu@example.org", None, State.ANONYMISED)


def test_a_stopped_address_is_replaced_by_one_that_works(client, subscribe, settings_path, smtp_server):
    subscriber = subscribe("voll@example.org")
    Subscriber.objects.update(state=State.STOPPED)
    assert "konnten wir nicht zustellen" in client.get(settings_path(subscriber)).content.decode()
    record = address_change.ask(subscriber, "neu@example.org")
    system_mail.answer_sign_up(record.pk)

    client.post(link_in(smtp_server.received[0]), **OURS)

    assert [one.recipients for one in smtp_server.received] == [["neu@example.org"]], "nothing to the stopped one"
    assert (Subscriber.objects.get().email, Subscriber.objects.get().state) == ("neu@example.org", State.ACTIVE)


def test_asking_for_an_address_tells_nothing_about_it(client, fill, subscribe, settings_path):
    subscriber = subscribe("alt@example.org")
    subscribe("bekannt@example.org")
    consent.suppress("beschwerde@example.org", Suppression.Reason.COMPLAINT)

    answers = {
        fill(f"{name}@example.org", settings_path(subscriber, "adresse/")).content.decode().replace(name, "…")
        for name in ("bekannt", "unbekannt", "beschwerde")
    }

    assert len(answers) == 1
    assert subscriber.consents.filter(event=Event.ADDRESS_ASKED).count() == 2


# Export and deletion


def test_everything_that_is_stored_can_be_had_as_json(client, subscribe, settings_path, site, topic):
    subscriber = subscribe("kim@example.org", name="Kim", topics=[topic])

    response = client.get(settings_path(subscriber, "daten.json"))

    data = json.loads(response.content)
    assert response["Content-Type"] == "application/json" and "attachment" in response["Content-Disposition"]
    assert "no-store" in response["Cache-Control"]
    assert (data["address"], data["name"], data["topics"]) == ("kim@example.org", "Kim", ["Termine"])
    assert [one["event"] for one in data["events"]] == ["signed_up", "confirmed"]


def test_too_many_exports_are_refused(client, subscribe, settings_path, site):
    subscriber = subscribe("kim@example.org")

    answers = [client.get(settings_path(subscriber, "daten.json")).status_code for _time in range(12)]

    assert answers == [200] * 10 + [429] * 2


def test_deleting_leaves_a_hash_and_the_proof_and_nothing_that_names_the_person(
    client, subscribe, settings_path, topic
):
    subscriber = subscribe("kim@example.org", name="Kim", topics=[topic])
    path = settings_path(subscriber, "loeschen/")
    assert "lässt sich nicht rückgängig machen" in client.get(path).content.decode()

    assert "sind gelöscht" in client.post(path, **OURS).content.decode()

    left = Subscriber.objects.get()
    assert (left.email, left.name, left.state) == (None, "", State.ANONYMISED)
    assert not left.topics.exists()
    assert [one.event for one in left.consents.order_by("pk")] == [Event.SIGNED_UP, Event.CONFIRMED, Event.WITHDRAWN]
    assert consent.is_suppressed("kim@example.org")
    assert client.get(path).status_code == client.post(path, **OURS).status_code == 404


def test_whoever_deleted_everything_can_sign_up_again(client, subscribe, settings_path):
    subscriber = subscribe("kim@example.org")
    client.post(settings_path(subscriber, "loeschen/"), **OURS)

    again = subscribe("kim@example.org")

    assert again.pk != subscriber.pk and again.state == State.ACTIVE
    assert not consent.is_suppressed("kim@example.org")


@pytest.mark.parametrize("more", ["", "adresse/", "loeschen/"])
def test_other_sites_cannot_send_these_forms(client, subscribe, settings_path, site, more):
    subscriber = subscribe("kim@example.org")

    response = client.post(settings_path(subscriber, more), {"discard": "1"}, HTTP_SEC_FETCH_SITE="cross-site")

    assert response.status_code == 403
    assert Subscriber.objects.get().state == State.ACTIVE


@pytest.mark.parametrize("more", ["", "adresse/", "loeschen/", "daten.json", "daten.pdf"])
def test_tokens_made_for_something_else_open_nothing(client, subscribe, site, more):
    subscriber = subscribe("kim@example.org")
    record = subscriber.consents.first()
    wrong = [
        tokens.make("unsubscribe", subscriber.key),
        tokens.make_confirmation(subscriber.key, record.pk),
        tokens.make_address_change(subscriber.key, record.pk),
        "x" * 5000,
        "%00",
    ]

    assert {client.get(f"/newsletter/einstellungen/{token}/{more}").status_code for token in wrong} == {404}
