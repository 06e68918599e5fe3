"""From an address to a page in one query.

Wagtail walks down from the home page and asks twice at every step, for the child and for its type. Here the whole way
is read at once, with types, languages and what the templates always need (`SitePage.read_along`).
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import translation
from wagtail import views
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.models import Page, Site
from wagtail.url_routing import RouteResult

from home.pages.base import SitePage
from home.pages.top import site_of, top_of
from home.pages.visibility import restrictions_on

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def serve(request: HttpRequest, path: str) -> HttpResponse:
    """Wagtail's view for all pages, which finds the route below where Wagtail itself keeps it."""
    request._wagtail_route_for_request = find_route(request, path)  # type: ignore[attr-defined]
    response: HttpResponse = views.serve(request, path)
    return response


def find_route(request: HttpRequest, path: str) -> RouteResult | None:
    """The page at `path` (without the prefix of its language) and the arguments of its view; None for no page.

    As in Wagtail the first page on the way with a route of its own for the rest wins, then the page itself.
    """
    site = site_of(request)
    names = [name for name in path.split("/") if name]
    way = _way(_root_path(request, site), names) if site else []
    for page in way:
        rest = names[page.depth - way[0].depth :]
        if isinstance(page, RoutablePageMixin) and page.live and _has_route(page, rest):
            return page.route(request, rest)
    if not way or way[-1].depth != way[0].depth + len(names):
        return None
    return RouteResult(way[-1]) if way[-1].live else None


def _has_route(page: RoutablePageMixin, rest: list[str]) -> bool:
    try:
        page.resolve_subpage("/" + "".join(f"{name}/" for name in rest))
    except Http404:
        return False
    return True


def _way(root: str, names: list[str]) -> list[SitePage]:
    """The pages from the home page at `root` down along `names`, as far as they exist (one query).

    Their translations are read with them, for the switch of languages.
    """
    paths = [root + "".join(f"{name}/" for name in names[:length]) for length in range(len(names) + 1)]
    keys = Page.objects.filter(url_path__in=paths).values("translation_key")
    rows = list(
        Page.objects.filter(translation_key__in=keys)
        .annotate(restricted=Exists(restrictions_on("path")), aliased=Exists(_aliases_on("path")))
        .select_related("locale", *_related())
        .order_by("depth")
    )
    open_rows = [row for row in rows if row.live and not row.restricted]
    by_path = {row.url_path: row for row in rows}
    way: list[SitePage] = []
    # A page in the middle may be missing: then nothing below it can be reached either.
    for row in (by_path[path] for path in takewhile(by_path.__contains__, paths)):
        page = next((child for name in child_relations() if (child := getattr(row, name, None))), None)
        if page is None:
            break
        page.locale = row.locale
        page.is_open = not (row.restricted or row.aliased)
        page.pages_above = list(way)
        home = way[0] if way else page
        known = {page.translation_key, home.translation_key}
        page.versions = [row for row in open_rows if row.translation_key in known]
        way.append(page)
    return way


def _root_path(request: HttpRequest, site: Site) -> str:
    """Where the tree of the active language begins."""
    language = translation.get_language()
    homes = top_of(request).homes
    return next((home.url_path for home in homes if home.locale.language_code == language), site.root_page.url_path)


def _aliases_on(path: str) -> QuerySet[Page]:
    """Aliases among a page and those above it: restrictions of an alias are those of its source."""
    below = ExpressionWrapper(OuterRef(path), output_field=CharField())
    return Page.objects.alias(below=below).filter(Q(below__startswith=F("path")), alias_of__isnull=False)


def child_relations() -> list[str]:
    """From a page to what it is in particular, for `select_related`: one query for pages of all types."""
    return [
        relation.get_accessor_name()
        for relation in Page._meta.related_objects
        if relation.one_to_one and relation.parent_link and issubclass(relation.related_model, SitePage)
    ]


def _related() -> list[str]:
    related = child_relations()
    for relation in Page._meta.related_objects:
        if relation.get_accessor_name() in related:
            related += [f"{relation.get_accessor_name()}__{name}" for name in relation.related_model.read_along]
    return list(dict.fromkeys(related))
