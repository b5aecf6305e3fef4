"""Which events belong to this run: those of the same order, of the same customer, or with a value
in a field."""

from collections.abc import Mapping

from cartwheel.node_sdk import Context, Json, NodeError


def awaited(ctx: Context, config: Mapping[str, Json]) -> dict[str, Json]:
    """What `Wait.for_event` takes. Raises `NodeError` where there is nothing to compare with."""
    kind = str(config["event_type"])
    match = str(config.get("match", "customer"))
    wanted = _WAYS[match](ctx, config)
    if not wanted:
        raise NodeError(
            f"This run has {_MISSING[match]}, so no event can be told to belong to it.",
            code="nothing_to_compare",
            fix="Choose another way to tell which event is meant.",
        )
    return {"type": kind, "any": wanted}


def _same_order(ctx: Context, config: Mapping[str, Json]) -> list[Json]:  # noqa: ARG001
    order = ctx.read("order.id")
    return [{"order.id": order}] if order else []


def _same_customer(ctx: Context, config: Mapping[str, Json]) -> list[Json]:  # noqa: ARG001
    known = {name: ctx.read(f"contact.{name}") for name in ("id", "email", "phone")}
    return [{f"contact.{name}": value} for name, value in known.items() if value]


def _same_value(ctx: Context, config: Mapping[str, Json]) -> list[Json]:  # noqa: ARG001
    field, value = config.get("field"), config.get("value")
    return [{str(field): value}] if field and value else []


def _any(ctx: Context, config: Mapping[str, Json]) -> list[Json]:  # noqa: ARG001
    return [{}]


_WAYS = {"order": _same_order, "customer": _same_customer, "field": _same_value, "any": _any}
_MISSING = {
    "order": "no order",
    "customer": "no customer with an e-mail address or a phone number",
    "field": "no value for that field",
    "any": "no event",
}
