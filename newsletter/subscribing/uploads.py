"""CSV files between the look at what an import would do and the import itself: private, and for a day at most."""

from __future__ import annotations

import hashlib
import logging
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, BinaryIO, cast

from django.core import signing
from django.core.files.storage import default_storage
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
    from django.core.files.base import File

logger = logging.getLogger(__name__)

DIRECTORY = "newsletter-import"
KEEP = timedelta(hours=24)
_SALT = "newsletter.import"


class UploadGone(Exception):
    """The file is not there any more, or was checked by somebody else; the message is a German sentence."""

    def __init__(self) -> None:
        super().__init__("Diese Datei liegt nicht mehr vor. Bitte laden Sie sie noch einmal hoch.")


def keep(file: File, user: AbstractBaseUser | AnonymousUser) -> str:
    """Store an uploaded file; returns a signed ticket that only `user` can use."""
    name = default_storage.save(f"{DIRECTORY}/{uuid.uuid4()}.csv", file)
    return signing.dumps({"name": name, "user": user.pk, "sha256": _hash(name)}, salt=_SALT)


@contextmanager
def opened(ticket: str, user: AbstractBaseUser | AnonymousUser) -> Iterator[BinaryIO]:
    """The file of a ticket, exactly as it was kept. Raises UploadGone."""
    name = _name(ticket, user)
    with default_storage.open(name, "rb") as file:
        # Django's file has everything that is asked of a binary file.
        yield cast(BinaryIO, file.file)


def drop(ticket: str, user: AbstractBaseUser | AnonymousUser) -> None:
    """Delete the file of a ticket. Raises UploadGone."""
    default_storage.delete(_name(ticket, user))


def forget_old() -> int:
    """Delete files that nobody imported within a day; returns how many."""
    try:
        _directories, names = default_storage.listdir(DIRECTORY)
    except FileNotFoundError:
        return 0
    old = [
        f"{DIRECTORY}/{name}"
        for name in names
        if default_storage.get_modified_time(f"{DIRECTORY}/{name}") < timezone.now() - KEEP
    ]
    for name in old:
        default_storage.delete(name)
    logger.info("uploads of subscribers: %s old files deleted", len(old))
    return len(old)


def _name(ticket: str, user: AbstractBaseUser | AnonymousUser) -> str:
    try:
        content = signing.loads(ticket, salt=_SALT, max_age=KEEP)
    except signing.BadSignature as error:
        raise UploadGone from error
    name = str(content["name"])
    if content["user"] != user.pk or not default_storage.exists(name) or _hash(name) != content["sha256"]:
        raise UploadGone
    return name


def _hash(name: str) -> str:
    digest = hashlib.sha256()
    with default_storage.open(name, "rb") as file:
        for chunk in file.chunks():
            digest.update(chunk)
    return digest.hexdigest()
