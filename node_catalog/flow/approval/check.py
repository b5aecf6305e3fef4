"""What is wrong with an approval's settings that their form cannot say."""

from collections.abc import Iterator, Mapping

from cartwheel.node_sdk import Json, SettingFault
from node_catalog.objects.people import address_faults, deadline_faults, different


def check(config: Mapping[str, Json], app: str | None) -> Iterator[SettingFault]:
    """`app` is that of the connection by which the question leaves, None where there is none."""
    people, emails = config.get("people") or [], config.get("emails") or []
    asked = len(different(people, emails))
    if not asked:
        yield SettingFault(
            "/people",
            "Nobody is asked: this step has no approver.",
            "Name at least one person, or an e-mail address.",
            "no_approver",
        )
    elif config.get("rule") == "some" and config.get("needed", 2) > asked:
        yield SettingFault(
            "/needed",
            f"{config.get('needed', 2)} must approve, but only {asked} are asked.",
            "Ask more people, or be content with fewer approvals.",
            "too_few_approvers",
        )
    if app == "slack" and config.get("connection") and not config.get("channel"):
        yield SettingFault(
            "/channel",
            "This step asks in Slack, but no channel is named.",
            "Choose the channel where the question is to stand.",
            "channel_missing",
        )
    if emails and app in {None, "slack"}:
        yield SettingFault(
            "/emails",
            "These people are asked by e-mail, and this step has no account that sends it.",
            "Choose a mail connection under “Send with”, or the sandbox to try it out.",
            "approver_unreachable",
        )
    for field in ("people", "emails", "escalate_to"):
        yield from address_faults(f"/{field}", config.get(field))
    yield from deadline_faults(config)
