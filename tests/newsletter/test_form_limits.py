"""A thousand robots at the forms: how many requests are taken and how many mails leave."""

import datetime

import pytest
import redis
import time_machine
from django.core.cache import cache
from django.test import RequestFactory
from django.utils import timezone

from home.rate_limit import client_network
from newsletter import tasks
from newsletter.models import ConsentRecord, Subscriber
from newsletter.subscribing import consent, limits, system_mail

pytestmark = pytest.mark.django_db
Event = ConsentRecord.Event


@pytest.fixture
def sign_ups(wording):
    """Sign-ups that got past the form, however many; then the mails that are due."""

    def make(addresses):
        for address in addresses:
            record = consent.sign_up(address, topics=[], text=wording, source="https://www.example.org/")
            tasks.answer_sign_up(record.pk)

    return make


@pytest.mark.slow  # a thousand sign-ups
def test_a_thousand_sign_ups_from_everywhere_send_few_mails(sign_ups, smtp_server):
    with time_machine.travel(timezone.now(), tick=False):
        sign_ups(f"opfer@domain{number}.example.org" for number in range(1000))

    most_in_an_hour = limits.MAILS[0][0]
    assert len(smtp_server.received) == most_in_an_hour
    assert system_mail.unanswered() == [], "the sweep queues nothing while there is no room"


def test_the_rest_of_the_day_brings_no_flood_either(sign_ups, smtp_server, monkeypatch):
    monkeypatch.setattr(limits, "MAILS", ((8, limits.HOUR), (20, limits.DAY)))
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_ups(f"opfer@domain{number}.example.org" for number in range(60))
        for _hour in range(23):
            clock.shift(datetime.timedelta(hours=1))
            for record in system_mail.unanswered():
                tasks.answer_sign_up(record)

    assert len(smtp_server.received) == 20


def test_mails_to_one_domain_are_few(sign_ups, smtp_server, monkeypatch):
    monkeypatch.setattr(limits, "MAILS_TO_A_DOMAIN", 5)
    with time_machine.travel(timezone.now(), tick=False):
        sign_ups(f"name{number}@opfer.example.org" for number in range(12))
        sign_ups(["kim@andere.example.org"])

    assert len(smtp_server.received) == 5 + 1
    assert smtp_server.received[-1].recipients == ["kim@andere.example.org"]


def test_one_address_gets_three_mails_a_day(sign_ups, smtp_server):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _time in range(20):
            sign_ups(["opfer@example.org"])
            clock.shift(datetime.timedelta(minutes=6))
        assert system_mail.unanswered() == [], "not even by the sweep"

    assert len(smtp_server.received) == limits.MAILS_TO_AN_ADDRESS


def test_one_place_sends_so_many_forms_and_is_told_when_to_come_back(fill):
    answers = [fill(f"a{number}@example.org", REMOTE_ADDR="192.0.2.1") for number in range(35)]

    assert [answer.status_code for answer in answers] == [200] * 30 + [429] * 5
    assert answers[-1]["Retry-After"] == "3600"
    assert "in einer Stunde noch einmal" in answers[-1].content.decode()
    assert Subscriber.objects.count() == limits.REQUESTS_FROM_A_PLACE


def test_forms_of_one_address_are_written_down_some_times_only(fill):
    answers = {fill("opfer@example.org").content for _time in range(10)}

    assert len(answers) == 1
    assert ConsentRecord.objects.filter(event=Event.SIGNED_UP).count() == limits.REQUESTS_FOR_AN_ADDRESS


def test_a_lost_redis_stops_neither_the_form_nor_the_limits_of_mails(
    fill, sign_ups, smtp_server, settings, monkeypatch
):
    monkeypatch.setattr(limits, "MAILS", ((5, limits.HOUR),))
    nowhere = {"BACKEND": "cms.cache.FailOpenRedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = settings.CACHES | {"default": nowhere}

    assert fill().status_code == 200
    with time_machine.travel(timezone.now(), tick=False):
        sign_ups(f"opfer@domain{number}.example.org" for number in range(20))

    assert len(smtp_server.received) == 5


def test_what_the_cache_knows_of_a_place_names_nobody_and_goes_away(valkey, settings):
    settings.CACHES = {"default": {"BACKEND": "cms.cache.FailOpenRedisCache", "LOCATION": valkey}}
    request = RequestFactory().post("/", REMOTE_ADDR="192.0.2.77")

    with redis.Redis.from_url(valkey) as client:
        client.flushall()
        for _time in range(3):
            limits.may_ask(request)
            limits.may_ask_for("kim@example.org")
        stored = {key: client.ttl(key) for key in client.scan_iter()}
        everything = str(stored) + str([client.get(key) for key in stored])
        client.flushall()

    assert len(stored) == 2
    assert all(0 < left <= limits.DAY.total_seconds() for left in stored.values())
    assert min(stored.values()) <= limits.HOUR.total_seconds()
    assert "192.0" not in everything and "kim" not in everything


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", "127.0.0.1"),
    ],
)
def test_a_line_with_many_addresses_is_one_place(address, network):
    assert client_network(RequestFactory().get("/", REMOTE_ADDR=address)) == network


def test_a_place_behind_a_proxy_is_the_visitor_and_not_what_they_claim(settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    forwarded = {"HTTP_X_FORWARDED_FOR": "203.0.113.9, 198.51.100.7"}

    assert client_network(RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", **forwarded)) == "198.51.100.7"
    assert client_network(RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", **forwarded)) == "192.0.2.1"


def test_robots_fill_what_nobody_sees_and_get_no_mail(fill):
    for number in range(20):
        assert fill(f"a{number}@example.org", website="x").status_code == 200

    assert not Subscriber.objects.exists()
    cache.clear()
