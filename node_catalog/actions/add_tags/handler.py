"""Adds tags in whichever shop the connection belongs to."""

from collections.abc import Mapping

from cartwheel.node_sdk import ConnectionInfo, Context, Emit, Json, NodeError
from node_catalog.apps.shopify import tags as shopify
from node_catalog.apps.woocommerce import tags as woocommerce


async def run(ctx: Context, config: Mapping[str, Json]) -> Emit:
    target, tags = config["target"], list(dict.fromkeys(tag.strip() for tag in config["tags"]))
    resource_id = config.get("resource_id") or _own_id(ctx.scope, target)
    connection = ctx.connection
    if connection is None or connection.app == "sandbox":
        words = "Nothing changed in a shop: the sandbox took the tags."
    else:
        words = await _add(ctx, connection, target, resource_id, tags)
    return Emit("done", {"target": target, "id": resource_id, "tags": tags}, words)


async def _add(
    ctx: Context, connection: ConnectionInfo, target: str, resource_id: str, tags: list[str]
) -> str:
    if connection.app == "shopify":
        shopify.judge(await ctx.send(shopify.add_tags(connection, target, resource_id, tags)))
    else:
        answer = await ctx.fetch(woocommerce.read_tags(connection, target, resource_id))
        every = woocommerce.with_tags(answer, tags)
        await ctx.send(woocommerce.write_tags(connection, target, resource_id, every))
    return f"Added to the {target}: {', '.join(tags)}."


def _own_id(scope: Mapping[str, Json], target: str) -> str:
    """The shop's ID of the thing this run is about."""
    for thing, name in ((scope.get(target), "id"), (scope.get("item"), f"{target}_id")):
        if isinstance(thing, Mapping) and thing.get(name):
            return str(thing[name])
    raise NodeError(
        f"This run is about no {target}, so there is nothing to add tags to.",
        code="no_target",
        fix=f"Choose something else under “Add to”, or give the {target}'s ID.",
    )
