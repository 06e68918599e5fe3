"""Presentation for edition 6 (Benneckenstein, 12–13 March 2019)."""

from pathlib import Path

from archive.demo_files.slides import Deck, Slide, write_deck

DECK = Deck(
    title="Netzwerke erkennen, entwickeln und gestalten",
    occasion="6. IKOE-Ideenwerkstatt, Benneckenstein, 12. bis 13. März 2019",
    host="HZ",
    slides=(
        Slide(
            "Warum Netzwerke?",
            (
                "Integration ist eine Aufgabe vieler Ämter, Träger und Vereine.",
                "Koordinierungsstellen verbinden diese Akteure, auch ohne ihnen etwas vorzuschreiben.",
                "Im ländlichen Raum ersetzen gute Beziehungen oft lange Wege.",
                "Ein Netzwerk trägt nur, wenn alle Beteiligten etwas davon haben.",
            ),
        ),
        Slide(
            "Erkennen: Wer gehört dazu?",
            (
                "Namen sammeln: Mit wem haben wir in den letzten Monaten gesprochen?",
                "Lücken sehen: Wer fehlt, obwohl er entscheidet oder betroffen ist?",
                "Verbindungen zeichnen: Wer kennt wen, wer vermittelt?",
                "Stärke schätzen: fester Kontakt, gelegentlicher Kontakt, kein Kontakt.",
            ),
        ),
        Slide(
            "Eine Netzwerkkarte in vier Schritten",
            (
                "Thema in die Mitte schreiben, zum Beispiel „Ankommen im ländlichen Raum“.",
                "Akteure auf Karten notieren und nach Nähe zum Thema legen.",
                "Linien ziehen: durchgezogen für Zusammenarbeit, gestrichelt für losen Kontakt.",
                "Zwei Stellen markieren, an denen eine neue Verbindung am meisten bewirkt.",
            ),
            numbered=True,
        ),
        Slide(
            "Entwickeln: Rollen klären",
            table=(
                ("Rolle", "Aufgabe im Netzwerk", "Leitfrage"),
                ("Anstoß", "bringt Themen und Menschen zusammen", "Was ist jetzt dran?"),
                ("Vermittlung", "übersetzt zwischen Verwaltung und Ehrenamt", "Wer versteht wen nicht?"),
                ("Pflege", "hält Kontakte und Absprachen wach", "Wen haben wir lange nicht gehört?"),
                ("Wissen", "hält fest, was gelernt wurde", "Wo finden es die anderen?"),
            ),
        ),
        Slide(
            "Gestalten: Treffen, die sich lohnen",
            (
                "Anlass: Jedes Treffen beantwortet eine Frage.",
                "Ort: Wechselnde Orte zeigen, wie andere arbeiten.",
                "Beteiligung: Kleine Gruppen, klare Aufgaben, sichtbare Ergebnisse.",
                "Abschluss: Wer macht was bis wann? Das Protokoll geht an alle.",
            ),
        ),
        Slide(
            "Zentrum und Peripherie",
            (
                "Kreisstadt: kurze Wege, viele Träger, oft Doppelstrukturen.",
                "Dörfer: wenige Anlaufstellen, dafür persönliche Bekanntschaft.",
                "Aufgabe: Angebote so planen, dass sie ohne Auto erreichbar sind.",
            ),
            (
                "Gespräch: Welche Potenziale liegen im demographischen Wandel?",
                "Vergleich: Was gelingt im Zentrum, was in der Peripherie besser?",
            ),
        ),
        Slide(
            "Aufgabe für die Zeit nach der Werkstatt",
            (
                "Die eigene Netzwerkkarte mit einer Kollegin oder einem Kollegen besprechen.",
                "Einen fehlenden Akteur ansprechen und zum nächsten Treffen einladen.",
                "Eine gute Erfahrung für das Archiv aufschreiben: eine Seite genügt.",
            ),
        ),
    ),
)


def write(path: Path) -> None:
    """Writes the PPTX to `path`."""
    write_deck(DECK, path)
