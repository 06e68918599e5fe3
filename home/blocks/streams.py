"""Which blocks go where, and the rules that need more than one block."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks

from home.blocks.content import AccordionBlock, CallToActionBlock, HeadingBlock, QuoteBlock, TextBlock
from home.blocks.pictures import GalleryBlock, ImageBlock
from home.blocks.public_documents import PublicDocumentsBlock
from home.blocks.references import (
    ContactBlock,
    DatesBlock,
    DocumentsBlock,
    EditionTeaserBlock,
    PeopleBlock,
    ProgrammeBlock,
    ReportTeaserBlock,
)
from home.blocks.tables import FiguresBlock, TableBlock
from home.blocks.video import VideoBlock


class OrderedHeadingsStream(blocks.StreamBlock):
    """A stream whose headings start at level 2 and never skip one (WCAG 1.3.1, PDF/UA-1 7.4.2)."""

    heading = HeadingBlock()

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        # In a draft the heading that is missing may come last.
        if self.is_deferred_validation:
            return cleaned
        level = 1
        for index, child in enumerate(cleaned):
            if child.block_type != "heading":
                continue
            wanted = int(child.value["level"])
            if wanted > level + 1:
                message = "Vor einer Zwischenüberschrift fehlt eine Überschrift."
                raise blocks.StreamBlockValidationError({index: ValidationError(message)})
            level = wanted
        return cleaned


class BodyBlock(OrderedHeadingsStream):
    """The body of a page."""

    text = TextBlock()
    quote = QuoteBlock()
    accordion = AccordionBlock()
    image = ImageBlock()
    gallery = GalleryBlock()
    video = VideoBlock()
    figures = FiguresBlock()
    table = TableBlock()
    edition = EditionTeaserBlock()
    programme = ProgrammeBlock()
    dates = DatesBlock()
    people = PeopleBlock()
    report = ReportTeaserBlock()
    documents = DocumentsBlock()
    contact = ContactBlock()
    call_to_action = CallToActionBlock()


class NewsletterBlock(OrderedHeadingsStream):
    """The body of a newsletter issue."""

    text = TextBlock()
    quote = QuoteBlock()
    image = ImageBlock()
    figures = FiguresBlock()
    edition = EditionTeaserBlock()
    dates = DatesBlock()
    people = PeopleBlock()
    report = ReportTeaserBlock()
    documents = PublicDocumentsBlock()
    call_to_action = CallToActionBlock()
