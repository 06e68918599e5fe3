"""Pictures of slides, drawn by LibreOffice where it is installed (`soffice` on PATH)."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from archive.readers.pdf import draw_pdf

SECONDS = 100
# With hidden slides, so that page 7 is slide 7; of them only those are drawn that are shown.
_EXPORT = 'pdf:impress_pdf_Export:{"ExportHiddenSlides":{"type":"boolean","value":"true"}}'
_SCRIPTING = "/org.openoffice.Office.Common/Security/Scripting"
_INTERNET = "/org.openoffice.Inet/Settings"
# A presentation may name pictures of the network or of this machine; without this LibreOffice fetches and draws them
# (tried with 7.4). No link of a document is followed, no macro runs, and the way out leads to a closed port.
_SETTINGS = (
    (_SCRIPTING, "BlockUntrustedRefererLinks", "true"),
    (_SCRIPTING, "DisableMacrosExecution", "true"),
    (_SCRIPTING, "MacroSecurityLevel", "3"),
    (_SCRIPTING, "DisableActiveContent", "true"),
    (_INTERNET, "ooInetProxyType", "2"),
    (_INTERNET, "ooInetHTTPProxyName", "127.0.0.1"),
    (_INTERNET, "ooInetHTTPProxyPort", "9"),
    (_INTERNET, "ooInetHTTPSProxyName", "127.0.0.1"),
    (_INTERNET, "ooInetHTTPSProxyPort", "9"),
)


def draw_slides(path: Path, numbers: list[int], directory: Path) -> None:
    """Pictures of the slides with these numbers; none where LibreOffice is missing or gives up."""
    office = shutil.which("soffice")
    if office is None:
        return
    profile = directory / "office"
    _write_profile(profile)
    command = [office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nolockcheck"]
    try:
        # It inherits the limits of this process.
        subprocess.run(  # noqa: S603 -- no shell; the name of the file is ours
            [*command, "--convert-to", _EXPORT, "--outdir", str(directory), str(path)],
            timeout=SECONDS,
            stdout=sys.stderr,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return
    drawn = directory / f"{path.stem}.pdf"
    if drawn.exists():
        draw_pdf(drawn, numbers, directory)


def _write_profile(profile: Path) -> None:
    items = "".join(
        f'<item oor:path="{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema">{items}</oor:items>'
    )
