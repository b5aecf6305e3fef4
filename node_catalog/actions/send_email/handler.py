"""Sends an e-mail in both forms, plain and HTML."""

from collections.abc import Mapping

from cartwheel.node_sdk import Context, EmailRequest, Emit, Json
from node_catalog.apps.smtp.bodies import both_forms


async def run(ctx: Context, config: Mapping[str, Json]) -> Emit:
    text, html = both_forms(config["body"])
    reply_to = config.get("reply_to")
    headers = {"Reply-To": reply_to} if reply_to else {}
    await ctx.send(EmailRequest(config["to"], config["subject"], text, html, headers))
    return Emit("done", {"to": config["to"], "subject": config["subject"]})
