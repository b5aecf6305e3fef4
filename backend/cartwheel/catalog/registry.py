"""Finds every node type and app that is installed, without importing any of them.

Catalogues announce themselves through the entry point group `cartwheel.nodes`: the built-in one
and packs of others come in by the same door.
"""

import functools
import importlib.util
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from types import MappingProxyType

from cartwheel.catalog.apps import App
from cartwheel.catalog.documents import BadDocument
from cartwheel.catalog.manifest import CATEGORY_FOLDERS, read_app, read_node_type
from cartwheel.catalog.node_type import NodeType
from cartwheel.errors import Invalid

ENTRY_POINT_GROUP = "cartwheel.nodes"


class UnknownNodeType(Invalid):
    """No installed catalogue has this kind of step."""

    code = "unknown_node_type"

    def __init__(self, ref: str) -> None:
        super().__init__(f"There is no kind of step called “{ref}” in this installation.")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One installed catalogue: its Python package and its folder."""

    package: str
    folder: Path


@dataclass(frozen=True, eq=False)
class Registry:
    """Every node type in every version, and every app; nothing in it ever changes."""

    types: tuple[NodeType, ...]
    apps: Mapping[str, App]
    _by_ref: Mapping[tuple[str, int], NodeType] = field(repr=False)
    _latest: Mapping[str, NodeType] = field(repr=False)

    def get(self, name: str, version: int) -> NodeType:
        """The node type as a graph pins it. Raises `UnknownNodeType`."""
        found = self._by_ref.get((name, version))
        if found is None:
            raise UnknownNodeType(f"{name}@{version}")
        return found

    def latest(self, name: str) -> NodeType:
        """The newest version of a node type. Raises `UnknownNodeType`."""
        found = self._latest.get(name)
        if found is None:
            raise UnknownNodeType(name)
        return found


@functools.cache
def load_registry() -> Registry:
    """The installed catalogues, read once per process. Raises `BadDocument`."""
    return build_registry(installed_catalogues())


def installed_catalogues() -> tuple[Catalogue, ...]:
    """Every catalogue that an installed distribution announces, in order of its name."""
    found = sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda point: point.name)
    packages = dict.fromkeys(point.value for point in found)
    if not packages:
        raise RuntimeError(
            "No node types are installed: no package announces the entry point group "
            f"“{ENTRY_POINT_GROUP}”. Install Cartwheel again (uv sync)."
        )
    return tuple(Catalogue(package, _folder_of(package)) for package in packages)


def _folder_of(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        raise BadDocument(Path(package), "The announced package of node types is not installed.")
    return Path(places[0])


def build_registry(catalogues: Iterable[Catalogue]) -> Registry:
    """A registry of the given catalogues. Raises `BadDocument`, also for a doubled name."""
    listed = tuple(catalogues)
    apps = {app.id: app for catalogue in listed for app in _apps(catalogue)}
    by_ref: dict[tuple[str, int], NodeType] = {}
    for node_type in (each for catalogue in listed for each in _node_types(catalogue, apps)):
        place = (node_type.name, node_type.version)
        if place in by_ref:
            first = by_ref[place].folder
            raise BadDocument(node_type.folder, f"{node_type.ref} also stands in {first}.")
        by_ref[place] = node_type
    types = tuple(sorted(by_ref.values(), key=_place_in_lists))
    latest = {each.name: each for each in types}
    return Registry(
        types, MappingProxyType(apps), MappingProxyType(by_ref), MappingProxyType(latest)
    )


def _place_in_lists(node_type: NodeType) -> tuple[str, int, str, int]:
    """Its kind, then what merchants look for most."""
    kind = node_type.name.partition(".")[0]
    return (kind, node_type.rank, node_type.name, node_type.version)


def _apps(catalogue: Catalogue) -> Iterator[App]:
    for file in sorted(catalogue.folder.glob("apps/*/app.json")):
        yield read_app(file.parent, catalogue.folder, catalogue.package)


def _node_types(catalogue: Catalogue, apps: Mapping[str, App]) -> Iterator[NodeType]:
    for folder in node_folders(catalogue.folder):
        yield read_node_type(folder, catalogue.folder, catalogue.package, apps)


def node_folders(root: Path) -> Iterator[Path]:
    """Every folder of a catalogue that holds a node type."""
    for place in CATEGORY_FOLDERS:
        for file in sorted((root / place).glob("*/manifest.json")):
            yield file.parent
