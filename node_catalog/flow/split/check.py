"""What is wrong with a split's settings that their form cannot say."""

from collections.abc import Iterator, Mapping

from cartwheel.node_sdk import Json, SettingFault


def check(config: Mapping[str, Json], app: str | None) -> Iterator[SettingFault]:  # noqa: ARG001
    """Somebody must go somewhere."""
    branches = config.get("branches") or []
    if branches and not any(branch.get("share", 1) for branch in branches):
        yield SettingFault("/branches", "No branch has a share.", "Give one a share.")
