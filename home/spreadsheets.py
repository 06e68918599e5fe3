"""What leaves as a spreadsheet: lines of CSV with cells that are no formulas, and a line in the log about who took it.

Wagtail keeps formulas out of XLSX and not out of CSV, where visitors can have written what an editor opens in Excel.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from django.http import StreamingHttpResponse
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.log_actions import LogActionRegistry, LogFormatter, log
from wagtail.models import ModelLogEntry

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

# What spreadsheets begin a formula with, full-width signs included (OWASP: CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
EXPORTED = "home.exported"


def guard(cell: str) -> str:
    """Keep a spreadsheet from running the cell (OWASP: CSV injection); `unguard` takes it back exactly."""
    return f"'{cell}" if cell.lstrip("'").startswith(FORMULA) else cell


def unguard(cell: str) -> str:
    """The cell as it was before `guard`."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA) else cell


def csv_line(cells: Iterable[object], *, delimiter: str = ";") -> str:
    """One line of a CSV file (RFC 4180) with guarded cells; a semicolon is what Excel expects in Germany."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerow([guard(str(cell)) for cell in cells])
    return buffer.getvalue()


def csv_download(lines: Iterable[str], name: str) -> StreamingHttpResponse:
    """A CSV file of these lines to download, called `name`, with the mark by which Excel takes it for UTF-8."""

    def marked() -> Iterator[str]:
        yield "\ufeff"
        yield from lines

    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(marked(), content_type="text/csv; charset=utf-8", headers=headers)


def note_export(request: HttpRequest, what: str) -> None:
    """Write down that somebody has taken a list out of the system; `what` names it."""
    user: Any = request.user
    log(user, EXPORTED, user=user, data={"what": what})


def guard_exports() -> None:
    """Let every list of the admin that can be exported write guarded cells and a line in the log."""
    SpreadsheetExportMixin.write_csv_row = _write_csv_row
    SpreadsheetExportMixin.as_spreadsheet = _logged(SpreadsheetExportMixin.as_spreadsheet)


def name_export(actions: LogActionRegistry) -> None:
    """The words of an export in the log of the site."""

    @actions.register_action(EXPORTED)
    class Exported(LogFormatter):
        label = "Liste ausgeben"

        def format_message(self, log_entry: ModelLogEntry) -> str:
            return f"Ausgegeben: {log_entry.data.get('what', '')}"


def _write_csv_row(view: Any, writer: Any, row: dict[str, Any]) -> Any:
    cells: Iterable[tuple[str, Any]] = (
        (field, view.preprocess_field_value(field, value, view.FORMAT_CSV)) for field, value in row.items()
    )
    return writer.writerow(
        {field: cell if cell is None or isinstance(cell, int | float) else guard(str(cell)) for field, cell in cells}
    )


def _logged(export: Any) -> Any:
    if hasattr(export, "is_logged"):
        return export

    def logged(view: Any, queryset: Any, spreadsheet_format: str) -> HttpResponseBase:
        note_export(view.request, f"{view.get_filename()}.{spreadsheet_format}")
        answer: HttpResponseBase = export(view, queryset, spreadsheet_format)
        return answer

    logged.is_logged = True  # type: ignore[attr-defined]
    return logged
