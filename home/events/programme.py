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
    if not isinstance(items, QuerySet):
        return list(items)
    found = with_many(items, "speakers", "person", "office", order=("sort_order", "pk"))
    for item, speakers in found:
        item.speakers = speakers
    return [item for item, _speakers in found]
