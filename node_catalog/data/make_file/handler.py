"""Makes a CSV or Excel file from a list."""

import base64
from collections.abc import Mapping, Sequence

from cartwheel.node_sdk import Context, Emit, Json, NodeError
from cartwheel.sheets import write_csv, write_xlsx

LARGEST_BYTES = 5 * 1024 * 1024
_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def run(ctx: Context, config: Mapping[str, Json]) -> Emit:
    entries = ctx.read(config["list"])
    if not isinstance(entries, list):
        raise NodeError(
            f"“{config['list']}” is no list.",
            code="not_a_list",
            fix="Choose a list, such as order.line_items.",
        )
    members, titles = _columns(config.get("columns") or [], entries)
    rows = [[_inside(entry, member) for member in members] for entry in entries]
    is_csv = config["format"] == "csv"
    data = _csv(titles, rows) if is_csv else write_xlsx(titles, _typed(rows), config["name"])
    if len(data) > LARGEST_BYTES:
        raise NodeError(
            f"The file has {len(data) / 1024 / 1024:.1f} MB; 5 MB are the most.",
            code="too_large",
            fix="Take fewer entries or fewer columns.",
        )
    content = data.decode() if is_csv else base64.b64encode(data).decode()
    output = {
        "name": f"{_file_name(config['name'])}.{config['format']}",
        "content_type": _CSV if is_csv else _XLSX,
        "encoding": "text" if is_csv else "base64",
        "content": content,
        "size": len(data),
        "count": len(entries),
    }
    return Emit("done", output, f"{output['name']}: {len(entries)} lines.")


def _columns(
    chosen: Sequence[Mapping[str, Json]], entries: Sequence[Json]
) -> tuple[list[str], list[str]]:
    """The fields and their titles; without a choice every field, as it first comes."""
    if chosen:
        members = [column["member"] for column in chosen]
        return members, [column.get("title") or column["member"] for column in chosen]
    if entries and not any(isinstance(entry, Mapping) for entry in entries):
        return [""], ["value"]
    found = {name: None for entry in entries if isinstance(entry, Mapping) for name in entry}
    return list(found), list(found)


def _inside(entry: Json, member: str) -> Json:
    value = entry
    for part in member.split(".") if member else ():
        if isinstance(value, list):
            value = value[int(part)] if part.isdecimal() and int(part) < len(value) else None
        else:
            value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _csv(titles: Sequence[str], rows: Sequence[Sequence[Json]]) -> bytes:
    return write_csv(titles, ([_shown(cell) for cell in row] for row in rows)).encode()


def _typed(rows: Sequence[Sequence[Json]]) -> list[list[str | int | float]]:
    return [[_shown(cell) if _is_text(cell) else cell for cell in row] for row in rows]


def _is_text(cell: Json) -> bool:
    return isinstance(cell, bool) or not isinstance(cell, int | float)


def _shown(cell: Json) -> str:
    """A list within a cell is written out, an object as its values."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    parts = cell.values() if isinstance(cell, Mapping) else cell if isinstance(cell, list) else None
    return str(cell) if parts is None else ", ".join(_shown(part) for part in parts)


def _file_name(name: str) -> str:
    """No file system takes these characters, and none of them may lead out of a folder."""
    bare = "".join("-" if c in '\\/:*?"<>|' or ord(c) < 32 else c for c in name)
    return bare.strip(". ")[:120] or "export"
