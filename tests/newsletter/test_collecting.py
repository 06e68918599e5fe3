"""The button that fills an issue with what is new since the last one."""

import datetime

import pytest
from django.utils import timezone

from archive.access import Level
from archive.models import Document
from archive.opening import noting_if_opened
from home.models import EditionPage, NewsIndexPage, NewsPage
from newsletter.composing import collecting, gate
from newsletter.errors import AlreadyStarted
from newsletter.models import Mailing, NewsletterIndexPage
from newsletter.sending import mailings
from tests.editions_content import make_series
from tests.home.block_examples import make_document
from tests.newsletter.conftest import add_issue

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - datetime.timedelta(days=400)
YESTERDAY = timezone.now() - datetime.timedelta(days=1)
SOON = timezone.localdate() + datetime.timedelta(days=30)


class Site:
    """Pages and documents, each with the time at which it came out."""

    def __init__(self, home):
        self.news = home.add_child(instance=NewsIndexPage(title="Aktuelles", slug="aktuelles"))
        self.series = make_series(home)

    def report(self, name, at, **fields):
        page = NewsPage(title=name, slug=name.lower(), date=at.date(), teaser="Was war.", body=[], **fields)
        return self._out(self.news, page, at)

    def edition(self, number, at, *, day, state):
        page = EditionPage(title=f"{number}", slug=f"{number}", number=number, start_date=day, state=state)
        return self._out(self.series, page, at)

    def document(self, name, at, level=Level.PUBLIC):
        document = make_document(name, level)
        Document.objects.filter(pk=document.pk).update(created_at=at)
        return document

    def _out(self, parent, page, at):
        page.first_published_at = at
        return parent.add_child(instance=page)


@pytest.fixture
def things(issue):
    return Site(issue.get_site().root_page)


@pytest.fixture
def sent(issue, subscribe):
    """The last issue, on its way; what came out before it is old."""
    subscribe("leser@example.org")
    mailing = mailings.start_mailing(issue)
    type(mailing).objects.update(created_at=timezone.now() - datetime.timedelta(days=90))
    return issue


@pytest.fixture
def following(sent):
    return add_issue(sent.get_parent().specific, slug="naechste", title="Nächste", number="2/2025", body=[])


def at(day, hour):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


def blocks(issue):
    return [(child.block_type, child.value) for child in collecting.draft_of(issue).body]


def test_everything_new_gets_into_the_draft_and_passes_the_check(following, things):
    held = things.edition(13, LONG_AGO, day=YESTERDAY.date(), state="held")
    report = things.report("Neu", YESTERDAY)
    ahead = things.edition(14, LONG_AGO, day=SOON, state="announced")
    document = things.document("Folien", YESTERDAY)

    draft = collecting.add(following, collecting.whats_new(following), user=None)

    kinds = [kind for kind, _value in blocks(following)]
    assert kinds == ["edition", "report", "heading", "dates", "heading", "documents"]
    values = [value for _kind, value in blocks(following)]
    assert (values[0]["page"].pk, values[1]["page"].pk) == (held.pk, report.pk)
    assert [page.pk for page in values[3]["editions"]] == [ahead.pk]
    assert [one.pk for one in values[5]["documents"]] == [document.pk]
    assert [finding for finding in gate.check(draft) if finding.blocks] == []
    following.refresh_from_db()
    assert following.has_unpublished_changes and not len(following.body), "only the draft changed"


def test_what_is_old_hidden_or_not_public_stays_out(following, things):
    things.report("Alt", LONG_AGO)
    things.report("Entwurf", YESTERDAY, live=False)
    things.edition(12, LONG_AGO, day=LONG_AGO.date(), state="documented")
    things.document("Intern", YESTERDAY, Level.COORDINATION)
    things.document("Vorher", LONG_AGO)

    assert not collecting.whats_new(following)


def test_an_edition_of_the_day_of_the_last_issue_is_told_about(following, things):
    day = timezone.localdate() - datetime.timedelta(days=20)
    Mailing.objects.update(created_at=at(day, 9))
    held = things.edition(13, LONG_AGO, day=day, state="held")
    things.edition(12, LONG_AGO, day=day - datetime.timedelta(days=1), state="held")

    assert collecting.whats_new(following).editions == [held]


def test_a_document_is_new_when_it_becomes_public(following, things):
    """The last issue was put together at midnight here, which is the day before by UTC."""
    day = timezone.localdate() - datetime.timedelta(days=20)
    Mailing.objects.update(created_at=at(day, 0))
    opened = things.document("Geöffnet", LONG_AGO, Level.COORDINATION)
    lifted, known = things.document("Frei seit gestern", LONG_AGO), things.document("War schon frei", LONG_AGO)
    Document.objects.filter(pk=lifted.pk).update(embargo_until=YESTERDAY.date())
    Document.objects.filter(pk=known.pk).update(embargo_until=day)
    with noting_if_opened(opened, None):
        Document.objects.filter(pk=opened.pk).update(level=Level.PUBLIC)

    assert {document.title for document in collecting.whats_new(following).documents} == {opened.title, lifted.title}


def test_collecting_again_doubles_nothing_and_adds_what_came_since(following, things):
    things.report("Eins", YESTERDAY)
    things.document("Folien", YESTERDAY)
    collecting.add(following, collecting.whats_new(following), user=None)
    first = collecting.draft_of(following).body.get_prep_value()

    stale = collecting.News(None, reports=list(NewsPage.objects.all()), documents=list(Document.objects.all()))
    collecting.add(following, stale, user=None)
    assert collecting.draft_of(following).body.get_prep_value() == first
    assert following.revisions.count() == 2

    things.report("Zwei", timezone.now())
    things.document("Protokoll", timezone.now())
    collecting.add(following, collecting.whats_new(collecting.draft_of(following)), user=None)
    kinds = [kind for kind, _value in blocks(following)]
    assert kinds == ["report", "report", "heading", "documents"], "one block of documents, grown by one"
    assert len(blocks(following)[3][1]["documents"]) == 2


def test_what_an_editor_wrote_stays_where_it_is(following, things):
    linked = things.report("Verlinkt", YESTERDAY)
    things.report("Frei", YESTERDAY)
    ahead = things.edition(14, LONG_AGO, day=SOON, state="announced")
    document = things.document("Folien", YESTERDAY)
    following.body = [
        ("text", f'<p>Siehe <a linktype="page" id="{linked.pk}">Bericht</a>.</p>'),
        ("heading", {"text": "Termine", "level": "2"}),
        ("dates", {"editions": [], "count": 3}),
        ("heading", {"text": "Neu im Archiv", "level": "2"}),
        ("text", "<p>Ganz frisch:</p>"),
    ]
    following.save_revision()

    news = collecting.whats_new(collecting.draft_of(following))
    collecting.add(following, news, user=None)

    assert [report.title for report in news.reports] == ["Frei"]
    assert ahead not in news.dates, "the block of the next dates shows it already"
    kinds = [kind for kind, _value in blocks(following)]
    assert kinds == ["text", "report", "heading", "dates", "heading", "documents", "text"]
    assert blocks(following)[5][1]["documents"][0].pk == document.pk


def test_only_the_chosen_part_is_added(following, things):
    things.report("Ja", YESTERDAY)
    no = things.report("Nein", YESTERDAY)
    news = collecting.whats_new(following)

    collecting.add(following, news.only(key for key in news.keys if key != f"reports-{no.pk}"), user=None)

    assert [value["page"].title for _kind, value in blocks(following)] == ["Ja"]


def test_an_issue_on_its_way_does_not_change(sent, things):
    things.report("Neu", YESTERDAY)

    with pytest.raises(AlreadyStarted):
        collecting.add(sent, collecting.whats_new(sent), user=None)


def test_a_new_issue_begins_with_what_is_new(issue, things):
    index = NewsletterIndexPage.objects.get()
    year = timezone.localdate().year
    issue.number = f"7/{year}"
    issue.save()
    things.report("Neu", YESTERDAY)

    made = collecting.new_issue(index, user=None)
    again = collecting.new_issue(index, user=None)

    assert (made.number, made.slug, made.live) == (f"8/{year}", f"{year}-8", False)
    assert again.number == f"9/{year}"
    assert [kind for kind, _value in blocks(made)] == ["report"]
    assert not issue.mailings.exists() and collecting.whats_new(made).since is None


def test_a_new_issue_without_news_begins_with_the_next_dates(issue):
    made = collecting.new_issue(NewsletterIndexPage.objects.get(), user=None)

    assert [kind for kind, _value in blocks(made)] == ["heading", "dates"]
