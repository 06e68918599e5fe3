"""From the draft to the released mailing: four eyes, test mails, schedules, and the proof of what was sent."""

import datetime

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from home.models import ContentPage
from home.roles import Role
from newsletter.composing import authorship
from newsletter.errors import GateClosed, Refused, SamePerson
from newsletter.models import Delivery, Mailing, NewsletterIndexPage, NewsletterIssuePage
from newsletter.sending import mailings, sweeping
from tests.accounts_content import member

pytestmark = pytest.mark.django_db
LATER = timezone.now() + datetime.timedelta(days=2)


@pytest.fixture
def person(site):
    def make(role, name="eins"):
        return member(role, email=f"{role.name.lower()}.{name}@example.org")

    return make


@pytest.fixture
def login(client, person):
    def enter(role, name="eins"):
        user = person(role, name)
        client.force_login(user)
        return client

    return enter


def write(issue, user, **fields):
    for name, value in fields.items():
        setattr(issue, name, value)
    issue.save_revision(user=user)
    return issue


def publish(issue, user):
    issue.get_latest_revision().publish(user=user)
    return NewsletterIssuePage.objects.get(pk=issue.pk)


def test_whoever_wrote_does_not_release(issue, subscribe, person):
    subscribe("leser@example.org")
    writer, chief = person(Role.CHIEF_EDITOR, "schreibt"), person(Role.CHIEF_EDITOR, "gibt-frei")
    write(issue, writer, intro="Neu geschrieben.")
    issue = publish(issue, chief)

    with pytest.raises(SamePerson, match="Wer schreibt, gibt nicht frei"):
        mailings.start_mailing(issue, user=writer)
    mailing = mailings.start_mailing(issue, user=chief)

    assert (mailing.created_by, mailing.written_by) == (chief, writer)


def test_pressing_publish_without_a_change_makes_nobody_the_author(issue, person):
    writer, chief = person(Role.EDITOR), person(Role.CHIEF_EDITOR)
    write(issue, writer, intro="Neu geschrieben.")
    write(issue, chief)
    issue = publish(issue, chief)

    assert authorship.author_of(issue) == writer.pk

    write(issue, chief, intro="Noch ein Wort geändert.")
    assert authorship.author_of(publish(issue, chief)) == chief.pk


def test_one_person_may_do_both_where_the_setting_says_so(issue, subscribe, person, settings):
    subscribe("leser@example.org")
    chief = person(Role.CHIEF_EDITOR)
    write(issue, chief, intro="Allein.")
    settings.NEWSLETTER_FOUR_EYES = False

    assert mailings.start_mailing(publish(issue, chief), user=chief).written_by == chief


def test_the_page_says_who_may_not_release_and_why(issue, subscribe, login):
    subscribe("leser@example.org")
    client = login(Role.CHIEF_EDITOR)
    chief = get_user_model().objects.get(email__startswith="chief_editor")
    write(issue, chief, intro="Von mir.")
    publish(issue, chief)
    url = reverse("newsletter_send_issue", args=[issue.pk])

    page = client.get(url).content.decode()
    posted = client.post(url, {"recipients": "1"}, follow=True).content.decode()

    assert "Wer schreibt, gibt nicht frei" in page and "versenden</button>" not in page
    assert "Wer schreibt, gibt nicht frei" in posted
    assert not Mailing.objects.exists()


def test_an_editor_checks_and_tests_but_does_not_release(issue, subscribe, login):
    subscribe("leser@example.org")
    client = login(Role.EDITOR)
    url = reverse("newsletter_send_issue", args=[issue.pk])
    write(issue, None, intro="Guten Tag {{ vorname }}")

    page = client.get(url).content.decode()

    assert "1 Fehler verhindert den Versand." in page
    assert "{{ vorname }}" in page
    assert f"/admin/pages/{issue.pk}/edit/#panel-child-content-intro-section" in page
    assert "Freigeben" not in page
    assert client.post(url, {"recipients": "1"}).status_code in (302, 403)
    assert not Mailing.objects.exists()


def test_what_the_gate_finds_keeps_the_page_from_releasing(issue, subscribe, login):
    subscribe("leser@example.org")
    client = login(Role.CHIEF_EDITOR)
    write(issue, None, intro="TODO")
    publish(issue, None)
    url = reverse("newsletter_send_issue", args=[issue.pk])

    assert "Bitte beheben Sie zuerst die Fehler." in client.get(url).content.decode()
    answer = client.post(url, {"recipients": "1", "at": "15.01.2099 08:30"}, follow=True).content.decode()

    assert "Die Prüfung lässt den Versand nicht zu" in answer
    assert not Mailing.objects.exists()


def test_the_last_look_counts_people_by_topic_and_each_once(issue, subscribe, login, topic):
    from home.models import Topic

    other = Topic.objects.create(name="Förderung", slug="foerderung", newsletter=True)
    issue.topics.set([topic, other])
    issue.save()
    subscribe("a@example.org", topics=[topic])
    subscribe("b@example.org", topics=[topic, other])
    subscribe("c@example.org")
    subscribe("d@example.org", topics=[Topic.objects.create(name="Anderes", slug="anderes", newsletter=True)])

    rows = mailings.audience_by_topic(issue)
    page = login(Role.CHIEF_EDITOR).get(reverse("newsletter_send_issue", args=[issue.pk])).content.decode()

    assert {str(row.topic): row.people for row in rows} == {"Termine": 2, "Förderung": 1, "None": 1}
    assert "An 3 Personen versenden" in page and "Ohne Auswahl, bekommen alles" in page


def test_a_test_mail_is_marked_harmless_and_counted_nowhere(issue, subscribe, login, smtp_server):
    reader = subscribe("leser@example.org")
    client = login(Role.EDITOR)
    write(issue, None, intro="Noch nicht veröffentlicht.")

    answer = client.post(
        reverse("newsletter_test_mail", args=[issue.pk]),
        {"addresses": "eins@example.org; zwei@köthen.example.org"},
        follow=True,
    )

    assert "Die Testmail ist unterwegs an 2 Adressen." in answer.content.decode()
    received = smtp_server.received
    assert [one.recipients for one in received] == [["eins@example.org"], ["zwei@xn--kthen-jua.example.org"]]
    parsed = received[0].message
    assert not parsed.defects and parsed["Subject"] == "[TEST] Grüße aus Halle"
    html = parsed.get_body(("html",)).get_content()
    assert "Noch nicht veröffentlicht." in html and "Kim Beispiel" in html
    link = parsed["List-Unsubscribe"].split(">")[0].lstrip("<").removeprefix("https://www.example.org")
    assert client.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    reader.refresh_from_db()
    assert reader.state == "active"
    assert not Mailing.objects.exists() and not Delivery.objects.exists()


@pytest.mark.parametrize(
    "addresses",
    ["", "keine-adresse", "a@example.org\r\nBcc: b@example.org,c", ",".join(f"a{n}@example.org" for n in range(6))],
)
def test_test_mails_go_to_a_few_real_addresses_only(issue, login, addresses):
    login(Role.EDITOR).post(reverse("newsletter_test_mail", args=[issue.pk]), {"addresses": addresses})

    assert mail.outbox == []


def test_one_person_cannot_send_test_mails_without_end(issue, login, monkeypatch):
    monkeypatch.setattr("newsletter.sending.admin_views.TESTS", 1)
    client, url = login(Role.EDITOR), reverse("newsletter_test_mail", args=[issue.pk])

    for _attempt in range(3):
        client.post(url, {"addresses": "eins@example.org"})

    assert len(mail.outbox) == 1


def test_a_schedule_can_be_moved_and_cancelled_until_it_begins(issue, subscribe, login):
    subscribe("leser@example.org")
    mailing = mailings.start_mailing(issue, at=LATER)
    client = login(Role.CHIEF_EDITOR)
    url = reverse("newsletter_reschedule", args=[mailing.pk])

    assert "Geplant für" in client.get(reverse("newsletter_send_issue", args=[issue.pk])).content.decode()
    client.post(url, {"at": "15.07.2099 08:30"})
    mailing.refresh_from_db()
    assert mailing.scheduled_at.isoformat() == "2099-07-15T06:30:00+00:00", "German summer time"
    assert mailing.deliveries.get().not_before == mailing.scheduled_at

    for wrong in ("15.07.2001 08:30", "morgen", "31.02.2099 08:00", ""):
        client.post(url, {"at": wrong})
    mailing.refresh_from_db()
    assert mailing.scheduled_at.year == 2099

    client.post(reverse("newsletter_move_mailing", args=[mailing.pk, "abbrechen"]))
    mailing.refresh_from_db()
    assert mailing.state == Mailing.State.CANCELLED
    with pytest.raises(Refused):
        mailings.reschedule(mailing, LATER)


def test_a_mail_that_spoils_before_its_time_waits_for_an_editor(issue, subscribe, login):
    subscribe("leser@example.org")
    home = issue.get_site().root_page
    page = home.add_child(instance=ContentPage(title="Anmeldung", slug="anmeldung", body=[]))
    issue.body = [("call_to_action", {"text": "", "button": "Anmelden", "page": page, "url": ""})]
    issue.save_revision().publish()
    mailing = mailings.start_mailing(issue, at=LATER)
    page.unpublish()

    with time_machine.travel(LATER + datetime.timedelta(minutes=1), tick=True):
        assert sweeping.sweep() == []
        mailing.refresh_from_db()
        assert mailing.state == Mailing.State.OVERDUE
        with pytest.raises(GateClosed, match="„Anmelden“"):
            mailings.resume(mailing)
        client = login(Role.CHIEF_EDITOR)
        shown = client.get(reverse("newsletter_send_issue", args=[issue.pk])).content.decode()
        followed = client.get(reverse("mailing:inspect", args=[mailing.pk])).content.decode()
        page.save_revision().publish()
        mailings.resume(mailing)

        assert sweeping.sweep() == [mailing.pk]
    for found in (shown, followed):
        assert "So wird die Ausgabe nicht versandt" in found and "„Anmelden“" in found
    assert "Soll diese Ausgabe noch verschickt werden?" not in followed, "why it did not begin is said above"


def test_whoever_publishes_an_issue_is_led_to_its_release(issue, subscribe, login):
    subscribe("leser@example.org")
    write(issue, None, intro="Neu geschrieben.")
    client, there = login(Role.CHIEF_EDITOR), reverse("newsletter_send_issue", args=[issue.pk])
    form = nested_form_data(
        {
            "title": issue.title,
            "slug": issue.slug,
            "number": issue.number,
            "subject": issue.subject,
            "preheader": "",
            "intro": "Noch einmal anders.",
            "body": streamfield([("text", rich_text("<p>Bis bald.</p>"))]),
            "action-publish": "1",
        }
    )

    first = client.post(reverse("wagtailadmin_pages:edit", args=[issue.pk]), form, follow=True).content.decode()
    mailings.start_mailing(issue)
    second = client.post(reverse("wagtailadmin_pages:edit", args=[issue.pk]), form, follow=True).content.decode()

    assert "Versandt ist sie noch nicht." in first and there in first
    assert "Versandt ist sie noch nicht." not in second


def test_a_release_keeps_what_was_released_and_proves_it(issue, subscribe, login):
    subscribe("leser@example.org")
    mailing = mailings.start_mailing(issue, at=LATER)
    client = login(Role.CHIEF_EDITOR)
    edit, proof = reverse("wagtailadmin_pages:edit", args=[issue.pk]), reverse("newsletter_proof", args=[mailing.pk])
    assert "ist freigegeben für den" in client.get(edit).content.decode()

    write(issue, None, intro="Ganz anders.")
    publish(issue, None)

    assert "Inzwischen steht hier etwas anderes." in client.get(edit).content.decode()
    page = client.get(proof).content.decode()
    assert "Die Prüfsumme stimmt" in page and mailing.sha256 in page
    assert "Hier ist die erste Ausgabe." in page and "Ganz anders." not in page
    assert "/newsletter/abmelden/muster/" in page
    mailing.refresh_from_db()
    assert "Hier ist die erste Ausgabe." in mailing.html

    Mailing.objects.update(html=mailing.html.replace("erste", "zweite"))
    assert "stimmt nicht mit der Prüfsumme" in client.get(proof).content.decode()


def test_an_editor_sees_the_proof_and_a_coordinator_does_not(issue, subscribe, login, client):
    subscribe("leser@example.org")
    proof = reverse("newsletter_proof", args=[mailings.start_mailing(issue).pk])

    assert login(Role.EDITOR).get(proof).status_code == 200
    assert login(Role.COORDINATOR).get(proof).status_code in (302, 403)


def test_the_mail_as_one_person_is_shown_to_those_who_may_see_subscribers(issue, subscribe, login, topic):
    reader = subscribe("leserin@example.org", name="Rosa <b>Muster</b>", topics=[topic])
    url = reverse("newsletter_as_person", args=[issue.pk])
    assert login(Role.EDITOR).get(url).status_code in (302, 403)
    client = login(Role.CHIEF_EDITOR)

    assert "leserin@example.org" in client.get(url, {"q": "muster"}).content.decode()
    assert "Niemand heißt so." in client.get(url, {"q": "\x00%_' OR 1=1"}).content.decode()
    page = client.post(url, {"person": str(reader.pk)}, follow=True).content.decode()
    for nobody in ("9" * 30, "9" * 5000, "²", ""):
        assert client.post(url, {"person": nobody}).status_code == 302

    assert "Diese Person bekommt die Ausgabe." in page
    assert "Rosa &amp;lt;b&amp;gt;Muster" in page, "escaped in the mail, and again inside the frame"
    assert str(reader.key) not in page and "/newsletter/abmelden/muster/" in page


def test_collecting_in_the_admin(issue, login):
    client = login(Role.EDITOR)
    url = reverse("newsletter_collect", args=[issue.pk])
    index = NewsletterIndexPage.objects.get()

    header = client.get(reverse("wagtailadmin_pages:edit", args=[issue.pk])).content.decode()
    empty = client.get(url).content.decode()
    nothing = client.post(url, {"news": ["reports-1", "x", "documents-"]}, follow=True).content.decode()
    offer = client.get(reverse("newsletter_new_issue", args=[index.pk])).content.decode()
    made = client.post(reverse("newsletter_make_issue", args=[index.pk]), follow=True)

    assert "Neues seit der letzten Ausgabe sammeln" in header
    assert "ist nichts erschienen" in empty and "Nichts übernommen" in nothing
    assert "Entwurf anlegen" in offer
    assert made.status_code == 200 and NewsletterIssuePage.objects.filter(live=False).count() == 1
    assert client.get(reverse("newsletter_make_issue", args=[index.pk])).status_code == 405


def test_only_public_documents_are_offered_and_taken(issue, login):
    from django.core.exceptions import ValidationError

    from archive.access import Level
    from tests.home.block_examples import make_document

    public, closed = make_document("Offen", Level.PUBLIC), make_document("Geheim", Level.COORDINATION)
    client = login(Role.EDITOR)

    window = client.get(reverse("public_documents_chooser:choose")).json()["html"]
    results = client.get(reverse("public_documents_chooser:choose_results")).content.decode()

    for offered in (window, results):
        assert "Offen" in offered and "Geheim" not in offered
    block = issue._meta.get_field("body").stream_block.child_blocks["documents"]
    block.clean(block.normalize({"documents": [public]}))
    with pytest.raises(ValidationError):
        block.clean(block.normalize({"documents": [public, closed]}))
