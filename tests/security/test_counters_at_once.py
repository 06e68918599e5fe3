"""Twenty at the same moment: every counter has counted each of them, and no limit lets one more through."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
import redis
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from archive.access import Level
from archive.intake import take_in
from archive.models import Document, DownloadCount, ShareLink
from archive.sharing import linking
from archive.usage.counting import count_downloads
from cms.accounts import limits
from cms.models import AttemptCount, User
from home.rate_limit import is_allowed
from tests.threads import at_once, several_writers

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 20
HOUR = timedelta(hours=1)


def twenty(step):
    """What a function of a number returns for each of twenty at the same moment."""
    return at_once(*(partial(step, number) for number in range(MANY)))


def guess(rf):
    """ "in", "first" or "stopped": what becomes of one guess of a password from one place."""
    try:
        limits.attempt(limits.PASSWORD, rf.post("/", REMOTE_ADDR="198.51.100.7"), "kim@example.org")
    except limits.TooMany as stopped:
        return "first" if stopped.first else "stopped"
    return "in"


@several_writers
@pytest.mark.parametrize("begun", ["never", "long ago"])
def test_login_limit_lets_exactly_as_many_through_as_it_says(rf, begun):
    if begun == "long ago":
        guess(rf)
        AttemptCount.objects.update(count=1000, until=timezone.now() - HOUR)

    became = twenty(lambda number: guess(rf))

    most = limits.PASSWORD.here[0].most
    assert {word: became.count(word) for word in set(became)} == {"in": most, "first": 1, "stopped": MANY - most - 1}
    # The place; the account from there in five minutes; and what got that far: a day, and strangers.
    assert sorted(AttemptCount.objects.values_list("count", flat=True)) == [most, most, MANY, MANY]


@several_writers
def test_wrong_passwords_in_the_form_are_looked_at_as_often_as_the_limit_says(site, settings):
    settings.ACCOUNT_RATE_LIMITS = {}
    User.objects.create_user("kim@example.org", password="ein langes Kennwort")

    def log_in(number):
        client = Client(REMOTE_ADDR="198.51.100.7")
        return client.post("/konto/login/", {"login": "kim@example.org", "password": "falsch-falsch"}).text

    pages = twenty(log_in)

    assert sum("Zu viele Versuche" in page for page in pages) == MANY - limits.PASSWORD.here[0].most


@several_writers
def test_rate_limit_in_redis_lets_exactly_as_many_through_as_it_says(broker, settings):
    settings.CACHES = settings.CACHES | {"default": {"BACKEND": "cms.cache.FailOpenRedisCache", "LOCATION": broker}}

    allowed = twenty(lambda number: is_allowed("newsletter-from", "198.51.100.7", most=7, within=HOUR))

    assert sum(allowed) == 7
    with redis.Redis.from_url(broker) as client:
        (name,) = client.keys("*limit*")
        assert (int(client.get(name)), 0 < client.ttl(name) <= 3600) == (MANY, True)


def test_counter_that_ends_while_it_is_raised_does_not_stay_for_ever(broker, settings):
    settings.CACHES = settings.CACHES | {"default": {"BACKEND": "cms.cache.FailOpenRedisCache", "LOCATION": broker}}
    is_allowed("newsletter-from", "198.51.100.7", most=7, within=HOUR)
    with redis.Redis.from_url(broker) as client:
        (name,) = client.keys("*limit*")
        # As if it had run out after it was found to be there: INCR then makes one without an end.
        client.set(name, 0)

        is_allowed("newsletter-from", "198.51.100.7", most=7, within=HOUR)

        assert 0 < client.ttl(name) <= 3600
    caches["default"].close()


@several_writers
def test_every_download_by_a_link_is_counted(site):
    taken = take_in(ContentFile(b"Inhalt"), "a.txt", document=Document(title="A", level=Level.COORDINATION))
    _link, token = linking.create(taken.document, by=None)

    def download(number):
        answer = Client().get(f"/archiv/teilen/{token}/datei/")
        content = answer.getvalue()
        answer.close()
        return content

    assert twenty(download) == [b"Inhalt"] * MANY
    assert ShareLink.objects.get().uses == MANY
    assert DownloadCount.objects.get().count == MANY


@several_writers
def test_downloads_of_many_documents_at_once_are_all_counted(site):
    """Each ZIP counts all of its documents, and no two wait for each other for ever."""
    documents = [
        take_in(
            ContentFile(f"Inhalt {number}".encode()), f"{number}.txt", document=Document(title=str(number))
        ).document
        for number in range(12)
    ]

    twenty(lambda number: count_downloads(documents[number % 5 :] if number % 2 else reversed(documents)))

    counts = dict(DownloadCount.objects.values_list("document_id", "count"))
    skipped = [sum(number % 2 and number % 5 > place for number in range(MANY)) for place in range(12)]
    assert counts == {document.pk: MANY - missed for document, missed in zip(documents, skipped, strict=True)}
