"""The form behind every way in which Wagtail's admin takes or edits an image."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from wagtail.images.forms import BaseImageForm

from home.drawings import NotOnlyADrawing, check_drawing

logger = logging.getLogger(__name__)

UNREADABLE = (
    "Diese Datei lässt sich nicht als Bild lesen. Bitte speichern Sie das Bild neu oder wählen Sie ein anderes."
)


class SiteImageForm(BaseImageForm):
    """Whoever adds an image says what the people on it have agreed to; the form does not answer for them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if file := self.fields.get("file"):
            file.to_python = refusing_what_cannot_be_read(file.to_python)
        if note := self.fields.get("consent_note"):
            note.help_text = "Wer wann zugestimmt hat, und wo die Erklärung liegt. Das steht nicht auf der Website."
        consent = self.fields.get("consent")
        if consent is not None and self.instance.pk is None:
            # The default of the model is for images that no person adds.
            self.initial["consent"] = None
            consent.initial = None
            consent.choices = [("", "Bitte wählen"), *consent.choices]

    def clean_file(self) -> Any:
        """Refuse drawings that do more than draw. Wagtail leaves that to the site."""
        file = self.cleaned_data.get("file")
        if "file" in self.changed_data and file and file.name.lower().endswith(".svg"):
            try:
                check_drawing(file)
            except NotOnlyADrawing as refusal:
                raise ValidationError(str(refusal)) from refusal
        return file


def refusing_what_cannot_be_read(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Wagtail's look at a picture, with a sentence for files that break or blow up the program that reads them."""

    def to_python(data: Any) -> Any:
        try:
            return read(data)
        except ValidationError:
            raise
        except Exception as error:  # Whatever a hostile file sets off in there, it is refused.
            logger.warning("image refused: %s", type(error).__name__)
            raise ValidationError(UNREADABLE, code="invalid_image") from error

    return to_python
