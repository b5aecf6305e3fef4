"""What is wrong with the settings of a wait that their form cannot say."""

from collections.abc import Iterator, Mapping

from cartwheel.node_sdk import Json, SettingFault


def check(config: Mapping[str, Json], app: str | None) -> Iterator[SettingFault]:  # noqa: ARG001
    """A shop that closes at the minute at which it opens never opens."""
    opens, closes = config.get("opens", "09:00"), config.get("closes", "17:00")
    if config.get("mode") == "business_hours" and opens == closes:
        yield SettingFault(
            "/closes",
            f"The shop would open at {opens} and close at {closes}.",
            "Let it close later than it opens.",
        )
