"""What an author hid, deleted or noted beside the text is not found, unless an editor says so."""

import zipfile

import pytest
from docx import Document as Word
from docx.oxml import OxmlElement
from openpyxl import Workbook
from openpyxl.comments import Comment

from archive.extraction import extract
from tests.archive.made_files import SECRET

pytestmark = pytest.mark.usefixtures("bare_path")


def everything(path, tmp_path, **options):
    target = tmp_path / f"results-{len(list(tmp_path.iterdir()))}"
    target.mkdir()
    return "\n".join(leaf.text for leaf in extract(path, path.suffix[1:], target, **options).leaves)


def run_of(text, name="w:t"):
    run = OxmlElement("w:r")
    part = OxmlElement(name)
    part.text = text
    run.append(part)
    return run


@pytest.fixture
def docx(tmp_path):
    document = Word()
    paragraph = document.add_paragraph("Offen ")
    for tag, name in (("w:del", "w:delText"), ("w:del", "w:t"), ("w:moveFrom", "w:t")):
        change = OxmlElement(tag)
        change.append(run_of(f"{SECRET} gelöscht", name))
        paragraph._p.append(change)
    insertion = OxmlElement("w:ins")
    insertion.append(run_of("eingefügt"))
    paragraph._p.append(insertion)
    paragraph.add_run(f"{SECRET} verborgen").font.hidden = True
    document.add_comment(paragraph.runs[0], f"{SECRET} angemerkt", author="A", initials="A")
    document.sections[0].header.paragraphs[0].text = f"{SECRET} Kopf"
    document.save(tmp_path / "a.docx")
    return tmp_path / "a.docx"


def test_deletions_hidden_text_and_comments_of_word_are_left_out(docx, tmp_path):
    text = everything(docx, tmp_path)

    assert "Offen eingefügt" in text
    assert SECRET not in text


def test_second_telling_of_a_text_box_is_left_out(tmp_path):
    document = Word()
    paragraph = document.add_paragraph("Kasten")
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    choice = paragraph._p.makeelement(f"{{{mc}}}AlternateContent", nsmap={"mc": mc})
    for name in ("Choice", "Fallback"):
        branch = choice.makeelement(f"{{{mc}}}{name}")
        branch.append(run_of("Randnotiz"))
        choice.append(branch)
    paragraph._p.append(choice)
    document.save(tmp_path / "a.docx")

    assert everything(tmp_path / "a.docx", tmp_path).count("Randnotiz") == 1


ODT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0">
<office:automatic-styles>
<style:style style:name="T1" style:family="text"><style:text-properties text:display="none"/></style:style>
<style:style style:name="P9" style:family="drawing-page"><style:drawing-page-properties
 presentation:visibility="hidden"/></style:style>
</office:automatic-styles>
<office:body>%s</office:body></office:document-content>"""


def open_document(path, kind, body):
    with zipfile.ZipFile(path, "w") as container:
        container.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        container.writestr("content.xml", ODT % body)
    return path


def test_deletions_hidden_text_and_comments_of_odt_are_left_out(tmp_path):
    body = f"""<office:text><text:tracked-changes><text:changed-region><text:deletion><text:p>{SECRET} gelöscht</text:p>
    </text:deletion></text:changed-region></text:tracked-changes>
    <text:h>Über<text:span>schrift</text:span></text:h>
    <text:p>Offen<office:annotation><dc:creator>{SECRET}</dc:creator><text:p>{SECRET}</text:p></office:annotation>
    und<text:s/>gut <text:span text:style-name="T1">{SECRET}</text:span><text:a>hier</text:a>.<!-- {SECRET} --></text:p>
    <text:p><text:hidden-text>{SECRET}</text:hidden-text></text:p></office:text>"""

    text = everything(open_document(tmp_path / "a.odt", "text", body), tmp_path)

    assert "Überschrift" in text
    assert "Offen\n    und gut hier." in text
    assert SECRET not in text


def test_notes_and_hidden_slides_of_odp_come_only_if_wanted(tmp_path):
    body = f"""<office:presentation>
    <draw:page><draw:frame><draw:text-box><text:p>Erste</text:p></draw:text-box></draw:frame>
    <presentation:notes><draw:frame><draw:text-box><text:p>{SECRET} notiert</text:p></draw:text-box></draw:frame>
    </presentation:notes></draw:page>
    <draw:page draw:style-name="P9"><draw:frame><draw:text-box><text:p>{SECRET} ausgeblendet</text:p></draw:text-box>
    </draw:frame></draw:page></office:presentation>"""
    path = open_document(tmp_path / "a.odp", "presentation", body)

    hidden, shown = everything(path, tmp_path), everything(path, tmp_path, with_notes=True)

    assert hidden == "Erste"
    assert f"{SECRET} notiert" in shown
    assert f"{SECRET} ausgeblendet" in shown


def test_notes_hidden_slides_and_shapes_of_pptx_come_only_if_wanted(pptx, tmp_path):
    hidden, shown = everything(pptx, tmp_path), everything(pptx, tmp_path, with_notes=True)

    assert hidden == "Offen"
    assert all(f"{SECRET} {what}" in shown for what in ("notiert", "unsichtbar", "ausgeblendet"))


def test_hidden_sheets_and_comments_of_xlsx_come_only_if_wanted(tmp_path):
    book = Workbook()
    book.active["A1"] = "Harz"
    book.active["A1"].comment = Comment(f"{SECRET} angemerkt", "A")
    book.create_sheet("Intern")["A1"] = f"{SECRET} ausgeblendet"
    book["Intern"].sheet_state = "veryHidden"
    book.save(tmp_path / "a.xlsx")

    hidden = everything(tmp_path / "a.xlsx", tmp_path)
    shown = everything(tmp_path / "a.xlsx", tmp_path, with_notes=True)

    assert hidden == "Sheet\nHarz"
    assert f"{SECRET} ausgeblendet" in shown
    assert "angemerkt" not in shown


@pytest.mark.django_db
def test_notes_that_are_switched_off_are_gone_at_once(pptx, site, client, users, django_capture_on_commit_callbacks):
    """Not only when a worker comes round to it."""
    from django.urls import reverse

    from archive.indexing import read_version
    from archive.intake import take_in
    from archive.models import Document, Term

    document = take_in(pptx, "a.pptx", document=Document(title="Folien", reads_notes=True, level=0)).document
    read_version(document.current_version_id)
    assert Term.objects.filter(word__startswith="notier").exists()
    client.force_login(users["admin"])
    data = {"title": "Folien", "kind": "other", "language": "de", "licence": "all_rights", "level": 0, "tags": ""}

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("wagtaildocs:edit", args=[document.pk]), data)

    document.refresh_from_db()
    assert not document.reads_notes
    assert document.current_version.extraction == "waiting"
    assert not document.current_version.leaves.exists()
    assert not Term.objects.filter(word__startswith="notier").exists()
    read_version(document.current_version_id)
    assert [leaf.text for leaf in document.current_version.leaves.all()] == ["Offen"]
