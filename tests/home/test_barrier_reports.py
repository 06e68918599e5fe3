"""What becomes of a report of a barrier: nothing is lost, somebody answers, and nobody is remembered for ever."""

from __future__ import annotations

import datetime

import time_machine
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from home.feedback import forwarding
from home.feedback.tasks import forget_reporters, forward_report, forward_waiting_reports
from home.identity import SiteIdentity
from home.models import BarrierReport, StatementPage
from home.roles import Role
from tests.contents import made_once
from tests.home.barrier_form import ADDRESS, MESSAGE, fill
from tests.queues import waiting


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


def report(**fields) -> BarrierReport:
    return BarrierReport.objects.create(message=MESSAGE, **fields)


def settle(found: BarrierReport, *, days_ago: int) -> None:
    found.answered_at = timezone.now() - datetime.timedelta(days=days_ago)
    found.save()


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
