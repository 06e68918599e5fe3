"""The forms of the public pages."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from home.models import Topic
from home.visitor_forms import VisitorForm
from newsletter import addresses

# Longer pauses are a subscription that nobody remembers.
LONGEST_PAUSE = datetime.timedelta(days=2 * 365)


def choosable_topics() -> Any:
    """The topics that readers may choose."""
    return Topic.objects.filter(newsletter=True)


class AddressField(forms.CharField):
    """An e-mail address in the form that is kept."""

    default_error_messages = {
        "required": "Bitte geben Sie Ihre E-Mail-Adresse ein, zum Beispiel name@example.org.",
        "max_length": "Die E-Mail-Adresse ist zu lang.",
    }

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"}
        super().__init__(max_length=254, widget=forms.EmailInput(attrs=attributes), **kwargs)

    def clean(self, value: Any) -> str:
        try:
            return addresses.normalise(super().clean(value))
        except addresses.InvalidAddress as error:
            raise ValidationError(str(error)) from error


class AddressForm(VisitorForm):
    """Asks for an address and nothing else: for the link to the settings."""

    email = AddressField(label="E-Mail-Adresse")


class NewAddressForm(VisitorForm):
    """The address that mails shall go to from now on."""

    email = AddressField(label="Neue E-Mail-Adresse")


class ReaderFields(forms.Form):
    """What a reader may say at the sign-up and change later; no topics where the site has none to choose from."""

    name = forms.CharField(
        label="Name",
        max_length=150,
        required=False,
        help_text="Für die Anrede in der Mail.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    topics = forms.ModelMultipleChoiceField(
        label="Themen",
        queryset=choosable_topics(),
        to_field_name="slug",
        required=False,
        help_text="Ohne Auswahl bekommen Sie jede Ausgabe.",
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not choosable_topics().exists():
            del self.fields["topics"]

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])


class SignUpForm(ReaderFields, VisitorForm):
    """The address and the consent are a must, the rest may stay empty; `wording` is the text of the consent."""

    email = AddressField(label="E-Mail-Adresse")
    consent = forms.BooleanField(
        label="Einwilligung",
        error_messages={"required": "Ohne Ihre Einwilligung dürfen wir Ihnen den Newsletter nicht schicken."},
    )
    field_order = ("email", "name", "topics", "consent")

    def __init__(self, *args: Any, wording: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wording = wording


class SettingsForm(ReaderFields):
    """What a subscriber may change with the link in every mail."""

    paused = forms.BooleanField(
        label="Pause: Ich möchte vorerst keine Mails bekommen.",
        required=False,
        help_text="Sie bleiben angemeldet und können die Pause jederzeit hier beenden.",
    )
    paused_until = forms.DateField(
        label="Letzter Tag der Pause",
        required=False,
        help_text="Danach kommt der Newsletter von selbst wieder. Ohne Datum gilt die Pause, bis Sie sie beenden.",
        error_messages={"invalid": "Bitte geben Sie ein Datum an, zum Beispiel 31.08.2027."},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"}),
    )

    def clean_paused_until(self) -> datetime.date | None:
        """The last day of the pause; None without a pause, or for one without an end."""
        day: datetime.date | None = self.cleaned_data["paused_until"]
        today = timezone.localdate()
        if day is None or not self.cleaned_data.get("paused"):
            return None
        if day < today:
            raise ValidationError("Dieser Tag ist schon vorbei. Bitte wählen Sie einen späteren.")
        if day > today + LONGEST_PAUSE:
            raise ValidationError("Eine Pause dauert höchstens zwei Jahre. Ohne Datum gilt sie, bis Sie sie beenden.")
        return day


def clean_name(name: str) -> str:
    """Names go into greetings: no addresses of pages, which is what robots put there, and no control characters.

    A semicolon would begin a new cell where a spreadsheet reads an exported list its own way.
    """
    if "://" in name or "www." in name.lower() or ";" in name or not name.isprintable():
        raise ValidationError("Bitte geben Sie nur Ihren Namen ein.")
    return name
