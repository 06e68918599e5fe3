"""The form "Barriere melden": it works without anything, for whoever sends whatever from whichever page."""

from __future__ import annotations

import datetime
import re

import pytest
import time_machine
from django.utils import timezone

from home.feedback.places import NoPlace, place
from home.feedback.views import MOST
from home.models import BarrierReport, ContentPage
from tests.accounts_content import OURS
from tests.home.barrier_form import ADDRESS, MESSAGE, fill


def test_form_needs_neither_cookie_nor_script(site, client):
    response = client.get(ADDRESS)

    html = response.content.decode()
    assert response.status_code == 200
    assert not response.cookies
    assert "<script" not in html
    assert "csrfmiddlewaretoken" not in html
    assert "no-store" in response["Cache-Control"]


def test_report_is_stored_and_the_answer_can_be_reloaded(site, client):
    response = fill(client, page="/termine/", name="Erika", email="erika@example.org")

    thanks = client.get(response["Location"])
    found = BarrierReport.objects.get()
    assert response.status_code == 303
    assert (found.message, found.page_url, found.name, found.email) == (
        MESSAGE, "/termine/", "Erika", "erika@example.org",
    )  # fmt: skip
    assert "innerhalb eines Monats" in thanks.content.decode()
    assert "erika" not in response["Location"]


def test_report_without_address_promises_no_answer(site, client):
    response = fill(client)

    html = client.get(response["Location"]).content.decode()
    assert "Danke für Ihre Meldung" in html
    assert "innerhalb eines Monats" not in html


def test_errors_stand_above_the_form_and_at_the_field(site, client):
    response = fill(client, message=" ", email="erika", page="https://example.com/")

    html = response.content.decode()
    assert response.status_code == 422
    assert html.index('class="errors"') < html.index('name="message"')
    assert 'href="#id_message"' in html
    assert "Bitte beschreiben Sie" in html
    assert html.index('id="id_page_helptext"') < html.index('id="id_page_error"') < html.index('id="id_page"')
    assert "erika" in html
    assert not BarrierReport.objects.exists()


def test_corrected_form_is_accepted(site, client):
    first = fill(client, email="erika")
    token = re.search(r'name="shown" value="([^"]+)"', first.content.decode())[1]

    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=60), tick=True):
        second = client.post(ADDRESS, {"message": MESSAGE, "shown": token}, **OURS)

    assert second.status_code == 303


@pytest.mark.parametrize(("opened", "fields"), [(20, {"email": "erika"}), (13 * 3600, {})])
def test_form_may_be_sent_again_at_once(site, client, opened, fields):
    """After a mistake, and after the form stood open for too long."""
    token = re.search(r'name="shown" value="([^"]+)"', client.get(ADDRESS).content.decode())[1]
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=opened), tick=False):
        first = client.post(ADDRESS, {"message": MESSAGE, "shown": token} | fields, **OURS)
        again = re.search(r'name="shown" value="([^"]+)"', first.content.decode())[1]

        second = client.post(ADDRESS, {"message": MESSAGE, "shown": again}, **OURS)

    assert (first.status_code, second.status_code) == (422, 303)


@pytest.mark.parametrize("headers", [{}, {"HTTP_SEC_FETCH_SITE": "cross-site"}, {"HTTP_ORIGIN": "https://example.com"}])
def test_form_of_another_website_is_refused(site, client, headers):
    response = client.post(ADDRESS, {"message": MESSAGE}, **headers)

    assert response.status_code == 403
    assert not BarrierReport.objects.exists()


def test_robot_gets_thanks_and_leaves_nothing(site, client):
    response = fill(client, website="https://example.com")

    assert response.status_code == 303
    assert not BarrierReport.objects.exists()


def test_too_many_reports_from_one_connection_are_refused(site, client):
    for number in range(MOST):
        # One line has more addresses of IPv6 than anybody can count.
        client.defaults["REMOTE_ADDR"] = f"2001:db8::{number}"
        assert fill(client).status_code == 303

    response = fill(client, message="Noch eine")

    assert response.status_code == 429
    assert "Noch eine" in response.content.decode()
    assert BarrierReport.objects.count() == MOST


@pytest.mark.parametrize(
    "body", [b"message=%FF%FE&shown=x", b"message=%00&shown=x", b"shown[]=1", b"x=" + b"a" * 20_000]
)
def test_broken_input_gets_a_friendly_page(site, client, body):
    response = client.post(ADDRESS, body, content_type="application/x-www-form-urlencoded", **OURS)

    assert response.status_code == 422
    assert "Bitte prüfen Sie Ihre Angaben" in response.content.decode()


def test_message_that_is_too_long_is_refused_in_german(site, client):
    response = fill(client, message="x" * 5001)

    assert "höchstens 5000 Zeichen" in response.content.decode()


# The page it is about


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ("", ""),
        ("/termine/", "/termine/"),
        ("/aktuelles/?seite=2#x", "/aktuelles/"),
        ("http://testserver/termine/", "/termine/"),
        ("http://testserver", "/"),
        (" /termine/ ", "/termine/"),
        ("/newsletter/einstellungen/geheim/", ""),
        ("/newsletter/abmelden/geheim/", ""),
        ("/konto/password/reset/key/1-geheim/", ""),
        ("/admin/pages/3/edit/", ""),
    ],
)
def test_place_is_a_path_without_secrets(given, path):
    assert place(given) == path


@pytest.mark.parametrize(
    "given",
    [
        "https://example.com/termine/", "//example.com/", "/\\example.com", "javascript:alert(1)", "termine",
        "/a\r\nBcc: x", "/a%0d%0ab", "http://[", "/" + "a" * 600, "http://testserver@example.com/",
    ],
)  # fmt: skip
def test_place_refuses_what_is_not_ours(given):
    with pytest.raises(NoPlace):
        place(given)


def test_every_page_leads_to_the_form_with_its_path(site, client):
    site.root_page.add_child(instance=ContentPage(title="Projekt", slug="projekt"))

    html = client.get("/projekt/?x=1").content.decode()
    form = client.get(ADDRESS + "?seite=/projekt/").content.decode()

    assert f'href="{ADDRESS}?seite=/projekt/"' in html
    assert 'value="/projekt/"' in form


def test_page_with_a_secret_in_its_address_is_not_named(site, client):
    html = client.get("/newsletter/einstellungen/geheim/").content.decode()

    assert f'href="{ADDRESS}"' in html
    assert "seite=" not in html


def test_foreign_page_is_not_prefilled(site, client):
    html = client.get(ADDRESS + "?seite=https://example.com/").content.decode()

    assert "example.com" not in html
