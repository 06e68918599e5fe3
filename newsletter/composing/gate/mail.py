"""The mail itself: what a reader's program will show, checked in the HTML that is sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import tinyhtml5
from django.conf import settings

from newsletter.composing.gate.colours import LEAST_CONTRAST, Scheme, hexadecimal, texts
from newsletter.composing.gate.findings import WHOLE_MAIL, Finding, Place, Severity
from newsletter.composing.gate.links import LinkCheck
from newsletter.composing.gate.placeholders import placeholders_in
from newsletter.composing.rendering import Rendered, block_of, sample_values, web_address, without_blocks
from newsletter.sending.message import SETTINGS_URL, SLOTS, UNSUBSCRIBE_URL

if TYPE_CHECKING:
    from newsletter.models import NewsletterIssuePage

# Gmail cuts longer mails off and with them the link to unsubscribe.
LARGEST, LARGE = 100_000, 85_000
_SCHEMES = ("http", "https", "mailto", "tel")
# Elements that mail programs strip, warn of, or that would let a third party count readers.
_FORBIDDEN = ("script", "iframe", "object", "embed", "form", "video", "audio", "base")
_REMOTE_STYLE = re.compile(r"@import|url\(\s*['\"]?(?:https?:)?//", re.IGNORECASE)
_SCHEME_WORDS: dict[Scheme, str] = {"light": "", "dark": " im dunklen Modus"}


@dataclass
class ParsedMail:
    """The HTML of a mail as a tree, and the block that each element came from."""

    root: Element
    places: dict[Element, Place] = field(default_factory=dict)

    @classmethod
    def of(cls, html: str) -> ParsedMail:
        """Parse HTML with the comments of `render_with_blocks`."""
        mail = cls(tinyhtml5.parse(html, namespace_html_elements=False))
        place = WHOLE_MAIL
        for node in mail.root.iter():
            if isinstance(node.tag, str):
                mail.places[node] = place
            elif (block := block_of(node.text or "")) is not None:
                place = Place(block=block)
        return mail

    def all(self, *tags: str) -> Iterator[Element]:
        """The elements with these tags, in the order of the mail."""
        return (node for node in self.places if node.tag in tags)


def check_mail(issue: NewsletterIssuePage, rendered: Rendered) -> Iterator[Finding]:
    """Everything that can be seen in both parts of the mail; `rendered` comes from `render_with_blocks`."""
    mail = ParsedMail.of(rendered.html)
    yield from _check_document(mail)
    yield from _check_size(rendered)
    yield from _check_images(mail)
    yield from _check_links(issue, mail)
    yield from _check_duties(issue, mail, rendered)
    yield from _check_headings(mail)
    yield from _check_tables(mail)
    yield from _check_words(issue, mail)
    for scheme in ("light", "dark"):
        yield from _check_contrast(mail, scheme)


def _check_document(mail: ParsedMail) -> Iterator[Finding]:
    if not mail.root.get("lang", "").startswith("de"):
        yield Finding("lang", "In der Mail fehlt die Angabe der Sprache. Vorleseprogramme brauchen sie.")
    if not any(_words(title) for title in mail.all("title")):
        yield Finding("title", "Die Mail hat keinen Titel.")
    for element in mail.all(*_FORBIDDEN):
        yield Finding(
            "markup", f"Die Mail enthält ein Element, das Mailprogramme sperren: {element.tag}.", mail.places[element]
        )
    remote = [link for link in mail.all("link") if urlsplit(link.get("href", "")).netloc]
    if remote or any(_REMOTE_STYLE.search(style.text or "") for style in mail.all("style")):
        yield Finding("markup", "Die Mail lädt Schriften oder Stile von einem anderen Server.")
    for element in mail.places:
        if element.tag.startswith("mj-") or element.tag == "mjml":
            yield Finding("mjml", f"Die Vorlage enthält ein unbekanntes Element: {element.tag}.", mail.places[element])


def _check_size(rendered: Rendered) -> Iterator[Finding]:
    size = without_blocks(rendered).personal(sample_values()).size
    kilobytes = f"{size / 1000:.0f} KB"
    if size > LARGEST:
        text = f"Die Mail ist mit {kilobytes} zu groß. Gmail schneidet ab 100 KB ab. Bitte kürzen Sie die Ausgabe."
        yield Finding("size", text)
    elif size > LARGE:
        text = f"Die Mail hat {kilobytes}. Ab 100 KB schneidet Gmail sie ab."
        yield Finding("size", text, severity=Severity.WARN)


def _check_images(mail: ParsedMail) -> Iterator[Finding]:
    own = urlsplit(settings.BASE_URL).netloc
    for image in mail.all("img"):
        place, address = mail.places[image], image.get("src", "")
        if not image.get("alt", "").strip():
            yield Finding("alt", "Ein Bild in der Mail hat keinen Alternativtext.", place)
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            yield Finding("image", "Ein Bild in der Mail hat keine vollständige Adresse.", place)
        elif parts.netloc != own:
            yield Finding(
                "image", "Ein Bild in der Mail liegt auf einem anderen Server, der die Lesenden zählen könnte.", place
            )
        if not (image.get("width", "").isdecimal() and image.get("height", "").isdecimal()):
            yield Finding("image", "Ein Bild in der Mail hat keine Größe. Beim Laden würde der Text springen.", place)


def _check_links(issue: NewsletterIssuePage, mail: ParsedMail) -> Iterator[Finding]:
    links = LinkCheck()
    for link in mail.all("a"):
        place, address, words = mail.places[link], link.get("href", ""), _words(link)
        if not words and not any(image.get("alt", "").strip() for image in link.iter("img")):
            yield Finding("link-text", "Ein Link in der Mail hat keine Wörter.", place)
        if address in SLOTS:
            continue
        scheme = address.partition(":")[0].lower()
        if scheme not in _SCHEMES or (scheme in ("http", "https") and not _host(address)):
            yield Finding("link", f"Der Link „{words}“ hat keine vollständige Adresse.", place)
        elif address == web_address(issue) and not issue.live:
            text = "Die Ausgabe ist noch nicht veröffentlicht. Die Mail verweist auf ihre Web-Ansicht im Archiv."
            yield Finding("unpublished", text)
        elif problem := links.problem(address):
            yield Finding("link", f"Der Link „{words}“ {problem}.", place)


def _check_duties(issue: NewsletterIssuePage, mail: ParsedMail, rendered: Rendered) -> Iterator[Finding]:
    """What law and RFC 8058 want: imprint, privacy, a way out; and the way to the web archive. In both parts."""
    addresses = {link.get("href", "") for link in mail.all("a")}
    duties = {
        "imprint": ("Impressum", f"{settings.BASE_URL}/impressum/"),
        "privacy": ("Datenschutz", f"{settings.BASE_URL}/datenschutz/"),
        "unsubscribe": ("Abmelden", UNSUBSCRIBE_URL),
        "settings": ("Einstellungen", SETTINGS_URL),
        "web-view": ("Im Browser ansehen", web_address(issue)),
    }
    for kind, (name, address) in duties.items():
        if address not in addresses:
            yield Finding(kind, f"In der Mail fehlt der Link „{name}“.")
        if address not in rendered.text:
            yield Finding(kind, f"Im Textteil der Mail fehlt der Link „{name}“.")


def _check_headings(mail: ParsedMail) -> Iterator[Finding]:
    headings = list(mail.all("h1", "h2", "h3", "h4", "h5", "h6"))
    if len([heading for heading in headings if heading.tag == "h1"]) != 1:
        yield Finding("h1", "Die Mail braucht genau eine Hauptüberschrift.")
    level = 1
    for heading in headings:
        words, place, own = _words(heading), mail.places[heading], int(heading.tag[1])
        if not words:
            yield Finding("heading", "Eine Überschrift in der Mail ist leer.", place)
        if own > level + 1:
            yield Finding("heading-order", f"Vor der Überschrift „{words}“ ist eine Ebene übersprungen.", place)
        level = own


def _check_tables(mail: ParsedMail) -> Iterator[Finding]:
    for table in mail.all("table"):
        if table.get("role") not in ("presentation", "none") and table.find(".//th") is None:
            text = "Eine Tabelle der Mail hat weder Kopfzellen noch ist sie als Gestaltung gekennzeichnet."
            yield Finding("table", text, mail.places[table])


def _check_words(issue: NewsletterIssuePage, mail: ParsedMail) -> Iterator[Finding]:
    """Placeholders in what the reader sees, wherever it comes from: the title of a report, a note of a document."""
    fields = " ".join((issue.subject, issue.preheader, issue.intro, issue.number))
    for element, place in mail.places.items():
        if element.tag in ("style", "script", "head", "title"):
            continue
        visible = " ".join([element.text or "", *(child.tail or "" for child in element), element.get("alt", "")])
        for found in placeholders_in(visible):
            # Those of fields were named with their place already.
            if place.block or found not in fields:
                yield Finding("placeholder", f"In der Mail steht noch ein Platzhalter: {found}", place)


def _check_contrast(mail: ParsedMail, scheme: Scheme) -> Iterator[Finding]:
    for text in texts(mail.root, scheme):
        if text.contrast < LEAST_CONTRAST:
            words = text.words if len(text.words) <= 40 else f"{text.words[:39]}…"
            ratio = f"{text.contrast:.1f}".replace(".", ",")
            sentence = (
                f"Der Text „{words}“ hebt sich{_SCHEME_WORDS[scheme]} zu wenig ab: {hexadecimal(text.colour)} auf "
                f"{hexadecimal(text.ground)} ergibt {ratio}:1, nötig sind 4,5:1."
            )
            yield Finding("contrast", sentence, mail.places.get(text.element, WHOLE_MAIL))


def _words(element: Element) -> str:
    return " ".join("".join(_text_of(element)).split())


def _text_of(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str):
            yield from _text_of(child)
        yield child.tail or ""


def _host(address: str) -> Any:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""
