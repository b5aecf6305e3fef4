"""Adds tags in whichever shop the connection belongs to."""

from collections.abc import Mapping

from cartwheel.node_sdk import ConnectionInfo, Context, Emit, Json, NodeError
from node_catalog.apps.shopify import tags as shopify
from node_catalog.apps.woocommerce import tags as woocommerce

# What the shop calls it; “customer” stands in workflows of before.
_THINGS = {"order": "order", "product": "product", "contact": "customer", "customer": "customer"}


async def run(ctx: Context, config: Mapping[str, Json]) -> Emit:
    tags = list(dict.fromkeys(tag.strip() for tag in config["tags"]))
    thing = _THINGS[config["target"]]
    resource_id = config.get("resource_id") or _own_id(ctx.scope, thing)
    connection = ctx.connection
    if connection is None or connection.app == "sandbox":
        words = "Nothing changed in a shop: the sandbox took the tags."
    else:
        words = await _add(ctx, connection, thing, resource_id, tags)
    return Emit("done", {"target": config["target"], "id": resource_id, "tags": tags}, words)


async def _add(
    ctx: Context, connection: ConnectionInfo, thing: str, resource_id: str, tags: list[str]
) -> str:
    if connection.app == "shopify":
        shopify.judge(await ctx.send(shopify.add_tags(connection, thing, resource_id, tags)))
    else:
        answer = await ctx.fetch(woocommerce.read_tags(connection, thing, resource_id))
        every = woocommerce.with_tags(answer, tags)
        await ctx.send(woocommerce.write_tags(connection, thing, resource_id, every))
    return f"Added to the {thing}: {', '.join(tags)}."


def _own_id(scope: Mapping[str, Json], thing: str) -> str:
    """The shop's ID of the thing this run is about."""
    for found, name in ((scope.get(thing), "id"), (scope.get("item"), f"{thing}_id")):
        if isinstance(found, Mapping) and found.get(name):
            return str(found[name])
    raise NodeError(
        f"This run is about no {thing}, so there is nothing to add tags to.",
        code="no_target",
        fix=f"Choose something else under “Add to”, or give the {thing}'s ID.",
    )
