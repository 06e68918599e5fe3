"""Builds the translated pages of the demo. Like `home.demo`: repeating it changes nothing.

A translation is found again by the `translation_key` that it shares with its German page.
"""

from __future__ import annotations

from typing import Any, TypeVar

from wagtail.models import Locale, Page

from home import demo
from home.demo_content import english, simple_language
from home.models import ContentPage, EditionPage, HomePage, SeriesPage, StatementPage

PageT = TypeVar("PageT", bound=Page)


def load() -> None:
    """Make what is missing of the English pages and of the home page in Leichte Sprache."""
    locale, _ = Locale.objects.get_or_create(language_code="en")
    _translate(demo.demo_page(HomePage, ""), locale, english.HOME)
    for path, fields in (
        ("projekt", english.PROJECT),
        ("impressum", english.IMPRINT),
        ("datenschutz", english.PRIVACY),
    ):
        _translate(demo.demo_page(ContentPage, path), locale, fields)
    _translate(demo.demo_page(StatementPage, "barrierefreiheit"), locale, english.STATEMENT)
    _translate(demo.demo_page(SeriesPage, "ideenwerkstatt"), locale, english.SERIES)
    _edition(demo.demo_page(EditionPage, "ideenwerkstatt/13"), locale)
    _simple_home()


def _translate(original: PageT, locale: Locale, fields: dict[str, Any]) -> None:
    if original.has_translation(locale):
        return
    demo.publish(_copy(original, locale, fields))


def _copy(original: PageT, locale: Locale, fields: dict[str, Any]) -> PageT:
    """A draft of the translation; what `fields` leave out is as on the German page."""
    copy: PageT = original.copy_for_translation(locale)
    for name, value in fields.items():
        setattr(copy, name, value)
    copy.draft_title = copy.title
    return copy


def _edition(original: EditionPage, locale: Locale) -> None:
    if original.has_translation(locale):
        return
    copy = _copy(original, locale, english.EDITION_13)
    items = list(copy.programme_items.all())
    for item, (title, abstract) in zip(items, english.ITEMS_13, strict=True):
        item.title, item.abstract = title, abstract
    copy.programme_items.set(items)
    demo.publish(copy)


def _simple_home() -> None:
    locale, _ = Locale.objects.get_or_create(language_code="de-simple")
    statement = demo.demo_page(StatementPage, "barrierefreiheit")
    body = [
        (name, value | {"page": statement} if name == "call_to_action" else value)
        for name, value in simple_language.HOME["body"]
    ]
    _translate(demo.demo_page(HomePage, ""), locale, simple_language.HOME | {"body": body, "hero_edition": None})
