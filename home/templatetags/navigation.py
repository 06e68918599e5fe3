"""The frame of every page: menu, languages, canonical address, page numbers."""

from typing import Any, NamedTuple

from django import template
from django.conf import settings
from django.core.paginator import Page as ResultPage
from django.http import HttpRequest, QueryDict
from wagtail.models import Page, Site

from home.pages.base import SitePage

register = template.Library()


class MenuItem(NamedTuple):
    label: str
    url: str
    current: bool


class LanguageLink(NamedTuple):
    label: str
    code: str
    url: str


MENU = (
    ("Aktuelles", "/aktuelles/"),
    ("Ideenwerkstatt", "/ideenwerkstatt/"),
    ("Termine", "/termine/"),
    ("Koordinierungsstellen", "/koordinierungsstellen/"),
    ("Archiv", "/archiv/"),
    ("Newsletter", "/newsletter/"),
)


@register.simple_tag(takes_context=True)
def main_menu(context: dict[str, Any]) -> list[MenuItem]:
    """The fixed menu; the item above the current address is marked."""
    path = _path(context)
    return [MenuItem(label, url, path.startswith(url)) for label, url in MENU]


@register.simple_tag(takes_context=True)
def foot_pages(context: dict[str, Any]) -> list[Page]:
    """Pages below the home page whose editors ticked "show in menus"; the main menu itself is fixed."""
    request = context.get("request")
    site = Site.find_for_request(request) if isinstance(request, HttpRequest) else None
    if site is None:
        return []
    return list(Page.objects.child_of(site.root_page).live().public().in_menu().select_related("locale"))


@register.simple_tag(takes_context=True)
def language_links(context: dict[str, Any]) -> list[LanguageLink]:
    """Links to the translations that exist; none on pages that are not Wagtail pages."""
    page = context.get("page")
    if not isinstance(page, Page) or page.pk is None:
        return []
    names = dict(settings.LANGUAGES)
    translations = page.get_translations().live().select_related("locale")
    return [
        LanguageLink(
            str(names.get(translation.locale.language_code, translation.locale.language_code)),
            translation.locale.language_code,
            translation.get_url(context.get("request")) or "",
        )
        for translation in translations
    ]


@register.simple_tag(takes_context=True)
def page_language(context: dict[str, Any]) -> str:
    """The language of the content as a BCP 47 tag, which is not always the language of the interface."""
    page = context.get("page")
    if isinstance(page, Page) and page.locale_id:
        return page.locale.language_code
    return settings.LANGUAGE_CODE


@register.simple_tag(takes_context=True)
def canonical_url(context: dict[str, Any]) -> str:
    """The one address of this content, without query string."""
    page, request = context.get("page"), context.get("request")
    if isinstance(page, SitePage) and page.pk is not None:
        return page.canonical_url(request)
    return request.build_absolute_uri(request.path) if isinstance(request, HttpRequest) else ""


@register.simple_tag
def pages_above(page: Page) -> list[Page]:
    """The pages between the home page and this one, for the breadcrumbs."""
    return list(page.get_ancestors().filter(depth__gt=2).live())


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
    request = context.get("request")
    return request.path if isinstance(request, HttpRequest) else ""
