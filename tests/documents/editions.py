"""An edition that has everything, and what reads a finished PDF."""

import datetime
from io import BytesIO

from pypdf import PdfReader

from archive.access import Level
from archive.models import DocumentVersion
from home.events.models import EditionPage, Participation, ProgrammeItem, ProgrammeSpeaker
from home.models import FundingPeriod
from home.people import CoordinationOffice, Person
from home.rendering.writer import write_pdf
from tests.contents import made_once
from tests.documents_content import add_document
from tests.editions_content import make_series
from tests.pictures import make_image

THURSDAY = datetime.date(2024, 11, 21)
SECRET = "Vertrauliche Notiz zur Personalie"
LONG_AGO = datetime.datetime(2024, 12, 1, 9, tzinfo=datetime.UTC)
_written = {}


@made_once
def series_page(site):
    return make_series(site.root_page.specific)


@made_once
def offices():
    codes = ["SAW", "SDL", "BK", "MD", "JL", "HZ", "SLK", "ABI", "DE", "WB", "MSH", "HAL", "SK", "BLK"]
    return [
        CoordinationOffice.objects.create(
            name=f"Stelle {code}",
            slug=code.lower(),
            kind="district",
            ags=f"15{n:03d}",
            code=code,
            tile_column=n,
            tile_row=0,
        )
        for n, code in enumerate(codes)
    ]


@made_once
def photo(site):
    return make_image(1200, 800, title="Abschlussbild", description="Eine petrolfarbene Fläche")


def add_edition(parent, **fields):
    fields = {"title": "Ausgabe", "slug": f"a{fields.get('number', '')}", "state": "documented"} | fields
    page = EditionPage(**fields)
    parent.add_child(instance=page)
    page.save_revision().publish()
    return EditionPage.objects.get(pk=page.pk)


def add_item(page, title, position=0, **fields):
    item = ProgrammeItem(page=page, title=title, sort_order=position, locale=page.locale, **fields)
    item.save()
    return item


@made_once
def edition(series_page, offices, photo):
    """Edition 13 with programme, write-up, picture, a public and an internal document."""
    page = add_edition(
        series_page,
        number=13,
        place="Halle (Saale)",
        motto="Verwaltung und Wirtschaft",
        lead="Das Wichtigste in einem Satz.",
        start_date=THURSDAY,
        end_date=THURSDAY + datetime.timedelta(days=1),
        body=[
            ("heading", {"text": "Erste Einsicht", "level": "2"}),
            ("text", '<p>Ein Absatz mit <a href="/archiv/">Verweis</a>.</p><ul><li>Punkt</li></ul>'),
            ("heading", {"text": "Darunter", "level": "3"}),
            ("image", {"image": photo, "caption": "Alle zusammen."}),
            ("quote", {"text": "Gut war es.", "attribution": "Jemand", "function": "", "consent": True}),
            (
                "figures",
                {"caption": "Bilanz", "figures": [{"label": "Stellen", "planned": 33, "reached": 67}], "note": ""},
            ),
        ],
        outlook="<p>Es geht weiter.</p>",
    )
    add_edition(series_page, number=14, slug="14", state="unrecorded")
    item = add_item(
        page, "Vortrag am Morgen", day=THURSDAY, start=datetime.time(10), end=datetime.time(11), format="talk"
    )
    ProgrammeSpeaker.objects.create(item=item, person=Person.objects.create(name="Debora Beispiel"))
    add_item(page, "Workshop", 1, day=THURSDAY, start=datetime.time(14), abstract="<p>Worum es ging.</p>")
    Participation.objects.create(page=page, office=offices[11], hosted=True, attended=True, persons=4)
    Participation.objects.create(page=page, office=offices[0], attended=True, persons=2)
    add_document("Folien zum Vortrag", "a", edition=page, programme_key=item.translation_key, level=Level.PUBLIC)
    add_document(SECRET, "b", edition=page, programme_key=item.translation_key, level=Level.COORDINATION)
    add_document("Gesperrt", "c", edition=page, level=Level.PUBLIC, embargo_until=datetime.date(2999, 1, 1))
    FundingPeriod.objects.create(name="Periode", wording="Gefördert von der Europäischen Union.")
    return settled(page)


def settled(page):
    """The edition as it is, but published long ago with its documents: each test prints the same of it."""
    EditionPage.objects.update(first_published_at=LONG_AGO, last_published_at=LONG_AGO)
    DocumentVersion.objects.update(uploaded_at=LONG_AGO)
    return EditionPage.objects.get(pk=page.pk)


def write_once(source):
    """The PDF of `source`, laid out once a run: equal input gives equal bytes, as other tests show."""
    if source.input_hash not in _written:
        _written[source.input_hash] = write_pdf(source)
    return _written[source.input_hash]


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def squeezed(text: str) -> str:
    """Without spaces and hyphens at line ends: lines break where they like."""
    return "".join(text.split()).replace("-", "")
