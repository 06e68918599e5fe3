"""Editions of the three series. What is not known stays open: times, who took part, editions 8 to 12."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from home.events.models import EditionPage, ProgrammeItem

State, Precision, Format = EditionPage.State, EditionPage.Precision, ProgrammeItem.Format


@dataclass(frozen=True)
class Item:
    """A programme item; `speakers` are keys of `people.PEOPLE` or plain names of organisations."""

    title: str
    format: str = ""
    speakers: tuple[str, ...] = ()
    day: datetime.date | None = None
    abstract: str = ""


@dataclass(frozen=True)
class Edition:
    """An edition of the demo."""

    series: str
    slug: str
    title: str
    state: str
    place: str = ""
    venue: str = ""
    number: int | None = None
    start: datetime.date | None = None
    end: datetime.date | None = None
    precision: str = Precision.DAY
    host: str = ""
    motto: str = ""
    state_note: str = ""
    lead: str = ""
    body: list[tuple[str, Any]] = field(default_factory=list)
    outlook: str = ""
    topics: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    # Keys of the drawn pictures with captions.
    photos: tuple[tuple[str, str], ...] = ()


def day(text: str) -> datetime.date:
    """A date of ISO 8601; raises ValueError."""
    return datetime.date.fromisoformat(text)


def _unrecorded(number: int) -> Edition:
    return Edition("ideenwerkstatt", str(number), f"{number}. Ideenwerkstatt", State.UNRECORDED, number=number)


MOTTO_13 = (
    "Verwaltung und Arbeitsmarktintegration: Wie können Verwaltungen nachhaltige und effektive Kooperations- und "
    "Kommunikationsformen mit der Wirtschaft und Unternehmen aufbauen und verbessern?"
)
THURSDAY, FRIDAY = day("2024-11-21"), day("2024-11-22")

EDITION_13 = Edition(
    "ideenwerkstatt",
    "13",
    "13. Ideenwerkstatt in Halle (Saale)",
    State.DOCUMENTED,
    place="Halle (Saale)",
    number=13,
    start=THURSDAY,
    end=FRIDAY,
    host="halle",
    motto=MOTTO_13,
    lead=(
        "Wie finden Verwaltungen und Betriebe zueinander? Darum ging es am 21. und 22. November 2024 in der Saalestadt, "
        "mit Beispielen aus Brandenburg und Hessen."
    ),
    body=[
        ("heading", {"text": "Das Leitwort", "level": "2"}),
        (
            "text",
            "<p>Zum Auftakt ordnete die Projektleitung das Leitwort ein: Verwaltung, Zivilgesellschaft und Wirtschaft "
            "gehören dabei zusammen, und wer für Vielfalt plant, muss mitdenken, dass sich ihre Dimensionen "
            "überschneiden. Der Impuls soll zugleich ein Grundstein für die weitere Arbeit des Projekts "
            "sein. Durch das ganze Treffen führte Katja Paulke vom Projekt.</p>",
        ),
        ("heading", {"text": "Unternehmen ansprechen", "level": "2"}),
        (
            "text",
            "<p>Ein Vortrag und ein Praxisworkshop zeigten am ersten Tag, wie Netze der Unterstützung entstehen, mit "
            "Beispielen aus Brandenburg. Worauf es dabei ankommt:</p>"
            "<ul><li>Jede Gruppe von Akteuren braucht eine eigene Ansprache.</li>"
            "<li>Am Anfang steht die Frage, was ein Betrieb braucht und welche Hürden er sieht.</li>"
            "<li>Stammtische mit allen wichtigen Beteiligten haben sich bewährt: Man lernt sich kennen und löst Fälle "
            "aus den Betrieben an einem Tisch.</li></ul>",
        ),
        ("heading", {"text": "Blick nach Hessen", "level": "2"}),
        (
            "text",
            "<p>Gute Beispiele aus einer ländlichen Gegend stellten Latif Hamamiyeh Al-Homssi und Theresa Habich vor. Beide "
            "arbeiten in der Integrationskoordination, ihre Beispiele kamen aus dem hessischen Landkreis "
            "Waldeck-Frankenberg.</p>",
        ),
        ("heading", {"text": "Themen der Teilnehmenden", "level": "2"}),
        (
            "text",
            "<p>Am zweiten Tag brachten die Koordinierungsstellen ihre eigenen Themen mit. Im Barcamp ging es unter anderem um das "
            "Programm Job-Buddy und um politische Partizipation. Der Migrationsbeirat aus Halle gab Einblick in seine "
            "Arbeit: welchen Spielraum er hat, was schwierig ist und wie die Abläufe sind.</p>",
        ),
        ("heading", {"text": "Anträge ab 2025", "level": "2"}),
        (
            "text",
            "<p>Das Landesverwaltungsamt und die Investitionsbank beantworteten Fragen zu neuen Formalitäten und Abläufen, "
            "die ab 2025 für Anträge gelten.</p>",
        ),
        ("heading", {"text": "Zum Abschluss", "level": "2"}),
        (
            "text",
            "<p>Fast alle Landkreise und kreisfreien Städte waren vertreten. Zum Abschluss stellten sich die "
            "Teilnehmenden so auf, dass sie die Umrisse von Sachsen-Anhalt bildeten, jede Person dort, wo sie "
            "arbeitet.</p>",
        ),
    ],
    outlook=(
        "<p>Für 2025 sind das nächste Ideencafé am 21. März im einewelt haus in Magdeburg und die nächste "
        "Ideenwerkstatt im November geplant.</p>"
    ),
    topics=("arbeitsmarkt", "foerderung", "laendlicher-raum", "ideenwerkstatt"),
    items=(
        Item(
            "Eröffnung und Impuls: Verwaltung, Zivilgesellschaft und Wirtschaft",
            speakers=("michalak",),
            day=THURSDAY,
            abstract="<p>Wie Verwaltungen heute arbeiten können, wenn Vielfalt mehr als eine Seite hat.</p>",
        ),
        Item(
            "Wie Verwaltungen Unternehmen ansprechen und einbinden",
            Format.TALK,
            ("aust",),
            THURSDAY,
            "<p>Wie Partner vor Ort ein Netz der Unterstützung knüpfen: Erfahrungen aus Brandenburg.</p>",
        ),
        Item(
            "Netze zwischen Behörden und Unternehmen knüpfen",
            Format.WORKSHOP,
            ("aust",),
            THURSDAY,
            "<p>Von der ersten Ansprache bis zum Stammtisch: Was brauchen Betriebe, wo liegen die Hürden?</p>",
        ),
        Item(
            "Integration im ländlichen Raum: Einblicke aus Waldeck-Frankenberg",
            Format.BEST_PRACTICE,
            ("al-homssi", "habich"),
            THURSDAY,
        ),
        Item(
            "Job-Buddy, politische Partizipation und weitere Themen aus den Landkreisen",
            Format.BARCAMP,
            ("Integrationskoordinatorinnen und -koordinatoren",),
            FRIDAY,
        ),
        Item(
            "Einblicke in die Arbeit des Migrationsbeirats",
            speakers=("Migrationsbeirat Halle",),
            day=FRIDAY,
        ),
        Item("Aktuelles aus der Projektarbeit", speakers=("IKOE, AGSA",)),
        Item(
            "Die Fach- und Servicestelle EU-Migration Sachsen-Anhalt (EUmigra) stellt sich vor",
            speakers=("EUmigra, AGSA",),
        ),
        Item(
            "Fragen zu neuen Antragsformalitäten und Abläufen ab 2025",
            speakers=("goedde", "Investitionsbank"),
        ),
    ),
    photos=(
        ("exchange", "Platzhalter für ein Foto vom ersten Tag."),
        ("barcamp", "Platzhalter für ein Foto vom zweiten Tag."),
    ),
)

EDITIONS = [
    Edition(
        "ideenwerkstatt",
        "1",
        "1. Ideenwerkstatt in Magdeburg",
        State.HELD,
        place="Magdeburg-Ottersleben",
        number=1,
        start=day("2016-11-01"),
        end=day("2016-11-02"),
        host="magdeburg",
        lead="Das erste Treffen klärte, wofür die Koordinierungsstellen da sind, und sammelte den Stand der Konzepte.",
        topics=("rollenverstaendnis", "integrationskonzepte"),
        items=(
            Item("Rollenverständnis der Koordinierungsstelle: Handlungs- und Aufgabenfelder"),
            Item("Stand der Integrationskonzepte in den Landkreisen und Städten"),
        ),
    ),
    Edition(
        "ideenwerkstatt",
        "2",
        "2. Ideenwerkstatt in Barby",
        State.HELD,
        place="Barby",
        venue="Kunsthof Augustusgabe",
        number=2,
        start=day("2017-06-21"),
        end=day("2017-06-22"),
        host="salzlandkreis",
        lead="Wie sehen wir uns selbst, wie sehen uns andere? Dazu kam ein Überblick über Förderung in Bund und Land.",
        topics=("rollenverstaendnis", "foerderung", "integrationskonzepte"),
        items=(
            Item("Rollenverständnis: Selbst- und Außenwahrnehmung in der Koordinierungsstelle"),
            Item("Bundes- und landesweite Förderinstrumente", speakers=("goedde",)),
            Item("Integrationskonzepte II"),
        ),
    ),
    Edition(
        "ideenwerkstatt",
        "3",
        "3. Ideenwerkstatt in Alterode",
        State.HELD,
        place="Alterode im Harz",
        number=3,
        start=day("2017-11-09"),
        end=day("2017-11-10"),
        host="mansfeld-suedharz",
        lead="Im Mittelpunkt standen die Handlungsfelder der Stellen und die Frage, was ihnen die IKOE-Website nützt.",
        topics=("rollenverstaendnis",),
        items=(
            Item("Handlungsfelder der Koordinierungsstellen"),
            Item("Nutzungsmöglichkeiten der IKOE-Website"),
        ),
    ),
    Edition(
        "ideenwerkstatt",
        "4",
        "4. Ideenwerkstatt in Merseburg",
        State.HELD,
        place="Merseburg",
        number=4,
        start=day("2018-03-07"),
        end=day("2018-03-08"),
        host="saalekreis",
        lead="Geld und Richtung: Mittel einwerben, die Ideenwerkstatt weiterdenken, das Landeskonzept mitgestalten.",
        topics=("foerderung", "integrationskonzepte"),
        items=(
            Item("Fördermittel und Drittmittelakquise"),
            Item("Perspektivische Ausrichtung der IKOE-Ideenwerkstatt"),
            Item("Forum- und Chatfunktion auf der IKOE-Website"),
            Item("Austausch zum Landesintegrationskonzept Sachsen-Anhalt", speakers=("malycha",)),
        ),
    ),
    Edition(
        "ideenwerkstatt",
        "5",
        "5. Ideenwerkstatt in Naumburg",
        State.HELD,
        place="Naumburg",
        venue="Migrationsagentur Burgenlandkreis",
        number=5,
        start=day("2018-10-16"),
        end=day("2018-10-17"),
        host="burgenlandkreis",
        lead="Zu Gast in der neu eröffneten Migrationsagentur: ein Rundgang, ein Vortrag und ein Blick auf Gesundheit.",
        topics=("eu-migration",),
        items=(
            Item(
                "Begehung der neu eröffneten Migrationsagentur Burgenlandkreis mit Präsentation vor Ort",
                Format.SITE_VISIT,
            ),
            Item(
                "EU-Migration in Sachsen-Anhalt: Handlung und Bedarfe aus Sicht der Koordinierungsstellen",
                Format.TALK,
                ("blau",),
            ),
            Item("Handlungsfeld Gesundheit am Beispiel der Suchtprävention"),
        ),
    ),
    Edition(
        "ideenwerkstatt",
        "6",
        "6. Ideenwerkstatt in Benneckenstein",
        State.HELD,
        place="Benneckenstein",
        venue="Aus- und Fortbildungsinstitut (AFI)",
        number=6,
        start=day("2019-03-12"),
        end=day("2019-03-13"),
        host="harz",
        lead="Forschung zum demografischen Wandel, Integration auf dem Land und ein Workshop über Netzwerke.",
        topics=("laendlicher-raum", "foerderung"),
        items=(
            Item(
                "Aktuelle Forschung: Entwicklungspotenziale im demografischen Wandel, Zentrum und Peripherie im Vergleich"
            ),
            Item("Integration im ländlichen Raum. Fluch oder Segen?", Format.TALK, ("wernike", "ludwig")),
            Item(
                "Vorstellung der Änderungsvorschläge: GBB und Richtlinie Koordinierungsstellen Migration", Format.TALK
            ),
            Item("Netzwerke erkennen, entwickeln und gestalten", Format.WORKSHOP, ("pappritz",)),
        ),
    ),
    Edition(
        "ideenwerkstatt",
        "7",
        "7. Ideenwerkstatt in Salzwedel",
        State.PREPARING,
        place="Salzwedel",
        number=7,
        start=day("2019-10-23"),
        end=day("2019-10-24"),
        host="altmarkkreis-salzwedel",
        state_note="Stand 2019",
        lead="Die letzte Nachricht über diese Ausgabe stammt aus ihrer Vorbereitung. Was dort besprochen wurde, fehlt noch.",
    ),
    *(_unrecorded(number) for number in range(8, 13)),
    EDITION_13,
    Edition(
        "ideenwerkstatt",
        "november-2025",
        "Ideenwerkstatt im November 2025",
        State.PREPARING,
        start=day("2025-11-01"),
        precision=Precision.MONTH,
        state_note="Stand November 2024",
        lead="Geplant für November 2025. Ort und Programm waren im November 2024 noch offen.",
        topics=("termine",),
    ),
    Edition(
        "ideencafe",
        "maerz-2025",
        "Ideencafé in Magdeburg",
        State.ANNOUNCED,
        place="Magdeburg",
        venue="einewelt haus",
        start=day("2025-03-21"),
        state_note="Stand November 2024",
        lead="Geplant für den 21. März 2025 im einewelt haus in Magdeburg.",
        topics=("termine",),
    ),
]
