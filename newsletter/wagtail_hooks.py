"""What the newsletter adds to the admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, path, reverse
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from home.editing import desk
from newsletter import audit
from newsletter.desk import dead_mailbox, scheduled_mailings, troubled_mailings
from newsletter.following import mailing_page, missing, subscriber_page
from newsletter.models import NewsletterIssuePage
from newsletter.sending import admin_views
from newsletter.viewsets import NewsletterGroup

hooks.register(desk.SHORTCUT_HOOK, desk.new_page("Newsletter vorbereiten", "mail", NewsletterIssuePage), order=40)
hooks.register(desk.SCHEDULE_HOOK, scheduled_mailings, order=20)
hooks.register(desk.FAILURE_HOOK, troubled_mailings, order=10)
hooks.register(desk.FAILURE_HOOK, dead_mailbox, order=15)


@hooks.register("register_log_actions")
def decisions_of_editors(actions: LogActionRegistry) -> None:
    for action, (label, message) in audit.ACTIONS.items():
        actions.register_action(action, label, message)


@hooks.register("register_admin_viewset")
def newsletter_menu() -> NewsletterGroup:
    return NewsletterGroup()


@hooks.register("register_admin_urls")
def newsletter_urls() -> list[URLPattern | URLResolver]:
    return [
        path("newsletter/versenden/<int:issue>/", admin_views.send_issue, name="newsletter_send_issue"),
        path("newsletter/statistik/", mailing_page.statistics_list, name="newsletter_statistics"),
        path("newsletter/statistik.csv", mailing_page.statistics_csv, name="newsletter_statistics_csv"),
        path("newsletter/nicht-zugestellt/", missing.decide, name="newsletter_decide"),
        path("newsletter/abonnement/<int:subscriber>/aufnehmen/", subscriber_page.restore, name="newsletter_restore"),
        path("newsletter/versand/<int:mailing>/stand/", mailing_page.progress, name="newsletter_progress"),
        path("newsletter/versand/<int:mailing>/statistik.csv", mailing_page.mailing_csv, name="newsletter_mailing_csv"),
        path("newsletter/versand/<int:mailing>/<str:step>/", admin_views.move_mailing, name="newsletter_move_mailing"),
    ]


@hooks.register("register_page_header_buttons")
def send_button_in_header(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    yield from _send_button(page, user)


@hooks.register("register_page_listing_more_buttons")
def send_button_in_listing(page: Page, user: Any, next_url: str | None = None) -> Iterator[Button]:
    yield from _send_button(page, user)


def _send_button(page: Page, user: Any) -> Iterator[Button]:
    if isinstance(page.specific_deferred, NewsletterIssuePage) and user.has_perm("newsletter.add_mailing"):
        url = reverse("newsletter_send_issue", args=[page.pk])
        yield Button("Versenden …", url, icon_name="mail", priority=5)
