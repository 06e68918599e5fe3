"""What a search gives back, whatever was searched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

# A Wagtail hook: functions that take request and query and return a Shelf. A higher app shows its finds with it.
HOOK = "search_elsewhere"


@dataclass(frozen=True, slots=True)
class Hit:
    """One line of the results. `label` says what it is; `language` is set where it is not German."""

    label: str
    title: str
    url: str
    text: SafeString | str = ""
    language: str = ""

    @property
    def language_name(self) -> str:
        """The language as its readers call it; "" for German."""
        return str(dict(settings.LANGUAGES).get(self.language, self.language))


@dataclass(frozen=True, slots=True)
class Shelf:
    """The best finds of another app below those of the site: `template` renders each of `hits` as `hit`.

    `suggestion` is another query that would find more, for one that finds little; else empty.
    """

    heading: str
    count: int
    hits: list[Any]
    template: str
    url: str
    link_text: str
    suggestion: str = ""
