"""What the archive adds to the admin and to the search of the site."""

from __future__ import annotations

from django.urls import URLPattern, path
from wagtail import hooks

from archive import failures
from archive.editing.listing import DocumentListing
from archive.editing.reading import read_again
from archive.editing.uploads import UploadView, upload_button
from archive.shelf import documents_found
from home.editing import desk
from home.search import findings

hooks.register(desk.FAILURE_HOOK, failures.damaged_files, order=10)
hooks.register(desk.FAILURE_HOOK, failures.unread_documents, order=20)
hooks.register(desk.FAILURE_HOOK, failures.failed_documentations, order=30)
hooks.register(findings.HOOK, documents_found)
hooks.register("register_page_header_buttons", upload_button)
hooks.register("register_page_listing_more_buttons", upload_button)


@hooks.register("register_admin_urls")
def document_urls() -> list[URLPattern]:
    """Ours come before those of Wagtail, whose names and addresses stay."""
    return [
        path("documents/", DocumentListing.as_view(), name="archive_documents"),
        path("documents/results/", DocumentListing.as_view(results_only=True), name="archive_documents_results"),
        path("documents/multiple/add/", UploadView.as_view(), name="archive_upload"),
        path("documents/<int:document_id>/lesen/", read_again, name="archive_read_again"),
    ]
