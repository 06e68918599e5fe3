"""The menu "Newsletter" of the admin: readers, mailings, deliveries, wordings."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSetGroup
from wagtail.admin.viewsets.pages import PageListingViewSet

from home.editing.policies import register_policy
from newsletter.models import Delivery, Mailing, NewsletterIssuePage
from newsletter.sending.mailings import figures
from newsletter.subscribing.viewsets import ConsentTextViewSet, SubscriberViewSet
from newsletter.view_only import ViewOnly, ViewOnlyViewSet

NOT_RECEIVED = (
    Delivery.State.FAILED,
    Delivery.State.UNCERTAIN,
    Delivery.State.DEFERRED,
    Delivery.State.SKIPPED,
)
SHOWN_AT_ONCE = 200

for rows in (Mailing, Delivery):
    register_policy(rows, ViewOnly(rows))


class MailingInspectView(generic.InspectView):
    """The figures of a mailing and who has not got it."""

    template_name = "newsletter/admin/mailing.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        missing = self.object.deliveries.filter(state__in=NOT_RECEIVED).select_related("subscriber").order_by("pk")
        return super().get_context_data(**kwargs) | {
            "mailing": self.object,
            "figures": figures(self.object),
            "missing": missing[:SHOWN_AT_ONCE],
            "may_change": self.request.user.has_perm("newsletter.change_mailing"),
        }


class MailingViewSet(ViewOnlyViewSet):
    model = Mailing
    icon = "mail"
    menu_label = "Versand"
    inspect_view_class = MailingInspectView
    list_display: ClassVar = ["subject", "state", "scheduled_at", "finished_at", "created_by"]
    list_filter: ClassVar = ["state"]


class NotReceivedView(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[Delivery]:
        rows = Delivery.objects.filter(state__in=NOT_RECEIVED).select_related("subscriber", "mailing")
        return rows.order_by("-mailing", "pk")


class DeliveryViewSet(ViewOnlyViewSet):
    model = Delivery
    icon = "warning"
    menu_label = "Nicht zugestellt"
    index_view_class = NotReceivedView
    list_display: ClassVar = ["subscriber", "mailing", "state", "reply", "attempts"]
    list_filter: ClassVar = ["state", "mailing"]


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
