"""Forms about consents: recording one, ending one."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.utils import timezone
from wagtail.admin.widgets import AdminDateInput

from archive.consents.models import PublicationConsent


class ConsentForm(forms.ModelForm):
    """Who agreed to what, and when."""

    class Meta:
        model = PublicationConsent
        fields: ClassVar = ["person", "scope", "given_on", "note"]
        widgets: ClassVar = {"given_on": AdminDateInput}
        help_texts: ClassVar = {
            "person": "Der Name, wie er im Dokument steht. Eine Zeile für jede Person.",
            "scope": "„nur intern“: Die Person möchte nicht, dass alle es sehen.",
            "note": "Wo die Einwilligung liegt, zum Beispiel: Mail vom 3. Mai, Ordner Einwilligungen.",
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["given_on"].initial = timezone.localdate


class WithdrawalForm(forms.Form):
    """When the person took it back."""

    on = forms.DateField(label="Widerrufen am", widget=AdminDateInput, initial=timezone.localdate)
    note = forms.CharField(label="Vermerk", max_length=120, required=False)
