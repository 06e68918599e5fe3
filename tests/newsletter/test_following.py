"""Following a mailing in the admin: its page with progress, figures and who decided what."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from home.roles import Role
from newsletter.bounces import acting
from newsletter.following.progress import Progress
from newsletter.models import Bounce, Delivery, MailboxState, Mailing
from newsletter.sending import mailings
from tests.newsletter.mixed_mailing import login, row, text
from tests.newsletter.returned_mails import another

pytestmark = pytest.mark.django_db
State = Delivery.State


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
