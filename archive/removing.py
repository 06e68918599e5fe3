"""The pages of the admin that take things out of the archive again. Each asks for a reason, which stays public."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.documents.views.bulk_actions import DeleteBulkAction
from wagtail.documents.views.documents import DeleteView
from wagtail.log_actions import log

from archive.admin_pages import DocumentPage
from archive.deletion import bury, withdraw_version
from archive.documentation.withholding import withheld_versions
from archive.errors import Refused
from archive.models import DocumentVersion

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from archive.models import Document

# Only the administration erases bytes of a document that goes on living.
WITHDRAWING = "archive.delete_documentversion"

NO_REASON = "Zum Löschen eines Dokuments gehört ein Grund. Bitte löschen Sie es auf seiner eigenen Seite."


class ReasonForm(forms.Form):
    """Why something goes."""

    reason = forms.CharField(
        label="Grund",
        max_length=255,
        help_text="Er bleibt stehen, wo das Dokument war. Bitte keine Namen und nichts, was selbst vertraulich ist.",
    )


class DeleteDocumentView(DeleteView):
    """In the place of Wagtail's page, which asks for no reason."""

    form_class = ReasonForm
    template_name = "archive/admin/delete_document.html"

    def form_valid(self, form: ReasonForm) -> HttpResponse:
        self.reason = form.cleaned_data["reason"]
        answer: HttpResponse = super().form_valid(form)
        return answer

    def delete_action(self) -> None:
        log(instance=self.object, action="wagtail.delete")
        bury(self.object, user=self.request.user, reason=self.reason)


@require_POST
def refuse_without_reason(request: HttpRequest, doc_id: int) -> JsonResponse:
    """In the place of Wagtail's view behind the multiple upload, which deletes without a reason."""
    page = reverse("wagtaildocs:delete", args=[doc_id])
    return JsonResponse({"success": False, "error_message": NO_REASON, "url": page}, status=400)


class DeleteDocuments(DeleteBulkAction):
    """In the place of Wagtail's bulk action: one reason for all chosen documents."""

    form_class = ReasonForm
    template_name = "archive/admin/delete_documents.html"

    def get_execution_context(self) -> dict[str, Any]:
        return {"user": self.request.user, "reason": self.cleaned_form.cleaned_data["reason"]}

    @classmethod
    def execute_action(
        cls, objects: list[Document], user: Any = None, reason: str = "", **kwargs: Any
    ) -> tuple[int, int]:
        for document in objects:
            log(instance=document, action="wagtail.delete", user=user)
            bury(document, user=user, reason=reason)
        return len(objects), 0


class VersionsView(DocumentPage):
    """All versions of a document; the administration finds the way to withdraw one here."""

    permissions = ("wagtailadmin.access_admin",)
    page_title = "Fassungen"
    template_name = "archive/admin/versions.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        versions = self.document.versions.select_related("uploaded_by", "withdrawn_by").order_by("-number")
        hidden = withheld_versions(self.document.level).filter(document=self.document)
        withheld = set(hidden.values_list("pk", flat=True))
        return self.show(versions=versions, withheld=withheld, may_withdraw=request.user.has_perm(WITHDRAWING))


class WithdrawVersionView(DocumentPage):
    """Withdraws one version: GET asks for the reason, POST erases."""

    permissions = (WITHDRAWING,)
    page_title = "Fassung zurückziehen"
    header_icon = "warning"
    template_name = "archive/admin/withdraw_version.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        rows = DocumentVersion.objects.select_related("document")
        self.version = get_object_or_404(rows, document=self.document, number=kwargs["number"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.version.withdrawn_at is not None:
            raise Http404
        return self.show(version=self.version, form=ReasonForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self.show(version=self.version, form=form)
        try:
            withdraw_version(self.version, user=request.user, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Fassung {self.version.number} ist zurückgezogen und gelöscht.")
        return redirect("archive_versions", self.document.pk)
