"""The tasks that make documentations. Those of the queue `pdf` carry the id of a build, which runs once."""

from __future__ import annotations

import atexit

from celery import shared_task

from archive.documentation import requesting, withholding
from archive.documentation.building import run_build
from archive.models import DocumentationBuild
from archive.tasks import queue_extraction
from home.queueing import queue
from home.rendering.limits import Renderer

AT_ONCE = 20
# Kept by each process of the workers: a warm child renders ten pages in less than a second.
_renderer = Renderer()
atexit.register(_renderer.close)


@shared_task(soft_time_limit=120, time_limit=150)
def build_documentation(build_id: int) -> None:
    """Runs a requested build; one that has run already is left alone."""
    build = DocumentationBuild.objects.filter(pk=build_id).first()
    if build is None or build.state != DocumentationBuild.State.WAITING:
        return
    run_build(build, write=_renderer.write)
    if build.state == DocumentationBuild.State.STORED and build.version:
        queue_extraction(build.version)


@shared_task
def sweep_builds() -> None:
    """Ends builds that died with their worker, and asks again for those that never reached one.

    What is withheld because it names what is not for its readers any more is made anew.
    """
    requesting.give_up_lost()
    requested = [build.pk for build in withholding.request_anew()]
    for build_id in [*requested, *requesting.overdue(AT_ONCE)]:
        build_documentation.apply_async((build_id,), expires=60)


def sweep_soon() -> None:
    """Asks a worker for the sweep at once; without a broker it comes with the clock."""
    queue(sweep_builds)


def queue_build(build: DocumentationBuild) -> bool:
    """Hands a build to the workers; without a broker it waits for the sweep, and this is False."""
    return queue(build_documentation, build.pk)
