"""The menu "Stammdaten": what pages refer to, each with its list and form."""

from __future__ import annotations

from typing import ClassVar

from django.utils.functional import cached_property
from wagtail import hooks
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.widgets.button import Button, HeaderButton
from wagtail.snippets.views.snippets import EditView, SnippetViewSet, SnippetViewSetGroup

from home.events.models import EventSeries
from home.membership import OfficeMembership
from home.people import (
    CoordinationOffice,
    Funder,
    FundingPeriod,
    Person,
    SteeringTerm,
    Topic,
)


class OfficeEditView(EditView):
    """Offers in its header what other apps add to the list: inviting somebody."""

    @cached_property
    def header_buttons(self) -> list[Button]:
        offered = [
            button
            for make in hooks.get_hooks("register_snippet_listing_buttons")
            for button in make(self.object, self.request.user, self.request.path)
        ]
        return [*super().header_buttons, *(_in_header(button) for button in offered)]


def _in_header(button: Button) -> HeaderButton:
    return HeaderButton(button.label, button.url, icon_name=button.icon_name, priority=button.priority)


class OfficeViewSet(SnippetViewSet):
    model = CoordinationOffice
    edit_view_class = OfficeEditView
    icon = "site"
    menu_label = "Koordinierungsstellen"
    list_display: ClassVar = ["name", "kind", "ags", "code"]
    list_filter: ClassVar = ["kind"]
    list_per_page = 20


class PersonViewSet(SnippetViewSet):
    model = Person
    icon = "user"
    list_display: ClassVar = ["name", "organisation", "role"]
    list_filter: ClassVar = ["role"]


class TopicViewSet(SnippetViewSet):
    model = Topic
    icon = "tag"
    list_display: ClassVar = ["name", BooleanColumn("newsletter", label="im Newsletter wählbar")]
    search_fields: ClassVar = ["name", "description"]
    panels: ClassVar = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("slug")]),
        FieldPanel("description"),
        FieldPanel("newsletter"),
    ]


class SeriesViewSet(SnippetViewSet):
    model = EventSeries
    icon = "list-ul"
    search_fields: ClassVar = ["name"]
    list_display: ClassVar = ["name", "description"]


class SteeringTermViewSet(SnippetViewSet):
    model = SteeringTerm
    icon = "group"
    menu_label = "Steuerungsgruppen"
    list_display: ClassVar = ["year", "note"]


class FunderViewSet(SnippetViewSet):
    model = Funder
    icon = "pick"
    search_fields: ClassVar = ["name", "short_name"]
    list_display: ClassVar = ["name", "short_name"]


class FundingPeriodViewSet(SnippetViewSet):
    model = FundingPeriod
    icon = "calendar"
    search_fields: ClassVar = ["name", "wording"]
    list_display: ClassVar = ["name", "starts_on", "ends_on"]


class MembershipViewSet(SnippetViewSet):
    """Who works for which office. Only those who manage accounts see it (`cms.roles`)."""

    model = OfficeMembership
    icon = "key"
    menu_label = "Zugehörigkeiten"
    list_display: ClassVar = ["user", "office", "since"]
    list_filter: ClassVar = ["office"]
    search_fields: ClassVar = ["user__email", "user__last_name", "office__name"]


class BaseDataGroup(SnippetViewSetGroup):
    menu_label = "Stammdaten"
    menu_icon = "folder-open-inverse"
    menu_order = 350
    items = (
        OfficeViewSet,
        PersonViewSet,
        TopicViewSet,
        SeriesViewSet,
        SteeringTermViewSet,
        FunderViewSet,
        FundingPeriodViewSet,
        MembershipViewSet,
    )
