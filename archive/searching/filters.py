"""What the reader chose beside the words. All of it stands in the address of the page."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import QueryDict

# The parameter of the address for each field of Filters.
PARAMETERS = {
    "kinds": "art",
    "series": "reihe",
    "editions": "ausgabe",
    "years": "jahr",
    "topics": "thema",
    "offices": "stelle",
    "formats": "format",
    "languages": "sprache",
    "levels": "zugang",
}
# More choices than there are, or longer ones, are no choices.
MOST_VALUES = 100
LONGEST_QUERY = 300
LONGEST_VALUE = 200


def query_in(parameters: QueryDict) -> str:
    """The question in an address, `q`."""
    return parameters.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]


def is_exact(parameters: QueryDict) -> bool:
    """Whether an address asks for words as they are, without compounds: `genau=1`."""
    return parameters.get("genau") == "1"


@dataclass(frozen=True, slots=True)
class Filters:
    """For each facet the chosen values as they stand in the address; none of a facet means all.

    Kinds are values of `Document.Kind`, editions keys (`home.events.keys`), topics and offices slugs, formats file
    extensions, languages their codes, levels the numbers of `access.Level`. Values that do not exist find nothing.
    """

    kinds: frozenset[str] = frozenset()
    series: frozenset[str] = frozenset()
    editions: frozenset[str] = frozenset()
    years: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    offices: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()

    @classmethod
    def from_address(cls, parameters: QueryDict) -> Filters:
        """The choices in the parameters of an address, whatever else is in them."""
        return cls(
            **{
                name: frozenset(value for value in parameters.getlist(parameter)[:MOST_VALUES] if _is_value(value))
                for name, parameter in PARAMETERS.items()
            }
        )

    def __bool__(self) -> bool:
        return any(getattr(self, each.name) for each in fields(self))


def _is_value(value: str) -> bool:
    return 0 < len(value) <= LONGEST_VALUE and "\0" not in value
