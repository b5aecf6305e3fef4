"""Counts and sums up a list, as a whole or in groups."""

from collections.abc import Mapping, Sequence

from cartwheel.node_sdk import Context, Emit, Json, NodeError
from node_catalog.data.aggregate.measures import inside, measured

LARGEST = 50_000


async def run(ctx: Context, config: Mapping[str, Json]) -> Emit:
    entries = _entries(ctx, str(config["list"]))
    measures = config.get("measures") or []
    output = {"count": len(entries), **measured(entries, measures)}
    if config.get("group_by"):
        output["groups"] = _groups(entries, config, measures)
    return Emit("done", output, _words(output)[:300])


def _words(output: Mapping[str, Json]) -> str:
    """Counted 3 in 2 groups: total 34.90."""
    said = ", ".join(f"{k} {v}" for k, v in output.items() if k not in {"count", "groups"})
    grouped = f" in {len(output['groups'])} groups" if "groups" in output else ""
    return f"Counted {output['count']}{grouped}{f': {said}' if said else ''}."


def _entries(ctx: Context, path: str) -> list[Json]:
    found = ctx.read(path)
    if found is None:
        return []
    if not isinstance(found, list):
        raise NodeError(
            f"“{path}” is no list.",
            code="not_a_list",
            fix="Choose a list, such as order.line_items.",
        )
    if len(found) > LARGEST:
        raise NodeError(
            f"“{path}” has {len(found):,} entries; {LARGEST:,} are the most.",
            code="too_many_items",
            fix="Narrow the list down before this step.",
        )
    return found


def _groups(
    entries: Sequence[Json], config: Mapping[str, Json], measures: Sequence[Mapping[str, Json]]
) -> list[Json]:
    """The groups, largest first by the measure that was asked for, else by their count."""
    members: dict[str, list[Json]] = {}
    for entry in entries:
        key = inside(entry, str(config["group_by"]))
        members.setdefault("" if key is None else str(key), []).append(entry)
    groups = [
        {"key": key, "count": len(group), **measured(group, measures)}
        for key, group in members.items()
    ]
    by = str(config.get("sort_by") or "count")
    groups.sort(key=lambda group: float(group.get(by) or 0), reverse=True)
    return groups[: int(config.get("top", 100))]
