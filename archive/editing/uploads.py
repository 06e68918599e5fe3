"""Many files at once, by drag and drop, on their own or for an edition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import conditional_escape
from wagtail.admin.widgets.button import Button
from wagtail.documents.views.multiple import AddView, EditView

from archive.file_types import ALLOWED_IN_WORDS
from archive.forms import NotStored
from archive.models import Document
from archive.placing import editions, is_edition, label_of
from home.editing.policies import document_policy
from home.events.models import EditionPage
from home.keys import key_of

if TYPE_CHECKING:
    from django.http import HttpRequest
    from wagtail.models import Page

FORM_TEMPLATE = "archive/admin/uploaded_form.html"
# What files of these kinds nearly always are; the form below the file begins with it.
LIKELY_KINDS = {
    "pptx": Document.Kind.PRESENTATION,
    "odp": Document.Kind.PRESENTATION,
    "jpg": Document.Kind.PHOTO,
    "jpeg": Document.Kind.PHOTO,
    "png": Document.Kind.PHOTO,
}
UNKNOWN_EDITION = "Diese Ausgabe gibt es nicht mehr. Bitte öffnen Sie das Hochladen neu."


class UploadView(AddView):
    """Wagtail's page for many files, with the edition preset to which they belong (`?edition=<page id>`).

    Each file comes in a request of its own, so that one that is refused holds up no other. Whatever is wrong with it is
    answered in German; a file never stays half taken in, as Wagtail would let it.
    """

    template_name = "archive/admin/upload.html"
    edit_form_template_name = FORM_TEMPLATE
    edition: EditionPage | None = None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.edition = _edition(request.GET.get("edition", ""))
        if self.edition is None and request.GET.get("edition"):
            raise Http404
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        name = label_of(self.edition) if self.edition else ""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["help_text"] = f"{context['help_text']} Möglich sind {ALLOWED_IN_WORDS}."
        return context | {"edition": self.edition, "edition_name": name}

    def post(self, request: HttpRequest) -> HttpResponse:
        upload = request.FILES.get("files[]")
        if upload is None:
            return HttpResponseBadRequest("files[]")
        self.edition = _edition(request.POST.get("edition", ""))
        if self.edition is None and request.POST.get("edition"):
            return _failure([UNKNOWN_EDITION])
        values = {"title": request.POST.get("title", upload.name), "collection": request.POST.get("collection")}
        form = self.get_upload_form_class()(values, {"file": upload}, user=request.user)
        if not form.is_valid():
            return _failure([message for messages in form.errors.values() for message in messages])
        form.instance.edition = self.edition
        extension = (upload.name or "").rpartition(".")[2].lower()
        form.instance.kind = LIKELY_KINDS.get(extension, Document.Kind.OTHER)
        try:
            self.object: Document = form.save()
        except NotStored as refusal:
            return _failure(refusal.error.messages)
        return JsonResponse(self.get_edit_object_response_data())


class DescribeView(EditView):
    """The form below a file that was just uploaded."""

    edit_form_template_name = FORM_TEMPLATE

    def save_object(self, form: Any) -> None:
        self.form = form
        super().save_object(form)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer: HttpResponse = super().post(request, *args, **kwargs)
        except NotStored as refusal:
            refusal.add_to(self.form)
            key = self.object.pk
            context = {
                "doc": self.object,
                "form": self.form,
                "edit_action": reverse(self.edit_object_url_name, args=[key]),
                "delete_action": reverse(self.delete_object_url_name, args=[key]),
            }
            html = render_to_string(self.edit_form_template_name, context, request=request)
            return JsonResponse({"success": False, "doc_id": key, "form": html})
        return answer


def _failure(messages: list[str]) -> JsonResponse:
    """Wagtail's script puts the message into the page as HTML: what is not marked as safe is escaped here."""
    return JsonResponse({"success": False, "error_message": "<br>".join(map(conditional_escape, messages))})


def _edition(key: str) -> EditionPage | None:
    number = key_of(key)
    return editions().filter(pk=number).first() if number is not None else None


def upload_button(page: Page, user: Any, next_url: str | None = None, **kwargs: Any) -> Iterator[Button]:
    """At an edition, also at its translations: their documents are those of the German page."""
    if not is_edition(page):
        return
    if not document_policy().user_has_permission(user, "add"):
        return
    edition = editions().filter(translation_key=page.translation_key).first()
    if edition is not None:
        url = f"{reverse('wagtaildocs:add_multiple')}?edition={edition.pk}"
        yield Button("Dokumente hochladen", url, icon_name="upload", priority=16)
