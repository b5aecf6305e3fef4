"""Reads a CSV or Excel file into a list."""

from collections.abc import Mapping

from cartwheel.node_sdk import Context, Emit, Json, NodeError
from cartwheel.sheets import SheetError, column_names, read_decimal
from node_catalog.data.read_csv.source import sheet_in


async def run(ctx: Context, config: Mapping[str, Json]) -> Emit:
    path, wanted = str(config["source"]), config.get("separator", "auto")
    numbers, limit = config.get("numbers", "text"), config.get("limit", 1000)
    try:
        sheet = sheet_in(ctx.read(path), path, None if wanted == "auto" else wanted, limit)
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


def _cell(cell: str, numbers: str) -> str:
    """A number as a decimal text, as amounts are written; anything else as it stands."""
    if numbers == "text":
        return cell
    number = read_decimal(cell, decimal_comma=numbers == "comma")
    return cell if number is None else f"{number:f}"
