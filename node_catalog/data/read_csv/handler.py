"""Reads the text of a CSV file into a list."""

from collections.abc import Mapping

from cartwheel.node_sdk import Context, Emit, Json, NodeError
from cartwheel.sheets import SheetError, column_names, read_csv, read_decimal

LARGEST = 5 * 1024 * 1024


async def run(ctx: Context, config: Mapping[str, Json]) -> Emit:
    text = _text(ctx, str(config["source"]))
    wanted, numbers = config.get("separator", "auto"), config.get("numbers", "text")
    try:
        sheet = read_csv(
            text,
            delimiter=None if wanted == "auto" else wanted,
            most_lines=config.get("limit", 1000),
        )
    except SheetError as error:
        place = f"Line {error.line}: " if error.line else ""
        raise NodeError(
            f"{place}{error.message}",
            code="bad_file",
            fix="Correct the file, or choose another separator.",
        ) from None
    names = column_names(sheet.titles)
    rows = [
        {name: _cell(cell, numbers) for name, cell in zip(names, line.cells, strict=True)}
        for line in sheet.lines
    ]
    output = {"rows": rows, "count": len(rows), "columns": names}
    return Emit("done", output, f"{len(rows)} lines with {len(names)} columns.")


def _text(ctx: Context, path: str) -> str:
    found = ctx.read(path)
    if isinstance(found, Mapping) and found.get("encoding") == "text":
        found = found.get("content")
    if not isinstance(found, str):
        raise NodeError(
            f"“{path}” is no text.",
            code="not_a_text",
            fix="Choose the text of a CSV file, such as the answer of a request.",
        )
    if len(found) > LARGEST:
        raise NodeError(
            f"The file has {len(found) / 1024 / 1024:.1f} MB; 5 MB are the most.",
            code="too_large",
            fix="Split the file before this step.",
        )
    return found


def _cell(cell: str, numbers: str) -> str:
    """A number as a decimal text, as amounts are written; anything else as it stands."""
    if numbers == "text":
        return cell
    number = read_decimal(cell, decimal_comma=numbers == "comma")
    return cell if number is None else f"{number:f}"
