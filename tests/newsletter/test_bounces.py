"""What follows from a message that came back: for the address, for the mailing, and for nobody if it is forged."""

import datetime
import json
import mailbox
import os

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone

from newsletter import tokens
from newsletter.bounces import acting
from newsletter.bounces.tasks import read_bounces
from newsletter.errors import Refused
from newsletter.models import Bounce, ConsentRecord, Delivery, Mailing, Subscriber, Suppression
from newsletter.sending import mailings
from newsletter.subscribing import address_change, consent
from tests.contents import made_once
from tests.newsletter.conftest import MAIL_SETTINGS, subscribed
from tests.newsletter.returned_mails import another, bounce, leaving, message, send

pytestmark = pytest.mark.django_db
HARD, SOFT, POLICY = "postfix-unknown", "postfix-full", "postfix-blocklist"
OTHER_POLICY = "gmail-unauthenticated"


@made_once
def subscriber(wording):
    return subscribed(wording, "kim.muster@example.org")


@made_once
@override_settings(**MAIL_SETTINGS)
def mailing(issue, subscriber):
    return send(issue)


def take_in(name: str, delivery: Delivery, *, number: int = 0) -> str:
    return acting.take_in(bounce(name, delivery, number=number)).action


def test_one_hard_bounce_stops_the_address_and_keeps_the_consent(mailing, subscriber):
    outcome = acting.take_in(bounce(HARD, mailing.deliveries.get()))

    subscriber.refresh_from_db()
    assert (outcome.kind, outcome.code, outcome.action) == ("hard", "5.1.1", "stopped")
    assert outcome.recipient == "kim.muster@example.org", "the token counts, not the address in the report"
    assert subscriber.state == Subscriber.State.STOPPED
    assert "User unknown in virtual mailbox table" in subscriber.stop_reason
    assert "@" not in subscriber.stop_reason, "the reason outlives the address"
    assert not subscriber.consents.filter(event=ConsentRecord.Event.WITHDRAWN).exists()
    assert not Suppression.objects.exists()


def test_soft_bounces_stop_an_address_in_the_third_of_five_mailings(issue, mailing, subscriber):
    rounds = [mailing, *(another(issue, number) for number in range(2, 6))]
    first, second, third = (rounds[number].deliveries.get() for number in (0, 2, 4))

    assert take_in(SOFT, first, number=1) == "recorded"
    assert take_in(SOFT, first, number=2) == "recorded", "twice in one mailing is once"
    assert take_in(SOFT, second, number=3) == "recorded"
    assert take_in(SOFT, third, number=4) == "stopped"

    subscriber.refresh_from_db()
    assert subscriber.stop_reason.startswith("Bei 3 der letzten 5 Versände kam die Mail zurück.")


def test_soft_bounces_of_long_ago_are_forgotten(issue, mailing, subscriber):
    rounds = [mailing, *(another(issue, number) for number in range(2, 8))]

    actions = [take_in(SOFT, rounds[number].deliveries.get(), number=number) for number in (0, 1, 6)]

    assert actions == ["recorded"] * 3


def test_undoing_a_stop_forgets_the_bounces_before_it(mailing, subscriber, issue):
    editor = get_user_model().objects.create_user("chef@example.org")
    consent.change_settings(subscriber, topics=[], paused=True, name="")
    late = bounce(HARD, mailing.deliveries.get(), number=2)
    take_in(HARD, mailing.deliveries.get(), number=1)

    acting.restore(subscriber, user=editor)

    assert subscriber.state == Subscriber.State.PAUSED, "as it was before"
    assert subscriber.stop_reason == ""
    assert acting.take_in(late).action == "recorded", "the mail had left before"
    with pytest.raises(Refused, match="nicht gestoppt"):
        acting.restore(subscriber, user=editor)
    consent.change_settings(subscriber, topics=[], paused=False, name="")
    assert take_in(HARD, another(issue, 2).deliveries.get(), number=3) == "stopped", "a newer one counts"


def move_to(subscriber, address):
    record = address_change.ask(subscriber, address)
    address_change.confirm(tokens.make_address_change(subscriber.key, record.pk))
    subscriber.refresh_from_db()


def test_a_late_bounce_of_the_old_address_does_not_stop_the_new_one(mailing, subscriber, issue):
    old = mailing.deliveries.get()

    move_to(subscriber, "kim@new.example.org")

    assert take_in(HARD, old, number=1) == "recorded"
    assert take_in(HARD, another(issue, 2).deliveries.get(), number=2) == "stopped", "its own bounces count"


def test_a_new_address_ends_a_stop_and_a_pause_outlives_it(mailing, subscriber):
    consent.change_settings(subscriber, topics=[], paused=True, name="")
    take_in(HARD, mailing.deliveries.get())

    move_to(subscriber, "kim@new.example.org")

    assert subscriber.state == Subscriber.State.PAUSED
    assert (subscriber.stopped_at, subscriber.stop_reason, subscriber.state_before_stop) == (None, "", "")


def test_who_has_left_or_complained_is_not_brought_back_by_an_undo(mailing, subscriber):
    take_in(HARD, mailing.deliveries.get())
    consent.suppress(subscriber.email, Suppression.Reason.COMPLAINT)

    with pytest.raises(Refused, match="Sperrliste"):
        acting.restore(subscriber, user=get_user_model().objects.create_user("chef@example.org"))


def test_a_refusal_for_policy_pauses_the_mailing_and_not_the_person(mailing, subscriber):
    assert take_in(POLICY, mailing.deliveries.get()) == "paused"

    mailing.refresh_from_db()
    subscriber.refresh_from_db()
    assert mailing.state == Mailing.State.PAUSED
    assert "example.org" in mailing.pause_reason and "zen.spamhaus.org" in mailing.pause_reason
    assert subscriber.state == Subscriber.State.ACTIVE


def test_after_resuming_only_new_evidence_pauses_again(mailing, subscriber, subscribe):
    delivery = mailing.deliveries.get()
    take_in(POLICY, delivery, number=1)
    mailing.refresh_from_db()

    mailings.resume(mailing)

    assert mailing.pause_reason == ""
    assert take_in(POLICY, delivery, number=2) == "recorded", "the same server, the same reason, an earlier mail"
    assert take_in(OTHER_POLICY, delivery, number=3) == "paused", "another reason"
    mailings.resume(Mailing.objects.get())
    mailing.deliveries.update(sent_at=timezone.now() + datetime.timedelta(seconds=1))
    assert take_in(POLICY, delivery, number=4) == "paused", "a mail that left after somebody decided to go on"


def test_a_refusal_for_policy_leaves_a_finished_mailing_alone(mailing):
    Mailing.objects.update(state=Mailing.State.COMPLETE)

    assert take_in(POLICY, mailing.deliveries.get()) == "recorded"
    assert Mailing.objects.get().state == Mailing.State.COMPLETE


def test_a_complaint_ends_the_subscription_with_a_record(mailing, subscriber):
    assert take_in("complaint", mailing.deliveries.get()) == "unsubscribed"

    subscriber.refresh_from_db()
    assert subscriber.state == Subscriber.State.UNSUBSCRIBED
    assert subscriber.consents.last().source == "Beschwerde (RFC 5965)"
    assert Suppression.objects.get().reason == Suppression.Reason.COMPLAINT
    again = consent.sign_up(subscriber.email, topics=[], text=consent.current_text(), source="/")
    assert again is None, "somebody else must not sign them up again"


def test_a_complaint_without_addresses_is_found_by_the_link_in_the_mail(mailing, subscriber):
    token = tokens.make("unsubscribe", subscriber.key)
    raw = message("complaint").replace(
        b"List-Unsubscribe-Post", f"List-Unsubscribe: <https://x.org/newsletter/abmelden/{token}/>\nList-Uns".encode()
    )

    assert acting.take_in(raw).action == "unsubscribed"


def test_a_returned_mail_names_its_delivery_when_the_envelope_is_lost(mailing, subscriber):
    delivery = mailing.deliveries.get()
    token = tokens.make("unsubscribe", subscriber.key)
    raw = message(HARD).replace(b"Message-ID: <7.20250115083000", f"Message-ID: {delivery.message_id}\nX: <".encode())

    assert acting.take_in(raw).action == "ignored"
    signed = raw.replace(
        b"List-Id", f"List-Unsubscribe: <https://x.org/newsletter/abmelden/{token}/>\nList-Id".encode()
    )
    assert acting.take_in(signed).action == "stopped"


def test_a_forged_message_changes_nothing(mailing, subscriber):
    key = mailing.deliveries.get().pk
    addresses = (
        "bounce@bounce.example.org",
        f"bounce+{key}-aaaaaaaaaaaaaaaa@b.example.org",
        f"bounce+{key}@b.example.org",
    )

    for name in (HARD, SOFT, POLICY, "complaint"):
        for address in addresses:
            forged = message(name, address).replace(b"kim@example.net", subscriber.email.encode())
            assert acting.take_in(forged).action == "ignored"

    subscriber.refresh_from_db()
    mailing.refresh_from_db()
    assert (subscriber.state, mailing.state) == (Subscriber.State.ACTIVE, Mailing.State.SENDING)
    assert not Bounce.objects.exists()


@pytest.mark.parametrize("name", ["auto-gone", "auto-exchange-german", "human", "success"])
def test_automatic_answers_and_letters_of_people_change_nothing(mailing, subscriber, name):
    assert take_in(name, mailing.deliveries.get()) == "ignored"
    assert not Bounce.objects.exists()


def test_the_same_message_counts_once_however_it_came(mailing, subscriber):
    raw = bounce(SOFT, mailing.deliveries.get())

    actions = [
        acting.take_in(one).action
        for one in (raw, raw, raw.replace(b"\n", b"\r\n"), b"X-Forwarded: yes\n" + raw, raw + b"\n\n")
    ]

    assert actions == ["recorded"] + ["duplicate"] * 4
    assert Bounce.objects.count() == 1


def test_what_is_about_a_deleted_mailing_or_somebody_anonymous_is_harmless(mailing, subscriber):
    raw = bounce(HARD, mailing.deliveries.get())
    Subscriber.objects.update(email=None, state=Subscriber.State.ANONYMISED)
    assert acting.take_in(raw).action == "ignored"

    mailing.delete()

    assert acting.take_in(raw).action == "ignored"
    assert Subscriber.objects.get().state == Subscriber.State.ANONYMISED
    assert not Bounce.objects.exists()


def test_somebody_who_has_left_stays_so_after_a_bounce(mailing, subscriber):
    consent.unsubscribe(subscriber.key)

    assert take_in(HARD, mailing.deliveries.get()) == "recorded"
    assert Subscriber.objects.get().state == Subscriber.State.UNSUBSCRIBED


@pytest.mark.parametrize("more", [[], ["Auto-Submitted: auto-generated", "Precedence: bulk"]])
def test_a_mail_to_the_address_for_leaving_unsubscribes_by_its_signed_subject(subscriber, more):
    token = tokens.make("unsubscribe", subscriber.key)

    outcome = acting.take_in(leaving(token, *more))

    assert (outcome.kind, outcome.action) == ("not_a_bounce", "unsubscribed")
    subscriber.refresh_from_db()
    assert subscriber.state == Subscriber.State.UNSUBSCRIBED
    assert subscriber.consents.last().source == "mailto"
    assert acting.take_in(leaving(token)).action == "ignored", "a second one finds nothing to do"


@pytest.mark.parametrize(
    "make",
    [
        lambda key: leaving("abmelden"),
        lambda key: leaving(""),
        lambda key: leaving(str(key)),
        lambda key: leaving(tokens.make("settings", key)),
        lambda key: leaving(tokens.make("unsubscribe", key)[:-1] + "A"),
        lambda key: leaving(tokens.make("unsubscribe", key), "Auto-Submitted: auto-replied"),
        lambda key: leaving(tokens.make("unsubscribe", key), "X-Autoreply: yes"),
    ],
)
def test_without_the_signed_token_nobody_is_unsubscribed_by_mail(subscriber, make):
    assert acting.take_in(make(subscriber.key)).action == "ignored"

    subscriber.refresh_from_db()
    assert subscriber.state == Subscriber.State.ACTIVE


# Refusals during the hand-over


@pytest.mark.parametrize(
    ("reply", "state", "mailing_state"),
    [
        ("550 5.1.1 <kim.muster@example.org> No such user", Subscriber.State.STOPPED, Mailing.State.SENDING),
        ("550 user unknown", Subscriber.State.STOPPED, Mailing.State.SENDING),
        ("452 4.2.2 Mailbox full", Subscriber.State.ACTIVE, Mailing.State.SENDING),
        ("554 5.7.1 Rejected", Subscriber.State.ACTIVE, Mailing.State.PAUSED),
        ("Die Adresse ist nicht gültig.", Subscriber.State.ACTIVE, Mailing.State.SENDING),
    ],
)
def test_a_refusal_at_the_hand_over_counts_like_a_bounce(mailing, subscriber, reply, state, mailing_state):
    mailing.deliveries.update(state=Delivery.State.FAILED, reply=reply, sent_at=None)

    read_bounces()
    read_bounces()

    subscriber.refresh_from_db()
    mailing.refresh_from_db()
    assert (subscriber.state, mailing.state) == (state, mailing_state)
    assert Bounce.objects.count() == (0 if reply.startswith("Die") else 1)
    assert "@" not in subscriber.stop_reason


# The command


def ingest(capsys, *arguments) -> list[dict]:
    call_command("ingest_bounces", *map(str, arguments), "--json")
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_command_reads_files_directories_maildir_and_mbox(mailing, capsys, tmp_path):
    delivery = mailing.deliveries.get()
    (tmp_path / "eins.eml").write_bytes(bounce(HARD, delivery))
    (tmp_path / "mehr").mkdir()
    (tmp_path / "mehr" / "zwei.eml").write_bytes(message("auto-gmx"))
    (tmp_path / ".versteckt").write_bytes(b"x")
    (tmp_path / "mehr" / "kreis").symlink_to(tmp_path)
    maildir = mailbox.Maildir(tmp_path / "postfach", create=True)
    maildir.add(message("human"))
    box = mailbox.mbox(tmp_path / "alt.mbox")
    box.add(message(POLICY))
    box.add(bounce(HARD, delivery))
    box.close()

    lines = ingest(capsys, tmp_path / "eins.eml", tmp_path / "mehr", tmp_path / "postfach", tmp_path / "alt.mbox")

    assert lines[0] == {
        "file": str(tmp_path / "eins.eml"),
        "kind": "hard",
        "code": "5.1.1",
        "recipient": "kim.muster@example.org",
        "action": "stopped",
    }
    assert [(line["kind"], line["action"]) for line in lines[1:]] == [
        ("auto_reply", "ignored"),
        ("not_a_bounce", "ignored"),
        ("policy", "ignored"),
        ("hard", "duplicate"),
    ]
    assert lines[3]["file"].endswith("alt.mbox#1")


@pytest.mark.parametrize("arguments", [[], ["/nowhere/at/all.eml"], ["--imap"]])
def test_wrong_use_of_the_command_is_status_2(arguments, settings):
    settings.BOUNCE_IMAP_URL = ""
    with pytest.raises(CommandError) as refusal:
        call_command("ingest_bounces", *arguments)

    assert refusal.value.returncode == 2


def test_a_file_that_cannot_be_read_is_status_1_after_the_others(tmp_path, capsys, monkeypatch):
    (tmp_path / "b.eml").write_bytes(message("human"))
    (tmp_path / "a.eml").symlink_to("/proc/self/mem" if os.geteuid() == 0 else "/etc/shadow")

    with pytest.raises(CommandError) as failure:
        call_command("ingest_bounces", str(tmp_path), "--json")

    assert failure.value.returncode == 1
    assert [json.loads(line)["action"] for line in capsys.readouterr().out.splitlines()] == ["failed", "ignored"]


def test_the_log_names_nobody(mailing, caplog):
    caplog.set_level("INFO")

    take_in(HARD, mailing.deliveries.get())
    acting.take_in(message(HARD))

    assert "delivery" in caplog.text
    assert "@" not in caplog.text


def test_people_who_confirm_again_begin_anew(mailing, subscriber, subscribe):
    take_in(SOFT, mailing.deliveries.get(), number=1)
    take_in(HARD, mailing.deliveries.get(), number=2)

    with time_machine.travel(timezone.now() + datetime.timedelta(days=1), tick=True):
        subscribe(subscriber.email)
        action = take_in(HARD, mailing.deliveries.get(), number=3)

    subscriber.refresh_from_db()
    assert (action, subscriber.state) == ("recorded", Subscriber.State.ACTIVE)
