"""What the website adds to Wagtail's admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets.button import Button
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from home.blocks.public_documents import viewset as public_documents
from home.editing import actions, checker, content_checks, desk, listings, menus
from home.editing.base_data import BaseDataGroup
from home.editing.failures import reports_not_forwarded
from home.editing.guide import GuideView, guide_item
from home.editing.new_edition import NewEditionView, may_add, new_edition_shortcut
from home.editing.schedule import scheduled_pages
from home.events.models import EditionPage, SeriesPage
from home.events.overlaps import collisions
from home.feedback.attention import open_reports
from home.feedback.viewsets import BarrierReportViewSet
from home.pages.base import SitePage
from home.pages.models import NewsPage
from home.pages.top import reader_language
from home.spreadsheets import name_export
from home.upkeep import admin as upkeep

if TYPE_CHECKING:
    from django.http import HttpRequest

register_snippet(BaseDataGroup)

hooks.register("register_log_actions", name_export)
hooks.register(desk.SHORTCUT_HOOK, desk.new_page("Neuer Bericht", "doc-full", NewsPage), order=10)
hooks.register(desk.SHORTCUT_HOOK, new_edition_shortcut, order=20)
hooks.register(desk.SHORTCUT_HOOK, desk.new_documents, order=30)
hooks.register(desk.SCHEDULE_HOOK, scheduled_pages, order=10)
hooks.register(desk.FAILURE_HOOK, reports_not_forwarded, order=40)
hooks.register(desk.FAILURE_HOOK, open_reports, order=45)
hooks.register("register_admin_viewset", BarrierReportViewSet)
hooks.register("register_admin_viewset", lambda: public_documents)
upkeep.register()


@hooks.register("insert_global_admin_css")
def admin_css() -> SafeString:
    """The colours of the site in the admin."""
    return format_html('<link rel="stylesheet" href="{}">', versioned_static("css/admin.css"))


@hooks.register("insert_global_admin_js")
def admin_scripts() -> SafeString:
    """What Wagtail's own pages need so that they can be used without a mouse, and without movement."""
    scripts = ("js/less_movement.js", "js/calendars.js", "js/uploads.js", "js/window_names.js")
    return format_html_join("", '<script src="{}"></script>', [[versioned_static(script)] for script in scripts])


@hooks.register("construct_homepage_summary_items")
def count_nothing(request: HttpRequest, items: list[Component]) -> None:
    """How many pages, images and documents there are says nothing to anybody; the menu leads to them."""
    items.clear()


@hooks.register("construct_homepage_panels")
def lay_out_desk(request: HttpRequest, panels: list[Component]) -> None:
    """The panels of the first page, in order."""
    panels += [desk.GreetingPanel(), desk.FailurePanel(), desk.SchedulePanel(), desk.AltTextPanel()]


@hooks.register("before_serve_page")
def refuse_wrong_language(page: Page, request: HttpRequest, *args: Any) -> None:
    """A language without a home page has no addresses: Wagtail would serve the German pages below its prefix too."""
    if page.locale.language_code != reader_language(request):
        raise Http404


# The content checker of the editor

hooks.register("construct_wagtail_userbar", checker.use_site_checker)
content_checks.register_content_check(SitePage, content_checks.check_images)
content_checks.register_content_check(NewsPage, content_checks.check_teaser)
content_checks.register_content_check(EditionPage, content_checks.check_programme)


@hooks.register("insert_editor_js")
def show_findings() -> SafeString:
    """The findings of the server beside those of Wagtail."""
    return format_html('<script src="{}" defer></script>', versioned_static("js/content_findings.js"))


@hooks.register("insert_editor_js")
def show_titles() -> SafeString:
    """The title of each part of a programme on its folded head."""
    return format_html('<script src="{}" defer></script>', versioned_static("js/inline_titles.js"))


@hooks.register("insert_editor_js")
def name_text_fields() -> SafeString:
    """A name for each text field of a stream, for screen readers."""
    return format_html('<script src="{}" defer></script>', versioned_static("js/name_text_fields.js"))


@hooks.register("insert_editor_js")
def keep_focus() -> SafeString:
    """The focus stays at the field for which something was chosen."""
    return format_html('<script src="{}" defer></script>', versioned_static("js/keep_focus.js"))


@hooks.register("insert_editor_js")
def offer_all_offices() -> SafeString:
    """One button that adds a row for every office."""
    return format_html('<script src="{}" defer></script>', versioned_static("js/all_offices.js"))


@hooks.register("after_create_page")
@hooks.register("after_edit_page")
def warn_of_collisions(request: HttpRequest, page: Page) -> None:
    """Say it after saving, too: the programme is kept, nobody is stopped."""
    # The editor saves by itself all the time and asks for JSON then; nobody is there to read a message.
    if isinstance(page, EditionPage) and request.accepts("text/html"):
        for sentence in collisions(page):
            messages.warning(request, f"Überschneidung im Programm: {sentence}")


# A new edition from an earlier one


@hooks.register("register_admin_urls")
def desk_urls() -> list[URLPattern]:
    """The addresses of this app below the admin."""
    return [
        path("ausgaben/neu/<int:series_page>/", NewEditionView.as_view(), name="home_new_edition"),
        path("hilfe/", GuideView.as_view(), name="home_guide"),
    ]


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def new_edition_button(page: Page, user: Any, next_url: str | None = None, **kwargs: Any) -> Iterator[Button]:
    """At the page of a series, for those who may add an edition."""
    page = page.specific_deferred
    if isinstance(page, SeriesPage) and may_add(user, page):
        url = reverse("home_new_edition", args=[page.pk])
        yield Button("Neue Ausgabe aus der letzten", url, icon_name="copy", priority=15)


# Menus, buttons and lists

for viewset in (listings.ReportListing, listings.EditionListing, listings.ReportExplorer, listings.EditionExplorer):
    hooks.register("register_admin_viewset", viewset)
hooks.register("construct_main_menu", menus.name_evaluations)
hooks.register("construct_page_action_menu", actions.show_submission)
hooks.register("construct_page_action_menu", actions.name_the_hour)
hooks.register("construct_page_action_menu", actions.show_approval)
hooks.register("construct_reports_menu", menus.shorten_evaluations)
hooks.register("construct_help_menu", menus.shorten_help)
hooks.register("register_help_menu_item", guide_item)
