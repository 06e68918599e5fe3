"""The form behind every way in which Wagtail's admin takes or edits an image."""

from __future__ import annotations

from typing import Any

from wagtail.images.forms import BaseImageForm


class SiteImageForm(BaseImageForm):
    """Whoever adds an image says what the people on it have agreed to; the form does not answer for them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if note := self.fields.get("consent_note"):
            note.help_text = "Wer wann zugestimmt hat, und wo die Erklärung liegt. Das steht nicht auf der Website."
        consent = self.fields.get("consent")
        if consent is not None and self.instance.pk is None:
            # The default of the model is for images that no person adds.
            self.initial["consent"] = None
            consent.initial = None
            consent.choices = [("", "Bitte wählen"), *consent.choices]
