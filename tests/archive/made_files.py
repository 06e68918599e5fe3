"""Files made for a test: office files with changed parts, and such as no program would write."""

from __future__ import annotations

import struct
import zipfile
import zlib
from io import BytesIO
from pathlib import Path

from docx import Document as Word
from pptx import Presentation

from archive.demo_files import DEMO_FILES

# What must not come out of a file that holds it where only its author looks.
SECRET = "Vertraulich"
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "lol">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b']><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
    b"<w:t>&j;</w:t></w:r></w:p></w:body></w:document>"
)


def write_demo_files(directory: Path) -> dict[str, Path]:
    """The example files of the demo by name, written into `directory`, which must exist."""
    paths = {demo_file.name: directory / demo_file.name for demo_file in DEMO_FILES}
    for demo_file in DEMO_FILES:
        demo_file.write(paths[demo_file.name])
    return paths


def repacked(data: bytes, parts: dict[str, bytes]) -> bytes:
    """The same ZIP file with these files added or replaced."""
    with zipfile.ZipFile(BytesIO(data)) as source:
        content = {name: source.read(name) for name in source.namelist()} | parts
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as container:
        for name, part in content.items():
            container.writestr(name, part)
    return target.getvalue()


def changed(path: Path, **parts: bytes) -> bytes:
    """The bytes of an office file with parts added or replaced; `__` in a name stands for a slash."""
    return repacked(path.read_bytes(), _parts(parts))


def office(kind: str, **parts: bytes) -> bytes:
    """The same for a small new one, a `docx` or a `pptx`."""
    buffer = BytesIO()
    if kind == "docx":
        document = Word()
        document.add_paragraph("Text")
        document.save(buffer)
    else:
        Presentation().save(buffer)
    return repacked(buffer.getvalue(), _parts(parts))


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind, body):
        return struct.pack("!L", len(body)) + kind + body + struct.pack("!L", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack("!LLBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def pdf_of(*objects: str, trailer: str = "/Root 1 0 R", encoding: str = "utf-8") -> bytes:
    """A PDF of these objects, numbered from 1, with a right table of their places (ISO 32000-2, 7.5)."""
    data = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode(encoding)
    table = len(data)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    data += b"".join(b"%010d 00000 n \n" % place for place in places)
    data += f"trailer\n<< /Size {len(objects) + 1} {trailer} >>\nstartxref\n{table}\n%%EOF".encode()
    return bytes(data)


def _parts(named: dict[str, bytes]) -> dict[str, bytes]:
    return {name.replace("__", "/"): data for name, data in named.items()}
