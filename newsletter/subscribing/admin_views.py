"""Subscribers in the admin beyond list and detail: the proof of one person, import and export of lists."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET
from wagtail.admin import messages

from home.editing.admin_pages import AdminPage
from home.rendering.errors import DocumentError
from home.spreadsheets import csv_download, note_export
from home.templatetags.german import counted
from newsletter.models import Subscriber
from newsletter.subscribing import exchange, proof, uploads
from newsletter.subscribing.csv_files import UnusableFile, csv_text
from newsletter.subscribing.forms import AddressField

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, StreamingHttpResponse

# A process of the website works on it while somebody waits: 10,000 lines take some seconds. The command has no limit.
LARGEST = 5 * 1024 * 1024
MOST_LINES = 10_000
# Lines of the report on one page; the numbers above it count all.
LINES_SHOWN = 500
SEE, EXCHANGE = "newsletter.view_subscriber", "newsletter.change_subscriber"


class UploadForm(forms.Form):
    """The file of an import, of up to LARGEST bytes."""

    file = forms.FileField(
        label="CSV-Datei",
        help_text="Höchstens 10.000 Zeilen und 5 MB. In Excel: „Speichern unter“, Dateityp „CSV UTF-8“.",
        error_messages={
            "required": "Bitte wählen Sie eine Datei aus.",
            "empty": "Diese Datei ist leer. Bitte wählen Sie eine andere.",
        },
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError("Die Datei ist größer als 5 MB. Bitte teilen Sie sie.")
        return file


class AddressSearchForm(forms.Form):
    """The address whose proof is looked for, by its keyed hash once it is deleted."""

    address = AddressField(label="E-Mail-Adresse", help_text="Auch eine, die hier nicht mehr gespeichert ist.")


class SubscriberView(AdminPage):
    """Base of the pages beside the list of subscribers."""

    permissions = (SEE,)
    header_icon = "user"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        first, *rest = super().get_breadcrumbs_items()
        return [first, {"url": reverse("subscriber:index"), "label": "Abonnements"}, *rest]


class FindProofView(SubscriberView):
    """Whose proof belongs to an address, also when the address itself is not stored any more."""

    page_title = "Nachweis zu einer Adresse"
    template_name = "newsletter/admin/find_proof.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(form=AddressSearchForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = AddressSearchForm(request.POST)
        if not form.is_valid():
            return self.show(form=form, status=422)
        address = form.cleaned_data["address"]
        return self.show(form=form, address=address, found=proof.find(address))


class ImportView(SubscriberView):
    """Upload, look at what each line would do, import: three steps, the file is kept in between."""

    permissions = (EXCHANGE,)
    page_title = "Abonnements importieren"
    header_icon = "upload"
    template_name = "newsletter/admin/import.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._form(UploadForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        if ticket := request.POST.get("ticket"):
            return self._finish(ticket)
        form = UploadForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._form(form)
        ticket = uploads.keep(form.cleaned_data["file"], request.user)
        try:
            with uploads.opened(ticket, request.user) as file, csv_text(file) as lines:
                report = _report(exchange.import_rows(lines, dry_run=True))
        except UnusableFile as error:
            uploads.drop(ticket, request.user)
            form.add_error("file", str(error))
            return self._form(form)
        return self.show(report=report, ticket=ticket)

    def _finish(self, ticket: str) -> HttpResponse:
        user = self.request.user
        try:
            if "discard" in self.request.POST:
                uploads.drop(ticket, user)
                return redirect("newsletter_import")
            with uploads.opened(ticket, user) as file, csv_text(file) as lines:
                report = _report(exchange.import_rows(lines))
            uploads.drop(ticket, user)
        except (uploads.UploadGone, UnusableFile) as error:
            messages.error(self.request, str(error))
            return redirect("newsletter_import")
        messages.success(self.request, f"{counted(report['added'], 'Adresse,Adressen')} aufgenommen.")
        return self.show(report=report)

    def _form(self, form: UploadForm) -> HttpResponse:
        return self.show(form=form, columns=exchange.COLUMNS, status=422 if form.errors else 200)


@require_GET
def export_list(request: HttpRequest) -> StreamingHttpResponse:
    """Everybody who gets the newsletter, as a CSV file that Excel opens rightly in Germany."""
    _require(request, EXCHANGE)
    note_export(request, "Abonnements des Newsletters")
    return csv_download(exchange.export_lines(delimiter=";"), f"newsletter-{timezone.localdate():%Y-%m-%d}.csv")


def export_proof(request: HttpRequest, subscriber: int, kind: str) -> HttpResponse:
    """The proof of one person as `json` or `pdf`. A posted `address` is what the person says their address was."""
    _require(request, SEE)
    if kind not in ("json", "pdf"):
        raise Http404
    note_export(request, f"Nachweis zu Abonnement {subscriber}")
    found = proof.gather(get_object_or_404(Subscriber, pk=subscriber), address=request.POST.get("address", ""))
    if kind == "json":
        return _download(proof.as_json(found), "application/json", f"nachweis-{subscriber}.json")
    try:
        return _download(proof.as_pdf(found), "application/pdf", f"nachweis-{subscriber}.pdf")
    except DocumentError as error:
        messages.error(request, str(error))
        return redirect("subscriber:inspect", subscriber)


def _report(outcomes: Iterable[exchange.Outcome]) -> dict[str, Any]:
    """Numbers of all lines; of those that are not taken the first ones themselves. Raises UnusableFile."""
    numbers: Counter[str] = Counter()
    lines: list[tuple[int, str, str]] = []
    for outcome in outcomes:
        numbers[outcome.status] += 1
        if numbers.total() > MOST_LINES:
            raise UnusableFile("Die Datei hat mehr als 10.000 Zeilen. Bitte teilen Sie sie.")
        if outcome.status != "added" and len(lines) < LINES_SHOWN:
            lines.append((outcome.line, exchange.WORDS[outcome.status], outcome.reason))
    return {
        "added": numbers["added"],
        "numbers": [(words, numbers[status]) for status, words in exchange.WORDS.items()],
        "lines": lines,
        "left_out": numbers.total() - numbers["added"] - len(lines),
    }


def _download(content: bytes, media_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _require(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied
