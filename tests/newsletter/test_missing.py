"""Who did not get a mail: the list over all mailings, and decisions about single mails."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from home.roles import Role
from newsletter.following.missing import not_received
from newsletter.models import Delivery, Mailing, Subscriber
from newsletter.sending import delivering, mailings, repairing, sweeping
from tests.newsletter.mixed_mailing import came_back, login, row, text, user
from tests.newsletter.returned_mails import another

pytestmark = pytest.mark.django_db
State = Delivery.State


def test_a_refused_mail_is_sent_again_after_the_mailing_was_complete(issue, subscribe, smtp_server):
    subscribe("leser@example.org")
    smtp_server.replies["leser@example.org"] = "550 5.1.1 No such user"
    mailing = mailings.start_mailing(issue)
    delivering.deliver(mailing.pk)
    before = mailing.deliveries.get()
    assert Mailing.objects.get().state == Mailing.State.COMPLETE
    smtp_server.replies.clear()

    decided = repairing.retry([before.pk], user=None)
    assert sweeping.sweep() == [mailing.pk]
    delivering.deliver(mailing.pk)

    after = mailing.deliveries.get()
    mailing.refresh_from_db()
    assert (decided.done, decided.left, decided.mailings) == (1, 0, (mailing.pk,))
    assert (after.state, mailing.state) == (State.SENT, Mailing.State.COMPLETE)
    assert smtp_server.received[0].message["Message-ID"] == before.message_id


def test_only_rows_that_fit_are_sent_again(mailing):
    decided = repairing.retry(mailing.deliveries.values_list("pk", flat=True), user=user(Role.CHIEF_EDITOR))

    assert (decided.done, decided.left) == (2, 4)
    assert [one.state for one in mailing.deliveries.order_by("pk")] == [
        State.SENT, State.PENDING, State.UNCERTAIN, State.DEFERRED, State.SKIPPED, State.PENDING,
    ]  # fmt: skip
    entry = ModelLogEntry.objects.get(action="newsletter.retry")
    assert entry.user.email == "chief_editor@example.org"
    assert entry.data["deliveries"] == [row(mailing, 1).pk, row(mailing, 5).pk]
    assert "@" not in entry.label


def test_a_mail_that_may_only_be_late_is_not_sent_again(mailing):
    delayed = row(mailing, 0)
    came_back(delayed, kind="soft", code="4.4.1")

    assert repairing.retry([delayed.pk], user=None).done == 0


def test_nobody_who_has_left_or_is_stopped_is_written_to_again(mailing):
    refused = row(mailing, 1)
    Subscriber.objects.filter(pk=refused.subscriber_id).update(state=Subscriber.State.STOPPED)

    assert repairing.retry([refused.pk], user=None).left == 1
    assert row(mailing, 1).state == State.FAILED


def test_a_cancelled_mailing_sends_nothing_again(mailing, issue):
    mailings.cancel(mailing)
    again = mailings.start_mailing(issue)
    assert row(mailing, 1).subscriber_id in again.deliveries.values_list("subscriber", flat=True)

    decided = repairing.retry([row(mailing, 1).pk], user=None)

    assert decided.done == 0, "the person is in the second mailing"


def test_a_paused_mailing_stays_paused(mailing):
    mailings.pause(mailing)

    assert repairing.retry([row(mailing, 1).pk], user=None).done == 1
    assert Mailing.objects.get().state == Mailing.State.PAUSED


def test_a_running_mailing_goes_on(mailing):
    repairing.retry([row(mailing, 1).pk], user=None)

    assert Mailing.objects.get().state == Mailing.State.SENDING


def test_an_uncertain_mail_is_sent_again_with_the_same_id(mailing):
    before = row(mailing, 2)

    assert repairing.send_again([before.pk], user=None).done == 1
    assert repairing.send_again([before.pk], user=None).done == 0, "a double click"

    after = row(mailing, 2)
    assert (after.state, after.message_id, after.claim) == (State.PENDING, before.message_id, None)
    late = Delivery.objects.filter(claim=before.claim)
    assert not late.exists(), "a worker that wakes up late speaks of the first mail, not of the second"


def test_an_uncertain_mail_is_marked_as_sent(mailing):
    uncertain = row(mailing, 2)

    assert repairing.mark_sent([uncertain.pk, row(mailing, 1).pk], user=user(Role.CHIEF_EDITOR)).done == 1

    assert row(mailing, 2).state == State.SENT and row(mailing, 2).sent_at
    assert row(mailing, 1).state == State.FAILED
    assert ModelLogEntry.objects.get(action="newsletter.mark_sent").data["deliveries"] == [uncertain.pk]


# The list


def test_the_list_names_everybody_without_the_mail_and_the_words_of_the_server(mailing):
    page = text(login(Role.CHIEF_EDITOR).get(reverse("delivery:index")).content.decode())

    for words in (
        "leser1@example.org", "550 5.1.1 No such user", "Keine Antwort", "452 4.2.2 Full", "abgemeldet oder pausiert",
        "leser5@example.org", "zurückgekommen (Regeln des Empfängers)", "554 5.7.1 Rejected by rules",
    ):  # fmt: skip
        assert words in page
    assert "leser0@example.org" not in page


def test_the_list_begins_with_the_latest_mailing(mailing, issue):
    later = another(issue, 2)
    later.deliveries.update(state=State.FAILED, reply="550 5.1.1 No such user", sent_at=None)

    found = [delivery.mailing_id for delivery in not_received()]

    assert found == [later.pk] * later.deliveries.count() + [mailing.pk] * 5


def test_the_list_is_filtered(mailing):
    client = login(Role.CHIEF_EDITOR)
    everybody = {1, 2, 3, 4, 5}
    wanted = {
        "state=failed": {1},
        "state=bounced": {5},
        "state=failed&state=bounced&state=uncertain": {1, 2, 5},
        "domain=example.org": everybody,
        "domain=@EXAMPLE.org": everybody,
        "domain=xample.org": set(),
        "domain=%00": everybody,
        "q=leser3": {3},
        "mailing=99999": everybody,
        "state=nonsense": everybody,
        "p=nonsense": everybody,
    }

    for query, numbers in wanted.items():
        page = client.get(f"{reverse('delivery:index')}?{query}").content.decode()

        assert set(map(int, re.findall(r">\s*leser(\d)@example\.org\s*<", page))) == numbers, query


def test_rows_are_decided_about_by_post(mailing, broker):
    client = login(Role.CHIEF_EDITOR)

    answer = client.post(
        reverse("newsletter_decide"),
        {"delivery": [row(mailing, 1).pk, row(mailing, 2).pk], "decision": "retry", "query": "state=failed"},
        follow=True,
    )

    assert answer.redirect_chain[0][0] == f"{reverse('delivery:index')}?state=failed"
    page = text(answer.content.decode())
    assert "1 Mail wird noch einmal versendet." in page
    assert "Unverändert: 1 Zeile." in page
    assert row(mailing, 1).state == State.PENDING


def test_a_decision_without_sense_changes_nothing(mailing):
    client = login(Role.CHIEF_EDITOR)
    before = list(mailing.deliveries.order_by("pk").values_list("state", flat=True))

    for data in (
        {},
        {"delivery": ["1"]},
        {"delivery": ["1"], "decision": "drop"},
        {"decision": "retry"},
        {"delivery": ["x", "-1", "9" * 30, "²"], "decision": "retry"},
        {"delivery": ["999999999"], "decision": "retry", "query": "//evil.example/"},
    ):
        answer = client.post(reverse("newsletter_decide"), data)

        assert answer.status_code == 302 and answer["Location"].startswith(reverse("delivery:index"))
    assert list(mailing.deliveries.order_by("pk").values_list("state", flat=True)) == before


@pytest.mark.parametrize("role", [Role.EDITOR, Role.COORDINATOR])
def test_who_may_not_gets_nowhere(mailing, role):
    client = login(role)
    subscriber = row(mailing, 1).subscriber_id
    Subscriber.objects.filter(pk=subscriber).update(state=Subscriber.State.STOPPED)

    for url in (
        reverse("newsletter_progress", args=[mailing.pk]),
        reverse("newsletter_mailing_csv", args=[mailing.pk]),
        reverse("newsletter_statistics"),
        reverse("newsletter_statistics_csv"),
        reverse("newsletter_move_mailing", args=[mailing.pk, "abbrechen"]),
        reverse("mailing:inspect", args=[mailing.pk]),
        reverse("subscriber:inspect", args=[subscriber]),
        reverse("delivery:index"),
    ):
        assert client.get(url).status_code in (302, 403), url
    for url, data in (
        (reverse("newsletter_decide"), {"delivery": [row(mailing, 1).pk], "decision": "retry"}),
        (reverse("newsletter_restore", args=[subscriber]), {}),
        (reverse("newsletter_move_mailing", args=[mailing.pk, "anhalten"]), {}),
    ):
        assert client.post(url, data).status_code in (302, 403), url
    assert row(mailing, 1).state == State.FAILED
    assert Subscriber.objects.get(pk=subscriber).state == Subscriber.State.STOPPED
    assert Mailing.objects.get().state == Mailing.State.SENDING


def test_decisions_need_a_post_with_the_token_of_the_form(mailing):
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(user(Role.CHIEF_EDITOR))
    subscriber = row(mailing, 1).subscriber_id

    for url in (reverse("newsletter_decide"), reverse("newsletter_restore", args=[subscriber])):
        assert careful.get(url).status_code == 405
        assert careful.post(url, {"delivery": [row(mailing, 1).pk], "decision": "retry"}).status_code == 403
    assert careful.get(reverse("newsletter_move_mailing", args=[mailing.pk, "anhalten"])).status_code == 405
    assert row(mailing, 1).state == State.FAILED
