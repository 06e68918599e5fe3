"""Blocks of numbers and cells. Every table has a caption and headings: a cell alone says nothing (WCAG 1.3.1)."""

from __future__ import annotations

import datetime

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTable, TypedTableBlock, TypedTableBlockValidationError

# From so many columns on a table is wider than a phone.
WIDE_FROM = 4


class FigureBlock(blocks.StructBlock):
    """One figure: what was planned, what was reached."""

    label = blocks.CharBlock(label="Bezeichnung", max_length=100)
    planned = blocks.IntegerBlock(label="geplant", required=False, min_value=0)
    reached = blocks.IntegerBlock(label="erreicht", min_value=0)

    class Meta:
        # At the block, not at its fields: what stands there is part of migrations.
        help_text = "Was gezählt wurde, zum Beispiel „Vernetzte Stellen“. Ohne Plan bleibt „geplant“ leer."


class FiguresBlock(blocks.StructBlock):
    """Figures as a table whose bars repeat the numbers."""

    caption = blocks.CharBlock(label="Titel der Tabelle", max_length=150)
    figures = blocks.ListBlock(FigureBlock(label="Zahl"), label="Zahlen", min_num=1)
    as_of = blocks.DateBlock(label="Stand", required=False, format="%d.%m.%Y", help_text="Von wann die Zahlen sind.")
    note = blocks.CharBlock(label="Anmerkung", required=False, max_length=255)

    class Meta:
        icon = "sliders"
        label = "Zahlen"
        group = "Zahlen und Tabellen"
        description = "Geplant und erreicht, als Tabelle und als Balken."
        help_text = "Der Titel sagt, was alle Zahlen verbindet; die Anmerkung nennt die Quelle oder eine Besonderheit."
        preview_value = {
            "caption": "Bilanz",
            "figures": [
                {"label": "Vernetzte Stellen", "planned": 33, "reached": 67},
                {"label": "Politische Vorgaben und Maßnahmen", "planned": 100, "reached": 132},
            ],
            "as_of": datetime.date(2018, 12, 31),
            "note": "",
        }


class HeadedTableBlock(TypedTableBlock):
    """Cells in columns that have a name and a kind: text, number, text with links."""

    text = blocks.CharBlock(label="Text", required=False, max_length=500)
    number = blocks.DecimalBlock(label="Zahl", required=False)
    linked = blocks.RichTextBlock(label="Text mit Links", required=False, features=["bold", "italic", "link"])

    def clean(self, table: TypedTable) -> TypedTable:
        table = super().clean(table)
        if self.is_deferred_validation:
            return table
        problems = []
        if not table.caption.strip():
            problems.append("Bitte der Tabelle eine Beschriftung geben.")
        if not table.columns or not table.row_data:
            problems.append("Bitte mindestens eine Spalte und eine Zeile anlegen.")
        if any(not column["heading"].strip() for column in table.columns):
            problems.append("Bitte jeder Spalte eine Überschrift geben: Ohne sie ist die Tabelle nicht vorlesbar.")
        if problems:
            raise TypedTableBlockValidationError(non_block_errors=[ValidationError(problem) for problem in problems])
        return table


class TableValue(blocks.StructValue):
    """A table as its template sees it."""

    @property
    def is_wide(self) -> bool:
        """Whether its columns keep a least width, so that it scrolls sideways on a phone."""
        return len(self["table"].columns) >= WIDE_FROM


class TableBlock(blocks.StructBlock):
    """A table with named columns and, by choice, named rows."""

    table = HeadedTableBlock(label="Tabelle")
    row_headings = blocks.BooleanBlock(label="Die erste Spalte benennt die Zeilen.", required=False, default=True)

    class Meta:
        icon = "table"
        label = "Tabelle"
        group = "Zahlen und Tabellen"
        description = "Eine Tabelle mit Titel und benannten Spalten."
        value_class = TableValue
        preview_value = {
            "table": {
                "caption": "Unterstützung für Koordinierungsstellen",
                "columns": [
                    {"type": "text", "heading": "Angebot"},
                    {"type": "text", "heading": "Dauer"},
                    {"type": "number", "heading": "Plätze"},
                ],
                "rows": [
                    {"values": ["Basisworkshop", "ein Tag", 20]},
                    {"values": ["Kollegiale Fallberatung", "zwei Stunden", 8]},
                ],
            },
            "row_headings": True,
        }
