"""Background work of the archive: thin wrappers that carry ids."""

import logging
from datetime import timedelta
from functools import partial

from celery import shared_task
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from archive.indexing import read_version
from archive.models import DocumentVersion

logger = logging.getLogger(__name__)

# Longer than the hard time limit of a task: what still claims to run then was killed.
LOST_AFTER = timedelta(minutes=30)


@shared_task(soft_time_limit=570, time_limit=600)
def extract_version(version_id: int) -> None:
    """Reads text and page images of one version."""
    read_version(version_id)


@shared_task
def sweep_extractions() -> None:
    """Starts again what never reached a worker or died with one."""
    states = DocumentVersion.Extraction
    long_ago = timezone.now() - LOST_AFTER
    lost = DocumentVersion.objects.filter(extraction=states.RUNNING, uploaded_at__lt=long_ago)
    lost.update(extraction=states.WAITING)
    waiting = DocumentVersion.objects.filter(
        Q(uploaded_at__lt=timezone.now() - timedelta(minutes=1)), extraction=states.WAITING, withdrawn_at__isnull=True
    )
    for version_id in waiting.values_list("pk", flat=True)[:100]:
        extract_version.delay(version_id)


def queue_extraction(version: DocumentVersion) -> None:
    """Hands a version to the workers once it is committed; without a broker it waits for the sweep."""
    transaction.on_commit(partial(_publish, version.pk))


def _publish(version_id: int) -> None:
    try:
        extract_version.delay(version_id)
    except OperationalError:
        logger.warning("no broker: version %s waits for the sweep", version_id)
