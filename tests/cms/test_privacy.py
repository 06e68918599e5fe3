"""The data of one person across all apps, and the record of everything that is kept about people."""

from __future__ import annotations

import io
import json

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from archive.access import Level
from archive.intake import take_in
from archive.models import AccessRecord, Document, DocumentVersion
from cms.accounts import invitations
from cms.models import User
from cms.privacy import persons
from home.models import AccessRequest, BarrierReport, Invitation, OfficeMembership, Person
from home.roles import Role
from newsletter.models import Subscriber
from newsletter.subscribing import consent
from tests.accounts_content import PASSWORD, TOTP_SECRET, client_of, make_office, member

pytestmark = pytest.mark.django_db
ADDRESS, OTHER = "kim@example.org", "andere@example.org"


@pytest.fixture
def traces(site):
    """Somebody who has left traces everywhere, and somebody else who has, too."""
    office = make_office()
    consent.new_text("Ja, ich möchte den Newsletter bekommen.")
    editor = member(Role.ADMINISTRATION, email="verwaltung@example.org")
    for address in (ADDRESS, OTHER):
        user = member(Role.COORDINATOR, email=address)
        OfficeMembership.objects.create(user=user, office=office)
        TOTP.activate(user, TOTP_SECRET)
        taken = take_in(
            ContentFile(address.encode()),
            "a.txt",
            document=Document(title=f"Von {address[:3]}", level=Level.COORDINATION),
            user=user,
        )
        client = Client()
        client.force_login(user)
        client.get(taken.document.url).getvalue()
        invitations.invite(address, make_other(address), by=editor)
        AccessRequest.objects.create(name="Kim", email=address.upper(), office=office)
        BarrierReport.objects.create(message="Der Kontrast ist zu schwach.", name="Kim", email=address)
        Person.objects.create(name="Kim Beispiel", email=address, phone="0391 1")
        Subscriber.objects.create(email=address, name="Kim")
    return editor


def make_other(address: str):
    return make_office("Stendal", "15090", 3) if address == ADDRESS else make_office("Jerichow", "15086", 4)


def run(name: str, *arguments: str) -> str:
    out = io.StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def test_export_holds_what_every_app_knows_and_no_secret(traces):
    found = json.loads(run("export_person", "Kim@Example.org"))

    assert set(found) >= {
        "Konto", "Stellen", "Zweiter Faktor", "Zugriffe auf interne Dokumente", "Einladungen", "Anfragen nach Zugang",
        "Meldungen von Barrieren", "Öffentliche Angaben", "Hochgeladene Dateien", "Newsletter",
    }  # fmt: skip
    text = json.dumps(found)
    user = User.objects.get(email=ADDRESS)
    assert user.password not in text and TOTP_SECRET not in text
    assert Invitation.objects.get(email=ADDRESS).token_hash not in text
    assert OTHER not in text


def test_export_of_an_unknown_address_is_empty(traces):
    assert json.loads(run("export_person", "niemand@example.org")) == {"E-Mail-Adresse": "niemand@example.org"}


def test_person_is_forgotten_everywhere_and_nobody_else(traces):
    before = set(persons.export(OTHER))

    told = run("forget_person", ADDRESS)

    after = persons.export(ADDRESS)
    assert set(after) <= {"E-Mail-Adresse", "Newsletter"}
    assert not User.objects.filter(email=ADDRESS).exists()
    assert not AccessRecord.objects.filter(user__email=ADDRESS).exists()
    assert BarrierReport.objects.filter(message__startswith="Der Kontrast", email="", name="").count() == 1
    assert DocumentVersion.objects.count() == 2, "what was handed in stays"
    assert "Konto (1): gelöscht" in told and "ohne den Namen" in told
    assert set(persons.export(OTHER)) == before


def test_nothing_left_in_any_table_names_the_address(traces):
    from django.apps import apps

    persons.forget(ADDRESS)

    named = [
        model._meta.label
        for model in apps.get_models()
        if model._meta.managed and not model._meta.proxy and ADDRESS in repr(list(model._base_manager.values()))
    ]
    assert named == []


def test_dry_run_says_the_same_and_changes_nothing(traces):
    before = set(persons.export(ADDRESS))

    told = run("forget_person", ADDRESS, "--dry-run")

    assert set(persons.export(ADDRESS)) == before
    assert run("forget_person", ADDRESS) == told
    assert "nichts gespeichert" in run("forget_person", "niemand@example.org")


def test_last_administrator_is_not_forgotten(traces):
    User.objects.create_superuser("admin@example.org")

    with pytest.raises(CommandError, match="letzte Konto"):
        run("forget_person", "admin@example.org")

    assert User.objects.filter(email="admin@example.org").exists()


def test_administration_hands_over_and_erases_in_the_admin(traces):
    boss = client_of(traces)
    address = reverse("privacy_person")

    shown = boss.post(address, {"address": ADDRESS})
    data = boss.post(address, {"address": ADDRESS, "export": "1"})
    asked = boss.post(address, {"address": ADDRESS, "forget": "1"})
    still_there = User.objects.filter(email=ADDRESS).exists()
    boss.post(address, {"address": ADDRESS, "forget": "1", "sure": "1"})

    assert "Zugriffe auf interne Dokumente" in shown.text
    assert json.loads(data.content)["Konto"] and "attachment" in data["Content-Disposition"]
    assert "Konto" in asked.text and still_there
    assert not User.objects.filter(email=ADDRESS).exists()
    assert [entry.data for entry in ModelLogEntry.objects.filter(action="cms.person_forgotten")] == [{}]


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.EDITOR, Role.CHIEF_EDITOR])
def test_nobody_else_hands_over_or_erases(site, role):
    client = client_of(member(role))

    for data in ({}, {"address": ADDRESS}, {"address": ADDRESS, "forget": "1", "sure": "1"}):
        assert client.post(reverse("privacy_person"), data).status_code in (302, 403)


def test_administration_erases_no_administrator_and_not_itself(traces):
    User.objects.create_superuser("admin@example.org", PASSWORD)
    User.objects.create_superuser("zweiter@example.org", PASSWORD)
    boss = client_of(traces)

    for address in ("admin@example.org", traces.email):
        answer = boss.post(reverse("privacy_person"), {"address": address, "forget": "1", "sure": "1"})
        assert "dürfen Sie nicht" in answer.text

    assert User.objects.count() == 5
