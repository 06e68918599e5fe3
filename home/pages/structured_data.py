"""What pages are about, for search engines: JSON-LD in the words of schema.org."""

from __future__ import annotations

import datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from django.conf import settings
from django.templatetags.static import static

from home.events.chronicle import was_only_planned
from home.events.models import EditionPage, ProgrammeItem, SeriesPage
from home.pages.base import SitePage
from home.pages.models import HomePage, NewsPage
from home.templatetags.contacts import international

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from wagtail.models import Page

    from home.identity import SiteIdentity
    from home.people import CoordinationOffice

    Address = Callable[[Page], str]

Node = dict[str, Any]
ZONE = ZoneInfo("Europe/Berlin")


def graph(page: SitePage, identity: SiteIdentity, context: dict[str, Any]) -> Node:
    """The description of a page with its way from the home page; `context` is what its template shows.

    Nothing is said that the page does not show. Empty values are left out.
    """
    address = partial(_address, context.get("request"))
    nodes = [organisation(identity), *_about(page, context, address)]
    if not isinstance(page, HomePage):
        nodes.append(_breadcrumbs(page, context, address))
    return {"@context": "https://schema.org", "@graph": [filled(node) for node in nodes]}


def _address(request: HttpRequest | None, page: Page) -> str:
    return urljoin(settings.BASE_URL, page.get_url(request) or "")


def _about(page: SitePage, context: dict[str, Any], address: Address) -> list[Node]:
    if isinstance(page, HomePage):
        return [_website(page, address)]
    if isinstance(page, NewsPage):
        return [_article(page, context, address)]
    if isinstance(page, SeriesPage):
        return [_series(page, context, address)]
    if isinstance(page, EditionPage):
        return [_event(page, context, address)]
    return []


def organisation(identity: SiteIdentity) -> Node:
    """The project; its parent is the association that runs it."""
    return {
        "@type": "Organization",
        "@id": organisation_id(),
        "name": "IKOE",
        "alternateName": "Interkulturelle Öffnung und Kompetenzentwicklung Sachsen-Anhalt",
        "url": f"{settings.BASE_URL}/",
        "logo": settings.BASE_URL + static("img/emblem.svg"),
        "parentOrganization": filled(
            {
                "@type": "Organization",
                "name": identity.organisation,
                "telephone": international(identity.phone),
                "email": identity.email,
                "address": filled(
                    {
                        "@type": "PostalAddress",
                        "streetAddress": identity.street,
                        "postalCode": identity.postal_code,
                        "addressLocality": identity.city,
                        "addressCountry": "DE",
                    }
                ),
            }
        ),
    }


def _website(page: HomePage, address: Address) -> Node:
    return {
        "@type": "WebSite",
        "url": address(page),
        "name": "IKOE",
        "description": page.search_description,
        "inLanguage": page.locale.language_code,
        "publisher": {"@id": organisation_id()},
    }


def _article(page: NewsPage, context: dict[str, Any], address: Address) -> Node:
    published = datetime.datetime.combine(page.date, datetime.time(), ZONE)
    card = context.get("preview")
    return {
        "@type": "NewsArticle",
        "@id": f"{address(page)}#bericht",
        "url": address(page),
        "mainEntityOfPage": address(page),
        "headline": page.title,
        "description": page.teaser,
        "image": card.url if card else None,
        "datePublished": published.isoformat(),
        "dateModified": max(published, page.last_published_at or published).astimezone(ZONE).isoformat(),
        "inLanguage": page.locale.language_code,
        "keywords": [topic.name for topic in context.get("topics", [])],
        "author": {"@id": organisation_id()},
        "publisher": {"@id": organisation_id()},
        # Where the full or the first version stands.
        "isBasedOn": page.origin_url if page.origin != page.Origin.HERE else None,
        "about": {"@id": _event_id(context["edition"], address)} if context.get("edition") else None,
    }


def _series(page: SeriesPage, context: dict[str, Any], address: Address) -> Node:
    chronicle = context.get("chronicle")
    editions = [entry.edition for entry in chronicle.entries] if chronicle else []
    return {
        "@type": "EventSeries",
        "@id": f"{address(page)}#reihe",
        "url": address(page),
        "name": page.series.name,
        "description": page.lead or page.series.description,
        "organizer": {"@id": organisation_id()},
        "subEvent": [_short_event(edition, address) for edition in editions if edition.start_date],
    }


def _event(page: EditionPage, context: dict[str, Any], address: Address) -> Node:
    source = context.get("source") or page
    parent = page.pages_above[-1]
    card = context.get("preview")
    return _short_event(source, address) | {
        "url": address(page),
        "description": page.motto or page.lead,
        "image": card.url if card else None,
        "inLanguage": page.locale.language_code,
        "superEvent": {
            "@type": "EventSeries",
            "@id": f"{address(parent)}#reihe",
            "name": page.series.name,
            "url": address(parent),
        },
        "contributor": [_office(office) for office in context.get("hosts", [])],
        "subEvent": [_part(item) for half in context.get("halves", []) for item in half.items],
        "workFeatured": [_work(document) for document in context.get("public_documents", [])],
    }


def _work(document: Any) -> Node:
    """A document that everybody may see; its own page describes it in full."""
    url = f"{settings.BASE_URL}{document.get_absolute_url()}"
    kind = "PresentationDigitalDocument" if document.kind == "presentation" else "DigitalDocument"
    return {"@type": kind, "@id": f"{url}#dokument", "name": document.title, "url": url}


def _short_event(edition: EditionPage, address: Address) -> Node:
    return filled(
        {
            "@type": "Event",
            "@id": _event_id(edition, address),
            "url": address(edition),
            "name": ", ".join(filter(None, [edition.dated_heading, edition.place])),
            "startDate": _day(edition, edition.start_date),
            "endDate": _day(edition, edition.last_day),
            "eventStatus": _status(edition),
            "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
            "location": _place(edition),
            "organizer": {"@id": organisation_id()},
        }
    )


def _status(edition: EditionPage) -> str | None:
    """None for a plan whose days are over: schema.org would take silence for "scheduled", but we do not claim it."""
    if was_only_planned(edition):
        return None
    cancelled = edition.state == EditionPage.State.CANCELLED
    return f"https://schema.org/{'EventCancelled' if cancelled else 'EventScheduled'}"


def _day(edition: EditionPage, day: datetime.date | None) -> str | None:
    """ISO 8601 in the precision that is known: "2024-11-21" or "2025-11"."""
    if day is None:
        return None
    return day.strftime("%Y-%m") if edition.date_precision == EditionPage.Precision.MONTH else day.isoformat()


def _place(edition: EditionPage) -> Node | None:
    if not edition.place and not edition.venue:
        return None
    address = {
        "@type": "PostalAddress",
        "addressLocality": edition.place,
        "addressRegion": "Sachsen-Anhalt",
        "addressCountry": "DE",
    }
    return {"@type": "Place", "name": edition.venue or edition.place, "address": filled(address)}


def _part(item: ProgrammeItem) -> Node:
    """A part of the programme. Speakers are named as the page names them, in one line."""
    return filled(
        {
            "@type": "Event",
            "name": item.title,
            "startDate": _moment(item.day, item.start),
            "endDate": _moment(item.day, item.end),
            "location": {"@type": "Place", "name": item.room} if item.room else None,
            "description": "; ".join(filter(None, [str(item.get_format_display()), *item.contributors])),
        }
    )


def _moment(day: datetime.date | None, time: datetime.time | None) -> str | None:
    if day is None:
        return None
    return datetime.datetime.combine(day, time, ZONE).isoformat() if time else day.isoformat()


def _office(office: CoordinationOffice) -> Node:
    url = f"{settings.BASE_URL}{office.get_absolute_url()}"
    return {"@type": "GovernmentOffice", "name": office.full_name, "url": url}


def _breadcrumbs(page: SitePage, context: dict[str, Any], address: Address) -> Node:
    pages: list[Page] = [*page.pages_above, page]
    steps = [
        (getattr(step, "dated_heading", "") or step.title if step.depth > 2 else "IKOE", address(step))
        for step in pages
    ]
    # The reports of a topic or of a year are no page of their own.
    if below := context.get("topic") or context.get("year"):
        steps.append((str(below), context["canonical"]))
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": url}
            for position, (name, url) in enumerate(steps, 1)
        ],
    }


def organisation_id() -> str:
    """The identifier by which all other nodes refer to the organisation."""
    return f"{settings.BASE_URL}/#ikoe"


def _event_id(edition: EditionPage, address: Address) -> str:
    return f"{address(edition)}#ausgabe"


def filled(node: Node) -> Node:
    """A node without the properties that say nothing."""
    return {key: value for key, value in node.items() if value not in (None, "", [], {})}
