"""What editors see of the builds of an edition: how far they are, how they ended, whether anything changed since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone

from archive.documentation.requesting import RUNNING, BuildRefused, State, Variant, refuse_impossible
from archive.documentation.variants import document_of, source_for
from archive.models import Document, DocumentationBuild
from home.events.models import EditionPage
from home.rendering.errors import DocumentError

SHOWN = 10
# A worker that is there begins at once.
PATIENCE = timedelta(seconds=10)
STEPS = (
    (State.GATHERING, "Inhalte sammeln"),
    (State.LAYING_OUT, "setzen"),
    (State.CHECKING, "prüfen"),
    (State.STORED, "ablegen"),
)
_ORDER = [state for state, _name in STEPS]
_IN_TURN = "Davor wird noch eine andere Dokumentation erstellt."
_NOBODY = (
    "Noch hat kein Arbeitsprozess begonnen. Läuft keiner für die Warteschlange „pdf“, beginnt die Erstellung, sobald "
    "wieder einer da ist; bitte fragen Sie die Technik."
)


@dataclass(frozen=True)
class Step:
    """One of the steps of a build: `place` is "done", "now" or "ahead"."""

    name: str
    place: str


@dataclass(frozen=True)
class Status:
    """One variant of the documentation. `problem` says why it could not be made as things are."""

    variant: Variant
    build: DocumentationBuild | None
    document: Document | None
    is_outdated: bool
    problem: str

    @property
    def is_open(self) -> bool:
        """Whether a build waits or runs."""
        return self.build is not None and self.build.finished_at is None

    @property
    def steps(self) -> list[Step]:
        """Where an open build is."""
        state = State(self.build.state) if self.build else State.WAITING
        at = _ORDER.index(state) if state in _ORDER else -1
        places = ["done" if number < at else "now" if number == at else "ahead" for number in range(len(STEPS))]
        return [Step(name, place) for (_state, name), place in zip(STEPS, places, strict=True)]

    @property
    def waiting_note(self) -> str:
        """Why an open build has not begun, once that is worth a word."""
        build = self.build
        if build is None or build.state != State.WAITING or timezone.now() - build.requested_at < PATIENCE:
            return ""
        others = DocumentationBuild.objects.filter(state__in=RUNNING).exclude(pk=build.pk)
        return _IN_TURN if others.exists() else _NOBODY

    @property
    def words(self) -> str:
        """The state in a few words, for those who hear it."""
        if self.build is None:
            return "noch nicht erstellt"
        if self.build.state == State.FAILED:
            return f"fehlgeschlagen. {self.build.reason}"
        return str(self.build.get_state_display())


def status_of(edition: EditionPage, variant: Variant, *, impossible: bool = False) -> Status:
    """Where the variant stands. Unless a build is open, all that it prints is gathered, to see whether it changed.

    `impossible`: the edition cannot be documented at all, so nothing is gathered.
    """
    build = builds_of(edition).filter(variant=variant).first()
    document = document_of(edition, variant)
    is_outdated, problem = False, ""
    if not impossible and (build is None or build.finished_at is not None):
        try:
            wanted = source_for(edition, variant).input_hash
        except DocumentError as error:
            problem = str(error)
        else:
            is_outdated = document is not None and not _is_current(document, edition, variant, wanted)
    return Status(variant, build, document, is_outdated, problem)


def why_impossible(edition: EditionPage) -> str:
    """The sentence of `BuildRefused`, or "" if the edition can be documented."""
    try:
        refuse_impossible(edition)
    except BuildRefused as error:
        return str(error)
    return ""


def builds_of(edition: EditionPage) -> QuerySet[DocumentationBuild]:
    """All builds of the edition, the last one first."""
    builds = DocumentationBuild.objects.filter(edition=edition)
    return builds.select_related("requested_by", "version__document").order_by("-pk")


def _is_current(document: Document, edition: EditionPage, variant: str, wanted: str) -> bool:
    made = DocumentationBuild.objects.filter(
        edition=edition, variant=variant, version=document.current_version_id, input_hash=wanted
    )
    return made.exists()
