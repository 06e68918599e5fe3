"""What the page of one edition shows besides its own fields."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import QuerySet
from wagtail.documents import get_document_model

from home.events.calendar import has_day
from home.events.chronicle import attendances_at, chronological, default_editions, halves, is_upcoming
from home.events.models import EditionPage
from home.events.translation import follow, programme
from home.images import with_renditions
from home.joins import with_many
from home.pages.reports import latest_reports

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.http import HttpRequest

    from home.events.models import EditionPhoto
    from home.pages.models import NewsPage
    from home.people import CoordinationOffice, Topic

REPORTS_OF_EDITION = 3


def edition_context(page: EditionPage, request: HttpRequest) -> dict[str, Any]:
    """What the page of an edition shows besides its own fields.

    A translated edition reads times, participation, photos and documents from its German page.
    """
    # The topics of the others are few, and this saves a query for those of this one.
    with_topics = with_many(default_editions().filter(series_id=page.series_id), "topics", order=("name",))
    siblings = chronological(edition for edition, _topics in with_topics)
    source = source_of(page, siblings)
    follow(page, source)
    position = next((index for index, edition in enumerate(siblings) if edition.pk == source.pk), None)
    before, after = ([], []) if position is None else (siblings[:position][::-1], siblings[position + 1 :])
    upcoming = is_upcoming(source)
    rows = attendances_at(source)
    # A draft in the preview has no key yet, and nothing that refers to it.
    documents = list(_documents(source, request)) if source.pk else []
    by_part: dict[UUID, list[Any]] = defaultdict(list)
    for document in documents:
        by_part[document.programme_key].append(document)
    return {
        "source": source,
        "halves": halves(programme(page, source)),
        "documents_by_part": by_part,
        "attendances": rows,
        "hosts": [row.office for row in rows if row.presence == "host"],
        "attendance_known": any(row.presence in ("in", "out") for row in rows),
        "persons": sum(row.persons or 0 for row in rows),
        "documents": documents,
        "public_documents": _public(documents, request),
        "documentation": next((document for document in documents if document.kind == "documentation"), None),
        "reports": _reports(source, page) if source.pk else [],
        "photos": _photos(source),
        "topics": _topics(source, {edition.pk: topics for edition, topics in with_topics}),
        "upcoming": upcoming,
        "in_calendar": upcoming and has_day(source) and source.state != EditionPage.State.CANCELLED,
        "previous": _next_recorded(before),
        "next": _next_recorded(after),
        # The words of the link say so where it leads past editions of which nothing is recorded.
        "previous_is_far": _next_recorded(before) not in before[:1],
        "next_is_far": _next_recorded(after) not in after[:1],
    }


def _next_recorded(editions: list[EditionPage]) -> EditionPage | None:
    """The first of which there is something to read."""
    return next((edition for edition in editions if edition.state != EditionPage.State.UNRECORDED), None)


def _documents(source: EditionPage, request: HttpRequest) -> QuerySet[Any]:
    visible = get_document_model().objects.visible_to(request.user)
    return visible.filter(edition=source).with_covers().order_by("kind", "title")


def _public(documents: list[Any], request: HttpRequest) -> list[Any]:
    """Those that everybody may see: machines are told of no others, whoever has opened the page."""
    if not documents or not request.user.is_authenticated:
        return documents
    keys = [document.pk for document in documents]
    public = set(get_document_model().objects.visible_at(0).filter(pk__in=keys).values_list("pk", flat=True))
    return [document for document in documents if document.pk in public]


def _topics(source: EditionPage, known: dict[int, list[Topic]]) -> list[Topic]:
    """The topics of `source`: from what was read of its series, unless it is a draft with topics in memory."""
    topics = source.topics.all()
    return known[source.pk] if isinstance(topics, QuerySet) and source.pk in known else list(topics)


def _photos(source: EditionPage) -> list[EditionPhoto]:
    photos = source.photos.all()
    return with_renditions(photos, "image") if isinstance(photos, QuerySet) else list(photos)


def _reports(source: EditionPage, page: EditionPage) -> list[NewsPage]:
    reports = latest_reports(source.reports.filter(locale_id=page.locale_id)).prefetch_related(None)
    return with_renditions(reports, "lead_image")[:REPORTS_OF_EDITION]


def source_of(page: EditionPage, known: Iterable[EditionPage] = ()) -> EditionPage:
    """The German page of a translated edition; the page itself where there is none.

    It is asked for unless it is one of the German pages that are `known` already.
    """
    if page.locale.language_code == settings.LANGUAGE_CODE:
        return page
    if found := next((other for other in known if other.translation_key == page.translation_key), None):
        return found
    german = page.get_translations().filter(locale__language_code=settings.LANGUAGE_CODE)
    return german.select_related("locale", "series").first() or page


def hosts_of(edition: EditionPage) -> list[CoordinationOffice]:
    """The offices that invited, in the order of all lists of offices (one query)."""
    parts = edition.participations.filter(hosted=True).select_related("office").order_by("office__slug")
    return [part.office for part in parts]
