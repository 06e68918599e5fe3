"""The link of every mail that ends a subscription, as readers, mail programs and link scanners use it (RFC 8058)."""

import re

import pytest

from newsletter import tokens
from newsletter.models import ConsentRecord, Subscriber
from newsletter.sending import delivering, mailings
from newsletter.subscribing import consent

pytestmark = pytest.mark.django_db
Event = ConsentRecord.Event
State = Subscriber.State


def test_one_click_needs_neither_cookie_nor_origin_and_tells_nothing(client, subscribe, site):
    subscriber = subscribe("kim@example.org")
    path = f"/newsletter/abmelden/{tokens.make('unsubscribe', subscriber.key)}/"
    for _visit in range(3):
        assert client.get(path).status_code == 200
    subscriber.refresh_from_db()
    assert subscriber.state == State.ACTIVE

    known = client.post(path, {"List-Unsubscribe": "One-Click"})
    unknown = client.post("/newsletter/abmelden/erfunden/", {"List-Unsubscribe": "One-Click"})
    again = client.post(path, {"List-Unsubscribe": "One-Click"})

    assert known.status_code == unknown.status_code == again.status_code == 200
    strip = re.compile(r"/newsletter/abmelden/[^\"]*")
    assert strip.sub("", known.content.decode()) == strip.sub("", unknown.content.decode())
    assert not known.cookies
    subscriber.refresh_from_db()
    assert subscriber.state == State.UNSUBSCRIBED
    assert subscriber.consents.filter(event=Event.WITHDRAWN).count() == 1
    assert consent.is_suppressed("KIM@example.org")


def test_one_click_works_with_the_csrf_check_switched_on(subscribe, site):
    from django.test import Client

    subscriber = subscribe("kim@example.org")
    strict = Client(enforce_csrf_checks=True)

    response = strict.post(f"/newsletter/abmelden/{tokens.make('unsubscribe', subscriber.key)}/")

    assert response.status_code == 200
    subscriber.refresh_from_db()
    assert subscriber.state == State.UNSUBSCRIBED


def test_unsubscribing_holds_for_a_mailing_on_its_way(client, subscribe, issue, smtp_server):
    stays, leaves = subscribe("bleibt@example.org"), subscribe("geht@example.org")
    mailing = mailings.start_mailing(issue)

    client.post(f"/newsletter/abmelden/{tokens.make('unsubscribe', leaves.key)}/", {"List-Unsubscribe": "One-Click"})
    delivering.deliver(mailing.pk)

    assert [one.recipients for one in smtp_server.received] == [[stays.email]]
    assert mailing.deliveries.get(subscriber=leaves).state == "skipped"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
         "multipart/form-data; boundary=x"),
        (b"broken", "multipart/form-data"),
        (b"x" * 3_000_000, "application/x-www-form-urlencoded"),
        (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded; charset=latin-1"),
        (b"\x00\xff", "text/plain"),
        (b"", ""),
    ],
)  # fmt: skip
def test_whatever_a_mail_program_sends_unsubscribes(client, subscribe, site, body, kind):
    subscriber = subscribe("kim@example.org")

    response = client.post(f"/newsletter/abmelden/{tokens.make('unsubscribe', subscriber.key)}/", body, kind)

    assert response.status_code == 200 and not response.cookies
    subscriber.refresh_from_db()
    assert subscriber.state == State.UNSUBSCRIBED
