"""Which files the archive takes, and whether a file is what its name says.

The extension, the first bytes (puremagic) and the inside of ZIP containers must agree. Nothing is unpacked or
parsed beyond the container's table of contents, so these checks may run inside a web request.
"""

import logging
import mmap
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import puremagic
from PIL import Image, UnidentifiedImageError

logger = logging.getLogger(__name__)

MAX_BYTES = 200 * 1024 * 1024
# What the parts of an office file may add up to when unpacked, and how many there may be.
MAX_UNPACKED_BYTES = 600 * 1024 * 1024
MAX_PARTS = 20_000
# More is a bomb for Pillow, too (`Image.MAX_IMAGE_PIXELS`).
MAX_PIXELS = 89_000_000

_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"


class FileRefused(Exception):
    """The archive does not take this file; the message is a German sentence for the person who offers it."""


@dataclass(frozen=True, slots=True)
class FileType:
    """One kind of file: what it is called, how it is served, and what a piece of it is called."""

    extension: str
    media_type: str
    label: str
    leaf_name: str = "Seite"
    inline: bool = False


FILE_TYPES = {
    kind.extension: kind
    for kind in (
        FileType("pdf", "application/pdf", "PDF", inline=True),
        FileType("pptx", f"{_OOXML}.presentationml.presentation", "PowerPoint", "Folie"),
        FileType("docx", f"{_OOXML}.wordprocessingml.document", "Word"),
        FileType("xlsx", f"{_OOXML}.spreadsheetml.sheet", "Excel", "Tabelle"),
        FileType("odt", f"{_ODF}.text", "OpenDocument-Text"),
        FileType("odp", f"{_ODF}.presentation", "OpenDocument-Präsentation", "Folie"),
        FileType("jpg", "image/jpeg", "JPEG-Bild", "Bild", inline=True),
        FileType("png", "image/png", "PNG-Bild", "Bild", inline=True),
        FileType("txt", "text/plain; charset=utf-8", "Textdatei"),
        FileType("mp4", "video/mp4", "Video (MP4)", "Video", inline=True),
        FileType("webm", "video/webm", "Video (WebM)", "Video", inline=True),
        FileType("vtt", "text/vtt; charset=utf-8", "Untertitel (WebVTT)"),
    )
}
_SPELLINGS = {"jpeg": "jpg"}
_OOXML_MAIN_PARTS = {
    "pptx": "presentationml.presentation.main+xml",
    "docx": "wordprocessingml.document.main+xml",
    "xlsx": "spreadsheetml.sheet.main+xml",
}
_WITH_MACROS = frozenset({"pptm", "potm", "ppsm", "docm", "dotm", "xlsm", "xltm", "xlsb"})
_MACRO_PART = re.compile(r"(^|/)(vbaProject[^/]*\.bin|vbaData\.xml|Basic/|Scripts/)", re.IGNORECASE)
_ENCRYPT_ENTRY = re.compile(rb"/Encrypt\s*(\d+\s+\d+\s+R|<<)")
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f]")
# A document with such a template fetches it when it is opened, with whatever macros it has by then.
_REMOTE_TEMPLATE = re.compile(
    rb"<[^>]*(?:/attachedTemplate\"[^>]*\bTarget=\"(?:https?|ftp):|\bTarget=\"(?:https?|ftp):[^>]*/attachedTemplate\")",
    re.IGNORECASE,
)
# Office wraps an encrypted file into an OLE container with a stream of this name (MS-OFFCRYPTO 1.3.3).
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
ALLOWED_IN_WORDS = "PDF, PPTX, DOCX, XLSX, ODT, ODP, JPG, PNG, TXT, MP4, WebM oder VTT"


def clean_name(name: str) -> str:
    """A file name that is safe to store in a database and to offer in a download.

    Folders, control characters and characters that Windows forbids go; umlauts stay; at most 120 characters.
    """
    name = unicodedata.normalize("NFC", name.replace("\\", "/"))
    base = PurePosixPath(name).name if name.strip("/. ") else ""
    base = "".join(sign for sign in base if unicodedata.category(sign)[0] != "C")
    base = re.sub(r'[<>:"|?*\s]+', " ", base).strip(" .")
    stem, dot, extension = base.rpartition(".")
    if not dot:
        return base[:120].strip() or "Datei"
    return f"{stem[: 119 - len(extension)].strip(' .') or 'Datei'}.{extension}"[-120:]


def extension_of(name: str) -> str:
    """The extension in lower case without dot, "jpeg" read as "jpg"; "" if there is none."""
    extension = PurePosixPath(clean_name(name)).suffix[1:].lower()
    return _SPELLINGS.get(extension, extension)


def check_file(path: Path, name: str) -> FileType:
    """The type of the file at `path`, offered under `name`.

    Raises FileRefused with a German sentence if the type is not allowed, the content is something else, the file is
    empty, too large, damaged, encrypted, carries macros, or would unpack to an unreasonable size.
    """
    extension = extension_of(name)
    if extension in _WITH_MACROS:
        raise FileRefused(
            "Dateien mit Makros nimmt das Archiv nicht an. Bitte speichern Sie das Dokument ohne Makros "
            "(als PPTX, DOCX oder XLSX) und laden Sie es erneut hoch."
        )
    if extension not in FILE_TYPES:
        raise FileRefused(f"Dieses Dateiformat nimmt das Archiv nicht an. Möglich sind {ALLOWED_IN_WORDS}.")
    size = path.stat().st_size
    if size == 0:
        raise FileRefused("Die Datei ist leer.")
    if size > MAX_BYTES:
        raise FileRefused(f"Die Datei ist größer als {MAX_BYTES // 1024 // 1024} MB. Bitte verkleinern Sie sie.")
    try:
        _check_content(path, extension)
    except FileRefused:
        raise
    except Exception:
        # Libraries that look into foreign bytes raise more than they say.
        logger.warning("a file of type %s could not be checked", extension, exc_info=True)
        raise FileRefused(_DAMAGED) from None
    return FILE_TYPES[extension]


def _check_content(path: Path, extension: str) -> None:
    if extension == "pdf":
        _check_pdf(path)
    elif extension in ("jpg", "png"):
        _check_image(path, extension)
    elif extension == "txt":
        _check_text(path)
    elif extension in ("mp4", "webm", "vtt"):
        _check_signature(path, extension)
    else:
        _check_container(path, extension)


def _content_differs(extension: str) -> FileRefused:
    return FileRefused(
        f"Der Inhalt der Datei passt nicht zur Endung „.{extension}“. Bitte öffnen Sie die Datei im ursprünglichen "
        "Programm und speichern Sie sie neu."
    )


_DAMAGED = "Die Datei ist beschädigt oder unvollständig. Bitte speichern Sie sie neu und laden Sie sie erneut hoch."
_TOO_MANY_PIXELS = "Das Bild hat zu viele Bildpunkte. Bitte verkleinern Sie es."
_PROTECTED = "Die Datei ist mit einem Kennwort geschützt. Bitte entfernen Sie den Schutz und laden Sie sie erneut hoch."


def _guessed_extensions(path: Path) -> set[str]:
    try:
        return {guess.extension.lstrip(".") for guess in puremagic.magic_file(str(path))}
    except (puremagic.PureError, ValueError, OSError):
        return set()


def _check_pdf(path: Path) -> None:
    with _mapped(path) as data:
        _check_pdf_bytes(data)


@contextmanager
def _mapped(path: Path) -> Iterator[mmap.mmap]:
    """The bytes of a file that may be as large as `MAX_BYTES`, without holding them in memory."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield data


def _check_pdf_bytes(data: mmap.mmap) -> None:
    # Readers accept the header anywhere in the first kilobyte; here it comes first (ISO 32000-2, 7.5.2), so that no
    # file can be a web page and a PDF at once.
    if not data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        raise _content_differs("pdf")
    if b"%%EOF" not in data[-2048:]:
        raise FileRefused(_DAMAGED)
    if _ENCRYPT_ENTRY.search(data):
        raise FileRefused(_PROTECTED)


def _check_image(path: Path, extension: str) -> None:
    try:
        with Image.open(path) as image:
            kind, pixels = image.format, image.width * image.height
            if kind != {"jpg": "JPEG", "png": "PNG"}[extension]:
                raise _content_differs(extension)
            if pixels > MAX_PIXELS:
                raise FileRefused(_TOO_MANY_PIXELS)
            image.verify()
    except UnidentifiedImageError:
        raise _content_differs(extension) from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise FileRefused(_TOO_MANY_PIXELS) from None
    except (OSError, SyntaxError, ValueError):
        raise FileRefused(_DAMAGED) from None


def _check_text(path: Path) -> None:
    # UTF-8 and the code page of Windows use these bytes for nothing but control characters.
    with _mapped(path) as data:
        has_controls = _CONTROLS.search(data) is not None
    if has_controls or _guessed_extensions(path) & {"pdf", "zip", "exe", "gz", "rar", "7z", "rtf"}:
        raise _content_differs("txt")


def _check_signature(path: Path, extension: str) -> None:
    """The first bytes of MP4 (ISO 14496-12, 4.3), WebM (EBML with its DocType) and WebVTT (4.1)."""
    with path.open("rb") as file:
        start = file.read(64)
    fits = {
        "mp4": start[4:8] == b"ftyp",
        "webm": start.startswith(b"\x1aE\xdf\xa3") and b"webm" in start,
        "vtt": start.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT") and b"\0" not in start,
    }
    if not fits[extension]:
        raise _content_differs(extension)


def _check_container(path: Path, extension: str) -> None:
    with _mapped(path) as data:
        start = data[:8]
        if start == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" and data.find(_OLE_ENCRYPTED) >= 0:
            raise FileRefused(_PROTECTED)
    try:
        with zipfile.ZipFile(path) as container:
            _check_parts(container)
            if extension in _OOXML_MAIN_PARTS:
                _check_ooxml(container, extension)
            else:
                _check_odf(container, extension)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, UnicodeDecodeError, ValueError, OSError):
        raise (FileRefused(_DAMAGED) if start.startswith(b"PK") else _content_differs(extension)) from None


def _check_parts(container: zipfile.ZipFile) -> None:
    parts = container.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
        raise FileRefused("Die Datei würde sich beim Öffnen auf eine unzulässige Größe entpacken.")
    if any(part.flag_bits & 0x1 for part in parts):
        raise FileRefused(_PROTECTED)
    if any(_MACRO_PART.search(part.filename) for part in parts):
        raise FileRefused(
            "Die Datei enthält Makros. Bitte speichern Sie sie ohne Makros und laden Sie sie erneut hoch."
        )


def _read_part(container: zipfile.ZipFile, name: str, limit: int = 2_000_000) -> bytes:
    with container.open(name) as part:
        return part.read(limit)


def _check_ooxml(container: zipfile.ZipFile, extension: str) -> None:
    names = set(container.namelist())
    if "[Content_Types].xml" not in names:
        raise _content_differs(extension)
    types = _read_part(container, "[Content_Types].xml").decode("utf-8", errors="replace")
    if "macroEnabled" in types:
        raise FileRefused(
            "Die Datei enthält Makros. Bitte speichern Sie sie ohne Makros und laden Sie sie erneut hoch."
        )
    if _OOXML_MAIN_PARTS[extension] not in types:
        raise _content_differs(extension)
    relations = (name for name in names if name.startswith("word/_rels/") and name.endswith(".rels"))
    if any(_REMOTE_TEMPLATE.search(_read_part(container, name)) for name in relations):
        raise FileRefused(
            "Die Datei lädt beim Öffnen eine Vorlage aus dem Internet nach. Bitte lösen Sie die Verbindung zur Vorlage "
            "und laden Sie die Datei erneut hoch."
        )


def _check_odf(container: zipfile.ZipFile, extension: str) -> None:
    names = set(container.namelist())
    if "mimetype" not in names or "content.xml" not in names:
        raise _content_differs(extension)
    if _read_part(container, "mimetype", 200).strip() != FILE_TYPES[extension].media_type.encode():
        raise _content_differs(extension)
    if "META-INF/manifest.xml" in names and b"encryption-data" in _read_part(container, "META-INF/manifest.xml"):
        raise FileRefused(_PROTECTED)
