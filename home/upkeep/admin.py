"""What the upkeep adds to the admin: two reports, their actions, a button at every page and a word in its history."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from home.editing import desk
from home.editing.menus import PermittedMenuItem
from home.upkeep import attention, reports, views
from home.upkeep.reviewing import LOG_ACTION, may_review

if TYPE_CHECKING:
    from wagtail.admin.menu import MenuItem


def upkeep_urls() -> list[URLPattern]:
    """The addresses of reports and buttons below the admin."""
    return [
        path("berichte/pruefung/", reports.PagesDueView.as_view(), name="home_pages_due"),
        path(
            "berichte/pruefung/liste/", reports.PagesDueView.as_view(results_only=True), name="home_pages_due_results"
        ),
        path("berichte/pruefung/<int:page>/", views.review_page, name="home_review_page"),
        path("berichte/links/", reports.LinksView.as_view(), name="home_links"),
        path("berichte/links/liste/", reports.LinksView.as_view(results_only=True), name="home_links_results"),
        path("berichte/links/neue-pruefen/", views.check_new_links, name="home_check_new_links"),
        path("berichte/links/<int:link>/pruefen/", views.check_link_now, name="home_check_link"),
    ]


def pages_due_item() -> MenuItem:
    """The report of pages that nobody has looked at, in the menu."""
    return PermittedMenuItem(
        "Seiten ohne Prüfung",
        reverse("home_pages_due"),
        name="pages-due",
        icon_name="history",
        order=100,
        permissions=("home.add_pagereview",),
    )


def links_item() -> MenuItem:
    """The report of links to other websites, in the menu."""
    return PermittedMenuItem(
        "Links zu anderen Websites",
        reverse("home_links"),
        name="external-links",
        icon_name="link-external",
        order=110,
        permissions=("home.view_externallink",),
    )


def review_button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """The button "Geprüft, stimmt noch" at a page, for those who may say so."""
    if may_review(user, page):
        yield Button(
            "Geprüft, stimmt noch", reverse("home_review_page", args=[page.pk]), icon_name="check", priority=62
        )


def review_in_history(actions: LogActionRegistry) -> None:
    """The words of a review in the history of a page."""
    actions.register_action(LOG_ACTION, "Prüfen", "Geprüft: stimmt noch")


def register() -> None:
    """Hang all of it into the admin."""
    hooks.register("register_admin_urls", upkeep_urls)
    hooks.register("register_reports_menu_item", pages_due_item)
    hooks.register("register_reports_menu_item", links_item)
    hooks.register("register_page_header_buttons", review_button)
    hooks.register("register_log_actions", review_in_history)
    hooks.register(desk.FAILURE_HOOK, attention.failing_links, order=50)
    hooks.register(desk.FAILURE_HOOK, attention.pages_to_review, order=60)
