"""Several documents as one ZIP: an edition, a selection, and what only some may see."""

import csv
import re
import zipfile
from io import BytesIO, StringIO

import pytest

from archive.access import Level
from tests.contents import made_once
from tests.editions_content import make_edition, make_series

pytestmark = pytest.mark.django_db


@made_once
def edition(site):
    return make_edition(make_series(site.root_page))


def unpack(response):
    data = response.getvalue()
    assert response["Content-Length"] == str(len(data))
    with zipfile.ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.every_storage
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


def test_edition_without_a_number_leads_to_its_zip(site, add_text, client):
    series = make_series(site.root_page, "Ideencafé", "ideencafe")
    cafe = make_edition(series, None, title="März", slug="märz-2025", state="documented")
    first, _ = add_text("Eins", "eins", edition=cafe), add_text("Zwei", "zwei", edition=cafe)
    add_text("Anderes", "drei")

    for page in (first.get_absolute_url(), cafe.get_url()):
        link = re.search(r'href="(/archiv/zip/[^"]*)"', client.get(page).text)[1]
        assert set(unpack(client.get(link))) == {"Eins.txt", "Zwei.txt", "inhalt.csv"}


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


def test_whoever_ticked_nothing_is_told_so(site, client):
    answer = client.get("/archiv/zip/")

    assert answer.status_code == 404
    assert "Sie haben noch nichts angekreuzt" in answer.content.decode()


def test_head_tells_the_length(add_text, client):
    document = add_text("Eins", "eins")

    response = client.head("/archiv/zip/", {"dokument": document.pk})

    assert int(response["Content-Length"]) > 100
    assert response.getvalue() == b""


def test_search_and_filters_of_the_list_are_those_of_the_zip(edition, add_text, client):
    add_text("Eins", "Stammtisch mit Betrieben", edition=edition, kind="handout")
    add_text("Zwei", "Stammtisch mit Vereinen", edition=edition)
    add_text("Drei", "Etwas anderes", edition=edition, kind="handout", date="2019-03-01")

    def names(query):
        return set(unpack(client.get(f"/archiv/zip/?{query}"))) - {"inhalt.csv"}

    assert names("q=Stammtische") == {"Eins.txt", "Zwei.txt"}
    assert names("q=Stammtische&art=handout") == {"Eins.txt"}
    assert names("art=handout") == {"Eins.txt", "Drei.txt"}
    assert names("ausgabe=13&jahr=2019") == {"Drei.txt"}
    assert names("ausgabe=ideenwerkstatt/13") == {"Eins.txt", "Zwei.txt", "Drei.txt"}
    assert "IKOE-Archiv%20Stammtische.zip" in client.get("/archiv/zip/?q=Stammtische")["Content-Disposition"]
    assert client.get("/archiv/zip/?q=Zebra").status_code == 404


def test_list_offers_its_hits_and_a_selection(edition, add_text, client):
    first = add_text("Eins", "Stammtisch heute")
    add_text("Zwei", "Stammtisch morgen")

    page = client.get("/archiv/?q=Stammtisch").content.decode()

    assert 'href="/archiv/zip/?q=Stammtisch"' in page
    assert '<form action="/archiv/zip/" id="auswahl">' in page
    assert f'name="dokument" value="{first.pk}" form="auswahl"' in page
    # The search of the whole site shows the same hits, but has no such form.
    assert 'form="auswahl"' not in client.get("/suche/?q=Stammtisch").content.decode()


def test_file_that_the_store_lacks_is_left_out_and_said(add_text, client):
    present, missing, shortened = (add_text(title, f"Inhalt {title}") for title in ("Da", "Weg", "Kurz"))
    storage = missing.file.storage
    storage.delete(missing.file.name)
    with storage.open(shortened.file.name, "wb") as file:
        file.write(b"In")

    files = unpack(client.get("/archiv/zip/", {"dokument": [present.pk, missing.pk, shortened.pk]}))

    assert set(files) == {"Da.txt", "inhalt.csv"}
    rows = {
        row["Titel"]: row for row in csv.DictReader(StringIO(files["inhalt.csv"].decode("utf-8-sig")), delimiter=";")
    }
    assert rows["Da"]["Hinweis"] == ""
    for title in ("Weg", "Kurz"):
        assert rows[title]["Datei"] == ""
        assert "fehlt im Archiv" in rows[title]["Hinweis"]


def test_file_that_goes_away_while_it_is_sent_ends_the_stream_early(add_text, client):
    documents = [add_text(title, f"Inhalt {title}") for title in ("Eins", "Zwei")]
    response = client.get("/archiv/zip/", {"dokument": [document.pk for document in documents]})
    documents[1].file.storage.delete(documents[1].file.name)

    sent = 0
    with pytest.raises(FileNotFoundError):
        for piece in response.streaming_content:
            sent += len(piece)

    assert sent < int(response["Content-Length"])


def test_too_many_documents_are_refused_in_words(add_text, client, monkeypatch):
    monkeypatch.setattr("archive.bundle_views.MOST_DOCUMENTS", 2)
    documents = [add_text(f"Blatt {number}", f"Stammtisch {number}") for number in range(3)]

    for query in ({"q": "Stammtisch"}, {"dokument": [document.pk for document in documents]}):
        answer = client.get("/archiv/zip/", query)

        assert answer.status_code == 400
        assert "Ihre Auswahl umfasst 3 Dokumente" in answer.content.decode()


def test_own_table_of_contents_is_never_overwritten(add_text, client):
    document = add_text("inhalt", "Titel,Wert")
    document.current_version.original_name = "inhalt.csv"
    document.current_version.save()

    files = unpack(client.get("/archiv/zip/", {"dokument": document.pk}))

    assert set(files) == {"inhalt (2).csv", "inhalt.csv"}


def test_zip_takes_as_many_queries_for_many_as_for_few(add_text, client, django_assert_max_num_queries):
    documents = [add_text(f"Blatt {number}", f"Text {number}") for number in range(12)]

    with django_assert_max_num_queries(8):
        client.get("/archiv/zip/", {"dokument": [document.pk for document in documents]})
