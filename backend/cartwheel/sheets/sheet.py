"""A sheet: a line of column titles, and lines of cells under it."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

MOST_LINES = 100_000
MOST_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One line under the titles. `number` is the file's own, counted from 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file holds. With `decimal_comma` its numbers are written as 1.234,56."""

    titles: tuple[str, ...]
    lines: tuple[Line, ...]
    decimal_comma: bool = False


class SheetError(Exception):
    """The file cannot be read. `message` is a merchant's sentence, `line` where it happens."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.message, self.line = message, line


def make_sheet(
    lines: Iterable[Line], *, decimal_comma: bool = False, most_lines: int = MOST_LINES
) -> Sheet:
    """The first line with something in it holds the titles; lines without anything are left out.

    Raises `SheetError` for no titles, too many columns or lines, and a line that is longer than
    the titles.
    """
    filled = (line for line in lines if any(cell.strip() for cell in line.cells))
    first = next(filled, None)
    if first is None:
        raise SheetError("The file is empty.")
    titles = _trimmed(first)
    if len(titles) > MOST_COLUMNS:
        raise SheetError(f"The file has {len(titles):,} columns; {MOST_COLUMNS} are the most.")
    found: list[Line] = []
    for line in filled:
        if len(found) == most_lines:
            raise SheetError(f"The file has more than {most_lines:,} lines.", line.number)
        found.append(_fitted(line, len(titles)))
    return Sheet(titles, tuple(found), decimal_comma)


def _trimmed(first: Line) -> tuple[str, ...]:
    """The titles; a column without one is named by its place."""
    cells = [cell.strip() for cell in first.cells]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cell[:200] or f"Column {place}" for place, cell in enumerate(cells, 1))


def _fitted(line: Line, width: int) -> Line:
    extra = [cell for cell in line.cells[width:] if cell.strip()]
    if extra:
        raise SheetError(
            f"This line has more cells than there are column titles ({width}). "
            "A value with a separator in it must stand in quotes.",
            line.number,
        )
    cells = line.cells[:width]
    return Line(line.number, cells + ("",) * (width - len(cells)))


def column_names(titles: Iterable[str]) -> list[str]:
    """Titles as names that texts can use: “Unit price” is `unit_price`, each one only once."""
    names: list[str] = []
    for title in titles:
        name = first = name_of(title)
        number = 2
        while name in names:
            name, number = f"{first}_{number}", number + 1
        names.append(name)
    return names


_LETTERS = str.maketrans("łŁøØßæÆđĐ", "lLoOsaAdD")


def name_of(title: str) -> str:
    """A title as a name: small letters, digits and underscores, beginning with a letter."""
    plain = unicodedata.normalize("NFKD", title.translate(_LETTERS))
    ascii_only = plain.encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "_", ascii_only).strip("_")[:40].strip("_")
    if not name:
        return "column"
    return name if name[0].isalpha() else f"c_{name}"
