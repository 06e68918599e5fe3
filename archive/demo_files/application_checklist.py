"""Handout for edition 13 (Halle, 21–22 November 2024): questions on the new application formalities."""

from pathlib import Path

from archive.demo_files.print_pages import Booklet, Page, write_booklet

BOOKLET = Booklet(
    title="Neue Antragsformalitäten ab 2025",
    subtitle="Fragenliste und Checkliste für Koordinierungsstellen",
    occasion="13. IKOE-Ideenwerkstatt, Halle (Saale), 21. bis 22. November 2024",
    host="HAL",
    pages=(
        Page(
            "Worum es geht",
            "In Halle gab es Zeit für Fragen an das Landesverwaltungsamt und die Investitionsbank zu den Formalitäten und "
            "Abläufen, die vom Jahr 2025 an gelten.",
            (
                "Dieses Blatt sammelt Fragen, die vor einem Antrag zu klären sind.",
                "Es ersetzt keine Richtlinie und keine Auskunft der bewilligenden Stelle.",
                "Antworten tragen die Koordinierungsstellen selbst ein, am besten mit Datum und Quelle.",
            ),
            closing="Verbindlich ist immer, was die bewilligende Stelle schriftlich mitteilt.",
        ),
        Page(
            "Vor dem Antrag",
            "Wer Fördermittel beantragt, klärt zuerst Zuständigkeit, Fristen und Form.",
            (
                "Welche Stelle nimmt den Antrag an, welche bewilligt, welche prüft?",
                "Auf welchem Weg wird der Antrag eingereicht: Portal, Post oder beides?",
                "Welche Unterschriften sind nötig, und wer darf sie leisten?",
                "Welche Frist gilt, und was zählt als Eingang?",
                "Welche Anlagen gehören dazu, in welchem Dateiformat?",
                "Ab wann dürfen Maßnahmen beginnen?",
            ),
            numbered=True,
        ),
        Page(
            "Unterlagen bereitlegen",
            "Eine gemeinsame Ablage spart Rückfragen, auch in Vertretungszeiten.",
            table=(
                ("Unterlage", "Wer liefert sie?", "Erledigt am"),
                ("Beschreibung des Vorhabens", "Koordinierungsstelle", ""),
                ("Finanzierungsplan", "Koordinierungsstelle mit Kämmerei", ""),
                ("Nachweis der Zeichnungsbefugnis", "Hauptamt", ""),
                ("Stellenbeschreibung, wenn Personal gefördert wird", "Personalamt", ""),
                ("Erklärungen der Partner", "Partner", ""),
            ),
            closing="Tipp: Dateien mit Datum und Fassung benennen, damit niemand eine alte Fassung einreicht.",
        ),
        Page(
            "Während der Förderung",
            "Die meisten Schwierigkeiten entstehen nicht beim Antrag, sondern bei Änderungen und Nachweisen.",
            (
                "Wer führt die Belege, und wo liegen sie?",
                "Welche Änderungen sind vorher anzuzeigen?",
                "Wann und wie werden Mittel abgerufen?",
                "Welche Fristen gelten für Zwischennachweis und Verwendungsnachweis?",
                "Wie wird auf die Förderung hingewiesen?",
            ),
        ),
        Page(
            "Fragen an die bewilligende Stelle",
            "Platz für das eigene Gespräch. Offene Punkte gehören in die nächste Ideenwerkstatt.",
            table=(
                ("Frage", "Antwort", "Auskunft am"),
                ("Was ändert sich gegenüber dem bisherigen Verfahren?", "", ""),
                ("Welche Vordrucke sind zu verwenden?", "", ""),
                ("Wer hilft bei technischen Fragen?", "", ""),
                ("Gibt es Übergangsregeln für laufende Vorhaben?", "", ""),
            ),
        ),
    ),
)


def write(path: Path) -> None:
    """Writes the PDF to `path`."""
    write_booklet(BOOKLET, path)
