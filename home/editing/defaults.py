"""What the form of a new page holds before anybody has written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from wagtail.signals import init_new_page

from home.pages.models import NewsPage

if TYPE_CHECKING:
    from wagtail.models import Page


def begin_today(sender: Any, page: Page, parent: Page, **_: Any) -> None:
    """A report is of today until its author says otherwise."""
    if isinstance(page, NewsPage) and page.date is None:
        page.date = timezone.localdate()


def fill_new_pages() -> None:
    """Called once, when the app is ready."""
    init_new_page.connect(begin_today, dispatch_uid="begin_today")
