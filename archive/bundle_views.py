"""`/archiv/zip/`: what the reader may see of an edition, a search or a selection, as one ZIP file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from archive.bundle import bundle
from archive.file_types import clean_name
from archive.gate import not_found, private
from archive.models import Document
from archive.search import Filters, found_keys
from archive.searching.filters import is_exact, query_in
from archive.serving import content_disposition
from archive.usage.access_records import record_bundle
from archive.usage.counting import count_downloads, is_download
from home.keys import key_of

MOST_DOCUMENTS = 500
NAME = "IKOE-Archiv"


@require_safe
def zip_file(request: HttpRequest) -> HttpResponseBase:
    """`?ausgabe=13`, `?q=…&art=…` as in the list, or `?dokument=1&dokument=2`.

    Nothing to pack is the 404 page, with a hint for whoever has ticked nothing; more than MOST_DOCUMENTS is refused
    with a page that says so.
    """
    keys = _chosen(request)
    documents = Document.objects.visible_to(request.user).filter(current_version__isnull=False)
    chosen = documents.filter(pk__in=keys[: MOST_DOCUMENTS + 1]).select_related("current_version")
    chosen = list(chosen.order_by("title", "pk"))
    if not request.GET:
        return private(render(request, "archive/nothing_chosen.html", status=404))
    if not chosen:
        return not_found(request)
    if len(chosen) > MOST_DOCUMENTS:
        context = {"number": len(keys), "most": MOST_DOCUMENTS}
        return private(render(request, "archive/too_many.html", context, status=400))
    stream = bundle(chosen)
    response = StreamingHttpResponse(stream if request.method == "GET" else (), content_type="application/zip")
    response.headers["Content-Length"] = str(len(stream))
    response.headers["Content-Disposition"] = content_disposition(f"{_name(request.GET)}.zip", inline=False)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Robots-Tag"] = "noindex"
    if request.method == "GET":
        record_bundle(request, chosen)
    if is_download(request, response):
        count_downloads(chosen)
    return response


def _chosen(request: HttpRequest) -> list[int]:
    """The keys that the address names; whether the reader may see them is asked afterwards."""
    ticked = [key for text in request.GET.getlist("dokument") if (key := key_of(text)) is not None]
    if ticked:
        return ticked
    query, filters = query_in(request.GET), Filters.from_address(_plain_editions(request.GET))
    if not query and not filters:
        # Without any word it would be the whole archive, which nobody wants by accident.
        return []
    return found_keys(request.user, query, filters, exact=is_exact(request.GET))


def _plain_editions(parameters: QueryDict) -> QueryDict:
    """`ideenwerkstatt/13` is "13" in the list; both name the same edition."""
    plain = parameters.copy()
    plain.setlist("ausgabe", [key.removeprefix("ideenwerkstatt/") for key in parameters.getlist("ausgabe")])
    return plain


def _name(parameters: QueryDict) -> str:
    """How the ZIP is called: "ideenwerkstatt-13", "IKOE-Archiv Fördermittel"."""
    if parameters.getlist("dokument"):
        return NAME
    editions = _plain_editions(parameters).getlist("ausgabe")
    if len(editions) == 1 and editions[0]:
        key = editions[0] if "/" in editions[0] else f"ideenwerkstatt/{editions[0]}"
        return clean_name(key.replace("/", "-"))[:100]
    return clean_name(f"{NAME} {query_in(parameters).replace('/', ' ')}")[:100].strip()
