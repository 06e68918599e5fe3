"""The page of the admin that tells coordinators that the documents of an edition are complete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import redirect
from wagtail.admin import messages

from archive.access import Level
from archive.admin_pages import EditionView
from archive.models import Document
from archive.notices import sending, tasks, telling
from archive.notices.models import Notice
from home.templatetags.german import counted

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from home.models import EditionPage

TELLING = "archive.add_notice"
COMPLETE = Notice.Kind.DOCUMENTS_COMPLETE


class DocumentsCompleteView(EditionView):
    """GET shows what the mail will name and who gets it; POST has it sent, to each person once."""

    permissions = (TELLING,)
    page_title = "Unterlagen vollständig"
    header_icon = "mail"
    template_name = "archive/admin/documents_complete.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_be_told_of(self.edition):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        documents = Document.objects.filter(edition=self.edition).order_by("title", "pk")
        readable = set(documents.visible_at(Level.STEERING_GROUP).values_list("pk", flat=True))
        told_at, told = telling.last_told(COMPLETE, self.edition)
        return self.show(
            edition=self.edition,
            documents=[document for document in documents if document.pk in readable],
            kept_back=[document for document in documents if document.pk not in readable],
            recipients=telling.not_told_yet(COMPLETE, edition=self.edition).count(),
            told_at=told_at,
            told=told,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        number = telling.tell(COMPLETE, edition=self.edition)
        tasks.deliver_soon(sending.waiting().filter(kind=COMPLETE, edition=self.edition))
        if number:
            messages.success(request, f"Die Mail geht gleich hinaus, an {counted(number, 'Person,Personen')}.")
        else:
            messages.info(request, "Es gibt niemanden, der davon noch nicht erfahren hat.")
        return redirect("archive_documents_complete", self.edition.pk)


def may_be_told_of(edition: EditionPage) -> bool:
    """Documents belong to the German page, and a mail may only lead to a page that is there."""
    return edition.live and edition.locale.is_default
