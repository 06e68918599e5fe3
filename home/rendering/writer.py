"""Writes PDF files that are PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1) at once."""

import gc
import logging
import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from html import unescape
from importlib.resources import files
from typing import Any

import weasyprint
from weasyprint.css import ColorProfile
from weasyprint.pdf.metadata import DocumentMetadata
from weasyprint.text.fonts import FontConfiguration

from home.rendering.errors import BrokenContent, LimitExceeded, MissingGlyph
from home.rendering.fetcher import DocumentFetcher, RefusedAddress
from home.rendering.glyphs import FONTS, printable
from home.rendering.source import DocumentSource, Metadata
from home.rendering.tags import better_tags, finish

MAX_PAGES = 600
MAX_HTML_CHARACTERS = 20_000_000


_FONTS = FONTS / "fonts.conf"
_SRGB = files("weasyprint.pdf") / "sRGB2014.icc"
_LINK_SCHEMES = ("https:", "http:", "mailto:", "tel:")

# The claim "PDF/UA-1" and the declaration of its schema, which PDF/A asks for. WeasyPrint makes one claim a file and
# puts extra XMP into a second rdf:RDF that validators do not read, so both go into the first.
_UA_CLAIM = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1" />\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 the file conforms to</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>"""

# What WeasyPrint reports, in words that an editor can act on. The keys are its message templates.
_MESSAGES = {
    'Image "%s" has no required alt description': "Bei einem Bild fehlt der Alternativtext („{0}“).",
    "Failed to load image at %r: %s": "Das Bild „{0}“ kann nicht gelesen werden.",
    "Failed to render SVG image %s": "Die Zeichnung „{0}“ kann nicht dargestellt werden.",
    "No anchor #%s for internal URI reference": "Ein Verweis führt zu einer Stelle, die es nicht gibt („{0}“).",
    "Relative URI reference without a base URI: %s": "Ein Verweis hat keine vollständige Adresse („{0}“).",
}


class _Claims(DocumentMetadata):
    """XMP with both claims; `generate_rdf_metadata` is documented as overridable."""

    def generate_rdf_metadata(self, variant: str, version: int, conformance: str) -> bytes:
        rdf: bytes = super().generate_rdf_metadata(variant, version, conformance)
        return rdf.replace(b"</rdf:RDF>", _UA_CLAIM + b"</rdf:RDF>")


def write_pdf(source: DocumentSource) -> bytes:
    """Returns the PDF file for `source`; equal input gives equal bytes, no clock and no chance is involved.

    Raises `ForbiddenAddress` if the document wants to load, attach or link to what it must not, `MissingGlyph` and
    `BrokenContent` if the file would have holes, `LimitExceeded` if it is too large. Not meant for two threads of one
    process at a time: the second one waits.
    """
    if len(source.html) > MAX_HTML_CHARACTERS:
        raise LimitExceeded("Der Text des Dokuments ist zu lang für eine PDF-Datei. Bitte das Dokument teilen.")
    fetcher = DocumentFetcher(source.resources)
    with better_tags(), _rare_collections(), _reported_problems() as problems:
        try:
            content = _write(source, fetcher)
        except RefusedAddress:
            content = b""
    fetcher.raise_refused()
    _raise_missing_glyphs(problems, source.html)
    _raise_errors(problems)
    return content


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Lets Python look for garbage less often.

    A document is a million small objects that all live until it is written: a seventh of the time went into looking
    through them again and again, and more of it the longer the document was.
    """
    usual = gc.get_threshold()
    gc.set_threshold(50_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _write(source: DocumentSource, fetcher: DocumentFetcher) -> bytes:
    fonts = font_configuration()
    html = weasyprint.HTML(string=printable(source.html), url_fetcher=fetcher)
    css = weasyprint.CSS(string=source.stylesheet, url_fetcher=fetcher, font_config=fonts)
    options = {
        "pdf_variant": "pdf/a-3a",
        # PDF/A wants the colour space named. WeasyPrint would read the same profile, but leaves its file open.
        "output_intent": "--srgb",
        "pdf_identifier": source.input_hash[:32].encode(),
        "optimize_images": True,
        "jpeg_quality": 80,
        "dpi": 150,
        "cache": {},
    }
    profiles = {"--srgb": colour_profile()}
    document = html.render(font_config=fonts, color_profiles=profiles, stylesheets=[css], **options)
    if len(document.pages) > MAX_PAGES:
        raise LimitExceeded(f"Das Dokument hätte {len(document.pages)} Seiten, höchstens {MAX_PAGES} sind möglich.")
    _prepare_links(document, fetcher)
    document.metadata = _metadata(source.metadata)
    created = source.metadata.modified.astimezone(UTC)
    attachments = [
        weasyprint.Attachment(
            string=file.content,
            name=file.name,
            description=file.description,
            created=created,
            modified=created,
            relationship=file.relationship,
        )
        for file in source.attachments
    ]
    content: bytes = document.write_pdf(finisher=finish, attachments=attachments, **options)
    return content


def colour_profile() -> ColorProfile:
    """sRGB, as PDF/A wants it named."""
    with _SRGB.open("rb") as file:
        return ColorProfile(file, "sRGB2014.icc", "relative-colorimetric", (["r"], ["g"], ["b"]))


def _metadata(metadata: Metadata) -> DocumentMetadata:
    return _Claims(
        title=metadata.title,
        authors=[metadata.author],
        description=metadata.description or None,
        keywords=list(metadata.keywords),
        generator=metadata.creator,
        created=_w3c(metadata.created),
        modified=_w3c(metadata.modified),
        lang=metadata.language,
    )


def _w3c(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00")


def _prepare_links(document: Any, fetcher: DocumentFetcher) -> None:
    """A link may lead to the web or to a place in the document; `rel=attachment` would embed a file."""
    if document.metadata.attachments:
        fetcher.refuse("link rel=attachment")
    for page in document.pages:
        for kind, target, _, _ in page.links:
            if kind == "attachment" or (kind == "external" and not target.lower().startswith(_LINK_SCHEMES)):
                fetcher.refuse(target)
        # WeasyPrint makes a link of every box inside a link too (an abbreviation, a page number); one is enough.
        page.links = [link for link in page.links if link[3].link]
    if fetcher.refused:
        raise RefusedAddress(fetcher.refused[0])


def font_configuration() -> FontConfiguration:
    """Fontconfig reads its file when the configuration is made; only the bundled fonts exist for the document."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(_FONTS)
    try:
        return FontConfiguration()
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@contextmanager
def _reported_problems() -> Iterator[list[logging.LogRecord]]:
    """Collects what WeasyPrint only logs, whatever the logging settings of the site are."""
    logger = logging.getLogger("weasyprint")
    collector = _Collector()
    level, disabled, propagate = logger.level, logger.disabled, logger.propagate
    logger.setLevel(logging.WARNING)
    logger.disabled, logger.propagate = False, False
    logger.addHandler(collector)
    try:
        yield collector.records
    finally:
        logger.removeHandler(collector)
        logger.setLevel(level)
        logger.disabled, logger.propagate = disabled, propagate


def _raise_missing_glyphs(problems: list[logging.LogRecord], html: str) -> None:
    missing = sorted(
        {
            str(record.args[0])
            for record in problems
            if isinstance(record.args, tuple) and ".notdef glyph" in str(record.msg)
        }
    )
    if missing:
        names = ", ".join(
            f"„{character}“ (U+{ord(character):04X} {unicodedata.name(character, 'ohne Namen')})"
            for character in missing[:10]
        )
        raise MissingGlyph(
            f"Für diese Zeichen gibt es keine Schrift: {names}{_passage(html, missing[0])}. Bitte im Text ersetzen; "
            "Namen aus anderen Schriften bitte in lateinischen Buchstaben schreiben."
        )


def _passage(html: str, character: str) -> str:
    """The words around `character`: " (in „Gespräch mit …“)", or "" if it is no text of the page itself."""
    found = re.search(rf"[^<>]{{0,30}}{re.escape(character)}[^<>]{{0,15}}", html)
    return f" (in „{' '.join(unescape(found[0]).split())}“)" if found else ""


def _raise_errors(problems: list[logging.LogRecord]) -> None:
    errors = [record for record in problems if record.levelno >= logging.ERROR]
    if errors:
        sentences = list(dict.fromkeys(_sentence(record) for record in errors))
        more = f" (und {len(sentences) - 5} weitere)" if len(sentences) > 5 else ""
        raise BrokenContent("Die PDF-Datei wurde nicht erstellt: " + " ".join(sentences[:5]) + more)


def _sentence(record: logging.LogRecord) -> str:
    template = _MESSAGES.get(str(record.msg))
    if template and isinstance(record.args, tuple):
        return template.format(*(str(argument)[:120] for argument in record.args))
    return f"Das Satzprogramm meldet: {record.getMessage()[:200]}"
