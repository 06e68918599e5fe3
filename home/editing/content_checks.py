"""What an editor should look at before a page is published. Nothing here keeps anybody from saving.

A check takes the draft, saved or not, and yields findings. What can be seen in the preview of the page (headings, words
of links) is checked there, by `home.editing.checker`; here is what the preview cannot know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wagtail.blocks import StreamValue
from wagtail.fields import StreamField

from home.editing.alt_texts import weakness, weakness_of
from home.editing.duplication import UNNAMED, carried_over
from home.events.models import EditionPage
from home.events.overlaps import collisions
from home.images import SiteImage
from home.pages.models import NewsPage

if TYPE_CHECKING:
    from wagtail.models import Page

# Lists, search results and mails show the teaser whole; more is not read there.
LONGEST_TEASER = 220
# Pixels. A lead image fills the page, other images its text column (templates/components/picture.html).
LEAD_WIDTH, COLUMN_WIDTH = 1200, 800
# More titles in one sentence nobody reads.
SHOWN_TITLES = 3


@dataclass(frozen=True)
class Finding:
    """`title` names the kind, `text` says in a sentence what and where, `anchor` ("#…") leads there in the form."""

    title: str
    text: str
    anchor: str = ""


ContentCheck = Callable[[Any], Iterator[Finding]]
_checks: dict[type[Page], list[ContentCheck]] = defaultdict(list)


def register_content_check(page_type: type[Page], check: ContentCheck) -> None:
    """Let `check` look at drafts of this type and of those derived from it."""
    _checks[page_type].append(check)


def findings(draft: Page) -> list[Finding]:
    """What all checks have to say about `draft`."""
    checks = [check for page_type in type(draft).__mro__ for check in _checks.get(page_type, ())]
    return [finding for check in checks for finding in check(draft)]


def check_images(draft: Page) -> Iterator[Finding]:
    """Credit, text alternative and size of every image of the page."""
    for image, wanted in _images(draft):
        name = f"„{image.title}“"
        if not image.credit.strip():
            yield Finding("Bildnachweis fehlt", f"Beim Bild {name} steht nicht, wer es gemacht hat.")
        if weak := weakness(image):
            yield Finding("Alternativtext sagt nichts", f"Bild {name}: {weak}")
        if image.width < wanted and not image.is_svg():
            text = f"Das Bild {name} ist {image.width} Pixel breit. Scharf wirkt es hier ab {wanted} Pixeln."
            yield Finding("Bild zu klein", text)
    for text in _own_alternatives([stream.get_prep_value() for stream in _streams(draft)]):
        if weak := weakness_of(text, ""):
            yield Finding("Alternativtext sagt nichts", f"Alternativtext an dieser Stelle: {weak}")


def check_teaser(draft: NewsPage) -> Iterator[Finding]:
    """A teaser that is read to its end."""
    length = len(draft.teaser)
    if length > LONGEST_TEASER:
        text = f"Der Anrisstext hat {length} Zeichen. In Listen und im Newsletter liest man höchstens {LONGEST_TEASER}."
        yield Finding("Anrisstext zu lang", text)


def check_programme(draft: EditionPage) -> Iterator[Finding]:
    """Parts of the programme that get in each other's way, that have no title or that of an earlier edition."""
    for sentence in collisions(draft):
        yield Finding("Überschneidung im Programm", sentence)
    if any(item.title == UNNAMED for item in draft.programme_items.all()):
        yield Finding("Titel fehlt", f"Im Programm heißt ein Punkt noch „{UNNAMED}“. Bitte geben Sie ihm einen Titel.")
    for edition, titles in carried_over(draft).items():
        named = ", ".join(f"„{title}“" for title in titles[:SHOWN_TITLES])
        more = f" und noch {len(titles) - SHOWN_TITLES}" if len(titles) > SHOWN_TITLES else ""
        text = f"Im Programm stehen dieselben Titel wie bei „{edition}“: {named}{more}. Stimmen sie noch?"
        yield Finding("Titel einer früheren Ausgabe", text)


def _images(draft: Page) -> Iterator[tuple[SiteImage, int]]:
    """Every image of the page once, with the width that its use wants."""
    widths: dict[int, int] = {}
    if lead := getattr(draft, "lead_image_id", None):
        widths[lead] = LEAD_WIDTH
    if isinstance(draft, EditionPage):
        for photo in draft.photos.all():
            widths.setdefault(photo.image_id, COLUMN_WIDTH)
    for stream in _streams(draft):
        for model, key, *_rest in stream.stream_block.extract_references(stream):
            if issubclass(model, SiteImage):
                widths.setdefault(int(key), COLUMN_WIDTH)
    images = SiteImage.objects.in_bulk(list(widths))
    return ((images[key], wanted) for key, wanted in widths.items() if key in images)


def _own_alternatives(value: Any) -> Iterator[str]:
    """The text alternatives that a page itself gives to images, in the stored form of its blocks."""
    if isinstance(value, list):
        for part in value:
            yield from _own_alternatives(part)
    elif isinstance(value, dict):
        if alternative := "image" in value and value.get("alternative"):
            yield alternative
        yield from _own_alternatives(list(value.values()))


def _streams(draft: Page) -> Iterator[StreamValue]:
    for field in draft._meta.get_fields():
        if isinstance(field, StreamField) and (value := getattr(draft, field.name)):
            yield value
