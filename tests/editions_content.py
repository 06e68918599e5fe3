"""Series of events and their editions for tests."""

from __future__ import annotations

from wagtail.models import Page

from home.models import EditionPage, EventSeries, SeriesPage


def make_series(parent: Page, name: str = "Ideenwerkstatt", slug: str = "ideenwerkstatt") -> SeriesPage:
    """A series and, below the parent, the page that lists its editions."""
    series, _made = EventSeries.objects.get_or_create(slug=slug, defaults={"name": name})
    return parent.add_child(instance=SeriesPage(title=name, slug=slug, series=series))


def make_edition(series: SeriesPage, number: int | None = 13, **fields) -> EditionPage:
    """An edition below the page of its series; the number is its title and slug if they are not in the fields."""
    values = {"title": str(number), "slug": str(number), "series": series.series} | fields
    return series.add_child(instance=EditionPage(number=number, **values))
