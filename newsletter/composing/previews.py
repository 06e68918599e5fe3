"""How a draft will look as the teaser of a newsletter, drawn by the renderer that draws the mails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse

from archive.models import Document
from home.editing.previews import PreviewMode, PreviewUnavailable
from home.rendering.targets import Targets
from newsletter.composing.rendering import SAMPLE, render_issue
from newsletter.errors import RenderingFailed
from newsletter.models import NewsletterIssuePage

if TYPE_CHECKING:
    from django.http import HttpRequest
    from wagtail.models import Page

    from home.pages.base import SitePage


_NOT_PUBLIC = "Diese Seite ist nicht öffentlich. Der Newsletter verweist nur auf öffentliche Seiten."


def teaser_preview(block: str) -> PreviewMode:
    """A mode that shows the draft in a sample issue, as a block of type `block` ("report", "edition")."""

    def render(draft: SitePage, request: HttpRequest) -> HttpResponse:
        if draft.get_view_restrictions().exists():
            raise PreviewUnavailable(_NOT_PUBLIC)
        try:
            mail = render_issue(_sample_issue(block, draft), targets=_DraftAlone(draft)).personal(SAMPLE)
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
