"""The variants of a documentation: what each prints, and the document of the archive that holds it."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator

from archive.documentation.checking import count_pages
from archive.documentation.content import Documentation
from archive.documentation.gather import gather
from archive.documentation.layout import document_source
from archive.documentation.pictures import check_pictures, with_place
from archive.documentation.requesting import LEVELS, Variant
from archive.documentation.short import MOST_PAGES, short_sources
from archive.models import Document, DocumentationBuild
from home.events.models import EditionPage
from home.rendering.errors import MissingResource
from home.rendering.source import DocumentSource


def gathered(edition: EditionPage, variant: str, *, as_of: datetime.datetime | None = None) -> Documentation:
    """What readers of the variant get to know of `edition`, which may be a draft (then with `as_of`).

    Raises `DocumentError` if an image lacks what it needs.
    """
    check_pictures(edition)
    return gather(edition, LEVELS[variant], as_of=as_of)


def sources_of(documentation: Documentation, variant: str) -> Iterator[DocumentSource]:
    """What the engine needs for a variant of what was gathered; of the short version tighter ones follow.

    Raises `DocumentError` if an image is missing.
    """
    document = document_of(documentation.edition, variant)
    licence = str(document.get_licence_display()) if document else ""
    try:
        if variant == Variant.SHORT:
            yield from short_sources(documentation, licence=licence)
        else:
            yield document_source(documentation, licence=licence)
    except MissingResource as error:
        raise with_place(documentation.edition, error) from error


def source_for(
    edition: EditionPage, variant: str = Variant.PUBLIC, *, as_of: datetime.datetime | None = None
) -> DocumentSource:
    """The first of `sources_of` for `edition`: all that the variant prints follows from it."""
    return next(sources_of(gathered(edition, variant, as_of=as_of), variant))


def write_first_that_fits(
    source: DocumentSource, tighter: Iterator[DocumentSource], write: Callable[[DocumentSource], bytes]
) -> tuple[DocumentSource, bytes]:
    """Lays out `source`, and one after the other of `tighter` until the pages are few enough or none is left."""
    content = write(source)
    while count_pages(content) > MOST_PAGES and (following := next(tighter, None)) is not None:
        source, content = following, write(following)
    return source, content


def document_of(edition: EditionPage, variant: str) -> Document | None:
    """The document that holds the versions of this variant, if it was ever made and still exists."""
    built = (
        DocumentationBuild.objects.filter(edition_id=edition.pk, variant=variant, version__isnull=False)
        .filter(version__document__deleted_at__isnull=True)
        .select_related("version__document__current_version")
        .order_by("-pk")
        .first()
    )
    return built.version.document if built and built.version else None
