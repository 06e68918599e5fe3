"""The form "Neue Ausgabe": which series, number, day and place. Everything else is written in the editor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin
from wagtail.admin.widgets import AdminDateInput
from wagtail.models import Locale

from home.editing.desk import Shortcut
from home.editing.duplication import editions_of, latest_model, new_edition, next_number, number_is_taken
from home.events.chronicle import chronological
from home.events.models import EditionPage, SeriesPage
from home.people import CoordinationOffice

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class NewEditionForm(forms.Form):
    """What is known first of a new edition; all of it can still be changed."""

    number = forms.IntegerField(
        label="Nummer",
        required=False,
        min_value=1,
        max_value=32767,
        help_text="Leer lassen, wenn die Reihe nicht zählt.",
    )
    start = forms.DateField(
        label="Erster Tag",
        required=False,
        widget=AdminDateInput,
        help_text="Das Programm der Vorlage rückt auf diesen Tag. Ohne ihn bleiben Tage und Zeiten leer.",
    )
    place = forms.CharField(label="Ort", required=False, max_length=100, help_text="Stadt oder Gemeinde.")
    host = forms.ModelChoiceField(
        label="Gastgeberin",
        queryset=CoordinationOffice.objects.all(),
        required=False,
        empty_label="noch offen",
        help_text="Die Koordinierungsstelle, die einlädt. Sie steht auf der Seite der Ausgabe.",
    )
    model = forms.ModelChoiceField(
        label="Vorlage",
        queryset=EditionPage.objects.none(),
        required=False,
        help_text="Übernommen wird das Gerüst des Programms. Nicht Räume, Personen, Texte und Dokumente.",
    )
    with_titles = forms.ChoiceField(
        label="Aus der Vorlage übernehmen",
        choices=[("", "nur Tage, Zeiten und Formate; das Format steht als Titel da"), ("1", "auch die Titel")],
        required=False,
        widget=forms.RadioSelect,
        help_text="Alte Titel nützen, wenn sich die Vorträge wiederholen.",
    )

    def __init__(self, *args: Any, series_page: SeriesPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.series_page = series_page
        editions = editions_of(series_page)
        self.fields["model"].queryset = editions  # type: ignore[attr-defined]
        newest_first = reversed(chronological(editions))
        self.fields["model"].choices = [  # type: ignore[attr-defined]
            ("", "ohne Vorlage, mit leerem Programm"),
            *((edition.pk, edition.title) for edition in newest_first),
        ]

    def clean_with_titles(self) -> bool:
        return bool(self.cleaned_data["with_titles"])

    def clean_number(self) -> int | None:
        number: int | None = self.cleaned_data["number"]
        if number and number_is_taken(self.series_page, number):
            raise forms.ValidationError(f"Die Ausgabe {number} gibt es schon. Die nächste freie Nummer steht darüber.")
        return number


class NewEditionView(WagtailAdminTemplateMixin, FormView):
    """Makes a draft below a chronicle and opens it in the editor."""

    form_class = NewEditionForm
    template_name = "home/admin/new_edition.html"
    header_icon = "calendar-alt"
    series_page: SeriesPage

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.series_page = get_object_or_404(SeriesPage.objects.select_related("series"), pk=kwargs["series_page"])
        if not may_add(request.user, self.series_page):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def get_page_title(self) -> str:
        return f"Neue Ausgabe: {self.series_page.title}"

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        parent = reverse("wagtailadmin_explore", args=[self.series_page.pk])
        return [{"url": parent, "label": self.series_page.title}, {"url": "", "label": "Neue Ausgabe"}]

    def get_initial(self) -> dict[str, Any]:
        return {"number": next_number(self.series_page), "model": latest_model(self.series_page)}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"series_page": self.series_page}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        others = [page for page in chronicles() if page.pk != self.series_page.pk and may_add(self.request.user, page)]
        return super().get_context_data(**kwargs) | {
            "series_page": self.series_page,
            "others": [(page.title, _address(page)) for page in others],
        }

    def form_valid(self, form: NewEditionForm) -> HttpResponse:
        edition = new_edition(self.series_page, user=self.request.user, **form.cleaned_data)
        messages.success(self.request, f"Der Entwurf „{edition.title}“ ist angelegt. Noch sieht ihn niemand sonst.")
        return redirect("wagtailadmin_pages:edit", edition.pk)


def chronicles() -> list[SeriesPage]:
    """All chronicles in the language of the site, in the order of the page tree."""
    pages = SeriesPage.objects.filter(locale=Locale.get_default())
    return list(pages.select_related("series").order_by("path"))


def may_add(user: Any, series_page: SeriesPage) -> bool:
    """Whether somebody may make an edition of this series."""
    return series_page.permissions_for_user(user).can_add_subpage()


def new_edition_shortcut(request: HttpRequest) -> Shortcut | None:
    """A shortcut of the desk to the form for the first chronicle that the person may add to."""
    page = next((page for page in chronicles() if may_add(request.user, page)), None)
    return Shortcut("Neue Ausgabe", _address(page), "calendar-alt") if page else None


def _address(page: SeriesPage) -> str:
    return reverse("home_new_edition", args=[page.pk])
