"""A block for one video: where it plays, and how to show it without asking anybody before the visitor does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.exceptions import ValidationError
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from home.blocks.content import TextBlock

VIDEO_FILES = ("mp4", "webm")
_YOUTUBE = re.compile(r"/(?:shorts|live|embed|v)/([\w-]{11})/?", re.ASCII)
_YOUTUBE_KEY = re.compile(r"[\w-]{11}", re.ASCII)
_VIMEO = re.compile(r"/(?:video/)?(\d{3,15})(?:/([0-9a-f]{4,20}))?/?", re.ASCII)
_PEERTUBE = re.compile(
    r"/(?:w|videos/watch|videos/embed)/([0-9A-Za-z]{22}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/?"
)
_HOST = re.compile(r"[a-z0-9.-]+\.[a-z]{2,}", re.ASCII)


@dataclass(frozen=True)
class Player:
    """The privacy-friendly player of a provider. `origin` is what the page must allow as a frame."""

    provider: str
    origin: str
    address: str


def player_for(address: str) -> Player | None:
    """The player for the address of a video at YouTube, Vimeo or a PeerTube server; None for anything else.

    Only keys of the shape that the provider uses pass, so nothing of `address` but these reaches a page.
    """
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
        extra = parts.port is not None or parts.username is not None
    except ValueError:
        return None
    if parts.scheme != "https" or extra or not _HOST.fullmatch(host):
        return None
    if host in ("youtube.com", "youtube-nocookie.com", "youtu.be"):
        return _youtube(host, parts.path, parts.query)
    if host in ("vimeo.com", "player.vimeo.com"):
        return _vimeo(parts.path, parts.query)
    found = _PEERTUBE.fullmatch(parts.path)
    if not found:
        return None
    # The host as it was given: "www." may be part of the server's name.
    return Player(host, f"https://{parts.hostname}", f"https://{parts.hostname}/videos/embed/{found[1]}?autoplay=1")


def _youtube(host: str, path: str, query: str) -> Player | None:
    if host == "youtu.be":
        key = path.strip("/")
    elif path == "/watch":
        key = parse_qs(query).get("v", [""])[0]
    else:
        found = _YOUTUBE.fullmatch(path)
        key = found[1] if found else ""
    if not _YOUTUBE_KEY.fullmatch(key):
        return None
    origin = "https://www.youtube-nocookie.com"
    return Player("YouTube", origin, f"{origin}/embed/{key}?autoplay=1")


def _vimeo(path: str, query: str) -> Player | None:
    found = _VIMEO.fullmatch(path)
    if not found:
        return None
    secret = found[2] or parse_qs(query).get("h", [""])[0]
    origin = "https://player.vimeo.com"
    private = f"&h={secret}" if re.fullmatch(r"[0-9a-f]{4,20}", secret) else ""
    return Player("Vimeo", origin, f"{origin}/video/{found[1]}?dnt=1&autoplay=1{private}")


class VideoValue(blocks.StructValue):
    """A video as its template sees it."""

    @property
    def player(self) -> Player | None:
        """The player of the provider; None for a file of the archive."""
        return player_for(self.get("url") or "")


class VideoBlock(blocks.StructBlock):
    """A video that loads only when a visitor asks for it, with everything that is said and shown as text."""

    title = blocks.CharBlock(label="Titel", max_length=150)
    url = blocks.URLBlock(
        label="Adresse des Videos",
        required=False,
        help_text="Bei YouTube, Vimeo oder auf einem PeerTube-Server. Geladen wird es erst auf Klick.",
    )
    file = DocumentChooserBlock(
        label="oder Datei aus dem Archiv",
        required=False,
        help_text="MP4 oder WebM. Wer die Datei nicht sehen darf, sieht nur den Text.",
    )
    captions = DocumentChooserBlock(
        label="Untertitel zur Datei",
        required=False,
        help_text="Eine Datei im Format WebVTT aus dem Archiv. Nicht nötig, wenn die Untertitel im Bild stehen.",
    )
    poster = ImageChooserBlock(
        label="Standbild",
        required=False,
        help_text="Steht da, bis das Video geladen wird.",
    )
    duration = blocks.CharBlock(label="Dauer", required=False, max_length=40, help_text="Zum Beispiel: 3:20 Minuten")
    transcript = TextBlock(
        label="Text zum Video",
        help_text="Was gesagt wird und was zu sehen ist. Für alle, die das Video nicht sehen oder hören.",
    )

    class Meta:
        icon = "media"
        label = "Video"
        group = "Bilder und Video"
        description = "Ein Video, das erst auf Klick lädt, mit seinem Text."
        value_class = VideoValue
        preview_value = {
            "title": "Die Ideenwerkstatt in drei Minuten",
            "url": "https://www.youtube.com/watch?v=aaaaaaaaaaa",
            "file": None,
            "captions": None,
            "poster": None,
            "duration": "3:20 Minuten",
            "transcript": "<p>Zwei Frauen stehen vor einer Karte von Sachsen-Anhalt. Die erste sagt: Guten Tag!</p>",
        }

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        url, file = cleaned.get("url"), cleaned.get("file")
        errors = {}
        if bool(url) == bool(file):
            errors["url"] = ValidationError("Bitte entweder eine Adresse oder eine Datei angeben.")
        elif url and player_for(url) is None:
            errors["url"] = ValidationError(
                "Diese Adresse gehört zu keinem Video bei YouTube, Vimeo oder PeerTube. Bitte die Adresse der Seite "
                "angeben, auf der das Video läuft, beginnend mit https://."
            )
        elif file and file.file_extension.lower() not in VIDEO_FILES:
            errors["file"] = ValidationError("Diese Datei ist kein Video im Format MP4 oder WebM.")
        captions = cleaned.get("captions")
        if captions and captions.file_extension.lower() != "vtt":
            errors["captions"] = ValidationError("Untertitel müssen eine Datei im Format WebVTT (.vtt) sein.")
        if errors:
            raise blocks.StructBlockValidationError(errors)
        return cleaned
