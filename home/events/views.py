"""Pages that are not Wagtail pages: dates, calendars and the coordination offices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from home.events.calendar import calendar_of, has_day
from home.events.chronicle import default_editions, is_upcoming
from home.events.offices import office_context
from home.events.selecting import series_pages
from home.people import all_offices

if TYPE_CHECKING:
    from django.http import HttpRequest

PAST_SHOWN = 12


@require_safe
def dates(request: HttpRequest) -> HttpResponse:
    """All dates ahead, and the last ones behind."""
    dated = list(default_editions().filter(start_date__isnull=False).order_by("start_date", "pk"))
    ahead = [edition for edition in dated if is_upcoming(edition)]
    behind = [edition for edition in reversed(dated) if not is_upcoming(edition)]
    calendar = settings.BASE_URL + reverse("home:calendar")
    context = {
        "ahead": ahead,
        "behind": behind[:PAST_SHOWN],
        "series": series_pages(),
        "calendar": calendar,
        # Opens the calendar of the reader to subscribe, where https would hand over the file once.
        "subscription": f"webcal:{calendar.partition(':')[2]}",
    }
    return render(request, "home/dates.html", context)


@require_safe
def calendar_file(request: HttpRequest) -> HttpResponse:
    """Every date that is known to the day, for subscription."""
    editions = default_editions().prefetch_related("programme_items")
    return _calendar_response(calendar_of(editions), "ikoe-termine.ics")


@require_safe
def edition_calendar_file(request: HttpRequest, series: str, edition: str) -> HttpResponse:
    """One date; 404 as long as its day is not known."""
    page = (
        default_editions()
        .filter(slug=edition, url_path__endswith=f"/{series}/{edition}/")
        .prefetch_related("programme_items")
        .first()
    )
    if page is None or not has_day(page):
        raise Http404
    return _calendar_response(calendar_of([page]), f"{series}-{edition}.ics")


@require_safe
def offices(request: HttpRequest) -> HttpResponse:
    """The fourteen coordination offices as a map and as a list."""
    known = all_offices(request)
    return render(request, "home/offices.html", {"offices": known, "reachable": any(one.is_reachable for one in known)})


@require_safe
def office(request: HttpRequest, slug: str) -> HttpResponse:
    """One coordination office: how to reach it, and the editions it hosted or attended."""
    known = all_offices(request)
    found = next((one for one in known if one.slug == slug), None)
    if found is None:
        raise Http404
    return render(request, "home/office.html", {"office": found, "offices": known} | office_context(found))


def _calendar_response(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response
