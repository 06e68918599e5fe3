"""Impressum and Datenschutz of the demo. What only the association knows is a placeholder in square brackets."""

from typing import Any

from home.demo_content.pages import PHONE, PHONE_LINK


def heading(text: str, level: str = "2") -> tuple[str, dict[str, str]]:
    """A block of a stream."""
    return "heading", {"text": text, "level": level}


def to_fill_in(what: str) -> str:
    """A gap that nobody takes for a fact."""
    return f"<b>[Vom Verein einzutragen: {what}]</b>"


PUBLISHER = (
    "Auslandsgesellschaft Sachsen-Anhalt e.&nbsp;V. (AGSA)<br/>einewelt haus<br/>"
    f"{to_fill_in('Straße, Hausnummer und Postleitzahl')}<br/>Magdeburg"
)
REACH = f'Telefon {PHONE_LINK}<br/>E-Mail <a href="mailto:ikoe@example.org">ikoe@example.org</a>'

IMPRINT: dict[str, Any] = {
    "slug": "impressum",
    "title": "Impressum",
    "teaser": "Wer diese Website herausgibt und wie Sie uns erreichen.",
    "lead": "Angaben nach § 5 DDG und § 18 MStV.",
    "body": [
        heading("Herausgeberin"),
        ("text", f"<p>{PUBLISHER}</p><p>{REACH}</p>"),
        heading("Vertretung und Register"),
        (
            "text",
            f"<ul><li>Vertretungsberechtigter Vorstand: {to_fill_in('Namen')}</li>"
            f"<li>Registergericht: {to_fill_in('Amtsgericht')}</li>"
            f"<li>Vereinsregister: {to_fill_in('Nummer')}</li>"
            f"<li>Umsatzsteuer-Identifikationsnummer: {to_fill_in('Nummer, falls vorhanden')}</li></ul>",
        ),
        heading("Verantwortlich für den Inhalt"),
        ("text", f"<p>Nach § 18 Absatz 2 MStV: {to_fill_in('Name und Anschrift')}</p>"),
        heading("Bilder"),
        ("text", "<p>Wer ein Bild gemacht hat, steht unter dem Bild.</p>"),
        heading("Hinweis zur Demo"),
        (
            "text",
            "<p>Sie sehen eine Demonstration. E-Mail-Adressen und Links, die auf example.org enden, sind Beispiele und "
            "führen zu niemandem. Die Bilder sind gezeichnete Muster.</p>",
        ),
    ],
}

PRIVACY: dict[str, Any] = {
    "slug": "datenschutz",
    "title": "Datenschutz",
    "teaser": "Welche Daten diese Website verarbeitet, wozu, wie lange, und welche Rechte Sie haben.",
    "lead": "Diese Website kommt ohne Cookies für Besucherinnen und Besucher aus und lädt nichts von Dritten.",
    "body": [
        heading("Wer verantwortlich ist"),
        (
            "text",
            f"<p>{PUBLISHER}</p><p>{REACH}</p>"
            f"<p>Datenschutzbeauftragte Person: {to_fill_in('Name oder „nicht benannt“')}</p>",
        ),
        heading("Beim Lesen"),
        (
            "text",
            "<p>Wir messen nicht, wer welche Seite liest. Schriften und Bilder liegen auf unserem eigenen Server. "
            "Abrufe von Dokumenten zählen wir je Monat, ohne festzuhalten, von wem sie kommen.</p>"
            "<p>Damit eine Seite bei Ihnen ankommt, verarbeitet unser Server Ihre IP-Adresse. Unser Interesse ist eine "
            "Website, die sicher läuft (Art. 6 Abs. 1 Buchst. f DSGVO). Die Anwendung führt kein Zugriffsprotokoll. "
            "Ihre Protokolle nennen Vorgänge mit Nummern, nicht mit Namen oder Adressen. "
            f"Zugriffsprotokoll des Webservers davor: {to_fill_in('ob, mit welchen Angaben und wie lange')}</p>",
        ),
        heading("Videos"),
        (
            "text",
            "<p>Ein Video lädt erst, wenn Sie es anklicken. Spielt es bei einem anderen Anbieter, erfährt der dabei Ihre "
            "IP-Adresse. Ihr Klick ist die Einwilligung (Art. 6 Abs. 1 Buchst. a DSGVO); sie gilt nur für dieses "
            "Abspielen. Neben jedem Video steht sein Text.</p>",
        ),
        heading("Newsletter"),
        (
            "text",
            "<p>Wir speichern Ihre E-Mail-Adresse, die gewählten Themen und, wenn Sie ihn angeben, Ihren Namen. Grundlage "
            "ist Ihre Einwilligung (Art. 6 Abs. 1 Buchst. a DSGVO). Die Bestellung gilt erst, wenn Sie sie über den Link "
            "in einer E-Mail bestätigen.</p>"
            "<p>Damit wir die Einwilligung belegen können (Art. 7 Abs. 1 DSGVO), halten wir fest, wann Sie sich angemeldet "
            "und bestätigt haben, mit welchem Wortlaut und auf welcher Seite. Zu jeder Ausgabe speichern wir, ob sie "
            "zugestellt werden konnte. Ob Sie die Mail öffnen oder einen Link anklicken, messen wir nicht: Unsere Mails "
            "enthalten keine Zählpixel und keine umgeschriebenen Links.</p>"
            "<p>Abbestellen können Sie mit einem Klick in jeder Ausgabe. Danach schicken wir Ihnen keine mehr. Adresse und "
            "Nachweis bleiben gespeichert, bis die Frist für den Nachweis endet. "
            f"{to_fill_in('Frist')}</p>",
        ),
        heading("Zugang für Koordinierungsstellen"),
        (
            "text",
            "<p>Wer einen Zugang hat, arbeitet mit nicht öffentlichen Dokumenten. Dafür speichern wir Name, "
            "E-Mail-Adresse, Stelle, die letzte Anmeldung und zu jeder offenen Sitzung Browser und IP-Adresse, damit Sie "
            "fremde Anmeldungen erkennen und beenden können. Unser Interesse ist ein Archiv, das nur die "
            "Richtigen lesen (Art. 6 Abs. 1 Buchst. f DSGVO). Einmal im Jahr prüfen wir, ob ein Zugang noch gebraucht "
            "wird.</p>"
            "<p>Bitten Sie um einen Zugang, sieht Ihre Angaben nur die Redaktion. Wir löschen sie 90 Tage nach der "
            "Entscheidung, eine Einladung 90 Tage nach ihrem Ablauf.</p>"
            "<p>Cookies setzen wir erst auf den Seiten rund um die Anmeldung: eines für Ihre Sitzung, das höchstens zwei "
            "Wochen gilt, und eines gegen gefälschte Formulare, das ein Jahr gilt. Ohne sie ist keine sichere Anmeldung "
            "möglich (§ 25 Abs. 2 Nr. 2 TDDDG).</p>",
        ),
        heading("Meldung einer Barriere"),
        (
            "text",
            "<p>Wenn Sie eine Barriere melden, speichern wir Ihre Meldung und die Seite, um die es geht, und schicken sie "
            "per E-Mail an die zuständige Stelle. Name und E-Mail-Adresse sind freiwillig. Wir brauchen sie nur für die "
            "Antwort und löschen sie 90 Tage, nachdem die Meldung erledigt ist. Grundlage ist unser Interesse, "
            "Barrieren zu beseitigen und Ihnen zu antworten (Art. 6 Abs. 1 Buchst. f DSGVO).</p>",
        ),
        heading("Schutz der Formulare"),
        (
            "text",
            "<p>Wenn jemand eine Barriere meldet oder um einen Zugang bittet, zählen wir gegen Missbrauch, wie oft das von "
            "einem Anschluss oder für eine E-Mail-Adresse geschieht. Die Zahl steht unter einem Schlüssel, aus dem sich die Adresse nicht ablesen lässt, und "
            "verfällt spätestens nach einem Tag (Art. 6 Abs. 1 Buchst. f DSGVO).</p>",
        ),
        heading("Wer Daten bekommt"),
        (
            "text",
            "<p>Wir geben Ihre Daten nicht an Dritte weiter. E-Mails gehen über den Mailserver, den der Verein nutzt. "
            f"Betrieb von Server und Mailserver: {to_fill_in('Auftragsverarbeiter')}</p>",
        ),
        heading("Ihre Rechte"),
        (
            "text",
            "<p>Sie haben uns gegenüber diese Rechte:</p>"
            "<ul><li>Auskunft über Ihre Daten (Art. 15 DSGVO)</li>"
            "<li>Berichtigung falscher Daten (Art. 16)</li>"
            "<li>Löschung (Art. 17)</li>"
            "<li>Einschränkung der Verarbeitung (Art. 18)</li>"
            "<li>Übertragung Ihrer Daten (Art. 20)</li>"
            "<li>Widerspruch gegen eine Verarbeitung, die auf unserem Interesse beruht (Art. 21)</li>"
            "<li>Widerruf einer Einwilligung, jederzeit und mit Wirkung für die Zukunft (Art. 7 Abs. 3)</li></ul>"
            f'<p>Schreiben Sie an <a href="mailto:ikoe@example.org">ikoe@example.org</a> oder rufen Sie an: {PHONE}. '
            "Angaben sind nirgends Pflicht, außer dort, wo ein Formular sie braucht. Entscheidungen trifft bei uns kein "
            "Automat.</p>"
            "<p>Sie können sich auch beschweren (Art. 77 DSGVO), zum Beispiel bei der Landesbeauftragten für den "
            "Datenschutz Sachsen-Anhalt.</p>",
        ),
    ],
}
