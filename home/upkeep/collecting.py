"""Finds the links to other websites, wherever editors can put one, and keeps the list of them.

What is searched is what the database stores: every text of a page, of its inline children and of the snippets. A text
is a link if it is nothing but a web address (a field or a block for addresses), and it has links if it is rich text.
So a new block or field needs no word here.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any
from urllib.parse import urldefrag, urlsplit

from django.conf import settings
from django.db import models, transaction
from modelcluster.models import ClusterableModel, get_all_child_relations
from wagtail.blocks import StreamValue
from wagtail.models import Comment, Page, Site
from wagtail.query import PageQuerySet
from wagtail.snippets.models import get_snippet_models

from home.upkeep.models import ExternalLink

LONGEST = 2000
ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
ANCHOR = re.compile(r"""<a\s[^>]*?\bhref\s*=\s*["'](https?://[^"']+)["']""", re.IGNORECASE)
# Fields that hold the machinery of a page: its address, and a copy of its title.
OWN_FIELDS = {"url_path", "draft_title", "slug"}


def collect() -> int:
    """Bring the list up to date and return how many links there are. Safe to repeat and to run twice at once."""
    found = links_of_site()
    with transaction.atomic():
        _add(found.keys() - set(ExternalLink.objects.values_list("url", flat=True)))
        _connect(found)
    return len(found)


def collect_page(page: Page) -> None:
    """Note the links of one live page, new ones too. Links that it has no more are dropped when all are collected."""
    found = links_of(page, own_hosts())
    with transaction.atomic():
        _add(found)
        page.external_links.set(ExternalLink.objects.filter(url_sha256__in=map(digest, found)))


def collect_published(sender: Any, instance: Page, **_: Any) -> None:
    """The receiver of `page_published`: nobody has to wait for the night to see a new link in the report."""
    collect_page(instance)


def _add(urls: Iterable[str]) -> None:
    links = [ExternalLink(url=url, url_sha256=digest(url)) for url in sorted(urls)]
    ExternalLink.objects.bulk_create(links, ignore_conflicts=True, batch_size=500)


def _connect(found: dict[str, set[int]]) -> None:
    """Join links and pages as found, and drop links that stand nowhere any more."""
    known = dict(ExternalLink.objects.values_list("url", "pk"))
    joined = ExternalLink.pages.through
    pages = set(Page.objects.values_list("pk", flat=True))
    wanted = {(known[url], page) for url, used in found.items() if url in known for page in used & pages}
    present = {(link, page): pk for pk, link, page in joined.objects.values_list("pk", "externallink_id", "page_id")}
    stale = [pk for pair, pk in present.items() if pair not in wanted]
    joined.objects.filter(pk__in=stale).delete()
    missing = [joined(externallink_id=link, page_id=page) for link, page in sorted(wanted - set(present))]
    joined.objects.bulk_create(missing, ignore_conflicts=True, batch_size=500)
    ExternalLink.objects.filter(pk__in=[pk for url, pk in known.items() if url not in found]).delete()


def links_of_site() -> dict[str, set[int]]:
    """Every address with the live pages it stands on. Links of snippets (an office's website) have no page."""
    own = own_hosts()
    found: dict[str, set[int]] = defaultdict(set)
    for page in PageQuerySet(Page).live().specific().iterator(chunk_size=100):
        for url in links_of(page, own):
            found[url].add(page.pk)
    for snippet in snippets():
        for url in links_of(snippet, own):
            found[url] |= set()
    return dict(found)


def snippets() -> Iterator[models.Model]:
    """All snippets, with their inline children in one query for each model."""
    for model in get_snippet_models():
        children = [relation.get_accessor_name() for relation in child_relations(model)]
        yield from model._default_manager.prefetch_related(*children).iterator(chunk_size=100)


def snippets_with(urls: Iterable[str]) -> dict[str, list[models.Model]]:
    """For each of the addresses the snippets that it stands in."""
    wanted, found = set(urls), defaultdict(list)
    for snippet in snippets() if wanted else ():
        for url in links_of(snippet, own=()) & wanted:
            found[url].append(snippet)
    return dict(found)


def child_relations(model: type[models.Model]) -> list[Any]:
    """The relations to inline children, without what editors say to each other."""
    if not issubclass(model, ClusterableModel):
        return []
    return [relation for relation in get_all_child_relations(model) if relation.related_model is not Comment]


def links_of(thing: models.Model, own: Iterable[str]) -> set[str]:
    """The addresses of other websites in all texts of a page or snippet and of its inline children."""
    return {url for text in texts_of(thing) for url in addresses_in(text) if host_of(url) not in own}


def texts_of(thing: models.Model) -> Iterator[str]:
    """Every text of an object and its children in which a link may stand."""
    for field in thing._meta.concrete_fields:
        if field.name not in OWN_FIELDS:
            yield from strings_in(getattr(thing, field.attname))
    for relation in child_relations(type(thing)):
        for child in getattr(thing, relation.get_accessor_name()).all():
            yield from texts_of(child)


def strings_in(value: Any) -> Iterator[str]:
    """All strings in a value of a field: a text, or the blocks of a stream however they nest."""
    match value:
        case str():
            yield value
        case StreamValue():
            yield from strings_in(value.get_prep_value())
        case dict():
            for part in value.values():
                yield from strings_in(part)
        case list() | tuple():
            for part in value:
                yield from strings_in(part)


def addresses_in(text: str) -> Iterator[str]:
    """Addresses without their fragment, which names a place in the page and is not sent."""
    whole = text.strip()
    candidates = [whole] if ADDRESS.fullmatch(whole) else map(unescape, ANCHOR.findall(text))
    for candidate in candidates:
        url = urldefrag(candidate.strip()).url
        if len(url) <= LONGEST:
            yield url


def own_hosts() -> set[str]:
    """The names of this site; links within it are Wagtail's business."""
    return {host_of(settings.BASE_URL), *Site.objects.values_list("hostname", flat=True)} - {""}


def host_of(url: str) -> str:
    """The host name of an address in small letters; empty if there is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def digest(url: str) -> str:
    """The key of an address: SHA-256 in hex, as addresses are too long for an index."""
    return hashlib.sha256(url.encode()).hexdigest()
