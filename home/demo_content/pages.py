"""Content pages of the demo: home, project, Integrationsmanagement, legal pages."""

from typing import Any

HOME_TEASER = "Die Ideenwerkstatt und das Netz der 14 Koordinierungsstellen für Integration in Sachsen-Anhalt."
HERO_TITLE = "Halle bringt Verwaltung und Arbeitsmarkt ins Gespräch"
HERO_LEAD = (
    "Koordinierungsstellen aus fast allen Landkreisen und kreisfreien Städten haben zwei Tage lang beraten, wie "
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

PROJECT: dict[str, Any] = {
    "slug": "projekt",
    "title": "Das Projekt IKOE",
    "teaser": "Was IKOE tut, seit wann es das Projekt gibt und wie es heißt.",
    "lead": "IKOE begleitet Verwaltungen in Sachsen-Anhalt dabei, sich für Vielfalt zu öffnen, vor allem auf dem Land.",
    "body": [
        ("heading", {"text": "Aufgabe", "level": "2"}),
        (
            "text",
            "<p>IKOE ist ein Projekt der Auslandsgesellschaft Sachsen-Anhalt e.&nbsp;V. (AGSA) in Magdeburg. Behörden, "
            "Schulen und Vereine sollen mit Vielfalt gut umgehen können. Dazu gehören die Ideenwerkstatt, Fachtage, "
            "Fortbildung und die Begleitung einzelner Verwaltungen.</p>",
        ),
        ("heading", {"text": "Zwei Namen, ein Projekt", "level": "2"}),
        (
            "text",
            "<ul><li><b>2015 bis 2018:</b> Netzwerk „Interkulturelle Orientierung/Öffnung – Fortbildungs- und "
            "Beratungsservice für Verwaltungen“.</li>"
            "<li><b>2024:</b> „Fachstelle Interkulturelle Öffnung und Kompetenzentwicklung Sachsen-Anhalt“, gefördert in "
            "der vierten AMIF-Förderperiode.</li></ul>",
        ),
        ("heading", {"text": "Team", "level": "2"}),
        (
            "text",
            "<p>Dr. Katja Michalak leitet das Projekt. Katja Paulke arbeitet im Projekt und führte durch die "
            "13. Ideenwerkstatt. Die Projektleitung ist unter Telefon 0391 5371-271 zu erreichen.</p>",
        ),
        ("figures", BALANCE),
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
        ("call_to_action", {"text": "", "button": "Zur Chronik der Ideenwerkstatt", "url": "", "page": "series"}),
    ],
}

IMPRINT: dict[str, Any] = {
    "slug": "impressum",
    "title": "Impressum",
    "teaser": "Wer diese Website herausgibt und wie Sie uns erreichen.",
    "lead": "",
    "body": [
        ("heading", {"text": "Herausgeberin", "level": "2"}),
        (
            "text",
            "<p>Auslandsgesellschaft Sachsen-Anhalt e.&nbsp;V. (AGSA)<br/>einewelt haus, Magdeburg<br/>"
            "Telefon 0391 5371-271<br/>E-Mail: ikoe@example.org</p>",
        ),
        ("heading", {"text": "Hinweis zur Demo", "level": "2"}),
        (
            "text",
            "<p>Sie sehen eine Demonstration mit Beispielinhalten. Vor der Veröffentlichung trägt der Verein hier die "
            "Angaben nach § 5 DDG und § 18 MStV ein: Anschrift, Vertretung, Register und die für den Inhalt "
            "verantwortliche Person.</p>",
        ),
    ],
}

PRIVACY: dict[str, Any] = {
    "slug": "datenschutz",
    "title": "Datenschutz",
    "teaser": "Welche Daten diese Website verarbeitet und welche nicht.",
    "lead": "Diese Website kommt ohne Cookies für Besucherinnen und Besucher aus und lädt nichts von Dritten.",
    "body": [
        ("heading", {"text": "Beim Lesen", "level": "2"}),
        (
            "text",
            "<p>Wir messen nicht, wer welche Seite liest. Schriften und Bilder liegen auf unserem eigenen Server. Ein Cookie "
            "setzen wir erst, wenn Sie sich anmelden.</p>",
        ),
        ("heading", {"text": "Newsletter", "level": "2"}),
        (
            "text",
            "<p>Für den Newsletter speichern wir Ihre E-Mail-Adresse, die gewählten Themen, Ihren Namen, wenn Sie ihn angeben, und den Nachweis Ihrer "
            "Einwilligung. Die Bestellung gilt erst, wenn Sie sie über einen Link in einer E-Mail bestätigen. Unsere Mails "
            "enthalten keine Zählpixel und keine umgeschriebenen Links. Sie können den Newsletter mit einem Klick "
            "abbestellen.</p>",
        ),
        ("heading", {"text": "Archiv", "level": "2"}),
        (
            "text",
            "<p>Abrufe von Dokumenten zählen wir je Monat, ohne festzuhalten, von wem sie kommen.</p>",
        ),
    ],
}

STATEMENT = {
    "slug": "barrierefreiheit",
    "title": "Erklärung zur Barrierefreiheit",
    "teaser": "Wie zugänglich diese Website ist und an wen Sie sich wenden können.",
    "gaps": (
        "<ul><li>Hochgeladene Präsentationen und Protokolle sind nicht in jedem Fall barrierefrei. Auf Anfrage erhalten "
        "Sie den Inhalt in einer zugänglichen Form.</li>"
        "<li>Inhalte in Leichter Sprache und in Deutscher Gebärdensprache fehlen noch.</li></ul>"
    ),
    "method": "Selbstbewertung mit automatischen Prüfungen und Durchgängen mit der Tastatur.",
    "contact": "<p>Telefon 0391 5371-271, E-Mail: ikoe@example.org. Wir antworten innerhalb eines Monats.</p>",
    "enforcement": (
        "<p>Wenn unsere Antwort nicht genügt, können Sie sich an die Ombudsstelle bei der Landesfachstelle für "
        "Barrierefreiheit Sachsen-Anhalt wenden (§ 16d BGG LSA).</p>"
    ),
}
