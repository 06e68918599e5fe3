"""What a coordination office did: the editions it hosted and attended, and what it contributed to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from home.events.chronicle import default_editions
from home.events.models import EditionPage, Participation, ProgrammeItem
from home.pages.models import NewsPage
from home.pages.reports import latest_reports
from home.people import CoordinationOffice

REPORTS_OF_OFFICE = 6


@dataclass(frozen=True)
class Contribution:
    """The parts of one edition's programme in which people of an office spoke or moderated."""

    edition: EditionPage
    items: list[ProgrammeItem]


def office_context(office: CoordinationOffice) -> dict[str, Any]:
    """Editions and reports of an office, newest first (five or six queries)."""
    parts = {part.page_id: part for part in Participation.objects.filter(office=office)}
    items = ProgrammeItem.objects.filter(speakers__office=office).order_by("day", "start", "sort_order").distinct()
    by_edition: dict[int, list[ProgrammeItem]] = {}
    for item in items.prefetch_related("speakers__person", "speakers__office"):
        by_edition.setdefault(item.page_id, []).append(item)
    editions = list(default_editions().filter(pk__in={*parts, *by_edition}).order_by("-start_date", "-pk"))
    known = [(edition, parts[edition.pk]) for edition in editions if edition.pk in parts]
    hosted = [edition for edition, part in known if part.hosted]
    return {
        "hosted": hosted,
        # As long as editions are not recorded, nobody can say that an office never hosted one.
        "gaps": not hosted and default_editions().filter(state=EditionPage.State.UNRECORDED).exists(),
        "attended": [edition for edition, part in known if part.attended and not part.hosted],
        "contributions": [
            Contribution(edition, by_edition[edition.pk]) for edition in editions if edition.pk in by_edition
        ],
        # What happened on its ground is told in reports about the editions that it hosted.
        "reports": latest_reports(NewsPage.objects.filter(edition__in=hosted))[:REPORTS_OF_OFFICE] if hosted else [],
    }
