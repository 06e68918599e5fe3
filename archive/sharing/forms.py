"""The form with which an editor makes a share link."""

from __future__ import annotations

from typing import Any

from django import forms

from archive.models import Document, DocumentVersion
from archive.sharing.linking import MOST_DAYS, USUAL_DAYS
from home.templatetags.german import long_date

LATEST = ""


class ShareLinkForm(forms.Form):
    """For which version, how long, for whom. `cleaned_data["version"]` is a DocumentVersion or None (the latest)."""

    version = forms.ChoiceField(label="Welche Fassung öffnet der Link?", required=False, widget=forms.RadioSelect)
    days = forms.IntegerField(
        label="Wie viele Tage gilt er?",
        min_value=1,
        max_value=MOST_DAYS,
        initial=USUAL_DAYS,
        help_text=f"Höchstens {MOST_DAYS}. Danach führt der Link ins Leere.",
        error_messages={
            "required": f"Bitte geben Sie eine Zahl von 1 bis {MOST_DAYS} ein.",
            "invalid": f"Bitte geben Sie eine Zahl von 1 bis {MOST_DAYS} ein.",
            "min_value": "Der Link muss mindestens einen Tag gelten.",
            "max_value": f"Der Link gilt höchstens {MOST_DAYS} Tage.",
        },
    )
    purpose = forms.CharField(
        label="Für wen oder wofür?",
        max_length=150,
        required=False,
        help_text="Damit Sie den Link später wiedererkennen. Wer ihn öffnet, sieht das nicht.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, document: Document, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._versions = {str(version.pk): version for version in document.versions.present().order_by("-number")}
        field: Any = self.fields["version"]
        field.choices = [
            (LATEST, "immer die aktuelle Fassung, auch wenn noch eine neue dazukommt"),
            *((key, _label(version)) for key, version in self._versions.items()),
        ]
        field.initial = LATEST

    def clean_version(self) -> DocumentVersion | None:
        return self._versions.get(self.cleaned_data["version"])


def _label(version: DocumentVersion) -> str:
    return f"nur Fassung {version.number} vom {long_date(version.uploaded_at)} ({version.original_name})"
