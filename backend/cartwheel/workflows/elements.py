"""What a graph is made of: nodes, edges, and the limits on both."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cartwheel.node_sdk import Json

MAX_NODES = 1_000
MAX_EDGES = 5_000
MAX_ID_LENGTH = 100
MAX_EDGE_ID_LENGTH = 500
"""An edge sent without an id is named after its four ends."""
MAX_LABEL_LENGTH = 200
MAX_CONFIG_CHARACTERS = 262_144
"""A whole newsletter fits; a file pasted into a field by accident does not."""
MAX_CONFIG_DEPTH = 32

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
