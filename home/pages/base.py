"""What every page of the site has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index

from home.editing.previews import PreviewedPage
from home.search import analysis
from home.search.passages import stream_words

if TYPE_CHECKING:
    from django.http import HttpRequest

SIMPLE_LANGUAGE = "de-simple"


class SitePage(PreviewedPage, Page):
    """Base of all page types. `search_description` is the teaser of listings, search results and link previews.

    A field that visitors can search stands in `search_fields` as a `SearchField`, as everywhere in Wagtail. The admin
    searches it as it was written; `search_terms` adds its words in the form in which the public search compares them.
    """

    # Foreign keys that the template always follows: they are read together with the page.
    read_along: list[str] = []
    # Set where it is known that no restriction of view holds for the page or those above it.
    is_open = False
    # Its translations and those of the home page that everybody may see, where they were read with the page.
    versions: list[Page] | None = None
    # What the page is called among the results of a search.
    search_label = _("Seite")

    show_in_menus_default = False
    promote_panels = [
        MultiFieldPanel(
            [
                FieldPanel(
                    "slug",
                    heading="Adresse der Seite",
                    help_text="Der letzte Teil der Adresse. Wer die Adresse ändert, lässt eine Weiterleitung zurück.",
                ),
                FieldPanel(
                    "seo_title",
                    heading="Titel für Suchmaschinen",
                    help_text="Steht in Suchergebnissen und auf dem Reiter des Browsers. Leer: der Titel der Seite.",
                ),
                FieldPanel(
                    "search_description",
                    heading="Beschreibung für Suchmaschinen und Vorschauen",
                    help_text="Ein oder zwei Sätze. Sie stehen in Suchergebnissen und wenn jemand den Link teilt.",
                ),
            ],
            heading="Adresse und Vorschau",
        ),
        MultiFieldPanel(["show_in_menus"], heading="Menü"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("search_description"),
        index.SearchField("search_terms"),
    ]

    class Meta:
        abstract = True

    @property
    def search_title(self) -> str:
        """The first line of a search result."""
        return self.title

    def search_text(self) -> str:
        """What can be searched besides the titles, as plain text."""
        return _plain(field.get_value(self) for field in self._searched_fields())

    def passage_text(self) -> str:
        """The text from which a search result quotes: that of the page's own fields, which needs no further query."""
        own = {field.name: field for field in self._meta.get_fields()}
        return _plain(
            stream_words(getattr(self, name)) if isinstance(own[name], StreamField) else field.get_value(self)
            for field in self._searched_fields()
            if (name := field.field_name) in own
        )

    def search_terms(self) -> str:
        """The words of the page as the analyser reduces them, each once."""
        text = f"{self.title} {self.search_title} {self.search_text()}"
        return " ".join(dict.fromkeys(analysis.terms(analysis.clean(text))))

    def _searched_fields(self) -> Iterator[index.SearchField]:
        for field in self.get_search_fields():
            if isinstance(field, index.SearchField) and field.field_name not in ("title", "search_terms"):
                yield field

    @cached_property
    def pages_above(self) -> list[Page]:
        """The pages from the home page down to this one (one query); breadcrumbs and structured data share them."""
        return list(self.get_ancestors().filter(depth__gt=1).select_related("locale"))

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        return PageViewRestriction.objects.none() if self.is_open else super().get_view_restrictions()

    def canonical_url(self, request: HttpRequest | None) -> str:
        """The address that search engines should keep for this content (RFC 6596)."""
        return self.address(request)

    def address(self, request: HttpRequest | None = None) -> str:
        """The full address, below BASE_URL. With `request` Wagtail need not ask for its sites again."""
        return urljoin(settings.BASE_URL, self.get_url(request) or "")

    @property
    def reads_simply(self) -> bool:
        """Whether the page is in Leichte Sprache."""
        return self.locale.language_code == SIMPLE_LANGUAGE


def _plain(values: Iterable[Any]) -> str:
    """One text of the values that Wagtail would index, which are texts or lists of texts."""
    parts = [part for value in values for part in (value if isinstance(value, list) else [value])]
    return analysis.clean("\n".join(dict.fromkeys(str(part) for part in parts if part)))
