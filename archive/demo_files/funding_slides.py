"""Presentation for edition 4 (Merseburg, 7–8 March 2018)."""

from pathlib import Path

from archive.demo_files.slides import Deck, Slide, write_deck

DECK = Deck(
    title="Fördermittel und Drittmittelakquise",
    occasion="4. IKOE-Ideenwerkstatt, Merseburg, 7. bis 8. März 2018",
    host="SK",
    slides=(
        Slide(
            "Worum es geht",
            (
                "Ausgangslage: Koordinierungsstellen haben viele Ideen und wenig freie Mittel.",
                "Ziel: Von der Idee zum Antrag kommen, ohne dass die tägliche Arbeit liegen bleibt.",
                "Weg: Erst den Bedarf klären, dann das passende Programm suchen, nicht umgekehrt.",
                "Heute: Begriffe, Suchwege, Checkliste, Fragen für die Arbeitsgruppen.",
            ),
        ),
        Slide(
            "Begriffe kurz erklärt",
            table=(
                ("Begriff", "Gemeint ist", "Frage an den Mittelgeber"),
                ("Fördermittel", "Geld für ein Vorhaben mit festgelegtem Zweck", "Welcher Zweck wird gefördert?"),
                ("Drittmittel", "Mittel, die nicht aus dem eigenen Haushalt kommen", "Wer darf Antrag stellen?"),
                ("Eigenanteil", "Was die Kommune selbst einbringt", "Zählen Arbeitsstunden und Räume?"),
                ("Verwendungsnachweis", "Bericht über Arbeit und Ausgaben", "Was wird wann verlangt?"),
            ),
        ),
        Slide(
            "Drei Fragen vor dem ersten Anruf",
            (
                "Was soll sich für wen ändern? Ein Satz genügt, er muss ohne Fachwörter auskommen.",
                "Wer ist dabei? Partner, die erst im Antrag auftauchen, fehlen später in der Umsetzung.",
                "Was bleibt, wenn die Förderung endet? Diese Frage stellt jeder Mittelgeber.",
            ),
            numbered=True,
        ),
        Slide(
            "Wo Förderprogramme zu finden sind",
            (
                "Bund: Datenbanken und Bekanntmachungen der Ministerien.",
                "Land: Richtlinien, Landesverwaltungsamt, Investitionsbank.",
                "Europa: Fonds mit eigenen Fristen, oft über Stellen des Landes.",
            ),
            (
                "Stiftungen: kleine Beträge, kurze Wege, klare Themen.",
                "Vor Ort: Sparkassen, Betriebe, Bürgerstiftungen.",
                "Nachbarn fragen: Eine andere Koordinierungsstelle kennt das Programm vielleicht schon.",
            ),
        ),
        Slide(
            "Checkliste: Welche Fördermittel passen?",
            (
                "Der Zweck des Programms und das Vorhaben lassen sich in einem Satz verbinden.",
                "Die Kommune oder ein Partner gehört zu den Antragsberechtigten.",
                "Die Frist lässt Zeit für Beteiligung, Beschluss und Unterschriften.",
                "Der Eigenanteil ist mit der Kämmerei besprochen.",
                "Jemand ist benannt, der Nachweise und Berichte führt.",
            ),
        ),
        Slide(
            "Vom Vorhaben zum Antrag",
            (
                "Skizze: eine Seite mit Anlass, Ziel, Maßnahmen, Beteiligten.",
                "Gespräch: Skizze mit dem Mittelgeber besprechen, Rückfragen notieren.",
                "Kostenplan: Personal, Sachkosten, Eigenanteil getrennt aufstellen.",
                "Gegenlesen: Jemand von außen liest den Antrag und fasst ihn zusammen.",
                "Ablage: Alle Unterlagen liegen an einem Ort, den auch die Vertretung kennt.",
            ),
            numbered=True,
        ),
        Slide(
            "Typische Stolpersteine",
            (
                "Zu früh begonnen: Maßnahmen starten vor der Bewilligung.",
                "Zu viel versprochen: Ziele lassen sich am Ende nicht belegen.",
                "Zu allein: Der Antrag hängt an einer einzigen Person.",
                "Zu spät gemeldet: Änderungen erreichen den Mittelgeber erst im Nachweis.",
            ),
        ),
        Slide(
            "Fragen für die Arbeitsgruppen",
            (
                "Welches Vorhaben in Ihrem Landkreis scheitert bisher am Geld?",
                "Welche Erfahrungen mit Drittmittelakquise möchten Sie weitergeben?",
                "Was könnten mehrere Koordinierungsstellen gemeinsam beantragen?",
                "Welche Unterstützung wünschen Sie sich vom Netzwerk?",
            ),
            notes="Moderation: je Frage zehn Minuten, Ergebnisse auf Karten sammeln.",
        ),
    ),
)


def write(path: Path) -> None:
    """Writes the PPTX to `path`."""
    write_deck(DECK, path)
