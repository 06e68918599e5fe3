"""The pages and documents that a stream refers to, asked for once and not link by link."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils import translation
from django.utils.html import escape
from wagtail.documents import get_document_model
from wagtail.models import Page
from wagtail.rich_text import expand_db_html

from home.keys import key_of

if TYPE_CHECKING:
    from django.http import HttpRequest
    from wagtail.rich_text import RichText

ModelT = TypeVar("ModelT", bound=Model)

_LINK = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.DOTALL)
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


class Targets:
    """What the reader may see of the pages and documents that blocks refer to, by chooser or by a link in a text.

    `documents` holds the documents that the reader may see, `pages` the pages (None: everything that is published and
    not private). `load()` takes one query for the pages and one for the documents, however many there are; what was
    not loaded counts as hidden. Most texts refer to no document: where it takes long to say which may be seen,
    `documents` is a function that does so.
    """

    def __init__(
        self,
        documents: QuerySet[Any] | Callable[[], QuerySet[Any]],
        pages: QuerySet[Page] | None = None,
        request: HttpRequest | None = None,
    ) -> None:
        self._visible_documents, self._visible_pages = documents, pages
        # Knows the sites, of which Wagtail asks for the address of a page.
        self._request = request
        self._pages: dict[int, Page] = {}
        self._documents: dict[int, Any] = {}
        self._translations: dict[Any, Page] = {}

    def load(self, blocks: Iterable[Any]) -> Targets:
        """Look up everything that `blocks` (children of a stream) refer to."""
        page_keys, document_keys = set(), set()
        for child in blocks:
            for model, named, *_ in child.block.extract_references(child.value):
                if (key := key_of(named)) is None:
                    continue
                if issubclass(model, Page):
                    page_keys.add(key)
                elif issubclass(model, get_document_model()):
                    document_keys.add(key)
        if page_keys:
            pages = Page.objects.live().public() if self._visible_pages is None else self._visible_pages
            self._pages = pages.select_related("locale").in_bulk(page_keys)
            self._translations = _translations(self._pages.values())
        if document_keys:
            visible = self._visible_documents
            documents = visible() if callable(visible) else visible
            self._documents = documents.select_related("current_version").in_bulk(document_keys)
        return self

    def page(self, page: Page | None) -> Page | None:
        """`page` itself if the reader may see it, else None."""
        found = self._pages.get(page.pk) if page is not None else None
        if page is None or found is None:
            return None
        page.locale = found.locale  # Its address needs it: saves a query.
        return page

    @property
    def document_keys(self) -> frozenset[int]:
        """The keys of the documents that were found and may be shown."""
        return frozenset(self._documents)

    def documents(self, documents: Iterable[Any]) -> list[Any]:
        """Those of `documents` that the reader may see, in their order."""
        return [self._documents[item.pk] for item in documents if item is not None and item.pk in self._documents]

    def expand(self, text: RichText | str) -> str:
        """Rich text as HTML; a link to what the reader may not see is plain words."""
        source = text if isinstance(text, str) else text.source
        return str(expand_db_html(_LINK.sub(self._link, source)))

    def _link(self, match: re.Match[str]) -> str:
        attributes = dict(_ATTRIBUTE.findall(match[1]))
        kind, key = attributes.get("linktype"), key_of(attributes.get("id", ""))
        if kind is None:
            return match[0]
        url = None
        if key is not None:
            if kind == "page":
                url = self._address(self._pages.get(key))
            elif kind == "document" and key in self._documents:
                url = self._documents[key].url
        return f'<a href="{escape(url)}">{match[2]}</a>' if url else match[2]

    def _address(self, page: Page | None) -> str | None:
        return None if page is None else self._translations.get(page.translation_key, page).get_url(self._request)


def _translations(pages: Iterable[Page]) -> dict[Any, Page]:
    """Published translations into the reader's language, by translation key; one query, none in the site's own."""
    reader = translation.get_language()
    keys = [page.translation_key for page in pages if page.locale.language_code != reader]
    if not keys:
        return {}
    translated = Page.objects.live().public().filter(translation_key__in=keys, locale__language_code=reader)
    found = translated.select_related("locale")
    return {page.translation_key: page for page in found}
