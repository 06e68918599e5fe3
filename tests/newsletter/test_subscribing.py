"""Sign-up and confirmation, as visitors, robots and link scanners use them."""

import datetime
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from newsletter import tokens
from newsletter.models import ConsentRecord, Subscriber, Suppression
from newsletter.subscribing import address_change, consent, system_mail
from tests.accounts_content import OURS
from tests.queues import waiting

pytestmark = pytest.mark.django_db
FORM = "/newsletter/anmelden/"
Event = ConsentRecord.Event
State = Subscriber.State


def test_the_form_shows_the_wording_sets_no_cookie_and_is_not_kept(client, wording, topic, site):
    response = client.get(FORM)

    assert response.status_code == 200
    assert wording.text in response.content.decode()
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]
    assert not re.search(r'name="consent"[^>]*checked', response.content.decode())


def test_a_sign_up_is_written_down_and_confirmed_by_a_button(fill, client, wording, topic, smtp_server):
    response = fill("Kim@Example.org", topics=["termine"], name="Kim")
    record = ConsentRecord.objects.get()
    system_mail.answer_sign_up(record.pk)

    assert response.status_code == 200 and not response.cookies
    assert (record.event, record.text, record.topics) == (Event.SIGNED_UP, wording, ["termine"])
    assert record.source == "http://testserver/newsletter/anmelden/"
    mail = smtp_server.received[0].message
    link = re.search(r"https://www\.example\.org(\S+)", mail.get_body(("plain",)).get_content())[1]
    assert link in mail.get_body(("html",)).get_content()
    assert mail["Auto-Submitted"] == "auto-generated"
    for _visit in range(3):
        assert client.get(link).status_code == client.head(link).status_code == 200
    assert Subscriber.objects.get().state == State.UNCONFIRMED
    assert client.post(link, **OURS).status_code == 200
    assert client.post(link, **OURS).status_code == 200, "a second press is harmless"
    subscriber = Subscriber.objects.get()
    assert (subscriber.state, subscriber.name) == (State.ACTIVE, "Kim")
    assert [one.slug for one in subscriber.topics.all()] == ["termine"]
    events = list(ConsentRecord.objects.order_by("pk").values_list("event", flat=True))
    assert events == [Event.SIGNED_UP, Event.MAILED, Event.CONFIRMED]


def test_known_and_unknown_addresses_get_the_same_answer(fill, subscribe):
    subscribe("bekannt@example.org")
    left = subscribe("weg@example.org")
    consent.unsubscribe(left.key)
    consent.suppress("beschwerde@example.org", Suppression.Reason.COMPLAINT)

    answers = {
        fill(f"{name}@example.org").content.decode().replace(name, "…")
        for name in ("bekannt", "neu", "weg", "beschwerde")
    }

    assert len(answers) == 1
    assert not Subscriber.objects.filter(email="beschwerde@example.org").exists()


def test_somebody_subscribed_gets_a_hint_instead_and_stays_subscribed(fill, subscribe, smtp_server):
    subscribe("bekannt@example.org")
    fill("bekannt@example.org")

    assert system_mail.answer_sign_up(ConsentRecord.objects.latest("pk").pk)

    assert "schon angemeldet" in smtp_server.received[0].message["Subject"]
    assert Subscriber.objects.get().state == State.ACTIVE


def test_many_sign_ups_of_one_address_send_one_mail(fill, smtp_server):
    for _time in range(10):
        fill("opfer@example.org")
        system_mail.answer_sign_up(ConsentRecord.objects.filter(event=Event.SIGNED_UP).latest("pk").pk)

    assert len(smtp_server.received) == 1


def test_the_mail_after_a_sign_up_does_not_wait_behind_mailings(fill, broker):
    fill("eins@example.org")

    assert (waiting(broker), waiting(broker, "mail")) == (1, 0)


def test_the_sweep_finds_sign_ups_that_no_mail_followed(fill, smtp_server):
    fill()
    record = ConsentRecord.objects.get()
    assert system_mail.unanswered() == [], "the task that was queued has it"

    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=2), tick=True):
        assert system_mail.unanswered() == [record.pk]
        system_mail.answer_sign_up(record.pk)
        assert system_mail.unanswered() == []


def test_an_address_that_the_server_does_not_know_is_not_asked_again(fill, smtp_server):
    smtp_server.replies["kim@example.org"] = "550 5.1.1 No such user"
    fill()

    assert system_mail.answer_sign_up(ConsentRecord.objects.get().pk) is False

    assert not Subscriber.objects.exists(), "nobody has consented to anything"
    assert not ConsentRecord.objects.exists()


@pytest.mark.parametrize("before", [State.UNSUBSCRIBED, State.STOPPED])
def test_a_refused_attempt_leaves_an_old_subscription_as_it_was(fill, subscribe, smtp_server, before):
    known = subscribe("kim@example.org", name="Kim")
    unsubscribed_at = timezone.now() if before == State.UNSUBSCRIBED else None
    Subscriber.objects.update(state=before, unsubscribed_at=unsubscribed_at)
    proven = known.consents.count()
    smtp_server.replies["kim@example.org"] = "550 5.1.1 No such user"
    fill(name="Scherz")

    system_mail.answer_sign_up(ConsentRecord.objects.last().pk)

    known.refresh_from_db()
    assert (known.state, known.name, known.consents.count()) == (before, "", proven)


def test_an_address_whose_server_says_later_is_asked_again(fill, smtp_server):
    smtp_server.replies["kim@example.org"] = "450 4.2.0 Greylisted"
    fill()
    record = ConsentRecord.objects.get()

    assert system_mail.answer_sign_up(record.pk) is False

    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=2), tick=True):
        assert system_mail.unanswered() == [record.pk]


@pytest.mark.parametrize(
    "headers", [{}, {"HTTP_SEC_FETCH_SITE": "cross-site"}, {"HTTP_ORIGIN": "https://evil.example"}]
)
def test_a_form_of_another_site_is_refused(fill, headers):
    assert fill(headers=headers).status_code == 403
    assert not Subscriber.objects.exists()


def test_an_old_browser_is_known_by_its_origin(fill):
    assert fill(headers={"HTTP_ORIGIN": "https://www.example.org"}).status_code == 200
    assert Subscriber.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"consent": None},
        {"email": ""},
        {"email": "kim@"},
        {"email": '"kim"@example.org'},
        {"email": "a@example.org\nBcc: b@example.org"},
        {"email": "ä@example.org"},
        {"email": "a" * 250 + "@example.org"},
        {"seconds": 1},
        {"seconds": 60 * 60 * 24},
        {"shown": "made up"},
        {"name": "http://example.com/"},
        {"topics": ["unbekannt"]},
    ],
)
def test_what_is_wrong_is_said_in_a_summary(fill, topic, changes):
    response = fill(**changes)

    assert response.status_code == 422
    assert "Bitte prüfen Sie Ihre Angaben" in response.content.decode()
    assert not Subscriber.objects.exists()


def test_the_summary_names_the_consent_in_one_word(fill):
    page = fill(consent=None, seconds=0).content.decode()

    assert "Einwilligung: Ohne Ihre Einwilligung" in page
    assert "sehr schnell" not in page, "one thing at a time"


def test_a_robot_that_fills_everything_gets_thanks_and_nothing_else(fill):
    assert fill(website="https://example.com").status_code == 200
    assert not Subscriber.objects.exists()


def test_an_international_domain_is_kept_readable(fill):
    fill("kim@KÖTHEN.example.org")

    assert Subscriber.objects.get().email == "kim@köthen.example.org"


def test_an_old_confirmation_link_does_not_bring_anybody_back(client, subscribe, wording, site):
    subscriber = subscribe("kim@example.org")
    old = tokens.make_confirmation(subscriber.key, subscriber.consents.get(event=Event.SIGNED_UP).pk)
    consent.unsubscribe(subscriber.key)
    new = consent.sign_up("kim@example.org", topics=[], text=wording, source="x")

    assert client.post(f"/newsletter/bestaetigen/{old}/", **OURS).status_code == 404
    subscriber.refresh_from_db()
    assert subscriber.state == State.UNCONFIRMED

    consent.confirm(tokens.make_confirmation(subscriber.key, new.pk))
    subscriber.refresh_from_db()
    assert subscriber.state == State.ACTIVE
    assert not consent.is_suppressed("kim@example.org")


def test_fifty_visits_of_scanners_change_nothing(client, subscribe, fill, settings_path, topic):
    subscriber = subscribe("kim@example.org", name="Kim")
    fill("offen@example.org")
    change = address_change.ask(subscriber, "neu@example.org")
    waiting = ConsentRecord.objects.get(event=Event.SIGNED_UP, subscriber__email="offen@example.org")
    paths = [
        FORM,
        "/newsletter/einstellungen/",
        f"/newsletter/bestaetigen/{tokens.make_confirmation(waiting.subscriber.key, waiting.pk)}/",
        f"/newsletter/bestaetigen/{tokens.make_address_change(subscriber.key, change.pk)}/",
        f"/newsletter/abmelden/{tokens.make('unsubscribe', subscriber.key)}/",
        settings_path(subscriber),
        settings_path(subscriber, "adresse/"),
        settings_path(subscriber, "loeschen/"),
        settings_path(subscriber, "daten.json"),
    ]
    tables = [Subscriber, ConsentRecord, Suppression, Subscriber.topics.through]
    before = [list(table.objects.order_by("pk").values()) for table in tables]

    answers = [client.generic(method, path) for _visit in range(3) for path in paths for method in ("GET", "HEAD")]

    assert len(answers) >= 50
    assert {answer.status_code for answer in answers} <= {200, 405}
    assert not any(answer.cookies for answer in answers)
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before


def test_known_and_unknown_addresses_cost_the_same(fill, subscribe):
    """Nobody can learn from the time of an answer who reads the newsletter: the same steps are taken."""
    subscribe("bekannt@example.org")

    def steps(path, email):
        with CaptureQueriesContext(connection) as queries:
            fill(email, path)
        return len(queries)

    assert abs(steps(FORM, "bekannt@example.org") - steps(FORM, "unbekannt@example.org")) <= 4
    link = "/newsletter/einstellungen/"
    assert steps(link, "bekannt@example.org") == steps(link, "nirgends@example.org")


def test_a_worker_is_asked_for_unknown_addresses_too(fill, subscribe, broker):
    consent.suppress("beschwerde@example.org", Suppression.Reason.COMPLAINT)
    fill("beschwerde@example.org")
    fill("unbekannt@example.org", "/newsletter/einstellungen/")

    assert waiting(broker) == 2
    assert system_mail.answer_sign_up(0) is system_mail.send_settings_link(0) is False


def test_the_confirmation_mail_says_what_for_and_nothing_else(fill, wording, smtp_server):
    """Everything a court could call advertising is missing: images, banners, other links, what a stranger typed."""
    fill(name="Gewinnspiel Jetzt")
    system_mail.answer_sign_up(ConsentRecord.objects.get().pk)

    message = smtp_server.received[0].message
    html, text = (message.get_body((kind,)).get_content() for kind in ("html", "plain"))
    link = re.search(r"https://www\.example\.org/newsletter/bestaetigen/\S+/", text)[0]
    assert set(re.findall(r"https?://[^\s\"<]+", html + text)) == {link, "https://www.example.org/impressum/"}
    assert not re.search(r"<(img|svg|picture|style|script|link|iframe|form)\b|url\(|background=|Gewinnspiel", html)
    assert {part.get_content_type() for part in message.walk()} == {
        "multipart/alternative", "text/plain", "text/html",
    }  # fmt: skip
    for part in (html, text):
        words = " ".join(part.split())
        assert "Uhr hat jemand" in words and "testserver/newsletter/anmelden/" in words
        assert wording.text in words and "müssen Sie nichts tun" in words and "Impressum" in words
        assert "Auslandsgesellschaft" in words
    assert 'lang="de"' in html and html.count("<h1") == 1
    assert max(len(line) for line in text.splitlines() if "http" not in line) <= 72
    assert not message.defects and message["List-Unsubscribe"] is None


def test_the_newest_name_counts_until_somebody_confirms(fill):
    fill(name="Wer Anders")
    fill(name="Kim")

    assert Subscriber.objects.get().name == "Kim"


@pytest.mark.parametrize("name", ["Kim\r\nBcc: x@example.org", "Kim\x00", "Kim;=1+1", "www.example.com", "x" * 151])
def test_names_are_names(fill, name):
    assert fill(name=name).status_code == 422
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize(
    "email",
    [
        "a@example.org\r\nBcc: b@example.org", "kim\x00@example.org", '"kim b"@example.org', "kim@-example.org",
        "kim@[127.0.0.1]", "a" * 65 + "@example.org", "kim@" + "a." * 125 + "org", "kim@xn--a.org", "x" * 100_000,
        "kim@example.org, lee@example.org", "<kim@example.org>", "kim@localhost", "kim@exam\u200bple.org",
    ],
)  # fmt: skip
def test_what_is_no_address_goes_nowhere(fill, email):
    response = fill(email)

    assert response.status_code == 422 and not Subscriber.objects.exists()


def test_a_huge_form_is_refused_and_breaks_nothing(client, wording, site):
    body = "email=" + "x" * 3_000_000

    assert client.post(FORM, body, "application/x-www-form-urlencoded", **OURS).status_code == 400


def test_two_spellings_of_a_domain_are_one_address(fill, subscribe):
    subscriber = subscribe("kim@köthen.example.org")
    consent.unsubscribe(subscriber.key)

    assert consent.is_suppressed("KIM@xn--kthen-jua.example.org")


def test_without_a_wording_nobody_can_sign_up(client, db, site):
    assert client.get(FORM).status_code == 503
