"""Coordination offices by their names. There are fourteen, so they are compared here and not in an index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from home.people import CoordinationOffice, all_offices
from home.search import analysis
from home.search.findings import Hit
from home.search.snippets import snippet

if TYPE_CHECKING:
    from django.http import HttpRequest


def office_hits(terms: list[str], request: HttpRequest) -> list[Hit]:
    """The offices in whose name, authority or number plate code every term occurs."""
    wanted = set(terms)
    offices = all_offices(request) if wanted else []
    return [_hit(office, wanted) for office in offices if wanted <= set(analysis.terms(_described(office)))]


def _described(office: CoordinationOffice) -> str:
    # People look for "Landkreis Börde" and for "Koordinierungsstelle Börde" alike.
    kind = f"{CoordinationOffice._meta.verbose_name} {office.get_kind_display()}"
    return f"{kind} {office.full_name} {office.authority} {office.code}"


def _hit(office: CoordinationOffice, terms: set[str]) -> Hit:
    return Hit(
        label=_("Koordinierungsstelle"),
        title=office.full_name,
        url=office.get_absolute_url(),
        text=snippet(office.authority, terms),
    )
