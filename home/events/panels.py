"""The form of an edition: which fields stand where, and the words beside them."""

from __future__ import annotations

from django.forms import CheckboxSelectMultiple, Select
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, MultipleChooserPanel, Panel

EDITION: list[Panel] = [
    MultiFieldPanel(
        [
            FieldPanel(
                "state",
                help_text=(
                    "„in Vorbereitung“: Kalender zeigen den Termin als vorläufig. „angekündigt“: Er gilt. „hat "
                    "stattgefunden“: Der Bericht folgt. „dokumentiert“: Alles steht da. „abgesagt“: Kalender streichen "
                    "den Termin. „noch nicht erfasst“: eine Lücke in der Chronik, die Suchmaschinen nicht sehen."
                ),
            ),
            FieldPanel("state_note", help_text="Steht in Klammern hinter dem Stand, zum Beispiel: wegen Krankheit."),
            FieldRowPanel(
                [
                    FieldPanel("number", help_text="Leer, wenn die Reihe nicht zählt."),
                    FieldPanel("place"),
                    FieldPanel("venue", help_text="Name des Gebäudes."),
                ]
            ),
            FieldRowPanel(
                [
                    FieldPanel("start_date", help_text="Der erste Tag."),
                    FieldPanel("end_date", help_text="Nur bei mehreren Tagen."),
                    FieldPanel("date_precision", help_text="„Monat“: Der Tag ist noch offen."),
                ]
            ),
            FieldPanel("motto", help_text="Die Frage oder der Satz, unter dem die Ausgabe steht."),
        ],
        heading="Eckdaten",
    ),
    FieldPanel("lead", help_text="Zwei, drei Sätze. Sie stehen auch in der Chronik und in der Suche."),
    FieldPanel("body", help_text="Der Rückblick, nach der Veranstaltung."),
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
    MultipleChooserPanel(
        "photos",
        chooser_field_name="image",
        label="Foto",
        heading="Fotos",
        help_text="Alle sehen sie. Fotos nur für die Koordinierungsstellen gehören als Dokumente ins Archiv.",
    ),
    FieldPanel("outlook", help_text="Wie es weitergeht, zum Beispiel mit der nächsten Ausgabe."),
    FieldPanel(
        "topics", widget=CheckboxSelectMultiple, help_text="Die Ausgabe steht dann auch auf den Seiten dieser Themen."
    ),
]

PROGRAMME_ITEM: list[Panel] = [
    FieldPanel("title", help_text="Worum es geht. Ob es ein Vortrag oder ein Workshop ist, sagt das Format."),
    FieldRowPanel(
        [
            FieldPanel("format", help_text="Darf leer bleiben, etwa bei Pausen."),
            FieldPanel("room", help_text="Doppelt belegte Räume werden gemeldet."),
        ]
    ),
    FieldRowPanel(
        [
            FieldPanel("day", help_text="Gehört zu jeder Uhrzeit."),
            FieldPanel("start", help_text="Zum Beispiel 09:30."),
            FieldPanel("end", help_text="Darf offen bleiben."),
        ]
    ),
    FieldPanel("abstract", help_text="Vor der Veranstaltung: worum es gehen soll."),
    FieldPanel("results", help_text="Danach: was dabei herauskam."),
    InlinePanel(
        "speakers",
        label="Person",
        heading="Mitwirkende",
        help_text="Eine Angabe genügt: Person, Stelle oder andere Organisation.",
    ),
]

SPEAKER: list[Panel] = [
    FieldPanel("person"),
    FieldPanel("office"),
    FieldPanel("organisation", help_text="Steht an Stelle der Organisation, die bei der Person eingetragen ist."),
    FieldPanel("part"),
]

# One line for each of the fourteen, with a list in place of Wagtail's chooser, which opens a window for each.
PARTICIPATION: list[Panel] = [
    FieldRowPanel(
        [FieldPanel("office", widget=Select), FieldPanel("hosted"), FieldPanel("attended"), FieldPanel("persons")]
    )
]
