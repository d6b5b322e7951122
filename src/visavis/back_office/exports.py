"""Lists as files that spreadsheets open safely: CSV, and XLSX with dates that are dates."""

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

# What makes a spreadsheet take text for a formula
# (https://owasp.org/www-community/attacks/CSV_Injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_BYTE_ORDER_MARK = "\ufeff"
XLSX = "xlsx"
# A cell of Excel holds no more (Excel specifications and limits).
_LONGEST_TEXT = 32_767


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list to be handed out. Instants among the cells are told in `zone`.

    `times` are those headings below which instants stand: a sheet names the zone there, since
    its dates know none.
    """

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[object]]
    zone: ZoneInfo
    times: frozenset[str] = frozenset()


def file_of(sheet: Sheet, kind: str) -> HttpResponseBase:
    """Return a list as a download of the kind that was asked for: XLSX, or else CSV."""
    return xlsx_file(sheet) if kind == XLSX else csv_file(sheet)


def safe(value: object) -> str:
    """Return a cell's text, defused if a spreadsheet would run it as a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_file(sheet: Sheet) -> StreamingHttpResponse:
    """Return a CSV file. The byte order mark tells spreadsheets that it is UTF-8."""
    response = StreamingHttpResponse(_lines(sheet), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{sheet.name}.csv"'
    return response


def xlsx_file(sheet: Sheet) -> FileResponse:
    """Return an Excel file. Rows go to disk one by one, however many there are."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 the response closes it
    with Workbook(file, {"constant_memory": True, "strings_to_urls": False}) as book:
        page = book.add_worksheet()
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        page.freeze_panes(1, 0)
        page.set_column(0, len(sheet.header) - 1, 18)
        for column, heading in enumerate(sheet.header):
            zoned = f"{heading} ({sheet.zone.key})" if heading in sheet.times else heading
            page.write_string(0, column, safe(zoned), bold)
        for number, row in enumerate(sheet.rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    local = cell.astimezone(sheet.zone).replace(tzinfo=None)
                    page.write_datetime(number, column, local, moment)
                else:
                    _write(page, number, column, cell)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{sheet.name}.xlsx")


def _write(page: Worksheet, row: int, column: int, cell: object) -> None:
    if isinstance(cell, int | Decimal):
        page.write_number(row, column, cell)
    elif cell != "":
        # As text, so that nothing is taken for a formula.
        page.write_string(row, column, safe(cell)[:_LONGEST_TEXT])


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def _lines(sheet: Sheet) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield _BYTE_ORDER_MARK + writer.writerow([safe(cell) for cell in sheet.header])
    for row in sheet.rows:
        yield writer.writerow([safe(_as_text(cell, sheet.zone)) for cell in row])


def _as_text(cell: object, zone: ZoneInfo) -> object:
    return f"{cell.astimezone(zone):%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else cell
