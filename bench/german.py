"""German words as they occur in the archive of an association, by rank: made of parts, so that compounds are as common
as they are in German, and drawn by Zipf's law, so that some words stand on every page and most hardly anywhere.
"""

from __future__ import annotations

import random
import re
from array import array
from bisect import bisect
from itertools import accumulate

FUNCTION_WORDS = re.findall(
    r"\w+",
    "die der und in zu den das nicht von sie ist des sich mit dem dass er es ein ich auf so eine auch als an nach wie "
    "im für man aber aus durch wenn nur war noch werden bei hat wir was wird sein einen welche sind oder zur um haben "
    "einer mir über ihm diese einem ihr uns da zum kann doch vor dieser mich ihn du hatte seine mehr am denn nun "
    "unter sehr selbst schon hier bis habe ihre dann ihnen seiner alle wieder meine gegen vom ganz einzelnen wo muss "
    "ohne",
)
# Nouns with their plurals; the singular is also the tail of compounds, the second column with its joint their head.
NOUNS = [
    line.split("|")
    for line in """
Integration|Integrations|Integrationen;Beratung|Beratungs|Beratungen;Sprache|Sprach|Sprachen;Arbeit|Arbeits|Arbeiten
Förderung|Förder|Förderungen;Mittel|Mittel|Mitteln;Projekt|Projekt|Projekte;Stadt|Stadt|Städte;Land|Landes|Länder
Kreis|Kreis|Kreise;Gemeinde|Gemeinde|Gemeinden;Schule|Schul|Schulen;Kind|Kinder|Kinder;Familie|Familien|Familien
Frau|Frauen|Frauen;Jugend|Jugend|Jugendlichen;Migration|Migrations|Migrationen;Flucht|Flucht|Fluchten
Asyl|Asyl|Asyle;Recht|Rechts|Rechte;Amt|Amts|Ämter;Behörde|Behörden|Behörden;Verein|Vereins|Vereine
Ehrenamt|Ehrenamts|Ehrenämter;Netz|Netz|Netze;Werk|Werk|Werke;Markt|Markt|Märkte;Ausbildung|Ausbildungs|Ausbildungen
Beruf|Berufs|Berufe;Bildung|Bildungs|Bildungen;Kurs|Kurs|Kurse;Unterricht|Unterrichts|Unterrichte;Lehrer|Lehrer|Lehrern
Antrag|Antrags|Anträge;Bescheid|Bescheid|Bescheide;Verwaltung|Verwaltungs|Verwaltungen;Haushalt|Haushalts|Haushalte
Konzept|Konzept|Konzepte;Plan|Plan|Pläne;Ziel|Ziel|Ziele;Gruppe|Gruppen|Gruppen;Sitzung|Sitzungs|Sitzungen
Protokoll|Protokoll|Protokolle;Bericht|Berichts|Berichte;Stelle|Stellen|Stellen;Koordination|Koordinations|Koordinationen
Koordinator|Koordinatoren|Koordinatoren;Leitung|Leitungs|Leitungen;Steuerung|Steuerungs|Steuerungen;Rat|Rats|Räte
Ausschuss|Ausschuss|Ausschüsse;Ausländer|Ausländer|Ausländern;Bürger|Bürger|Bürgern;Mensch|Menschen|Menschen
Würde|Würde|Würden;Gewalt|Gewalt|Gewalten;Schutz|Schutz|Schutze;Hilfe|Hilfs|Hilfen;Wohnung|Wohnungs|Wohnungen
Haus|Haus|Häuser;Raum|Raum|Räume;Ort|Orts|Orte;Weg|Wege|Wege;Tag|Tages|Tage;Jahr|Jahres|Jahre;Zeit|Zeit|Zeiten
Gesundheit|Gesundheits|Gesundheiten;Arzt|Arzt|Ärzte;Pflege|Pflege|Pflegen;Kranken|Kranken|Kranken;Kasse|Kassen|Kassen
Geld|Geld|Gelder;Leistung|Leistungs|Leistungen;Sozial|Sozial|Sozialen;Dienst|Dienst|Dienste;Angebot|Angebots|Angebote
Träger|Träger|Trägern;Fach|Fach|Fächer;Kraft|Kräfte|Kräfte;Betrieb|Betriebs|Betriebe;Wirtschaft|Wirtschafts|Wirtschaften
Unternehmen|Unternehmens|Unternehmen;Handwerk|Handwerks|Handwerke;Kammer|Kammer|Kammern;Gesetz|Gesetzes|Gesetze
Verordnung|Verordnungs|Verordnungen;Richtlinie|Richtlinien|Richtlinien;Vertrag|Vertrags|Verträge;Kultur|Kultur|Kulturen
Religion|Religions|Religionen;Feier|Feier|Feiern;Fest|Fest|Feste;Musik|Musik|Musiken;Sport|Sport|Sporte
Begegnung|Begegnungs|Begegnungen;Gespräch|Gesprächs|Gespräche;Tisch|Tisch|Tische;Café|Café|Cafés;Idee|Ideen|Ideen
Werkstatt|Werkstatt|Werkstätten;Tagung|Tagungs|Tagungen;Vortrag|Vortrags|Vorträge;Thema|Themen|Themen;Frage|Frage|Fragen
Antwort|Antwort|Antworten;Lösung|Lösungs|Lösungen;Problem|Problem|Probleme;Erfahrung|Erfahrungs|Erfahrungen
Wissen|Wissens|Wissen;Daten|Daten|Daten;Zahl|Zahlen|Zahlen;Statistik|Statistik|Statistiken;Karte|Karten|Karten
Bild|Bild|Bilder;Film|Film|Filme;Presse|Presse|Pressen;Öffentlichkeit|Öffentlichkeits|Öffentlichkeiten
Medien|Medien|Medien;Zeitung|Zeitungs|Zeitungen;Brief|Brief|Briefe;Formular|Formular|Formulare;Frist|Fristen|Fristen
Prüfung|Prüfungs|Prüfungen;Nachweis|Nachweis|Nachweise;Verwendung|Verwendungs|Verwendungen;Zuwendung|Zuwendungs|Zuwendungen
Bund|Bundes|Bünde;Minister|Minister|Ministern;Regierung|Regierungs|Regierungen;Partei|Partei|Parteien;Wahl|Wahl|Wahlen
Teilnahme|Teilnahme|Teilnahmen;Übersetzung|Übersetzungs|Übersetzungen;Dolmetscher|Dolmetscher|Dolmetschern
Vermittlung|Vermittlungs|Vermittlungen;Verfahren|Verfahrens|Verfahren;Aufenthalt|Aufenthalts|Aufenthalte
Erlaubnis|Erlaubnis|Erlaubnisse;Duldung|Duldungs|Duldungen;Anerkennung|Anerkennungs|Anerkennungen;Zeugnis|Zeugnis|Zeugnisse
Abschluss|Abschluss|Abschlüsse;Eltern|Eltern|Eltern;Erziehung|Erziehungs|Erziehungen;Kita|Kita|Kitas;Hort|Hort|Horte
""".replace("\n", ";").split(";")
    if line
]
ADJECTIVES = re.findall(
    r"\w+",
    "neu gut groß klein wichtig gemeinsam kommunal regional örtlich fachlich sozial beruflich sprachlich rechtlich "
    "kulturell öffentlich freiwillig ehrenamtlich hauptamtlich jung alt lang kurz möglich nötig offen interkulturell "
    "europäisch deutsch arabisch ukrainisch syrisch finanziell digital persönlich jährlich monatlich",
)
VERBS = re.findall(
    r"\w+",
    "beraten fördern arbeiten planen treffen sprechen lernen lehren helfen unterstützen vermitteln koordinieren "
    "steuern leiten beantragen bewilligen prüfen berichten vorstellen diskutieren beschließen vereinbaren klären "
    "suchen finden bieten",
)
ENDINGS = ("", "e", "en", "er", "es", "em")


def vocabulary(size: int, seed: int) -> list[str]:
    """`size` words, the most frequent first: function words, plain words, then compounds of two and of three parts."""
    rng = random.Random(seed)  # noqa: S311 -- the same library every time
    plain = [form for singular, _, plural in NOUNS for form in (singular, plural)]
    plain += [adjective + ending for adjective in ADJECTIVES for ending in ENDINGS]
    plain += VERBS
    rng.shuffle(plain)
    pairs = [
        head + tail.lower()
        for first, head, _ in NOUNS
        for second, _, plural in NOUNS
        if first != second
        for tail in (second, plural)
    ]
    rng.shuffle(pairs)
    words = dict.fromkeys([*FUNCTION_WORDS, *plain, *pairs])
    while len(words) < size:
        head, middle, tail = rng.sample(NOUNS, 3)
        words[head[1] + middle[1].lower() + tail[rng.choice((0, 2))].lower()] = None
    return list(words)[:size]


class Zipf:
    """Draws positions of a list whose frequencies fall as 1/rank: random bits index a table of a million draws."""

    BITS = 20

    def __init__(self, size: int, seed: int) -> None:
        weights = list(accumulate(1 / rank for rank in range(1, size + 1)))
        steps = 1 << self.BITS
        self._table = [bisect(weights, (step + 0.5) / steps * weights[-1]) for step in range(steps)]
        self._random = random.Random(seed)  # noqa: S311 -- the same library every time

    def draw(self, count: int) -> list[int]:
        """So many positions, the first of the list most often."""
        table, mask = self._table, (1 << self.BITS) - 1
        return [table[number & mask] for number in array("I", self._random.randbytes(4 * count))]
