"""Goes on when enough of the paths have come; the engine does the waiting."""

from collections.abc import Mapping

from cartwheel.node_sdk import Context, Emit, Json

_WORDS = {
    "all": "Every path that could come here has come.",
    "any": "The first path came here.",
    "n": "{count} paths came here.",
}


async def run(ctx: Context, config: Mapping[str, Json]) -> Emit:  # noqa: ARG001
    words = _WORDS[config.get("wait_for", "all")]
    return Emit("done", {}, words.format(count=config.get("count", 1)))
