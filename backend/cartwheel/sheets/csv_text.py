"""CSV as shops and spreadsheet programs write it.

Read: UTF-8 and UTF-16 with their marks, the separator found by itself, quotes, line breaks within
quotes. Written: with a mark that makes Excel read UTF-8, and no cell that a spreadsheet program
would take for a formula.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from cartwheel.sheets.sheet import MOST_LINES, Line, Sheet, SheetError, make_sheet

DELIMITERS = (",", ";", "\t", "|")
_LOOKED_AT = 20
_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_NUMBER = re.compile(r"[+-]?[\d\s.,]+%?")
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_DEFUSED = re.compile(r"'[=+\-@\t\r]")
MARK = "\ufeff"


def read_csv(
    data: bytes | str, *, delimiter: str | None = None, most_lines: int = MOST_LINES
) -> Sheet:
    """The sheet that a CSV text holds. Raises `SheetError` with the line where it breaks off."""
    text = _decoded(data) if isinstance(data, bytes) else data.removeprefix(MARK)
    if "\0" in text:
        raise SheetError("This is no text: it holds NUL characters. Is it really a CSV file?")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    chosen = delimiter or find_delimiter(text)
    lines = _lines(text, chosen)
    return make_sheet(lines, decimal_comma=chosen == ";", most_lines=most_lines)


def _decoded(data: bytes) -> str:
    is_utf16 = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return data.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise SheetError(
            "The letters of this file cannot be read. Save it as “CSV UTF-8” and try again.", line
        ) from None


def find_delimiter(text: str) -> str:
    """What separates the cells: the mark that stands equally often in the most first lines."""
    bare = _QUOTED.sub("", text[:50_000])
    lines = [line for line in bare.split("\n")[:_LOOKED_AT] if line.strip()]
    best, most = ",", (0, 0)
    for mark in DELIMITERS:
        counts = Counter(line.count(mark) for line in lines if mark in line)
        number, times = counts.most_common(1)[0] if counts else (0, 0)
        if (times, number) > most:
            best, most = mark, (times, number)
    return best


def _lines(text: str, delimiter: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    start = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise SheetError(_sentence(str(error)), start) from None
        yield Line(start, tuple(_restored(cell) for cell in cells))
        start = reader.line_num + 1


def _sentence(fault: str) -> str:
    if "unexpected end of data" in fault:
        return "A quotation mark is opened here and never closed."
    if "expected after" in fault:
        return "Something stands behind a closing quotation mark here."
    if "field larger" in fault:
        return "A cell here is longer than 131,072 characters."
    return "This line cannot be read."


def write_csv(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A CSV text with a header, comma separated, marked as UTF-8."""
    out = io.StringIO()
    out.write(MARK)
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([defused(title) for title in titles])
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return out.getvalue()


def defused(cell: str) -> str:
    """A cell that no spreadsheet program runs as a formula; plain numbers stay as they are."""
    if cell.startswith(_DANGEROUS) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def _restored(cell: str) -> str:
    """What `defused` wrote, as it was."""
    return cell[1:] if _DEFUSED.match(cell) else cell
