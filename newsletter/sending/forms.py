"""The forms of the admin around a mailing."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from wagtail.admin.widgets import AdminDateTimeInput

from newsletter.addresses import InvalidAddress, normalise
from newsletter.sending.testing import MOST_ADDRESSES

FORMATS = ["%d.%m.%Y %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]
WRONG = {
    "invalid": "Bitte geben Sie Tag und Uhrzeit so an: 15.01.2025 08:30",
    "required": "Bitte geben Sie Tag und Uhrzeit an.",
}


class LaterField(forms.DateTimeField):
    """A time in Magdeburg, in German notation, wherever the editor's own clock is (Wagtail lets them choose one)."""

    def __init__(self, **options: object) -> None:
        super().__init__(
            input_formats=FORMATS,
            error_messages=WRONG,
            widget=AdminDateTimeInput(format="%d.%m.%Y %H:%M"),
            **options,  # type: ignore[arg-type]
        )

    def prepare_value(self, value: object) -> object:
        with timezone.override(None):
            return super().prepare_value(value)

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(None):
            at: datetime | None = super().to_python(value)
        return at

    def clean(self, value: object) -> datetime | None:
        at: datetime | None = super().clean(value)
        if at is not None and at <= timezone.now():
            raise forms.ValidationError("Dieser Zeitpunkt ist schon vorbei. Bitte wählen Sie einen, der noch kommt.")
        return at


class SendForm(forms.Form):
    """The last look before a mailing."""

    at = LaterField(
        label="Zeitpunkt",
        required=False,
        help_text="Leer lassen, um sofort zu versenden. Sonst zum Beispiel: 15.01.2025 08:30 (deutsche Zeit).",
    )
    recipients = forms.IntegerField(widget=forms.HiddenInput)


class RescheduleForm(forms.Form):
    """Another time for a mailing that waits."""

    at = LaterField(label="Neuer Zeitpunkt", help_text="Zum Beispiel: 15.01.2025 08:30 (deutsche Zeit).")


class TrialMailForm(forms.Form):
    """Whom to send a test to."""

    addresses = forms.CharField(
        label="Testmail an",
        max_length=1000,
        help_text=f"Eine oder mehrere Adressen, durch Komma getrennt, höchstens {MOST_ADDRESSES}.",
        error_messages={"required": "Bitte geben Sie eine Adresse an."},
    )

    def clean_addresses(self) -> list[str]:
        given = [part for part in re.split(r"[,;\s]+", self.cleaned_data["addresses"]) if part]
        if len(given) > MOST_ADDRESSES:
            raise forms.ValidationError(f"Eine Testmail geht an höchstens {MOST_ADDRESSES} Adressen.")
        try:
            return list(dict.fromkeys(normalise(part) for part in given))
        except InvalidAddress as error:
            raise forms.ValidationError(str(error)) from error
