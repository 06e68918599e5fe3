"""Pages of the admin for writers: collect what is new, look at a mail as one reader, check the sender."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.models import Locale

from home.editing.desk import Shortcut
from home.keys import key_of
from newsletter.composing import collecting, sender
from newsletter.composing.admin_pages import IssuePage, NewsletterPage
from newsletter.composing.previews import PERSON, chosen_person
from newsletter.composing.rendering import render_issue, sample_values
from newsletter.errors import AlreadyStarted, RenderingFailed
from newsletter.models import NewsletterIndexPage, NewsletterIssuePage, Subscriber
from newsletter.sending.mailings import mailing_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PEOPLE_SHOWN = 20
# What the last look at the sender's domain found, for the page "Prüfen und versenden".
SENDER_CHECK, SENDER_CHECK_KEPT = "newsletter:sender-check", 24 * 3600
KIND_WORDS = {
    "reports": "Berichte",
    "editions": "Ausgaben, die stattgefunden haben oder neu auf der Website sind",
    "dates": "Kommende Termine",
    "documents": "Öffentliche Dokumente",
}


class CollectView(IssuePage):
    """GET shows what is new since the last issue; POST puts the chosen part into the draft."""

    page_title = "Neues sammeln"
    header_icon = "plus-inverse"
    template_name = "newsletter/admin/collect.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._require_edit()
        news = collecting.whats_new(self.draft)
        groups = [
            (words, [(collecting.key(kind, item), item) for item in getattr(news, kind)])
            for kind, words in KIND_WORDS.items()
        ]
        return self.show(news=news, groups=[group for group in groups if group[1]], mailing=mailing_of(self.issue))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._require_edit()
        news = collecting.whats_new(self.draft).only(request.POST.getlist("news"))
        try:
            collecting.add(self.issue, news, user=request.user)  # type: ignore[arg-type]
        except AlreadyStarted as sent:
            messages.error(request, str(sent))
        else:
            if news:
                messages.success(request, f"In den Entwurf übernommen: {news.words}.")
            else:
                messages.warning(request, "Nichts übernommen: Alles Ausgewählte steht schon in der Ausgabe.")
        return redirect("wagtailadmin_pages:edit", self.issue.pk)

    def _require_edit(self) -> None:
        if not self.may_edit or self.issue.permissions_for_user(self.request.user).page_locked():
            raise PermissionDenied


@require_POST
def new_issue(request: HttpRequest, index: int) -> HttpResponse:
    """A draft with everything that is new since the last issue, opened in the editor."""
    page = get_object_or_404(NewsletterIndexPage, pk=index)
    if not page.permissions_for_user(request.user).can_add_subpage():
        raise PermissionDenied
    issue = collecting.new_issue(page, user=request.user)  # type: ignore[arg-type]
    messages.success(request, f"Der Entwurf „{issue.title}“ ist angelegt. Noch sieht ihn niemand sonst.")
    return redirect("wagtailadmin_pages:edit", issue.pk)


def new_issue_shortcut(request: HttpRequest) -> Shortcut | None:
    """A shortcut of the desk to a new issue, for those who may write one."""
    for index in NewsletterIndexPage.objects.filter(locale=Locale.get_default()).order_by("path"):
        if index.permissions_for_user(request.user).can_add_subpage():
            return Shortcut("Newsletter vorbereiten", reverse("newsletter_new_issue", args=[index.pk]), "mail")
    return None


class NewIssueView(NewsletterPage):
    """GET says what a new issue would begin with; the button is a POST to `new_issue`."""

    page_title = "Newsletter vorbereiten"
    header_icon = "plus-inverse"
    template_name = "newsletter/admin/new_issue.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        index = get_object_or_404(NewsletterIndexPage, pk=kwargs["index"])
        if not index.permissions_for_user(request.user).can_add_subpage():
            raise PermissionDenied
        news = collecting.whats_new(NewsletterIssuePage(locale=index.locale))
        return self.show(index=index, news=news, number=collecting.next_number(index))


class AsPersonView(IssuePage):
    """Choose a subscriber and see the mail as they would get it. Its links act for nobody."""

    page_title = "Als Person ansehen"
    header_icon = "view"
    template_name = "newsletter/admin/as_person.html"
    permissions = ("newsletter.view_subscriber",)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.GET.get("q", "").replace("\x00", "").strip()
        people = Subscriber.objects.filter(email__isnull=False)
        if asked:
            people = people.filter(Q(email__icontains=asked) | Q(name__icontains=asked))
        found = list(people.order_by("email")[: PEOPLE_SHOWN + 1])
        context: dict[str, Any] = {"asked": asked, "people": found[:PEOPLE_SHOWN], "more": len(found) > PEOPLE_SHOWN}
        person = chosen_person(request)
        if person is not None:
            context |= {"person": person, "gets_it": self._gets_it(person)} | self._mail(person)
        return self.show(**context)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = key_of(request.POST.get("person", ""))
        person = Subscriber.objects.filter(pk=key, email__isnull=False).first() if key is not None else None
        if person is None:
            messages.error(request, "Diese Person gibt es nicht mehr. Bitte wählen Sie eine andere.")
        else:
            request.session[PERSON] = person.pk
        return redirect("newsletter_as_person", self.issue.pk)

    def _mail(self, person: Subscriber) -> dict[str, Any]:
        try:
            rendered = render_issue(self.draft).personal(sample_values(person.name))
        except RenderingFailed as error:
            return {"failure": str(error)}
        return {"rendered": rendered}

    def _gets_it(self, person: Subscriber) -> str:
        """Whether the person is among the recipients, and why."""
        if person.state != Subscriber.State.ACTIVE:
            return f"Diese Person bekommt die Ausgabe nicht: Ihr Abonnement ist {person.get_state_display()}."
        wanted = {topic.pk for topic in self.draft.topics.all()}
        chosen = {topic.pk for topic in person.topics.all()}
        if wanted and chosen and not wanted & chosen:
            return "Diese Person bekommt die Ausgabe nicht: Sie hat andere Themen gewählt."
        return "Diese Person bekommt die Ausgabe."


class SenderView(NewsletterPage):
    """What the name system says about the sender's domain, with advice. POST looks again."""

    page_title = "Absender prüfen"
    header_icon = "globe"
    template_name = "newsletter/admin/sender.html"
    permissions = ("newsletter.add_mailing",)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(report=cache.get(SENDER_CHECK))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        report = sender.check_sender()
        cache.set(SENDER_CHECK, report, SENDER_CHECK_KEPT)
        return self.show(report=report)
