"""Takes the example files into the archive, the way any other file goes. Repeating it changes nothing."""

from __future__ import annotations

import datetime
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from wagtail.models import Locale

from archive.access import Level
from archive.demo_files import DEMO_FILES
from archive.demo_files.look import NOTICE
from archive.indexing import read_version
from archive.intake import take_in
from archive.models import Document, DocumentVersion, Resolution
from archive.protocols import workflow
from archive.protocols.comments import comment
from home.models import EditionPage, ProgrammeItem, Topic
from home.roles import Role

Kind = Document.Kind


@dataclass(frozen=True, slots=True)
class Entry:
    """What the archive knows of an example file: `item` is the beginning of the title of its programme item."""

    edition: int
    kind: str
    level: Level
    summary: str
    item: str = ""
    date: datetime.date | None = None
    topics: tuple[str, ...] = ()


ENTRIES = {
    "Fördermittel und Drittmittelakquise.pptx": Entry(
        4,
        Kind.PRESENTATION,
        Level.PUBLIC,
        "Begriffe, Suchwege und eine Checkliste: Wie aus einer Idee ein Antrag wird.",
        "Fördermittel und Drittmittelakquise",
        datetime.date(2018, 3, 7),
        ("foerderung",),
    ),
    "Begehung der Migrationsagentur Burgenlandkreis.odt": Entry(
        5,
        Kind.HANDOUT,
        Level.PUBLIC,
        "Leitfragen, um einen Besuch vor Ort vorzubereiten und auszuwerten.",
        "Begehung der neu eröffneten Migrationsagentur",
        datetime.date(2018, 10, 16),
        ("eu-migration",),
    ),
    "Netzwerke erkennen, entwickeln und gestalten.pptx": Entry(
        6,
        Kind.PRESENTATION,
        Level.PUBLIC,
        "Eine Netzwerkkarte in vier Schritten, Rollen im Netzwerk und Treffen, die sich lohnen.",
        "Netzwerke erkennen",
        datetime.date(2019, 3, 13),
        ("laendlicher-raum",),
    ),
    "Verwaltung und Wirtschaft im Gespräch.pdf": Entry(
        13,
        Kind.HANDOUT,
        Level.PUBLIC,
        "Arbeitshilfe zum Leitwort: Betriebe ansprechen, Stammtische vorbereiten, Hürden abbauen.",
        "Wie Verwaltungen Unternehmen ansprechen",
        datetime.date(2024, 11, 21),
        ("arbeitsmarkt",),
    ),
    "Neue Antragsformalitäten ab 2025.pdf": Entry(
        13,
        Kind.HANDOUT,
        Level.PUBLIC,
        "Fragenliste und Checkliste für Anträge auf Fördermittel.",
        "Fragen zu neuen Antragsformalitäten",
        datetime.date(2024, 11, 21),
        ("foerderung",),
    ),
    "Ergebnisse des Barcamps.docx": Entry(
        13,
        Kind.PROTOCOL,
        Level.COORDINATION,
        "Themen und nächste Schritte aus dem Barcamp des zweiten Tages.",
        "Job-Buddy",
        datetime.date(2024, 11, 22),
        ("arbeitsmarkt", "ideenwerkstatt"),
    ),
    "Notizen der Steuerungsgruppe.txt": Entry(
        7,
        Kind.PROTOCOL,
        Level.STEERING_GROUP,
        "Offene Fragen und Ablauf der Vorbereitung.",
        topics=("ideenwerkstatt",),
    ),
}
# Which protocols are released; the others are in Abstimmung.
RELEASED = {"Ergebnisse des Barcamps.docx"}
COMMENT = "Bitte ergänzen: Wer lädt zum nächsten Treffen ein?"
# Who, what, until when: the protocol's table, with a date where one is known.
RESOLUTIONS = (
    ("Steuerungsgruppe", "Merkblatt Job-Buddy abstimmen", datetime.date(2025, 3, 21)),
    ("IKOE-Projektteam", "Unterlagen der Beiräte im Archiv bündeln", datetime.date(2025, 3, 21)),
    ("Koordinierungsstellen", "Vorlage für Stammtische erproben", None),
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The example documents: how many there are, how many this run took in, and the ids of all their versions."""

    documents: int
    new: int
    version_ids: tuple[int, ...]


def read_now(version: DocumentVersion) -> None:
    """Reads a version in this process."""
    read_version(version.pk)


def load(read: Callable[[DocumentVersion], Any] = read_now) -> Loaded:
    """Takes in what is missing of the example documents; needs the pages of `home.demo`.

    `read` starts the reading of each version that is not read yet: in this process, or `tasks.queue_extraction` where a
    worker runs (then `wait_until_read` follows). A document that somebody deleted stays deleted.
    """
    new, versions = 0, []
    with tempfile.TemporaryDirectory(prefix="ikoe-demo-") as directory:
        for demo_file in DEMO_FILES:
            version = _known(demo_file.name)
            if version is None:
                path = Path(directory) / demo_file.name
                demo_file.write(path)
                version = _take_in(path, ENTRIES[demo_file.name])
                new += 1
            versions.append(version)
    for version in versions:
        if version.extraction == DocumentVersion.Extraction.WAITING and version.withdrawn_at is None:
            read(version)
    present = sum(1 for version in versions if version.withdrawn_at is None)
    return Loaded(present, new, tuple(version.pk for version in versions))


def wait_until_read(loaded: Loaded, seconds: float = 120) -> list[DocumentVersion]:
    """Waits until no version of `loaded` waits or runs; returns those that could not be read, with their reasons.

    Raises TimeoutError with a German sentence if the workers take longer.
    """
    states = DocumentVersion.Extraction
    versions = DocumentVersion.objects.present().filter(pk__in=loaded.version_ids)
    until = time.monotonic() + seconds
    while versions.filter(extraction__in=[states.WAITING, states.RUNNING]).exists():
        if time.monotonic() > until:
            raise TimeoutError("Die Dokumente des Archivs wurden nicht rechtzeitig gelesen")
        time.sleep(0.2)
    return list(versions.filter(extraction=states.FAILED))


def _known(name: str) -> DocumentVersion | None:
    """The version that an earlier run made of this file. Only its name counts: another release of a library may give
    the same page other bytes."""
    versions = DocumentVersion.objects.select_related("document")
    return versions.filter(original_name=name, number=1, note=NOTICE).first()


@transaction.atomic
def _take_in(path: Path, entry: Entry) -> DocumentVersion:
    edition = EditionPage.objects.get(series__slug="ideenwerkstatt", number=entry.edition, locale=Locale.get_default())
    item = ProgrammeItem.objects.filter(page=edition, title__startswith=entry.item).first() if entry.item else None
    document = Document(
        kind=entry.kind,
        edition=edition,
        programme_key=item.translation_key if item else None,
        date=entry.date,
        organisations="IKOE, AGSA",
        summary=entry.summary,
        level=entry.level,
    )
    taken = take_in(path, path.name, document=document, note=NOTICE)
    taken.document.topics.set(Topic.objects.filter(slug__in=entry.topics))
    if entry.kind == Kind.PROTOCOL:
        _protocol(taken.document, path.name in RELEASED)
    return taken.version


def _protocol(document: Document, is_released: bool) -> None:
    """Takes a protocol through its steps, without a mail to anybody."""
    editor, member = _somebody(Role.EDITOR), _somebody(Role.STEERING_GROUP)
    protocol = workflow.submit(document.protocol, user=editor, tell=False)
    if is_released:
        Resolution.objects.bulk_create(
            [Resolution(protocol=protocol, who=who, what=what, until=until) for who, what, until in RESOLUTIONS]
        )
        workflow.release(protocol, user=editor, tell=False)
    elif member:
        comment(document, COMMENT, user=member)


def _somebody(role: Role) -> Any:
    """An account of the demo, if there is one yet."""
    return get_user_model().objects.filter(is_active=True, groups__name=role).order_by("pk").first()
