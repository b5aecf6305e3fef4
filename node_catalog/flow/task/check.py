"""What is wrong with a task's settings that their form cannot say."""

from collections.abc import Iterator, Mapping

from cartwheel.node_sdk import Json, SettingFault
from node_catalog.objects.people import address_faults, deadline_faults


def check(config: Mapping[str, Json], app: str | None) -> Iterator[SettingFault]:  # noqa: ARG001
    """`app` is that of the connection by which letters leave, None where there is none."""
    yield from address_faults("/assignee", config.get("assignee"))
    yield from deadline_faults(config)
