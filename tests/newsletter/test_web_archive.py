"""The newsletter on the website: pages of issues, the feed, previews of drafts, and nothing personal anywhere."""

import datetime
import re

import pytest
from defusedxml.ElementTree import fromstring
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.urls import reverse
from wagtail.models import PageViewRestriction

from archive.access import Level
from home.roles import Role
from newsletter.composing.rendering import render_issue, sample_values
from newsletter.models import NewsletterIndexPage
from tests.accounts_content import member
from tests.home.block_examples import make_document
from tests.newsletter.conftest import add_issue

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def index(issue):
    return NewsletterIndexPage.objects.get()


def test_long_lists_are_cut_into_pages(index, client):
    for number in range(2, 15):
        add_issue(
            index, title=f"Nr. {number}", slug=f"nr-{number}", number=f"{number}/2025", subject=f"Betreff {number}."
        )

    first, second = (client.get("/newsletter/", {"seite": page}).content.decode() for page in ("1", "2"))

    assert "Betreff 14." in first and "Grüße aus Halle" not in first and 'rel="next"' in first
    assert "Grüße aus Halle" in second and "Betreff 14." not in second
    assert client.get("/newsletter/", {"seite": "-1' OR 1"}).status_code == 200


def test_the_feed_carries_public_issues_whole_and_nothing_personal(index, issue, client):
    internal = make_document("Geheim", Level.COORDINATION)
    issue.body = [
        ("text", '<p>Zum <a href="/impressum/">Impressum</a></p>'),
        ("documents", {"documents": [internal]}),
    ]
    issue.save_revision().publish()
    add_issue(index, title="Privat", slug="privat", subject="Nur für wenige")
    PageViewRestriction.objects.create(page=index.get_children().get(slug="privat"), restriction_type="login")
    index.add_child(
        instance=type(issue)(
            title="Entwurf", slug="entwurf", number="9", subject="Entwurf", body=issue.body, live=False
        )
    )

    response = client.get("/newsletter/feed/")
    feed = fromstring(response.content)

    assert response["Content-Type"].startswith("application/atom+xml")
    [entry] = feed.findall(f"{ATOM}entry")
    content = entry.find(f"{ATOM}content").text
    assert entry.find(f"{ATOM}title").text == "Grüße aus Halle"
    assert entry.find(f"{ATOM}id").text == f"urn:uuid:{issue.translation_key}"
    assert "Hier ist die erste Ausgabe." in content and 'href="https://www.example.org/impressum/"' in content
    assert "Geheim" not in content and "Guten Tag" not in content
    assert not re.search(r"abmelden|einstellungen|[\ue000-\ue011]", response.content.decode())
    assert "/newsletter/feed/" in client.get("/newsletter/").content.decode()


def test_the_page_of_an_issue_greets_nobody(issue, client):
    page = client.get("/newsletter/2025-1/").content.decode()

    assert "Hier ist die erste Ausgabe." in page
    assert "Guten Tag" not in page and "Kim Beispiel" not in page and "/newsletter/abmelden/" not in page


@pytest.fixture
def editor(client):
    client.force_login(member(Role.CHIEF_EDITOR))
    return client


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("mail", "Guten Tag Kim Beispiel!"),
        ("dark", "@media all"),
        ("phone", "<iframe"),
        ("text", "Guten Tag Kim Beispiel!"),
        ("person", "Wählen Sie zuerst eine Person aus"),
        ("", "Hier ist die erste Ausgabe."),
    ],
)
def test_every_way_to_look_at_a_draft_shows_it_and_links_nobody(issue, editor, mode, words):
    url = reverse("wagtailadmin_pages:view_draft", args=[issue.pk])

    page = editor.get(url, {"mode": mode}).content.decode()

    assert words in page
    assert not re.search(r"/newsletter/(?:abmelden|einstellungen)/(?!muster/)", page)


def test_a_chosen_person_is_greeted_in_the_preview_and_only_while_the_editor_may_see_them(issue, editor, subscribe):
    reader = subscribe("leserin@example.org", name='Rosa "&" Muster')
    editor.post(reverse("newsletter_as_person", args=[issue.pk]), {"person": str(reader.pk)})
    url = reverse("wagtailadmin_pages:view_draft", args=[issue.pk])

    seen = editor.get(url, {"mode": "person"}).content.decode()
    get_user_model().objects.get().groups.set([Group.objects.get(name=Role.EDITOR.value)])
    hidden = editor.get(url, {"mode": "person"}).content.decode()

    assert "Guten Tag Rosa &quot;&amp;&quot; Muster!" in seen and str(reader.key) not in seen
    assert "Rosa" not in hidden and "Wählen Sie zuerst eine Person aus" in hidden


def test_the_dark_theme_names_every_colour_of_the_mail(issue):
    html = render_issue(issue).personal(sample_values()).html
    dark = html[html.index("prefers-color-scheme:dark") :].partition("</style>")[0]
    used = set(re.findall(r'(?:color|background|bgcolor)[:=]"?(#[0-9a-f]{6})', html.partition("<body")[2]))

    assert '<meta name="color-scheme" content="light dark"' in html
    assert {colour for colour in used if colour not in dark} <= {"#ffffff"}, "mrml's colour of the invisible preheader"


def test_an_issue_that_was_never_published_has_a_time_in_the_mail(index):
    draft = type(add_issue(index, slug="x"))(title="y", number="1", subject="z", body=[])

    assert f"{datetime.date.today().year}" in render_issue(draft).text
