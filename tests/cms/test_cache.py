"""The cache with a real server, and with one that is gone."""

import pytest

from cms.cache import FailOpenRedisCache

GONE = "redis://127.0.0.1:1/0"


@pytest.fixture
def lost():
    return FailOpenRedisCache(GONE, {"OPTIONS": {"socket_connect_timeout": 1}})


def test_cache_keeps_values(valkey):
    cache = FailOpenRedisCache(valkey, {"OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1}})

    cache.set("edition", {"number": 13})
    cache.set_many({"a": 1, "b": 2})

    assert cache.get("edition") == {"number": 13}
    assert cache.get_many(["a", "b", "c"]) == {"a": 1, "b": 2}
    assert cache.incr("a") == 2
    assert cache.add("edition", "again") is False
    cache.clear()
    assert cache.get("edition") is None
    with pytest.raises(ValueError):
        cache.incr("a")


def test_lost_server_is_an_empty_cache(lost):
    lost.set("edition", 13)
    lost.set_many({"a": 1})
    lost.delete_many(["a"])

    assert lost.get("edition") is None
    assert lost.get("edition", "default") == "default"
    assert lost.get_many(["a"]) == {}
    assert lost.has_key("a") is False
    assert lost.add("a", 1) is True
    assert lost.incr("a", 3) == 3
    assert lost.touch("a") is lost.delete("a") is False
    lost.clear()
    assert lost.get_or_set("a", lambda: "computed") == "computed"


def test_lost_server_is_logged_without_keys_or_values(lost, caplog):
    lost.set("erika@example.org", "secret")

    (record,) = [record for record in caplog.records if record.name == "cms.cache"]
    assert record.getMessage() == "cache unavailable: ConnectionError"


@pytest.mark.django_db
def test_site_answers_and_lets_people_log_in_without_the_cache(site, client, settings):
    from django.contrib.auth import get_user_model

    settings.CACHES = settings.CACHES | {"default": {"BACKEND": "cms.cache.FailOpenRedisCache", "LOCATION": GONE}}
    user = get_user_model().objects.create_user("koordination@example.org", "sieben-zwerge-im-harz")

    assert client.get("/").status_code == 200
    answer = client.post("/konto/login/", {"login": user.email, "password": "sieben-zwerge-im-harz"})
    assert answer.status_code == 302
    assert client.get("/konto/").status_code == 200
