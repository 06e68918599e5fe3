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


def office_hits(terms: list[str], request: HttpRequest) -> tuple[list[Hit], list[Hit]]:
    """The offices whose name holds every term, and those that are only described by them.

    "Integration" stands in the authority of most offices: nobody who asks for it looks for all of them.
    """
    wanted = set(terms)
    named, described = [], []
    for office in all_offices(request) if wanted else []:
        if wanted <= set(analysis.terms(_called(office))):
            named.append(_hit(office, wanted))
        elif wanted <= set(analysis.terms(f"{_called(office)} {office.authority}")):
            described.append(_hit(office, wanted))
    return named, described


def _called(office: CoordinationOffice) -> str:
    # People look for "Landkreis Börde" and for "Koordinierungsstelle Börde" alike.
    kind = f"{CoordinationOffice._meta.verbose_name} {office.get_kind_display()}"
    return f"{kind} {office.full_name} {office.code}"


def _hit(office: CoordinationOffice, terms: set[str]) -> Hit:
    return Hit(
        label=_("Koordinierungsstelle"),
        title=office.full_name,
        url=office.get_absolute_url(),
        text=snippet(office.authority, terms),
    )
