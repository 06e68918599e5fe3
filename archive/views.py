"""The list and the files of the archive. Each view asks the access rule first and answers afterwards."""

import logging

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from archive import search as archive_search
from archive.access import Level, level_of
from archive.delivery import deliver
from archive.gate import for_cache, for_readers_of_bytes, not_found, private
from archive.models import Document, DocumentLeaf, DocumentVersion
from archive.searching.filters import is_exact, query_in
from archive.serving import serve, serve_small
from archive.thumbnails import thumbnail
from archive.usage.access_records import record_answer
from archive.usage.visits import news_for

logger = logging.getLogger(__name__)


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """`/archiv/`: search and list. The whole state is in the address: q, genau, seite, and `filters.PARAMETERS`."""
    query = query_in(request.GET)
    filters = archive_search.Filters.from_address(request.GET)
    exact = is_exact(request.GET)
    answer = archive_search.search(request.user, query, filters, request.GET.get("seite", "1"), exact=exact)
    context = {"answer": answer, "query": query, "exact": exact, "results": answer.page, "filters": filters}
    context["news"] = news_for(request)
    context["reads_resolutions"] = not request.GET and level_of(request.user) >= Level.COORDINATION
    return for_cache(request, render(request, "archive/index.html", context))


@for_readers_of_bytes
def current_file(request: HttpRequest, document: Document) -> HttpResponseBase:
    """`/archiv/<id>/datei/`: the file as it is now."""
    if document.current_version is None:
        return not_found(request)
    return _file(request, document, document.current_version)


@for_readers_of_bytes
def version_file(request: HttpRequest, document: Document, number: int) -> HttpResponseBase:
    """`/archiv/<id>/v/<n>/datei/`: one version, for ever; 410 after its withdrawal."""
    version = document.versions.readable_by(request.user).filter(number=number).first()
    if version is None:
        return not_found(request)
    if version.withdrawn_at is not None:
        context = {"document": document, "version": version}
        return private(render(request, "archive/gone.html", context, status=410))
    return _file(request, document, version)


def _is_public(request: HttpRequest, document: Document) -> bool:
    """Whether everybody may have a document that this reader has: what the public sees need not be asked once more."""
    return level_of(request.user) <= Level.PUBLIC or document.is_public


def _file(request: HttpRequest, document: Document, version: DocumentVersion) -> HttpResponseBase:
    try:
        response, _counts = deliver(request, document, version, is_public=_is_public(request, document))
    except FileNotFoundError:
        # `verify_archive` and the desk of the editors name it.
        logger.error("the file of version %s is missing", version.pk)
        return not_found(request)
    return response


@for_readers_of_bytes
def leaf_image(request: HttpRequest, document: Document, number: int, leaf: int) -> HttpResponseBase:
    """`/archiv/<id>/v/<n>/seite/<k>.webp`: the picture of a page."""
    picture = _picture(request, document, number, leaf)
    if picture is None:
        return not_found(request)
    is_public = _is_public(request, document)
    try:
        response = serve(
            request,
            picture.image,
            size=picture.image.size,
            etag=_picture_etag(picture),
            media_type="image/webp",
            filename=f"seite-{leaf}.webp",
            inline=True,
            is_public=is_public,
        )
    except FileNotFoundError:
        logger.error("page image %s is missing", picture.pk)
        return not_found(request)
    record_answer(request, response, picture.version, is_public=is_public)
    return response


@for_readers_of_bytes
def leaf_thumbnail(request: HttpRequest, document: Document, number: int, leaf: int) -> HttpResponseBase:
    """`/archiv/<id>/v/<n>/seite/<k>-klein.webp`: the same picture for lists."""
    picture = _picture(request, document, number, leaf)
    if picture is None:
        return not_found(request)
    try:
        content = thumbnail(picture)
    except OSError:
        logger.exception("Page image %s cannot be read", picture.pk)
        return not_found(request)
    return serve_small(
        request,
        content,
        etag=f"{_picture_etag(picture)}-klein",
        media_type="image/webp",
        is_public=_is_public(request, document),
    )


def _picture(request: HttpRequest, document: Document, number: int, leaf: int) -> DocumentLeaf | None:
    """The page `leaf` of a version that is not withdrawn, if it has a picture."""
    versions = document.versions.readable_by(request.user).present().filter(number=number)
    leaves = DocumentLeaf.objects.filter(version__in=versions, number=leaf)
    return leaves.exclude(image="").select_related("version").first()


def _picture_etag(picture: DocumentLeaf) -> str:
    # A second reading of the same file may draw anew, so the picture's own key is part of it.
    return f"{picture.version.sha256[:32]}-{picture.pk}"
