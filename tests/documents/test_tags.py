"""Each point of `home.rendering.tags`, read from the structure tree of a finished file."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from home.rendering.writer import write_pdf
from tests.documents.conftest import make_source
from tests.documents.tag_tree import Node, order_of_content, order_of_tags, tree


@pytest.fixture(scope="module")
def pdf(sample) -> bytes:
    return write_pdf(sample)


@pytest.fixture(scope="module")
def root(pdf) -> Node:
    return tree(pdf)


def content_of(pdf: bytes, page: int = 0) -> str:
    content = PdfReader(BytesIO(pdf)).pages[page].get_contents().get_data()
    return " ".join(content.decode("latin-1").split())


def test_running_heads_are_artifacts():
    content = content_of(write_pdf(make_source("<p>x</p>")))

    assert "/Artifact <</Type /Pagination/Subtype /Header>> BDC" in content
    assert "/Artifact <</Type /Pagination/Subtype /Footer>> BDC" in content


def test_content_is_painted_in_the_order_of_its_tags(pdf):
    assert order_of_content(pdf) == order_of_tags(pdf)


def test_decoration_is_no_figure(root):
    assert len(root.find("Figure")) == 2  # The map and the photo; the hidden drawing and the numeral are gone.
    assert [figure.entry.get("/Alt") for figure in root.find("Figure")] == [
        "Karte der Stellen",
        "Rauschen",
    ]


def test_figure_lies_where_it_is_painted(root):
    left, bottom, right, top = root.find("Figure")[0].attribute("/BBox")

    assert 50 < left < right < 545
    assert 50 < bottom < top < 792


def test_header_cells_have_a_scope(root):
    scopes = {cell.attribute("/Scope") for cell in root.find("TH")}

    assert scopes == {"/Row", "/Column"}


def test_table_over_two_pages_stays_one_table_with_one_head(root):
    (table,) = root.find("Table")

    assert [kid.kind for kid in table.kids] == ["Caption", "THead", "TBody"]
    assert len(table.find("TR")) == 61


def test_paragraph_over_two_pages_stays_one_paragraph(root):
    last = root.find("P")[-1]

    assert len({str(kid.entry.raw_get("/Pg")) for kid in last.kids}) == 2


def test_link_over_two_lines_is_one_link(root):
    link = root.find("Link")[-1]

    assert len(link.links) == 2
    assert link.links[0]["/Obj"]["/Contents"].startswith("dem Bericht der AGSA, dessen")
    assert link.find("Span")[0].entry["/E"] == "Auslandsgesellschaft"


def test_inner_language_is_kept(root):
    assert root.find("BlockQuote")[0].entry["/Lang"] == "en"


def test_emphasis_has_a_role(root):
    assert root.find("BlockQuote")[0].shape() == "BlockQuote(P(Em))"


def test_lists_have_numbering_and_bodies(root):
    numberings = [found.attribute("/ListNumbering") for found in root.find("L")]
    shapes = [found.shape() for found in root.find("L")]

    assert numberings == ["/Disc", "/Circle", "/Decimal", "/None", "/None"]
    assert shapes[0] == "L(LI(Lbl LBody) LI(Lbl LBody(P)) L(LI(Lbl LBody)))"
    assert shapes[3] == shapes[4] == "L(LI(Lbl LBody))"


def test_contents_line_is_one_link(root):
    (entry,) = root.find("TOCI")

    assert len(entry.find("Link")) == 1
    assert root.find("TOC")[0].shape().startswith("TOC(TOCI(P(Link")


def test_stock_functions_are_restored():
    from weasyprint.pdf import tags

    before = tags._build_box_tree
    write_pdf(make_source("<p>x</p>"))

    assert tags._build_box_tree is before
