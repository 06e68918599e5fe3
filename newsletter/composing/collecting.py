"""What is new since the last issue, and how it gets into the next one."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone
from wagtail.models import Page

from archive.access import Level
from archive.models import Document
from archive.opening import opened_to
from home.events.chronicle import default_editions, has_taken_place
from home.models import EditionPage, NewsPage
from home.pages.reports import latest_reports
from home.templatetags.editions import upcoming_editions
from home.templatetags.german import counted
from newsletter.composing.references import referenced
from newsletter.errors import AlreadyStarted
from newsletter.models import Mailing, NewsletterIndexPage, NewsletterIssuePage
from newsletter.sending.mailings import mailing_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

# How far back to look as long as no issue was ever sent: it comes four times a year.
FIRST_TIME = timedelta(days=92)
# More of a kind nobody reads in a mail; the rest stands on the website.
MOST = 12
DATES, DOCUMENTS = "Termine", "Neu im Archiv"
KINDS = ("editions", "reports", "dates", "documents")
Raw = dict[str, Any]


@dataclass(frozen=True)
class News:
    """What is new and not yet in an issue. `since` is when the last issue was put together, None before the first."""

    since: datetime | None
    editions: list[EditionPage] = field(default_factory=list)
    reports: list[NewsPage] = field(default_factory=list)
    dates: list[EditionPage] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.editions or self.reports or self.dates or self.documents)

    @property
    def keys(self) -> list[str]:
        """What editors choose from: `kind-number` of everything."""
        return [key(kind, item) for kind in KINDS for item in getattr(self, kind)]

    def only(self, keys: Iterable[str]) -> News:
        """The part that an editor chose; a key is `kind-number`, as `key()` makes it."""
        chosen = set(keys)

        def kept(kind: str) -> list[Any]:
            return [item for item in getattr(self, kind) if key(kind, item) in chosen]

        return News(self.since, *map(kept, KINDS))

    @property
    def words(self) -> str:
        """ "2 Berichte, 1 Termin" """
        counts = (
            (self.reports, "Bericht,Berichte"),
            (self.editions, "Ausgabe,Ausgaben"),
            (self.dates, "Termin,Termine"),
            (self.documents, "Dokument,Dokumente"),
        )
        return ", ".join(counted(len(items), words) for items, words in counts if items)


def key(kind: str, item: Any) -> str:
    """The value by which the form names a found thing."""
    return f"{kind}-{item.pk}"


def draft_of(issue: NewsletterIssuePage) -> NewsletterIssuePage:
    """The issue as its editor sees it: with everything that is saved and not published."""
    issue.refresh_from_db(fields=["latest_revision"])
    draft: NewsletterIssuePage = issue.get_latest_revision_as_object()
    return draft


def whats_new(draft: NewsletterIssuePage) -> News:
    """What was published since the last issue and stands nowhere in `draft`, saved or not.

    Reports and editions that were published or took place since then (or on that very day: nobody writes in the morning
    how the evening was), documents that became public, and all dates that are still to come: a date is news until it
    has passed.
    """
    since = _last_put_together(draft)
    start = since or timezone.now() - FIRST_TIME
    day = timezone.localdate(start)
    pages, documents = _already_in(draft)
    fresh = Q(first_published_at__gt=start)
    took_place = Q(end_date__gte=day) | Q(end_date=None, start_date__gte=day)
    editions = [
        edition
        for edition in default_editions()
        .filter(fresh | took_place)
        .exclude(pk__in=pages)
        .order_by("-start_date", "-pk")
        if has_taken_place(edition)
    ]
    reports = latest_reports(NewsPage.objects.filter(fresh, locale_id=draft.locale_id)).exclude(pk__in=pages)
    ahead = [edition for edition in upcoming_editions(MOST) if edition.pk not in pages]
    opened = opened_to(Level.PUBLIC, start)
    became_public = Q(created_at__gt=start) | Q(embargo_until__gt=day) | Q(pk__in=opened)
    public = Document.objects.visible_at(Level.PUBLIC).filter(became_public).exclude(pk__in=documents)
    return News(
        since,
        editions[:MOST],
        list(reports[:MOST]),
        ahead,
        list(public.select_related("current_version").order_by("-date", "title", "pk")[:MOST]),
    )


def add(issue: NewsletterIssuePage, news: News, *, user: AbstractBaseUser | None) -> NewsletterIssuePage:
    """Save a new draft of `issue` with `news` in it and return it; what is there already is left out.

    Raises AlreadyStarted for an issue that is on its way: its content does not change any more.
    """
    if mailing := mailing_of(issue):
        raise AlreadyStarted(mailing)
    draft = draft_of(issue)
    # Between the look and the click somebody may have added the same.
    still_new = whats_new(draft)
    news = still_new.only(news.keys)
    if news:
        draft.body = _body(draft, _with_news(list(draft.body.get_prep_value()), news))
        draft.save_revision(user=user, changed=True)
    return draft


def new_issue(index: NewsletterIndexPage, *, user: AbstractBaseUser | None) -> NewsletterIssuePage:
    """Save a draft below `index` with everything that is new, and return it."""
    number = next_number(index)
    issue = NewsletterIssuePage(
        title=f"Newsletter {number}",
        slug="-".join(reversed(number.split("/"))),
        number=number,
        subject=f"Neues aus der Ideenwerkstatt {number}",
        locale=index.locale,
        owner=user,
        live=False,
    )
    if index.get_children().filter(slug=issue.slug).exists():
        issue.slug = ""
    # An issue is not empty: without news it begins with the next dates.
    body = _with_news([], whats_new(issue)) or [
        _heading(DATES),
        _block("dates", {"editions": [], "count": 3}),
    ]
    issue.body = _body(issue, body)
    index.add_child(instance=issue)
    issue.save_revision(user=user, log_action=True)
    return issue


def next_number(index: NewsletterIndexPage) -> str:
    """The number of the next issue of this year: "3/2026" after "2/2026"."""
    year = timezone.localdate().year
    numbers = NewsletterIssuePage.objects.child_of(index).values_list("number", flat=True)
    parts = [number.strip().partition("/") for number in numbers]
    counts = [int(count) for count, _slash, of in parts if of == str(year) and count.isdecimal()]
    return f"{max(counts, default=0) + 1}/{year}"


def _last_put_together(draft: NewsletterIssuePage) -> datetime | None:
    """When the content of the last issue that was sent, or will be, was frozen."""
    mailings = Mailing.objects.exclude(state=Mailing.State.CANCELLED).exclude(issue_id=draft.pk)
    last = mailings.order_by("-created_at").first()
    return last.created_at if last else None


def _already_in(draft: NewsletterIssuePage) -> tuple[set[int], set[int]]:
    """Primary keys of the pages and documents that the draft shows or links."""
    pages = referenced(draft.body, Page)
    for child in draft.body:
        if child.block_type == "dates" and not len(child.value["editions"]):
            pages |= {edition.pk for edition in upcoming_editions(child.value["count"] or 0)}
    return pages, referenced(draft.body, Document)


def _with_news(body: list[Raw], news: News) -> list[Raw]:
    lead = [_block("edition", {"page": edition.pk}) for edition in news.editions]
    lead += [_block("report", {"page": report.pk}) for report in news.reports]
    first = next(
        (place for place, block in enumerate(body) if block["type"] in ("heading", "dates", "documents")), None
    )
    place = len(body) if first is None else first
    body = [*body[:place], *lead, *body[place:]]
    _extend(body, "dates", "editions", [edition.pk for edition in news.dates], DATES, {"count": 3})
    _extend(body, "documents", "documents", [document.pk for document in news.documents], DOCUMENTS, {})
    return body


def _extend(body: list[Raw], kind: str, name: str, keys: list[int], heading: str, more: Raw) -> None:
    """Put `keys` into the list `name` of a block of this kind: the first that has one, else a new block."""
    if not keys:
        return
    items = [{"type": "item", "value": one, "id": str(uuid.uuid4())} for one in keys]
    known = next((block for block in body if block["type"] == kind and block["value"].get(name)), None)
    if known is not None:
        known["value"][name] = [*known["value"][name], *items]
        return
    block = _block(kind, {name: items} | more)
    headings = [one["value"]["text"] if one["type"] == "heading" else None for one in body]
    place = headings.index(heading) if heading in headings else None
    if place is None:
        body += [_heading(heading), block]
    else:
        body.insert(place + 1, block)


def _heading(text: str) -> Raw:
    return _block("heading", {"text": text, "level": "2"})


def _block(kind: str, value: Any) -> Raw:
    return {"type": kind, "value": value, "id": str(uuid.uuid4())}


def _body(issue: NewsletterIssuePage, raw: list[Raw]) -> Any:
    return issue._meta.get_field("body").stream_block.to_python(raw)
