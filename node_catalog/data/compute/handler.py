"""Works out values from others: money, dates, texts and lists."""

from collections.abc import Callable, Mapping

from cartwheel.node_sdk import Context, Emit, Json, NodeError
from node_catalog.data.compute import dates, lists, money, texts

Entry = Mapping[str, Json]
Operation = Callable[[Context, Entry], Json]

_OPERATIONS: Mapping[str, Operation] = {
    **money.OPERATIONS,
    **dates.OPERATIONS,
    **texts.OPERATIONS,
    **lists.OPERATIONS,
}


async def run(ctx: Context, config: Mapping[str, Json]) -> Emit:
    worked_out = {entry["name"]: _value(ctx, entry) for entry in config["values"]}
    shown = ", ".join(f"{name} is {_brief(value)}" for name, value in worked_out.items())
    return Emit("done", worked_out, f"{shown}."[:300])


def _value(ctx: Context, entry: Entry) -> Json:
    try:
        return _OPERATIONS[entry["operation"]](ctx, entry)
    except NodeError as error:
        message = f"“{entry['name']}” cannot be worked out: {error.message}"
        raise NodeError(message, code=error.code, fix=error.fix) from None


def _brief(value: Json) -> str:
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "empty" if value is None or value == "" else str(value)[:60]
