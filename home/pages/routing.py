"""From an address to a page in two queries.

Wagtail walks down from the home page and asks twice at every step, for the child and for its type. Here the whole way
is read at once, and then the page that was found, with what its templates always need (`SitePage.read_along`). The way
is kept with the frame of all pages; the page itself is asked for every time.
"""

from __future__ import annotations

import hashlib
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.http import Http404
from django.utils import translation
from wagtail import views
from wagtail.contrib.routable_page.models import RoutablePageMixin
from wagtail.models import Page, Site
from wagtail.url_routing import RouteResult

from home.frame import kept
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
    way = _known_way(request, _root_path(request, site), names) if site else []
    for number, page in enumerate(way):
        rest = names[number:]
        if page.live and _has_route(page, rest):
            found = _as_it_is(way[: number + 1])
            return found.route(request, rest) if found else None
    found = _as_it_is(way) if len(way) == 1 + len(names) else None
    return RouteResult(found) if found else None


def _has_route(page: Page, rest: list[str]) -> bool:
    """Whether pages of its type have a route of their own for what is left of the path."""
    kind: Any = _type_of(page)
    if not issubclass(kind, RoutablePageMixin):
        return False
    try:
        kind(content_type_id=page.content_type_id).resolve_subpage("/" + "".join(f"{name}/" for name in rest))
    except Http404:
        return False
    return True


def _known_way(request: HttpRequest, root: str, names: list[str]) -> list[Page]:
    """The way as it was some seconds ago, for readers without login; else as it is.

    Only one that leads to a page is kept: there are not many of those, but no end of addresses without a page.
    """
    # Names may hold anything, and be long.
    digest = hashlib.sha256("/".join((root, *names)).encode()).hexdigest()
    return kept(request, f"way:{digest}", lambda: _way(root, names), is_worth_it=lambda way: len(way) == 1 + len(names))


def _way(root: str, names: list[str]) -> list[Page]:
    """The pages from the home page at `root` down along `names`, as far as they exist (one query).

    Their translations are read with them, for the switch of languages. What a page is in particular is not: a join
    with all types takes PostgreSQL longer than everything else on a page.
    """
    paths = [root + "".join(f"{name}/" for name in names[:length]) for length in range(len(names) + 1)]
    keys = Page.objects.filter(url_path__in=paths).values("translation_key")
    rows = list(
        Page.objects.filter(translation_key__in=keys)
        .annotate(restricted=Exists(restrictions_on("path")), aliased=Exists(_aliases_on("path")))
        .select_related("locale", "content_type")
        .order_by("depth")
    )
    by_path = {row.url_path: row for row in rows}
    # A page in the middle may be missing: then nothing below it can be reached either.
    way = [by_path[path] for path in takewhile(by_path.__contains__, paths)]
    way = list(takewhile(lambda page: issubclass(_type_of(page), SitePage), way))
    open_rows = [row for row in rows if row.live and not row.restricted]
    for page in way:
        known = {page.translation_key, way[0].translation_key}
        page.versions = [row for row in open_rows if row.translation_key in known]
    return way


def _type_of(page: Page) -> type[Page]:
    """What kind of page it is in particular; a plain page if its type is no longer installed."""
    return page.content_type.model_class() or Page


def _as_it_is(way: list[Page]) -> SitePage | None:
    """The last page of the way as its own type, with what its templates always need (one query).

    None if it is not published, or no longer there.
    """
    *above, last = way
    kind: Any = _type_of(last)
    pages = kind._default_manager.select_related("locale", *kind.read_along)
    page: SitePage | None = pages.filter(pk=last.pk, live=True).first()
    if page is None:
        return None
    page.is_open = not (last.restricted or last.aliased)
    page.pages_above = above
    page.versions = last.versions
    return page


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
