"""A catalogue of our own to check, change and break."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cartwheel.catalog.node_type import NodeType
from cartwheel.catalog.registry import Catalogue, Registry, build_registry, load_registry
from cartwheel.catalog.scaffold import scaffold_node

Change = Callable[[Any], None]


@pytest.fixture
def registry() -> Registry:
    """Everything that is installed."""
    return load_registry()


@pytest.fixture
def catalogue(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The root of a catalogue with one sound action, `add_note`, under a package name of its own.

    Handlers are imported by package name, so two tests must not share one.
    """
    root = tmp_path / f"pack_{abs(hash(request.node.nodeid))}"
    scaffold_node("action", "add_note", root)
    return root


@pytest.fixture
def action(catalogue: Path) -> Path:
    """The folder of that action."""
    return catalogue / "actions" / "add_note"


def change(file: Path, how: Change) -> None:
    """Change a JSON file in place."""
    given = json.loads(file.read_text())
    how(given)
    file.write_text(json.dumps(given))


def only_type(root: Path) -> NodeType:
    """The one node type of the catalogue at `root`."""
    (found,) = build_registry([Catalogue(root.name, root)]).types
    return found
