"""The form "Barriere melden"."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from home.feedback.models import BarrierReport
from home.feedback.places import NoPlace, place
from home.visitor_forms import VisitorForm


class BarrierForm(VisitorForm):
    """Only the message is asked for."""

    message = forms.CharField(
        label=_("Ihre Meldung"),
        max_length=5000,
        help_text=_(
            "Was funktioniert nicht, und womit waren Sie unterwegs? Zum Beispiel mit Tastatur oder Vorlesehilfe."
        ),
        error_messages={
            "required": _("Bitte beschreiben Sie, was nicht funktioniert."),
            "max_length": _("Bitte fassen Sie sich kürzer: höchstens %(limit_value)d Zeichen."),
        },
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    page = forms.CharField(
        label=_("Seite"),
        max_length=2000,
        required=False,
        help_text=_("Adresse der Seite, auf der Sie die Barriere gefunden haben."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        required=False,
        help_text=_("Für die Anrede in unserer Antwort."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-Mail-Adresse"),
        max_length=254,
        required=False,
        help_text=_("Nur wenn Sie eine Antwort möchten."),
        error_messages={"invalid": _("Bitte prüfen Sie die E-Mail-Adresse. Sie sieht aus wie name@example.org.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"}),
    )

    def clean_page(self) -> str:
        try:
            return place(self.cleaned_data["page"])
        except NoPlace as error:
            raise ValidationError(
                gettext(
                    "Bitte geben Sie eine Adresse dieser Website an, zum Beispiel /termine/. Sie können das Feld auch "
                    "leer lassen."
                )
            ) from error

    def save(self) -> BarrierReport:
        """Store a valid form. Nothing else about the visitor is kept."""
        cleaned = self.cleaned_data
        return BarrierReport.objects.create(
            message=cleaned["message"], page_url=cleaned["page"], name=cleaned["name"], email=cleaned["email"]
        )
