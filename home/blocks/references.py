"""Blocks that show another page in short."""

from __future__ import annotations

from wagtail import blocks


class ReportTeaserBlock(blocks.StructBlock):
    """A report with its title, date and teaser."""

    page = blocks.PageChooserBlock(label="Bericht", page_type="home.NewsPage")

    class Meta:
        icon = "doc-full-inverse"
        label = "Bericht"
        description = "Titel und Anrisstext eines Berichts mit Link."


class EditionTeaserBlock(blocks.StructBlock):
    """An edition or a date with place and time."""

    page = blocks.PageChooserBlock(label="Ausgabe oder Termin", page_type="home.EditionPage")

    class Meta:
        icon = "date"
        label = "Ausgabe oder Termin"
        description = "Datum und Ort einer Ausgabe mit Link."
