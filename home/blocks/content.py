"""Blocks of words: headings, paragraphs, quotations, questions that open, a call to action."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks

RICH_TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul"]


class HeadingBlock(blocks.StructBlock):
    """A heading below the page title; the stream refuses skipped levels."""

    LEVELS = (("2", "Überschrift"), ("3", "Zwischenüberschrift"))

    text = blocks.CharBlock(label="Text", max_length=150)
    level = blocks.ChoiceBlock(label="Ebene", choices=LEVELS, default="2")

    class Meta:
        icon = "title"
        label = "Überschrift"
        group = "Text"
        description = "Gliedert den Text. Die Ebenen dürfen nicht übersprungen werden."
        preview_value = {"text": "Was besprochen wurde", "level": "2"}

    def get_searchable_content(self, value: Any) -> list[str]:
        """The text alone: the label of the level would be found on every page."""
        return [value["text"]]


class TextBlock(blocks.RichTextBlock):
    """Paragraphs and lists with links."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("features", RICH_TEXT_FEATURES)
        super().__init__(**kwargs)

    class Meta:
        icon = "pilcrow"
        label = "Text"
        group = "Text"
        description = "Absätze, Aufzählungen und Links."
        preview_value = (
            "<p>Am zweiten Tag bestimmten die Teilnehmenden die Themen selbst. Im Barcamp ging es um:</p>"
            "<ul><li>politische Partizipation</li><li>Stammtische mit Unternehmen</li></ul>"
        )


class QuoteBlock(blocks.StructBlock):
    """Words of a person who agreed to be quoted."""

    text = blocks.TextBlock(label="Zitat", rows=3, help_text="Ohne Anführungszeichen.")
    attribution = blocks.CharBlock(label="Wer sagt das?", max_length=150)
    function = blocks.CharBlock(label="Funktion oder Stelle", required=False, max_length=150)
    consent = blocks.BooleanBlock(label="Die zitierte Person hat zugestimmt.")

    class Meta:
        icon = "openquote"
        label = "Zitat"
        group = "Text"
        description = "Eine wörtliche Aussage mit Namen. Nur mit Einwilligung."
        preview_value = {
            "text": "Hier kann ich fragen, was ich sonst niemanden fragen kann.",
            "attribution": "Beispielzitat",
            "function": "Koordinierungsstelle",
            "consent": True,
        }


class AccordionEntryBlock(blocks.StructBlock):
    """One line of an accordion and what it opens."""

    title = blocks.CharBlock(label="Frage oder Titel", max_length=150)
    text = TextBlock(label="Antwort oder Text")

    class Meta:
        icon = "arrow-right"
        label = "Eintrag"


class AccordionBlock(blocks.StructBlock):
    """Entries that readers open one by one; whatever cannot open (mail, text, paper) shows them all."""

    entries = blocks.ListBlock(AccordionEntryBlock(), label="Einträge", min_num=1)

    class Meta:
        icon = "list-ul"
        label = "Aufklappbare Texte"
        group = "Text"
        description = "Fragen und Antworten, die Lesende einzeln öffnen. In Mail und PDF steht alles offen da."
        preview_value = {
            "entries": [
                {
                    "title": "Wer kann teilnehmen?",
                    "text": "<p>Alle Integrationskoordinatorinnen und Integrationskoordinatoren des Landes.</p>",
                },
                {"title": "Was kostet es?", "text": "<p>Die Teilnahme ist kostenfrei.</p>"},
            ]
        }


class CallToActionBlock(blocks.StructBlock):
    """One thing to do next."""

    text = blocks.CharBlock(label="Text", required=False, max_length=200)
    button = blocks.CharBlock(label="Beschriftung", max_length=60)
    page = blocks.PageChooserBlock(label="Seite", required=False)
    url = blocks.URLBlock(label="oder Adresse", required=False)

    class Meta:
        icon = "link"
        label = "Handlungsaufruf"
        group = "Verweise"
        description = "Eine Schaltfläche zu einer Seite oder Adresse."
        preview_value = {
            "text": "Viermal im Jahr: Termine, Berichte und neue Dokumente.",
            "button": "Newsletter bestellen",
            "page": None,
            "url": "https://ikoe.example.org/newsletter/",
        }

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        # A draft may be unfinished: what somebody has just begun must not stop it from saving itself.
        if self.is_deferred_validation:
            return cleaned
        if bool(cleaned.get("page")) == bool(cleaned.get("url")):
            error = ValidationError("Bitte entweder eine Seite oder eine Adresse angeben.")
            raise blocks.StructBlockValidationError({"page": error})
        return cleaned
