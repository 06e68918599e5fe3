import csv
import zipfile
from io import BytesIO, StringIO

import pytest

from archive.access import Level
from home.models import EditionPage, EventSeries, SeriesPage

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(site):
    series = EventSeries.objects.create(name="Ideenwerkstatt", slug="ideenwerkstatt")
    parent = site.root_page.add_child(instance=SeriesPage(title="Ideenwerkstatt", slug="ideenwerkstatt", series=series))
    return parent.add_child(instance=EditionPage(title="13", slug="13", number=13, series=series))


def unpack(response):
    data = b"".join(response.streaming_content)
    assert response["Content-Length"] == str(len(data))
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_edition_as_zip_with_table_of_contents(edition, add_text, client):
    add_text("Fördermittel – März", "eins", edition=edition)
    add_text("Fördermittel – März", "zwei", edition=edition)
    add_text("Anderes", "drei")

    response = client.get("/archiv/zip/?ausgabe=13")
    files = unpack(response)

    assert set(files) == {"Fördermittel – März.txt", "Fördermittel – März (2).txt", "inhalt.csv"}
    rows = list(csv.DictReader(StringIO(files["inhalt.csv"].decode("utf-8-sig")), delimiter=";"))
    assert [row["Titel"] for row in rows] == ["Fördermittel – März"] * 2
    assert rows[0]["Adresse"].startswith("http://testserver/archiv/")
    assert len(rows[0]["SHA-256"]) == 64
    assert "ideenwerkstatt-13.zip" in response["Content-Disposition"]


def test_zip_holds_only_what_the_reader_may_see(edition, add_text, client, users):
    add_text("Offen", "eins", edition=edition)
    add_text("Intern", "zwei", edition=edition, level=Level.COORDINATION)

    assert "Intern.txt" not in unpack(client.get("/archiv/zip/?ausgabe=13"))
    client.force_login(users["Koordination"])
    assert "Intern.txt" in unpack(client.get("/archiv/zip/?ausgabe=13"))


def test_selection_by_ids(add_text, client):
    first, second = add_text("Eins", "eins"), add_text("Zwei", "zwei")
    add_text("Drei", "drei")

    files = unpack(client.get("/archiv/zip/", {"dokument": [first.pk, second.pk, "x", "-1", "9" * 30]}))

    assert set(files) == {"Eins.txt", "Zwei.txt", "inhalt.csv"}


def test_hostile_titles_stay_inside_the_folder(add_text, client):
    document = add_text("../../etc/=cmd|' /C calc'!A0", "eins")
    long = add_text("=" + "ü" * 250, "zwei")

    files = unpack(client.get("/archiv/zip/", {"dokument": [document.pk, long.pk]}))

    assert all("/" not in name and "\\" not in name and len(name) < 200 for name in files)
    rows = list(csv.reader(StringIO(files["inhalt.csv"].decode("utf-8-sig")), delimiter=";"))
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)


@pytest.mark.parametrize(
    "query", ["", "ausgabe=99", "ausgabe=x", "ausgabe=/", "dokument=1", "ausgabe=%00", "ausgabe=²"]
)
def test_nothing_to_pack_is_the_404_page(site, client, query):
    assert client.get(f"/archiv/zip/?{query}").status_code == 404


def test_head_tells_the_length(add_text, client):
    document = add_text("Eins", "eins")

    response = client.head("/archiv/zip/", {"dokument": document.pk})

    assert int(response["Content-Length"]) > 100
    assert b"".join(response.streaming_content) == b""
