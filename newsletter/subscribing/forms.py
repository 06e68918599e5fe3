"""The forms of the public pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from home.models import Topic
from home.visitor_forms import VisitorForm
from newsletter import addresses


def choosable_topics() -> Any:
    return Topic.objects.filter(newsletter=True)


class SignUpForm(VisitorForm):
    """Only the address is asked for."""

    email = forms.CharField(
        label="E-Mail-Adresse",
        max_length=254,
        error_messages={"required": "Bitte geben Sie Ihre E-Mail-Adresse ein, zum Beispiel name@example.org."},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"}),
    )
    name = forms.CharField(
        label="Name",
        max_length=150,
        required=False,
        help_text="Für die Anrede in der Mail.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    topics = forms.ModelMultipleChoiceField(
        label="Themen",
        queryset=Topic.objects.none(),
        to_field_name="slug",
        required=False,
        help_text="Ohne Auswahl bekommen Sie jede Ausgabe.",
        widget=forms.CheckboxSelectMultiple,
    )
    consent = forms.BooleanField(
        label="Einwilligung",
        error_messages={"required": "Ohne Ihre Einwilligung dürfen wir Ihnen den Newsletter nicht schicken."},
    )

    def __init__(self, *args: Any, wording: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topics"].queryset = choosable_topics()  # type: ignore[attr-defined]
        if not choosable_topics().exists():
            del self.fields["topics"]
        self.wording = wording

    def clean_email(self) -> str:
        try:
            return addresses.normalise(self.cleaned_data["email"])
        except addresses.InvalidAddress as error:
            raise ValidationError(str(error)) from error

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])


class SettingsForm(forms.Form):
    """What a subscriber may change with the link in every mail."""

    name = SignUpForm.base_fields["name"]
    topics = SignUpForm.base_fields["topics"]
    paused = forms.BooleanField(
        label="Pause: Ich möchte vorerst keine Mails bekommen.",
        required=False,
        help_text="Sie bleiben angemeldet und können die Pause jederzeit hier beenden.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topics"].queryset = choosable_topics()  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])


def clean_name(name: str) -> str:
    """Names go into greetings: no addresses of pages, which is what robots put there, and no control characters."""
    if "://" in name or "www." in name.lower() or not name.isprintable():
        raise ValidationError("Bitte geben Sie nur Ihren Namen ein.")
    return name
