"""The page of a document and its citations for reference managers."""

from __future__ import annotations

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from archive.file_types import FILE_TYPES, extension_of
from archive.gate import for_cache, for_readers
from archive.languages import language_name
from archive.models import Document, DocumentVersion
from archive.reading import citation, description, reader
from archive.serving import content_disposition
from archive.usage.access_records import record
from home.editing.policies import document_policy
from home.events.models import ProgrammeItem
from home.identity import SiteIdentity
from home.pages.top import site_of


@for_readers
def document(request: HttpRequest, document: Document) -> HttpResponse:
    """`/archiv/<id>/`: the landing page of a document, its permanent address. `?seite=k` opens the reader at a page."""
    version = _current(document)
    # Shown, cited and described: read once.
    prefetch_related_objects([document], "topics")
    source = citation.source_of(document)
    is_public = document.is_public
    context = {
        "document": document,
        "version": version,
        "file_type": FILE_TYPES[extension_of(version.original_name)],
        "reader": reader.open_at(document, version, request.GET.get("seite", "")),
        # Not "versions": the base template calls the translations of a page so.
        "file_versions": document.versions.readable_by(request.user).order_by("-number"),
        "topics": document.topics.all(),
        "item": _item(document),
        "language_name": language_name(document.language),
        "licence_url": description.licence_url(document),
        "citation": citation.sentence(source),
        "is_public": is_public,
        "may_edit": _may_edit(request, document),
    }
    if not is_public and context["reader"] and request.method == "GET":
        # The page shows what stands on a page of the file.
        record(request, [version])
    if is_public:
        identity = SiteIdentity.load(request)
        context["graph"] = description.graph(document, version, source, identity, _edition_path(request, document))
        context["dublin_core"] = description.dublin_core(document, version, source)
    return for_cache(request, render(request, "archive/document.html", context))


@for_readers
def bibtex(request: HttpRequest, document: Document) -> HttpResponse:
    """`/archiv/<id>/zitat.bib`"""
    text = citation.bibtex(citation.source_of(document))
    return _download(request, document, text, "application/x-bibtex", "bib")


@for_readers
def ris(request: HttpRequest, document: Document) -> HttpResponse:
    """`/archiv/<id>/zitat.ris`"""
    text = citation.ris(citation.source_of(document))
    return _download(request, document, text, "application/x-research-info-systems", "ris")


def _download(request: HttpRequest, document: Document, text: str, media_type: str, extension: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{media_type}; charset=utf-8")
    name = f"ikoe-archiv-{document.pk}.{extension}"
    response.headers["Content-Disposition"] = content_disposition(name, inline=False)
    response.headers["X-Robots-Tag"] = "noindex"
    return for_cache(request, response)


def _current(document: Document) -> DocumentVersion:
    version = document.current_version
    assert version is not None, "the gate lets no document through that has no file"  # noqa: S101 - for the reader.
    return version


def _edition_path(request: HttpRequest, document: Document) -> str:
    # What the frame of the page knows of the site, Wagtail need not ask for.
    site_of(request)
    return (document.edition.get_url(request) or "") if document.edition else ""


def _may_edit(request: HttpRequest, document: Document) -> bool:
    user: Any = request.user
    # While editors look at the site as somebody else, they see what that somebody sees.
    if not user.is_authenticated or hasattr(request, "viewing"):
        return False
    return bool(document_policy().user_has_permission_for_instance(user, "change", document))


def _item(document: Document) -> ProgrammeItem | None:
    """The part of the published programme to which the document belongs."""
    if document.programme_key is None or document.edition is None or not document.edition.live:
        return None
    items = ProgrammeItem.objects.filter(page=document.edition_id, translation_key=document.programme_key)
    return items.only("title", "page").first()
