"""Goes through a list, entry by entry."""

import json
from collections.abc import Mapping

from cartwheel.node_sdk import Context, Each, Json, NodeError

MOST_ITEMS = 10_000
LARGEST_BYTES = 10_000_000


async def run(ctx: Context, config: Mapping[str, Json]) -> Each:
    path = config["items"]
    items = ctx.read(path)
    if not isinstance(items, list):
        raise NodeError(
            f"“{path}” is no list to go through: it is {_kind(items)}.",
            code="not_a_list",
            fix="Choose a list, such as order.line_items.",
        )
    if len(items) > MOST_ITEMS:
        _refuse(f"“{path}” has {len(items):,} entries; {MOST_ITEMS:,} are the most.")
    if len(json.dumps(items, ensure_ascii=False)) > LARGEST_BYTES:
        _refuse(f"“{path}” is larger than {LARGEST_BYTES // 1_000_000} MB.")
    parallel = config.get("parallel", 1) if config.get("order") == "at_once" else 1
    return Each(items, parallel, config.get("on_error", "stop"))


def _refuse(message: str) -> None:
    raise NodeError(message, code="too_many_items", fix="Narrow the list down before this step.")


def _kind(value: Json) -> str:
    if value is None:
        return "empty"
    kinds = {bool: "a yes or no", int: "a number", float: "a number", str: "a text"}
    return kinds.get(type(value), "a single thing with parts")
