"""Which language an address speaks, and the languages that editors can write in."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.utils import translation

if TYPE_CHECKING:
    from django.apps import AppConfig
    from django.http import HttpRequest, HttpResponse


class PathLanguageMiddleware:
    """The path alone names the language: `/en/…`, `/de-simple/…`, everything else is German.

    Django's own middleware would also ask cookie and Accept-Language: then one address has several contents, every
    page varies by a header, and a German page reached from an English browser greets in English.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of_path(request.path_info)
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def language_of_path(path: str) -> str:
    """The language of an address; a prefix that is no language of the site (`/fr/`, `/de/`) is an ordinary path."""
    prefix = path.removeprefix("/").partition("/")[0]
    translated = {code for code, _name in settings.LANGUAGES} - {settings.LANGUAGE_CODE}
    return prefix if prefix in translated and path.startswith("/") else settings.LANGUAGE_CODE


def ensure_locales() -> None:
    """Make the languages of the settings known to Wagtail; repeating it changes nothing."""
    from wagtail.models import Locale

    for code, _name in settings.WAGTAIL_CONTENT_LANGUAGES:
        Locale.objects.get_or_create(language_code=code)


def ensure_locales_after_migrate(sender: AppConfig, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Run when Wagtail's tables are there: production gets its languages by `migrate`, not by hand."""
    if using == DEFAULT_DB_ALIAS:
        ensure_locales()
