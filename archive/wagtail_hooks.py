"""What the archive adds to the admin and to the search of the site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button
from wagtail.documents.views.chooser import viewset as document_chooser
from wagtail.log_actions import LogActionRegistry
from wagtail.models import Page

from archive import deletion, failures, opening, removing
from archive.consents import admin_views as consent_views
from archive.consents import consenting
from archive.documentation import admin_views as documentation_views
from archive.editing import single
from archive.editing.listing import DocumentListing
from archive.editing.reading import read_again
from archive.editing.uploads import DescribeView, UploadView, upload_button
from archive.models import DocumentationBuild
from archive.notices import admin_views as notice_views
from archive.notices.attention import notices_not_delivered
from archive.placing import is_edition
from archive.protocols import admin_views as protocol_views
from archive.sharing import admin as sharing
from archive.shelf import documents_found
from archive.usage import access_report
from archive.usage import reports as usage
from home.editing import desk
from home.editing.menus import PermittedMenuItem
from home.models import EditionPage
from home.search import findings

hooks.register(desk.FAILURE_HOOK, failures.damaged_files, order=10)
hooks.register(desk.FAILURE_HOOK, failures.unread_documents, order=20)
hooks.register(desk.FAILURE_HOOK, failures.failed_documentations, order=30)
hooks.register(desk.FAILURE_HOOK, failures.withheld_documentations, order=31)
hooks.register(desk.FAILURE_HOOK, notices_not_delivered, order=35)
hooks.register(findings.HOOK, documents_found)
hooks.register("register_page_header_buttons", upload_button)
hooks.register("register_page_listing_more_buttons", upload_button)
sharing.register()
usage.register()
access_report.register()


def page_not_found(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Takes the place of pages of Wagtail that our own ones replace; raises Http404."""
    raise Http404


@hooks.register("register_admin_urls", order=-1)
def pages_before_wagtails() -> list[URLPattern]:
    """The same addresses as Wagtail's own pages, whose names stay."""
    return [
        path("documents/", DocumentListing.as_view(), name="archive_documents"),
        path("documents/results/", DocumentListing.as_view(results_only=True), name="archive_documents_results"),
        path("documents/multiple/add/", UploadView.as_view(), name="archive_upload"),
        path("documents/multiple/<int:doc_id>/", DescribeView.as_view()),
        path("documents/add/", single.AddDocumentView.as_view()),
        path("documents/edit/<int:document_id>/", single.EditDocumentView.as_view()),
        path("documents/chooser/create/", document_chooser.construct_view(single.ChooserUploadView)),
        # Wagtail's would delete without asking why.
        path("documents/delete/<int:document_id>/", removing.DeleteDocumentView.as_view()),
        path("documents/multiple/<int:doc_id>/delete/", removing.refuse_without_reason),
        # Wagtail's parks a file that lacks a title, and would store it past the intake. Ours parks none.
        path("documents/multiple/create_from_uploaded_document/<int:uploaded_file_id>/", page_not_found),
        path("documents/<int:document_id>/lesen/", read_again, name="archive_read_again"),
    ]


# The name of Wagtail's own action, after it: this one is taken.
hooks.register("register_bulk_action", removing.DeleteDocuments, order=1)


@hooks.register("register_admin_urls")
def archive_urls() -> list[URLPattern]:
    """The addresses of this app below the admin."""
    document, edition = "archiv/<int:document>", "archiv/ausgaben/<int:edition>"
    documentation = documentation_views.DocumentationView.as_view()
    progress = documentation_views.DocumentationProgressView.as_view()
    edition_list = documentation_views.EditionListView.as_view()
    withdraw_consent = consent_views.WithdrawConsentView.as_view()
    withdraw_version = removing.WithdrawVersionView.as_view()
    complete = notice_views.DocumentsCompleteView.as_view()
    return [
        path("archiv/beschluesse/", protocol_views.ResolutionsView.as_view(), name="archive_resolutions"),
        path(f"{edition}/dokumentation/", documentation, name="archive_documentation"),
        path(f"{edition}/dokumentation/stand/", progress, name="archive_documentation_progress"),
        path(f"{edition}/<slug:name>.pdf", edition_list, name="archive_edition_list"),
        path(f"{edition}/vollstaendig/", complete, name="archive_documents_complete"),
        path(f"{document}/protokoll/", protocol_views.ProtocolView.as_view(), name="archive_protocol"),
        path(f"{document}/einwilligungen/", consent_views.ConsentsView.as_view(), name="archive_consents"),
        path(f"{document}/einwilligungen/<int:consent>/", withdraw_consent, name="archive_withdraw_consent"),
        path(f"{document}/fassungen/", removing.VersionsView.as_view(), name="archive_versions"),
        path(f"{document}/fassungen/<int:number>/", withdraw_version, name="archive_withdraw_version"),
    ]


@hooks.register("register_reports_menu_item")
def resolutions_item() -> MenuItem:
    """The list of resolutions and tasks, in the menu of reports."""
    return PermittedMenuItem(
        "Beschlüsse und Aufgaben",
        reverse("archive_resolutions"),
        name="resolutions",
        icon_name="tasks",
        order=90,
        permissions=("archive.change_resolution",),
    )


@hooks.register("register_page_header_buttons")
def documents_complete_button(page: Page, user: Any, view_name: str, next_url: str | None = None) -> Iterator[Button]:
    """At an edition whose readers may be told that its papers are there."""
    edition = page.specific_deferred
    if not isinstance(edition, EditionPage) or not user.has_perm(notice_views.TELLING):
        return
    if notice_views.may_be_told_of(edition):
        url = reverse("archive_documents_complete", args=[page.pk])
        yield Button("Unterlagen vollständig: Koordination benachrichtigen", url, icon_name="mail", priority=64)


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_more_buttons")
def documentation_button(page: Page, user: Any, view_name: str = "", next_url: str | None = None) -> Iterator[Button]:
    """At an edition, for those who may make its documentation."""
    if not is_edition(page):
        return
    if documentation_views.may_document(user, page):
        url = reverse("archive_documentation", args=[page.pk])
        yield Button("Dokumentation erstellen", url, icon_name="doc-full", priority=63)


@hooks.register("after_publish_page")
def offer_documentation(request: HttpRequest, page: Page) -> None:
    """Whoever publishes an edition that has a documentation hears that it may be out of date."""
    if not is_edition(page):
        return
    built = DocumentationBuild.objects.filter(edition_id=page.pk, version__isnull=False)
    if documentation_views.may_document(request.user, page) and built.exists():
        url = reverse("archive_documentation", args=[page.pk])
        messages.info(
            request,
            "Seit der letzten Dokumentation geändert? Hier lässt sie sich neu erstellen.",
            buttons=[messages.button(url, "Zur Dokumentation")],
        )


@hooks.register("register_log_actions")
def name_actions(actions: LogActionRegistry) -> None:
    """The words of these actions in the log of the site."""
    actions.register_action(deletion.VERSION_WITHDRAWN, "Fassung zurückziehen", "Fassung zurückgezogen")
    actions.register_action(opening.OPENED, "Für mehr Personen öffnen", "Für mehr Personen geöffnet")
    actions.register_action(consenting.RECORDED, "Einwilligung vermerken", "Einwilligung vermerkt")
    actions.register_action(consenting.WITHDRAWN, "Einwilligung widerrufen", "Einwilligung widerrufen")
    actions.register_action(
        protocol_views.RESOLUTIONS_CHANGED, "Beschlüsse und Aufgaben ändern", "Beschlüsse und Aufgaben geändert"
    )
