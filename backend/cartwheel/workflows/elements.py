"""What a graph is made of: nodes and edges."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cartwheel.node_sdk import Json

GRAPH_SCHEMA = 1
INPUT_PORT = "in"
DONE_PORT = "done"
ERROR_PORT = "error"


@dataclass(frozen=True, slots=True)
class Position:
    """Where the card lies on the canvas, in canvas units."""

    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Node:
    """One step as drawn. `type` is `action.send_email`, without its version."""

    id: str
    type: str
    version: int
    config: Mapping[str, Json] = field(default_factory=dict)
    position: Position = Position()
    label: str | None = None
    disabled: bool = False
    description: str | None = None

    @property
    def ref(self) -> str:
        """Type and version as the graph writes them: `action.send_email@1`."""
        return f"{self.type}@{self.version}"

    @property
    def is_trigger(self) -> bool:
        return self.type.startswith("trigger.")


@dataclass(frozen=True, slots=True)
class Edge:
    """An arrow from one step's port to another step's input."""

    id: str
    source: str
    source_port: str
    target: str
    target_port: str = INPUT_PORT
