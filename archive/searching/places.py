"""The editions to which documents belong, as the search names them: key, label, year, series, hosts."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import F, FilteredRelation, Q

from home.events.keys import MAIN_SERIES, edition_key
from home.events.models import EditionPage


@dataclass(slots=True)
class Place:
    """An edition; `start` is an ISO 8601 date or "", `hosts` are slugs and names of the offices that invited to it."""

    key: str
    label: str
    start: str
    series_slug: str
    series: str
    hosts: list[tuple[str, str]] = field(default_factory=list)


def places() -> dict[int, Place]:
    """The German pages of all editions by primary key (one query): documents belong to those, not to translations.

    There are some dozens, and most searches touch most of them.
    """
    invited = FilteredRelation("participations", condition=Q(participations__hosted=True))
    rows = (
        EditionPage.objects.filter(locale__language_code=settings.LANGUAGE_CODE)
        .annotate(invited=invited)
        .order_by("pk", "invited__office__slug")
        .values_list(
            "pk",
            "number",
            "slug",
            "place",
            "start_date",
            F("series__slug"),
            F("series__name"),
            F("invited__office__slug"),
            F("invited__office__name"),
        )
    )
    found: dict[int, Place] = {}
    for pk, number, slug, place, start, series_slug, series, office_slug, office in rows:
        if pk not in found:
            label = _label(number, series_slug, series, place)
            found[pk] = Place(edition_key(series_slug, number, slug), label, str(start or ""), series_slug, series)
        if office_slug:
            found[pk].hosts.append((office_slug, office))
    return found


def _label(number: int | None, series_slug: str, series: str, place: str) -> str:
    name = f"{number}." if number else series
    if number and series_slug != MAIN_SERIES:
        name = f"{number}. {series}"
    return f"{name} {place}" if place else name
