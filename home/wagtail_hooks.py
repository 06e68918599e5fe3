"""What the website adds to Wagtail's admin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.snippets.models import register_snippet

from home.editing import desk
from home.editing.base_data import BaseDataGroup
from home.events.models import EditionPage
from home.pages.models import NewsPage

if TYPE_CHECKING:
    from django.http import HttpRequest

register_snippet(BaseDataGroup)

hooks.register(desk.HOOK, desk.new_page("Neuer Bericht", "doc-full", NewsPage), order=10)
hooks.register(desk.HOOK, desk.new_page("Neue Ausgabe", "calendar-alt", EditionPage), order=20)
hooks.register(desk.HOOK, desk.new_documents, order=30)


@hooks.register("construct_homepage_panels")
def greet(request: HttpRequest, panels: list[Component]) -> None:
    panels.insert(0, desk.GreetingPanel())
