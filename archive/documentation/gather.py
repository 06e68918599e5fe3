"""Collects what the documentation of an edition prints, as plain values, for one level of access."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from itertools import count
from typing import Any, cast

from django.conf import settings
from django.db.models import Max, QuerySet
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import expand_db_html

from archive.access import Level
from archive.documentation.content import (
    ChronicleRow,
    Documentation,
    DocumentEntry,
    HalfDay,
    Imprint,
    Photo,
    ProgrammeEntry,
    ReportSection,
    ResolutionRow,
)
from archive.documentation.wording import first_words
from archive.models import Document, Resolution
from archive.protocols.freezing import RELEASED
from home.events.chronicle import (
    attendances,
    chronological,
    default_editions,
    halves,
    has_taken_place,
    state_words,
)
from home.events.models import EditionPage, EditionPhoto, ProgrammeItem
from home.events.programme import items_of
from home.identity import SiteIdentity
from home.people import CoordinationOffice, FundingPeriod, SteeringTerm
from home.rendering.streams import absolute_links, render_stream
from home.rendering.targets import Targets
from home.templatetags.documents import document_facts
from home.templatetags.german import date_range, long_date, weekday_date
from home.templatetags.printing import printed


@translation.override(settings.LANGUAGE_CODE)
def gather(edition: EditionPage, level: Level, *, as_of: datetime.datetime | None = None) -> Documentation:
    """Everything about `edition` that a reader of `level` may see.

    `edition` may be a draft that is not saved: its programme, participants and topics are read through the object. The
    number of queries does not grow with programme, documents or offices of a saved edition. Documentations themselves
    are left out: a new one would change the next. `as_of` stands for the date of the last change, which a draft lacks.
    """
    visible = Document.objects.visible_at(level).select_related("current_version")
    documents = _documents(edition, visible)
    targets = Targets(visible).load(edition.body)
    items = items_of(edition)
    offices = list(CoordinationOffice.objects.all())
    participations = list(edition.participations.select_related("office"))
    hosting = {part.office_id for part in participations if part.hosted}
    hosts = tuple(office.full_name for office in offices if office.pk in hosting)
    return Documentation(
        edition=edition,
        level=level,
        address=settings.BASE_URL + (edition.get_url() or "/"),
        motto=edition.motto,
        lead=edition.lead,
        period=date_range(edition.start_date, edition.end_date, edition.date_precision),
        hosts=hosts,
        attendances=tuple(attendances(offices, participations)),
        halves=_half_days(items, documents),
        report=_report(edition, targets),
        photos=tuple(map(_photo, edition.photos.select_related("image"))),
        outlook=_rich_text(edition.outlook),
        topics=tuple(topic.name for topic in edition.topics.order_by("name")),
        steering=_steering(edition),
        documents=tuple(map(_document_entry, documents)),
        resolutions=_resolutions(documents),
        chronicle=_chronicle(edition, [item.title for item in items]),
        funding=_funding(edition.start_date),
        imprint=imprint(),
        as_of=as_of or _as_of(edition, documents),
        named=targets.document_keys.union(document.pk for document in documents),
    )


def _documents(edition: EditionPage, visible: QuerySet[Document]) -> list[Document]:
    if edition.pk is None:
        return []
    own = visible.filter(edition=edition).exclude(kind=Document.Kind.DOCUMENTATION)
    return list(own.order_by("kind", "title", "pk"))


def _document_entry(document: Document) -> DocumentEntry:
    return DocumentEntry(
        title=document.title,
        facts=document_facts(document),
        speakers=document.speakers,
        licence=document.get_licence_display(),
        address=settings.BASE_URL + document.get_absolute_url(),
        restriction=f"Nur {document.get_level_display()}" if document.level else "",
    )


def _half_days(items: Iterable[ProgrammeItem], documents: Iterable[Document]) -> tuple[HalfDay, ...]:
    by_key: dict[Any, list[DocumentEntry]] = defaultdict(list)
    for document in documents:
        if document.programme_key:
            by_key[document.programme_key].append(_document_entry(document))
    numbers = count(1)
    tables = []
    for half in halves(items):
        entries = [_programme_entry(item, next(numbers), by_key[item.translation_key]) for item in half.items]
        # "21. November" stays on one line of the narrow margin column.
        tables.append(HalfDay(weekday_date(half.day).replace(". ", ".\u00a0"), half.label, tuple(entries)))
    return tuple(tables)


def _programme_entry(item: ProgrammeItem, number: int, documents: list[DocumentEntry]) -> ProgrammeEntry:
    time = f"{item.start:%H:%M}" if item.start else ""
    if item.start and item.end:
        time = f"{time}–{item.end:%H:%M}"
    has_more = bool(item.abstract or item.results or documents)
    return ProgrammeEntry(
        anchor=f"punkt-{number}" if has_more else "",
        title=item.title,
        time=time,
        format=", ".join(filter(None, [item.get_format_display(), item.room])),
        people=tuple(item.contributors),
        abstract=_rich_text(item.abstract),
        results=_rich_text(item.results),
        documents=tuple(documents),
        day=item.day,
        start=item.start,
        end=item.end,
    )


def _report(edition: EditionPage, targets: Targets) -> tuple[ReportSection, ...]:
    """The write-up, one section for each heading of level 2; what stands before the first has none."""
    groups: list[tuple[str, list[Any]]] = []
    for block in edition.body:
        opens = block.block_type == "heading" and str(block.value["level"]) == "2"
        if opens or not groups:
            groups.append((block.value["text"] if opens else "", []))
        if not opens:
            groups[-1][1].append(block)

    def printed_blocks(blocks: list[Any], above: int) -> SafeString:
        # The headings of the write-up stand below that of its chapter.
        stream = cast("Any", blocks)
        return render_stream(stream, "print", base_url=settings.BASE_URL, targets=targets, shift=1, above=above)

    return tuple(
        ReportSection(
            heading,
            printed_blocks(blocks, 3 if heading else 2),
            essence=next(
                (first_words(targets.expand(block.value)) for block in blocks if block.block_type == "text"), ""
            ),
            quotes=tuple(printed_blocks([block], 3) for block in blocks if block.block_type == "quote"),
        )
        for heading, blocks in groups
    )


def _rich_text(value: str) -> SafeString:
    # Only what the rich text editor lets through is stored, and Wagtail cleans it on the way in.
    return mark_safe(absolute_links(expand_db_html(value), settings.BASE_URL)) if value else SafeString("")  # noqa: S308


def _photo(photo: EditionPhoto) -> Photo:
    image = photo.image
    return Photo(printed(image), image.description, photo.caption, image.credit)


def imprint() -> Imprint:
    """What the site says about its publisher."""
    identity = SiteIdentity.load()
    town = " ".join(filter(None, [identity.postal_code, identity.city]))
    return Imprint(
        publisher=identity.organisation,
        address=", ".join(filter(None, [identity.building, identity.street, town])),
        phone=identity.phone,
        email=identity.email,
        responsible=identity.responsible,
    )


def _resolutions(documents: list[Document]) -> tuple[ResolutionRow, ...]:
    """From protocols among `documents` that were released; a draft is nobody's record yet."""
    found = Resolution.objects.filter(protocol__document__in=documents, protocol__state__in=RELEASED).order_by("pk")
    return tuple(ResolutionRow(row.what, row.who, long_date(row.until)) for row in found)


def _steering(edition: EditionPage) -> SteeringTerm | None:
    if edition.start_date is None:
        return None
    return SteeringTerm.objects.filter(year=edition.start_date.year).prefetch_related("members").first()


def _chronicle(edition: EditionPage, subjects_of_edition: list[str]) -> tuple[ChronicleRow, ...]:
    """All editions of the series; `edition` itself as it is in the object, published or not."""
    others = default_editions().filter(series_id=edition.series_id).exclude(pk=edition.pk)
    editions = chronological([*others, edition])
    subjects: dict[int, list[str]] = defaultdict(list)
    titles = ProgrammeItem.objects.filter(page__in=[other.pk for other in editions if other.pk]).order_by(
        "sort_order", "pk"
    )
    for page_id, title in titles.values_list("page_id", "title"):
        subjects[page_id].append(title)
    subjects[edition.pk] = subjects_of_edition
    rows: list[ChronicleRow] = []
    unrecorded: list[EditionPage] = []
    for other in editions:
        if other.state == EditionPage.State.UNRECORDED and other.pk != edition.pk:
            unrecorded.append(other)
            continue
        rows += _unrecorded_row(unrecorded)
        unrecorded = []
        rows.append(_chronicle_row(other, tuple(subjects[other.pk]), other.pk == edition.pk))
    return tuple(rows + _unrecorded_row(unrecorded))


def _unrecorded_row(editions: list[EditionPage]) -> list[ChronicleRow]:
    """One line for editions in a row of which nothing is known yet."""
    if not editions:
        return []
    first, last = editions[0], editions[-1]
    one = first.pk == last.pk
    return [
        ChronicleRow(
            number=str(first.number or "") if one else f"{first.number}–{last.number}",
            heading=first.heading if one else f"{first.number}. bis {last.heading}",
            period="",
            place="",
            motto="",
            subjects=(),
            state=first.get_state_display(),
            is_this=False,
        )
    ]


def _chronicle_row(edition: EditionPage, subjects: tuple[str, ...], is_this: bool) -> ChronicleRow:
    state = state_words(edition) + (f" ({edition.state_note})" if edition.state_note else "")
    return ChronicleRow(
        number=str(edition.number or ""),
        heading=edition.heading,
        period=date_range(edition.start_date, edition.end_date, edition.date_precision),
        place=edition.place,
        motto=edition.motto,
        # A Leitwort says what an edition was about; where there is none, its parts do.
        subjects=() if edition.motto else subjects,
        state="" if has_taken_place(edition) else state,
        is_this=is_this,
    )


def _funding(day: datetime.date | None) -> FundingPeriod | None:
    """The period that the edition falls into. A period without a first or last day is open on that side."""
    periods = FundingPeriod.objects.prefetch_related("funders__logo").order_by("-starts_on", "pk")
    for period in periods:
        begun = period.starts_on is None or (day is not None and period.starts_on <= day)
        over = period.ends_on is not None and (day is None or period.ends_on < day)
        if begun and not over:
            return period
    return None


def _as_of(edition: EditionPage, documents: list[Document]) -> datetime.datetime:
    """When the last of the printed contents changed: from the records, never from the clock."""
    moments = [edition.first_published_at, edition.last_published_at]
    moments += [document.current_version.uploaded_at for document in documents if document.current_version]
    others = EditionPage.objects.filter(series_id=edition.series_id, locale_id=edition.locale_id).live()
    newest = others.aggregate(at=Max("last_published_at"))["at"]
    known = [moment for moment in [*moments, newest] if moment is not None]
    return max(known, default=datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC))
