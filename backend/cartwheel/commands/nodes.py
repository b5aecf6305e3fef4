"""`cartwheel nodes check` and `cartwheel nodes new`: for authors of node types."""

import argparse
import os
from pathlib import Path

from cartwheel.catalog.check import check_catalog
from cartwheel.catalog.scaffold import CannotScaffold, scaffold_node
from cartwheel.errors import CommandRefused
from cartwheel.settings import Settings
from cartwheel.templates.check import check_templates


def run(_settings: Settings, arguments: argparse.Namespace) -> int:
    """Check every catalogue, or write a new node type."""
    if arguments.action == "new":
        return _new(arguments.category, arguments.name, arguments.folder)
    return _check([Path(folder).absolute() for folder in arguments.folders] or None)


def _check(folders: list[Path] | None) -> int:
    missing = [folder for folder in folders or () if not folder.is_dir()]
    if missing:
        raise CommandRefused(f"There is no folder {missing[0]}.")
    faults = [*check_catalog(folders), *check_templates(folders)]
    for fault in faults:
        print(fault)
    words = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
    print(f"{words} found." if faults else "Every node type and template is sound.")
    return 1 if faults else 0


def _new(category: str, name: str, folder: str | None) -> int:
    try:
        written = scaffold_node(category, name, Path(folder).absolute() if folder else None)
    except CannotScaffold as error:
        raise CommandRefused(str(error)) from None
    for file in written:
        print(os.path.relpath(file))
    print("Change it step by step; 'cartwheel nodes check' says what is wrong meanwhile.")
    return 0
