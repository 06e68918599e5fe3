"""What the documentation of an edition prints, as plain values."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString

from archive.access import Level
from archive.documentation.wording import shortened
from home.events.chronicle import Attendance, has_taken_place
from home.people import FundingPeriod, SteeringTerm
from home.templatetags.german import counted, listed

if TYPE_CHECKING:
    from home.events.models import EditionPage

# Rows of a table that fit on one page, whatever stands in them.
LONGEST_TABLE = 10
# Characters on a line of the margin column.
MARGIN_CHARACTERS = 19
MARGIN_CHARACTERS_SMALL = 24
# The head of the pages stands on one line, beside the chapter.
LONGEST_RUNNING_HEAD = 60
# What the short version is called.
SHORT = "Kurzfassung"


@dataclass(frozen=True)
class DocumentEntry:
    """A document of the archive that readers of this variant may see."""

    title: str
    facts: str
    speakers: str
    licence: str
    address: str
    # Who may read it, if not everybody.
    restriction: str = ""


@dataclass(frozen=True)
class ProgrammeEntry:
    """One part of the programme. `anchor` is empty if nothing more is told about it further back."""

    anchor: str
    title: str
    time: str
    format: str
    people: tuple[str, ...]
    abstract: SafeString
    results: SafeString
    documents: tuple[DocumentEntry, ...]
    day: datetime.date | None = None
    start: datetime.time | None = None
    end: datetime.time | None = None

    @property
    def lines(self) -> int:
        """About how many lines time, format and people take in the margin column."""
        facts = [*([self.time] if self.time else []), *([self.format] if self.format else []), *self.people]
        return sum(1 + len(fact) // MARGIN_CHARACTERS_SMALL for fact in facts)


@dataclass(frozen=True)
class HalfDay:
    """A table of the programme."""

    day: str
    part: str
    entries: tuple[ProgrammeEntry, ...]

    @property
    def is_short(self) -> bool:
        """Short enough to be kept on one page."""
        return len(self.entries) <= LONGEST_TABLE

    @property
    def has_people(self) -> bool:
        """Whether the table needs its column of people."""
        return any(entry.people for entry in self.entries)

    @property
    def is_timed(self) -> bool:
        """Whether the table needs its column of times."""
        return any(entry.time for entry in self.entries)


@dataclass(frozen=True)
class ReportSection:
    """A heading of the write-up and what follows it up to the next one."""

    heading: str
    content: SafeString
    # For the short version: the first paragraph in plain words, and the quotes as they are printed.
    essence: str = ""
    quotes: tuple[SafeString, ...] = ()

    @property
    def lines(self) -> int:
        """About how many lines the heading takes in the margin column."""
        return 1 + len(self.heading) // MARGIN_CHARACTERS


@dataclass(frozen=True)
class Photo:
    """A photo of the edition. `source` is its address for the PDF engine."""

    source: str
    alt: str
    caption: str
    credit: str


@dataclass(frozen=True)
class Imprint:
    """Who publishes the document and answers for it, as the site says it; what is not on record is empty."""

    publisher: str
    address: str
    phone: str
    email: str
    responsible: str

    @property
    def publisher_sentence(self) -> str:
        """The publisher with a full stop, of which the abbreviation "e. V." has one already."""
        return f"{self.publisher.removesuffix('.')}." if self.publisher else ""


@dataclass(frozen=True)
class ResolutionRow:
    """What a released protocol records: who does what until when."""

    what: str
    who: str
    until: str


@dataclass(frozen=True)
class ChronicleRow:
    """An edition of the series in the chronicle."""

    number: str
    heading: str
    period: str
    place: str
    motto: str
    subjects: tuple[str, ...]
    state: str
    is_this: bool


@dataclass(frozen=True)
class Documentation:
    """Everything that is printed. Rich text is HTML with absolute links."""

    edition: EditionPage
    level: Level
    address: str
    motto: str
    lead: str
    period: str
    hosts: tuple[str, ...]
    attendances: tuple[Attendance, ...]
    halves: tuple[HalfDay, ...]
    report: tuple[ReportSection, ...]
    photos: tuple[Photo, ...]
    outlook: SafeString
    topics: tuple[str, ...]
    steering: SteeringTerm | None
    documents: tuple[DocumentEntry, ...]
    resolutions: tuple[ResolutionRow, ...]
    chronicle: tuple[ChronicleRow, ...]
    funding: FundingPeriod | None
    imprint: Imprint
    as_of: datetime.datetime
    # The keys of all documents that are named somewhere in it.
    named: frozenset[int]
    # What the document is called, and how much of programme and documents it leaves out.
    name: str = "Dokumentation"
    omitted_entries: int = 0
    omitted_documents: int = 0

    @property
    def title(self) -> str:
        """The title of the file: "13. Ideenwerkstatt, Halle (Saale): Dokumentation (intern)"."""
        place = f", {self.edition.place}" if self.edition.place else ""
        internal = " (intern)" if self.is_internal else ""
        return f"{self.edition.heading}{place}: {self.name}{internal}"

    @property
    def running_head(self) -> str:
        """The edition in few words, for the head of every page."""
        place = f", {self.edition.place}" if self.edition.place else ""
        internal = ", intern" if self.is_internal else ""
        return shortened(f"{self.edition.heading}{place}", LONGEST_RUNNING_HEAD) + internal

    @property
    def period_words(self) -> str:
        """The period, or in German words why there is none."""
        unknown = "nicht überliefert" if has_taken_place(self.edition) else "noch offen"
        return self.period or unknown

    @property
    def hosts_heading(self) -> str:
        """For one host or for several, in German."""
        return "Gastgeberin" if len(self.hosts) == 1 else "Gastgeberinnen"

    @property
    def hosts_beside_place(self) -> tuple[str, ...]:
        """The hosts, unless they are the town that is named already."""
        return () if self.hosts == (self.edition.place,) else self.hosts

    @property
    def is_short(self) -> bool:
        """Whether it is the short version, which leaves parts out on purpose."""
        return self.name == SHORT

    @property
    def is_internal(self) -> bool:
        """Whether it is for people with a login only; its title says so."""
        return self.level > Level.PUBLIC

    @property
    def entries(self) -> list[ProgrammeEntry]:
        """The programme in its order, without the division into half days."""
        return [entry for half in self.halves for entry in half.entries]

    @property
    def entry_count(self) -> int:
        """How many parts the programme has, with those that are not printed."""
        return len(self.entries) + self.omitted_entries

    @property
    def document_count(self) -> int:
        """How many documents there are for these readers, with those that are not printed."""
        return len(self.documents) + self.omitted_documents

    @property
    def details(self) -> list[ProgrammeEntry]:
        """The parts of the programme about which there is more to tell than their line in the table."""
        return [entry for entry in self.entries if entry.anchor]

    @property
    def further_documents(self) -> list[DocumentEntry]:
        """Documents that belong to no part of the programme."""
        told = {document.address for entry in self.details for document in entry.documents}
        return [document for document in self.documents if document.address not in told]

    @property
    def documents_heading(self) -> str:
        """In German, with "Weitere" if the programme has named some of them already."""
        return "Dokumente" if len(self.further_documents) == len(self.documents) else "Weitere Dokumente"

    @property
    def wide_photos(self) -> int:
        """How many photos stand across the page; the others stand in pairs."""
        return len(self.photos) if len(self.photos) <= 2 else len(self.photos) % 2

    @property
    def known_attendances(self) -> list[Attendance]:
        """The offices of which something is on record, in the order of all lists."""
        return [row for row in self.attendances if row.presence != "unknown"]

    @property
    def unknown_offices(self) -> list[str]:
        """The offices of which nothing is on record, in the order of all lists."""
        return [row.office.full_name for row in self.attendances if row.presence == "unknown"]

    @property
    def present(self) -> int:
        """How many offices were there, hosts included."""
        return sum(row.presence in ("host", "in") for row in self.attendances)

    @property
    def persons(self) -> int:
        """How many people came, of those offices that have said it."""
        return sum(row.persons or 0 for row in self.attendances)

    @property
    def attendance_words(self) -> str:
        """How many took part, and how much of that is not on record: "9 von 14 Koordinierungsstellen, 34 Personen"."""
        unknown = len(self.unknown_offices)
        words = f"{self.present} von {len(self.attendances)} Koordinierungsstellen"
        words += f" ({unknown} nicht erfasst)" if unknown else ""
        if not self.persons:
            return words
        uncounted = any(row.presence in ("host", "in") and not row.persons for row in self.attendances)
        return f"{words}, {'mindestens ' if unknown or uncounted else ''}{counted(self.persons, 'Person,Personen')}"

    @property
    def map_title(self) -> str:
        """What the map says to those who do not see it."""
        host = f" {self.hosts_heading}: {listed(self.hosts)}." if self.hosts else ""
        names = "unter „Wer dabei war“" if self.attendance_known else "daneben"
        return f"Karte der Koordinierungsstellen.{host} Die Namen aller Stellen stehen {names}."

    @property
    def offices_known(self) -> bool:
        """Whether anything is on record about any office, if only that it was the host."""
        return any(row.presence != "unknown" for row in self.attendances)

    @property
    def attendance_known(self) -> bool:
        """Whether more is known than who was the host."""
        return any(row.presence in ("in", "out") for row in self.attendances)
