"""Whether a link inside the site leads somewhere that everybody may see. Nothing is fetched: addresses are resolved."""

from __future__ import annotations

from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import Page, Site

from archive.access import Level
from home.pages.routing import find_route
from home.pages.visibility import open_to_all
from home.people import CoordinationOffice

NOWHERE = "führt auf dieser Website ins Leere"
UNPUBLISHED = "führt zu einer Seite, die nicht veröffentlicht ist"
PRIVATE = "führt zu einer Seite, die nicht alle sehen dürfen"
CLOSED_DOCUMENT = "führt zu einem Dokument, das nicht öffentlich ist"
INTERNAL = "führt in den internen Bereich"
# What people without an account cannot follow, whatever the rest of the path.
_INTERNAL_PATHS = ("/admin/", "/konto/", "/postfach/", "/archiv/beschluesse/")


class LinkCheck:
    """Answers for links of one mail; every address is looked up once."""

    def __init__(self) -> None:
        base = urlsplit(settings.BASE_URL)
        self._base = base
        self._hosts = {base.netloc.lower(), *(urlsplit(site.root_url).netloc for site in Site.objects.all())}
        self._known: dict[str, str] = {}

    def is_internal(self, url: str) -> bool:
        """Whether `url` is an address of this site."""
        parts = _split(url)
        if parts is None or parts.scheme not in ("http", "https", ""):
            return False
        return parts.netloc.lower() in self._hosts or (not parts.netloc and parts.path.startswith("/"))

    def problem(self, url: str) -> str:
        """What is wrong with a link into the site, as the end of a German sentence; "" if nothing is."""
        if not self.is_internal(url):
            return ""
        path = unquote(urlsplit(url).path) or "/"
        if path not in self._known:
            self._known[path] = self._look_up(path)
        return self._known[path]

    def _look_up(self, path: str) -> str:
        if "\0" in path:
            # PostgreSQL takes no text with it, and no page has it in its address.
            return NOWHERE
        if path.startswith(_INTERNAL_PATHS):
            return INTERNAL
        if path.startswith((settings.STATIC_URL, settings.MEDIA_URL)):
            return ""
        with translation.override(translation.get_language_from_path(path) or settings.LANGUAGE_CODE):
            match = _resolved(path) or _resolved(f"{path}/")
            if match is None:
                return "" if _is_redirected(path) else NOWHERE
            if match.url_name == "wagtail_serve":
                return self._page_problem(str(match.kwargs.get("path", "") or (match.args or ("",))[0]), path)
            return self._view_problem(match)

    def _page_problem(self, below_language: str, path: str) -> str:
        request = HttpRequest()
        request.path = request.path_info = path
        request.META |= {
            "SERVER_NAME": self._base.hostname or "localhost",
            "SERVER_PORT": str(self._base.port or (443 if self._base.scheme == "https" else 80)),
        }
        route = find_route(request, below_language)
        if route is None:
            if _is_redirected(path):
                return ""
            return UNPUBLISHED if _is_draft(path) else NOWHERE
        return "" if open_to_all(Page.objects.filter(pk=route.page.pk)).exists() else PRIVATE

    def _view_problem(self, match: ResolverMatch) -> str:
        if match.app_name == "archive" and "pk" in match.kwargs:
            documents = get_document_model().objects.visible_at(Level.PUBLIC)
            return "" if documents.filter(pk=match.kwargs["pk"]).exists() else CLOSED_DOCUMENT
        if match.view_name == "home:edition_calendar":
            series, edition = match.kwargs["series"], match.kwargs["edition"]
            return self._page_problem(f"{series}/{edition}/", f"/{series}/{edition}/")
        if match.view_name == "home:office":
            return "" if CoordinationOffice.objects.filter(slug=match.kwargs["slug"]).exists() else NOWHERE
        return ""


def _resolved(path: str) -> ResolverMatch | None:
    try:
        return resolve(path)
    except Resolver404:
        return None


def _is_redirected(path: str) -> bool:
    return Redirect.objects.filter(old_path=Redirect.normalise_path(path)).exists()


def _is_draft(path: str) -> bool:
    tail = path if path.endswith("/") else f"{path}/"
    return Page.objects.filter(url_path__endswith=tail, live=False).exists()


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url.strip())
    except ValueError:
        return None
