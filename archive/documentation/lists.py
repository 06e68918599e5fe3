"""What is printed for the days themselves: the programme, and the list to sign. Never stored, never public."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.template.loader import get_template
from django.utils import translation

from archive.access import Level
from archive.documentation.content import Documentation
from archive.documentation.gather import gather
from archive.documentation.layout import stylesheet
from archive.documentation.wording import unbroken
from home.events.models import EditionPage
from home.rendering.resources import collect
from home.rendering.source import DocumentSource, Metadata
from home.templatetags.german import weekday_date

# Lines for people who come from no office.
GUESTS = 16
# More columns to sign in do not fit beside the names.
MOST_DAYS = 3


def schedule_source(edition: EditionPage, *, as_of: datetime.datetime) -> DocumentSource:
    """The programme of `edition` (Ablaufplan), also of a draft. Raises `DocumentError`."""
    return _source(edition, "Ablaufplan", "documentation/schedule.html", as_of)


def attendance_source(edition: EditionPage, *, as_of: datetime.datetime) -> DocumentSource:
    """The list to sign: a line for every office and some for guests, a column for each day. Raises `DocumentError`."""
    return _source(edition, "Anwesenheitsliste", "documentation/attendance_list.html", as_of)


@translation.override(settings.LANGUAGE_CODE)
def _source(edition: EditionPage, name: str, template: str, as_of: datetime.datetime) -> DocumentSource:
    documentation = gather(edition, Level.PUBLIC, as_of=as_of)
    place = f", {edition.place}" if edition.place else ""
    title = f"{edition.heading}{place}: {name}"
    markup = get_template(template).render(
        {
            "documentation": documentation,
            "edition": edition,
            "title": title,
            "name": name,
            "signatures": _signatures(documentation),
            "guests": range(GUESTS),
        }
    )
    html, style = unbroken(markup), stylesheet("documentation/lists.css")
    metadata = Metadata(
        title=title,
        author=documentation.imprint.publisher,
        language="de",
        created=as_of,
        modified=as_of,
        description=f"{name}, {documentation.period}" if documentation.period else name,
    )
    return DocumentSource(html=html, stylesheet=style, metadata=metadata, resources=collect(html, style))


def _signatures(documentation: Documentation) -> list[str]:
    """The headings of the columns to sign in: one for each day, if the days are known and few."""
    edition = documentation.edition
    if edition.start_date is None or edition.date_precision != EditionPage.Precision.DAY:
        return ["Unterschrift"]
    days = ((edition.last_day or edition.start_date) - edition.start_date).days + 1
    if not 1 < days <= MOST_DAYS:
        return ["Unterschrift"]
    return [
        f"Unterschrift {weekday_date(edition.start_date + datetime.timedelta(days=number)).split(',')[0]}"
        for number in range(days)
    ]
