"""Node types made for one test, without a folder."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cartwheel.catalog.node_type import Handler, NodeType, Port
from cartwheel.catalog.registry import Registry, load_registry

OPEN: dict[str, Any] = {"type": "object"}


def node_type(
    name: str,
    run: Handler | None,
    config_schema: Mapping[str, Any] | None = None,
    output_schema: Mapping[str, Any] | None = None,
    **declared: Any,
) -> NodeType:
    """A node type with this handler; `declared` is what its manifest would say."""
    made = NodeType(
        name=name,
        version=1,
        category=name.partition(".")[0],
        label=name,
        description=name,
        folder=Path(),
        root=Path(),
        module="",
        **{"ports": (Port("done", "Done"), Port("error", "Error")), **declared},
    )
    vars(made).update(
        run=run,
        config_schema=config_schema or OPEN,
        output_schema=output_schema or OPEN,
        samples=(),
    )
    return made


def registry_with(*made: NodeType) -> Registry:
    """The installed catalogue and these node types."""
    installed = load_registry()
    types = (*installed.types, *made)
    by_ref = {(each.name, each.version): each for each in types}
    return Registry(
        types,
        installed.apps,
        MappingProxyType(by_ref),
        MappingProxyType({each.name: each for each in types}),
    )
