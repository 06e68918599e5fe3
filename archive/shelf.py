"""The documents below the results of the search of the whole site."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from archive.search import Filters, search
from home.search.findings import Shelf

if TYPE_CHECKING:
    from django.http import HttpRequest

DOCUMENTS_SHOWN = 3


def documents_found(request: HttpRequest, query: str) -> Shelf:
    """The best of the documents that the reader may see, with the pages on which the words stand."""
    answer = search(request.user, query, Filters(), size=DOCUMENTS_SHOWN, with_facets=False)
    return Shelf(
        heading=_("Dokumente im Archiv"),
        count=answer.page.paginator.count,
        hits=answer.hits,
        template="archive/hit.html",
        url=f"{reverse('archive:index')}?{urlencode({'q': query})}",
        link_text=_("Alle Treffer im Archiv"),
        suggestion=answer.suggestion,
    )
