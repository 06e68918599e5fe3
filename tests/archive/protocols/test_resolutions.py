"""What was agreed in protocols: the list of tasks, and who ticks them off."""

import datetime
import re

import pytest
from django.urls import reverse

from archive.access import Level
from archive.models import Document, Protocol, Resolution
from archive.protocols import resolving
from home.roles import Role
from tests.contents import made_once

pytestmark = pytest.mark.django_db


@made_once
def tasks(released):
    rows = [("Ohne Frist", None), ("Später", datetime.date(2999, 1, 1)), ("Längst", datetime.date(2020, 1, 1))]
    made = {what: Resolution.objects.create(protocol=released.protocol, what=what, until=until) for what, until in rows}
    made["Getan"] = Resolution.objects.create(
        protocol=released.protocol, what="Getan", done_on=datetime.date(2024, 1, 1)
    )
    return made


def test_open_tasks_come_first_and_the_most_urgent_of_them(tasks, users):
    coordinator = users[Role.COORDINATOR.value]

    everything = [row.what for row in resolving.resolutions_for(coordinator, resolving.ALL)]
    still_open = [row.what for row in resolving.resolutions_for(coordinator)]

    assert everything == ["Längst", "Später", "Ohne Frist", "Getan"]
    assert still_open == everything[:3]
    assert resolving.overdue(resolving.resolutions_for(coordinator)) == 1


def test_list_marks_what_is_overdue(tasks, users, client):
    client.force_login(users[Role.COORDINATOR.value])

    page = client.get(reverse("archive:resolutions")).text

    lines = re.findall(r"<strong>([^<]*)</strong>(?: <span class=\"tag closed\">([^<]*)</span>)?", page)
    assert ("Längst", "überfällig") in lines
    assert ("Später", "") in lines
    assert "1 Aufgabe ist überfällig." in page
    assert "Getan" not in page


def test_protocol_marks_what_is_overdue_on_its_own_page(tasks, users, client):
    client.force_login(users[Role.COORDINATOR.value])

    page = client.get(tasks["Längst"].protocol.document.get_absolute_url()).text

    assert page.count("überfällig") == 1


def test_archive_leads_coordinators_to_the_list(users, client):
    link = f'href="{reverse("archive:resolutions")}"'

    assert link not in client.get(reverse("archive:index")).text
    client.force_login(users[Role.COORDINATOR.value])
    assert link in client.get(reverse("archive:index")).text


def test_editors_tick_off_what_is_done(tasks, users, client):
    client.force_login(users[Role.EDITOR.value])
    address = reverse("archive_resolutions")

    response = client.post(address, {"resolution": [tasks["Längst"].pk, "unsinn"], "settle": "", "stand": "offen"})
    client.post(address, {"resolution": tasks["Getan"].pk, "reopen": "", "stand": "alle"})

    assert response["Location"] == f"{address}?stand=offen"
    open_now = [row.what for row in resolving.resolutions_for(users["admin"])]
    assert open_now == ["Später", "Ohne Frist", "Getan"]


def test_tasks_of_what_one_may_not_see_cannot_be_ticked(document, users):
    Protocol.objects.update(state=Protocol.State.RELEASED)
    Document.objects.update(level=Level.EDITORS)
    task = Resolution.objects.create(protocol=document.protocol, what="Intern")

    assert resolving.settle([task.pk], user=users[Role.COORDINATOR.value]) == 0
    assert resolving.settle([task.pk], user=users[Role.EDITOR.value]) == 1


def test_list_takes_no_query_for_each_line(tasks, users, client, django_assert_max_num_queries):
    for number in range(30):
        Resolution.objects.create(protocol=tasks["Getan"].protocol, what=f"Aufgabe {number}")
    client.force_login(users[Role.COORDINATOR.value])
    client.get(reverse("archive:resolutions"))

    with django_assert_max_num_queries(12):
        client.get(reverse("archive:resolutions"))
