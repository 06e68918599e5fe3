"""Pages with links to other websites."""

from __future__ import annotations

from home.models import ContentPage, ExternalLink


def page_with(site, *urls: str, slug: str = "links") -> ContentPage:
    """A page whose text has these links."""
    text = "".join(f'<p><a href="{url}">Link</a></p>' for url in urls)
    return site.root_page.add_child(instance=ContentPage(title=slug.title(), slug=slug, body=[("text", text)]))


def the_link() -> ExternalLink:
    """The only one that the site knows."""
    return ExternalLink.objects.get()
