"""What is written down about people who work here: roles, exports, who read what; and when it is forgotten."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import LogContext
from wagtail.models import ModelLogEntry, PageLogEntry

from archive.access import Level
from archive.intake import take_in
from archive.models import AccessRecord, Document, DocumentLeaf
from archive.sharing import linking
from archive.tasks import forget_accesses
from cms.tasks import forget_old_log_entries
from home.models import BarrierReport
from home.roles import Role
from tests.accounts_content import client_of, member, text_of
from tests.contents import made_once
from tests.pictures import picture

pytestmark = pytest.mark.django_db


@made_once
def document(site):
    taken = take_in(ContentFile(b"Internes"), "intern.txt", document=Document(title="Intern", level=Level.COORDINATION))
    leaf = DocumentLeaf(version=taken.version, number=1, text="Internes")
    leaf.image.save("1.webp", ContentFile(picture(8, 8).read()))
    return taken.document


@pytest.fixture
def reader(site):
    return member(Role.COORDINATOR, email="leserin@example.org")


def read(client: Client, address: str, **extra):
    response = client.get(address, **extra)
    response.getvalue()
    return response


def accesses() -> list[tuple[str, int]]:
    return list(AccessRecord.objects.order_by("at").values_list("user__email", "version__number"))


@pytest.mark.parametrize("route", ["file", "version_file", "leaf_image", "document"])
def test_reading_an_internal_document_is_written_down(document, reader, route):
    more = {"version_file": [1], "leaf_image": [1, 1]}.get(route, [])

    response = read(client_of(reader), reverse(f"archive:{route}", args=[document.pk, *more]))

    assert response.status_code == 200
    assert accesses() == [("leserin@example.org", 1)]


def test_zip_is_written_down_for_its_internal_documents(document, reader):
    public = take_in(ContentFile(b"Oeffentlich"), "o.txt", document=Document(title="O", level=Level.PUBLIC)).document

    read(client_of(reader), f"{reverse('archive:zip')}?dokument={document.pk}&dokument={public.pk}")

    assert list(AccessRecord.objects.values_list("version__document__title", flat=True)) == ["Intern"]


@time_machine.travel("2026-11-28T12:00:30+01:00", tick=False)
def test_pieces_of_a_file_are_one_access_a_minute(document, reader):
    client = client_of(reader)
    for piece in ("bytes=0-1", "bytes=2-3", "bytes=4-"):
        read(client, document.url, headers={"range": piece})
    with time_machine.travel("2026-11-28T12:01:00+01:00", tick=False):
        read(client, document.url)

    assert len(accesses()) == 2


def test_what_gives_no_content_is_not_written_down(document, reader):
    client = client_of(reader)
    etag = client.head(document.url)["ETag"]
    client.get(document.url, headers={"if-none-match": etag})
    client_of(member(email="fremd@example.org")).get(document.url)

    assert accesses() == []


def test_public_documents_and_share_links_name_nobody(document, reader, site):
    public = take_in(ContentFile(b"Oeffentlich"), "o.txt", document=Document(title="O", level=Level.PUBLIC)).document
    _link, token = linking.create(document, days=1, by=member(Role.EDITOR))

    read(client_of(reader), public.url)
    read(Client(), reverse("archive:shared_file", args=[token]))

    assert accesses() == []


def test_editor_who_looks_as_somebody_else_is_still_that_editor(document):
    client = client_of(member(Role.EDITOR, email="redaktion@example.org"))
    client.post("/konto/ansehen-als/", {"level": int(Level.COORDINATION)})

    read(client, document.url)

    assert accesses() == [("redaktion@example.org", 1)]


def test_only_the_administration_sees_who_read_what(document, reader):
    read(client_of(reader), document.url)

    seen = {}
    for role in Role:
        answer = client_of(member(role, email=f"{role.name.lower()}@example.org")).get(reverse("archive_accesses"))
        seen[role] = answer.status_code == 200 and "Intern" in text_of(answer)

    assert seen == {role: role == Role.ADMINISTRATION for role in Role}


def test_list_of_accesses_can_be_narrowed(document, reader):
    read(client_of(reader), document.url)
    client = client_of(member(Role.ADMINISTRATION, email="verwaltung@example.org"))

    for question, found in (
        ({"document": "inter"}, True),
        ({"document": "anderes"}, False),
        ({"user": reader.pk}, True),
    ):
        assert ("Erika Beispiel" in text_of(client.get(reverse("archive_accesses_results"), question))) == found


def test_accesses_are_forgotten_after_their_time(document, reader, settings):
    settings.ACCESS_RECORD_DAYS = 30
    read(client_of(reader), document.url)

    with time_machine.travel(timezone.now() + datetime.timedelta(days=29)):
        forget_accesses()
        assert len(accesses()) == 1
    with time_machine.travel(timezone.now() + datetime.timedelta(days=31)):
        forget_accesses()

    assert accesses() == []


# Roles and exports


def entries(action: str) -> list[tuple[str, str, str]]:
    found = ModelLogEntry.objects.filter(action=action).order_by("timestamp", "pk")
    return [(entry.object_id, entry.message, entry.user_display_name) for entry in found]


def test_changed_roles_are_written_down_with_who_changed_them(site):
    boss, person = member(Role.ADMINISTRATION, email="verwaltung@example.org", first_name="Anna"), member(Role.EDITOR)
    ModelLogEntry.objects.all().delete()

    client_of(boss).post(
        reverse("wagtailusers_users:edit", args=[person.pk]),
        {
            "email": person.email, "first_name": "Erika", "last_name": "Beispiel", "is_active": "on",
            "groups": [Group.objects.get(name=Role.CHIEF_EDITOR).pk],
        },
    )  # fmt: skip

    changed = entries("cms.roles_changed")
    assert {entry[:2] for entry in changed} == {
        (str(person.pk), "Rolle erhalten: Chefredaktion"),
        (str(person.pk), "Rolle verloren: Redaktion"),
    }
    assert {entry[2] for entry in changed} == {str(boss)}


def test_roles_changed_from_the_side_of_the_group_are_written_down(site):
    person = member(Role.EDITOR)
    group = Group.objects.get(name=Role.EDITOR)
    ModelLogEntry.objects.all().delete()

    with LogContext(user=person):
        group.user_set.clear()
        group.user_set.add(person)
        person.groups.clear()

    assert [entry[1] for entry in entries("cms.roles_changed")] == [
        "Rolle verloren: Redaktion", "Rolle erhalten: Redaktion", "Rolle verloren: Redaktion",
    ]  # fmt: skip


def test_exports_are_written_down(site):
    client = client_of(member(Role.ADMINISTRATION))

    read(client, reverse("newsletter_export"))
    read(client, reverse("archive_downloads"), data={"export": "xlsx"})

    assert [entry[1] for entry in entries("home.exported")] == [
        "Ausgegeben: Abonnements des Newsletters", "Ausgegeben: abrufe-im-archiv.xlsx",
    ]  # fmt: skip


@pytest.mark.attack("CWE-1236")
def test_cwe_1236_formula_of_a_visitor_stays_text_in_every_export_of_the_admin(site):
    BarrierReport.objects.create(message='=HYPERLINK("http://evil.example/","mehr")', page_url="/")
    client = client_of(member(Role.ADMINISTRATION))

    table = client.get(reverse("barrier_reports:index"), {"export": "csv"}).getvalue().decode()

    assert "\"'=HYPERLINK(" in table


def test_old_entries_lose_their_names_and_those_about_people_go(site, settings):
    settings.LOGIN_LOG_DAYS, settings.ADMIN_LOG_DAYS = 10, 100
    person = member(Role.ADMINISTRATION)
    client = client_of(person)
    read(client, reverse("newsletter_export"))
    client.post(reverse("account_logout"))
    client.post(reverse("account_login"), {"login": person.email, "password": "sieben-zwerge-im-harz"})
    with LogContext(user=person):
        site.root_page.specific.save_revision(user=person, log_action=True)
    actions = ModelLogEntry.objects.values_list("action", flat=True)

    with time_machine.travel(timezone.now() + datetime.timedelta(days=11)):
        forget_old_log_entries()
    assert set(actions.all()) == {"home.exported", "cms.roles_changed"}
    with time_machine.travel(timezone.now() + datetime.timedelta(days=101)):
        forget_old_log_entries()

    assert not actions.all().exists()
    assert PageLogEntry.objects.exists() and not PageLogEntry.objects.filter(user__isnull=False).exists()
