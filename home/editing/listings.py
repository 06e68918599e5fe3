"""Flat lists of reports and editions in the menu, and the same columns where the page tree shows them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.functional import cached_property
from wagtail.admin.ui.tables import BaseColumn, Column
from wagtail.admin.views.pages.listing import ExplorableIndexView, IndexView
from wagtail.admin.viewsets.pages import PageListingViewSet, PageViewSet
from wagtail.admin.widgets.button import HeaderButton

from home.editing.new_edition import new_edition_shortcut
from home.events.models import EditionPage
from home.pages.models import NewsPage
from home.templatetags.german import date_range, long_date

# Everything in such a list is of one type, stands in the same place and has a date of its own.
_NEEDLESS = {"parent", "type", "latest_revision_created_at"}


def _columns(base: list[BaseColumn], *own: BaseColumn) -> list[BaseColumn]:
    """Our columns behind the title, then those of Wagtail that say something here."""
    kept = [column for column in base if column.name not in _NEEDLESS]
    position = [column.name for column in kept].index("title") + 1
    return [*kept[:position], *own, *kept[position:]]


def _period(edition: EditionPage) -> str:
    return date_range(edition.start_date, edition.end_date, edition.date_precision)


REPORT_COLUMNS = (
    Column("date", label="Datum", accessor=lambda page: long_date(page.date), sort_key="date", width="18%"),
)
EDITION_COLUMNS = (
    Column("start_date", label="Wann", accessor=_period, sort_key="start_date", width="18%"),
    Column("number", label="Nummer", accessor=lambda page: page.number or "–", sort_key="number", width="9%"),
    Column("state", label="Stand", accessor="get_state_display", sort_key="state", width="15%"),
)


class ReportExplorer(PageViewSet):
    """Reports where the page tree shows them."""

    model = NewsPage
    columns: ClassVar[Any] = _columns(ExplorableIndexView.base_columns, *REPORT_COLUMNS)


class EditionExplorer(PageViewSet):
    """Editions where the page tree shows them."""

    model = EditionPage
    columns: ClassVar[Any] = _columns(ExplorableIndexView.base_columns, *EDITION_COLUMNS)


class ReportListing(PageListingViewSet):
    """All reports, newest first."""

    model = NewsPage
    name = "reports"
    url_prefix = "berichte"
    icon = "doc-full"
    menu_label = "Berichte"
    menu_order = 110
    add_to_admin_menu = True
    ordering = "-date"
    list_filter: ClassVar = ["date", "edition", "topics", "origin"]
    columns: ClassVar[Any] = _columns(IndexView.base_columns, *REPORT_COLUMNS)


class EditionIndexView(IndexView):
    """Its button opens the form that copies an earlier edition."""

    @cached_property
    def add_button(self) -> HeaderButton | None:
        shortcut = new_edition_shortcut(self.request)
        return HeaderButton(shortcut.label, url=shortcut.url, icon_name="plus") if shortcut else None

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [self.add_button] if self.add_button else []


class EditionListing(PageListingViewSet):
    """All editions and dates of all series, newest first."""

    model = EditionPage
    index_view_class = EditionIndexView
    name = "editions"
    url_prefix = "ausgaben"
    icon = "calendar-alt"
    menu_label = "Ausgaben"
    menu_order = 120
    add_to_admin_menu = True
    ordering = "-start_date"
    list_filter: ClassVar = ["series", "state", "start_date", "topics"]
    columns: ClassVar[Any] = _columns(IndexView.base_columns, *EDITION_COLUMNS)
