"""Blocks that carry their own content."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

RICH_TEXT_FEATURES = ["bold", "italic", "link", "document-link", "ol", "ul"]


class HeadingBlock(blocks.StructBlock):
    """A heading below the page title; the stream refuses skipped levels."""

    LEVELS = (("2", "Überschrift"), ("3", "Zwischenüberschrift"))

    text = blocks.CharBlock(label="Text", max_length=150)
    level = blocks.ChoiceBlock(label="Ebene", choices=LEVELS, default="2")

    class Meta:
        icon = "title"
        label = "Überschrift"
        description = "Gliedert den Text. Die Ebenen dürfen nicht übersprungen werden."
        preview_value = {"text": "Was besprochen wurde", "level": "2"}


class TextBlock(blocks.RichTextBlock):
    """Paragraphs and lists with links."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("features", RICH_TEXT_FEATURES)
        super().__init__(**kwargs)

    class Meta:
        icon = "pilcrow"
        label = "Text"
        description = "Absätze, Aufzählungen und Links."
        preview_value = "<p>Am zweiten Tag bestimmten die Teilnehmenden die Themen selbst.</p>"


class ImageBlock(blocks.StructBlock):
    """An image with caption; text alternative and credit come from the image itself."""

    image = ImageChooserBlock(label="Bild")
    caption = blocks.CharBlock(label="Bildunterschrift", required=False, max_length=255)

    class Meta:
        icon = "image"
        label = "Bild"
        description = "Ein Bild mit Bildunterschrift und Bildnachweis."


class QuoteBlock(blocks.StructBlock):
    """Words of a person who agreed to be quoted."""

    text = blocks.TextBlock(label="Zitat", rows=3, help_text="Ohne Anführungszeichen.")
    attribution = blocks.CharBlock(label="Wer sagt das?", max_length=150)
    function = blocks.CharBlock(label="Funktion oder Stelle", required=False, max_length=150)
    consent = blocks.BooleanBlock(label="Die zitierte Person hat zugestimmt.")

    class Meta:
        icon = "openquote"
        label = "Zitat"
        description = "Eine wörtliche Aussage mit Namen. Nur mit Einwilligung."
        preview_value = {
            "text": "Hier kann ich fragen, was ich sonst niemanden fragen kann.",
            "attribution": "Beispielzitat",
            "function": "Koordinierungsstelle",
            "consent": True,
        }


class FigureBlock(blocks.StructBlock):
    """One figure: what was planned, what was reached."""

    label = blocks.CharBlock(label="Bezeichnung", max_length=100)
    planned = blocks.IntegerBlock(label="geplant", required=False, min_value=0)
    reached = blocks.IntegerBlock(label="erreicht", min_value=0)


class FiguresBlock(blocks.StructBlock):
    """Figures as a table whose bars repeat the numbers."""

    caption = blocks.CharBlock(label="Titel der Tabelle", max_length=150)
    figures = blocks.ListBlock(FigureBlock(label="Zahl"), label="Zahlen", min_num=1)
    note = blocks.CharBlock(label="Anmerkung und Stand", required=False, max_length=255)

    class Meta:
        icon = "table"
        label = "Zahlen"
        description = "Geplant und erreicht, als Tabelle und als Balken."
        preview_value = {
            "caption": "Bilanz",
            "figures": [{"label": "Vernetzte Stellen", "planned": 33, "reached": 67}],
            "note": "",
        }


class DocumentsBlock(blocks.StructBlock):
    """Documents of the archive; every reader sees only those that they may see."""

    documents = blocks.ListBlock(DocumentChooserBlock(label="Dokument"), label="Dokumente", min_num=1)

    class Meta:
        icon = "doc-full"
        label = "Dokumente"
        description = "Dateien aus dem Archiv. Wer sie nicht sehen darf, sieht auch den Titel nicht."


class CallToActionBlock(blocks.StructBlock):
    """One thing to do next."""

    text = blocks.CharBlock(label="Text", required=False, max_length=200)
    button = blocks.CharBlock(label="Beschriftung", max_length=60)
    page = blocks.PageChooserBlock(label="Seite", required=False)
    url = blocks.URLBlock(label="oder Adresse", required=False)

    class Meta:
        icon = "link"
        label = "Handlungsaufruf"
        description = "Eine Schaltfläche zu einer Seite oder Adresse."

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if bool(cleaned.get("page")) == bool(cleaned.get("url")):
            error = ValidationError("Bitte entweder eine Seite oder eine Adresse angeben.")
            raise blocks.StructBlockValidationError({"page": error})
        return cleaned
