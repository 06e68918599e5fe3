"""Translations of pages, made and published the way an editor does it."""

from __future__ import annotations

from typing import Any, TypeVar

from wagtail.models import Locale, Page

PageT = TypeVar("PageT", bound=Page)


def english_of(page: PageT, code: str = "en", **fields: Any) -> PageT:
    """The published translation of `page`, with `fields` in the words of the other language."""
    locale, _ = Locale.objects.get_or_create(language_code=code)
    copy = page.copy_for_translation(locale)
    for name, value in fields.items():
        setattr(copy, name, value)
    copy.save_revision().publish()
    return type(page).objects.get(pk=copy.pk)
