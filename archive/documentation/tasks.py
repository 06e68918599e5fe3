"""The task of the queue `pdf`."""

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from archive.documentation import withholding
from archive.documentation.building import run_build
from archive.models import DocumentationBuild
from archive.tasks import queue_extraction
from home.rendering.limits import SECONDS, memory_limit

logger = logging.getLogger(__name__)


# A warm worker renders in its own process: starting a child would cost more than a short document itself.
@shared_task(soft_time_limit=SECONDS, time_limit=SECONDS + 30)
def build_documentation(build_id: int) -> None:
    """Runs a requested build; one that has run already is left alone."""
    from home.rendering.writer import write_pdf

    build = DocumentationBuild.objects.select_related("edition__series").get(pk=build_id)
    if build.state != DocumentationBuild.State.WAITING:
        return
    with memory_limit():
        run_build(build, write=write_pdf)
    if build.state == DocumentationBuild.State.STORED and build.version:
        queue_extraction(build.version)


@shared_task
def sweep_documentations() -> None:
    """Has those made anew that are withheld because they name what is not for their readers any more."""
    for build in withholding.request_anew():
        build_documentation.delay(build.pk)


def sweep_soon() -> None:
    """Asks a worker for the sweep at once; without a broker it comes with the clock."""
    try:
        sweep_documentations.delay()
    except OperationalError:
        logger.warning("no broker: withheld documentations wait for the sweep")


def queue_build(build: DocumentationBuild) -> bool:
    """Hands a build to the workers; False without a broker."""
    try:
        build_documentation.delay(build.pk)
    except OperationalError:
        return False
    return True
