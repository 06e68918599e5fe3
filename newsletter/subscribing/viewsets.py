"""Subscribers and wordings in the admin."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button, HeaderButton

from home.editing.policies import PolicyFromRegistry, register_policy
from newsletter.following.subscriber_page import SubscriberInspectView
from newsletter.models import ConsentText, Subscriber
from newsletter.subscribing import consent
from newsletter.subscribing.admin_views import EXCHANGE
from newsletter.view_only import AddOnly, LocalInspectView, ViewOnly, ViewOnlyViewSet

register_policy(Subscriber, ViewOnly(Subscriber))
register_policy(ConsentText, AddOnly(ConsentText))


class SubscriberListView(generic.IndexView):
    """The list, with the way to import, export and the proof of somebody who is not in it any more."""

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.request.user.has_perm(EXCHANGE):
            return []
        return [
            HeaderButton("Importieren", url=reverse("newsletter_import"), icon_name="upload"),
            HeaderButton("Exportieren", url=reverse("newsletter_export"), icon_name="download"),
        ]

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        proof = Button("Nachweis zu einer Adresse", reverse("newsletter_find_proof"), icon_name="search", priority=40)
        return [*super().header_more_buttons, proof]


class SubscriberViewSet(ViewOnlyViewSet):
    model = Subscriber
    icon = "user"
    menu_label = "Abonnements"
    index_view_class = SubscriberListView
    inspect_view_class = SubscriberInspectView
    list_display: ClassVar = ["email", "name", "state", "created_at", "confirmed_at"]
    list_filter: ClassVar = ["state", "topics"]
    search_fields: ClassVar = ["email", "name"]
    search_backend_name = None
    inspect_view_fields: ClassVar = [
        "email",
        "name",
        "state",
        "topics",
        "created_at",
        "confirmed_at",
        "paused_until",
        "new_email",
        "unsubscribed_at",
    ]


class ConsentTextForm(WagtailAdminModelForm):
    """Asks for the wording only; version and checksum follow."""

    text = forms.CharField(
        label="Wortlaut",
        max_length=5000,
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
    inspect_view_class = LocalInspectView
    inspect_view_fields: ClassVar = ["version", "text", "sha256", "created_at"]
    add_to_reference_index = False
    list_display: ClassVar = ["version", "text", "created_at"]

    def get_form_class(self, for_update: bool = False) -> type[WagtailAdminModelForm]:
        class Form(ConsentTextForm):
            class Meta:
                model = ConsentText
                fields: ClassVar = ["text"]

        return Form
