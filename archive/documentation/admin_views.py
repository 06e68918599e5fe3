"""The pages of the admin about the documentation of an edition: make it, follow it, print lists."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import slugify
from wagtail.admin import messages

from archive.admin_pages import EditionView
from archive.documentation import lists
from archive.documentation.at_once import write_at_once
from archive.documentation.progress import builds_of, status_of, why_impossible
from archive.documentation.requesting import BuildRefused, Variant, request_build
from archive.documentation.tasks import queue_build
from home.editing.policies import page_policy
from home.rendering.errors import DocumentError

if TYPE_CHECKING:
    from django.http import HttpRequest
    from wagtail.models import Page

logger = logging.getLogger(__name__)

LISTS = {"ablaufplan": lists.schedule_source, "anwesenheitsliste": lists.attendance_source}
_NO_BROKER = (
    "Die Warteschlange ist gerade nicht erreichbar. Der Auftrag ist vermerkt und beginnt von selbst, sobald sie wieder "
    "da ist."
)


def may_document(user: Any, edition: Page) -> bool:
    """Whoever may change the German page of an edition may have it documented."""
    return bool(edition.locale.is_default and page_policy().user_has_permission_for_instance(user, "change", edition))


class DocumentationPage(EditionView):
    """A page about what is made of an edition. Whoever may change its page needs no further right."""

    header_icon = "doc-full"
    page_title = "Dokumentation"
    template_name = "archive/admin/documentation.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_document(request.user, self.edition):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class DocumentationView(DocumentationPage):
    """GET shows what there is, what runs and what went wrong; POST asks for a variant."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        impossible = why_impossible(self.edition)
        return self.show(
            edition=self.edition,
            impossible=impossible,
            variants=[status_of(self.edition, variant, impossible=bool(impossible)) for variant in Variant],
            builds=builds_of(self.edition),
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            build = request_build(self.edition, request.POST.get("variant", ""), user=request.user)
        except BuildRefused as error:
            messages.error(request, str(error))
        else:
            if build.state == build.State.WAITING and not queue_build(build):
                messages.warning(request, _NO_BROKER)
        return redirect("archive_documentation", self.edition.pk)


class DocumentationProgressView(DocumentationPage):
    """How far the variants in the parameter `offen` are, as pieces of the page."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = [variant for variant in Variant if variant.value in request.GET.get("offen", "").split(",")]
        impossible = why_impossible(self.edition)
        found = [status_of(self.edition, variant, impossible=bool(impossible)) for variant in asked]

        def piece(name: str, **context: Any) -> str:
            shared = {"edition": self.edition, "impossible": impossible}
            return render_to_string(f"archive/admin/{name}.html", shared | context, request=request)

        return JsonResponse(
            {
                "variants": {
                    status.variant.value: {
                        "html": piece("documentation_variant", status=status),
                        "words": f"{status.variant.label}: {status.words}",
                    }
                    for status in found
                },
                "builds": piece("documentation_builds", builds=builds_of(self.edition)),
            }
        )


class EditionListView(DocumentationPage):
    """Programme or list to sign, from the draft if there is one."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        make = LISTS.get(kwargs["name"])
        if make is None:
            raise Http404
        revision = self.edition.get_latest_revision() if self.edition.has_unpublished_changes else None
        draft = revision.as_object() if revision else self.edition
        as_of = revision.created_at if revision else self.edition.last_published_at or timezone.now()
        try:
            content = write_at_once(lambda: make(draft, as_of=as_of))
        except DocumentError as error:
            logger.info("list %s of edition %s: %s", kwargs["name"], self.edition.pk, type(error).__name__)
            messages.error(request, str(error))
            return redirect("archive_documentation", self.edition.pk)
        name = f"{slugify(draft.heading)}-{kwargs['name']}.pdf"
        return HttpResponse(
            content,
            content_type="application/pdf",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
