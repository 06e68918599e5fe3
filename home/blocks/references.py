"""Blocks that show other content of the site. What is deleted or hidden from the reader vanishes from them."""

from __future__ import annotations

from typing import Any

from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from home.blocks.previews import ExampleBlock, first, newest_page, some_documents

EDITION = "home.EditionPage"
PERSON = "home.Person"


class PageExampleBlock(ExampleBlock):
    """A block about one page."""

    def example(self) -> dict[str, Any]:
        return {"page": newest_page(self.child_blocks["page"])}


class ReportTeaserBlock(PageExampleBlock):
    """A report with its title, date and teaser."""

    page = blocks.PageChooserBlock(label="Bericht", page_type="home.NewsPage")

    class Meta:
        icon = "doc-full-inverse"
        label = "Bericht"
        group = "Verweise"
        description = "Titel und Anrisstext eines Berichts mit Link."


class EditionTeaserBlock(PageExampleBlock):
    """An edition or a date with place and time."""

    page = blocks.PageChooserBlock(label="Ausgabe oder Termin", page_type=EDITION)

    class Meta:
        icon = "calendar-alt"
        label = "Ausgabe oder Termin"
        group = "Ideenwerkstatt"
        description = "Datum und Ort einer Ausgabe mit Link."


class ProgrammeBlock(PageExampleBlock):
    """The programme of an edition by half day."""

    page = blocks.PageChooserBlock(label="Ausgabe", page_type=EDITION)

    class Meta:
        icon = "clipboard-list"
        label = "Programm"
        group = "Ideenwerkstatt"
        description = "Das Programm einer Ausgabe nach halben Tagen. Es ändert sich mit der Ausgabe."

    def example(self) -> dict[str, Any]:
        pages = self.child_blocks["page"].target_model._default_manager
        return {"page": pages.filter(live=True, programme_items__isnull=False).order_by("-pk").first()}


class DatesBlock(ExampleBlock):
    """Chosen dates, or the next ones."""

    editions = blocks.ListBlock(
        blocks.PageChooserBlock(label="Ausgabe oder Termin", page_type=EDITION),
        label="Ausgewählte Termine",
        default=[],
        help_text="Ohne Auswahl stehen hier immer die nächsten Termine.",
    )
    count = blocks.IntegerBlock(
        label="Wie viele ohne Auswahl?", default=3, min_value=1, max_value=12, help_text="Höchstens so viele Termine."
    )

    class Meta:
        icon = "date"
        label = "Termine"
        group = "Ideenwerkstatt"
        description = "Die nächsten oder ausgewählte Termine, mit Link in den Kalender."

    def example(self) -> dict[str, Any]:
        # Chosen, so that something is shown between two seasons too.
        page = newest_page(self.child_blocks["editions"].child_block)
        return {"editions": [page] if page else [], "count": 3}


class DocumentsBlock(ExampleBlock):
    """Documents of the archive; every reader sees only those that they may see."""

    documents = blocks.ListBlock(DocumentChooserBlock(label="Dokument"), label="Dokumente", min_num=1)

    class Meta:
        icon = "doc-full"
        label = "Dokumente"
        group = "Verweise"
        description = "Dateien aus dem Archiv. Wer sie nicht sehen darf, sieht auch den Titel nicht."

    def example(self) -> dict[str, Any]:
        return {"documents": list(some_documents(2))}


class PeopleBlock(ExampleBlock):
    """People with function, organisation and how to reach them."""

    people = blocks.ListBlock(SnippetChooserBlock(PERSON, label="Person"), label="Personen", min_num=1)

    class Meta:
        icon = "group"
        label = "Personen"
        group = "Ideenwerkstatt"
        description = "Namen mit Funktion, Organisation und öffentlichem Kontakt."

    def example(self) -> dict[str, Any]:
        person = first(self.child_blocks["people"].child_block.target_model)
        return {"people": [person] if person else []}


class ContactBlock(ExampleBlock):
    """The one person to turn to."""

    person = SnippetChooserBlock(PERSON, label="Person")
    text = blocks.CharBlock(
        label="Worum geht es?",
        required=False,
        max_length=200,
        help_text="Ein Satz, zum Beispiel: Fragen zur Anmeldung beantwortet",
    )

    class Meta:
        icon = "mail"
        label = "Kontakt"
        group = "Verweise"
        description = "Eine Ansprechperson mit Telefon und E-Mail-Adresse."

    def example(self) -> dict[str, Any]:
        person = first(self.child_blocks["person"].target_model)
        return {"person": person, "text": "Fragen zum Programm beantwortet"}
