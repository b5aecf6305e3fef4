"""Goes on only if the conditions hold; else this path ends here."""

from collections.abc import Mapping

from cartwheel.node_sdk import END, Context, Emit, Json


async def run(ctx: Context, config: Mapping[str, Json]) -> Emit:
    judgement = ctx.evaluate(config["rules"])
    output = {"holds": judgement.holds, "compared": judgement.compared}
    if judgement.holds:
        return Emit("done", output, judgement.words)
    return Emit(END, output, f"This path ends here: {judgement.words}")
