"""Excel workbooks: the first sheet read as text, and a sheet of text and numbers written.

A workbook is a ZIP archive, and an archive of a few kilobytes can unpack to gigabytes. So nothing
is handed to the reader but a copy whose parts were unpacked here, within a limit.
"""

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from cartwheel.sheets.sheet import MOST_LINES, Line, Sheet, SheetError, make_sheet

LARGEST_UNPACKED = 80 * 1024 * 1024
MOST_PARTS = 2_000
_CHUNK = 256 * 1024
Cell = str | int | float | Decimal | None
_UNREADABLE = "This is no Excel workbook (.xlsx), or it is damaged."


def read_xlsx(data: bytes, *, most_lines: int = MOST_LINES) -> Sheet:
    """The first sheet of a workbook. Raises `SheetError`."""
    import python_calamine

    checked = _unpacked(data)
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(checked))
        sheet = workbook.get_sheet_by_index(0)
        rows = sheet.iter_rows()
        return make_sheet(_lines(rows, _skipped(sheet)), most_lines=most_lines)
    except SheetError:
        raise
    except (python_calamine.CalamineError, ValueError, IndexError, OSError):
        raise SheetError(_UNREADABLE) from None


def _skipped(sheet: object) -> int:
    """How many empty lines stand above the first filled one."""
    start = getattr(sheet, "start", None)
    return int(start[0]) if start else 0


def _unpacked(data: bytes) -> bytes:
    """The same archive with every part unpacked, at most `LARGEST_UNPACKED` bytes in all."""
    out, room = io.BytesIO(), LARGEST_UNPACKED
    try:
        with (
            zipfile.ZipFile(io.BytesIO(data)) as given,
            zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as taken,
        ):
            parts = given.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > room:
                raise _too_large()
            for part in parts:
                content = b"".join(_content(given, part, room))
                room -= len(content)
                taken.writestr(part.filename, content)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise SheetError(_UNREADABLE) from None
    return out.getvalue()


def _content(given: zipfile.ZipFile, part: zipfile.ZipInfo, room: int) -> Iterator[bytes]:
    with given.open(part) as opened:
        while chunk := opened.read(_CHUNK):
            room -= len(chunk)
            if room < 0:
                raise _too_large()
            yield chunk


def _too_large() -> SheetError:
    return SheetError(
        f"Unpacked, this workbook is larger than {LARGEST_UNPACKED // 1024 // 1024} MB. "
        "Keep only the sheet that you need, or save it as CSV."
    )


def _lines(rows: Iterable[Sequence[object]], skipped: int) -> Iterator[Line]:
    for number, row in enumerate(rows, skipped + 1):
        yield Line(number, tuple(_text(value) for value in row))


def _text(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer() and abs(value) < 2**53:
            return str(int(value))
        case datetime() if value.time() == time(0):
            return value.date().isoformat()
        case datetime() | date() | time():
            return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
        case timedelta() | None:
            return "" if value is None else str(value)
        case _:
            return str(value)


def write_xlsx(titles: Sequence[str], rows: Iterable[Sequence[Cell]], name: str = "") -> bytes:
    """A workbook of one sheet. Texts stay texts: none becomes a formula or a link."""
    import xlsxwriter

    out = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, plain) as workbook:
        sheet = workbook.add_worksheet(_sheet_name(name))
        bold = workbook.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(titles):
            sheet.write_string(0, column, title[:32_767], bold)
        for line, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, int | float | Decimal):
                    sheet.write_number(line, column, float(cell))
                elif cell:
                    sheet.write_string(line, column, cell[:32_767])
    return out.getvalue()


def _sheet_name(name: str) -> str:
    """Excel wants a sheet's name short and without some characters."""
    bare = "".join(letter for letter in name if letter not in "[]:*?/\\").strip("' ")
    return bare[:31] or "Sheet1"
