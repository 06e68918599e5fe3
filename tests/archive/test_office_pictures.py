"""Slides drawn by a real LibreOffice."""

import http.server
import threading

import pytest
from PIL import Image
from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Inches

from archive.extraction import extract
from tests.pictures import picture

pytestmark = pytest.mark.libreoffice


def test_shown_slides_are_drawn_and_hidden_ones_are_not(pptx, tmp_path):
    leaves = extract(pptx, "pptx", tmp_path).leaves

    assert [(leaf.number, leaf.image is not None) for leaf in leaves] == [(1, True)]
    assert not (tmp_path / "2.webp").exists()
    with Image.open(leaves[0].image) as picture:
        assert picture.size == (881, 660)


def test_hidden_slides_are_drawn_if_wanted(pptx, tmp_path):
    leaves = extract(pptx, "pptx", tmp_path, with_notes=True).leaves

    assert [(leaf.number, leaf.image is not None) for leaf in leaves] == [(1, True), (2, True)]


def linking_to(target, path):
    """A presentation whose picture lies elsewhere."""
    presentation = Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    shown = slide.shapes.add_picture(picture(50, 50, "red"), 0, 0, Inches(10), Inches(7.5))
    relation = slide.part.rels.get_or_add_ext_rel(
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image", target
    )
    blip = shown._element.find(f".//{qn('a:blip')}")
    del blip.attrib[qn("r:embed")]
    blip.set(qn("r:link"), relation)
    presentation.save(path)
    return path


@pytest.mark.parametrize("place", ["network", "machine"])
def test_linked_pictures_are_neither_fetched_nor_drawn(tmp_path, place):
    """LibreOffice would ask any address for them, and draw any file of this machine."""
    asked, red = [], picture(50, 50, "red").getvalue()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(red)

        do_HEAD = do_OPTIONS = do_GET  # noqa: N815 -- names of the standard library

    (tmp_path / "secret.png").write_bytes(red)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    target = (
        f"http://127.0.0.1:{server.server_port}/a.png" if place == "network" else (tmp_path / "secret.png").as_uri()
    )

    (leaf,) = extract(linking_to(target, tmp_path / "a.pptx"), "pptx", tmp_path).leaves

    server.shutdown()
    server.server_close()
    assert asked == []
    with Image.open(leaf.image) as drawn:
        assert drawn.getpixel((400, 300)) == (255, 255, 255)
