"""The list "Wer hat die Mail nicht bekommen?": refused, came back, late or unclear, in the words of the server."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import BaseColumn, Column, TitleColumn
from wagtail.admin.views import generic

from home.keys import key_of
from home.templatetags.german import counted
from newsletter import tasks
from newsletter.following import domain_groups
from newsletter.models import Bounce, Delivery, Mailing
from newsletter.sending import repairing
from newsletter.sending.repairing import Decided

State = Delivery.State
NOT_RECEIVED = (State.FAILED, State.UNCERTAIN, State.DEFERRED, State.SKIPPED)
CAME_BACK = "bounced"
_STATES = [
    (State.FAILED.value, "abgelehnt"),
    (CAME_BACK, "zurückgekommen"),
    (State.UNCERTAIN.value, "unklar"),
    (State.DEFERRED.value, "später"),
    (State.SKIPPED.value, "übersprungen"),
]
_CAME_BACK_WORDS = {
    Bounce.Kind.HARD: "zurückgekommen (dauerhaft)",
    Bounce.Kind.SOFT: "zurückgekommen (vorübergehend)",
    Bounce.Kind.POLICY: "zurückgekommen (Regeln des Empfängers)",
}


def not_received() -> QuerySet[Delivery]:
    """Deliveries that did not reach their reader, as far as anybody knows; with `said`, the server's words."""
    return _with_words(Delivery.objects.filter(Q(state__in=NOT_RECEIVED) | repairing.came_back()))


def _with_words(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    last = Bounce.objects.filter(delivery=OuterRef("pk")).exclude(kind__in=["complaint", "auto_reply"])
    return (
        deliveries.annotate(
            bounce_kind=Subquery(last.order_by("-received_at").values("kind")[:1]),
            bounce_words=Coalesce(Subquery(last.order_by("-received_at").values("words")[:1]), Value("")),
        )
        .select_related("subscriber", "mailing")
        .defer("mailing__html", "mailing__text")
        # By the key: the name of the relation alone would mean the order of mailings turned round.
        .order_by("-mailing_id", "pk")
    )


def first_not_received(mailing: Mailing, number: int) -> list[Delivery]:
    """The first rows of `not_received` of one mailing.

    Their keys first, each kind by its own index: with both in one condition PostgreSQL reads all rows of the mailing.
    """
    of_mailing = Delivery.objects.filter(mailing=mailing).order_by("pk").values_list("pk", flat=True)
    refused = of_mailing.filter(state__in=NOT_RECEIVED)[:number]
    keys = {*refused, *repairing.first_that_came_back(mailing, number)}
    return list(_with_words(Delivery.objects.filter(pk__in=sorted(keys)[:number])))


def state_words(delivery: Delivery) -> str:
    """What became of the mail, in one or two words."""
    if delivery.state == State.SENT:
        return _CAME_BACK_WORDS.get(delivery.bounce_kind, "zurückgekommen")  # type: ignore[attr-defined]
    return str(delivery.get_state_display())


def words(delivery: Delivery) -> str:
    """What the server said."""
    said: str = delivery.bounce_words if delivery.state == State.SENT else delivery.reply  # type: ignore[attr-defined]
    return said or "–"


class ChoiceColumn(BaseColumn):
    """A box for each row that editors can decide about."""

    header_template_name = "newsletter/admin/choose_all.html"
    cell_template_name = "newsletter/admin/choose.html"

    def get_cell_context_data(self, instance: Delivery, parent_context: Any) -> dict[str, Any]:
        can_be_chosen = instance.state in (State.FAILED, State.UNCERTAIN, State.SENT)
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        return context | {"can_be_chosen": can_be_chosen}


class NotReceivedFilterSet(WagtailFilterSet):
    """Narrows the list by state, by mailing and by the domain of the address."""

    state = django_filters.MultipleChoiceFilter(
        label="Stand", choices=_STATES, method="filter_state", widget=forms.CheckboxSelectMultiple
    )
    mailing = django_filters.ModelChoiceFilter(label="Versand", queryset=Mailing.objects.defer("html", "text"))
    domain = django_filters.CharFilter(
        label="Anbieter", method="filter_domain", help_text="Der Teil der Adresse nach dem @, zum Beispiel gmx.de"
    )

    class Meta:
        model = Delivery
        fields: ClassVar[list[str]] = []

    def filter_state(self, rows: QuerySet[Delivery], _name: str, chosen: list[str]) -> QuerySet[Delivery]:
        """Rows in one of these states; CAME_BACK stands for mails that were taken and came back."""
        wanted = Q(state__in=[state for state in chosen if state != CAME_BACK])
        return rows.filter(wanted | repairing.came_back() if CAME_BACK in chosen else wanted) if chosen else rows

    def filter_domain(self, rows: QuerySet[Delivery], _name: str, domain: str) -> QuerySet[Delivery]:
        """Addresses at this domain or below it; for the name of a provider, at all its domains."""
        domain = domain.strip().rpartition("@")[2].replace("\0", "")
        wanted = Q(subscriber__email__iendswith=f"@{domain}") | Q(subscriber__email__iendswith=f".{domain}")
        for one in domain_groups.domains_of(domain):
            wanted |= Q(subscriber__email__iendswith=f"@{one}")
        return rows.filter(wanted) if domain else rows


class NotReceivedView(generic.IndexView):
    """The list; who may change mailings chooses rows and decides about them."""

    page_title = "Wer hat die Mail nicht bekommen?"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        *before, here = super().get_breadcrumbs_items()
        return [*before, here | {"label": self.page_title}]

    def get_base_queryset(self) -> QuerySet[Delivery]:
        return not_received()

    @property
    def may_change(self) -> bool:
        return bool(self.request.user.has_perm("newsletter.change_mailing"))

    @property
    def columns(self) -> list[BaseColumn]:
        columns = [
            TitleColumn("subscriber", label="Adresse", accessor="subscriber", get_url=self.get_subscriber_url),
            Column("state", label="Stand", accessor=state_words),
            Column("said", label="Antwort des Servers", accessor=words),
            Column("mailing", label="Versand", accessor=lambda row: row.mailing.subject),
            Column("attempts", label="Versuche"),
        ]
        return [ChoiceColumn("choice", label="Auswählen"), *columns] if self.may_change else columns

    def get_subscriber_url(self, delivery: Delivery) -> str | None:
        may_see = self.request.user.has_perm("newsletter.view_subscriber")
        return reverse("subscriber:inspect", args=[delivery.subscriber_id]) if may_see else None

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        return context | {"may_change": self.may_change, "query": self.request.GET.urlencode()}


DECISIONS = {
    "retry": (repairing.retry, "wird noch einmal versendet", "werden noch einmal versendet"),
    "send_again": (repairing.send_again, "wird noch einmal versendet", "werden noch einmal versendet"),
    "mark_sent": (repairing.mark_sent, "gilt jetzt als gesendet", "gelten jetzt als gesendet"),
}


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Do what was chosen for the rows that were chosen, and go back to the list."""
    if not request.user.has_perm("newsletter.change_mailing"):
        raise PermissionDenied
    chosen = {key for text in request.POST.getlist("delivery") if (key := key_of(text)) is not None}
    decision = DECISIONS.get(request.POST.get("decision", ""))
    if decision is None or not chosen:
        messages.warning(request, "Bitte kreuzen Sie zuerst die Zeilen an, um die es geht.")
    else:
        verb, one, many = decision
        decided = verb(chosen, user=request.user)  # type: ignore[arg-type]
        _tell(request, decided, one, many)
        for mailing in Mailing.objects.filter(pk__in=decided.mailings, state=Mailing.State.SENDING):
            tasks.wake(mailing.pk)
    query = request.POST.get("query", "")[:2_000]
    return redirect(f"{reverse('delivery:index')}?{query}" if query else reverse("delivery:index"))


def _tell(request: HttpRequest, decided: Decided, one: str, many: str) -> None:
    if decided.done:
        messages.success(request, f"{counted(decided.done, 'Mail,Mails')} {one if decided.done == 1 else many}.")
    if decided.left:
        messages.warning(
            request,
            f"Unverändert: {counted(decided.left, 'Zeile,Zeilen')}. Der Stand passt nicht dazu, das Abonnement ist "
            "nicht mehr aktiv oder der Versand ist abgebrochen.",
        )
    if Mailing.objects.filter(pk__in=decided.mailings, state=Mailing.State.PAUSED).exists():
        messages.warning(request, "Der Versand ist angehalten. Die Mails gehen hinaus, wenn Sie ihn fortsetzen.")
