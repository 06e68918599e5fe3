"""What a document may load: a closed set of resources, handed in before it is rendered.

WeasyPrint by itself opens any address, local files included. Here the addresses in the HTML are resolved beforehand
(`home.rendering.resources`), and the fetcher is a look-up in that result: rendering needs neither database nor
network nor file system, and whatever was not handed in stops the build.
"""

from collections.abc import Mapping
from urllib.parse import unquote

from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from home.rendering.errors import ForbiddenAddress
from home.rendering.source import Resource


class RefusedAddress(FatalURLFetchingError):
    """Stops WeasyPrint at once: it swallows every exception that is not of this family."""


class DocumentFetcher(URLFetcher):
    """Serves `media:image/<id>/<filter spec>`, `static:<path>` and `data:image/…`, and nothing else.

    `resources` maps addresses to their bytes. An address that is not in it raises `RefusedAddress`; it is kept in
    `refused` too, because WeasyPrint swallows even fatal errors while it draws an SVG.
    """

    def __init__(self, resources: Mapping[str, Resource]) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False, fail_on_errors=True)
        self._resources = resources
        self.refused: list[str] = []

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        resource = self._resources.get(unquote(url))
        if resource:
            return URLFetcherResponse(url, resource.content, {"Content-Type": resource.media_type})
        if url.startswith("data:image/"):
            return super().fetch(url)
        self.refuse(url)
        raise RefusedAddress(url)

    def refuse(self, url: str) -> None:
        """Remembers an address that the document must not use."""
        self.refused.append(url if len(url) <= 120 else f"{url[:119]}…")

    def raise_refused(self) -> None:
        """Raises `ForbiddenAddress` if the document asked for anything it must not have."""
        if self.refused:
            raise ForbiddenAddress(
                f"Das Dokument verweist auf „{self.refused[0]}“. Eingebettet werden nur eigene Bilder und Dateien; "
                "bitte den Verweis entfernen oder das Bild in die Bildverwaltung hochladen."
            )
