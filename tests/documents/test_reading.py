"""What a screen reader meets in a documentation, read from the structure tree: what no validator of PDF/UA looks at.

The checks are those of the tool `outloud`, which needs PyMuPDF (AGPL) and so is no dependency.
"""

from io import BytesIO
from itertools import pairwise

import pytest
from pypdf import PdfReader

from archive.documentation.variants import gathered, sources_of
from home.events.models import EditionPhoto
from tests.documents.editions import write_once
from tests.documents.tag_tree import order_of_content, order_of_tags, tree


@pytest.fixture
def pdf(edition, photo):
    for number in range(2):
        EditionPhoto.objects.create(page=edition, image=photo, caption=f"Foto {number}", sort_order=number)
    return write_once(next(sources_of(gathered(edition, "internal"), "internal")))


def all_nodes(node):
    yield node
    for kid in node.kids:
        yield from all_nodes(kid)


def test_documentation_reads_well(pdf):
    nodes = list(all_nodes(tree(pdf)))

    levels = [int(node.kind[1:]) for node in nodes if node.kind in {f"H{number}" for number in range(1, 7)}]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert levels.count(1) == 1
    for node in nodes:
        if node.kind == "TH":
            assert node.attribute("/Scope") in ("/Row", "/Column")
        if node.kind == "L":
            assert node.attribute("/ListNumbering")
            assert {kid.kind for kid in node.kids} <= {"LI", "L", "Caption"}, node.shape()
        if node.kind == "Table":
            # More head than data is no table, says outloud (TBL-010).
            assert len(node.find("TH")) <= len(node.find("TD"))
            widths = {len(row.find("TH") + row.find("TD")) for row in node.find("TR")}
            assert len(widths) == 1
        if node.kind == "Figure":
            assert node.entry["/Alt"].strip()
        if node.kind in ("LBody", "P", "TD"):
            assert node.kids or node.contents, node.shape()
        if node.kind == "TOCI":
            assert len(node.find("Link")) == 1


def test_pages_are_painted_in_the_order_in_which_they_are_read(pdf):
    assert order_of_content(pdf) == order_of_tags(pdf)


def test_bookmarks_are_the_headings(pdf):
    titles = []

    def collect(entries):
        for entry in entries:
            collect(entry) if isinstance(entry, list) else titles.append(" ".join(entry.title.split()))

    collect(PdfReader(BytesIO(pdf)).outline)

    assert titles[0].startswith("13. Ideenwerkstatt")
    for expected in ("Inhalt", "Auf einen Blick", "Programm", "Was besprochen wurde", "Fotos", "Chronik der Reihe"):
        assert expected in titles
