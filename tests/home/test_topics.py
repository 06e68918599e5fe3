"""Topic pages, related documents, origin of reports and the Atom feeds."""

import xml.etree.ElementTree as ElementTree

from django.utils import timezone

from archive.access import Level
from home.models import NewsPage, Topic
from tests.documents_content import add_document

ATOM = "{http://www.w3.org/2005/Atom}"


def test_topic_page_shows_its_reports_and_editions_only(demo_pages, client):
    page = client.get("/aktuelles/thema/interkulturelle-oeffnung/").content.decode()

    assert "IKOE zieht Bilanz" in page
    assert "Halle bringt Verwaltung und Arbeitsmarkt ins Gespräch" not in page
    assert "/ideenwerkstatt/2/" in client.get("/aktuelles/thema/foerderung/").content.decode()


def test_topic_page_shows_visible_documents_only(demo_pages, client):
    topic = Topic.objects.get(slug="foerderung")
    add_document("Öffentliche Liste", level=Level.PUBLIC).topics.add(topic)
    add_document("Interne Liste", level=Level.COORDINATION).topics.add(topic)

    page = client.get("/aktuelles/thema/foerderung/").content.decode()

    assert "Öffentliche Liste" in page and "Interne Liste" not in page


def test_unknown_topic_is_not_found(demo_pages, client):
    assert client.get("/aktuelles/thema/unsinn/").status_code == 404
    assert client.get("/aktuelles/thema/unsinn/feed/").status_code == 404


def test_topic_without_content_says_so(demo_pages, client):
    Topic.objects.create(name="Neues", slug="neues")

    response = client.get("/aktuelles/thema/neues/")

    assert response.status_code == 200
    assert "Zu diesem Thema ist noch nichts erschienen." in response.content.decode()


def test_every_topic_of_a_report_is_a_link(demo_pages, client):
    page = client.get("/aktuelles/ideenwerkstatt-13-halle/").content.decode()

    topics = NewsPage.objects.get(slug="ideenwerkstatt-13-halle").topics.all()
    assert len(topics) == 3
    assert all(f'<a href="/aktuelles/thema/{topic.slug}/">{topic.name}</a>' in page for topic in topics)


def test_report_shows_those_of_its_documents_that_the_reader_may_see(demo_pages, client):
    report = NewsPage.objects.get(slug="ideenwerkstatt-13-halle")
    for level in (Level.PUBLIC, Level.STEERING_GROUP):
        document = add_document(f"Papier {level.name}", level=level)
        report.related_documents.append(("document", document))
    report.save_revision().publish()

    page = client.get("/aktuelles/ideenwerkstatt-13-halle/").content.decode()

    assert "Papier PUBLIC" in page and "Papier STEERING_GROUP" not in page


def test_report_names_its_origin(demo_pages, client):
    short = client.get("/aktuelles/ideenwerkstatt-13-kurzbericht/").content.decode()
    second = client.get("/aktuelles/ikoe-projekt-erfolgreich-abgeschlossen/").content.decode()

    assert "Vollständiger Bericht bei:" in short
    assert '<a href="https://agsa.example.org/13-ideenwerkstatt/">Auslandsgesellschaft' in short
    assert "Zuerst erschienen bei: Integrationsportal Sachsen-Anhalt" in second


def test_feed_has_what_rfc_4287_asks_for(demo_pages, client, settings):
    settings.BASE_URL = "https://ikoe.example.org"
    response = client.get("/aktuelles/feed/")
    feed = ElementTree.fromstring(response.content)  # noqa: S314 - our own answer.

    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert response["Content-Type"].startswith("application/atom+xml")
    assert links == {
        "self": "https://ikoe.example.org/aktuelles/feed/",
        "alternate": "https://ikoe.example.org/aktuelles/",
    }
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Auslandsgesellschaft Sachsen-Anhalt e. V. (AGSA)"
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 3
    for entry in entries:
        assert entry.findtext(f"{ATOM}id").startswith("urn:uuid:")
        assert entry.findtext(f"{ATOM}updated") <= timezone.now().isoformat()
        assert "<p>" in entry.findtext(f"{ATOM}content")
        assert 'href="/' not in entry.findtext(f"{ATOM}content")
    assert feed.findtext(f"{ATOM}updated") == max(entry.findtext(f"{ATOM}updated") for entry in entries)


def test_feed_of_a_topic_has_its_reports_only(demo_pages, client):
    feed = ElementTree.fromstring(  # noqa: S314 - our own answer.
        client.get("/aktuelles/thema/interkulturelle-oeffnung/feed/").content
    )

    titles = [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]
    assert titles == ["IKOE zieht Bilanz: doppelt so viele Stellen vernetzt wie geplant"]


def test_feed_tells_hostile_text_as_text(demo_pages, client):
    report = NewsPage.objects.get(slug="ideenwerkstatt-13-halle")
    report.teaser = "<script>alert(1)</script> & mehr"
    report.save_revision().publish()

    feed = ElementTree.fromstring(client.get("/aktuelles/feed/").content)  # noqa: S314 - our own answer.

    summaries = [entry.findtext(f"{ATOM}summary") for entry in feed.findall(f"{ATOM}entry")]
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; mehr" in summaries
