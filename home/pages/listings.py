"""What the home page and the list of reports show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models.functions import ExtractYear

from home.events.chronicle import chronological, default_editions, has_taken_place, is_upcoming
from home.events.models import EditionPage, Participation
from home.pages.models import HomePage, NewsIndexPage, NewsPage
from home.people import CoordinationOffice

if TYPE_CHECKING:
    from django.http import HttpRequest

REPORTS_ON_HOME = 3
EDITIONS_IN_STRIP = 5
REPORTS_PER_PAGE = 12


def home_context(page: HomePage) -> dict[str, Any]:
    """Lead edition, dates, latest reports, all offices, and the youngest editions of the Ideenwerkstatt."""
    editions = list(default_editions())
    workshop = chronological(edition for edition in editions if edition.series.slug == "ideenwerkstatt")
    held = [edition for edition in workshop if has_taken_place(edition)]
    hero = page.hero_edition or (held[-1] if held else None)
    upcoming = sorted(filter(is_upcoming, editions), key=lambda edition: edition.start_date)
    reports = NewsPage.objects.live().public().filter(locale=page.locale).select_related("lead_image")
    return {
        "hero": hero,
        "hero_hosts": _hosts(hero),
        "upcoming": upcoming,
        # With nothing to come the home page says so and shows what was last.
        "recent": sorted(
            (edition for edition in editions if edition.start_date and has_taken_place(edition)),
            key=lambda edition: edition.start_date,
            reverse=True,
        )[:2],
        "reports": reports.order_by("-date", "-pk")[:REPORTS_ON_HOME],
        "offices": CoordinationOffice.objects.all(),
        "strip": [edition for edition in workshop if edition.number and edition.state != EditionPage.State.UNRECORDED][
            -EDITIONS_IN_STRIP:
        ],
    }


def _hosts(edition: EditionPage | None) -> list[CoordinationOffice]:
    if edition is None:
        return []
    parts = Participation.objects.filter(page=edition, hosted=True).select_related("office")
    return [participation.office for participation in parts]


def news_context(page: NewsIndexPage, request: HttpRequest, year: int | None = None) -> dict[str, Any]:
    """Reports below `page`, newest first, one page of them; a wrong page number shows the nearest page."""
    reports = NewsPage.objects.child_of(page).live().public().select_related("lead_image").order_by("-date", "-pk")
    years = reports.order_by().annotate(year=ExtractYear("date")).values_list("year", flat=True).distinct()
    if year:
        reports = reports.filter(date__year=year)
    return {
        "reports": Paginator(reports, REPORTS_PER_PAGE).get_page(request.GET.get("seite")),
        "year": year,
        "years": sorted(years, reverse=True),
    }
