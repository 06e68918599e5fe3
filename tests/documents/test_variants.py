"""All variants and lists: valid, in reading order, the same bytes twice, and without what is not for their readers."""

import datetime
import gc
import hashlib
import re
import subprocess
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.utils import timezone
from lxml import html as lxml_html
from PIL import Image
from pypdf import PdfReader
from pypdfium2 import PdfDocument

from archive.access import Level
from archive.documentation.building import State, request_build, run_build
from archive.documentation.lists import attendance_source, schedule_source
from archive.documentation.requesting import Variant
from archive.documentation.single_report import report_source
from archive.documentation.variants import gathered, source_for, sources_of, write_first_that_fits
from archive.models import Protocol, Resolution
from home.events.models import EditionPhoto, Participation, ProgrammeItem
from home.models import EditionPage, NewsIndexPage, NewsPage
from home.rendering.writer import write_pdf
from tests.contents import made_once
from tests.documents.editions import (
    SECRET,
    THURSDAY,
    add_edition,
    add_item,
    settled,
    squeezed,
    text_of,
    write_once,
)
from tests.documents.tag_tree import tree
from tests.documents_content import add_document
from tests.pictures import make_image


def written(edition, variant, write=write_once):
    sources = sources_of(gathered(EditionPage.objects.get(pk=edition.pk), variant), variant)
    return write_first_that_fits(next(sources), sources, write)[1]


@made_once
def full_edition(edition, photo):
    """With photos, an internal protocol with a resolution, and speakers of several kinds."""
    for number in range(3):
        EditionPhoto.objects.create(page=edition, image=photo, caption=f"Foto {number}", sort_order=number)
    protocol = add_document("Protokoll intern", "p", edition=edition, level=Level.COORDINATION, kind="protocol")
    Protocol.objects.filter(document=protocol).update(state=Protocol.State.RELEASED)
    Resolution.objects.create(protocol=protocol.protocol, what="Merkblatt heimlich abstimmen", who="Steuerungsgruppe")
    return settled(edition)


@made_once
def report(site, edition, photo):
    index = site.root_page.add_child(instance=NewsIndexPage(title="Aktuelles", slug="aktuelles"))
    page = NewsPage(
        title="Ein Bericht", slug="bericht", date=THURSDAY, teaser="Kurz gesagt.", lead_image=photo, edition=edition,
        body=[("heading", {"text": "Zwischen", "level": "2"}), ("text", "<p>Ein <em>Satz</em>.</p>")],
    )  # fmt: skip
    return index.add_child(instance=page)


@pytest.mark.java
def test_every_document_is_pdf_a_3a_and_pdf_ua_1(full_edition, report, verapdf, tmp_path):
    as_of = timezone.now()
    documents = {str(variant): written(full_edition, variant) for variant in Variant}
    documents["ablaufplan"] = write_pdf(schedule_source(full_edition, as_of=as_of))
    documents["anwesenheitsliste"] = write_pdf(attendance_source(full_edition, as_of=as_of))
    documents["bericht"] = write_pdf(report_source(report, as_of=as_of))

    for name, content in documents.items():
        (tmp_path / f"{name}.pdf").write_bytes(content)

    verapdf(*tmp_path.glob("*.pdf"))


@pytest.mark.parametrize("variant", ["internal", "short"])
@pytest.mark.slow  # each PDF twice
def test_same_edition_gives_the_same_bytes(full_edition, variant):
    first, second = (written(full_edition, variant, write_pdf) for _run in range(2))

    assert hashlib.sha256(first).hexdigest() == hashlib.sha256(second).hexdigest()


@pytest.mark.parametrize("variant", ["public", "short"])
def test_what_is_internal_is_nowhere_in_a_public_file(full_edition, variant):
    pdf = written(full_edition, variant)
    reader = PdfReader(BytesIO(pdf))

    parts = [text_of(pdf), str(reader.metadata), reader.trailer["/Root"]["/Metadata"].get_data().decode()]
    parts += [content.decode() for contents in reader.attachments.values() for content in contents]
    parts += [str(entry) for entry in reader.outline]
    parts += [str(page.get("/Annots") and [a.get_object() for a in page["/Annots"]]) for page in reader.pages]
    everything = squeezed("".join(parts))

    for secret in (SECRET, "Gesperrt", "Protokoll intern", "Merkblatt heimlich abstimmen"):
        assert squeezed(secret) not in everything


@pytest.mark.slow  # a PDF of a very long edition
def test_short_version_has_four_pages_at_most_however_much_there_is(full_edition, photo):
    full_edition.lead = "Ein Satz von vielen, der für sich steht. " * 100
    full_edition.motto = "Lang " * 500
    full_edition.outlook = f"<p>{'Weiter geht es. ' * 300}</p>"
    full_edition.body = [
        block
        for number in range(20)
        for block in (
            ("heading", {"text": f"Abschnitt {number} " + "mit langem Titel " * 5, "level": "2"}),
            ("text", f"<p>{'Ein ganzer Satz mit Inhalt. ' * 60}</p>"),
            ("quote", {"text": "Gut. " * 50, "attribution": "Jemand", "function": "", "consent": True}),
        )
    ]
    full_edition.save_revision().publish()
    for number in range(60):
        add_item(full_edition, "Titel " * 40, number, day=THURSDAY, start=datetime.time(9, number))
    for number in range(8):
        add_document(f"Dokument {number} " + "lang " * 30, f"x{number}", edition=full_edition, level=Level.PUBLIC)

    pdf = written(full_edition, "short")

    reader = PdfReader(BytesIO(pdf))
    assert len(reader.pages) == 4
    assert reader.metadata.title == "13. Ideenwerkstatt, Halle (Saale): Kurzfassung"
    assert "weitere Programmpunkte" in " ".join(text_of(pdf).split())


def test_short_version_becomes_a_document_of_its_own(full_edition):
    public = run_build(request_build(full_edition), write=write_once)
    short = run_build(request_build(full_edition, "short"), write=write_once)

    assert (public.state, short.state) == (State.STORED, State.STORED), short.reason
    assert short.version.document != public.version.document
    assert short.version.document.level == Level.PUBLIC
    assert short.version.original_name == "13-ideenwerkstatt-dokumentation-kurzfassung.pdf"


def extent_of(pdf, letter):
    """Between which millimetres of the width of the paper a letter stands, on all pages."""
    edges = []
    for page in PdfDocument(pdf):
        text = page.get_textpage()
        boxes = [text.get_charbox(number) for number, found in enumerate(text.get_text_range()) if found == letter]
        edges += [edge / 72 * 25.4 for box in boxes for edge in (box[0], box[2])]
    return min(edges), max(edges)


def words(text):
    return re.sub(r"[\s\u00ad\u200b-]+", "", text)


@pytest.mark.poppler
def test_reading_order_is_that_of_the_web_page(client, full_edition, tmp_path):
    page = lxml_html.fromstring(client.get(full_edition.url).content)
    (report,) = page.xpath("//*[@id='bericht']")
    spoken = [
        words(element.text_content())
        for element in report.xpath(".//h2 | .//h3 | .//h4 | .//p[not(ancestor::figure)] | .//li")
        if element.text_content().strip()
    ]
    path = tmp_path / "doc.pdf"
    path.write_bytes(written(full_edition, "public"))

    text = words(subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout)

    report_text = text[text.rindex(words("Was besprochen wurde")) :] if spoken else ""
    found = [report_text.find(part) for part in spoken if part != words(full_edition.lead)]
    assert len(found) > 4
    assert -1 not in found, spoken
    assert found == sorted(found)


def test_imprint_names_who_answers_for_it(full_edition):
    from home.identity import SiteIdentity

    identity = SiteIdentity.load()
    identity.organisation, identity.responsible, identity.email = "Verein e. V.", "Erika Beispiel", "post@example.org"
    identity.save()

    text = squeezed(text_of(written(full_edition, "public")))

    for expected in ("Verein e. V., Projekt IKOE", "Erika Beispiel (§ 18 Absatz 2 MStV)", "post@example.org",
                     "Alle Rechte vorbehalten", "Kennung"):  # fmt: skip
        assert squeezed(expected) in text, expected


def test_imprint_invents_nobody(full_edition):
    assert "Verantwortlich" not in text_of(written(full_edition, "public"))


def test_offices_of_which_nothing_is_known_are_no_rows(full_edition, offices):
    Participation.objects.create(page=full_edition, office=offices[1], attended=False)

    text = text_of(written(full_edition, "public"))

    assert "keine Angaben" not in text
    assert squeezed("nicht dabei") in squeezed(text)
    assert squeezed("Nicht erfasst: Landkreis Stelle ABI") in squeezed(text)


def test_list_to_sign_has_a_line_for_every_office(full_edition):
    source = attendance_source(full_edition, as_of=timezone.now())

    rows = lxml_html.fromstring(source.html).xpath("//table[1]/tbody/tr")
    heads = lxml_html.fromstring(source.html).xpath("//table[1]/thead//th/text()")
    assert len(rows) == 14
    assert heads == ["Stelle", "Name", "Unterschrift Donnerstag", "Unterschrift Freitag"]


@pytest.mark.parametrize(
    "change",
    [
        {"motto": "x" * 10_000},
        {"lead": "Wort " * 20_000},
        {"lead": "Danke 🎉 👩🏽‍💻 ★ ① \x0b"},
        {"motto": "Mit \u202eumgekehrter\u202c Richtung"},
        {"place": "", "start_date": None, "end_date": None, "number": None, "outlook": "", "body": []},
    ],
    ids=["one word", "long", "emoji", "bidi marks", "empty"],
)
@pytest.mark.slow  # a whole PDF for each
def test_odd_input_gives_a_good_file(full_edition, change):
    EditionPage.objects.filter(pk=full_edition.pk).update(**change)

    build = run_build(request_build(EditionPage.objects.get(pk=full_edition.pk)), write=write_once)

    assert build.state == State.STORED, build.reason


@pytest.mark.parametrize("variant", ["public", "short"])
def test_no_word_runs_off_the_paper(full_edition, variant):
    endless = "x" * 200
    add_item(full_edition, endless, 9, day=THURSDAY, room=endless[:100], abstract=f"<p>{endless}</p>")
    add_document(endless, "x", edition=full_edition, level=Level.PUBLIC, speakers=endless)
    full_edition.motto = full_edition.lead = full_edition.venue = endless
    full_edition.place = endless[:100]
    full_edition.outlook = f"<ul><li>{endless}</li></ul>"
    full_edition.body = [
        ("heading", {"text": endless[:150], "level": "2"}),
        ("text", f'<p><a href="https://example.org/{endless}">https://example.org/{endless}</a></p>'),
        ("quote", {"text": endless, "attribution": endless, "function": endless, "consent": True}),
    ]
    full_edition.save_revision().publish()

    pdf = written(full_edition, variant)

    left, right = extent_of(pdf, "x")
    # The margins have 18 mm; a letter may hang over by a hair.
    assert left > 17.5
    assert right < 210 - 17.5


def test_name_in_another_script_is_a_clear_reason(full_edition):
    item = ProgrammeItem.objects.filter(page=full_edition).first()
    item.title = "Gespräch mit محمد"
    item.save()

    build = run_build(request_build(full_edition), write=write_once)

    assert build.state == State.FAILED
    assert "in lateinischen Buchstaben" in build.reason


@pytest.mark.parametrize("href", ["file:///etc/passwd", "https://example.org/x.svg#a"])
def test_drawing_that_points_elsewhere_stops_the_build(full_edition, photo, href):
    picture = f'<image href="{href}" width="9" height="9"/>'
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{picture}</svg>'
    image = make_image(title="Zeichnung", file=ImageFile(BytesIO(drawing.encode()), "zeichnung.svg"))
    EditionPhoto.objects.create(page=full_edition, image=image, sort_order=9)

    build = run_build(request_build(full_edition), write=write_once)

    assert build.state == State.FAILED
    assert "root:" not in build.reason
    assert build.reason.startswith("Das Dokument verweist auf „")


# Wagtail leaves the temporary file of a rendition open if the image cannot be read.
@pytest.mark.filterwarnings("ignore:Exception ignored in.*SpooledTemporaryFile")
def test_broken_image_file_is_named_with_its_place(full_edition, photo):
    photo.file.storage.delete(photo.file.name)
    photo.file.storage.save(photo.file.name, ContentFile(b"no image"))
    photo.renditions.all().delete()

    build = run_build(request_build(full_edition), write=write_once)

    assert build.state == State.FAILED
    assert "Block 4 unter „Darunter“ (Bild); Seite „Ausgabe“, Foto 1" in build.reason
    assert "fehlt oder ist beschädigt" in build.reason
    gc.collect()


@pytest.mark.slow  # a PDF with large photos
def test_photos_have_at_most_150_dpi(full_edition, photo):
    big = BytesIO()
    Image.effect_noise((3000, 2000), 90).convert("RGB").save(big, "PNG")
    photo.file.storage.delete(photo.file.name)
    photo.file.storage.save(photo.file.name, ContentFile(big.getvalue()))
    photo.renditions.all().delete()

    pdf = written(full_edition, "public")

    widths = [
        image.get_object()["/Width"]
        for page in PdfReader(BytesIO(pdf)).pages
        for image in (page["/Resources"].get("/XObject") or {}).values()
        if image.get_object()["/Subtype"] == "/Image"
    ]
    # The widest photo stands across 174 mm.
    assert widths
    assert max(widths) <= 174 / 25.4 * 150 + 1


def test_photos_stand_in_pairs(full_edition):
    *_others, left, right = tree(written(full_edition, "public")).find("Figure")

    assert left.attribute("/BBox")[3] == right.attribute("/BBox")[3]
    assert left.attribute("/BBox")[2] < right.attribute("/BBox")[0]


def test_long_word_of_a_heading_is_divided_as_words_are(full_edition):
    full_edition.body = [("heading", {"text": "Behördenübergreifende Hilfe", "level": "2"}), ("text", "<p>Ja.</p>")]
    full_edition.save_revision().publish()

    lines = [line.strip() for line in text_of(written(full_edition, "public")).splitlines()]

    assert "greifende Hilfe" in lines


def test_source_is_gathered_with_few_queries(full_edition, django_assert_max_num_queries):
    page = EditionPage.objects.get(pk=full_edition.pk)
    source_for(page)

    with django_assert_max_num_queries(40):
        source_for(EditionPage.objects.get(pk=full_edition.pk))


def test_short_version_of_an_edition_with_nothing_filled_in(series_page):
    assert written(add_edition(series_page, number=2), "short").startswith(b"%PDF")
