"""The page of a document: reader, details, versions, and what machines learn."""

from __future__ import annotations

import datetime
import json
import re
import tempfile
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from archive.access import Level
from archive.deletion import withdraw_version
from archive.demo_files import application_checklist
from archive.indexing import read_version
from archive.intake import add_version, take_in
from archive.models import Document, DocumentLeaf
from home.models import EditionPage, ProgrammeItem
from tests.accounts_content import text_of
from tests.archive.library import store
from tests.contents import made_once
from tests.editions_content import make_edition, make_series

pytestmark = pytest.mark.django_db
ATOM = {"a": "http://www.w3.org/2005/Atom"}


@made_once
def slides(site):
    """A public PDF of six pages."""
    document = Document(title="Anträge & Fragen", level=Level.PUBLIC, kind=Document.Kind.PRESENTATION, summary="Kurz")
    with tempfile.TemporaryDirectory() as directory:
        pdf = Path(directory) / "Neue Antragsformalitäten ab 2025.pdf"
        application_checklist.write(pdf)
        taken = take_in(pdf, pdf.name, document=document)
    read_version(taken.version.pk)
    return taken.document


@made_once
def edition(site):
    return make_edition(make_series(site.root_page), place="Halle")


def graph_of(response):
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.content.decode())
    return {node["@type"]: node for node in json.loads(text)["@graph"]}


def reader_of(response):
    return response.content.decode().partition('class="reader')[2].partition("</section>")[0]


def test_reader_shows_one_page_with_its_text_and_its_neighbours(slides, client):
    leaf = DocumentLeaf.objects.get(version=slides.current_version, number=3)

    reader = reader_of(client.get(f"/archiv/{slides.pk}/?seite=3"))

    assert reader.count(f"/archiv/{slides.pk}/v/1/seite/3.webp") == 1
    assert "/seite/2.webp" not in reader
    assert leaf.text.split()[0] in reader
    assert 'rel="prev" href="?seite=2#lesen"' in reader
    assert 'rel="next" href="?seite=4#lesen"' in reader
    assert "datei/#page=3" in reader
    assert reader.count("-klein.webp") == 6


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("", 1), ("1", 1), ("6", 6), ("7", 6), ("0", 1), ("-1", 1), ("x", 1), ("9" * 400, 1), ("²", 1), ("999999999", 6)],
)
def test_page_that_does_not_exist_is_the_nearest(slides, client, asked, shown):
    reader = reader_of(client.get(f"/archiv/{slides.pk}/", {"seite": asked}))

    assert f"/v/1/seite/{shown}.webp" in reader
    assert ('rel="prev"' in reader) == (shown > 1)
    assert ('rel="next"' in reader) == (shown < 6)


def test_gap_of_a_hidden_slide_leads_to_the_slide_before_it(slides, client):
    DocumentLeaf.objects.get(version=slides.current_version, number=3).delete()

    assert "/seite/2.webp" in reader_of(client.get(f"/archiv/{slides.pk}/?seite=3"))
    assert 'href="?seite=4#lesen"' in reader_of(client.get(f"/archiv/{slides.pk}/?seite=2"))


def test_text_without_picture_is_read_as_text_and_escaped(add_text, client):
    document = add_text("Notiz", "Erste Zeile\n<script>alert(1)</script>")

    page = client.get(document.get_absolute_url()).content.decode()

    assert "Erste Zeile" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_file_that_cannot_be_read_or_waits_says_so(add_text, client):
    document = add_text("Notiz", "x")
    version = document.current_version
    version.leaves.all().delete()
    for state, words in (("failed", "Die Datei ist beschädigt."), ("waiting", "wird gerade gelesen")):
        version.extraction, version.extraction_error = state, "Die Datei ist beschädigt."
        version.save()

        assert words in text_of(client.get(document.get_absolute_url()))


def test_details_are_all_there(edition, add_text, client):
    item = ProgrammeItem.objects.create(page=edition, title="Fragen zu Anträgen", sort_order=0)
    document = add_text(
        "Anträge", "x", edition=edition, programme_key=item.translation_key, date=datetime.date(2024, 11, 21),
        speakers="Erika Muster", people="none", organisations="AGSA", language="en", licence="cc_by",
    )  # fmt: skip

    response = client.get(document.get_absolute_url())

    words = text_of(response)
    for expected in ("13. Ideenwerkstatt, Halle", "Fragen zu Anträgen", "21. November 2024", "Erika Muster", "AGSA",
                     "Englisch", "CC BY 4.0", "Barrierefreiungeprüft", "Textdatei herunterladen"):  # fmt: skip
        assert expected in words
    assert 'href="https://creativecommons.org/licenses/by/4.0/"' in response.content.decode()


def test_draft_of_an_edition_is_named_but_neither_linked_nor_its_programme_told(edition, add_text, client):
    item = ProgrammeItem.objects.create(page=edition, title="Noch geheim", sort_order=0)
    EditionPage.objects.update(live=False)
    document = add_text("Anträge", "x", edition=edition, programme_key=item.translation_key)

    response = client.get(document.get_absolute_url())

    assert "Noch geheim" not in text_of(response)
    assert "/ideenwerkstatt/13/" not in response.content.decode()


@pytest.mark.parametrize(
    ("tagged", "title", "language", "badge"),
    [(True, "T", "de", "yes"), (True, "", "de", "no"), (True, "T", "", "no"), (False, "T", "de", "no"),
     (None, "T", "de", "unknown")],
)  # fmt: skip
def test_badge_says_whether_a_pdf_is_free_of_barriers(slides, client, tagged, title, language, badge):
    version = slides.current_version
    version.is_tagged, version.embedded_title, version.embedded_language = tagged, title, language
    version.save()

    words = text_of(client.get(slides.get_absolute_url()))

    assert version.accessibility == badge
    assert {"yes": "Barrierefreija", "no": "Barrierefreinein", "unknown": "Barrierefreiungeprüft"}[badge] in words


def test_versions_are_listed_with_their_addresses(slides, client):
    add_version(slides, ContentFile(b"neu"), "neu.txt", note="Tippfehler berichtigt")

    page = client.get(slides.get_absolute_url())

    assert f"/archiv/{slides.pk}/v/1/datei/" in page.content.decode()
    assert "Tippfehler berichtigt" in text_of(page)


def test_withdrawn_version_keeps_its_reason_in_the_list(slides, client, django_user_model):
    first = slides.current_version
    add_version(slides, ContentFile(b"neu"), "neu.txt")
    admin = django_user_model.objects.create_superuser("verwaltung@example.org")
    withdraw_version(first, user=admin, reason="Falsche Datei")

    page = client.get(slides.get_absolute_url())

    assert f"/archiv/{slides.pk}/v/1/datei/" not in page.text
    assert re.search(r"zurückgezogen am [^:]*: Falsche Datei", text_of(page))


def test_public_document_describes_itself_to_machines(slides, edition, client):
    Document.objects.update(edition=edition, licence="cc0")

    response = client.get(slides.get_absolute_url())

    node = graph_of(response)["PresentationDigitalDocument"]
    assert node["name"] == "Anträge & Fragen"
    assert node["url"] == f"http://testserver/archiv/{slides.pk}/"
    assert node["encoding"]["sha256"] == slides.current_version.sha256
    assert node["about"]["url"] == "http://testserver/ideenwerkstatt/13/"
    assert node["license"].startswith("https://creativecommons.org/")
    html = response.content.decode()
    assert '<meta name="DC.title" content="Anträge &amp; Fragen">' in html
    assert '<meta name="DC.format" content="application/pdf">' in html
    assert '<meta name="robots"' not in html


def test_document_that_is_not_public_tells_machines_nothing(slides, client, users):
    client.force_login(users["Redaktion"])
    for change in ({"level": Level.COORDINATION}, {"level": Level.PUBLIC, "embargo_until": "2999-01-01"}):
        Document.objects.update(**change)

        html = client.get(slides.get_absolute_url()).content.decode()

        assert "ld+json" not in html
        assert "DC.title" not in html
        assert '<meta name="robots" content="noindex">' in html


def test_hostile_title_stays_inside_the_block_of_data(slides, client):
    Document.objects.update(title="</script><script>alert(1)</script>")

    response = client.get(slides.get_absolute_url())

    assert graph_of(response)["PresentationDigitalDocument"]["name"] == "</script><script>alert(1)</script>"
    assert "<script>alert" not in response.content.decode()


def test_editors_get_a_way_into_the_admin(slides, client, users):
    link = f"/admin/documents/edit/{slides.pk}/"

    assert link not in client.get(slides.get_absolute_url()).content.decode()
    client.force_login(users["Redaktion"])
    assert link in client.get(slides.get_absolute_url()).content.decode()


def test_page_costs_as_many_queries_for_many_pages_as_for_few(slides, client, django_assert_max_num_queries):
    client.get(slides.get_absolute_url())
    leaves = [DocumentLeaf(version=slides.current_version, number=number, text="Text") for number in range(7, 300)]
    DocumentLeaf.objects.bulk_create(leaves)

    with django_assert_max_num_queries(14):
        page = client.get(slides.get_absolute_url(), {"seite": "250"})

    assert "Folie 250" in text_of(page)


class TestFeed:
    def entries(self, client):
        response = client.get("/archiv/feed/")
        assert response["Content-Type"].startswith("application/atom+xml")
        return ElementTree.fromstring(response.content).findall("a:entry", ATOM)  # noqa: S314 - our own answer.

    def test_newest_public_documents_come_first(self, add_text, client):
        for title in ("Eins", "Zwei & mehr"):
            add_text(title, title, summary="<b>Kurz</b>")

        first, second = self.entries(client)

        assert first.findtext("a:title", namespaces=ATOM) == "Zwei & mehr"
        assert second.findtext("a:title", namespaces=ATOM) == "Eins"
        assert first.findtext("a:id", namespaces=ATOM).startswith("http://testserver/archiv/")
        assert first.findtext("a:summary", namespaces=ATOM) == "Sonstiges. &lt;b&gt;Kurz&lt;/b&gt;"
        (enclosure,) = [link for link in first.findall("a:link", ATOM) if link.get("rel") == "enclosure"]
        assert enclosure.get("type") == "text/plain"

    def test_document_is_new_when_its_embargo_ends(self, site, client):
        today = timezone.localdate()
        for number in range(35):
            store(f"Dokument {number}", f"Text {number}")
        Document.objects.update(created_at=timezone.now() - datetime.timedelta(days=400))
        for version in (document.current_version for document in Document.objects.all()):
            version.uploaded_at = timezone.now() - datetime.timedelta(days=400)
            version.save()
        oldest = Document.objects.order_by("pk").first()
        Document.objects.filter(pk=oldest.pk).update(embargo_until=today)

        entries = self.entries(client)

        assert len(entries) == 30
        assert entries[0].findtext("a:title", namespaces=ATOM) == oldest.title

    def test_nobody_gets_more_than_the_public(self, add_text, client, users):
        add_text("Intern", "x", level=Level.COORDINATION)
        client.force_login(users["admin"])

        assert self.entries(client) == []
