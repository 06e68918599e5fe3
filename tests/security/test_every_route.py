"""Every address of the whole site for every role: none shows, links or counts a document that the reader may not see.

What is walked comes from the URL resolver and from the page types, so a new address or page type fails here until
somebody has said what it shows. All of the admin is walked without being named: nobody without access to it may get
anything there.
"""

import datetime
import json
import re
from urllib.parse import quote

import pytest
from django.utils import timezone
from wagtail.models import Page, get_page_models

from archive.access import Level
from archive.documentation.gather import gather
from archive.documentation.layout import document_source
from archive.documentation.single_report import report_source
from archive.models import Document
from home import models as home
from newsletter import models as newsletter
from newsletter.composing.rendering import render_issue
from tests.accounts_content import make_office
from tests.contents import made_once
from tests.editions_content import make_series
from tests.languages import english_of
from tests.routes import example_of, views
from tests.security.archive_roles import DOCUMENTS, LEVELS, visible_to

pytestmark = pytest.mark.django_db

STAFF = [role for role, level in LEVELS.items() if level == Level.EDITORS]
OTHERS = [role for role, level in LEVELS.items() if level < Level.EDITORS]


def nothing(role):
    return set()


def public(role):
    return visible_to("anonymous")


# What an address of the site shows: its examples, and the names of the documents that somebody finds there. All
# documents belong to the edition, to its part of the programme, to the topic, the report and the newsletter.
SHOWN = {
    "robots.txt": (["/robots.txt"], nothing),
    "favicon.ico": (["/favicon.ico"], nothing),
    "sitemap.xml": (["/sitemap.xml"], public),
    "^media/(?P<path>images/.+)$": (["/media/images/x.webp", "/media/images/../documents/1/x.txt"], nothing),
    "termine/": (["/termine/"], nothing),
    "termine/kalender.ics": (["/termine/kalender.ics"], nothing),
    "<slug:series>/<slug:edition>/termin.ics": (["/ideenwerkstatt/13/termin.ics"], nothing),
    "koordinierungsstellen/": (["/koordinierungsstellen/"], nothing),
    "koordinierungsstellen/<slug:slug>/": (["/koordinierungsstellen/harz/"], nothing),
    "barrierefreiheit/melden/": (["/barrierefreiheit/melden/"], nothing),
    r"^karte/(?P<page_id>\d{1,9})-(?P<digest>[0-9a-f]{16})\.png$": (["/karte/1-0123456789abcdef.png"], nothing),
    "newsletter/anmelden/": (["/newsletter/anmelden/"], nothing),
    "newsletter/bestaetigen/<str:token>/": (["/newsletter/bestaetigen/x/"], nothing),
    "newsletter/einstellungen/": (["/newsletter/einstellungen/"], nothing),
    "newsletter/einstellungen/<str:token>/": (["/newsletter/einstellungen/x/"], nothing),
    "newsletter/einstellungen/<str:token>/adresse/": (["/newsletter/einstellungen/x/adresse/"], nothing),
    "newsletter/einstellungen/<str:token>/daten.json": (["/newsletter/einstellungen/x/daten.json"], nothing),
    "newsletter/einstellungen/<str:token>/daten.pdf": (["/newsletter/einstellungen/x/daten.pdf"], nothing),
    "newsletter/einstellungen/<str:token>/loeschen/": (["/newsletter/einstellungen/x/loeschen/"], nothing),
    "newsletter/abmelden/<str:token>/": (["/newsletter/abmelden/x/"], nothing),
    "archiv/feed/": (["/archiv/feed/"], public),
    "archiv/": (["/archiv/", "/archiv/?q=Stammtisch", "/archiv/?ausgabe=13", "/archiv/?thema=sprache"], visible_to),
    "archiv/beschluesse/": (["/archiv/beschluesse/"], nothing),
    # Only three documents stand there, so the words are those of one document.
    "suche/": ([f"/suche/?q={quote(f'Titel {name}')}" for name in DOCUMENTS], visible_to),
    "_util/login/": (["/_util/login/"], nothing),
    "_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/": (
        ["/_util/authenticate_with_password/1/1/"],
        nothing,
    ),
}
# `test_archive_access` asks each of them for every document, with the statuses and headers of the answers.
WALKED_ELSEWHERE = {
    "archiv/zip/",
    "archiv/teilen/<str:token>/",
    "archiv/teilen/<str:token>/datei/",
    "archiv/<int:pk>/",
    "archiv/<int:pk>/abstimmung/",
    "archiv/<int:pk>/zitat.bib",
    "archiv/<int:pk>/zitat.ris",
    "archiv/<int:pk>/datei/",
    "archiv/<int:pk>/v/<int:number>/datei/",
    "archiv/<int:pk>/v/<int:number>/seite/<int:leaf>.webp",
    "archiv/<int:pk>/v/<int:number>/seite/<int:leaf>-klein.webp",
}
# Accounts: walked with made-up keys, they show no document. Pages of the site: see PAGES.
PREFIXES = ("admin/", "^admin/", "konto/", "^konto/")
PAGE_ROUTE = r"^((?:[\w\-]+/)*)$"
PAGES = {
    home.HomePage: (["/"], visible_to),
    home.ContentPage: (["/projekt/"], visible_to),
    home.StatementPage: (["/barrierefreiheit/"], nothing),
    home.NewsIndexPage: (["/aktuelles/", f"/aktuelles/{timezone.localdate().year}/"], nothing),
    home.NewsPage: (["/aktuelles/bericht/"], visible_to),
    home.SeriesPage: (["/ideenwerkstatt/"], nothing),
    home.EditionPage: (["/ideenwerkstatt/13/", "/en/ideenwerkstatt/13/"], visible_to),
    newsletter.NewsletterIndexPage: (["/newsletter/"], nothing),
    newsletter.NewsletterIssuePage: (["/newsletter/1-2025/"], visible_to),
}
# None: among the examples of the page itself.
SUBPAGES = {
    "index_route": None,
    "all_reports": None,
    "reports_of_year": None,
    "reports_of_topic": (["/aktuelles/thema/sprache/"], visible_to),
    "feed": (["/aktuelles/feed/", "/aktuelles/thema/sprache/feed/", "/newsletter/feed/"], public),
}
# Of the admin, what is there for people without a login.
OPEN_IN_ADMIN = re.compile(
    r"\^?admin/(login/|password_reset/.*|logout/|jsi18n/|sprite/|\^jsi18n/.*|api/main/\^(pages|documents|images)/find/)"
)


IN_ADMIN = re.compile(r"\^?admin/")
ABOUT_DOCUMENTS = re.compile(r"\^?admin/(?:.*document|archiv|.*abrufe|bulk|pages/<int:page_id>/edit)")
# No rule of the admin tells them from coordinators, who walk all of it.
SAME_AS_COORDINATORS = ("without role", "deactivated", "Steuerungsgruppe")


ROUTES = list(dict.fromkeys(route for route, _view in views()))


@made_once
def world(site, documents):
    """A site that refers to all documents wherever an editor can refer to one."""
    chosen = [("documents", {"documents": list(documents.values())})]
    topic = home.Topic.objects.create(name="Sprache", slug="sprache")
    make_office()
    root = site.root_page.specific
    root.body = chosen
    root.save_revision().publish()
    chronicle = make_series(root)
    today = timezone.localdate()
    edition = home.EditionPage(title="13", slug="13", number=13, start_date=today, state="documented", body=chosen)
    edition.programme_items = [home.ProgrammeItem(title="Vortrag", day=today, start=datetime.time(10))]
    chronicle.add_child(instance=edition)
    edition.save_revision().publish()
    key = edition.programme_items.first().translation_key
    Document.with_tombstones.update(edition=edition, programme_key=key)
    topic.documents.set(Document.with_tombstones.all())
    for page in (
        home.ContentPage(title="Projekt", slug="projekt", body=chosen),
        home.StatementPage(
            title="Barrierefreiheit",
            slug="barrierefreiheit",
            prepared_on=today,
            method="Selbst",
            contact="Wir",
            enforcement="Ombudsstelle",
        ),
        home.NewsIndexPage(title="Aktuelles", slug="aktuelles"),
        newsletter.NewsletterIndexPage(title="Newsletter", slug="newsletter"),
    ):
        root.add_child(instance=page)
    report = home.NewsPage(title="Bericht", slug="bericht", date=today, teaser="Kurz", body=chosen)
    report.edition = edition
    report.related_documents = [("document", document) for document in documents.values()]
    report.topics = [topic]
    home.NewsIndexPage.objects.get().add_child(instance=report)
    issue = newsletter.NewsletterIssuePage(title="Newsletter", slug="1-2025", number="1", subject="Gruß", body=chosen)
    newsletter.NewsletterIndexPage.objects.get().add_child(instance=issue)
    english_of(root)
    english_of(chronicle)
    english_of(edition)
    return {"edition": edition, "report": report, "issue": issue}


def named_in(text, documents):
    """The names of the documents of which title or address stands in a text."""
    return {name for name, document in documents.items() if document.title in text or f"/archiv/{document.pk}/" in text}


def test_every_route_is_known():
    known = {*SHOWN, *WALKED_ELSEWHERE, PAGE_ROUTE}
    found = {route for route in ROUTES if not route.startswith(PREFIXES)}

    assert found == known


def test_every_page_type_is_known():
    assert {model for model in get_page_models() if model is not Page} == set(PAGES)
    assert {route.name for route in home.NewsIndexPage.get_subpage_urls()} == set(SUBPAGES)


@pytest.mark.slow
def test_pages_show_to_each_role_what_it_may_see(world, documents, log_in, client):
    shown = [*SHOWN.items(), *((model.__name__, entry) for model, entry in PAGES.items())]
    shown += [(name, entry) for name, entry in SUBPAGES.items() if entry]
    found, wanted = {}, {}

    for role in LEVELS:
        log_in(role)
        for route, (addresses, expected) in shown:
            answers = {address: client.get(address).getvalue().decode(errors="replace") for address in addresses}
            if route == "suche/":
                found[role, route] = set.union(*(named_in(text, documents) for text in answers.values()))
                wanted[role, route] = expected(role)
                continue
            for address, text in answers.items():
                found[role, address] = named_in(text, documents)
                wanted[role, address] = expected(role)

    assert {key: names for key, names in found.items() if names != wanted[key]} == {}


def test_machines_are_told_of_public_documents_only(world, documents, log_in, client):
    for role in ("anonymous", "Koordination", "Redaktion"):
        log_in(role)
        page = client.get("/ideenwerkstatt/13/").text
        graph = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1])
        (event,) = [node for node in graph["@graph"] if node["@type"] == "Event"]
        works = event["workFeatured"]
        assert {work["name"] for work in works} == {documents[name].title for name in visible_to("anonymous")}
        assert all(work["url"].endswith(f"/archiv/{documents['public'].pk}/") for work in works)


@pytest.mark.slow
def test_search_counts_and_suggests_what_the_reader_may_see(world, documents, log_in, client):
    for role in LEVELS:
        log_in(role)
        page = client.get("/suche/", {"q": "Stammtisch"}).text
        assert f"{len(visible_to(role))} Dokument" in page
        # "unconsented" and the like stand in titles only: a word that one may not read is nothing to suggest.
        for name in ("steering", "editors"):
            suggested = [client.get(path, {"q": f"{name}x"}).text for path in ("/suche/", "/archiv/")]
            assert [f"?q={name}" in text for text in suggested] == [name in visible_to(role)] * 2


@pytest.mark.slow
def test_nobody_without_access_gets_anything_in_the_admin(world, documents, log_in, client):
    client.raise_request_exception = False
    got = {}

    for role in OTHERS:
        log_in(role)
        for route in filter(ABOUT_DOCUMENTS.search if role in SAME_AS_COORDINATORS else IN_ADMIN.match, ROUTES):
            response = client.get(address_of(route, world, documents))
            text = response.getvalue().decode(errors="replace")
            refused = response.status_code in (302, 403, 404, 405)
            told = [document for document in documents.values() if document.title in text]
            if told or not (refused or OPEN_IN_ADMIN.fullmatch(route)):
                got[role, route] = response.status_code

    assert got == {}


@pytest.mark.slow
def test_accounts_show_no_document(world, documents, log_in, client):
    client.raise_request_exception = False
    named = {}

    for role in LEVELS:
        log_in(role)
        for route in (route for route in ROUTES if route.startswith(("konto/", "^konto/"))):
            text = client.get(address_of(route, world, documents)).getvalue().decode()
            named[role, route] = named_in(text, documents)

    assert {key for key, names in named.items() if names} == set()


def address_of(route, world, documents):
    """An address of a route, about a document that nobody without access may see."""
    keys = {"page": world["edition"].pk, "edition": world["edition"].pk, "issue": world["issue"].pk}
    words = {"app_label": "archive", "model_name": "document", "action": "delete", "app_name": "archive"}

    def value(name):
        known = next((str(key) for part, key in keys.items() if part in name), None)
        return words.get(name) or known or str(documents["editors"].pk)

    return example_of(route, value)


@pytest.mark.slow
@pytest.mark.parametrize("role", STAFF[:1] + STAFF[-2:])
def test_lists_and_choosers_of_the_admin_know_what_is_there(world, documents, log_in, client, role):
    log_in(role)
    present = visible_to(role)
    keys = [document.pk for document in documents.values()]

    for path, parameters in (
        ("/admin/documents/", {}),
        ("/admin/documents/results/", {"q": "Titel"}),
        ("/admin/documents/chooser/", {}),
        ("/admin/documents/chooser/results/", {"q": "Titel"}),
        ("/admin/documents/chooser/chosen-multiple/", {"id": keys}),
        ("/admin/api/main/documents/", {}),
    ):
        assert named_in(client.get(path, parameters).text, documents) == present, path
    for name, document in documents.items():
        for path in (
            f"/admin/documents/edit/{document.pk}/",
            f"/admin/documents/usage/{document.pk}/",
            f"/admin/documents/chooser/chosen/{document.pk}/",
            f"/admin/api/main/documents/{document.pk}/",
            f"/admin/archiv/{document.pk}/fassungen/",
            f"/admin/archiv/{document.pk}/einwilligungen/",
            f"/admin/archiv/{document.pk}/freigaben/",
        ):
            assert client.get(path).status_code == (200 if name in present else 404), (path, name)


@pytest.mark.parametrize(
    ("level", "role"),
    [(Level.PUBLIC, "anonymous"), (Level.COORDINATION, "Koordination")],
)
def test_documentation_names_what_its_readers_may_see(world, documents, level, role):
    source = document_source(gather(world["edition"], level))

    assert named_in(source.html, documents) == visible_to(role)
    assert named_in(source.attachments[0].content.decode(), documents) == visible_to(role)


def test_report_on_paper_and_newsletter_name_what_is_public(world, documents):
    printed = report_source(world["report"], as_of=timezone.now()).html
    mail = render_issue(world["issue"])

    for text in (printed, mail.html, mail.text):
        assert named_in(text, documents) == visible_to("anonymous")
