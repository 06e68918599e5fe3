"""Remembers what calendars were told of an edition, so that SEQUENCE rises with every change and never falls."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Locale

from home.events.calendar import digest_of
from home.events.models import CalendarEntry, EditionPage, EventSeries


def announce(edition: EditionPage) -> None:
    """Count a change if a calendar would show something else than before; safe to repeat.

    The row outlives an unpublishing and a day that is open again: whoever had the date goes on with higher numbers.
    Translations stand in no calendar.
    """
    digest = digest_of(edition)
    if not edition.live or not digest or edition.locale_id != Locale.get_default().pk:
        return
    with transaction.atomic():
        # An edition that was public before its first row has been told as number 0.
        new = edition.first_published_at == edition.last_published_at
        defaults = {"digest": digest, "sequence": 0 if new else 1, "changed_at": timezone.now()}
        entry, created = CalendarEntry.objects.select_for_update().get_or_create(edition=edition, defaults=defaults)
        if not created and entry.digest != digest:
            entry.digest = digest
            entry.sequence += 1
            entry.changed_at = timezone.now()
            entry.save(update_fields=["digest", "sequence", "changed_at"])


def announce_published(sender: type, instance: Any, **kwargs: Any) -> None:
    """Receiver of Wagtail's `page_published`."""
    if isinstance(instance, EditionPage):
        announce(instance)


def announce_series(sender: type, instance: EventSeries, created: bool, **kwargs: Any) -> None:
    """Receiver of `post_save`: the name of a series is part of the title of its dates."""
    if not created:
        for edition in EditionPage.objects.live().filter(series=instance).select_related("series"):
            announce(edition)
