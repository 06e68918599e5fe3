"""The programme of an edition with all who take part in it."""

from __future__ import annotations

from django.db.models import QuerySet

from home.events.models import EditionPage, ProgrammeItem
from home.joins import with_many


def items_of(edition: EditionPage) -> list[ProgrammeItem]:
    """The parts in the order of the editor, their speakers loaded (one query, however many there are).

    A draft that is not saved holds both in memory, where there is nothing to load.
    """
    items = edition.programme_items.order_by("sort_order", "pk")
    return _with_speakers(items) if isinstance(items, QuerySet) else list(items)


def items_of_both(source: EditionPage, page: EditionPage) -> tuple[list[ProgrammeItem], list[ProgrammeItem]]:
    """The parts of an edition and of its translation (one query, unless one of them is a draft)."""
    if not all(isinstance(edition.programme_items.order_by("pk"), QuerySet) for edition in (source, page)):
        return items_of(source), items_of(page)
    items = _with_speakers(ProgrammeItem.objects.filter(page__in=[source.pk, page.pk]).order_by("sort_order", "pk"))
    return [item for item in items if item.page_id == source.pk], [item for item in items if item.page_id == page.pk]


def _with_speakers(items: QuerySet[ProgrammeItem]) -> list[ProgrammeItem]:
    found = with_many(items, "speakers", "person", "office", order=("sort_order", "pk"))
    for item, speakers in found:
        item.speakers = speakers
    return [item for item, _speakers in found]
