"""Coordinators are told once: of a released protocol, and when the documents of an edition are complete."""

import datetime
import re
import socket
import threading

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from archive.access import Level
from archive.models import Document, Notice
from archive.notices import sending, tasks, telling
from archive.protocols import workflow
from home.roles import Role
from tests.accounts_content import desk_of
from tests.archive.library import take_text
from tests.contents import made_once
from tests.editions_content import make_edition, make_series

pytestmark = pytest.mark.django_db
Kind = Notice.Kind
COORDINATOR, STEERING = Role.COORDINATOR.value, Role.STEERING_GROUP.value


@made_once
def edition(site):
    return make_edition(make_series(site.root_page), title="13. Ideenwerkstatt")


@made_once
def document(site):
    return take_text("Protokoll der Beratung", "Inhalt", kind="protocol", level=Level.COORDINATION)


@made_once
def released(document, users):
    workflow.submit(document.protocol, user=users["admin"], tell=False)
    workflow.release(document.protocol, user=users["admin"])
    return document


def told(**fields):
    return sorted(Notice.objects.filter(**fields).values_list("user__email", flat=True))


def deliver_all():
    return [sending.deliver(notice.pk) for notice in sending.waiting()]


def test_steering_group_hears_of_a_review_and_all_of_the_release(document, users):
    workflow.submit(document.protocol, user=users["admin"])
    workflow.release(document.protocol, user=users["admin"])

    assert told(kind=Kind.PROTOCOL_REVIEW) == [users[STEERING].email]
    assert told(kind=Kind.PROTOCOL_RELEASED) == sorted([users[COORDINATOR].email, users[STEERING].email])


def test_next_round_is_told_anew(document, users):
    for _ in range(2):
        workflow.submit(document.protocol, user=users["admin"])
        waiting = sending.waiting().count()
        workflow.take_back(document.protocol, user=users["admin"])

    assert waiting == 1
    assert not Notice.objects.exists()


def test_only_those_are_told_who_may_read_it(document, users):
    Document.objects.filter(pk=document.pk).update(level=Level.STEERING_GROUP)
    users[STEERING].groups.add(*users[COORDINATOR].groups.all())
    workflow.submit(document.protocol, user=users["admin"], tell=False)
    workflow.release(document.protocol, user=users["admin"])

    assert told() == [users[STEERING].email]


def test_locked_accounts_are_not_told(document, users, django_user_model):
    django_user_model.objects.filter(pk=users[COORDINATOR].pk).update(is_active=False)
    workflow.submit(document.protocol, user=users["admin"], tell=False)
    workflow.release(document.protocol, user=users["admin"])

    assert told() == [users[STEERING].email]


def test_mail_names_the_protocol_and_leads_to_it(released, users, mailoutbox, settings):
    settings.BASE_URL = "https://www.example.org"

    deliver_all()

    mail = next(mail for mail in mailoutbox if mail.to == [users[COORDINATOR].email])
    html = mail.alternatives[0].content
    address = f"https://www.example.org/archiv/{released.pk}/"
    assert mail.subject == "IKOE: Protokoll freigegeben"
    assert mail.extra_headers["Auto-Submitted"] == "auto-generated"
    assert not mail.attachments
    for text in (mail.body, html):
        assert "„Protokoll der Beratung“" in text
        assert address in text
    assert len(mailoutbox) == 2


def test_nobody_is_told_twice(released, mailoutbox, users):
    keys = list(sending.waiting().values_list("pk", flat=True))

    for _ in range(2):
        telling.tell(Kind.PROTOCOL_RELEASED, document=released)
        for key in keys:
            tasks.deliver_notice(key)
        with time_machine.travel(timezone.now() + datetime.timedelta(hours=1)):
            tasks.sweep_notices()

    assert sorted(mail.to[0] for mail in mailoutbox) == sorted([users[COORDINATOR].email, users[STEERING].email])
    assert not Notice.objects.exclude(mail_error="").exists()


def test_who_may_not_see_it_any_more_is_not_told(released, mailoutbox):
    Document.objects.filter(pk=released.pk).update(level=Level.EDITORS)

    assert deliver_all() == [False, False]

    assert not mailoutbox
    assert not Notice.objects.exists()


def test_broker_that_is_away_leaves_it_to_the_sweep(released, mailoutbox, settings):
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=30)):
        tasks.sweep_notices()
        early = len(mailoutbox)
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=2)):
        tasks.sweep_notices()

    assert (early, len(mailoutbox)) == (0, 2)


# What mail servers answer


@pytest.fixture
def notice(released, users):
    Notice.objects.filter(user=users[STEERING]).delete()
    return Notice.objects.get()


@pytest.mark.parametrize(("reply", "again"), [("451 4.7.1 Greylisted", True), ("550 5.1.1 No such user", False)])
def test_refusal_is_written_down_and_a_passing_one_tried_again(notice, smtp_server, reply, again):
    smtp_server.replies[notice.user.email] = reply

    sending.deliver(notice.pk)

    notice.refresh_from_db()
    assert (notice.mailed_at, notice.mail_error) == (None, reply)
    smtp_server.replies.clear()
    assert sending.waiting().exists() == again
    assert sending.deliver(notice.pk) == again
    assert len(smtp_server.received) == again


def test_server_that_is_away_is_tried_again(notice, settings, smtp_server):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = nobody.getsockname()[1]
        sending.deliver(notice.pk)
    notice.refresh_from_db()
    answer = notice.mail_error
    settings.EMAIL_PORT = smtp_server.port

    assert answer == sending.UNREACHABLE
    assert sending.deliver(notice.pk)
    notice.refresh_from_db()
    assert notice.mailed_at
    assert notice.mail_error == ""


class Silent(threading.Thread):
    """An SMTP server that takes a mail and hangs up before it has answered."""

    def __init__(self):
        super().__init__(daemon=True)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def run(self):
        connection, _ = self.listener.accept()
        with self.listener, connection, connection.makefile("rwb") as stream:
            answer = b"220 hello"
            while True:
                stream.write(answer + b"\r\n")
                stream.flush()
                if answer.startswith(b"354"):
                    while stream.readline() != b".\r\n":
                        pass
                    return
                answer = b"354 go on" if stream.readline().strip().lower() == b"data" else b"250 ok"


def test_mail_without_an_answer_is_uncertain_and_never_sent_again(notice, settings, users):
    server = Silent()
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port

    with pytest.raises(Exception, match="Connection unexpectedly closed"):
        sending.deliver(notice.pk)
    server.join(5)

    notice.refresh_from_db()
    assert notice.mail_error == sending.UNCERTAIN
    with time_machine.travel(timezone.now() + datetime.timedelta(hours=1)):
        assert not sending.overlooked()
        assert sending.deliver(notice.pk) is False
        assert "Ob die Mail ankam, ist unklar" in desk_of(users["admin"])


def test_two_workers_send_one_mail(notice, mailoutbox):
    """The second one comes while the first has claimed the row."""
    Notice.objects.filter(pk=notice.pk).update(mailed_at=timezone.now(), mail_error=sending.UNCERTAIN)

    assert sending.deliver(notice.pk) is False
    assert not mailoutbox


def test_desk_names_what_was_refused(notice, users):
    Notice.objects.filter(pk=notice.pk).update(mail_error="550 5.1.1 No such user")

    text = desk_of(users[Role.EDITOR.value])

    assert f"Protokoll freigegeben: Mail an {notice.user}" in text
    assert "Der Mailserver nimmt die Mail nicht an: „550 5.1.1 No such user“." in text


# The documents of an edition


@made_once
def complete(edition):
    take_text("Folien", "Öffentlich", edition=edition)
    take_text("Für Stellen", "Intern", edition=edition, level=Level.COORDINATION)
    take_text("Nur für die Gruppe", "Interner", edition=edition, level=Level.STEERING_GROUP)
    take_text("Entwurf", "Am internsten", edition=edition, kind="protocol", level=Level.PUBLIC)
    return edition


def test_mail_about_an_edition_names_what_each_person_may_see(complete, users, mailoutbox):
    telling.tell(Kind.DOCUMENTS_COMPLETE, edition=complete)
    deliver_all()

    mails = {mail.to[0]: mail for mail in mailoutbox}
    assert set(mails) == {users[COORDINATOR].email, users[STEERING].email}
    for role, titles in ((COORDINATOR, 2), (STEERING, 3)):
        body = mails[users[role].email].body
        assert re.findall(r"^- (.*)$", body, re.MULTILINE) == ["Folien", "Für Stellen", "Nur für die Gruppe"][:titles]
        assert complete.full_url in body
        assert "Entwurf" not in mails[users[role].email].alternatives[0].content


def test_editor_tells_of_an_edition_once(complete, users, client, mailoutbox, django_user_model):
    client.force_login(users[Role.EDITOR.value])
    address = reverse("archive_documents_complete", args=[complete.pk])

    pages = [client.get(address).text]
    client.post(address)
    client.post(address)
    pages.append(client.get(address).text)
    late = django_user_model.objects.create_user("spaeter@example.org")
    late.groups.add(*users[COORDINATOR].groups.all())
    pages.append(client.get(address).text)
    deliver_all()

    assert "benachrichtigen (2 Personen)" in pages[0]
    assert "Alle haben schon davon erfahren." in pages[1]
    assert "bisher insgesamt 2 Personen" in pages[1]
    assert "benachrichtigen (1 Person)" in pages[2]
    assert len(mailoutbox) == 2


def test_button_stands_at_the_edition(complete, users, client):
    client.force_login(users[Role.EDITOR.value])

    page = client.get(reverse("wagtailadmin_pages:edit", args=[complete.pk])).text

    assert reverse("archive_documents_complete", args=[complete.pk]) in page


def test_nobody_is_told_of_an_edition_without_documents(edition, users, client):
    client.force_login(users[Role.EDITOR.value])
    address = reverse("archive_documents_complete", args=[edition.pk])

    page = client.get(address).text
    client.post(address)

    assert "noch kein Dokument" in page
    assert not Notice.objects.exists()


def test_tasks_go_to_the_queue_of_quick_things():
    from cms.celery import app

    names = {"archive.notices.tasks.deliver_notice", "archive.notices.tasks.sweep_notices"}
    app.loader.import_default_modules()

    assert names <= set(app.tasks)
    assert {str(app.amqp.router.route({}, name)["queue"].name) for name in names} == {"default"}
    assert "archive.notices.tasks.sweep_notices" in {entry["task"] for entry in app.conf.beat_schedule.values()}
