"""The reports of the menu "Berichte": pages without review, links to other websites."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth import get_user_model
from django.db.models import Case, IntegerField, Max, OuterRef, Subquery, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.filters import ContentTypeFilter, WagtailFilterSet
from wagtail.admin.ui.tables import Column, StatusTagColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.coreutils import get_content_type_label
from wagtail.models import Page, PageLogEntry, get_page_content_types
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permission_policies.pages import PagePermissionPolicy

from home.upkeep.collecting import snippets_with
from home.upkeep.models import ExternalLink, PageReview
from home.upkeep.reviewing import pages_due

if TYPE_CHECKING:
    from django.db.models import QuerySet


class DayColumn(Column):
    """A day as it is written in German: "since 4 days" would not tell which."""

    def get_value(self, instance: Any) -> str:
        value = super().get_value(instance)
        if isinstance(value, datetime):
            value = timezone.localtime(value)
        return f"{value:%d.%m.%Y}" if value else ""


class ButtonColumn(Column):
    """A button that posts to an address of the row and comes back to the list."""

    cell_template_name = "home/admin/button_cell.html"

    def __init__(self, name: str, *, label: str, button: str, url_name: str, list_url_name: str) -> None:
        super().__init__(name, label=label, accessor=lambda row: reverse(url_name, args=[row.pk]))
        self.button = button
        self.list_url_name = list_url_name

    def render_cell_html(self, instance: Any, parent_context: Mapping[str, Any]) -> SafeString:
        """With the request, which Wagtail leaves out: the form needs a token."""
        context = self.get_cell_context_data(instance, parent_context)
        context |= {"button": self.button, "next_url": reverse(self.list_url_name)}
        return self.cell_template.render(context, parent_context.get("request"))


class PagesDueFilterSet(WagtailFilterSet):
    content_type = ContentTypeFilter(
        label="Seitentyp", queryset=lambda request: get_page_content_types(include_base_page_type=False)
    )

    class Meta:
        model = Page
        fields: ClassVar = ["content_type"]


def edit_url(page: Page) -> str:
    """Where a page is mended."""
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


class ExplainedReport(ReportView):
    """A report that says what it is for, and in `nothing_listed` what it means when nothing stands in it."""

    results_template_name = "home/admin/report_results.html"
    nothing_listed = ""

    @property
    def purpose(self) -> str:
        """One or two German sentences above the list. Every report has its own."""
        raise NotImplementedError


class PagesDueView(ExplainedReport):
    """Pages that were neither changed nor reviewed for a year, of those that the person may change."""

    nothing_listed = "Keine Seite ist an der Reihe."
    page_title = "Seiten ohne Prüfung"
    header_icon = "history"
    verbose_name_plural = "Seiten ohne Prüfung"
    index_url_name = "home_pages_due"
    index_results_url_name = "home_pages_due_results"
    permission_policy = ModelPermissionPolicy(PageReview)
    permission_required = "add"
    filterset_class = PagesDueFilterSet
    export_filename = "seiten-ohne-pruefung"
    list_export: ClassVar = ["title", "type_name", "last_published_at", "publisher", "reviewed_on", "full_url"]
    export_headings: ClassVar = {
        "title": "Titel",
        "type_name": "Seitentyp",
        "last_published_at": "Zuletzt veröffentlicht am",
        "publisher": "Zuletzt veröffentlicht von",
        "reviewed_on": "Zuletzt geprüft am",
        "full_url": "Adresse",
    }
    columns: ClassVar = [
        TitleColumn("title", label="Titel", accessor="get_admin_display_title", get_url=edit_url),
        Column("type_name", label="Seitentyp"),
        DayColumn("last_published_at", label="Zuletzt veröffentlicht", sort_key="last_published_at"),
        Column("publisher", label="von"),
        DayColumn("reviewed_on", label="Zuletzt geprüft"),
        ButtonColumn(
            "review",
            label="Prüfung",
            button="Geprüft, stimmt noch",
            url_name="home_review_page",
            list_url_name="home_pages_due",
        ),
    ]

    @property
    def purpose(self) -> str:
        return (
            "Seiten, deren letzte Änderung oder Prüfung älter als ein Jahr ist. Bitte sehen Sie nach, ob sie stimmen."
        )

    def get_base_queryset(self) -> QuerySet[Page]:
        editable = PagePermissionPolicy(Page).instances_user_has_permission_for(self.request.user, "change")
        publications = PageLogEntry.objects.filter(page=OuterRef("pk"), action="wagtail.publish").order_by("-pk")
        return (
            pages_due()
            .filter(pk__in=editable.values("pk"))
            .select_related("content_type", "review")
            .annotate(publisher_id=Subquery(publications.values("user")[:1]))
        )

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        """Names of those who published last, in one query; deleted accounts have none."""
        people = get_user_model()._default_manager.in_bulk({page.publisher_id for page in object_list} - {None})
        for page in object_list:
            person = people.get(page.publisher_id)
            page.publisher = (person.get_full_name() or person.get_username()) if person else ""
            page.type_name = get_content_type_label(page.content_type)
            page.reviewed_on = page.review.reviewed_on if hasattr(page, "review") else None
        return object_list

    def get_filename(self) -> str:
        return dated(self.export_filename)


class LinkColumn(Column):
    """An address that opens in a new window."""

    cell_template_name = "home/admin/link_cell.html"


class PlacesColumn(Column):
    """What a link stands on, with the way to the form that changes it."""

    cell_template_name = "home/admin/places_cell.html"


class LinkFilterSet(WagtailFilterSet):
    class Meta:
        model = ExternalLink
        fields: ClassVar = ["state"]


class LinksView(ExplainedReport):
    """Links to other websites: those that fail first, then those under suspicion."""

    results_template_name = "home/admin/links_results.html"
    nothing_listed = "Bisher ist kein Link zu einer anderen Website bekannt."
    page_title = "Links zu anderen Websites"
    header_icon = "link-external"
    verbose_name_plural = "Links zu anderen Websites"
    model = ExternalLink
    index_url_name = "home_links"
    index_results_url_name = "home_links_results"
    permission_policy = ModelPermissionPolicy(ExternalLink)
    permission_required = "view"
    filterset_class = LinkFilterSet
    is_searchable = True
    search_fields: ClassVar = ["url"]
    export_filename = "links"
    list_export: ClassVar = ["url", "standing", "reason", "failing_since", "checked_at", "places_text"]
    export_headings: ClassVar = {
        "url": "Adresse",
        "standing": "Stand",
        "reason": "Grund",
        "failing_since": "Fehlerhaft seit",
        "checked_at": "Zuletzt geprüft",
        "places_text": "Steht auf",
    }
    columns: ClassVar = [
        LinkColumn("url", label="Adresse", width="30%"),
        StatusTagColumn("standing", label="Stand", primary=lambda link: link.state == ExternalLink.State.FAILING),
        Column("reason", label="Grund"),
        DayColumn("failing_since", label="Fehlerhaft seit"),
        PlacesColumn("places", label="Steht auf"),
        DayColumn("checked_at", label="Zuletzt geprüft", sort_key="checked_at"),
        ButtonColumn(
            "check", label="Prüfung", button="Jetzt prüfen", url_name="home_check_link", list_url_name="home_links"
        ),
    ]

    @property
    def purpose(self) -> str:
        last = ExternalLink.objects.aggregate(last=Max("checked_at"))["last"]
        when = f"Zuletzt geprüft am {timezone.localtime(last):%d.%m.%Y, %H:%M} Uhr." if last else "Noch nicht geprüft."
        return f"Links, die nicht mehr funktionieren, stehen oben. {when} Die nächste Prüfung läuft nachts."

    @property
    def has_new(self) -> bool:
        """Whether there is a link that nobody has asked yet; where none is known, nobody has looked yet."""
        return ExternalLink.objects.filter(checked_at=None).exists() or not ExternalLink.objects.exists()

    def get_base_queryset(self) -> QuerySet[ExternalLink]:
        urgency = Case(
            When(state=ExternalLink.State.FAILING, then=Value(0)),
            When(failing_since__isnull=False, then=Value(1)),
            default=Value(2),
            output_field=IntegerField(),
        )
        return ExternalLink.objects.prefetch_related("pages").order_by(urgency, "failing_since", "url")

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        """Add where each link stands: pages, and snippets for those that stand on none."""
        pages = {page.pk for link in object_list for page in link.pages.all()}
        policy = PagePermissionPolicy(Page)
        editable = set(
            policy.instances_user_has_permission_for(self.request.user, "change")
            .filter(pk__in=pages)
            .values_list("pk", flat=True)
        )
        finder = AdminURLFinder(self.request.user)
        snippets = snippets_with(link.url for link in object_list if not link.pages.all())
        for link in object_list:
            link.standing = standing(link)
            link.places = [
                (page.get_admin_display_title(), edit_url(page) if page.pk in editable else "")
                for page in link.pages.all()
            ] + [(str(snippet), finder.get_edit_url(snippet) or "") for snippet in snippets.get(link.url, ())]
            link.places_text = ", ".join(title for title, _url in link.places)
        return object_list

    def get_filename(self) -> str:
        return dated(self.export_filename)


def standing(link: ExternalLink) -> str:
    """The state of a link in words; one failure alone is a suspicion."""
    if link.failing_since and link.state != ExternalLink.State.FAILING:
        return "einmal nicht erreichbar, wird noch einmal geprüft"
    return str(link.get_state_display())


def dated(name: str) -> str:
    """The name of an exported file with the day in it."""
    return f"{name}-{timezone.localdate():%Y-%m-%d}"
