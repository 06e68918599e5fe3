"""The page of a mailing, and what it asks for while it is open."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from wagtail.admin.views import generic
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import ModelLogEntry

from home.spreadsheets import csv_download
from newsletter.audit import ACTIONS
from newsletter.following import missing, statistics
from newsletter.following.progress import progress_of
from newsletter.models import Mailing
from newsletter.sending import mailings

SHOWN_AT_ONCE = 20
A_PAGE = 50
ENDED = (Mailing.State.COMPLETE, Mailing.State.CANCELLED)


class MailingInspectView(generic.InspectView):
    """How far a mailing is, what became of it, who has not got it, and the buttons to stop and go on."""

    page_title = "Versand"
    template_name = "newsletter/admin/mailing.html"

    def get_page_subtitle(self) -> str:
        """Without the state, which changes while the page is open."""
        return str(self.object.subject)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        mailing: Mailing = self.object
        counted = statistics.statistics_of(mailing)
        rows = missing.first_not_received(mailing, SHOWN_AT_ONCE + 1)
        waiting = mailing.state in mailings.WAITING
        return super().get_context_data(**kwargs) | {
            "mailing": mailing,
            "waiting": waiting,
            "spoiled": mailings.spoiled(mailing) if waiting else [],
            "edit_url": reverse("wagtailadmin_pages:edit", args=[mailing.issue_id]),
            # From the same count as the table: mails go out while the page is made.
            "progress": progress_of(mailing, {name: counted.figures[name] for name in statistics.HANDED_OVER}),
            "ended": mailing.state in ENDED,
            "figures": [
                (name, word, counted.figures[name], counted.refusals if name == "failed" else ())
                for name, word in statistics.WORDS.items()
            ],
            "groups": [
                (name, [figures[column] for column in statistics.GROUP_COLUMNS])
                for name, figures in counted.groups.items()
            ],
            "group_words": list(statistics.GROUP_WORDS.values()),
            "missing": [(row, missing.state_words(row), missing.words(row)) for row in rows[:SHOWN_AT_ONCE]],
            "more_missing": len(rows) > SHOWN_AT_ONCE,
            "decisions": decisions_about(mailing),
            "may_change": self.request.user.has_perm("newsletter.change_mailing"),
            "may_see_people": self.request.user.has_perm("newsletter.view_delivery"),
        }


class MailingIndexView(generic.IndexView):
    """All mailings, with the way to their figures."""

    def get_base_queryset(self) -> QuerySet[Mailing]:
        # A page of them would read megabytes of mail.
        return Mailing.objects.defer("html", "text")

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        return [HeaderButton("Statistik", url=reverse("newsletter_statistics"), icon_name="table")]


def decisions_about(mailing: Mailing) -> list[dict[str, Any]]:
    """What editors have decided about a mailing, newest first."""
    entries = ModelLogEntry.objects.for_instance(mailing).filter(action__in=ACTIONS).select_related("user")
    return [
        {
            "at": entry.timestamp,
            "who": entry.user or "gelöschtes Konto",
            "what": ACTIONS[entry.action][1],
            "rows": len(entry.data.get("deliveries", ())),
        }
        for entry in entries[:A_PAGE]
    ]


@require_safe
@never_cache
def progress(request: HttpRequest, mailing: int) -> JsonResponse:
    """How far a mailing is, as JSON."""
    _require_view(request)
    return JsonResponse(progress_of(get_object_or_404(Mailing, pk=mailing)).as_json())


@require_safe
@never_cache
def mailing_csv(request: HttpRequest, mailing: int) -> StreamingHttpResponse:
    """The figures of a mailing as CSV."""
    _require_view(request)
    found = get_object_or_404(Mailing, pk=mailing)
    return csv_download(list(statistics.csv_of_mailing(found)), f"versand-{found.pk}.csv")


@require_safe
@never_cache
def statistics_list(request: HttpRequest) -> HttpResponse:
    """The figures of all mailings, newest first."""
    _require_view(request)
    page = Paginator(Mailing.objects.order_by("-created_at").defer("html", "text"), A_PAGE).get_page(
        request.GET.get("p")
    )
    rows = [(mailing, list(figures.values())) for mailing, figures in statistics.of_mailings(list(page.object_list))]
    context = {
        "page_obj": page,
        "rows": rows,
        # What came back has a heading of its own above three columns.
        "words": {
            "handed_over": [word for name, word in statistics.WORDS.items() if name in statistics.HANDED_OVER],
            "afterwards": [statistics.WORDS[name] for name in ("complaint", "unsubscribed")],
        },
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": "Start"},
            {"url": reverse("mailing:index"), "label": "Versand"},
            {"url": "", "label": "Statistik"},
        ],
        "header_title": "Statistik des Newsletters",
        "header_icon": "table",
    }
    return render(request, "newsletter/admin/statistics.html", context)


@require_safe
@never_cache
def statistics_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The figures of all mailings as CSV."""
    _require_view(request)
    lines = statistics.csv_of_mailings(list(Mailing.objects.order_by("-created_at").defer("html", "text")))
    return csv_download(lines, "newsletter-statistik.csv")


def _require_view(request: HttpRequest) -> None:
    if not request.user.has_perm("newsletter.view_mailing"):
        raise PermissionDenied
