"""The menu "Newsletter" of the admin: readers, mailings, deliveries, wordings."""

from __future__ import annotations

from typing import ClassVar

from wagtail.admin.viewsets.model import ModelViewSetGroup
from wagtail.admin.viewsets.pages import PageListingViewSet

from home.editing.policies import register_policy
from newsletter.following.mailing_page import MailingIndexView, MailingInspectView
from newsletter.following.missing import NotReceivedFilterSet, NotReceivedView
from newsletter.models import Delivery, Mailing, NewsletterIssuePage
from newsletter.subscribing.viewsets import ConsentTextViewSet, SubscriberViewSet
from newsletter.view_only import ViewOnly, ViewOnlyViewSet

for rows in (Mailing, Delivery):
    register_policy(rows, ViewOnly(rows))


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
