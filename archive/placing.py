"""To which edition, and to which part of its programme, an editor can say that a document belongs."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.db.models import F

from home.events.models import EditionPage, ProgrammeItem
from home.templatetags.german import date_range

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from wagtail.models import Page

Choice = tuple[str, str]
_NEWEST_FIRST = (F("start_date").desc(nulls_last=True), F("number").desc(nulls_last=True), "pk")


class EditionField(forms.ModelChoiceField):
    """A choice of the German pages of all editions, newest first: a translation shows what that one has."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(editions(), empty_label="keine", **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return label_of(obj)


class ProgrammeItemField(forms.TypedChoiceField):
    """A choice of the parts of all programmes by edition; its value is a `translation_key` or None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=item_choices, coerce=UUID, empty_value=None, **kwargs)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(initial or "") != str(data or "")


def editions() -> QuerySet[EditionPage]:
    """The German pages, drafts too: documents often come before an edition is published."""
    return EditionPage.objects.filter(locale__language_code=settings.LANGUAGE_CODE).order_by(*_NEWEST_FIRST)


def is_edition(page: Page) -> bool:
    """Whether a page of which only the common part is loaded, as in a list, is that of an edition."""
    return issubclass(page.cached_content_type.model_class() or object, EditionPage)


def edition_of(key: UUID) -> EditionPage | None:
    """The edition to whose programme the part with this `translation_key` belongs."""
    return editions().filter(programme_items__translation_key=key).first()


def item_choices() -> list[Choice | tuple[str, list[Choice]]]:
    """The parts of the programme of each edition, in two queries however many there are."""
    groups: dict[int, list[Choice]] = defaultdict(list)
    for item in ProgrammeItem.objects.filter(page__in=editions().order_by()).order_by("sort_order", "pk"):
        groups[item.page_id].append((str(item.translation_key), _item_label(item)))
    named = [(label_of(edition), groups[edition.pk]) for edition in editions() if edition.pk in groups]
    return [("", "keiner"), *named]


def label_of(edition: EditionPage) -> str:
    """ "13. Ideenwerkstatt, Halle"; a date that has no number is told from others by its day."""
    when = date_range(edition.start_date, edition.end_date, edition.date_precision)
    return ", ".join(filter(None, [edition.heading, edition.place, "" if edition.number else when]))


def _item_label(item: ProgrammeItem) -> str:
    when = " ".join(
        filter(None, [f"{item.day:%d.%m.}" if item.day else "", f"{item.start:%H:%M}" if item.start else ""])
    )
    return f"{when} {item.title}" if when else item.title
