"""An issue as a mail: HTML by way of MJML, and a text part from the same blocks.

Both hold marker characters where personal values go (`newsletter.sending.message`), so an issue is rendered once, not
once a recipient.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urljoin

import mrml
from django.conf import settings
from django.template.loader import get_template
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from archive.access import Level
from archive.models import Document
from home.identity import SiteIdentity
from home.rendering.streams import Medium, absolute_links, render_stream
from home.rendering.targets import Targets
from newsletter.composing.plain import FOOTNOTE_END, FOOTNOTE_START, lay_out
from newsletter.errors import RenderingFailed
from newsletter.sending.message import SLOTS

if TYPE_CHECKING:
    from wagtail.blocks import StreamValue

    from newsletter.models import NewsletterIssuePage

# mrml passes on what it does not know, and mail programs show nothing of it: a slip of the pen would lose content.
KNOWN_TAGS = {
    "mjml", "mj-head", "mj-title", "mj-preview", "mj-attributes", "mj-all", "mj-style", "mj-body", "mj-section",
    "mj-column", "mj-text", "mj-table", "mj-button", "mj-image", "mj-spacer", "mj-divider", "mj-raw",
}  # fmt: skip
_MJML_TAG = re.compile(r"</?(mj[\w-]*)")
_RESERVED = re.compile(f"[{''.join(SLOTS)}]")
# The shape of Saxony-Anhalt in five rows of tiles: empty half columns before, tiles (True is the lit one), after.
EMBLEM = (
    (2, (False, False), 4),
    (1, (False, False, False), 3),
    (0, (False, False, False, False, False), 0),
    (1, (False, True, False), 3),
    (4, (False,), 4),
)
# What previews show where a mail is personal. The tokens name nobody: whoever follows the links changes nothing.
SAMPLE_LINK = "muster"
SAMPLE_NAME = "Kim Beispiel"
# Tells the gate which block a part of the mail came from; taken out before anything is sent.
_BLOCK = re.compile(r"<!--block:([0-9a-f-]{36})?-->")


@dataclass(frozen=True)
class Rendered:
    """Both parts of a mail, with markers."""

    html: str
    text: str

    @property
    def size(self) -> int:
        """Octets of the HTML part without what is personal."""
        return len(self.html.encode())

    def personal(self, values: Mapping[str, str]) -> Rendered:
        """The same with `values` (slot name -> plain value) instead of markers: for looking at."""
        html, text = self.html, self.text
        for marker, name in SLOTS.items():
            html, text = html.replace(marker, escape(values[name])), text.replace(marker, values[name])
        return Rendered(html, text)


def sample_values(name: str = SAMPLE_NAME) -> dict[str, str]:
    """Values for `Rendered.personal`: somebody called `name` ("": no name), and links that do nothing."""
    return {
        "unsubscribe_url": settings.BASE_URL + reverse("newsletter:unsubscribe", args=[SAMPLE_LINK]),
        "settings_url": settings.BASE_URL + reverse("newsletter:settings", args=[SAMPLE_LINK]),
        "name": f" {name}" if name else "",
    }


def render_issue(issue: NewsletterIssuePage, *, targets: Targets | None = None) -> Rendered:
    """Render both parts for people who have no account. Raises RenderingFailed.

    `targets` says what blocks may show instead of what is public: a preview shows a draft.
    """
    return without_blocks(render_with_blocks(issue, targets=targets))


def without_blocks(rendered: Rendered) -> Rendered:
    """The mail as it is sent, without the comments that name the blocks."""
    return Rendered(_BLOCK.sub("", rendered.html), rendered.text)


def block_of(comment: str) -> str | None:
    """The id of the block that begins at a comment of the HTML ("": no block from here on); None for other comments."""
    found = _BLOCK.fullmatch(f"<!--{comment}-->")
    return (found[1] or "") if found else None


@translation.override(settings.LANGUAGE_CODE)
def render_with_blocks(issue: NewsletterIssuePage, *, targets: Targets | None = None) -> Rendered:
    """As `render_issue`; a comment before every block of the HTML says which one begins."""
    # Placeholders nobody can type, because they are new every time; MJML would escape the markers themselves.
    placeholders = {name: f"slot-{secrets.token_hex(8)}-{name}" for name in SLOTS.values()}
    targets = targets or Targets(Document.objects.visible_at(Level.PUBLIC)).load(issue.body)
    mjml = _fill("newsletter/mail.mjml", "mail", issue, placeholders, targets)
    html = to_html(absolute_links(mjml, settings.BASE_URL))
    text = lay_out(_fill("newsletter/mail.txt", "text", issue, placeholders, targets), settings.BASE_URL)
    for marker, name in SLOTS.items():
        html = html.replace(placeholders[name], marker)
        text = text.replace(placeholders[name], marker)
    if FOOTNOTE_START in html + text or FOOTNOTE_END in html + text:
        raise RenderingFailed("Ein Text der Ausgabe enthält ein unsichtbares Sonderzeichen. Bitte neu eintippen.")
    return Rendered(html, text)


def to_html(mjml: str) -> str:
    """Turn MJML into HTML. Raises RenderingFailed for tags that mrml does not know and for broken markup."""
    unknown = set(_MJML_TAG.findall(mjml)) - KNOWN_TAGS
    if unknown:
        raise RenderingFailed(f"Die Vorlage der Mail enthält unbekannte Elemente: {', '.join(sorted(unknown))}.")
    try:
        return str(mrml.to_html(mjml).content)
    except OSError as error:
        raise RenderingFailed(f"Die Vorlage der Mail ist fehlerhaft: {error}") from error


def _fill(
    template: str,
    medium: Medium,
    issue: NewsletterIssuePage,
    placeholders: Mapping[str, str],
    targets: Targets,
) -> str:
    blocks = list(issue.body)
    # An edition in the first place opens the mail with its numeral, above the headline.
    opening = [block for block in blocks[:1] if block.block_type == "edition"]
    filled = get_template(template, using="text" if medium == "text" else None).render(
        {
            "issue": issue,
            "base_url": settings.BASE_URL,
            "web_url": web_address(issue),
            "day": issue.first_published_at or timezone.now(),
            "emblem": EMBLEM,
            "identity": SiteIdentity.load(),
            "slots": placeholders,
            "opening": _blocks(opening, medium, targets, opening=True),
            "body": _blocks(blocks[len(opening) :], medium, targets, opening=False),
        }
    )
    if _RESERVED.search(filled):
        raise RenderingFailed("Ein Text der Ausgabe enthält ein unsichtbares Sonderzeichen. Bitte neu eintippen.")
    return filled


def web_address(issue: NewsletterIssuePage) -> str:
    """Where the issue stands in the web archive; of an issue that is not saved yet, the archive itself."""
    return urljoin(settings.BASE_URL, issue.url or "/newsletter/")


def _blocks(blocks: list[Any], medium: Medium, targets: Targets, **context: Any) -> SafeString:
    level = 1
    parts = []
    for block in blocks:
        if medium == "mail":
            parts.append(f"<mj-raw><!--block:{block.id or ''}--></mj-raw>")
        stream = cast("StreamValue", [block])
        parts.append(render_stream(stream, medium, base_url=settings.BASE_URL, targets=targets, above=level, **context))
        if block.block_type == "heading":
            level = int(block.value["level"])
    if parts and medium == "mail":
        parts.append("<mj-raw><!--block:--></mj-raw>")
    # Each part comes from a template that escapes its values.
    return mark_safe("\n".join(parts))  # noqa: S308
