"""What the editor wrote and chose: fields, blocks, and everything that blocks refer to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import Model
from wagtail import blocks
from wagtail.documents import get_document_model
from wagtail.images.blocks import ImageChooserBlock
from wagtail.models import Page
from wagtail.rich_text import RichText

from archive.access import Level
from home.editing.alt_texts import weakness, weakness_of
from home.editing.checker import EMPTY_LINK_WORDS
from home.keys import key_of
from home.pages.visibility import open_to_all
from newsletter.composing.gate.findings import Finding, Place, Severity
from newsletter.composing.gate.links import PRIVATE, UNPUBLISHED
from newsletter.composing.gate.placeholders import placeholders_in
from newsletter.composing.references import referenced

if TYPE_CHECKING:
    from newsletter.models import NewsletterIssuePage

_LINK = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.DOTALL)
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_TAG = re.compile(r"<[^>]*>")
_SIGNS = re.compile(r"[^\w\s]")
GONE = "gibt es nicht mehr"
# Readers see about so much of it in a list of mails.
LONGEST_SUBJECT = 78


class Visible:
    """What everybody may see of the pages and documents that an issue refers to; two queries for all of them."""

    def __init__(self, issue: NewsletterIssuePage) -> None:
        pages = referenced(issue.body, Page)
        documents = referenced(issue.body, get_document_model())
        found = Page.objects.in_bulk(pages)
        self._live = {key for key, page in found.items() if page.live}
        self._existing = set(found)
        self._public = set(open_to_all(Page.objects.filter(pk__in=pages)).values_list("pk", flat=True))
        visible = get_document_model().objects.visible_at(Level.PUBLIC).filter(pk__in=documents)
        self._documents = set(visible.values_list("pk", flat=True))

    def page_problem(self, key: int) -> str:
        """Why a link to the page does not work for everybody, as the end of a sentence; "" if it does."""
        if key in self._public:
            return ""
        if key not in self._existing:
            return "führt zu einer Seite, die es nicht mehr gibt"
        return PRIVATE if key in self._live else UNPUBLISHED

    def has_document(self, key: int) -> bool:
        """Whether everybody may read the document with this primary key."""
        return key in self._documents


def check_fields(issue: NewsletterIssuePage) -> Iterator[Finding]:
    """Subject, preheader, introduction."""
    for name in ("number", "subject", "preheader", "intro"):
        place, label = Place(field=name), issue._meta.get_field(name).verbose_name
        for found in placeholders_in(getattr(issue, name)):
            yield Finding("placeholder", f"„{label}“ enthält noch einen Platzhalter: {found}", place)
    subject = Place(field="subject")
    if not issue.subject.strip():
        yield Finding("subject", "Der Betreff fehlt.", subject)
    if any(ord(character) < 32 or ord(character) == 127 for character in issue.subject):
        yield Finding("subject", "Der Betreff enthält einen Zeilenumbruch. Bitte schreiben Sie ihn neu.", subject)
    if len(issue.subject) > LONGEST_SUBJECT:
        text = (
            f"Der Betreff hat {len(issue.subject)} Zeichen. In Listen von Mails liest man höchstens {LONGEST_SUBJECT}."
        )
        yield Finding("subject", text, subject, Severity.WARN)
    if not issue.preheader.strip():
        text = "Der Vorschautext fehlt. Ohne ihn steht im Posteingang „Im Browser ansehen“ hinter dem Betreff."
        yield Finding("preheader", text, Place(field="preheader"), Severity.WARN)
    if not len(issue.body):
        yield Finding("empty", "Die Ausgabe hat noch keinen Inhalt.", Place(field="body"))


def check_blocks(issue: NewsletterIssuePage) -> Iterator[Finding]:
    """Every block with its choices, links and images, and the order of headings."""
    visible, level = Visible(issue), 1
    for child in issue.body:
        place = Place(block=child.id or "")
        if child.block_type == "heading":
            wanted = int(child.value["level"] or 2)
            if wanted > level + 1:
                name = child.value["text"]
                text = f"Vor der Zwischenüberschrift „{name}“ fehlt eine Überschrift."
                yield Finding("heading-order", text, place)
            level = wanted
        for block, value in leaves(child.block, child.value):
            yield from _check_leaf(block, value, place, visible)


def leaves(block: blocks.Block, value: Any) -> Iterator[tuple[blocks.Block, Any]]:
    """The values inside a block that have no blocks below them, each with its own block."""
    if isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            yield from leaves(child, (value or {}).get(name))
    elif isinstance(block, blocks.ListBlock):
        for item in value or ():
            yield from leaves(block.child_block, item)
    elif isinstance(block, blocks.StreamBlock):
        for item in value or ():
            yield from leaves(item.block, item.value)
    else:
        yield block, value


def _check_leaf(block: blocks.Block, value: Any, place: Place, visible: Visible) -> Iterator[Finding]:
    if isinstance(block, blocks.ChooserBlock) and value is None:
        if block.required:
            text = f"„{block.label}“: Was hier ausgewählt war, {GONE}. Bitte wählen Sie neu aus oder löschen den Block."
            yield Finding("target", text, place)
    elif isinstance(block, blocks.PageChooserBlock):
        if problem := visible.page_problem(value.pk):
            yield Finding("target", f"Der Verweis auf „{value.title}“ {problem}.", place)
    elif isinstance(value, get_document_model()):
        yield from _check_document(value, place, visible)
    elif isinstance(block, ImageChooserBlock):
        yield from _check_image(value, place)
    elif isinstance(value, RichText):
        yield from _check_rich_text(value.source, place, visible)
    elif isinstance(value, str) and block.name == "alternative" and value and (weak := weakness_of(value, "")):
        yield Finding("alt", f"Alternativtext an dieser Stelle: {weak}", place, Severity.WARN)


def _check_document(document: Model, place: Place, visible: Visible) -> Iterator[Finding]:
    if not visible.has_document(document.pk):
        text = f"Das Dokument „{document}“ ist nicht öffentlich. Der Newsletter verweist nur auf öffentliche Dokumente."
        yield Finding("document", text, place)


def _check_image(image: Any, place: Place) -> Iterator[Finding]:
    if not image.description.strip():
        text = f"Dem Bild „{image.title}“ fehlt der Alternativtext. Bitte ergänzen Sie ihn am Bild."
        yield Finding("alt", text, place)
    elif weak := weakness(image):
        yield Finding("alt", f"Bild „{image.title}“: {weak}", place, Severity.WARN)
    if not image.credit.strip():
        text = f"Beim Bild „{image.title}“ steht nicht, wer es gemacht hat."
        yield Finding("credit", text, place, Severity.WARN)


def _check_rich_text(source: str, place: Place, visible: Visible) -> Iterator[Finding]:
    for match in _LINK.finditer(source):
        attributes = dict(_ATTRIBUTE.findall(match[1]))
        words = " ".join(_TAG.sub("", match[2]).replace("&nbsp;", " ").split())
        if not words:
            yield Finding("link-text", "Ein Link im Text hat keine Wörter. Bitte schreiben Sie, wohin er führt.", place)
        elif _SIGNS.sub("", words.casefold()).strip() in EMPTY_LINK_WORDS:
            text = f"Der Link „{words}“ sagt nicht, wohin er führt."
            yield Finding("link-text", text, place, Severity.WARN)
        kind, key = attributes.get("linktype"), key_of(attributes.get("id", ""))
        if kind == "page" and (problem := GONE if key is None else visible.page_problem(key)):
            yield Finding("target", f"Der Link „{words}“ {problem}.", place)
        if kind == "document" and (key is None or not visible.has_document(key)):
            text = f"Der Link „{words}“ führt zu einem Dokument, das nicht öffentlich ist."
            yield Finding("document", text, place)
