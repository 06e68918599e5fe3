"""The programme of an edition with all who take part in it."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from home.events.models import EditionPage, ProgrammeItem, ProgrammeSpeaker


def items_of(edition: EditionPage) -> list[ProgrammeItem]:
    """The parts in the order of the editor, their speakers loaded (three queries, however many there are).

    A draft that is not saved holds both in memory, where there is nothing to load.
    """
    items = edition.programme_items.order_by("sort_order", "pk")
    if isinstance(items, QuerySet):
        speakers = ProgrammeSpeaker.objects.select_related("person", "office")
        items = items.prefetch_related(Prefetch("speakers", speakers))
    return list(items)
