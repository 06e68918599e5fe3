"""Content pages of the demo: home, project, Integrationsmanagement, legal pages."""

import datetime
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
        ("heading", {"text": "Meldung einer Barriere", "level": "2"}),
        (
            "text",
            "<p>Wenn Sie eine Barriere melden, speichern wir Ihre Meldung und die Seite, um die es geht. Name und "
            "E-Mail-Adresse sind freiwillig; wir löschen beides 90 Tage, nachdem die Meldung erledigt ist. Gegen "
            "Missbrauch zählen wir eine Stunde lang, wie viele Meldungen von einem Anschluss kommen, unter einem Schlüssel, "
            "aus dem sich die Adresse des Anschlusses nicht ablesen lässt.</p>",
        ),
        ("heading", {"text": "Archiv", "level": "2"}),
        (
            "text",
            "<p>Abrufe von Dokumenten zählen wir je Monat, ohne festzuhalten, von wem sie kommen.</p>",
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
        'Zuständig ist die Projektleitung der IKOE: Telefon <a href="tel:+493915371271">0391 5371-271</a>, '
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
