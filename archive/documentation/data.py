"""The data of an edition as it lies inside its documentation: a schema.org Event as JSON-LD."""

import datetime
import json
from typing import Any

from django.utils import timezone

from archive.documentation.content import Documentation, ProgrammeEntry

_STATUS = {"cancelled": "https://schema.org/EventCancelled"}


def edition_json(documentation: Documentation) -> bytes:
    """UTF-8 JSON with exactly what the document prints and no more; the same input gives the same bytes."""
    edition = documentation.edition
    event: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": documentation.address,
        "name": edition.heading,
        "url": documentation.address,
        "inLanguage": "de",
        "description": edition.motto or edition.lead,
        "startDate": _date(edition.start_date, edition.date_precision),
        "endDate": _date(edition.end_date, edition.date_precision),
        "eventStatus": _STATUS.get(edition.state, "https://schema.org/EventScheduled"),
        "location": {"@type": "Place", "name": edition.venue, "address": edition.place},
        "organizer": {
            "@type": "Organization",
            "name": f"{documentation.imprint.publisher}, IKOE",
        },
        "superEvent": {"@type": "EventSeries", "name": edition.series.name},
        "keywords": list(documentation.topics),
        "contributor": [{"@type": "Organization", "name": host} for host in documentation.hosts],
        "sponsor": [
            {"@type": "Organization", "name": funder.name}
            for funder in (documentation.funding.funders.all() if documentation.funding else ())
        ],
        "subEvent": [_sub_event(entry) for entry in documentation.entries],
        "workFeatured": [
            {"@type": "DigitalDocument", "name": document.title, "url": document.address}
            for document in documentation.documents
        ],
    }
    return json.dumps(_without_empty(event), ensure_ascii=False, indent=2, sort_keys=True).encode()


def _sub_event(entry: ProgrammeEntry) -> dict[str, Any]:
    return {
        "@type": "Event",
        "name": entry.title,
        "startDate": _moment(entry.day, entry.start),
        "endDate": _moment(entry.day, entry.end),
        "additionalType": entry.format,
        "performer": [{"@type": "PerformingGroup", "name": name} for name in entry.people],
    }


def _date(day: datetime.date | None, precision: str) -> str:
    if day is None:
        return ""
    return f"{day:%Y-%m}" if precision == "month" else day.isoformat()


def _moment(day: datetime.date | None, time: datetime.time | None) -> str:
    if day is None:
        return ""
    if time is None:
        return day.isoformat()
    return datetime.datetime.combine(day, time, timezone.get_default_timezone()).isoformat(timespec="minutes")


def _without_empty(value: Any) -> Any:
    if isinstance(value, dict):
        cleaned = {key: _without_empty(entry) for key, entry in value.items()}
        return {key: entry for key, entry in cleaned.items() if entry not in ("", [], None, {"@type": "Place"})}
    if isinstance(value, list):
        return [_without_empty(entry) for entry in value]
    return value
