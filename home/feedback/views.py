"""`/barrierefreiheit/melden/`: the way to report a barrier that § 16b BGG LSA asks for. No login, cookie or script."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from home.feedback import tasks
from home.feedback.forms import BarrierForm
from home.feedback.places import NoPlace, place
from home.rate_limit import client_network, is_allowed
from home.visitor_forms import keep_private, same_origin_only

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

# Authorities reach us from one address for the whole house: few enough for us to read, enough for them to report.
MOST = 10
WITHIN = timedelta(hours=1)


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_only
def report_barrier(request: HttpRequest) -> HttpResponse:
    """GET shows the form, or thanks after `?danke=…`; POST stores the report and redirects: a reload sends nothing."""
    if request.method != "POST":
        thanks = request.GET.get("danke", "")
        return _page(
            request, {"thanks": thanks} if thanks else {"form": BarrierForm(initial={"page": _named(request)})}
        )
    form = BarrierForm(request.POST)
    if not form.is_valid():
        form.restart_clock()
        return _page(request, {"form": form}, status=422)
    if not is_allowed("barrier", client_network(request), most=MOST, within=WITHIN):
        form.restart_clock()
        form.add_error(
            None,
            _("Von Ihrem Anschluss kamen gerade viele Meldungen. Bitte versuchen Sie es in einer Stunde noch einmal."),
        )
        return _page(request, {"form": form}, status=429)
    if not form.filled_by_robot:
        tasks.forward_soon(form.save().pk)
    answer = "antwort" if form.cleaned_data["email"] else "ja"
    response = HttpResponseRedirect(f"{reverse('home:report_barrier')}?danke={answer}")
    response.status_code = 303  # RFC 9110: the answer is another page, to be fetched with GET.
    return keep_private(response)


def _named(request: HttpRequest) -> str:
    """The page that the link to the form named."""
    try:
        return place(request.GET.get("seite", ""))
    except NoPlace:
        return ""


def _page(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    context["keep_days"] = settings.BARRIER_REPORT_KEEP_DAYS
    return keep_private(render(request, "home/report_barrier.html", context, status=status))
