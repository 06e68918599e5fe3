"""A plain text file for the steering group: preparing edition 7 (Salzwedel)."""

from pathlib import Path

TEXT = """Notizen der Steuerungsgruppe (Beispieldokument der Demo)

Vorbereitung der 7. IKOE-Ideenwerkstatt in Salzwedel

Offene Fragen
- Welche Themen wünschen sich die Koordinierungsstellen für die nächste Ausgabe?
- Welche lokale Perspektive kann der gastgebende Altmarkkreis Salzwedel einbringen?
- Welche Formate haben sich bewährt: World Café, kollegiale Fallberatung, Begehung vor Ort?

Ablauf der Vorbereitung
1. Themen bei den Koordinierungsstellen abfragen und bündeln.
2. Programmentwurf in der Steuerungsgruppe beraten.
3. Referentinnen und Referenten anfragen, Räume und Technik klären.
4. Einladung mit Programm versenden, Rückmeldungen sammeln.
5. Nach der Werkstatt: Ergebnisse sichern und ins Archiv geben.

Merkposten
- Unterlagen vorab an alle, damit die Zeit vor Ort für den Austausch bleibt.
- Fotos nur mit Einwilligung der abgebildeten Personen.
"""


def write(path: Path) -> None:
    """Writes the text to `path`."""
    path.write_text(TEXT, encoding="utf-8")
