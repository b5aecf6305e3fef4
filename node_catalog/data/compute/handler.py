"""Works out values from others: money, dates, texts and lists."""

from collections.abc import Callable, Mapping

from cartwheel.node_sdk import Context, Emit, Json, NodeError
from node_catalog.data.compute import dates, lists, money, texts

Entry = Mapping[str, Json]
Operation = Callable[[Context, Entry], Json]

MOST_SHOWN = 5

_OPERATIONS: Mapping[str, Operation] = {
    **money.OPERATIONS,
    **dates.OPERATIONS,
    **texts.OPERATIONS,
    **lists.OPERATIONS,
}


async def run(ctx: Context, config: Mapping[str, Json]) -> Emit:
    worked_out = {entry["name"]: _value(ctx, entry) for entry in config["values"]}
    return Emit("done", worked_out, f"Worked out: {_words(worked_out)}")


def _value(ctx: Context, entry: Entry) -> Json:
    try:
        return _OPERATIONS[entry["operation"]](ctx, entry)
    except NodeError as error:
        message = f"“{entry['name']}” cannot be worked out: {error.message}"
        raise NodeError(message, code=error.code, fix=error.fix) from None


def _words(worked_out: Mapping[str, Json]) -> str:
    """discount = 14.36; titles = a list of 3."""
    shown = [f"{name} = {_brief(value)}" for name, value in worked_out.items()]
    more = len(shown) - MOST_SHOWN
    return "; ".join([*shown[:MOST_SHOWN], *([f"and {more} more"] if more > 0 else ())])


def _brief(value: Json) -> str:
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "nothing" if value is None or value == "" else str(value)[:60]
