"""STORAGES of the settings: directories of this machine, or a bucket of S3-compatible storage for all machines."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

from cms.environment import env, read, refuse, split

EXPECTED = "expected https://key:secret@host/bucket, with ?region= and &prefix= if wanted, special characters as %2F"
# What the client takes; a wrong one would be known only when the first file is stored.
BUCKET = re.compile(r"[A-Za-z0-9._-]{3,63}")
DIRECTORY = "django.core.files.storage.FileSystemStorage"


def bucket() -> dict[str, Any] | None:
    """S3_URL as options of `cms.s3.SiteStorage`; None if it is not set. A wrong value ends the process."""
    text = read("S3_URL", env.str, "", EXPECTED)
    if not text:
        return None
    value = split("S3_URL", text, EXPECTED)
    options = {name: found[-1] for name, found in parse_qs(value.query).items()}
    name = value.path.strip("/")
    if value.scheme not in ("http", "https") or not (value.hostname and value.username and value.password and name):
        refuse("S3_URL", EXPECTED)
    if not BUCKET.fullmatch(name) or options.keys() - {"region", "prefix"} or value.fragment:
        refuse("S3_URL", EXPECTED)
    host = value.netloc.rpartition("@")[2]
    return {
        "access_key": unquote(value.username),
        "secret_key": unquote(value.password),
        "endpoint_url": f"{value.scheme}://{host}",
        "bucket_name": name,
        "region_name": options.get("region"),
        "location": options.get("prefix", "").strip("/"),
    }


def storages(*, private: Path, media_root: Path, media_url: str, archive_root: Path) -> dict[str, Any]:
    """The three that hold data: "default" (never below a public address), "renditions", "archive"."""
    options = bucket()
    if options is None:
        return {
            # Wagtail parks unfinished uploads and image originals here: never below a public URL.
            "default": {"BACKEND": DIRECTORY, "OPTIONS": {"location": private, "base_url": None}},
            "renditions": {"BACKEND": DIRECTORY, "OPTIONS": {"location": media_root, "base_url": media_url}},
            "archive": {
                "BACKEND": DIRECTORY,
                "OPTIONS": {"location": archive_root, "base_url": None, "file_permissions_mode": 0o640},
            },
        }

    def below(directory: str, public_url: str | None = None) -> dict[str, Any]:
        location = f"{options['location']}/{directory}".lstrip("/")
        found = options | {"location": location, "public_url": public_url}
        return {"BACKEND": "cms.s3.SiteStorage", "OPTIONS": found}

    return {"default": below("private"), "renditions": below("media", media_url), "archive": below("archive")}
