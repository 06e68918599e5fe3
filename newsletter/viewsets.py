"""The menu "Newsletter" of the admin: readers, mailings, deliveries, wordings."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.admin.viewsets.pages import PageListingViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from home.editing.policies import PolicyFromRegistry, register_policy
from newsletter.following.mailing_page import MailingIndexView, MailingInspectView
from newsletter.following.missing import NotReceivedFilterSet, NotReceivedView
from newsletter.following.subscriber_page import SubscriberInspectView
from newsletter.models import ConsentText, Delivery, Mailing, NewsletterIssuePage, Subscriber
from newsletter.subscribing import consent


class ViewOnly(ModelPermissionPolicy):
    """Rows that only the verbs of the newsletter may write."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action == "view" and super().user_has_permission(user, action)


class AddOnly(ModelPermissionPolicy):
    """Rows that are never changed: a new wording is a new version."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action in ("view", "add") and super().user_has_permission(user, action)


for rows in (Subscriber, Mailing, Delivery):
    register_policy(rows, ViewOnly(rows))
register_policy(ConsentText, AddOnly(ConsentText))


class ViewOnlyViewSet(PolicyFromRegistry, ModelViewSet):
    """A list and a detail page."""

    form_fields: ClassVar[list[str]] = []
    copy_view_enabled = False
    inspect_view_enabled = True
    add_to_reference_index = False
    list_per_page = 50


class SubscriberViewSet(ViewOnlyViewSet):
    model = Subscriber
    icon = "user"
    menu_label = "Abonnements"
    list_display: ClassVar = ["email", "name", "state", "created_at", "confirmed_at"]
    list_filter: ClassVar = ["state", "topics"]
    search_fields: ClassVar = ["email", "name"]
    search_backend_name = None
    inspect_view_class = SubscriberInspectView
    inspect_view_fields: ClassVar = [
        "email",
        "name",
        "state",
        "topics",
        "created_at",
        "confirmed_at",
        "unsubscribed_at",
    ]


class MailingViewSet(ViewOnlyViewSet):
    model = Mailing
    icon = "mail"
    menu_label = "Versand"
    index_view_class = MailingIndexView
    inspect_view_class = MailingInspectView
    list_display: ClassVar = ["subject", "state", "scheduled_at", "finished_at", "created_by"]
    list_filter: ClassVar = ["state"]


class DeliveryViewSet(ViewOnlyViewSet):
    model = Delivery
    icon = "warning"
    menu_label = "Nicht zugestellt"
    index_view_class = NotReceivedView
    index_template_name = "newsletter/admin/not_received.html"
    index_results_template_name = "newsletter/admin/not_received_results.html"
    filterset_class = NotReceivedFilterSet
    # Every row leads to its subscription.
    inspect_view_enabled = False
    list_per_page = 100
    search_fields: ClassVar = ["subscriber__email", "reply"]
    search_backend_name = None


class ConsentTextForm(WagtailAdminModelForm):
    """Asks for the wording only; version and checksum follow."""

    text = forms.CharField(
        label="Wortlaut",
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="So steht er neben dem Kästchen der Anmeldung. Bisherige Fassungen bleiben als Nachweis erhalten.",
    )

    def save(self, commit: bool = True) -> ConsentText:
        self.instance = consent.new_text(self.cleaned_data["text"])
        return self.instance


class ConsentTextViewSet(PolicyFromRegistry, ModelViewSet):
    model = ConsentText
    icon = "doc-full"
    menu_label = "Einwilligungstexte"
    panels: ClassVar = [FieldPanel("text")]
    copy_view_enabled = False
    inspect_view_enabled = True
    add_to_reference_index = False
    list_display: ClassVar = ["version", "text", "created_at"]

    def get_form_class(self, for_update: bool = False) -> type[WagtailAdminModelForm]:
        class Form(ConsentTextForm):
            class Meta:
                model = ConsentText
                fields: ClassVar = ["text"]

        return Form


class IssueViewSet(PageListingViewSet):
    model = NewsletterIssuePage
    icon = "doc-full-inverse"
    menu_label = "Ausgaben"
    name = "newsletter_issues"


class NewsletterGroup(ModelViewSetGroup):
    menu_label = "Newsletter"
    menu_icon = "mail"
    menu_order = 250
    items = (IssueViewSet, MailingViewSet, DeliveryViewSet, SubscriberViewSet, ConsentTextViewSet)
