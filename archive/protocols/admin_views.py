"""The pages of the admin about protocols: one protocol with its steps, and the tasks of all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from wagtail.admin import messages
from wagtail.log_actions import log

from archive.access import LEVEL_OF_ROLE
from archive.admin_pages import DocumentPage
from archive.errors import Refused
from archive.file_types import FileRefused
from archive.models import Document
from archive.notices import sending, tasks, telling
from archive.notices.models import Notice
from archive.protocols import resolving, workflow
from archive.protocols.forms import CorrectionForm, ResolutionFormSet
from archive.protocols.freezing import RELEASED
from archive.protocols.models import Protocol
from archive.tasks import queue_extraction
from home.editing.admin_pages import AdminPage
from home.keys import key_of
from home.roles import Role
from home.templatetags.german import counted

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

RESOLUTIONS_CHANGED = "archive.resolutions_changed"
PER_PAGE = 50


class ProtocolView(DocumentPage):
    """State, steps, comments, resolutions and history of one protocol. POST names the step in `step`."""

    permissions = ("archive.change_protocol",)
    page_title = "Protokoll"
    header_icon = "doc-full"
    template_name = "archive/admin/protocol.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        if self.document.kind != Document.Kind.PROTOCOL:
            raise Http404
        self.protocol, _ = Protocol.objects.get_or_create(document=self.document)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._show()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        steps = {
            "abstimmung": self._submit,
            "entwurf": self._take_back,
            "freigabe": self._release,
            "korrektur": self._correct,
            "beschluesse": self._save_resolutions,
        }
        step = steps.get(request.POST.get("step", ""))
        if step is None:
            raise Http404
        try:
            form_again = step(request)
        except (Refused, FileRefused) as refusal:
            messages.error(request, str(refusal))
            form_again = None
        return form_again or redirect("archive_protocol", self.document.pk)

    def _submit(self, request: HttpRequest) -> None:
        workflow.submit(self.protocol, user=request.user)
        number = self._tell(Notice.Kind.PROTOCOL_REVIEW)
        messages.success(request, f"Das Protokoll ist in Abstimmung. Benachrichtigt: {counted(number, _PEOPLE)}.")

    def _take_back(self, request: HttpRequest) -> None:
        workflow.take_back(self.protocol, user=request.user, note=request.POST.get("note", "").strip())
        messages.success(request, "Das Protokoll ist wieder ein Entwurf. Nur die Redaktion sieht es.")

    def _release(self, request: HttpRequest) -> None:
        workflow.release(self.protocol, user=request.user, tell="tell" in request.POST)
        number = self._tell(Notice.Kind.PROTOCOL_RELEASED)
        messages.success(request, f"Das Protokoll ist freigegeben. Benachrichtigt: {counted(number, _PEOPLE)}.")

    def _tell(self, kind: Notice.Kind) -> int:
        notices = sending.waiting().filter(kind=kind, document=self.document)
        tasks.deliver_soon(notices)
        return len(notices)

    def _correct(self, request: HttpRequest) -> HttpResponse | None:
        form = CorrectionForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._show(correction=form)
        upload = form.cleaned_data["file"]
        reason = form.cleaned_data["reason"]
        version = workflow.correct(self.protocol, upload, upload.name, reason=reason, user=request.user)
        queue_extraction(version)
        messages.success(request, f"Die Korrektur ist aufgenommen, als Fassung {version.number}.")
        return None

    def _save_resolutions(self, request: HttpRequest) -> HttpResponse | None:
        formset = ResolutionFormSet(request.POST, instance=self.protocol)
        if not formset.is_valid():
            messages.error(request, "Die Beschlüsse und Aufgaben sind nicht gespeichert. Bitte prüfen Sie die Angaben.")
            return self._show(resolutions=formset)
        formset.save()
        if formset.has_changed():
            log(instance=self.document, action=RESOLUTIONS_CHANGED, user=request.user)
        messages.success(request, "Die Beschlüsse und Aufgaben sind gespeichert.")
        return None

    def _show(self, correction: CorrectionForm | None = None, resolutions: Any = None) -> HttpResponse:
        resolutions = resolutions or ResolutionFormSet(instance=self.protocol)
        state = Protocol.State(self.protocol.state)
        kind = Notice.Kind.PROTOCOL_REVIEW if state == Protocol.State.DRAFT else Notice.Kind.PROTOCOL_RELEASED
        return self.show(
            protocol=self.protocol,
            state=state.value,
            is_released=state in RELEASED,
            comments=self.protocol.comments.select_related("author", "version"),
            history=history_of(self.protocol),
            resolutions=resolutions,
            correction=correction or CorrectionForm(),
            media=resolutions.media,
            readers=_readers(self.document, kind),
        )


_PEOPLE = "Person,Personen"


def _readers(document: Document, kind: Notice.Kind) -> int:
    """How many people the next step is likely to tell; who may read the document is asked when the step is taken."""
    roles = [role for role in telling.COORDINATORS if LEVEL_OF_ROLE[role] >= document.level]
    if kind == Notice.Kind.PROTOCOL_REVIEW:
        roles = [Role.STEERING_GROUP]
    return get_user_model().objects.filter(is_active=True, groups__name__in=roles).distinct().count()


def history_of(protocol: Protocol) -> list[dict[str, Any]]:
    """The log for people: when, who ("" if the account is gone), which state followed, and the note; newest first."""
    people = get_user_model().objects.in_bulk({entry["user"] for entry in protocol.log if entry.get("user")})
    labels = dict(Protocol.State.choices)
    return [
        {
            "at": parse_datetime(entry["at"]),
            "who": str(people.get(entry.get("user"), "")),
            "state": labels.get(entry["to"], entry["to"]),
            "note": entry.get("note", ""),
        }
        for entry in reversed(protocol.log)
    ]


class ResolutionsView(AdminPage):
    """Resolutions and tasks of all released protocols, to be ticked off."""

    permissions = ("archive.change_resolution",)
    page_title = "Beschlüsse und Aufgaben"
    header_icon = "tasks"
    template_name = "archive/admin/resolutions.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        stand = resolving.known(request.GET.get("stand", ""))
        page = Paginator(resolving.resolutions_for(request.user, stand), PER_PAGE).get_page(request.GET.get("p"))
        return self.show(page=page, stand=stand, choices=resolving.CHOICES)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        keys = [key for text in request.POST.getlist("resolution") if (key := key_of(text)) is not None]
        if not keys:
            messages.warning(request, "Bitte kreuzen Sie zuerst an, was erledigt ist.")
        elif "reopen" in request.POST:
            number = resolving.reopen(keys, user=request.user)
            messages.success(request, f"{counted(number, 'Eintrag ist,Einträge sind')} wieder offen.")
        else:
            number = resolving.settle(keys, user=request.user)
            messages.success(request, f"{counted(number, 'Eintrag ist,Einträge sind')} als erledigt vermerkt.")
        stand = resolving.known(request.POST.get("stand", ""))
        return redirect(f"{reverse('archive_resolutions')}?stand={stand}")
