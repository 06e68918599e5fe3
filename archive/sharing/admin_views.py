"""The page of the admin on which editors make, see and revoke the share links of a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from wagtail.admin import messages

from archive.admin_pages import DocumentPage
from archive.errors import Refused
from archive.models import ShareLink
from archive.sharing import linking
from archive.sharing.forms import ShareLinkForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHARING = "archive.add_sharelink"


class ShareLinksView(DocumentPage):
    """Make a link; it is shown once, in the answer to the form, because only its hash is kept."""

    permissions = (SHARING,)
    page_title = "Freigabelinks"
    header_icon = "link"
    template_name = "archive/admin/share_links.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._show(ShareLinkForm(document=self.document))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = ShareLinkForm(request.POST, document=self.document)
        if not form.is_valid():
            return self._show(form)
        try:
            link, token = linking.create(self.document, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self._show(form)
        url = settings.BASE_URL + reverse("archive:shared", args=[token])
        return self._show(ShareLinkForm(document=self.document), new=link, url=url)

    def _show(self, form: ShareLinkForm, **context: Any) -> HttpResponse:
        links = self.document.share_links.select_related("version", "created_by")
        good = set(linking.good_links().filter(document=self.document).values_list("pk", flat=True))
        rows = [(link, link.pk in good) for link in links]
        return self.show(form=form, rows=rows, most_days=linking.MOST_DAYS, **context)


class RevokeShareLinkView(DocumentPage):
    """The button beside a link."""

    permissions = (SHARING,)
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        link = get_object_or_404(ShareLink, pk=kwargs["link"], document=self.document)
        linking.revoke(link)
        messages.success(request, "Der Link ist widerrufen. Wer ihn jetzt öffnet, bekommt das Dokument nicht mehr.")
        return redirect("archive_share_links", self.document.pk)
