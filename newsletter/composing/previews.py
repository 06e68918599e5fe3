"""How drafts look in a mail, drawn by the renderer that draws the mails: issues, and pages as the teaser of one.

Links that would act for a reader lead to a token that names nobody.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.template.response import TemplateResponse

from archive.models import Document
from home.editing.previews import PreviewMode, PreviewUnavailable
from home.rendering.targets import Targets
from newsletter.composing.rendering import Rendered, render_issue, sample_values
from newsletter.errors import RenderingFailed
from newsletter.models import NewsletterIssuePage, Subscriber

if TYPE_CHECKING:
    from django.http import HttpRequest
    from wagtail.models import Page

    from home.pages.base import SitePage


# The subscriber as whom an editor looks at mails, in the session of the editor.
PERSON = "newsletter_preview_person"
_DARK = re.compile(r"@media\s*\(prefers-color-scheme:\s*dark\)")
_NOBODY_CHOSEN = (
    "Wählen Sie zuerst eine Person aus: auf der Seite „Prüfen und versenden“ dieser Ausgabe unter „Als Person "
    "ansehen“. Dafür brauchen Sie das Recht, Abonnements zu sehen."
)
_NOT_PUBLIC = "Diese Seite ist nicht öffentlich. Der Newsletter verweist nur auf öffentliche Seiten."


def issue_previews() -> list[PreviewMode]:
    """The ways to look at an issue besides its page in the web archive."""
    return [
        PreviewMode("mail", "Mail", _mail),
        PreviewMode("dark", "Mail im dunklen Modus", _dark),
        PreviewMode("phone", "Mail auf dem Telefon", _phone),
        PreviewMode("text", "Mail als Text", _text),
        PreviewMode("person", "Mail an eine Person", _as_person),
    ]


def in_the_dark(html: str) -> str:
    """A mail as programs with a dark theme show it, whatever theme the browser of the editor has."""
    return _DARK.sub("@media all", html)


def chosen_person(request: HttpRequest) -> Subscriber | None:
    """The subscriber as whom the editor looks at mails, as long as they may see subscribers."""
    key = request.session.get(PERSON)
    if key is None or not request.user.has_perm("newsletter.view_subscriber"):
        return None
    return Subscriber.objects.filter(pk=key, email__isnull=False).first()


def _mail(issue: NewsletterIssuePage, request: HttpRequest) -> HttpResponse:
    return HttpResponse(_sample(issue).html)


def _dark(issue: NewsletterIssuePage, request: HttpRequest) -> HttpResponse:
    return HttpResponse(in_the_dark(_sample(issue).html))


def _phone(issue: NewsletterIssuePage, request: HttpRequest) -> HttpResponse:
    # A frame of its own: what a mail does on a phone depends on the width of the window.
    return TemplateResponse(request, "newsletter/admin/phone.html", {"html": _sample(issue).html, "issue": issue})


def _text(issue: NewsletterIssuePage, request: HttpRequest) -> HttpResponse:
    return HttpResponse(_sample(issue).text, content_type="text/plain; charset=utf-8")


def _as_person(issue: NewsletterIssuePage, request: HttpRequest) -> HttpResponse:
    person = chosen_person(request)
    if person is None:
        raise PreviewUnavailable(_NOBODY_CHOSEN)
    return HttpResponse(_sample(issue, name=person.name).html)


def _sample(issue: NewsletterIssuePage, **values: str) -> Rendered:
    try:
        return render_issue(issue).personal(sample_values(**values))
    except RenderingFailed as error:
        raise PreviewUnavailable(str(error)) from error


def teaser_preview(block: str) -> PreviewMode:
    """A mode that shows the draft in a sample issue, as a block of type `block` ("report", "edition")."""

    def render(draft: SitePage, request: HttpRequest) -> HttpResponse:
        if draft.get_view_restrictions().exists():
            raise PreviewUnavailable(_NOT_PUBLIC)
        try:
            mail = render_issue(_sample_issue(block, draft), targets=_DraftAlone(draft)).personal(sample_values())
        except RenderingFailed as error:
            raise PreviewUnavailable(str(error)) from error
        return HttpResponse(mail.html)

    return PreviewMode("newsletter", "Newsletter (Teaser)", render)


class _DraftAlone(Targets):
    """Lets blocks show one draft, published or not."""

    def __init__(self, draft: SitePage) -> None:
        super().__init__(Document.objects.none())
        self._draft = draft

    def page(self, page: Page | None) -> Page | None:
        return page if page is self._draft else None


def _sample_issue(block: str, draft: SitePage) -> NewsletterIssuePage:
    issue = NewsletterIssuePage(
        title="Muster",
        number="0",
        subject="So erscheint der Beitrag im Newsletter",
        intro="Dies ist eine Vorschau. In der nächsten Ausgabe steht hier die Einleitung.",
    )
    content: list[tuple[str, Any]] = [(block, {"page": draft})]
    issue.body = content
    return issue
