"""Gives somebody something to do, and goes on when it is done."""

from collections.abc import Mapping

from cartwheel.node_sdk import Context, Json, NodeError, Wait
from node_catalog.objects.people import LONGEST, addresses, counted, names, reminder_at, span


async def run(ctx: Context, config: Mapping[str, Json]) -> Wait:
    asked = addresses([config.get("assignee", "owner")])
    if not asked:
        raise NodeError(
            "Nobody can be given this task: the address came out empty.",
            code="no_approver",
            fix="Check “Who does it”, or write “owner”.",
        )
    due = ctx.now + span(config, default=3)
    times_out = config.get("when_due", "stay") == "time_out"
    amount, unit = counted(config)
    return Wait(
        for_person={
            "kind": "task",
            "title": config["title"],
            "text": config.get("text", ""),
            "asked": asked,
            "rule": "one",
            "checklist": [str(item) for item in config.get("checklist") or () if str(item).strip()],
            "shown_due_at": due.isoformat(),
            "remind_at": reminder_at(ctx, config, due),
            "connection": ctx.connection.id if ctx.connection else None,
        },
        timeout=due if times_out else ctx.now + LONGEST,
        port="done",
        timeout_port="timed_out",
        words=f"Given to {names(asked)}; due in {amount} {unit}.",
    )
