"""What machines learn about a public document: JSON-LD in the words of schema.org, and Dublin Core.

Nothing is said that the page does not show, and nothing at all about a document that is not public.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from archive.file_types import extension_of
from archive.models import Document, DocumentVersion
from archive.reading.citation import PUBLISHER, Source
from home.identity import SiteIdentity
from home.pages.structured_data import Node, filled, organisation, organisation_id
from home.templatetags.german import counted

LICENCES = {
    Document.Licence.CC_BY: "https://creativecommons.org/licenses/by/4.0/",
    Document.Licence.CC_BY_SA: "https://creativecommons.org/licenses/by-sa/4.0/",
    Document.Licence.CC_BY_NC: "https://creativecommons.org/licenses/by-nc/4.0/",
    Document.Licence.CC0: "https://creativecommons.org/publicdomain/zero/1.0/",
}
# https://www.dublincore.org/specifications/dublin-core/dcmi-terms/#section-7
_DCMI_TYPES = {Document.Kind.PHOTO: "StillImage"}


def licence_url(document: Document) -> str:
    """The address of the licence; empty if all rights are reserved."""
    return LICENCES.get(Document.Licence(document.licence), "")


def graph(
    document: Document, version: DocumentVersion, source: Source, identity: SiteIdentity, edition_path: str
) -> Node:
    """The document with its file, its edition and the way from the home page.

    `edition_path` is the address of the edition on this site; "" leaves the edition out.
    """
    nodes = [organisation(identity), _work(document, version, source, edition_path), _breadcrumbs(source)]
    return {"@context": "https://schema.org", "@graph": [filled(node) for node in nodes]}


def _work(document: Document, version: DocumentVersion, source: Source, edition_path: str) -> Node:
    people: list[Node] = [{"@type": "Person", "name": name} for name in source.people]
    organisations: list[Node] = [{"@type": "Organization", "name": name} for name in source.organisations]
    return {
        "@type": _schema_type(document, version),
        "@id": f"{source.url}#dokument",
        "url": source.url,
        "name": source.title,
        "description": source.summary,
        "genre": source.kind,
        "inLanguage": source.language,
        "dateCreated": source.day.isoformat() if source.day and source.is_day else source.year,
        "datePublished": _day(document.created_at),
        "dateModified": _day(version.uploaded_at),
        "version": str(version.number),
        "creator": people or organisations,
        "publisher": {"@id": organisation_id()},
        "license": licence_url(document),
        "keywords": source.keywords,
        "isAccessibleForFree": True,
        "accessibilityFeature": ["taggedPDF"] if version.accessibility == "yes" else [],
        "about": _event(document, edition_path),
        "encoding": {
            "@type": "MediaObject",
            "contentUrl": f"{settings.BASE_URL}{document.url}",
            "encodingFormat": version.media_type.partition(";")[0],
            "contentSize": str(version.size),
            "sha256": version.sha256,
        },
    }


def _day(moment: datetime.datetime) -> str:
    return timezone.localdate(moment).isoformat()


def _schema_type(document: Document, version: DocumentVersion) -> str:
    if document.kind == Document.Kind.PRESENTATION:
        return "PresentationDigitalDocument"
    if document.kind == Document.Kind.PHOTO:
        return "Photograph"
    if extension_of(version.original_name) == "xlsx":
        return "SpreadsheetDigitalDocument"
    return "DigitalDocument"


def _event(document: Document, edition_path: str) -> Node | None:
    edition = document.edition
    if edition is None or not edition.live or not edition_path:
        return None
    url = f"{settings.BASE_URL}{edition_path}"
    return {"@type": "Event", "@id": f"{url}#ausgabe", "url": url, "name": edition.heading}


def _breadcrumbs(source: Source) -> Node:
    steps = [("IKOE", "/"), ("Archiv", "/archiv/"), (source.title, source.url.removeprefix(settings.BASE_URL))]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": position, "name": name, "item": f"{settings.BASE_URL}{path}"}
            for position, (name, path) in enumerate(steps, 1)
        ],
    }


def dublin_core(document: Document, version: DocumentVersion, source: Source) -> list[tuple[str, str]]:
    """Names and values for `<meta>` (DCMI, "Expressing Dublin Core in HTML", 2008)."""
    values: list[tuple[str, Any]] = [
        ("DC.title", source.title),
        *(("DC.creator", name) for name in source.people or source.organisations),
        ("DC.publisher", PUBLISHER),
        ("DC.date", source.day.isoformat() if source.day and source.is_day else source.year),
        ("DC.type", _DCMI_TYPES.get(Document.Kind(document.kind), "Text")),
        ("DC.type", source.kind),
        ("DC.format", version.media_type.partition(";")[0]),
        ("DC.language", source.language),
        ("DC.identifier", source.url),
        ("DC.description", source.summary),
        *(("DC.subject", keyword) for keyword in source.keywords),
        ("DC.rights", licence_url(document) or document.get_licence_display()),
        ("DCTERMS.isPartOf", source.event),
        ("DCTERMS.issued", _day(document.created_at)),
        ("DCTERMS.extent", counted(version.page_count, "Seite,Seiten") if version.page_count else ""),
    ]
    return [(name, str(value)) for name, value in values if value]
