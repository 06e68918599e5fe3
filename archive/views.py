"""The pages and files of the archive. Each view asks the access rule first and answers afterwards."""

import logging
from functools import wraps
from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from archive import search as archive_search
from archive.access import Level, level_of
from archive.bundle import bundle
from archive.counting import count_download
from archive.file_types import FILE_TYPES, extension_of
from archive.models import Document, DocumentLeaf, DocumentVersion
from archive.serving import content_disposition, is_counted, serve, serve_small
from archive.thumbnails import thumbnail

logger = logging.getLogger(__name__)

LONGEST_QUERY = 300
MOST_IN_ZIP = 500


class View(Protocol):
    """A view of one document: gets the document after the access rule has let the reader through."""

    def __call__(self, request: HttpRequest, document: Document, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


def for_readers(view: View) -> Any:
    """Loads the document of the address, if the reader may see it.

    Else: without login the same 404 page whatever the reason; with login 403 without the title; for a deleted document
    that the reader could see, 410 with title, date and reason.
    """

    @require_safe
    @wraps(view)
    def guarded(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponseBase:
        document = (
            Document.objects.visible_to(request.user)
            .select_related("current_version", "edition__series")
            .filter(pk=pk)
            .first()
        )
        if document is not None and document.current_version is not None:
            return view(request, document, *args, **kwargs)
        return _refusal(request, pk)

    return guarded


def _refusal(request: HttpRequest, pk: int) -> HttpResponse:
    known = Document.with_tombstones.filter(pk=pk).first()
    if known is not None and known.deleted_at is not None and known.level <= level_of(request.user):
        return _private(render(request, "archive/gone.html", {"document": known}, status=410))
    if known is not None and request.user.is_authenticated:
        return _private(render(request, "403.html", status=403))
    return _not_found(request)


def _not_found(request: HttpRequest) -> HttpResponse:
    # Not Http404: with DEBUG that page would tell the reasons apart.
    return _private(render(request, "404.html", status=404))


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _for_cache(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Pages for logged-in readers are theirs alone; anonymous ones may be kept by the proxy as all others."""
    return _private(response) if request.user.is_authenticated else response


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """`/archiv/`: search and list. The whole state is in the address: q, genau, seite, and `filters.PARAMETERS`."""
    query = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]
    filters = archive_search.Filters.from_address(request.GET)
    exact = request.GET.get("genau") == "1"
    answer = archive_search.search(request.user, query, filters, request.GET.get("seite", "1"), exact=exact)
    context = {"answer": answer, "query": query, "exact": exact, "results": answer.page, "filters": filters}
    return _for_cache(request, render(request, "archive/index.html", context))


@for_readers
def document(request: HttpRequest, document: Document) -> HttpResponse:
    """`/archiv/<id>/`: the landing page of a document, its permanent address."""
    version = document.current_version
    context = {
        "document": document,
        "version": version,
        "file_type": FILE_TYPES[extension_of(version.original_name)] if version else None,
        "leaves": version.leaves.defer("terms") if version else [],
        "versions": document.versions.order_by("-number"),
    }
    return _for_cache(request, render(request, "archive/document.html", context))


@for_readers
def current_file(request: HttpRequest, document: Document) -> HttpResponseBase:
    """`/archiv/<id>/datei/`: the file as it is now."""
    if document.current_version is None:
        return _not_found(request)
    return _file(request, document, document.current_version)


@for_readers
def version_file(request: HttpRequest, document: Document, number: int) -> HttpResponseBase:
    """`/archiv/<id>/v/<n>/datei/`: one version, for ever; 410 after its withdrawal."""
    version = document.versions.filter(number=number).first()
    if version is None:
        return _not_found(request)
    if version.withdrawn_at is not None:
        context = {"document": document, "version": version}
        return _private(render(request, "archive/gone.html", context, status=410))
    return _file(request, document, version)


def _file(request: HttpRequest, document: Document, version: DocumentVersion) -> HttpResponseBase:
    file_type = FILE_TYPES[extension_of(version.original_name)]
    response = serve(
        request,
        version.file,
        size=version.size,
        etag=version.sha256,
        media_type=version.media_type,
        filename=version.original_name,
        inline=file_type.inline,
        is_public=document.is_public,
    )
    is_reader = level_of(request.user) < Level.EDITORS and not hasattr(request, "viewing")
    if is_reader and is_counted(request, response):
        count_download(document)
    return response


@for_readers
def leaf_image(request: HttpRequest, document: Document, number: int, leaf: int) -> HttpResponseBase:
    """`/archiv/<id>/v/<n>/seite/<k>.webp`: the picture of a page."""
    picture = _picture(document, number, leaf)
    if picture is None:
        return _not_found(request)
    return serve(
        request,
        picture.image,
        size=picture.image.size,
        etag=_picture_etag(picture),
        media_type="image/webp",
        filename=f"seite-{leaf}.webp",
        inline=True,
        is_public=document.is_public,
    )


@for_readers
def leaf_thumbnail(request: HttpRequest, document: Document, number: int, leaf: int) -> HttpResponseBase:
    """`/archiv/<id>/v/<n>/seite/<k>-klein.webp`: the same picture for lists."""
    picture = _picture(document, number, leaf)
    if picture is None:
        return _not_found(request)
    try:
        content = thumbnail(picture)
    except OSError:
        logger.exception("Page image %s cannot be read", picture.pk)
        return _not_found(request)
    return serve_small(
        request,
        content,
        etag=f"{_picture_etag(picture)}-klein",
        media_type="image/webp",
        is_public=document.is_public,
    )


def _picture(document: Document, number: int, leaf: int) -> DocumentLeaf | None:
    """The page `leaf` of a version that is not withdrawn, if it has a picture."""
    leaves = DocumentLeaf.objects.filter(version__document=document, version__number=number, number=leaf)
    return leaves.filter(version__withdrawn_at__isnull=True).exclude(image="").select_related("version").first()


def _picture_etag(picture: DocumentLeaf) -> str:
    # A second reading of the same file may draw anew, so the picture's own key is part of it.
    return f"{picture.version.sha256[:32]}-{picture.pk}"


@require_safe
def zip_file(request: HttpRequest) -> HttpResponseBase:
    """`/archiv/zip/?ausgabe=13` or `?dokument=1&dokument=2`: what the reader may see of it, as one ZIP file."""
    documents, name = _chosen_for_zip(request)
    chosen = list(documents.select_related("current_version").order_by("title", "pk")[:MOST_IN_ZIP])
    if not chosen:
        return _not_found(request)
    stream = bundle(chosen)
    body = stream if request.method == "GET" else ()
    response = StreamingHttpResponse(body, content_type="application/zip")
    response.headers["Content-Length"] = str(len(stream))
    response.headers["Content-Disposition"] = content_disposition(f"{name}.zip", inline=False)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _chosen_for_zip(request: HttpRequest) -> tuple[Any, str]:
    documents = Document.objects.visible_to(request.user).filter(current_version__isnull=False)
    key = request.GET.get("ausgabe", "")
    if key:
        series, _, name = key.rpartition("/")
        documents = documents.filter(edition__series__slug=series or "ideenwerkstatt")
        if name.isdecimal() and name.isascii():
            return documents.filter(edition__number=int(name[:4])), f"{series or 'ideenwerkstatt'}-{name[:4]}"
        return documents.filter(edition__slug=name.replace("\0", "")), f"{series or 'ideenwerkstatt'}-{name}"
    pks = [int(pk) for pk in request.GET.getlist("dokument")[:MOST_IN_ZIP] if pk.isdecimal() and len(pk) < 16]
    return documents.filter(pk__in=pks), "IKOE-Archiv"
