"""How a document is cited: a German sentence, BibTeX and RIS.

BibTeX follows Oren Patashnik's "BibTeXing" (1988), RIS the format specification of Research Information Systems with
the reference types that Zotero and Citavi read. Both are written in UTF-8.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone

from archive.models import Document
from home.templatetags.german import date_range, long_date

PUBLISHER = "IKOE-Archiv"
_RIS_TYPES = {
    Document.Kind.PRESENTATION: "SLIDE",
    Document.Kind.DOCUMENTATION: "RPRT",
    Document.Kind.PHOTO: "FIGURE",
}
_TITLES = re.compile(r"^(?:(?:Prof|Dr|Dipl|Mag)\.(?:[\s-]?[\w-]+\.)*\s+)+")
_PARTICLES = {"von", "van", "de", "der", "den", "zu", "zur", "zum", "vom", "al", "el", "di", "da", "la"}
_LATEX = {
    "\\": r"\textbackslash{}",
    # Not "\{": BibTeX counts braces whether a backslash stands before them or not.
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


@dataclass(frozen=True, slots=True)
class Source:
    """What a citation says. `people` are names as they are written, `organisations` stand in when there are none.

    `when` says in German when it was; `is_day` whether `day` is that very day and not only the beginning of the event.
    """

    key: str
    title: str
    kind: str
    ris_type: str
    people: list[str]
    organisations: list[str]
    event: str
    when: str
    day: date | None
    is_day: bool
    version: int
    language: str
    keywords: list[str]
    summary: str
    url: str

    @property
    def year(self) -> str:
        """Four digits, or "" if no day is known."""
        return str(self.day.year) if self.day else ""


def source_of(document: Document) -> Source:
    """What is known of a document with a current version, for all formats."""
    edition = document.edition
    day, is_day = document.date, document.date is not None
    if day is None and edition is not None and edition.start_date:
        day, is_day = edition.start_date, False
    return Source(
        key=f"ikoe-archiv-{document.pk}",
        title=_line(document.title),
        kind=document.get_kind_display(),
        ris_type=_RIS_TYPES.get(Document.Kind(document.kind), "GEN"),
        people=names(document.speakers),
        organisations=[_line(name) for name in re.split(r"[;,]", document.organisations) if name.strip()],
        event=", ".join(filter(None, [edition.heading, edition.place])) if edition else "",
        when=long_date(day) if is_day else _days_of(edition),
        day=day,
        is_day=is_day,
        version=document.current_version.number if document.current_version else 1,
        language=document.language,
        keywords=[topic.name for topic in document.topics.all()],
        summary=_line(document.summary),
        url=f"{settings.BASE_URL}{document.get_absolute_url()}",
    )


def _days_of(edition: Any) -> str:
    return date_range(edition.start_date, edition.end_date, edition.date_precision) if edition else ""


def names(text: str) -> list[str]:
    """People out of a line like "Dr. Erika Muster, Max Beispiel und Kim Doe"; without academic titles.

    A comma parts two people only if a first and a last name stand on both sides: "Muster, Erika" is one person.
    """
    people: list[str] = []
    for group in re.split(r";|\s+und\s+|\s+&\s+", _line(text)):
        parts = [_TITLES.sub("", part.strip()) for part in group.split(",") if part.strip()]
        people += parts if all(" " in part for part in parts) else [", ".join(parts)]
    return [name for name in people if name]


def surname_first(name: str) -> str:
    """ "Erika von Muster" -> "von Muster, Erika"; a name in that order already, or of one word, stays."""
    words = name.split()
    if "," in name or len(words) < 2:
        return name
    start = next((at for at, word in enumerate(words) if at and word.lower() in _PARTICLES), len(words) - 1)
    return f"{' '.join(words[start:])}, {' '.join(words[:start])}"


def sentence(source: Source, today: date | None = None) -> str:
    """The citation for a list of sources in German, in the manner of DIN ISO 690."""
    today = today or timezone.localdate()
    who = "; ".join(surname_first(name) for name in source.people) or ", ".join(source.organisations) or "IKOE"
    what = ", ".join(filter(None, [source.kind, source.event, source.when]))
    return (
        f"{who} ({source.year or 'o. J.'}): {source.title}. {what}. {PUBLISHER}, Fassung {source.version}. "
        f"{source.url} (abgerufen am {long_date(today)})"
    )


def bibtex(source: Source) -> str:
    """An entry `@misc`. Double braces keep capitals, and organisations in one piece."""
    authors = [latex(surname_first(name)) for name in source.people]
    authors = authors or [f"{{{latex(name)}}}" for name in source.organisations or ["IKOE"]]
    fields = {
        "author": " and ".join(authors),
        "title": f"{{{latex(source.title)}}}",
        "howpublished": latex(", ".join(filter(None, [source.kind, source.event]))),
        "year": source.year,
        "date": source.day.isoformat() if source.day and source.is_day else "",
        "publisher": PUBLISHER,
        "version": str(source.version),
        "langid": {"de": "ngerman", "en": "english"}.get(source.language, ""),
        "keywords": latex(", ".join(source.keywords)),
        "abstract": latex(source.summary),
        "url": source.url,
        "urldate": timezone.localdate().isoformat(),
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return f"@misc{{{source.key},\n" + ",\n".join(lines) + "\n}\n"


def ris(source: Source) -> str:
    """A record of RIS: one tag a line, lines end with CRLF."""
    day = source.day
    rows = [
        ("TY", source.ris_type),
        *(("AU", surname_first(name)) for name in source.people),
        *(("AU", name) for name in (() if source.people else source.organisations or ("IKOE",))),
        ("TI", source.title),
        ("T2", source.event),
        ("M3", source.kind),
        ("PY", source.year),
        ("DA", f"{day:%Y/%m/%d}" if day and source.is_day else ""),
        ("PB", PUBLISHER),
        ("ET", f"Fassung {source.version}"),
        ("LA", source.language),
        *(("KW", keyword) for keyword in source.keywords),
        ("AB", source.summary),
        ("UR", source.url),
        ("Y2", f"{timezone.localdate():%Y/%m/%d}"),
        ("ID", source.key),
    ]
    lines = [f"{tag}  - {_line(value)}" for tag, value in rows if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def latex(text: str) -> str:
    """Text in which LaTeX and BibTeX find nothing to obey."""
    return "".join(_LATEX.get(sign, sign) for sign in _line(text))


def _line(text: str) -> str:
    """One line: a line break would begin a new field in RIS and let a "%" comment out the rest in LaTeX."""
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    shown = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in text)
    return " ".join(unicodedata.normalize("NFC", shown).split())
