"""Lists as Excel files, with dates that are dates."""

import tempfile
from datetime import datetime
from decimal import Decimal

from django.http import FileResponse
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from visavis.back_office.exports import Sheet, safe

# A cell of Excel holds no more (Excel specifications and limits).
_LONGEST_TEXT = 32_767


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
