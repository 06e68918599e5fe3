"""Content pages of the demo: home, project, Integrationsmanagement, legal pages."""

import datetime
from typing import Any

# A telephone number that stays on one line: no-break space, and a word joiner after the hyphen.
PHONE = "0391\N{NO-BREAK SPACE}5371-\N{WORD JOINER}271"
PHONE_LINK = f'<a href="tel:+493915371271">{PHONE}</a>'

HOME_TEASER = "Die Ideenwerkstatt und das Netz der 14 Koordinierungsstellen für Integration in Sachsen-Anhalt."
HERO_TITLE = "Halle bringt Verwaltung und Arbeitsmarkt ins Gespräch"
HERO_LEAD = (
    "Koordinierungsstellen aus fast allen Landkreisen und kreisfreien Städten haben anderthalb Tage lang beraten, wie "
    "Verwaltungen und Unternehmen besser zusammenarbeiten."
)
BALANCE = {
    "caption": "Bilanz 2015 bis 2018",
    "figures": [
        {"label": "Vernetzte Stellen", "planned": 33, "reached": 67},
        {"label": "Politische Vorgaben, Maßnahmen und Instrumente", "planned": 100, "reached": 132},
        {"label": "Basisworkshops", "planned": None, "reached": 40},
    ],
    "note": "Stand der Vorgaben und Maßnahmen: Oktober 2017.",
}

IDEENWERKSTATT_LEAD = (
    "Seit 2016 treffen sich die Koordinierungsstellen der elf Landkreise und drei kreisfreien Städte zum fachlichen "
    "Austausch, jedes Mal an einem anderen Ort."
)
IDEENWERKSTATT_BODY = [
    ("heading", {"text": "Wozu es sie gibt", "level": "2"}),
    (
        "text",
        "<p>Die Ideenwerkstatt gehört den Koordinierungsstellen. Sie tauschen sich aus, beraten einander und bringen mit, "
        "was sie beschäftigt. Dazu kommen Anstöße von außen: Vorträge, Workshops, Weiterbildung. IKOE sorgt dafür, dass "
        "Inhalt und Organisation stimmen.</p>"
        "<p>Die Themen legt eine Steuerungsgruppe fest. In ihr arbeiten gewählte Koordinierungsstellen und das "
        "Landesverwaltungsamt Sachsen-Anhalt zusammen.</p>",
    ),
    ("heading", {"text": "So läuft sie ab", "level": "2"}),
    (
        "text",
        "<p>Eine Ideenwerkstatt dauert anderthalb Tage und findet zweimal im Jahr statt. Die Gastgeberin wechselt, damit "
        "die Lage vor Ort zur Sprache kommt. Feste Bestandteile sind Workshops, Fachvorträge, World Café und Plenum, "
        "kollegiale Fallberatung und Beispiele aus der Praxis der Stellen.</p>",
    ),
]

# "path:…" in a link and the paths of `page`, `editions` stand for pages of the demo, `person` and `people` for keys of
# `people.PEOPLE`; `home.demo_references` puts the objects there.
PROJECT: dict[str, Any] = {
    "slug": "projekt",
    "title": "Das Projekt IKOE",
    "teaser": "Was IKOE tut, seit wann es das Projekt gibt und wer dafür arbeitet.",
    "lead": "IKOE begleitet Verwaltungen in Sachsen-Anhalt dabei, sich für Vielfalt zu öffnen, vor allem auf dem Land.",
    "body": [
        ("heading", {"text": "Aufgabe", "level": "2"}),
        (
            "text",
            "<p>IKOE ist ein Projekt der Auslandsgesellschaft Sachsen-Anhalt e.&nbsp;V. (AGSA) in Magdeburg. Wer in "
            "Verwaltung, Bildung und Zivilgesellschaft arbeitet, soll mit Vielfalt gut umgehen können.</p>"
            "<p>Dazu gehören die "
            '<a linktype="page" id="path:ideenwerkstatt">Ideenwerkstatt</a>, das '
            '<a linktype="page" id="path:ideencafe">Ideencafé</a>, <a linktype="page" id="path:fachtage">Fachtage</a>, '
            "Fortbildung und die Begleitung einzelner Verwaltungen.</p>",
        ),
        ("heading", {"text": "Stationen", "level": "2"}),
        (
            "table",
            {
                "table": {
                    "caption": "Das Projekt von 2015 bis 2024",
                    "columns": [
                        {"type": "text", "heading": "Jahr"},
                        {"type": "linked", "heading": "Was geschah"},
                    ],
                    "rows": [
                        {
                            "values": [
                                "2015",
                                "<p>Das Projekt beginnt. Es heißt Netzwerk „Interkulturelle Orientierung/Öffnung – "
                                "Fortbildungs- und Beratungsservice für Verwaltungen“.</p>",
                            ]
                        },
                        {
                            "values": [
                                "2016",
                                '<p>Die <a linktype="page" id="path:ideenwerkstatt/1">erste Ideenwerkstatt</a> findet in '
                                "Magdeburg statt.</p>",
                            ]
                        },
                        {
                            "values": [
                                "2018",
                                '<p>Das Projekt <a linktype="page" id="path:aktuelles/ikoe-projekt-erfolgreich-abgeschlossen">'
                                "zieht Bilanz</a>. Ein Folgeprojekt mit sieben Schwerpunkten ist bewilligt.</p>",
                            ]
                        },
                        {
                            "values": [
                                "2024",
                                "<p>Das Projekt heißt jetzt „Fachstelle Interkulturelle Öffnung und "
                                "Kompetenzentwicklung Sachsen-Anhalt“. Im November lädt es zur "
                                '<a linktype="page" id="path:ideenwerkstatt/13">13.&nbsp;Ideenwerkstatt</a> nach Halle ein.</p>',
                            ]
                        },
                    ],
                },
                "row_headings": True,
            },
        ),
        ("heading", {"text": "Was erreicht wurde", "level": "2"}),
        ("figures", BALANCE),
        ("heading", {"text": "Fragen und Antworten", "level": "2"}),
        (
            "accordion",
            {
                "entries": [
                    {
                        "title": "Wer trifft sich in der Ideenwerkstatt?",
                        "text": "<p>Die Koordinierungsstellen für Integration und Migration der elf Landkreise und drei "
                        "kreisfreien Städte in Sachsen-Anhalt.</p>",
                    },
                    {
                        "title": "Wer bereitet sie vor?",
                        "text": "<p>Eine Steuerungsgruppe aus gewählten Koordinierungsstellen und dem "
                        "Landesverwaltungsamt lenkt den Inhalt. IKOE kümmert sich darum, dass alles gelingt.</p>",
                    },
                    {
                        "title": "Womit befasst sich das Folgeprojekt von 2018?",
                        "text": "<p>Mit sieben Schwerpunkten. Vier davon sind bekannt:</p><ul>"
                        "<li>Integration in Kommunen steuern</li>"
                        "<li>Verwaltungen auf dem Weg zur Öffnung begleiten</li>"
                        "<li>Trainerinnen weiter ausbilden</li>"
                        "<li>Strukturen sichern</li></ul><p>Vorgesehen war auch ein Gütesiegel.</p>",
                    },
                    {
                        "title": "Wer fördert das Projekt?",
                        "text": "<p>Die Europäische Union mit dem Asyl-, Migrations- und Integrationsfonds (AMIF) in der "
                        "vierten Förderperiode, und das Land Sachsen-Anhalt.</p>",
                    },
                ]
            },
        ),
        ("heading", {"text": "Treffen 2024 und 2025", "level": "2"}),
        ("dates", {"editions": ["ideencafe/maerz-2025", "ideenwerkstatt/13"], "count": 3}),
        ("heading", {"text": "Team", "level": "2"}),
        ("people", {"people": ["michalak", "paulke"]}),
        ("contact", {"person": "michalak", "text": "Fragen zum Projekt beantwortet die Projektleitung:"}),
    ],
}

INTEGRATION_MANAGEMENT: dict[str, Any] = {
    "slug": "integrationsmanagement",
    "title": "Integrationsmanagement",
    "teaser": "Warum jede Kommune eine Stelle braucht, bei der die Fäden der Integration zusammenlaufen.",
    "lead": "Integration ist Sache der ganzen Kommune. Damit sie gelingt, braucht sie jemanden, der steuert.",
    "body": [
        ("heading", {"text": "Seit 2008 in jedem Landkreis", "level": "2"}),
        (
            "text",
            "<p>2008 trat in Sachsen-Anhalt eine Richtlinie des Innenministeriums in Kraft, die die Integrationsarbeit der "
            "Kommunen stärken sollte. Seither gibt es in allen elf Landkreisen und drei kreisfreien Städten eine "
            "Koordinierungsstelle für Integration oder Migration.</p>"
            "<p>Den Rahmen gab der Nationale Integrationsplan: Integration soll als Aufgabe der gesamten Kommune und aller "
            "Ressorts in der Politik vor Ort verankert sein. Die Verwaltung hat dabei eine Schlüsselrolle, bis hinein in "
            "die alltäglichen Leistungen, und Vertretungen von Migrantinnen und Migranten sind beteiligt.</p>",
        ),
        ("heading", {"text": "Was IKOE beiträgt", "level": "2"}),
        (
            "text",
            "<p>IKOE begleitet den Aufbau eines Integrationsmanagements, das eine Strategie hat, Wirkung prüft und "
            "vernetzt arbeitet: auf allen Ebenen der Verwaltung und mit allen, die dort tätig sind. Fachtage und die "
            "Ideenwerkstatt sind der Ort, an dem dieses Wissen weitergegeben wird.</p>",
        ),
        (
            "call_to_action",
            {"text": "", "button": "Zur Chronik der Ideenwerkstatt", "url": "", "page": "ideenwerkstatt"},
        ),
    ],
}

STATEMENT: dict[str, Any] = {
    "slug": "barrierefreiheit",
    "title": "Erklärung zur Barrierefreiheit",
    "teaser": "Wie zugänglich diese Website ist und an wen Sie sich wenden können.",
    "conformance": "partial",
    "scope": (
        "Diese Erklärung gilt für die Website der IKOE, für die PDF-Dokumentationen der Ideenwerkstatt und für den "
        "Newsletter. Wir richten uns nach dem Gesetz des Landes Sachsen-Anhalt zur Gleichstellung von Menschen mit "
        "Behinderungen (§§ 16a bis 16d BGG LSA) und nach § 11 der Verordnung dazu (BGGVO LSA)."
    ),
    "gaps": (
        "<ul><li>Präsentationen und Protokolle im Archiv stammen von vielen Menschen. Nicht alle Dateien haben "
        "Überschriften, Alternativtexte und eine sinnvolle Lesereihenfolge. <b>Alternative:</b> Der Text jeder Datei ist "
        "durchsuchbar, und auf Anfrage schicken wir Ihnen den Inhalt in einer zugänglichen Form.</li>"
        "<li>Es gibt noch keine Inhalte in Deutscher Gebärdensprache, und nur wenige in Leichter Sprache. "
        "<b>Alternative:</b> Rufen Sie uns an, wir erklären Ihnen die Inhalte.</li></ul>"
    ),
    "burden": (
        "<p>Dokumente aus den Jahren 2016 bis 2023 im Nachhinein umzuarbeiten, übersteigt die Mittel des Projekts. "
        "<b>Alternative:</b> Nennen Sie uns das Dokument, das Sie brauchen. Dann bereiten wir dieses eine für Sie auf.</p>"
    ),
    "excluded": (
        "<p>Büro-Dateien, die vor dem 23.&nbsp;September 2018 veröffentlicht wurden, und Angebote anderer Websites, auf "
        "die wir verweisen, fallen nicht unter die Vorschriften. <b>Alternative:</b> Auch hier helfen wir auf Anfrage.</p>"
    ),
    "method": (
        "Wir haben die Website selbst bewertet: mit automatischen Prüfungen jeder Seitenart (axe-core und Nu Html "
        "Checker), mit Durchgängen nur mit der Tastatur und bei 400 Prozent Vergrößerung. Die PDF-Dokumentationen prüft "
        "veraPDF gegen den Standard PDF/UA."
    ),
    "prepared_on": datetime.date(2024, 11, 22),
    "reviewed_on": datetime.date(2025, 1, 15),
    "contact": (
        "<p>Schreiben Sie uns, wenn Sie auf eine Barriere stoßen oder einen Inhalt in einer anderen Form brauchen. "
        f"Zuständig ist die Projektleitung der IKOE: Telefon {PHONE_LINK}, "
        'E-Mail <a href="mailto:ikoe@example.org">ikoe@example.org</a>. Wir antworten innerhalb eines Monats.</p>'
    ),
    "report_email": "ikoe@example.org",
    "enforcement": (
        "<p>Wir haben nach einem Monat nicht geantwortet, oder unsere Antwort hilft Ihnen nicht? Dann können Sie sich an "
        "die Ombudsstelle wenden. Sie vermittelt zwischen Ihnen und uns (§ 16d BGG LSA). "
        'Sie gehört zur Landesfachstelle für Barrierefreiheit Sachsen-Anhalt: <a href="https://www.'
        'lf-barrierefreiheit-st.de/ueber-uns/ombudsstelle">Seite der Ombudsstelle</a>.</p>'
    ),
}
