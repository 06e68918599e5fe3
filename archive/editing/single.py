"""One document at a time: Wagtail's forms to add and to edit one, and the upload in its chooser.

A file that was good when the form was checked may be refused while it is stored. The form comes back with the reason
then, and with everything that was typed into it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wagtail.admin import messages
from wagtail.documents.views.chooser import DocumentChooserUploadView
from wagtail.documents.views.documents import CreateView, EditView

from archive.documentation.tasks import sweep_soon
from archive.documentation.withholding import WITHHELD, is_withheld_because_of
from archive.forms import NotStored

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class ReshownForm:
    """Mixin of Wagtail's views with a form: what is refused while it is stored is an error like any other."""

    def form_valid(self, form: Any) -> HttpResponse:
        view: Any = super()
        try:
            return view.form_valid(form)
        except NotStored as refusal:
            refusal.add_to(form)
            # Wagtail's own words above the form come with its check.
            view.is_valid(form)
            return view.form_invalid(form)


class AddDocumentView(ReshownForm, CreateView):
    """The form for one new document."""


class EditDocumentView(ReshownForm, EditView):
    """The form of one document; says what else follows from a change."""

    def save_action(self) -> HttpResponse:
        answer: HttpResponse = super().save_action()
        if is_withheld_because_of(self.object):
            sweep_soon()
            messages.warning(self.request, WITHHELD)
        return answer


class ChooserUploadView(DocumentChooserUploadView):
    """The tab "Hochladen" of the chooser."""

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            answer: HttpResponse = super().post(request)
        except NotStored as refusal:
            refusal.add_to(self.form)
            return self.get_reshow_creation_form_response()
        return answer
