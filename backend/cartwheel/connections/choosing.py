"""Which connection a step works with. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cartwheel.catalog.node_type import NodeType
from cartwheel.node_sdk import ConnectionInfo

SANDBOX = "sandbox"


@dataclass(frozen=True, slots=True)
class PublicConnection:
    """What anybody in the workspace may know of a connection.

    `is_refused`: its app does not accept it, so runs that need it wait until it is mended.
    `updated_at` (ms) tells one state of it from the next.
    """

    id: str
    app: str
    name: str
    settings: Mapping[str, Any]
    status: str
    is_default: bool
    is_refused: bool = False
    updated_at: int = 0

    @property
    def info(self) -> ConnectionInfo:
        """As a step's handler sees it."""
        return ConnectionInfo(self.id, self.app, self.name, self.settings)


def choose(
    connections: Iterable[PublicConnection], node_type: NodeType, wanted: str | None
) -> PublicConnection | None:
    """The connection that a step names, or the one it means without naming it.

    Unnamed: the default of the first fitting app, else the sandbox where it fits, else the only
    fitting one. A named connection that does not exist or does not fit is None, never another one.
    """
    apps = node_type.connection_apps
    fitting = [each for each in connections if each.app in apps]
    fitting.sort(key=lambda each: apps.index(each.app))
    if wanted is not None:
        return next((each for each in fitting if each.id == wanted), None)
    default = next((each for each in fitting if each.is_default), None)
    sandbox = next((each for each in fitting if each.app == SANDBOX), None)
    if default or sandbox or node_type.connection_optional:
        return default or (None if node_type.connection_optional else sandbox)
    return fitting[0] if len(fitting) == 1 else None
