"""The forms about accounts: one for visitors, the others for the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from home.models import CoordinationOffice
from home.visitor_forms import VisitorForm
from newsletter import addresses
from newsletter.subscribing.forms import clean_name

WRONG_ADDRESS = "Bitte geben Sie eine gültige E-Mail-Adresse ein, zum Beispiel name@example.org."


class OfficeField(forms.ModelChoiceField):
    """The offices by their full names, in the order of the site."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=CoordinationOffice.objects.all(),
            label="Koordinierungsstelle",
            empty_label="Bitte wählen",
            error_messages={
                "required": "Bitte wählen Sie die Koordinierungsstelle aus.",
                "invalid_choice": "Diese Koordinierungsstelle gibt es nicht. Bitte wählen Sie eine aus der Liste.",
            },
            **kwargs,
        )

    def label_from_instance(self, office: CoordinationOffice) -> str:
        return office.full_name


class PersonFields(forms.Form):
    """What an invitation and a request both ask for."""

    def clean_email(self) -> str:
        try:
            return addresses.normalise(self.cleaned_data["email"])
        except addresses.InvalidAddress as error:
            raise ValidationError(str(error)) from error

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"].strip())


class AccessRequestForm(PersonFields, VisitorForm):
    """`/konto/zugang-anfragen/`."""

    name = forms.CharField(
        label="Ihr Name",
        max_length=150,
        error_messages={"required": "Bitte geben Sie Ihren Namen ein."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.CharField(
        label="Dienstliche E-Mail-Adresse",
        max_length=254,
        help_text="An diese Adresse schicken wir die Einladung.",
        error_messages={"required": WRONG_ADDRESS},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"}),
    )
    office = OfficeField(help_text="Für welche Stelle arbeiten Sie?")
    reason = forms.CharField(
        label="Ihr Anliegen",
        max_length=1000,
        required=False,
        help_text="Zum Beispiel: seit wann Sie dort arbeiten oder wen Sie vertreten.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class InvitationForm(PersonFields):
    """The form of an editor who invites somebody."""

    email = forms.CharField(
        label="E-Mail-Adresse",
        max_length=254,
        help_text="Am besten die dienstliche Adresse der Person selbst, kein gemeinsames Postfach.",
        error_messages={"required": WRONG_ADDRESS},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(
        label="Vor- und Nachname",
        max_length=150,
        required=False,
        help_text="Für die Anrede und das Konto. Kann leer bleiben.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    office = OfficeField()


class DeclineForm(forms.Form):
    """Why somebody gets no account."""

    answer = forms.CharField(
        label="Begründung",
        max_length=1000,
        required=False,
        help_text="Steht so in der Mail an die Person. Kann leer bleiben.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
