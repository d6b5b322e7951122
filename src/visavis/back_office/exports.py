"""Lists as files that spreadsheets open safely: CSV here, Excel's in `workbooks`."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase

# What makes a spreadsheet take text for a formula
# (https://owasp.org/www-community/attacks/CSV_Injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_BYTE_ORDER_MARK = "\ufeff"
XLSX = "xlsx"


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
    if kind != XLSX:
        return csv_file(sheet)
    # Loaded when it is wanted: its library takes as long as a dozen others.
    from visavis.back_office.workbooks import xlsx_file

    return xlsx_file(sheet)


def safe(value: object) -> str:
    """Return a cell's text, defused if a spreadsheet would run it as a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_file(sheet: Sheet) -> StreamingHttpResponse:
    """Return a CSV file. The byte order mark tells spreadsheets that it is UTF-8."""
    response = StreamingHttpResponse(_lines(sheet), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{sheet.name}.csv"'
    return response


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
