"""Forms around protocols: resolutions, correction, comment."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from wagtail.admin.widgets import AdminDateInput

from archive.forms import check_upload
from archive.protocols.models import Protocol, ProtocolComment, Resolution

EMPTY_ROWS = 2


class ResolutionForm(forms.ModelForm):
    """One line of the list "wer, was, bis wann"."""

    class Meta:
        model = Resolution
        fields: ClassVar = ["what", "kind", "who", "until", "done_on"]
        widgets: ClassVar = {
            "what": forms.Textarea(attrs={"rows": 2}),
            "until": AdminDateInput,
            "done_on": AdminDateInput,
        }


ResolutionFormSet: Any = forms.inlineformset_factory(
    Protocol, Resolution, form=ResolutionForm, extra=EMPTY_ROWS, can_delete=True, can_delete_extra=False
)


class CorrectionForm(forms.Form):
    """The corrected file and what was wrong."""

    file = forms.FileField(label="Berichtigte Datei", validators=[check_upload])
    reason = forms.CharField(
        label="Was wurde berichtigt und warum?",
        max_length=255,
        help_text="Steht bei der neuen Fassung, für alle, die das Protokoll sehen.",
    )


class CommentForm(forms.ModelForm):
    class Meta:
        model = ProtocolComment
        fields: ClassVar = ["text"]
        labels: ClassVar = {"text": "Ihre Anmerkung"}
        help_texts: ClassVar = {"text": "Zum Beispiel: Seite 2, Punkt 3: Frist ist der 15. Mai."}
        widgets: ClassVar = {"text": forms.Textarea(attrs={"rows": 5})}
