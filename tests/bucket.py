"""A real S3 server with a bucket in which all files of the site lie: for tests that ask where files are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

NAME, PREFIX = "ikoe", "site"


@contextmanager
def running_server() -> Iterator[str]:
    """Starts moto's server; yields host and port."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"{host}:{port}"
    server.stop()


def address(endpoint: str, *, prefix: str = PREFIX) -> str:
    """What S3_URL expects."""
    return f"http://key:secret@{endpoint}/{NAME}?region=us-east-1&prefix={prefix}"


def resource(endpoint: str) -> Any:
    """The bucket, as boto3 has it, beside the site."""
    import boto3

    return boto3.resource(
        "s3", endpoint_url=f"http://{endpoint}", aws_access_key_id="key", aws_secret_access_key="secret",
        region_name="us-east-1",
    ).Bucket(NAME)  # fmt: skip


@contextmanager
def files_in(url: str) -> Iterator[None]:
    """The files of the site lie at `url` (S3_URL): STORAGES says so, and every field that keeps files."""
    import pytest
    from django.apps import apps
    from django.conf import settings
    from django.core.files.storage import storages
    from django.db.models import FileField
    from django.test import override_settings

    from cms import storage_settings

    fields = {
        field: alias
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, FileField)
        for alias in ("renditions", "archive")
        if storages[alias].location == field.storage.location
    }
    before = storages._storages
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("S3_URL", url)
            made = storage_settings.storages(
                private=Path("/-"), media_root=Path("/-"), media_url="/media/", archive_root=Path("/-")
            )
            with override_settings(STORAGES=settings.STORAGES | made):
                # A field keeps the storage that it was made with; the default storage looks itself.
                for field, alias in fields.items():
                    patch.setattr(field, "storage", storages[alias])
                yield
    finally:
        # The very objects again that the fields have: a backup finds out by them what is stored where.
        storages._storages = before
