"""The pages of protocols on the site: where the steering group comments, and what was agreed across editions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from archive.access import Level, level_of
from archive.errors import Refused
from archive.gate import for_readers_who_write, no_access
from archive.protocols import resolving
from archive.protocols.comments import comment
from archive.protocols.forms import CommentForm
from archive.protocols.models import Protocol
from home.visitor_forms import keep_private

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from archive.models import Document

PER_PAGE = 50


@for_readers_who_write
def review(request: HttpRequest, document: Document) -> HttpResponse:
    """`/archiv/<id>/abstimmung/`: the steering group reads what others say to a protocol, and comments on it."""
    protocol = Protocol.objects.filter(document=document).first()
    if protocol is None or level_of(request.user) < Level.STEERING_GROUP:
        return no_access(request)
    form = CommentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            said = comment(document, form.cleaned_data["text"], user=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(f"{request.path}#anmerkung-{said.pk}")
    context = {
        "document": document,
        "protocol": protocol,
        "is_open": protocol.state == Protocol.State.REVIEW,
        "comments": protocol.comments.select_related("author", "version"),
        "form": form,
    }
    return keep_private(render(request, "archive/review.html", context))


@require_safe
def resolutions(request: HttpRequest) -> HttpResponse:
    """`/archiv/beschluesse/`: who does what until when, from all protocols that the reader may see."""
    if level_of(request.user) < Level.COORDINATION:
        return no_access(request)
    stand = resolving.known(request.GET.get("stand", ""))
    everything = resolving.resolutions_for(request.user, resolving.ALL)
    page = Paginator(resolving.narrowed(everything, stand), PER_PAGE).get_page(request.GET.get("seite"))
    context = {
        "results": page,
        "stand": stand,
        "choices": resolving.CHOICES,
        "overdue": resolving.overdue(everything),
    }
    return keep_private(render(request, "archive/resolutions.html", context))
