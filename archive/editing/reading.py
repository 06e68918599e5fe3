"""The button "Noch einmal lesen"."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.utils import get_valid_next_url_from_request

from archive.models import Document
from archive.reading_states import start_over
from archive.tasks import queue_extraction
from home.editing.policies import document_policy

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_POST
def read_again(request: HttpRequest, document_id: int) -> HttpResponse:
    """Lets the current version of a document be read once more; nobody has to wait for it."""
    document = get_object_or_404(Document.objects.select_related("current_version"), pk=document_id)
    if not document_policy().user_has_permission_for_instance(request.user, "change", document):
        raise PermissionDenied
    with transaction.atomic():
        version = document.current_version
        if version is not None and start_over(version):
            queue_extraction(version)
    messages.success(request, f"„{document.title}“ wird noch einmal gelesen. Das dauert meist weniger als eine Minute.")
    return redirect(get_valid_next_url_from_request(request) or reverse("wagtaildocs:edit", args=[document.pk]))
