"""The ways in which an editor can look at a draft. Apps above this one add theirs in `AppConfig.ready()`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.template.response import TemplateResponse

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from wagtail.models import Page

WEBSITE = ("", "Website")


class PreviewUnavailable(Exception):
    """A draft cannot be shown in this way; `str()` is a German sentence for the editor."""


@dataclass(frozen=True)
class PreviewMode:
    """One entry of the list "Vorschau". `render` gets the draft, which need not be saved, and may raise
    `PreviewUnavailable`."""

    name: str
    label: str
    render: Callable[[Any, HttpRequest], HttpResponse]


_modes: dict[type[Page], list[PreviewMode]] = defaultdict(list)


def register_preview(page_type: type[Page], mode: PreviewMode) -> None:
    """Offer `mode` for pages of this type, below the modes that they have."""
    if mode.name in {known.name for known in _modes[page_type]}:
        raise ValueError(f"{page_type.__name__} has a preview mode {mode.name!r} already")
    _modes[page_type].append(mode)


class PreviewedPage:
    """Mixin of a page type whose previews are looked up in the registry. It stands before `Page`."""

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        return [WEBSITE, *((mode.name, mode.label) for mode in _modes[type(self)])]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """The answer of the mode, or a page with the German reason why there is none now."""
        mode = next((mode for mode in _modes[type(self)] if mode.name == mode_name), None)
        if mode is None:
            return super().serve_preview(request, mode_name)  # type: ignore[misc]
        try:
            return mode.render(self, request)
        except PreviewUnavailable as reason:
            context = {"object": self, "mode": mode, "reason": reason}
            return TemplateResponse(request, "home/admin/preview_unavailable.html", context)
