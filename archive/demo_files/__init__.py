"""The example files of the demo's archive, made in code: the same bytes on every run.

Titles and facts come from published reports on the Ideenwerkstatt; the working material in the files (questions,
checklists, ways of working) is our own and marked as an example in every file.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archive.demo_files import (
    application_checklist,
    barcamp_protocol,
    business_guide,
    funding_slides,
    network_slides,
    steering_notes,
    visit_guide,
)


@dataclass(frozen=True, slots=True)
class DemoFile:
    """A file by the name under which an editor would upload it, and the function that writes it to a path."""

    name: str
    write: Callable[[Path], None]


DEMO_FILES = (
    DemoFile("Fördermittel und Drittmittelakquise.pptx", funding_slides.write),
    DemoFile("Begehung der Migrationsagentur Burgenlandkreis.odt", visit_guide.write),
    DemoFile("Netzwerke erkennen, entwickeln und gestalten.pptx", network_slides.write),
    DemoFile("Verwaltung und Wirtschaft im Gespräch.pdf", business_guide.write),
    DemoFile("Neue Antragsformalitäten ab 2025.pdf", application_checklist.write),
    DemoFile("Ergebnisse des Barcamps.docx", barcamp_protocol.write),
    DemoFile("Notizen der Steuerungsgruppe.txt", steering_notes.write),
)
