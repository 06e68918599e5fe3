"""What the home page and the list of reports show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.db.models.functions import ExtractYear
from wagtail.documents import get_document_model

from home.events.chronicle import chronological, default_editions, has_taken_place, is_upcoming, offices_hosting
from home.events.models import EditionPage
from home.pages.models import HomePage, NewsIndexPage, NewsPage
from home.pages.reports import latest_reports
from home.pages.visibility import open_to_all
from home.people import Topic, all_offices

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

REPORTS_ON_HOME = 3
EDITIONS_IN_STRIP = 5
REPORTS_PER_PAGE = 12
DOCUMENTS_OF_TOPIC = 12


def home_context(page: HomePage, request: HttpRequest) -> dict[str, Any]:
    """Lead edition, dates, latest reports, all offices, and the youngest editions of the Ideenwerkstatt."""
    editions = list(default_editions())
    workshop = _workshops(editions)
    hero = hero_of(page, editions)
    upcoming = sorted(filter(is_upcoming, editions), key=lambda edition: edition.start_date)
    own = _reports(page, hero)
    hero_report = _report_of(hero, own) if hero else None
    reports = own[: REPORTS_ON_HOME + 1]
    offices = offices_hosting(hero) if hero else all_offices(request)
    # The opening leads to its report; the list repeats it only where there is little else.
    shown = [report for report in reports if report != hero_report] if len(reports) > REPORTS_ON_HOME else reports
    return {
        "hero": hero,
        "hero_words": _words_of(hero, page) if hero else None,
        "hero_hosts": [office for office in offices if hero and office.hosting],
        "hero_report": hero_report,
        "upcoming": upcoming,
        # With nothing to come the home page says so and shows what was last.
        "recent": sorted(
            (edition for edition in editions if edition.start_date and has_taken_place(edition)),
            key=lambda edition: edition.start_date,
            reverse=True,
        )[:2],
        "reports": shown[:REPORTS_ON_HOME],
        "offices": offices,
        "strip": [edition for edition in workshop if edition.number and edition.state != EditionPage.State.UNRECORDED][
            -EDITIONS_IN_STRIP:
        ],
    }


def hero_of(page: HomePage, editions: Iterable[EditionPage]) -> EditionPage | None:
    """The edition in the opening: the one that the editors chose, else the last Ideenwerkstatt that took place."""
    editions = list(editions)
    chosen = next((edition for edition in editions if edition.pk == page.hero_edition_id), None)
    held = [edition for edition in _workshops(editions) if has_taken_place(edition)]
    return chosen or (held[-1] if held else None)


def _workshops(editions: list[EditionPage]) -> list[EditionPage]:
    return chronological(edition for edition in editions if edition.series.slug == "ideenwerkstatt")


def _reports(page: HomePage, hero: EditionPage | None) -> list[NewsPage]:
    """The latest reports in the language of `page` and all about `hero`, newest first (one query)."""
    reports = NewsPage.objects.filter(locale_id=page.locale_id)
    latest = Q(pk__in=latest_reports(reports).values("pk")[: REPORTS_ON_HOME + 1])
    return list(latest_reports(reports.filter(latest | Q(edition=hero) if hero else latest)))


def _report_of(edition: EditionPage, reports: list[NewsPage]) -> NewsPage | None:
    """The newest report about `edition`; one that was written here goes before short versions and reprints."""
    about = [report for report in reports if report.edition_id == edition.pk]
    return min(about, key=lambda report: report.origin != NewsPage.Origin.HERE, default=None)


def _words_of(edition: EditionPage, page: HomePage) -> EditionPage | None:
    """The edition in the language of `page`, where it is published in that language."""
    if edition.locale_id == page.locale_id:
        return edition
    return open_to_all(edition.get_translations()).filter(locale_id=page.locale_id).first()


def news_context(
    page: NewsIndexPage, request: HttpRequest, year: int | None = None, topic: Topic | None = None
) -> dict[str, Any]:
    """Reports below `page`, newest first, one page of them; a wrong page number shows the nearest page."""
    reports = latest_reports(NewsPage.objects.child_of(page))
    years = reports.order_by().annotate(year=ExtractYear("date")).values_list("year", flat=True).distinct()
    if year:
        reports = reports.filter(date__year=year)
    if topic:
        reports = reports.filter(topics=topic)
    return {
        "reports": Paginator(reports, REPORTS_PER_PAGE).get_page(request.GET.get("seite")),
        "year": year,
        # A topic has no archive by year.
        "years": [] if topic else sorted(years, reverse=True),
        "topic": topic,
        "subjects": [] if topic or year else list(Topic.objects.filter(reports__in=reports).distinct()),
        "feed_url": f"{page.get_url(request)}{f'thema/{topic.slug}/' if topic else ''}feed/",
    }


def topic_context(page: NewsIndexPage, request: HttpRequest, topic: Topic) -> dict[str, Any]:
    """All there is on a topic: reports below `page`, editions, and documents that the visitor may see."""
    documents = get_document_model().objects.visible_to(request.user).filter(topics=topic)
    return news_context(page, request, topic=topic) | {
        "editions": default_editions().filter(topics=topic).order_by("-start_date", "-pk"),
        "documents": documents.with_covers().order_by("-date", "title")[:DOCUMENTS_OF_TOPIC],
    }


def report_context(page: NewsPage, request: HttpRequest) -> dict[str, Any]:
    """What a report shows besides its own fields: its edition if that is public, and documents that may be seen."""
    chosen = [block.value.pk for block in page.related_documents if block.value is not None]
    edition = default_editions().filter(pk=page.edition_id).first() if page.edition_id else None
    # Many reports have neither, and it takes a moment to say what may be seen.
    visible: Any = get_document_model().objects.visible_to(request.user) if chosen or edition else None
    found = {document.pk: document for document in visible.filter(pk__in=chosen).with_covers()} if chosen else {}
    return {
        "edition": edition,
        "documents": [found[key] for key in chosen if key in found],
        # The edition's own page lists them; a link to an empty list helps nobody.
        "edition_has_documents": edition is not None and visible.filter(edition=edition).exists(),
        "topics": list(page.topics.all()),
    }
