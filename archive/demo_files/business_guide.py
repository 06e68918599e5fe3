"""Working aid of 20 pages for edition 13 (Halle, 21–22 November 2024)."""

from pathlib import Path

from archive.demo_files.print_pages import Booklet, Page, write_booklet

CHAPTERS = (
    Page(
        "Ausgangspunkt",
        "Das Leitwort der 13. Ideenwerkstatt fragte, wie Verwaltungen nachhaltig mit Wirtschaft und Unternehmen "
        "zusammenarbeiten können.",
        (
            "Arbeit ist einer der wichtigsten Wege in die Gesellschaft.",
            "Koordinierungsstellen sprechen mit Menschen, die Arbeit suchen, und mit Stellen, die sie begleiten.",
            "Mit Betrieben sprechen sie seltener. Diese Arbeitshilfe sammelt Anregungen, das zu ändern.",
        ),
        closing="Drei Erkenntnisse aus Halle: gezielt ansprechen, Bedarfe kennen, Hürden abbauen.",
    ),
    Page(
        "So arbeiten Sie mit diesem Heft",
        "Jede Seite steht für sich. Beginnen Sie dort, wo es bei Ihnen gerade hakt.",
        (
            "Allein: eine Seite lesen, eine Frage beantworten, einen nächsten Schritt notieren.",
            "Im Team: eine Checkliste gemeinsam durchgehen und Unterschiede besprechen.",
            "Im Netzwerk: eine Vorlage ausprobieren und die Erfahrung ins Archiv geben.",
        ),
    ),
    Page(
        "Wer gehört an den Tisch?",
        "Arbeitsmarktintegration gelingt, wenn die wichtigen Akteure voneinander wissen.",
        table=(
            ("Akteur", "bringt ein", "braucht"),
            ("Betriebe", "Arbeitsplätze, Ausbildung, Praxis", "feste Ansprechstellen, kurze Wege"),
            ("Koordinierungsstelle", "Überblick, Vermittlung", "verlässliche Kontakte"),
            ("Kammern und Verbände", "Zugang zu Betrieben", "klare Anliegen"),
            ("Arbeitsverwaltung", "Vermittlung, Förderung", "frühe Information"),
            ("Migrantenorganisationen", "Vertrauen, Sprachen", "Beteiligung von Anfang an"),
            ("Bildungsträger", "Kurse, Begleitung", "Rückmeldung aus der Praxis"),
        ),
    ),
    Page(
        "Betriebe gezielt ansprechen",
        "Ein Handwerksbetrieb hat andere Fragen als ein Pflegedienst. Wer beide gleich anspricht, erreicht keinen.",
        (
            "Branche und Größe vor dem ersten Gespräch klären.",
            "Mit einer Frage beginnen, nicht mit einem Angebot.",
            "Zeiten wählen, die zum Betrieb passen: früh morgens, nach Feierabend, außerhalb der Saison.",
            "Eine Person nennen, die erreichbar ist und zurückruft.",
            "Nach dem Gespräch kurz festhalten, was vereinbart wurde.",
        ),
    ),
    Page(
        "Leitfaden für das erste Gespräch",
        "Zwanzig Minuten reichen, wenn sechs Fragen vorbereitet sind.",
        (
            "Welche Stellen sind schwer zu besetzen?",
            "Welche Erfahrungen haben Sie mit Beschäftigten aus anderen Ländern?",
            "Was hat dabei geholfen, was hat gefehlt?",
            "Welche Sprachkenntnisse sind am Arbeitsplatz wirklich nötig?",
            "Welche Behördenwege kosten Sie am meisten Zeit?",
            "Was wäre für Sie ein guter nächster Schritt?",
        ),
        numbered=True,
    ),
    Page(
        "Bedarfe verstehen",
        "Hinter der Frage nach einer Fachkraft stehen oft mehrere Bedarfe.",
        table=(
            ("Gesagt wird", "Gemeint sein kann", "Nachfragen"),
            ("„Wir finden niemanden.“", "Bisherige Wege tragen nicht mehr", "Wo wird gesucht?"),
            ("„Die Sprache reicht nicht.“", "Einweisung ist nur schriftlich", "Was muss verstanden werden?"),
            ("„Das dauert zu lange.“", "Abläufe sind unklar", "An welcher Stelle stockt es?"),
            ("„Die bleiben nicht.“", "Wohnen, Wege, Familie", "Warum ging die letzte Person?"),
        ),
    ),
    Page(
        "Hürden sammeln und sortieren",
        "Nicht jede Hürde liegt in der Verwaltung, und nicht jede lässt sich vor Ort abbauen.",
        (
            "Sofort lösbar: fehlende Auskunft, unklare Zuständigkeit, unverständliche Schreiben.",
            "Gemeinsam lösbar: Wege zur Arbeit, Kinderbetreuung, Sprachförderung im Betrieb.",
            "Weiterzugeben: Regeln, die andere Ebenen setzen. Hier helfen gesammelte Beispiele.",
        ),
        closing="Übung: Schreiben Sie drei Hürden auf Karten und legen Sie sie in eine der drei Gruppen.",
    ),
    Page(
        "Der Stammtisch als Arbeitsform",
        "In Halle wurden Stammtische als gutes Format vorgestellt, um sich kennenzulernen, zu vernetzen und zu arbeiten.",
        (
            "Alle wichtigen Akteure sitzen an einem Tisch.",
            "Fälle aus Betrieben werden konkret besprochen und gemeinsam gelöst.",
            "Der Ort ist neutral und gut erreichbar.",
            "Die Runde trifft sich regelmäßig, auch wenn gerade nichts brennt.",
        ),
    ),
    Page(
        "Vorlage: Ablauf eines Stammtischs",
        "Neunzig Minuten mit klarer Aufteilung lassen Raum für Gespräche.",
        table=(
            ("Abschnitt", "Inhalt", "Ergebnis"),
            ("Ankommen", "Namensrunde mit einer Frage", "Alle haben gesprochen"),
            ("Neues", "kurze Hinweise der Stellen", "Liste für das Ergebnisblatt"),
            ("Fall 1", "Schilderung, Rückfragen, Vorschläge", "nächster Schritt und Name"),
            ("Fall 2", "wie Fall 1", "nächster Schritt und Name"),
            ("Abschluss", "Was nehmen wir mit?", "nächster Termin"),
        ),
    ),
    Page(
        "Vorlage: Einladung",
        "Kurz, persönlich und mit einem Grund, gerade jetzt zu kommen.",
        (
            "Betreff: ein Satz mit Thema und Ort.",
            "Anlass: Welche Frage beschäftigt die Betriebe gerade?",
            "Nutzen: Was haben die Gäste nach dem Treffen, was sie vorher nicht hatten?",
            "Rahmen: Beginn, Ende, Anfahrt, Verpflegung, Barrierefreiheit.",
            "Antwort: an wen, bis wann, mit welchem eigenen Fall.",
        ),
    ),
    Page(
        "Fälle gemeinsam beraten",
        "Die kollegiale Fallberatung gehört zu den bewährten Formen der Ideenwerkstatt.",
        (
            "Eine Person schildert den Fall ohne Namen.",
            "Die Runde fragt nach, ohne Ratschläge zu geben.",
            "Die Runde sammelt Vermutungen: Was könnte dahinterstehen?",
            "Die Runde sammelt Vorschläge: Was könnte der nächste Schritt sein?",
            "Die fallgebende Person wählt aus und sagt, was sie tun wird.",
        ),
        numbered=True,
        closing="Vertraulichkeit wird am Anfang vereinbart. Protokolliert werden Schritte, keine Personen.",
    ),
    Page(
        "Vernetzung zwischen Behörden",
        "Betriebe erleben Verwaltung als Ganzes. Intern ist sie in viele Zuständigkeiten geteilt.",
        (
            "Eine gemeinsame Liste der Ansprechstellen führen und zweimal im Jahr prüfen.",
            "Übergaben verabreden: Wer meldet sich bei wem, und bis wann?",
            "Vordrucke und Merkblätter gegenseitig lesen und vereinfachen.",
            "Einmal im Jahr den Arbeitsplatz der anderen besuchen.",
        ),
    ),
    Page(
        "Im ländlichen Raum",
        "Gäste aus dem hessischen Landkreis Waldeck-Frankenberg gaben in Halle Einblicke in ihre Praxis.",
        (
            "Wege: Lässt sich der Arbeitsbeginn mit Bus oder Fahrgemeinschaft erreichen?",
            "Wohnen: Wer weiß von freien Wohnungen in der Nähe?",
            "Bekanntschaft: Wer im Ort kann eine Tür öffnen?",
            "Vereine: Wo entsteht Kontakt, der über die Arbeit hinausgeht?",
        ),
        closing="Frage an die eigene Region: Welche Stärke hat das Land, die der Stadt fehlt?",
    ),
    Page(
        "Job-Buddys: Begleitung am Arbeitsplatz",
        "Im Barcamp war das Job-Buddy-Programm ein Thema. Diese Punkte helfen bei der Planung.",
        (
            "Rolle: Ein Job-Buddy begleitet, er ersetzt weder Vorgesetzte noch Beratung.",
            "Zeit: Umfang und Dauer werden vorher vereinbart.",
            "Auswahl: Beide Seiten sagen, was sie erwarten und was nicht.",
            "Rückhalt: Eine Stelle ist da, wenn es schwierig wird.",
            "Abschluss: Die Begleitung endet mit einem Gespräch und einem Dank.",
        ),
    ),
    Page(
        "Vielfalt mitdenken",
        "Der Impuls zur Eröffnung verband Verwaltung, Zivilgesellschaft und Wirtschaft und blickte auf die "
        "Vielfaltsdimensionen.",
        (
            "Menschen haben nie nur ein Merkmal: Herkunft, Alter, Geschlecht, Behinderung und soziale Lage wirken zusammen.",
            "Angebote daraufhin prüfen, wen sie stillschweigend ausschließen.",
            "Bilder und Beispiele so wählen, dass sich viele wiederfinden.",
            "Betroffene fragen, bevor ein Angebot fertig ist.",
        ),
    ),
    Page(
        "Erfolg sichtbar machen",
        "Gute Zusammenarbeit ist leise. Wer sie erhalten will, muss sie zeigen.",
        table=(
            ("Frage", "Woran zu erkennen", "Wo festhalten"),
            ("Kennen wir uns?", "Anrufe ohne Umweg", "Kontaktliste"),
            ("Lösen wir Fälle?", "vereinbarte Schritte sind erledigt", "Ergebnisblatt"),
            ("Lernen wir?", "Vorlagen werden besser", "Archiv"),
            ("Bleiben wir dran?", "nächster Termin steht", "Kalender"),
        ),
    ),
    Page(
        "Checkliste für das nächste halbe Jahr",
        "Fünf Schritte, die neben der täglichen Arbeit zu schaffen sind.",
        (
            "Drei Betriebe anrufen und nur zuhören.",
            "Eine Liste der Ansprechstellen anlegen oder erneuern.",
            "Einen Stammtisch vorbereiten und einen Fall dafür finden.",
            "Eine Hürde auswählen und gemeinsam angehen.",
            "Das Ergebnis auf einer Seite für die nächste Ideenwerkstatt aufschreiben.",
        ),
        numbered=True,
    ),
    Page(
        "Platz für eigene Notizen",
        "Was nehmen Sie sich vor, und wer erfährt davon?",
        table=(
            ("Vorhaben", "Mit wem", "Bis wann"),
            ("", "", ""),
            ("", "", ""),
            ("", "", ""),
            ("", "", ""),
        ),
        closing="Rückmeldungen zu diesem Heft sind auf jeder Ideenwerkstatt willkommen.",
    ),
)

CONTENTS = Page(
    "Inhalt",
    "Eine Arbeitshilfe zum Leitwort der 13. Ideenwerkstatt, Seite für Seite einzeln verwendbar.",
    table=(("Kapitel", "Seite"), *((chapter.title, str(number)) for number, chapter in enumerate(CHAPTERS, 3))),
)

BOOKLET = Booklet(
    title="Verwaltung und Wirtschaft im Gespräch",
    subtitle="Arbeitshilfe für Koordinierungsstellen zur Zusammenarbeit mit Unternehmen",
    occasion="13. IKOE-Ideenwerkstatt, Halle (Saale), 21. bis 22. November 2024",
    host="HAL",
    pages=(CONTENTS, *CHAPTERS),
)


def write(path: Path) -> None:
    """Writes the PDF to `path`."""
    write_booklet(BOOKLET, path)
