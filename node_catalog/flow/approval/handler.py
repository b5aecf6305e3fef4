"""Asks people to approve or refuse, and goes on by what they decide."""

from collections.abc import Mapping

from cartwheel.node_sdk import Context, Json, NodeError, Wait
from node_catalog.objects.people import addresses, counted, names, reminder_at, span


async def run(ctx: Context, config: Mapping[str, Json]) -> Wait:
    asked = addresses(config.get("people"), config.get("emails"))
    amount, unit = counted(config)
    rule, needed = config.get("rule", "one"), int(config.get("needed", 2))
    if not asked or (rule == "some" and needed > len(asked)):
        too_few = f"{needed} must approve, but only {len(asked)} can be asked."
        raise NodeError(
            too_few if asked else "Nobody is asked: this step has no approver.",
            code="no_approver",
            fix="Check the addresses: a variable among them may have come out empty.",
        )
    deadline = ctx.now + span(config, default=3)
    others = [each for each in addresses(config.get("escalate_to")) if each not in asked]
    due = deadline + span(config, "escalate_", 1) if others else deadline
    app = ctx.connection.app if ctx.connection else None
    channel = str(config.get("channel") or "").strip() if app in {"slack", "sandbox"} else ""
    return Wait(
        for_person={
            "kind": "approval",
            "title": config["title"],
            "text": config.get("text", ""),
            "asked": asked,
            "rule": rule,
            "needed": needed,
            "shown_due_at": due.isoformat(),
            "remind_at": reminder_at(ctx, config, deadline),
            "escalate_at": deadline.isoformat() if others else None,
            "escalate_to": others,
            "connection": ctx.connection.id if ctx.connection else None,
            "channel": channel or None,
            "mails": app != "slack",
        },
        timeout=due,
        port="approved",
        timeout_port="timed_out",
        words=f"Asks {names(asked)}; waits at most {amount} {unit}.",
    )
