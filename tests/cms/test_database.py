"""How the site talks to its database."""

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_postgresql():
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL only")


@pytest.fixture
def kept():
    """A second connection to the same database, as the last request has left it."""
    other = connection.copy()
    other.ensure_connection()
    yield other
    other.close()


def process_of(database):
    """The number of the process of the server behind a connection."""
    with database.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def test_postgresql_compiles_no_queries():
    with connection.cursor() as cursor:
        cursor.execute("SHOW jit")

        assert cursor.fetchone() == ("off",)


def test_a_kept_connection_is_not_asked_whether_it_lives(kept, monkeypatch):
    before = process_of(kept)
    monkeypatch.setattr(type(kept), "is_usable", lambda self: pytest.fail("a question to the server"))

    # What Django does at the beginning of a request.
    kept.close_if_unusable_or_obsolete()

    assert process_of(kept) == before


def test_a_connection_that_the_server_has_closed_is_made_anew(kept):
    before = process_of(kept)
    with connection.cursor() as cursor:
        # Returns when the process has ended, or after ten seconds.
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [before])
        assert cursor.fetchone() == (True,)

    kept.close_if_unusable_or_obsolete()

    assert process_of(kept) != before
