"""The whole main job, once: publish a report, take documents in, build a documentation, send an issue.

Each step is the function that editors, commands and workers use. A second run finds everything done.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import archive.demo
import home.demo
import newsletter.demo
from archive.documentation.building import BuildRefused, request_build
from archive.documentation.tasks import queue_build
from archive.models import DocumentationBuild
from archive.tasks import queue_extraction
from cms.demo.environment import Demo, DemoError
from cms.demo.progress import Progress
from cms.demo.services import Services
from cms.demo_users import load_users
from home.models import EditionPage, NewsPage
from newsletter.errors import AlreadyStarted
from newsletter.models import Mailing, NewsletterIssuePage
from newsletter.sending import mailings
from newsletter.tasks import wake

EDITION = 13
# How long the workers may take for one step, in seconds.
LIMIT = 180.0

Value = TypeVar("Value")


@dataclass(frozen=True)
class Outcome:
    """What the main job left behind."""

    report: NewsPage
    build: DocumentationBuild
    issue: NewsletterIssuePage
    mailing: Mailing
    users: dict[str, str]
    password: str


def run(demo: Demo, services: Services, progress: Progress) -> Outcome:
    """Run all steps. Raises DemoError with a sentence if one of them cannot be done."""
    with progress.step("Seiten der Website laden") as note:
        try:
            loaded = home.demo.load()
        except home.demo.SiteHasOtherContent as error:
            raise DemoError(str(error)) from error
        note(f"{loaded.editions} Ausgaben, {loaded.offices} Koordinierungsstellen")
    users, password = load_users()
    with progress.step("Bericht veröffentlichen") as note:
        report = home.demo.publish_report()
        note(f"„{report.title}“")
    with progress.step("Dokumente ins Archiv aufnehmen und lesen") as note:
        note(_documents(services))
    with progress.step(f"Dokumentation der {EDITION}. Ideenwerkstatt als PDF erstellen") as note:
        build = _documentation(services)
        note(build.get_state_display())
    with progress.step("Newsletter an die Abonnements senden") as note:
        issue = newsletter.demo.load()
        mailing, already = _mailing(issue, services)
        note(_words(mailing, already=already))
    return Outcome(report, build, issue, mailing, users, password)


def _documents(services: Services) -> str:
    loaded = archive.demo.load(read=queue_extraction)
    failed = archive.demo.wait_until_read(loaded, LIMIT)
    if failed:
        raise DemoError(f"„{failed[0].original_name}“ ließ sich nicht lesen: {failed[0].extraction_error}")
    return f"{loaded.documents} Dokumente, davon {loaded.new} neu"


def _documentation(services: Services) -> DocumentationBuild:
    edition = home.demo.demo_page(EditionPage, f"ideenwerkstatt/{EDITION}")
    try:
        build = request_build(edition, DocumentationBuild.Variant.PUBLIC)
    except BuildRefused as error:
        raise DemoError(str(error)) from error
    queue_build(build)
    states = DocumentationBuild.State
    _until(lambda: _fresh(build).state in (states.STORED, states.UNCHANGED, states.FAILED), "Die PDF-Ausgabe", services)
    if build.state == states.FAILED:
        raise DemoError(f"Die Dokumentation ist nicht gelungen: {build.reason}")
    return build


def _mailing(issue: NewsletterIssuePage, services: Services) -> tuple[Mailing, bool]:
    """Send the issue unless that has happened; returns the mailing and whether it existed before."""
    try:
        mailing, already = mailings.start_mailing(issue), False
    except AlreadyStarted as error:
        mailing, already = error.mailing, True
    if mailing.state == Mailing.State.SENDING:
        wake(mailing.pk)
    if mailing.state in (Mailing.State.SENDING, Mailing.State.SCHEDULED):
        _until(lambda: _fresh(mailing).state == Mailing.State.COMPLETE, "Der Versand", services)
    return mailing, already


def _words(mailing: Mailing, *, already: bool) -> str:
    figures = mailings.figures(mailing)
    if already:
        return f"schon versandt, {figures['sent']} von {figures['total']}; nichts doppelt gesendet"
    return f"{figures['sent']} von {figures['total']} gesendet"


def _fresh(row: Value) -> Value:
    row.refresh_from_db()  # type: ignore[attr-defined]
    return row


def _until(condition: Callable[[], bool], what: str, services: Services) -> None:
    deadline = time.monotonic() + LIMIT
    while not condition():
        services.require()
        if time.monotonic() > deadline:
            raise DemoError(f"{what} wurde in {LIMIT:.0f} Sekunden nicht fertig; siehe {services.demo.log}/worker.log")
        time.sleep(0.2)
