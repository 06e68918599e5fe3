"""Following a mailing in the admin: progress, decisions about single mails, statistics, and the page of a person."""

import datetime
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from home.roles import Role
from newsletter.bounces import acting
from newsletter.following.missing import not_received
from newsletter.following.progress import Progress
from newsletter.models import Bounce, Delivery, MailboxState, Mailing, Subscriber
from newsletter.sending import delivering, mailings, repairing, sweeping
from tests.newsletter.mixed_mailing import came_back, login, row, text, user
from tests.newsletter.returned_mails import another

pytestmark = pytest.mark.django_db
State = Delivery.State


# Decisions


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


# The page of a mailing


def test_the_page_of_a_mailing_shows_progress_figures_and_who_decided(mailing, broker):
    client = login(Role.CHIEF_EDITOR)
    client.post(reverse("newsletter_decide"), {"delivery": [row(mailing, 2).pk], "decision": "mark_sent"})

    html = client.get(reverse("mailing:inspect", args=[mailing.pk])).content.decode()

    assert f'data-progress-url="{reverse("newsletter_progress", args=[mailing.pk])}"' in html
    assert '<progress class="desk-progress" aria-labelledby="fortschritt" max="6" value="5">' in html
    page = text(html)
    assert "5 von 6 Mails erledigt (83 %)" in page
    assert "abgelehnt 1 davon: Adresse nicht erreichbar (5.1.1) 1" in page
    assert "unklare Mails als gesendet markiert (1 Mail), chief_editor@example.org" in page
    assert "554 5.7.1 Rejected by rules" in page
    assert "<script>" not in html[html.index("fortschritt") :], "the admin's policy may get stricter"


def test_bar_and_table_of_a_page_agree_while_mails_go_out(mailing):
    mailing.deliveries.filter(state=State.SENT).update(state=State.PENDING)

    def with_one_more_before_each_count(execute, sql, parameters, many, context):
        if "COUNT(" in sql and "newsletter_delivery" in sql:
            leaving = mailing.deliveries.filter(state=State.PENDING).values_list("pk", flat=True).first()
            mailing.deliveries.filter(pk=leaving).update(state=State.SENT)
        return execute(sql, parameters, many, context)

    client = login(Role.CHIEF_EDITOR)
    with connection.execute_wrapper(with_one_more_before_each_count):
        html = client.get(reverse("mailing:inspect", args=[mailing.pk])).content.decode()

    settled = int(re.search(r'<progress [^>]*value="(\d+)"', html)[1])
    figures = {name: int(value) for name, value in re.findall(r'data-figure="(\w+)">(\d+)<', html)}
    assert settled == figures["total"] - figures["pending"] == 4


def test_the_progress_is_told_as_json(mailing):
    answer = login(Role.CHIEF_EDITOR).get(reverse("newsletter_progress", args=[mailing.pk]))

    told = answer.json()
    assert (told["state"], told["running"], told["settled"], told["percent"]) == ("sending", True, 5, 83)
    assert told["figures"]["failed"] == "1"
    assert answer["Cache-Control"].startswith("max-age=0")
    assert login(Role.CHIEF_EDITOR).get(reverse("newsletter_progress", args=[999])).status_code == 404


@pytest.mark.parametrize(
    ("pending", "per_second", "words"),
    [
        (30, 1.0, "1 in der Sekunde, noch weniger als eine Minute."),
        (100, 0.5, "30 in der Minute, noch etwa 3 Minuten."),
        (36_000, 2.4, "2 in der Sekunde, noch etwa 4 Stunden."),
        (1_000_000, 1.0, "1 in der Sekunde, noch etwa 12 Tage."),
        (5, 0.0, "in der letzten Minute keine gesendet."),
        (0, 0.0, "(100 %)."),
    ],
)
def test_rate_and_time_left_are_put_into_words(pending, per_second, words):
    figures = {"total": pending + 10, "pending": pending, "sent": 10}

    progress = Progress("sending", "wird gesendet", figures, per_second)

    assert progress.words.endswith(words)


def test_cancelling_asks_first(mailing):
    client = login(Role.CHIEF_EDITOR)
    url = reverse("newsletter_move_mailing", args=[mailing.pk, "abbrechen"])

    page = text(client.get(url).content.decode())

    assert "2 Personen haben die Mail schon" in page and "1 Person bekommt sie dann nicht mehr." in page
    assert Mailing.objects.get().state == Mailing.State.SENDING
    client.post(url)
    assert Mailing.objects.get().state == Mailing.State.CANCELLED
    assert ModelLogEntry.objects.get(action="newsletter.cancel").user.email == "chief_editor@example.org"


def test_an_overdue_mailing_asks_what_to_do(mailing):
    Mailing.objects.update(state=Mailing.State.OVERDUE)

    page = text(login(Role.CHIEF_EDITOR).get(reverse("mailing:inspect", args=[mailing.pk])).content.decode())

    assert "Soll diese Ausgabe noch verschickt werden?" in page
    assert "Jetzt versenden" in page and "Verschieben …" in page and "Abbrechen …" in page


def test_an_overdue_mailing_is_moved_to_a_time_that_is_still_to_come(issue, people):
    planned = timezone.now() + datetime.timedelta(hours=5)
    mailing = mailings.start_mailing(issue, at=planned)
    client, url = login(Role.CHIEF_EDITOR), reverse("newsletter_send_issue", args=[issue.pk])

    offered = f'value="{timezone.localtime(planned):%d.%m.%Y %H:%M}"'
    assert offered in client.get(url).content.decode()
    Mailing.objects.update(state=Mailing.State.OVERDUE, scheduled_at=timezone.now() - datetime.timedelta(hours=9))

    assert 'name="at" value=' not in client.get(url).content.decode()
    client.post(reverse("newsletter_reschedule", args=[mailing.pk]), {"at": "15.07.2099 08:30"})
    mailing.refresh_from_db()
    assert (mailing.state, mailing.scheduled_at.year) == (Mailing.State.SCHEDULED, 2099)


def test_a_mailing_that_has_not_begun_says_so_and_remembers_who_began_it(issue, people):
    mailing = mailings.start_mailing(issue, at=timezone.now() + datetime.timedelta(hours=5))
    client = login(Role.CHIEF_EDITOR)
    page = reverse("mailing:inspect", args=[mailing.pk])

    assert "Noch ist keine Mail übergeben." in text(client.get(page).content.decode())
    client.post(reverse("newsletter_move_mailing", args=[mailing.pk, "fortsetzen"]))

    assert "begonnen, chief_editor@example.org" in text(client.get(page).content.decode())


def test_the_reason_of_a_pause_is_told(mailing):
    Mailing.objects.update(state=Mailing.State.PAUSED, pause_reason="Der Mailserver von example.org will nicht.")
    client = login(Role.CHIEF_EDITOR)

    page = text(client.get(reverse("mailing:inspect", args=[mailing.pk])).content.decode())
    desk = text(client.get("/admin/").content.decode())

    assert "Der Mailserver von example.org will nicht. Bitte sprechen Sie mit der Technik" in page
    assert "Der Mailserver von example.org will nicht. Der Versand ist angehalten." in desk


def test_a_dead_mailbox_is_on_the_desk(site, settings):
    settings.BOUNCE_IMAP_URL = "imaps://name:secret@imap.example.org/INBOX"
    MailboxState.objects.create(pk=1, problem="Der Mailserver ist nicht erreichbar.", failing_since=timezone.now())

    page = text(login(Role.CHIEF_EDITOR).get("/admin/").content.decode())

    assert "Postfach für Rückläufer Der Mailserver ist nicht erreichbar." in page
    assert "Rückläufer" not in text(login(Role.EDITOR).get("/admin/").content.decode())


# Attacks


def test_the_way_back_cannot_lead_elsewhere(mailing):
    for query in ("a\r\nSet-Cookie: x=1", "//evil.example/", "x" * 100_000, "ü=\x00", "?next=https://evil.example/"):
        answer = login(Role.CHIEF_EDITOR).post(reverse("newsletter_decide"), {"query": query})

        assert answer.status_code == 302 and answer["Location"].startswith(f"{reverse('delivery:index')}?")
        assert "Set-Cookie: x" not in str(answer.headers)


@pytest.mark.parametrize("number", ["0", "9" * 30])
def test_numbers_that_nothing_has_are_not_found(mailing, number):
    client = login(Role.CHIEF_EDITOR)

    for path in ("stand/", "statistik.csv", "abbrechen/"):
        assert client.get(f"/admin/newsletter/versand/{number}/{path}").status_code == 404
    assert client.post(f"/admin/newsletter/abonnement/{number}/aufnehmen/").status_code == 404
    assert client.get(f"/admin/delivery/?mailing={number}&state=%00&domain={'x' * 5000}").status_code == 200


def test_what_servers_and_editors_write_is_text_on_every_page(mailing, broker):
    nasty = "<script>alert(1)</script>"
    Mailing.objects.update(subject=nasty, state=Mailing.State.PAUSED, pause_reason=nasty)
    mailing.deliveries.update(reply=nasty, state=State.FAILED)
    Bounce.objects.update(words=nasty)
    subscriber = row(mailing, 5).subscriber
    acting._stop(subscriber, nasty)
    client = login(Role.CHIEF_EDITOR)

    for url in (
        reverse("mailing:inspect", args=[mailing.pk]),
        reverse("delivery:index"),
        reverse("subscriber:inspect", args=[subscriber.pk]),
        reverse("newsletter_statistics"),
        reverse("newsletter_move_mailing", args=[mailing.pk, "abbrechen"]),
        "/admin/",
    ):
        assert nasty not in client.get(url).content.decode(), url


def test_lists_take_as_many_queries_for_many_rows_as_for_few(mailing, issue):
    client = login(Role.CHIEF_EDITOR)
    urls = [reverse("delivery:index"), reverse("mailing:inspect", args=[mailing.pk]), reverse("newsletter_statistics")]

    def counted() -> list[int]:
        numbers = []
        for url in urls:
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            numbers.append(len(queries))
        return numbers

    counted()
    before = counted()
    for number in range(2, 5):
        another(issue, number).deliveries.update(state=State.FAILED, reply="550 5.1.1 No")
    mailing.deliveries.update(state=State.FAILED, reply="550 5.1.1 No")

    assert counted() == before
