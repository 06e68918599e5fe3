"""A new edition from the skeleton of an earlier one: what was on the programme and when, nothing of what happened."""

from __future__ import annotations

import datetime
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from wagtail.models import Locale

from home.events.chronicle import chronological
from home.events.models import EditionPage, Participation, ProgrammeItem, SeriesPage

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from home.people import CoordinationOffice

# The title of a part that has neither a title nor a format yet.
UNNAMED = "Programmpunkt"


def editions_of(series_page: SeriesPage) -> QuerySet[EditionPage]:
    """Everything below the chronicle, drafts too."""
    return EditionPage.objects.child_of(series_page).select_related("series")


def latest_model(series_page: SeriesPage) -> EditionPage | None:
    """The edition that a new one resembles most: the latest that has a programme."""
    with_programme = editions_of(series_page).filter(programme_items__isnull=False).distinct()
    return next(reversed(chronological(with_programme)), None)


def next_number(series_page: SeriesPage) -> int | None:
    """The number after the highest; None for a series that does not count its editions."""
    numbers = [number for number in editions_of(series_page).values_list("number", flat=True) if number]
    return max(numbers) + 1 if numbers else None


def new_edition(
    series_page: SeriesPage,
    *,
    model: EditionPage | None,
    number: int | None,
    start: datetime.date | None,
    place: str,
    host: CoordinationOffice | None,
    with_titles: bool,
    user: Any,
) -> EditionPage:
    """Save a draft below `series_page` and return it.

    From `model` it takes how many days it lasts and the programme: formats and times, each on its day counted from the
    first, and the titles if `with_titles`; else the format is the title, for the talks of last year are not those of
    this one. Rooms, people, texts, participants, photos, documents and results stay behind; parts of the programme get
    keys of their own, so that documents of the old ones do not follow. `host` is noted as the office that invites.
    """
    series = series_page.series
    name = f"{number}. {series.name}" if number else series.name
    edition = EditionPage(
        title=f"{name} in {place}" if place else name,
        # Addresses are /ideenwerkstatt/14/; without a number Wagtail makes one from the title, and keeps it unique.
        slug=str(number) if number else "",
        series=series,
        number=number,
        start_date=start,
        end_date=_last_day(model, start),
        place=place,
        state=EditionPage.State.PREPARING,
        live=False,
        owner=user,
        locale=series_page.locale,
    )
    if model is not None:
        edition.programme_items = [_skeleton(item, model, start, edition.locale) for item in _programme(model)]
        if not with_titles:
            for item in edition.programme_items.all():
                item.title = item.get_format_display() or UNNAMED
    if host is not None:
        edition.participations = [Participation(office=host, hosted=True)]
    series_page.add_child(instance=edition)
    edition.save_revision(user=user, log_action=False)
    return edition


def number_is_taken(series_page: SeriesPage, number: int) -> bool:
    """Whether an edition has this number, or its address."""
    siblings = series_page.get_children()
    return siblings.filter(slug=str(number)).exists() or editions_of(series_page).filter(number=number).exists()


def carried_over(draft: EditionPage) -> dict[str, list[str]]:
    """Titles in the programme of `draft` that stood in exactly one earlier edition, by the title of that edition.

    A title that stood in several is a fixture of the series, like the welcome, and so is the name of a format.
    """
    general = {UNNAMED, *map(str, ProgrammeItem.Format.labels)}
    titles = {item.title for item in draft.programme_items.all()} - general
    earlier = ProgrammeItem.objects.filter(page__series=draft.series_id, locale=draft.locale_id, title__in=titles)
    if draft.start_date:
        earlier = earlier.filter(page__start_date__lt=draft.start_date)
    editions: dict[str, set[str]] = defaultdict(set)
    others = earlier.exclude(page=draft.pk).order_by("sort_order", "pk")
    for title, edition in others.values_list("title", "page__title"):
        editions[title].add(edition)
    found: dict[str, list[str]] = defaultdict(list)
    for title, named in editions.items():
        if len(named) == 1:
            found[named.pop()].append(title)
    return dict(found)


def _programme(model: EditionPage) -> QuerySet[ProgrammeItem]:
    return model.programme_items.order_by("sort_order", "pk")


def _last_day(model: EditionPage | None, start: datetime.date | None) -> datetime.date | None:
    if model is None or start is None or model.start_date is None or model.end_date is None:
        return None
    return start + (model.end_date - model.start_date)


def _skeleton(item: ProgrammeItem, model: EditionPage, start: datetime.date | None, locale: Locale) -> ProgrammeItem:
    copy = ProgrammeItem(title=item.title, format=item.format, sort_order=item.sort_order, locale=locale)
    first = model.start_date or min((other.day for other in _programme(model) if other.day), default=None)
    # A time without a day says nothing: it comes back when the editor enters the days.
    if start and item.day and first:
        copy.day, copy.start, copy.end = start + (item.day - first), item.start, item.end
    return copy
