"""Compares one value with several cases; the first that fits is the way."""

from collections.abc import Mapping

from cartwheel.node_sdk import Context, Emit, Json


async def run(ctx: Context, config: Mapping[str, Json]) -> Emit:
    seen: list[str] = []
    compared: list[Json] = []
    for case in config["cases"]:
        rule = {
            "field": config["field"],
            "operator": case.get("operator", "="),
            "value": case["value"],
        }
        judgement = ctx.evaluate({"combinator": "and", "rules": [rule]})
        compared += judgement.compared
        if judgement.holds:
            return Emit(case["id"], {"case": case["id"], "compared": compared}, judgement.words)
        seen.append(judgement.words)
    return Emit("otherwise", {"case": None, "compared": compared}, "; ".join(seen))
