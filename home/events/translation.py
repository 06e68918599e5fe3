"""What a translated edition takes from its German page: translators change words, never dates, places or people."""

from __future__ import annotations

from home.events.models import EditionPage, ProgrammeItem
from home.events.programme import items_of, items_of_both

# Facts of an edition. They are copied when a translation is made, and would grow old there.
FACTS = ("number", "start_date", "end_date", "date_precision", "place", "venue", "state", "state_note", "series_id")


def follow(page: EditionPage, source: EditionPage) -> None:
    """Give `page` the facts of `source`, its German page, for as long as it is shown; nothing is saved."""
    if page.pk == source.pk:
        return
    for name in FACTS:
        setattr(page, name, getattr(source, name))


def programme(page: EditionPage, source: EditionPage) -> list[ProgrammeItem]:
    """The programme of `source` in the words of `page`.

    Day, time, room, format and speakers are those of the German items. An item that is not translated yet stays German
    (its locale says so); one that is gone from the German programme is gone here too.
    """
    if page.pk == source.pk:
        return items_of(page)
    items, own = items_of_both(source, page)
    translated = {item.translation_key: item for item in own}
    for item in items:
        words = translated.get(item.translation_key)
        if words:
            item.locale = page.locale
            item.title, item.abstract, item.results = words.title, words.abstract, words.results
    return items
