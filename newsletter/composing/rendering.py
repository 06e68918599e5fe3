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

import mrml
from django.conf import settings
from django.http import HttpResponse
from django.template.loader import get_template
from django.utils import timezone, translation
from wagtail.blocks import StreamValue

from archive.access import Level
from archive.models import Document
from home.rendering.streams import Medium, absolute_links, render_stream
from home.rendering.targets import Targets
from newsletter.composing.plain import FOOTNOTE_END, FOOTNOTE_START, lay_out
from newsletter.errors import RenderingFailed
from newsletter.sending.message import SLOTS

if TYPE_CHECKING:
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
SAMPLE = {"unsubscribe_url": "#abmelden", "settings_url": "#einstellungen", "name": " Kim Beispiel"}


@dataclass(frozen=True)
class Rendered:
    """Both parts of a mail, with markers."""

    html: str
    text: str

    def personal(self, values: Mapping[str, str]) -> Rendered:
        """The same with `values` (slot name -> plain value) instead of markers: for looking at."""
        html, text = self.html, self.text
        for marker, name in SLOTS.items():
            html, text = html.replace(marker, values[name]), text.replace(marker, values[name])
        return Rendered(html, text)


@translation.override(settings.LANGUAGE_CODE)
def render_issue(issue: NewsletterIssuePage, *, targets: Targets | None = None) -> Rendered:
    """Render both parts for people who have no account. Raises RenderingFailed.

    `targets` says what blocks may show instead of what is public: a preview shows a draft.
    """
    # Placeholders nobody can type, because they are new every time; MJML would escape the markers themselves.
    placeholders = {name: f"slot-{secrets.token_hex(8)}-{name}" for name in SLOTS.values()}
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


def preview(page: NewsletterIssuePage, mode: str) -> HttpResponse:
    """What Wagtail's preview shows: `mail` or `text`, with sample values where a mail is personal."""
    try:
        rendered = render_issue(page).personal(SAMPLE)
    except RenderingFailed as error:
        return HttpResponse(str(error), content_type="text/plain; charset=utf-8")
    if mode == "text":
        return HttpResponse(rendered.text, content_type="text/plain; charset=utf-8")
    return HttpResponse(rendered.html)


def _fill(
    template: str,
    medium: Medium,
    issue: NewsletterIssuePage,
    placeholders: Mapping[str, str],
    targets: Targets | None,
) -> str:
    blocks = list(issue.body)
    web_url = issue.url or "/newsletter/"
    # An edition in the first place opens the mail with its numeral, above the headline.
    opening = [block for block in blocks[:1] if block.block_type == "edition"]
    filled = get_template(template, using="text" if medium == "text" else None).render(
        {
            "issue": issue,
            "base_url": settings.BASE_URL,
            "web_url": f"{settings.BASE_URL}{web_url}" if web_url.startswith("/") else web_url,
            "day": issue.first_published_at or timezone.now(),
            "emblem": EMBLEM,
            "slots": placeholders,
            "opening": _blocks(opening, medium, targets, opening=True),
            "body": _blocks(blocks[len(opening) :], medium, targets, opening=False),
        }
    )
    if _RESERVED.search(filled):
        raise RenderingFailed("Ein Text der Ausgabe enthält ein unsichtbares Sonderzeichen. Bitte neu eintippen.")
    return filled


def _blocks(blocks: list[Any], medium: Medium, targets: Targets | None, **context: Any) -> str:
    return render_stream(
        cast(StreamValue, blocks),
        medium,
        base_url=settings.BASE_URL,
        documents=Document.objects.visible_at(Level.PUBLIC),
        targets=targets,
        **context,
    )
