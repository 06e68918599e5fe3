"""What stands at the top of the tree: the home page in every language, and the pages that the foot of all pages names.

Every page needs both, and to know its site and who runs it, so they are read together and kept with the rest of the
frame. So are, for readers of another language, all pages in that language: menus and links look there for translations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import CharField, Exists, JSONField, OuterRef, Q, Subquery, Value
from django.db.models.functions import JSONObject
from django.http.request import split_domain_port
from django.utils import translation
from wagtail.models import Page, Site
from wagtail.models.sites import SiteRootPath

from home.frame import kept
from home.identity import SiteIdentity
from home.joins import with_many
from home.pages.visibility import restrictions_on

if TYPE_CHECKING:
    from django.http import HttpRequest


@dataclass(frozen=True)
class Top:
    """The top of a site: its home pages in all languages (`open_homes`: that everybody may see), and those in the foot.

    `site` is None, and the lists are empty, where Wagtail has no site for the host of the request.
    """

    site: Site | None
    homes: list[Page]
    open_homes: list[Page]
    foot: list[Page]
    # Public pages in the language of the request, each with the address of what it translates in `original_path`;
    # nothing in the site's own language.
    translated: list[Page]


def top_of(request: HttpRequest) -> Top:
    """The top of the site of `request`: one query for all that hosts and languages have in common."""
    if not hasattr(request, "_top"):
        request._top = _make(request)  # type: ignore[attr-defined]
    top: Top = request._top  # type: ignore[attr-defined]
    return top


def site_of(request: HttpRequest) -> Site | None:
    """The site of the request, as `Site.find_for_request` gives it."""
    return top_of(request).site


def _make(request: HttpRequest) -> Top:
    language = reader_language(request)
    found = kept(request, f"top:{language}", lambda: _read(language))
    sites = [site for _page, sites in found for site in sites]
    # Where Wagtail looks for them before it reads the same once more.
    site = request._wagtail_site = _match(sites, request)  # type: ignore[attr-defined]
    if found and (identity := found[0][0].identity):
        # PostgreSQL keeps no order of names, and `from_db` knows no other than that of the columns.
        names = [column.attname for column in SiteIdentity._meta.concrete_fields]
        known = SiteIdentity.from_db(found[0][0]._state.db, names, [identity[name] for name in names])
        setattr(request, SiteIdentity.get_cache_attr_name(), known)
    request._wagtail_cached_site_root_paths = [  # type: ignore[attr-defined]
        SiteRootPath(other.pk, page.url_path, other.root_url, page.locale.language_code)
        for other in sites
        for page, _sites in found
        if page.translation_key == other.root_page.translation_key
    ]
    if site is None:
        return Top(None, [], [], [], [])
    root = site.root_page
    homes = [page for page, _sites in found if page.translation_key == root.translation_key]
    open_pages = [page for page, _sites in found if page.live and not page.restricted]
    return Top(
        site,
        homes,
        open_homes=[page for page in open_pages if page in homes],
        foot=[page for page in open_pages if page.show_in_menus and page.is_child_of(root)],
        translated=[
            page
            for page in open_pages
            if page.locale.language_code == language and (page.original_path or "").startswith(root.url_path)
        ],
    )


def reader_language(request: HttpRequest | None = None) -> str:
    """The language of the address, or the site's own: "de", "en", "de-simple"."""
    language = getattr(request, "LANGUAGE_CODE", None) or translation.get_language()
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _read(language: str) -> list[tuple[Page, list[Site]]]:
    """Home pages of all sites in all languages with the sites that begin at them, pages that menus show, translations.

    For a reader of another language, `original_path` is the address of the page in the site's own language. `identity`
    has the values of who runs the site, the same on each page; None before anybody has said that.
    """
    columns = {column.attname: column.attname for column in SiteIdentity._meta.concrete_fields}
    identity = SiteIdentity.objects.order_by("pk").values(as_json=JSONObject(**columns))[:1]
    roots = Page.objects.filter(sites_rooted_here__isnull=False).values("translation_key")
    wanted = Q(translation_key__in=roots) | Q(show_in_menus=True)
    original_path: Value | Subquery = Value(None, output_field=CharField())
    if language != settings.LANGUAGE_CODE:
        wanted |= Q(locale__language_code=language)
        originals = Page.objects.filter(
            translation_key=OuterRef("translation_key"), locale__language_code=settings.LANGUAGE_CODE
        )
        original_path = Subquery(originals.values("url_path")[:1])
    pages = (
        Page.objects.filter(wanted)
        .annotate(
            restricted=Exists(restrictions_on("path")),
            original_path=original_path,
            identity=Subquery(identity, output_field=JSONField()),
        )
        .select_related("locale")
        .order_by("path")
    )
    found = with_many(pages, "sites_rooted_here")
    for page, sites in found:
        for site in sites:
            site.root_page = page
    return found


def _match(sites: list[Site], request: HttpRequest) -> Site | None:
    """The rule of `wagtail.models.sites.get_site_for_hostname`.

    Host and port decide, then the default site if it has this host, then the only site with this host, at last the
    default.
    """
    # As in Wagtail: whether the host is one of ours is not asked here.
    host = split_domain_port(request._get_raw_host())[0]  # type: ignore[attr-defined]
    port = request.get_port()
    same = [site for site in sites if site.hostname == host]
    defaults = [site for site in sites if site.is_default_site]
    exact = [site for site in same if str(site.port) == port]
    ranked = [*exact, *(site for site in defaults if site in same), *(same if len(same) == 1 else []), *defaults]
    return next(iter(ranked), None)
