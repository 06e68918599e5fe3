"""The home page in Leichte Sprache: what the site holds, how to find one's way, how to report a barrier.

This is what BITV 2.0 § 4 asks of a home page. The rules of Netzwerk Leichte Sprache: short sentences, one a line, no
passive, no genitive, no abbreviation without its words, long words parted by hyphens.
"""

from __future__ import annotations

from typing import Any

from home.demo_content.pages import PHONE_LINK


def lines(*sentences: str) -> str:
    """One paragraph, one sentence a line."""
    return f"<p>{'<br/>'.join(sentences)}</p>"


def menu() -> str:
    """The words of the menu, each with what stands behind it."""
    told = ("<br/>".join((f"<b>{word}:</b>", *sentences)) for word, sentences in MENU)
    return f"<ul>{''.join(f'<li>{text}</li>' for text in told)}</ul>"


MENU = (
    ("Aktuelles", ("Hier lesen Sie Berichte.", "Die Berichte sind über unsere Arbeit.")),
    ("Ideen-Werkstatt", ("Hier sehen Sie alle Treffen.", "Das erste Treffen war im Jahr 2016.")),
    ("Termine", ("Hier steht:", "Wann ist das nächste Treffen?")),
    ("Koordinierungs-Stellen", ("Hier finden Sie die 14 Büros.",)),
    ("Archiv", ("Hier finden Sie Texte von den Treffen.", "Sie können die Texte lesen.")),
    ("Info-Brief", ("Hier können Sie unseren Info-Brief bestellen.", "Der Info-Brief kommt 4 Mal im Jahr als E-Mail.")),
)

HOME: dict[str, Any] = {
    "title": "IKOE in Leichter Sprache",
    "hero_title": "Willkommen bei IKOE",
    "hero_lead": "Hier lesen Sie etwas über unsere Arbeit.\nDiese Seite ist in Leichter Sprache.",
    "search_description": "Was die Ideen-Werkstatt ist und wie Sie sich auf dieser Internet-Seite zurecht-finden.",
    "body": [
        ("heading", {"text": "Wer wir sind", "level": "2"}),
        (
            "text",
            lines(
                "IKOE ist ein Projekt.",
                "IKOE ist ein kurzes Wort für:",
                "Interkulturelle Öffnung und Kompetenz-Entwicklung.",
                "Das sind schwere Wörter.",
                "Sie bedeuten:",
                "Ämter lernen dazu.",
                "Ämter sollen für alle Menschen gut arbeiten.",
                "Es ist egal, woher ein Mensch kommt.",
            )
            + lines(
                "Ein Verein macht das Projekt.",
                "Der Verein heißt: Auslands-Gesellschaft Sachsen-Anhalt.",
                "Das kurze Wort dafür ist: AGSA.",
                "Der Verein ist in Magdeburg.",
            ),
        ),
        ("heading", {"text": "Was ist die Ideen-Werkstatt?", "level": "2"}),
        (
            "text",
            lines(
                "Die Ideen-Werkstatt ist ein Treffen.",
                "Das Treffen ist 2 Mal im Jahr.",
                "Es dauert anderthalb Tage.",
                "Das Treffen ist jedes Mal an einem anderen Ort in Sachsen-Anhalt.",
            )
            + lines(
                "Zu dem Treffen kommen Fach-Leute für Integration.",
                "Integration bedeutet:",
                "Alle Menschen gehören dazu.",
                "Alle Menschen können mitmachen.",
            )
            + lines(
                "Die Fach-Leute arbeiten in 14 Büros.",
                "Die Büros heißen: Koordinierungs-Stellen.",
                "11 Büros sind in Land-Kreisen.",
                "3 Büros sind in großen Städten:",
                "Dessau-Roßlau, Halle und Magdeburg.",
            )
            + lines(
                "Oben sehen Sie eine Land-Karte.",
                "Das ist unser Land: Sachsen-Anhalt.",
                "Jedes Feld auf der Karte ist ein Büro.",
                "Die runden Felder sind große Städte.",
                "Klicken Sie auf ein Feld.",
                "Dann kommen Sie zu der Seite von dem Büro.",
                "Die Seite ist in schwerer Sprache.",
            )
            + lines(
                "Bei dem Treffen sprechen die Fach-Leute miteinander.",
                "Sie hören Vorträge.",
                "Sie helfen sich mit guten Ideen.",
                "Dann können sie in ihrem Büro besser arbeiten.",
            ),
        ),
        ("heading", {"text": "So finden Sie sich zurecht", "level": "2"}),
        (
            "text",
            lines(
                "Oben auf der Seite ist das Menü.",
                "Im Menü stehen 6 Wörter.",
                "Klicken Sie auf ein Wort.",
                "Dann kommen Sie zu einer anderen Seite.",
                "Auf dem Handy drücken Sie zuerst auf das Wort: Menü.",
            )
            + menu()
            + lines(
                "Oben steht auch das Wort: Suche.",
                "Dort können Sie ein Wort schreiben.",
                "Dann suchen wir das Wort auf unserer Internet-Seite.",
            )
            + lines(
                "Oben wählen Sie auch die Sprache.",
                "Es gibt 3 Sprachen:",
                "Deutsch, Englisch und Leichte Sprache.",
            )
            + lines(
                "<b>Wichtig:</b>",
                "Bis jetzt ist nur diese Seite in Leichter Sprache.",
                "Die anderen Seiten sind in schwerer Sprache.",
                "Dann steht ein Stern nach dem Wort.",
                "Der Stern sieht so aus: *",
            ),
        ),
        ("heading", {"text": "Eine Internet-Seite für alle", "level": "2"}),
        (
            "text",
            lines(
                "Alle Menschen sollen unsere Internet-Seite nutzen können.",
                "Das schwere Wort dafür ist: barriere-frei.",
                "Wir haben unsere Internet-Seite geprüft.",
                "Das Ergebnis ist:",
                "Vieles ist gut.",
                "Manches ist noch schwer:",
            )
            + "<ul><li>Manche Texte im Archiv kann ein Computer nur schlecht vorlesen.</li>"
            "<li>Es gibt noch keine Videos in Gebärden-Sprache.</li>"
            "<li>Es gibt erst wenig in Leichter Sprache.</li></ul>"
            + lines(
                "Das alles steht in der Erklärung zur Barriere-Freiheit.",
                "Die Erklärung ist in schwerer Sprache.",
            ),
        ),
        ("heading", {"text": "Barriere melden", "level": "2"}),
        (
            "text",
            lines(
                "Haben Sie ein Problem mit unserer Internet-Seite?",
                "Oder brauchen Sie einen Text in einer anderen Form?",
                "Dann sagen Sie es uns.",
                "Sie können uns anrufen:",
                f"Telefon {PHONE_LINK}.",
                "Oder schreiben Sie eine E-Mail:",
                '<a href="mailto:ikoe@example.org">ikoe@example.org</a>.',
                "Oder schreiben Sie in unser Formular:",
                "Ganz unten auf der Seite steht: Barriere melden.",
                "Klicken Sie auf diese Wörter.",
                "Wir antworten in einem Monat.",
            )
            + lines(
                "Hilft Ihnen unsere Antwort nicht?",
                "Dann fragen Sie die Ombuds-Stelle.",
                "Die Ombuds-Stelle hilft bei Streit.",
                "Das kostet kein Geld.",
            ),
        ),
        (
            "call_to_action",
            {"text": "", "button": "Zur Erklärung zur Barriere-Freiheit", "page": "statement", "url": ""},
        ),
    ],
}
