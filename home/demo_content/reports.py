"""Reports of the demo."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from home.demo_content.pages import BALANCE
from home.pages.models import NewsPage

Origin = NewsPage.Origin


@dataclass(frozen=True)
class Report:
    """A report; `edition` is the slug of an Ideenwerkstatt, `image` a key of the drawn pictures."""

    slug: str
    title: str
    date: datetime.date
    teaser: str
    body: list[tuple[str, Any]]
    edition: str = ""
    topics: tuple[str, ...] = ()
    image: str = ""
    caption: str = ""
    origin: str = Origin.HERE
    origin_name: str = ""
    origin_url: str = ""
    contact: str = ""


REPORTS = [
    Report(
        "ikoe-projekt-erfolgreich-abgeschlossen",
        "IKOE zieht Bilanz: doppelt so viele Stellen vernetzt wie geplant",
        datetime.date(2018, 6, 8),
        "Das 2015 begonnene Projekt hat in Magdeburg gezeigt, was es erreicht hat. Ein Folgeprojekt ist bewilligt.",
        [
            (
                "text",
                "<p>Am 6. Juni 2018 hat das Netzwerk Interkulturelle Orientierung/Öffnung in Magdeburg seine Ergebnisse "
                "vorgestellt. Susi Möbbeck, Staatssekretärin im Ministerium für Arbeit, Soziales und Integration und "
                "Integrationsbeauftragte der Landesregierung, würdigte das Engagement und machte deutlich, dass es "
                "weiter gebraucht wird. Die Bedingungen seien schwieriger geworden: Vorurteile und Abwehr gegenüber "
                "Zugewanderten nähmen zu.</p>",
            ),
            ("heading", {"text": "Was erreicht wurde", "level": "2"}),
            ("figures", BALANCE),
            ("heading", {"text": "Höhepunkte", "level": "2"}),
            (
                "text",
                "<ul><li>Die Ideenwerkstatt als Ort des Austauschs.</li>"
                "<li>Die Begleitung zweier Verwaltungen: des Burgenlandkreises und der Stadt Halle (Saale).</li>"
                "<li>Im Burgenlandkreis entstanden „12 Leitsätze auf dem Weg zum Willkommensamt“.</li></ul>",
            ),
            ("heading", {"text": "Wie es weitergeht", "level": "2"}),
            (
                "text",
                "<p>Das Folgeprojekt umfasst sieben Bereiche. Unter anderem soll es Kommunen helfen, Integration zu steuern, "
                "Verwaltungen weiter begleiten, Trainerinnen ausbilden und Strukturen dauerhaft machen. Auch ein "
                "Gütesiegel ist vorgesehen.</p>"
                "<p>Über die Abschlusspräsentation hat das Integrationsportal mit einem Foto von Karsten Wiedener "
                "berichtet. Das Foto ist hier nicht zu sehen.</p>",
            ),
        ],
        topics=("interkulturelle-oeffnung",),
        image="balance",
        caption="Gezeichnetes Muster anstelle eines Fotos.",
        origin=Origin.FIRST_ELSEWHERE,
        origin_name="Integrationsportal Sachsen-Anhalt",
        contact="michalak",
    ),
    Report(
        "ideenwerkstatt-13-halle",
        "Halle bringt Verwaltung und Arbeitsmarkt ins Gespräch",
        datetime.date(2024, 11, 22),
        "Zur 13. Ideenwerkstatt kamen Koordinierungsstellen aus fast allen Landkreisen und kreisfreien Städten nach Halle. Das "
        "Thema: Wie finden Verwaltungen und Unternehmen zueinander?",
        [
            (
                "text",
                "<p>Ein Treffen, ein Leitwort: Am 21. und 22. November 2024 ging es in Halle darum, wie Verwaltungen mit der "
                "Wirtschaft dauerhaft zusammenarbeiten. Eingeladen hatte IKOE, Gastgeberin war Halle. Den Auftakt machte "
                "Projektleiterin Dr. Katja Michalak mit einem Impuls über Verwaltung, Zivilgesellschaft und Wirtschaft.</p>",
            ),
            ("heading", {"text": "An einem Tisch mit Betrieben", "level": "2"}),
            (
                "text",
                "<p>Debora Aust zeigte in Vortrag und Workshop, wie Netze der Unterstützung wachsen, und brachte Beispiele "
                "aus Brandenburg mit. Ihr Rat: Unternehmen gezielt ansprechen, nach ihrem Bedarf fragen, Hürden wegräumen. "
                "Stammtische eignen sich gut dafür, weil dort Fälle gleich gemeinsam gelöst werden.</p>"
                "<p>Beispiele aus dem ländlichen Hessen, dem Landkreis Waldeck-Frankenberg, stellten Latif Hamamiyeh Al-Homssi "
                "und Theresa Habich aus der Integrationskoordination vor.</p>",
            ),
            ("heading", {"text": "Barcamp am zweiten Tag", "level": "2"}),
            (
                "text",
                "<p>Job-Buddy, politische Partizipation und was die Landkreise sonst gerade bewegt: Am Freitag ging es um "
                "Themen der Teilnehmenden. Der Migrationsbeirat aus Halle erzählte von seiner Arbeit. Katja Paulke vom "
                "Projekt führte mit neuen Methoden durch beide Tage.</p>",
            ),
            ("heading", {"text": "Was als Nächstes kommt", "level": "2"}),
            (
                "text",
                "<p>Für 2025 stehen zwei Treffen im Kalender: das Ideencafé am 21. März im einewelt haus in Magdeburg und die "
                "nächste Ideenwerkstatt im November.</p>",
            ),
        ],
        edition="13",
        topics=("arbeitsmarkt", "laendlicher-raum", "ideenwerkstatt"),
        image="dialogue",
        caption="Drei Formen, die ineinandergreifen: Verwaltung, Wirtschaft, Zivilgesellschaft.",
        contact="michalak",
    ),
    Report(
        "ideenwerkstatt-13-kurzbericht",
        "Kurz berichtet: 13. Ideenwerkstatt in Halle",
        datetime.date(2024, 11, 22),
        "Die Fachstelle IKOE hatte die Koordinierungsstellen des Landes nach Halle eingeladen. Das Wichtigste in Kürze, so "
        "wie es die Auslandsgesellschaft gemeldet hat.",
        [
            (
                "text",
                "<p>Im November 2024 traf sich die Ideenwerkstatt zum 13. Mal, diesmal in Halle. Neben dem Leitwort zu "
                "Verwaltung und Arbeitsmarkt ging es um den Stand der Projektarbeit und um die Fach- und Servicestelle "
                "EU-Migration (EUmigra) der AGSA. Dirk Gödde vom Landesverwaltungsamt und die Investitionsbank erklärten, was "
                "sich 2025 bei Anträgen ändert.</p>"
                "<p>Die Fachstelle wird von der Europäischen Union und dem Land Sachsen-Anhalt in der vierten "
                "AMIF-Förderperiode gefördert. Ihr Augenmerk gilt dem ländlichen Raum.</p>"
                '<p>Mehr über das Treffen: <a linktype="page" id="path:ideenwerkstatt/13">Programm und Dokumente der '
                "13. Ideenwerkstatt</a>.</p>",
            ),
        ],
        edition="13",
        topics=("ideenwerkstatt",),
        origin=Origin.FULL_ELSEWHERE,
        origin_name="Auslandsgesellschaft Sachsen-Anhalt (AGSA)",
        origin_url="https://agsa.example.org/13-ideenwerkstatt/",
    ),
]

# Stays a draft until the demo publishes it as its first step, the way an editor would.
DRAFT_SLUG = "ideenwerkstatt-13-kurzbericht"
