"""The fixtures themselves: real servers answer, and the basic content is there on an emptied database too."""

import smtplib
from email.message import EmailMessage

import pytest
import redis
from django.db import connection
from wagtail.models import Page, Site


def test_valkey_answers(valkey):
    with redis.Redis.from_url(valkey) as client:
        client.set("word", "Ideenwerkstatt")

        assert client.get("word") == b"Ideenwerkstatt"


def test_broker_takes_a_task(broker):
    from cms.celery import app

    app.send_task("archive.tasks.example", args=[1], queue="intake")

    with redis.Redis.from_url(broker) as client:
        assert client.llen("intake") == 1


def test_smtp_server_keeps_messages_and_refuses_as_told(smtp_server):
    smtp_server.replies["weg@example.org"] = "550 5.1.1 No such user"
    message = EmailMessage()
    message["Subject"] = "Grüße aus Halle"
    message.set_content("Hallo.")

    with smtplib.SMTP("127.0.0.1", smtp_server.port) as client:
        refused = client.send_message(message, "von@example.org", ["an@example.org", "weg@example.org"])

    assert refused == {"weg@example.org": (550, b"5.1.1 No such user")}
    assert smtp_server.received[0].sender == "von@example.org"
    assert smtp_server.received[0].recipients == ["an@example.org"]
    assert smtp_server.received[0].message["Subject"] == "Grüße aus Halle"


@pytest.mark.django_db
def test_site_has_a_home_page(site):
    assert Site.objects.get(is_default_site=True).root_page.specific_class.__name__ == "HomePage"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_site_is_complete_after_a_flush(site, turn):
    assert Page.objects.filter(depth=2).exists()
    assert site.root_page.url == "/"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", [1, 2])
def test_database_is_as_freshly_migrated_after_a_flush(turn):
    """The second turn starts after the flush of the first."""
    assert Site.objects.get(is_default_site=True).root_page.depth == 2
    assert Page.get_first_root_node().get_children().count() == 1


# These three begin with contents in turn: what the second one does to its connection must not reach the third.


@pytest.mark.django_db
def test_content_without_fixtures_is_in_use_before_a_connection_is_closed():
    assert Page.objects.filter(depth=2).exists()


@pytest.mark.django_db
def test_connection_that_is_closed_within_a_test_is_no_matter(site):
    connection.close()


@pytest.mark.django_db
def test_content_that_was_in_use_before_is_found_again_after_that():
    assert Page.objects.filter(depth=2).exists()
