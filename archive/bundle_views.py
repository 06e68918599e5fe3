"""`/archiv/zip/`: what the reader may see of an edition, a search or a selection, as one ZIP file."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from archive.bundle import bundle
from archive.file_types import clean_name
from archive.gate import not_found, private
from archive.models import Document
from archive.search import Filters, all_matching
from archive.serving import content_disposition
from archive.usage.counting import count_downloads, is_download

MOST_DOCUMENTS = 500
LONGEST_QUERY = 300
NAME = "IKOE-Archiv"


@require_safe
def zip_file(request: HttpRequest) -> HttpResponseBase:
    """`?ausgabe=13`, `?q=…&art=…` as in the list, or `?dokument=1&dokument=2`.

    Nothing to pack is the 404 page; more than MOST_DOCUMENTS is refused with a page that says so.
    """
    keys = _chosen(request)
    documents = Document.objects.visible_to(request.user).filter(current_version__isnull=False)
    chosen = documents.filter(pk__in=keys[: MOST_DOCUMENTS + 1]).select_related("current_version")
    chosen = list(chosen.order_by("title", "pk"))
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
    if is_download(request, response):
        count_downloads(chosen)
    return response


def _chosen(request: HttpRequest) -> list[int]:
    """The keys that the address names; whether the reader may see them is asked afterwards."""
    ticked = [int(pk) for pk in request.GET.getlist("dokument") if pk.isdecimal() and len(pk) < 16]
    if ticked:
        return ticked
    query, filters = _query(request.GET), _filters(request.GET)
    if not query and filters == Filters():
        # Without any word it would be the whole archive, which nobody wants by accident.
        return []
    return all_matching(request.user, query, filters)


def _query(parameters: QueryDict) -> str:
    return parameters.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]


def _filters(parameters: QueryDict) -> Filters:
    return Filters(
        kinds=_values(parameters, "art"),
        editions=frozenset(key.removeprefix("ideenwerkstatt/") for key in _values(parameters, "ausgabe")),
        years=_values(parameters, "jahr"),
    )


def _values(parameters: QueryDict, name: str) -> frozenset[str]:
    return frozenset(value for value in parameters.getlist(name)[:50] if value)


def _name(parameters: QueryDict) -> str:
    """How the ZIP is called: "ideenwerkstatt-13", "IKOE-Archiv Fördermittel"."""
    editions = _filters(parameters).editions
    if len(editions) == 1 and not parameters.getlist("dokument"):
        (key,) = editions
        return clean_name((key if "/" in key else f"ideenwerkstatt/{key}").replace("/", "-"))
    query = "" if parameters.getlist("dokument") else _query(parameters)
    return clean_name(f"{NAME} {query.replace('/', ' ')}")[:100].strip()
