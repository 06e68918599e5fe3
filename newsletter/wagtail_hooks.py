"""What the newsletter adds to the admin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.timezone import localtime
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from home.editing import desk
from home.editing.content_checks import Finding, register_content_check
from home.editing.menus import PermittedMenuItem
from home.templatetags.german import long_date
from newsletter import audit
from newsletter.composing import admin_views as composing_views
from newsletter.composing import gate
from newsletter.desk import dead_mailbox, scheduled_mailings, troubled_mailings
from newsletter.following import mailing_page, missing, subscriber_page
from newsletter.models import NewsletterIndexPage, NewsletterIssuePage
from newsletter.sending import admin_views
from newsletter.sending.mailings import mailing_of
from newsletter.subscribing import admin_views as subscriber_views
from newsletter.viewsets import NewsletterGroup

hooks.register(desk.SHORTCUT_HOOK, composing_views.new_issue_shortcut, order=40)
hooks.register(desk.SCHEDULE_HOOK, scheduled_mailings, order=20)
hooks.register(desk.FAILURE_HOOK, troubled_mailings, order=10)
hooks.register(desk.FAILURE_HOOK, dead_mailbox, order=15)


@hooks.register("register_log_actions")
def decisions_of_editors(actions: LogActionRegistry) -> None:
    """The words of decisions about the newsletter in the log of the site."""
    for action, (label, message) in audit.ACTIONS.items():
        actions.register_action(action, label, message)


class NewsletterMenu(NewsletterGroup):
    """The lists of the newsletter, and the pages that belong to no list."""

    def get_submenu_items(self) -> list[MenuItem]:
        sender = PermittedMenuItem(
            "Absender prüfen",
            reverse("newsletter_sender"),
            name="newsletter-sender",
            icon_name="globe",
            order=90,
            permissions=("newsletter.add_mailing",),
        )
        return [*super().get_submenu_items(), sender]


@hooks.register("register_admin_viewset")
def newsletter_menu() -> NewsletterGroup:
    """The group "Newsletter" in the menu."""
    return NewsletterMenu()


@hooks.register("register_admin_urls")
def newsletter_urls() -> list[URLPattern | URLResolver]:
    """The addresses of this app below the admin."""
    return [
        path("newsletter/sammeln/<int:issue>/", composing_views.CollectView.as_view(), name="newsletter_collect"),
        path("newsletter/neu/<int:index>/", composing_views.NewIssueView.as_view(), name="newsletter_new_issue"),
        path("newsletter/neu/<int:index>/anlegen/", composing_views.new_issue, name="newsletter_make_issue"),
        path("newsletter/ansehen/<int:issue>/", composing_views.AsPersonView.as_view(), name="newsletter_as_person"),
        path("newsletter/absender/", composing_views.SenderView.as_view(), name="newsletter_sender"),
        path("newsletter/versenden/<int:issue>/", admin_views.SendView.as_view(), name="newsletter_send_issue"),
        path("newsletter/testmail/<int:issue>/", admin_views.TrialMailView.as_view(), name="newsletter_test_mail"),
        path("newsletter/versand/<int:mailing>/nachweis/", admin_views.ProofView.as_view(), name="newsletter_proof"),
        path("newsletter/versand/<int:mailing>/verschieben/", admin_views.reschedule, name="newsletter_reschedule"),
        path("newsletter/statistik/", mailing_page.statistics_list, name="newsletter_statistics"),
        path("newsletter/statistik.csv", mailing_page.statistics_csv, name="newsletter_statistics_csv"),
        path("newsletter/nicht-zugestellt/", missing.decide, name="newsletter_decide"),
        path("newsletter/abonnement/<int:subscriber>/aufnehmen/", subscriber_page.restore, name="newsletter_restore"),
        path("newsletter/versand/<int:mailing>/stand/", mailing_page.progress, name="newsletter_progress"),
        path("newsletter/versand/<int:mailing>/statistik.csv", mailing_page.mailing_csv, name="newsletter_mailing_csv"),
        path("newsletter/versand/<int:mailing>/<str:step>/", admin_views.move_mailing, name="newsletter_move_mailing"),
        path("newsletter/abonnements/import/", subscriber_views.ImportView.as_view(), name="newsletter_import"),
        path("newsletter/abonnements/export/", subscriber_views.export_list, name="newsletter_export"),
        path(
            "newsletter/abonnements/nachweis/", subscriber_views.FindProofView.as_view(), name="newsletter_find_proof"
        ),
        path(
            "newsletter/abonnements/<int:subscriber>/nachweis.<str:kind>",
            subscriber_views.export_proof,
            name="newsletter_subscriber_proof",
        ),
    ]


@hooks.register("register_page_header_buttons")
def send_button_in_header(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """The button "Prüfen und versenden …" at an issue."""
    yield from _send_button(page, user)


@hooks.register("register_page_listing_more_buttons")
def send_button_in_listing(page: Page, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """The same in the list of pages."""
    yield from _send_button(page, user)


def _send_button(page: Page, user: Any) -> Iterator[Button]:
    page = page.specific_deferred
    if isinstance(page, NewsletterIssuePage):
        may_edit = page.permissions_for_user(user).can_edit()
        if may_edit or user.has_perm("newsletter.add_mailing"):
            url = reverse("newsletter_send_issue", args=[page.pk])
            yield Button("Prüfen und versenden …", url, icon_name="mail", priority=5)
        if may_edit:
            url = reverse("newsletter_collect", args=[page.pk])
            yield Button("Neues seit der letzten Ausgabe sammeln …", url, icon_name="plus-inverse", priority=6)
    if isinstance(page, NewsletterIndexPage) and page.permissions_for_user(user).can_add_subpage():
        url = reverse("newsletter_new_issue", args=[page.pk])
        yield Button("Neue Ausgabe mit allem Neuen …", url, icon_name="plus-inverse", priority=5)


@hooks.register("before_edit_page")
def say_what_was_sent(request: HttpRequest, page: Page) -> None:
    """Whoever opens an issue that is on its way learns that readers get what was released."""
    issue = page.specific
    if request.method != "GET" or not isinstance(issue, NewsletterIssuePage):
        return
    mailing = mailing_of(issue)
    if mailing is None:
        return
    when = long_date(localtime(mailing.started_at or mailing.scheduled_at).date())
    proof = messages.button(reverse("newsletter_proof", args=[mailing.pk]), "Ansehen, was versandt wird")
    changed = " Inzwischen steht hier etwas anderes." if admin_views.has_changed_since(mailing, issue) else ""
    verb = "wurde am" if mailing.started_at else "ist freigegeben für den"
    text = f"Diese Ausgabe {verb} {when}{' versandt' if mailing.started_at else ''}."
    keeps = " Änderungen erscheinen im Web-Archiv, nicht in den Mails."
    messages.info(request, f"{text}{changed}{keeps}", buttons=[proof])


@hooks.register("after_publish_page")
def lead_to_release(request: HttpRequest, page: Page) -> None:
    """Whoever publishes an issue is told that it has not been sent, and where that is done."""
    issue = page.specific
    if not isinstance(issue, NewsletterIssuePage) or mailing_of(issue):
        return
    there = messages.button(reverse("newsletter_send_issue", args=[issue.pk]), "Prüfen und versenden")
    messages.info(request, "Die Ausgabe steht jetzt im Web-Archiv. Versandt ist sie noch nicht.", buttons=[there])


def check_before_sending(draft: NewsletterIssuePage) -> Iterator[Finding]:
    """What the gate will say, beside the draft while it is written."""
    for finding in gate.check(draft):
        # What a reader sees of an image is checked on every page.
        if finding.kind in ("alt", "credit") and not finding.blocks:
            continue
        title = "Verhindert den Versand" if finding.blocks else "Hinweis zum Versand"
        yield Finding(title, finding.text, finding.place.anchor)


register_content_check(NewsletterIssuePage, check_before_sending)
