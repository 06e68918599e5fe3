"""Office files with the same bytes on every run."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path


def repack(data: bytes, path: Path, edit: Callable[[str, bytes], bytes] = lambda name, content: content) -> None:
    """Writes the ZIP container `data` to `path` with fixed times and a fixed order.

    `edit` may change the content of a part; it gets the part's name and bytes. The part `mimetype` stays first and
    uncompressed, as OpenDocument (ISO/IEC 26300, part 3, 3.3) wants it.
    """
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(path, "w") as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "mimetype", name)):
            info = zipfile.ZipInfo(name, date_time=(2025, 1, 15, 9, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            info.create_system = 3
            target.writestr(info, edit(name, source.read(name)))
