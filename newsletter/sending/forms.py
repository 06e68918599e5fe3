"""The forms of the admin around a mailing."""

from __future__ import annotations

from django import forms


class SendForm(forms.Form):
    """The last look before a mailing."""

    at = forms.DateTimeField(
        label="Zeitpunkt",
        required=False,
        help_text="Leer lassen, um sofort zu versenden. Format: 15.01.2025 08:30",
        input_formats=["%d.%m.%Y %H:%M", "%Y-%m-%dT%H:%M"],
        error_messages={"invalid": "Bitte geben Sie Tag und Uhrzeit so an: 15.01.2025 08:30"},
    )
    recipients = forms.IntegerField(widget=forms.HiddenInput)
