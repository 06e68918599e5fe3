"""What the container engine and the proxy ask: alive, ready, degraded."""

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import connection

pytestmark = pytest.mark.django_db


def test_alive_says_ok(client):
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok")
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_know_neither_host_name_nor_tls(client, settings, path):
    settings.ALLOWED_HOSTS = ["www.example.org"]
    settings.SECURE_SSL_REDIRECT = True

    assert client.get(path, headers={"host": "127.0.0.1:8000"}).status_code == 200


def test_alive_does_not_look_at_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get("/healthz")


def test_ready_with_everything_there(client, broker):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "storage": "ok", "broker": "ok"}


def test_lost_broker_is_degraded_but_ready(client):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json()["status"] == response.json()["broker"] == "degraded"


def test_lost_database_is_not_ready(client):
    def refuse(execute, *arguments):
        from django.db import OperationalError

        raise OperationalError("gone")

    with connection.execute_wrapper(refuse):
        response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["database"] == response.json()["status"] == "failed"


def test_unusable_storage_is_not_ready(client, monkeypatch, tmp_path):
    from cms import health

    (tmp_path / "file").write_text("not a directory")
    monkeypatch.setattr(health, "storages", {"archive": FileSystemStorage(location=tmp_path / "file")})

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["storage"] == "failed"
