"""The frame of every page: menu, languages, canonical address, page numbers."""

from typing import Any, NamedTuple
from urllib.parse import quote

from django import template
from django.conf import settings
from django.core.paginator import Page as ResultPage
from django.http import HttpRequest, QueryDict
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy
from wagtail.models import Page

from home.frame import seconds_to_keep
from home.pages.base import SitePage
from home.pages.counterparts import counterparts, versions
from home.pages.top import reader_language, site_of, top_of

register = template.Library()


class MenuItem(NamedTuple):
    """An item of the menu. `current` is the value of `aria-current`: "page", "true" for a page below it, or ""."""

    label: str
    url: str
    current: str


class LanguageLink(NamedTuple):
    """One language of the switch. `note` says, in that language, when the link leads to its home page only."""

    label: str
    code: str
    url: str
    current: bool
    note: str


MENU = (
    (gettext_lazy("Aktuelles"), "/aktuelles/"),
    (gettext_lazy("Ideenwerkstatt"), "/ideenwerkstatt/"),
    (gettext_lazy("Termine"), "/termine/"),
    (gettext_lazy("Koordinierungsstellen"), "/koordinierungsstellen/"),
    (gettext_lazy("Archiv"), "/archiv/"),
    (gettext_lazy("Newsletter"), "/newsletter/"),
)
# The chronicles that have no item of their own are reached through the dates.
BELOW = {"/termine/": ("/ideencafe/", "/fachtage/")}
# Root, home page, page.
FOOT_DEPTH = 3
OPEN_GRAPH_LOCALES = {"de": "de_DE", "en": "en_GB", "de-simple": "de_DE"}


@register.simple_tag(takes_context=True)
def main_menu(context: dict[str, Any]) -> list[MenuItem]:
    """The fixed menu; the item above the current address is marked."""
    path = _path(context)
    items = []
    for label, url in MENU:
        page = _translation(context, url)
        address = (page.get_url(context.get("request")) if page else None) or url
        current = "page" if path == address else "true" if path.startswith((address, *BELOW.get(url, ()))) else ""
        items.append(MenuItem(str(label), url, current))
    return items


@register.simple_tag(takes_context=True)
def href(context: dict[str, Any], target: Page | str, suffix: str = "") -> SafeString:
    """`<a {% href "/aktuelles/" %}>`: the attribute for a page or one of our addresses, in the reader's language.

    Without a translation it leads to the page as it is and says so in `hreflang`. `suffix` is put behind the address:
    "#dokumente".
    """
    request = context.get("request")
    found = _translation(context, target)
    if isinstance(target, Page):
        url = (found or target).get_url(request) or ""
        language = (found or target).locale.language_code
    else:
        url = (found.get_url(request) if found else None) or target
        language = found.locale.language_code if found else settings.LANGUAGE_CODE
    if language == reader_language(request):
        return format_html('href="{}{}"', url, suffix)
    return format_html('href="{}{}" hreflang="{}"', url, suffix, language)


@register.simple_tag(takes_context=True)
def reader_version(context: dict[str, Any], page: Page) -> Page:
    """The page in the reader's language, with the fields that all pages have; else the page itself."""
    return _translation(context, page) or page


def _translation(context: dict[str, Any], target: Page | str) -> Page | None:
    """The page in the reader's language that translates `target`; None in the site's own language."""
    request = context.get("request")
    if not isinstance(request, HttpRequest):
        return None
    known = counterparts(request)
    return known.by_key.get(target.translation_key) if isinstance(target, Page) else known.by_path.get(target)


@register.simple_tag(takes_context=True)
def foot_pages(context: dict[str, Any]) -> list[Page]:
    """Pages below the home page whose editors ticked "show in menus"; the main menu itself is fixed.

    On translated pages these are the translations: a title that readers do not understand leads nowhere.
    """
    request = context.get("request")
    if not isinstance(request, HttpRequest):
        return []
    if reader_language(request) != settings.LANGUAGE_CODE:
        translated = counterparts(request).by_key.values()
        return [page for page in translated if page.depth == FOOT_DEPTH and page.show_in_menus]
    return top_of(request).foot


@register.simple_tag(takes_context=True)
def language_links(context: dict[str, Any]) -> list[LanguageLink]:
    """All languages that have a home page, each with this page's translation or else its home page."""
    request = context.get("request")
    if not isinstance(request, HttpRequest) or (site := site_of(request)) is None:
        return []
    page = context.get("page")
    key = page.translation_key if isinstance(page, Page) and page.pk else None
    here, home = page_language(context), site.root_page.translation_key
    if isinstance(page, SitePage) and page.versions is not None:
        pages = page.versions
    elif key:
        pages = [*versions([key]), *top_of(request).open_homes]
    else:
        pages = top_of(request).open_homes
    by_language: dict[str, dict[Any, Page]] = {}
    for found in pages:
        by_language.setdefault(found.locale.language_code, {})[found.translation_key] = found
    links = []
    for code, name in settings.LANGUAGES:
        translated = by_language.get(code, {}).get(key)
        target = translated or by_language.get(code, {}).get(home)
        if target is None:
            continue
        with translation.override(code):
            note = "" if translated or code == here else gettext("zur Startseite")
        # Two slashes at the beginning would lead to another website.
        url = f"/{_path(context).lstrip('/')}" if code == here else target.get_url(request) or ""
        links.append(LanguageLink(str(name), code, url, code == here, note))
    return links


@register.simple_tag(takes_context=True)
def alternates(context: dict[str, Any], links: list[LanguageLink]) -> list[tuple[str, str]]:
    """`hreflang` and full address of every version of this page, itself included; empty when there is only one.

    What a page shows below its own address (the reports of a year) has no versions of its own.
    """
    versions = [link for link in links if not link.note]
    page = context.get("page")
    if len(versions) < 2 or not isinstance(page, Page) or page.get_url(context.get("request")) != _path(context):
        return []
    found = [(link.code, settings.BASE_URL + link.url) for link in versions]
    default = [("x-default", url) for code, url in found if code == settings.LANGUAGE_CODE]
    return found + default


@register.simple_tag(takes_context=True)
def page_language(context: dict[str, Any]) -> str:
    """The language of the content as a BCP 47 tag: that of the page, else that of the address.

    "de-simple" is one: "simple" is a registered variant (RFC 5646, 2.2.5).
    """
    page = context.get("page")
    if isinstance(page, Page) and page.locale_id:
        return page.locale.language_code
    return reader_language(context.get("request"))


@register.simple_tag(takes_context=True)
def frame_seconds(context: dict[str, Any]) -> int:
    """For `{% cache %}`: how long a part of the frame may be reused for this reader."""
    return seconds_to_keep(context.get("request"))


@register.filter
def open_graph_locale(language: str) -> str:
    """The language as `og:locale` writes it."""
    return OPEN_GRAPH_LOCALES.get(language, "de_DE")


@register.simple_tag(takes_context=True)
def canonical_url(context: dict[str, Any]) -> str:
    """The one address of this content, without query string but for the number of a page of a list.

    What a page shows below its own address (the reports of a year, of a topic) has an address of its own.
    """
    page, request = context.get("page"), context.get("request")
    if isinstance(page, SitePage) and page.pk is not None and not _is_below(page, request):
        url = page.canonical_url(request)
    else:
        # Two slashes at the beginning would lead to another website.
        url = f"{settings.BASE_URL}/{quote(_path(context).lstrip('/'))}"
    listed = context.get("reports") or context.get("results")
    number = listed.number if isinstance(listed, ResultPage) else 1
    return f"{url}?seite={number}" if number > 1 else url


def _is_below(page: SitePage, request: HttpRequest | None) -> bool:
    """Whether the request asks for an address that `page` answers beside its own."""
    if request is None or getattr(request, "is_preview", False):
        return False
    own = page.get_url(request) or ""
    return request.path.startswith(own) and request.path != own


@register.simple_tag
def pages_above(page: SitePage) -> list[Page]:
    """The pages between the home page and this one, for the breadcrumbs."""
    return [above for above in page.pages_above[1:] if above.live]


@register.simple_tag(takes_context=True)
def page_link(context: dict[str, Any], number: int, parameter: str = "seite") -> str:
    """The current query string with another page number; page 1 has none."""
    request = context.get("request")
    query = request.GET.copy() if isinstance(request, HttpRequest) else QueryDict(mutable=True)
    query.pop(parameter, None)
    if number > 1:
        query[parameter] = str(number)
    return f"?{query.urlencode()}" if query else (_path(context) or "?")


@register.simple_tag
def page_steps(results: ResultPage) -> list[int | None]:
    """Page numbers around the current one; None stands for a gap."""
    gap = results.paginator.ELLIPSIS
    steps = results.paginator.get_elided_page_range(results.number, on_each_side=1, on_ends=1)
    return [None if step == gap else int(step) for step in steps]


def _path(context: dict[str, Any]) -> str:
    """The path of the address, without what no address can contain: it is written into links."""
    request = context.get("request")
    return request.path.replace("\0", "") if isinstance(request, HttpRequest) else ""
