"""Which pages everybody may see."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import CharField, Exists, ExpressionWrapper, F, Model, OuterRef, QuerySet
from wagtail.models import PageViewRestriction

PageType = TypeVar("PageType", bound=Model)


def open_to_all(pages: QuerySet[PageType]) -> QuerySet[PageType]:
    """Those of `pages` that are published and stand in no private part of the site.

    The same as Wagtail's `.live().public()`, but that one asks for all restrictions first, in a query of its own.
    """
    return pages.filter(~Exists(restrictions_on("path")), live=True)


def restrictions_on(path: str) -> QuerySet[PageViewRestriction]:
    """For `Exists`: the restrictions of the page whose tree path is in the field `path`, and of all pages above it."""
    outer = ExpressionWrapper(OuterRef(path), output_field=CharField())
    return PageViewRestriction.objects.alias(restricted=outer).filter(restricted__startswith=F("page__path"))
