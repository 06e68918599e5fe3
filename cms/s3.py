"""Files on S3-compatible storage. The bucket is private: readers get bytes from the site, after it has decided.

No address of the bucket is ever given away. A signed one would be a key for whoever finds it, would bring a third party
into the page, and could not carry our headers.

Whatever goes wrong is an OSError, as with a disk: FileNotFoundError for a file that is not there, StorageUnavailable
for a bucket that does not answer. Neither tells key, secret or address.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3File, S3Storage
from storages.utils import clean_name

from archive.storage import StorageUnavailable

CHUNK = 256 * 1024
# A file that is read as a whole waits on the disk and not in memory.
IN_MEMORY = 2 * 1024 * 1024
CLIENT = Config(
    s3={"addressing_style": "path"},
    signature_version="s3v4",
    # A reader waits, and a worker of the website with them: the defaults add up to five minutes.
    connect_timeout=3,
    read_timeout=20,
    retries={"mode": "standard", "total_max_attempts": 3},
    # Checksums that only Amazon knows: many a compatible storage refuses what carries them.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)
MISSING = 404


@contextmanager
def _as_of_a_disk(name: str) -> Iterator[None]:
    """Turns what the client raises into FileNotFoundError or StorageUnavailable."""
    try:
        yield
    except ClientError as error:
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        # A bucket that is missing says so when it is asked for more than the head of a file.
        if status == MISSING and error.response.get("Error", {}).get("Code") != "NoSuchBucket":
            raise FileNotFoundError(f"no such file: {name}") from None
        raise StorageUnavailable(f"Der Speicher von S3_URL lehnt ab (Status {status}).") from None
    except (BotoCoreError, Boto3Error) as error:
        raise StorageUnavailable(f"Der Speicher von S3_URL antwortet nicht ({type(error).__name__}).") from None


class _File(S3File):
    """A file of the bucket, fetched when it is read."""

    def _get_file(self) -> Any:
        with _as_of_a_disk(self.name):
            return super()._get_file()

    # The property of the base class holds the base class' own method.
    file = property(_get_file, S3File._set_file)


class SiteStorage(S3Storage):
    """One directory of the bucket.

    `public_url`: the path of the site below which everybody may read (`cms.media`); None: `url()` raises ValueError,
    as for a directory without an address.
    """

    def __init__(self, *, public_url: str | None = None, **settings: Any) -> None:
        super().__init__(
            **settings, default_acl=None, file_overwrite=False, client_config=CLIENT, max_memory_size=IN_MEMORY
        )
        self.public_url = public_url

    def url(self, name: str | None, *args: Any, **kwargs: Any) -> str:
        if self.public_url is None:
            raise ValueError("This file is not accessible via a URL.")
        return f"{self.public_url}{name}"

    def require_answer(self) -> None:
        """Raises StorageUnavailable unless the bucket is there and lets its content be listed."""
        with _as_of_a_disk(self.bucket_name):
            self.connection.meta.client.list_objects_v2(Bucket=self.bucket_name, Prefix=self.location, MaxKeys=1)

    def stream(self, name: str, first: int, last: int) -> Iterator[bytes]:
        """The bytes from `first` to `last` inclusive, as they come. Raises FileNotFoundError before the first."""
        key = self._normalize_name(name)
        with _as_of_a_disk(name):
            answer = self.bucket.Object(key).get(**({"Range": f"bytes={first}-{last}"} if last >= first else {}))
        return _pieces(name, answer["Body"])

    def exists(self, name: str) -> bool:
        with _as_of_a_disk(name):
            return bool(super().exists(name))

    def size(self, name: str) -> int:
        with _as_of_a_disk(name):
            return int(super().size(name))

    def delete(self, name: str) -> None:
        with _as_of_a_disk(name):
            super().delete(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        with _as_of_a_disk(path):
            directories, files = super().listdir(path)
        return directories, files

    def get_modified_time(self, name: str) -> datetime:
        with _as_of_a_disk(name):
            found: datetime = super().get_modified_time(name)
        return found

    def _open(self, name: str, mode: str = "rb") -> _File:
        with _as_of_a_disk(name):
            return _File(self._normalize_name(clean_name(name)), mode, self)

    def _save(self, name: str, content: Any) -> str:
        with _as_of_a_disk(name):
            return str(super()._save(name, content))


def _pieces(name: str, body: Any) -> Iterator[bytes]:
    # A reader who hangs up ends this, and must not keep the connection.
    with _as_of_a_disk(name), closing(body):
        yield from body.iter_chunks(CHUNK)
