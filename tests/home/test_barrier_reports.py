"""The form "Barriere melden": it works without anything, nothing is lost, and nobody is remembered for ever."""

from __future__ import annotations

import datetime
import re

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from home.feedback import forwarding
from home.feedback.places import NoPlace, place
from home.feedback.tasks import forget_reporters, forward_report, forward_waiting_reports
from home.feedback.views import MOST
from home.identity import SiteIdentity
from home.models import BarrierReport, ContentPage, StatementPage
from home.roles import Role
from tests.accounts_content import OURS
from tests.contents import made_once
from tests.queues import waiting

ADDRESS = "/barrierefreiheit/melden/"
MESSAGE = "Das Menü lässt sich mit der Tastatur nicht öffnen."


@made_once
def statement(site):
    return site.root_page.add_child(
        instance=StatementPage(
            title="Erklärung zur Barrierefreiheit",
            slug="barrierefreiheit",
            scope="Für diese Website.",
            gaps="<p>Lücke</p>",
            burden="<p>Last</p>",
            excluded="<p>Ausnahme</p>",
            method="Selbst geprüft.",
            prepared_on=datetime.date(2025, 1, 2),
            reviewed_on=datetime.date(2025, 3, 4),
            contact="<p>Kontakt</p>",
            report_email="barrieren@example.org",
            enforcement="<p>Ombudsstelle</p>",
        )
    )


def fill(client, **fields):
    """Open the form, wait as long as a person does, and send it."""
    html = client.get(ADDRESS).content.decode()
    token = re.search(r'name="shown" value="([^"]+)"', html)[1]
    with time_machine.travel(timezone.now() + datetime.timedelta(seconds=20), tick=True):
        return client.post(ADDRESS, {"message": MESSAGE, "shown": token} | fields, **OURS)


def report(**fields) -> BarrierReport:
    return BarrierReport.objects.create(message=MESSAGE, **fields)


def settle(found: BarrierReport, *, days_ago: int) -> None:
    found.answered_at = timezone.now() - datetime.timedelta(days=days_ago)
    found.save()


# The form


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


# The mail


def test_report_is_queued_for_the_mail(site, client, statement, broker):
    fill(client)

    assert waiting(broker) == 1


def test_mail_goes_to_the_address_in_the_statement(statement, smtp_server):
    found = report(page_url="/termine/", name="Erika", email="erika@example.org")

    forward_report(found.pk)

    mail = smtp_server.received[0].message
    found.refresh_from_db()
    assert mail["To"] == "barrieren@example.org"
    assert mail["Reply-To"] == "erika@example.org"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    assert MESSAGE in mail.get_content()
    assert "http://testserver/termine/" in mail.get_content()
    assert reverse("barrier_reports:edit", args=[found.pk]) in mail.get_content()
    assert found.forwarded_at is not None


def test_mail_goes_to_the_organisation_where_the_statement_names_nobody(site, smtp_server):
    identity = SiteIdentity.load()
    identity.email = "haus@example.org"
    identity.save()

    forward_report(report().pk)

    assert smtp_server.received[0].message["To"] == "haus@example.org"


def test_mail_is_sent_once(statement, smtp_server):
    found = report()

    forward_report(found.pk)
    forward_report(found.pk)
    forward_waiting_reports()

    assert len(smtp_server.received) == 1


def test_report_is_mailed_later_when_broker_and_mail_server_were_away(site, client, statement, smtp_server, settings):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert fill(client).status_code == 303
    forward_report(BarrierReport.objects.get().pk)
    assert BarrierReport.objects.get().forwarded_at is None

    settings.EMAIL_PORT = port
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=5), tick=True):
        forward_waiting_reports()

    assert len(smtp_server.received) == 1
    assert BarrierReport.objects.get().forwarded_at is not None


def test_sweep_leaves_what_is_settled_or_nobody_reads(site, statement):
    with time_machine.travel(timezone.now() - datetime.timedelta(hours=1)):
        open_one, settled = report(), report()
    settle(settled, days_ago=0)

    assert forwarding.waiting() == [open_one.pk]

    statement.delete()
    assert forwarding.waiting() == []


# The desk


def test_desk_lists_and_filters_reports(site, client, editor):
    settle(report(page_url="/offen-gewesen/"), days_ago=1)
    report(page_url="/offen/")

    everything = client.get(reverse("barrier_reports:index")).content.decode()
    unsettled = client.get(reverse("barrier_reports:index_results"), {"open": "true"}).content.decode()

    assert MESSAGE in everything
    assert "/offen-gewesen/" in everything
    assert "/offen/" in unsettled
    assert "/offen-gewesen/" not in unsettled


def test_desk_notes_who_settled_a_report_and_changes_no_word_of_it(site, client, editor):
    found = report(name="Erika")
    address = reverse("barrier_reports:edit", args=[found.pk])

    page = client.get(address).content.decode()
    client.post(address, {"settled": "on", "note": "Menü repariert.", "message": "Anderes", "name": "X"})

    found.refresh_from_db()
    assert MESSAGE in page
    assert (found.message, found.name, found.note) == (MESSAGE, "Erika", "Menü repariert.")
    assert found.answered_by == editor
    assert found.answered_at is not None


def test_desk_keeps_the_first_day_and_can_open_a_report_again(site, client, editor):
    found = report()
    settle(found, days_ago=5)
    address = reverse("barrier_reports:edit", args=[found.pk])

    client.post(address, {"settled": "on", "note": "Nachtrag"})
    kept = BarrierReport.objects.get().answered_at
    client.post(address, {"note": "Doch nicht"})

    assert kept == found.answered_at
    assert BarrierReport.objects.get().answered_at is None


def test_first_page_shows_open_reports_at_once(site, client, editor):
    asks = report(page_url="/termine/", email="erika@example.org", forwarded_at=timezone.now())
    anonymous = report(forwarded_at=timezone.now())
    settled = report(email="anna@example.org", forwarded_at=timezone.now())
    settle(settled, days_ago=0)

    html = client.get(reverse("wagtailadmin_home")).content.decode()

    assert reverse("barrier_reports:edit", args=[asks.pk]) in html
    assert reverse("barrier_reports:edit", args=[anonymous.pk]) in html
    assert reverse("barrier_reports:edit", args=[settled.pk]) not in html
    assert "Meldung einer Barriere: /termine/" in html
    assert "Bitte innerhalb eines Monats antworten" in html
    assert "Eine Antwort ist nicht möglich" in html
    assert "erika@example.org" not in html


def test_first_page_presses_for_an_answer_after_three_weeks(site, client, editor):
    with time_machine.travel(timezone.now() - datetime.timedelta(days=21)):
        report(email="erika@example.org", forwarded_at=timezone.now())

    html = client.get(reverse("wagtailadmin_home")).content.decode()

    assert "Bitte jetzt antworten" in html


def test_desk_adds_no_reports_and_is_closed_to_coordinators(site, client, editor):
    assert client.get(reverse("barrier_reports:add")).status_code == 302

    editor.groups.set(Group.objects.filter(name=Role.COORDINATOR))
    assert client.get(reverse("barrier_reports:index")).status_code == 403


def test_names_are_forgotten_after_the_matter_is_settled(site):
    old, young, unsettled = (report(name="Erika", email="erika@example.org") for _ in range(3))
    settle(old, days_ago=91)
    settle(young, days_ago=89)

    forget_reporters()

    assert [
        (found.name, found.email)
        for found in BarrierReport.objects.filter(pk__in=[old.pk, young.pk, unsettled.pk]).order_by("pk")
    ] == [("", ""), ("Erika", "erika@example.org"), ("Erika", "erika@example.org")]
    assert BarrierReport.objects.get(pk=old.pk).message == MESSAGE


# The statement


def test_statement_follows_the_order_of_the_model(site, client, statement):
    html = client.get("/barrierefreiheit/").content.decode()

    parts = [
        "Für diese Website.", "teilweise vereinbar", "Lücke", "Last", "Ausnahme", "Selbst geprüft.",
        "zuletzt am 4. März 2025 überprüft", "Kontakt</p>", "Ombudsstelle</p>",
    ]  # fmt: skip
    positions = [html.index(part) for part in parts]
    assert positions == sorted(positions)
    assert f'href="{ADDRESS}"' in html


def test_statement_leaves_out_what_is_empty(site, client, statement):
    statement.gaps = statement.burden = statement.excluded = statement.scope = ""
    statement.save()

    html = client.get("/barrierefreiheit/").content.decode()

    assert "Nicht barrierefreie Inhalte" not in html
    assert "Belastung" not in html
