"""The pages of the admin about the consents to one document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, redirect
from wagtail.admin import messages

from archive.admin_pages import DocumentPage
from archive.consents import consenting
from archive.consents.forms import ConsentForm, WithdrawalForm
from archive.consents.models import PublicationConsent
from archive.documentation.tasks import sweep_soon
from archive.documentation.withholding import WITHHELD, is_withheld_because_of
from archive.errors import Refused

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class ConsentsView(DocumentPage):
    """Who agreed to the publication of a document; POST records one more."""

    permissions = ("archive.add_publicationconsent",)
    page_title = "Einwilligungen"
    header_icon = "clipboard-list"
    template_name = "archive/admin/consents.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._show(ConsentForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ConsentForm(request.POST)
        if not form.is_valid():
            return self._show(form)
        try:
            consenting.record(self.document, user=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self._show(form)
        messages.success(request, "Die Einwilligung ist vermerkt.")
        return redirect("archive_consents", self.document.pk)

    def _show(self, form: ConsentForm) -> HttpResponse:
        return self.show(
            form=form,
            media=form.media,
            consents=self.document.consents.select_related("recorded_by"),
            missing=consenting.why_not_public(self.document),
            is_public=self.document.is_public,
        )


class WithdrawConsentView(DocumentPage):
    """Ends a consent: GET asks for the day, POST hides the document."""

    permissions = ("archive.change_publicationconsent",)
    page_title = "Einwilligung widerrufen"
    header_icon = "warning"
    template_name = "archive/admin/withdraw_consent.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        rows = PublicationConsent.objects.select_related("document")
        self.consent = get_object_or_404(rows, document=self.document, pk=kwargs["consent"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._show(WithdrawalForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = WithdrawalForm(request.POST)
        if not form.is_valid():
            return self._show(form)
        try:
            consenting.withdraw(self.consent, user=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self._show(form)
        messages.success(request, "Der Widerruf ist vermerkt. Das Dokument ist nicht mehr öffentlich.")
        if is_withheld_because_of(self.document):
            sweep_soon()
            messages.warning(request, WITHHELD)
        return redirect("archive_consents", self.document.pk)

    def _show(self, form: WithdrawalForm) -> HttpResponse:
        return self.show(form=form, media=form.media, consent=self.consent)
