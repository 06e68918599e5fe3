"""Downloads as numbers, and where editors see them."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.urls import reverse

from archive.access import Level
from archive.models import DownloadCount
from archive.usage.counting import count_downloads
from home.roles import Role
from tests.accounts_content import client_of, text_of
from tests.archive.library import store

pytestmark = pytest.mark.django_db


def counts():
    return dict(DownloadCount.objects.values_list("document__title", "count"))


@pytest.mark.parametrize(
    "headers",
    [
        {"range": "bytes=1-"},
        {"range": "bytes=-5"},
        {"range": " bytes=007-"},
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"sec-purpose": "prefetch;prerender"},
    ],
)
def test_what_no_reader_asked_for_is_not_counted(add_text, client, headers):
    document = add_text("Eins", "Text genug")

    client.get(document.url, headers=headers).getvalue()
    client.head(document.url)

    assert counts() == {}


def test_zip_counts_each_of_its_documents(add_text, client, users):
    documents = [add_text(title, title) for title in ("Eins", "Zwei")]
    add_text("Drei", "Drei")
    address = f"{reverse('archive:zip')}?{'&'.join(f'dokument={document.pk}' for document in documents)}"

    client.get(documents[0].url).getvalue()
    client.get(address).getvalue()
    client.head(address)
    client_of(users[Role.EDITOR.value]).get(address).getvalue()

    assert counts() == {"Eins": 2, "Zwei": 1}


def test_each_month_has_a_number_of_its_own(add_text):
    document = add_text("Eins", "x")
    for day in ("2026-01-31", "2026-02-01", "2026-02-28"):
        with time_machine.travel(f"{day}T23:30:00+01:00", tick=False):
            count_downloads([document])

    months = DownloadCount.objects.order_by("month").values_list("month", "count")
    assert list(months) == [(datetime.date(2026, 1, 1), 1), (datetime.date(2026, 2, 1), 2)]


def test_counting_many_takes_as_many_queries_as_counting_one(site, django_assert_max_num_queries):
    documents = [store(f"{number}", f"{number}") for number in range(20)]

    with django_assert_max_num_queries(6):
        count_downloads(documents)

    assert len(counts()) == 20


@time_machine.travel("2026-11-28T12:00:00+01:00", tick=False)
def test_editors_see_the_numbers(add_text, users):
    first, second = add_text("Fördermittel", "x"), add_text("Netzwerke", "y")
    secret = add_text("Nie geladen", "z", level=Level.EDITORS)
    for document, month, number in (
        (first, "2026-11-01", 3), (first, "2026-10-01", 40), (first, "2025-12-01", 500), (first, "2025-11-01", 6000),
        (second, "2026-11-01", 1),
    ):  # fmt: skip
        DownloadCount.objects.create(document=document, month=month, count=number)
    editor = client_of(users[Role.EDITOR.value])

    page = text_of(editor.get(reverse("archive_downloads")))
    table = editor.get(reverse("archive_downloads"), {"export": "csv"}).getvalue().decode().splitlines()

    assert "Fördermittel" in page and "Netzwerke" in page and secret.title not in page
    assert table[0] == "Titel,Art,Ausgabe,Dieser Monat,Voriger Monat,Zwölf Monate,Insgesamt"
    assert table[1:] == ["Fördermittel,Sonstiges,,3,40,543,6543", "Netzwerke,Sonstiges,,1,0,1,1"]


def test_nobody_else_sees_them(users):
    for role in ("", Role.COORDINATOR.value):
        assert client_of(users[role]).get(reverse("archive_downloads")).status_code in (302, 403)
