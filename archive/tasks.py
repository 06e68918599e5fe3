"""Background work of the archive: thin wrappers that carry ids."""

from __future__ import annotations

import logging
from functools import partial

from celery import shared_task
from django.db import transaction

from archive import fixity, reading_states
from archive.indexing import read_version
from archive.models import DocumentVersion
from archive.usage import access_records
from home.queueing import queue

logger = logging.getLogger(__name__)

AT_ONCE = 100


# Text and pictures take at most 5 minutes, recognition of scanned pages 15 more.
@shared_task(soft_time_limit=1380, time_limit=1440)
def extract_version(version_id: int) -> None:
    """Reads text and page images of one version."""
    read_version(version_id)


@shared_task
def sweep_extractions() -> None:
    """Starts again what never reached a worker or died with one."""
    reading_states.return_lost()
    for version_id in reading_states.overdue(AT_ONCE):
        extract_version.delay(version_id)


@shared_task
def verify_files() -> None:
    """Hashes files that were not checked for a week, the longest unchecked first; goes on in a task of its own."""
    if fixity.check_due():
        verify_files.delay()


@shared_task
def forget_accesses() -> None:
    """Every night: nobody needs to know any more who read what so long ago."""
    logger.info("forgotten: %s records of access", access_records.forget_old())


def queue_extraction(version: DocumentVersion) -> None:
    """Hands a version to the workers once it is committed; without a broker it waits for the sweep."""
    transaction.on_commit(partial(queue, extract_version, version.pk))
