"""The form of an edition: which fields stand where, and the words beside them."""

from __future__ import annotations

from django.forms import CheckboxSelectMultiple, Select
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, MultipleChooserPanel, Panel

EDITION: list[Panel] = [
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("number"), FieldPanel("state"), FieldPanel("state_note")]),
            FieldRowPanel([FieldPanel("start_date"), FieldPanel("end_date"), FieldPanel("date_precision")]),
            FieldRowPanel([FieldPanel("place"), FieldPanel("venue")]),
            FieldPanel("motto", help_text="Die Frage oder der Satz, unter dem die Ausgabe steht."),
        ],
        heading="Eckdaten",
    ),
    FieldPanel("lead", help_text="Zwei, drei Sätze. Sie stehen auch in der Chronik und in der Suche."),
    FieldPanel("body"),
    InlinePanel(
        "programme_items",
        label="Programmpunkt",
        heading="Programm",
        help_text="Ist die Uhrzeit eines Punktes nicht bekannt, bleiben Tag und Zeit leer.",
    ),
    InlinePanel(
        "participations",
        label="Stelle",
        heading="Gastgeberin und Teilnahme",
        help_text=(
            "Die Gastgeberin steht oft zuerst fest, die anderen kommen nach der Veranstaltung dazu. „Personen“ sind "
            "die Teilnehmenden aus dieser Stelle. Ist nichts überliefert, bleibt es bei „Unbekannt“; für eine Stelle, "
            "die hier fehlt, gilt dasselbe."
        ),
    ),
    MultipleChooserPanel("photos", chooser_field_name="image", label="Foto", heading="Fotos"),
    FieldPanel("outlook"),
    FieldPanel("topics", widget=CheckboxSelectMultiple),
]

PROGRAMME_ITEM: list[Panel] = [
    FieldPanel("title"),
    FieldRowPanel([FieldPanel("format"), FieldPanel("room")]),
    FieldRowPanel([FieldPanel("day"), FieldPanel("start"), FieldPanel("end")]),
    FieldPanel("abstract"),
    FieldPanel("results"),
    InlinePanel("speakers", label="Person", heading="Mitwirkende"),
]

# One line for each of the fourteen, with a list in place of Wagtail's chooser, which opens a window for each.
PARTICIPATION: list[Panel] = [
    FieldRowPanel(
        [FieldPanel("office", widget=Select), FieldPanel("hosted"), FieldPanel("attended"), FieldPanel("persons")]
    )
]
