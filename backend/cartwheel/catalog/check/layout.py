"""Whether a catalogue's folders hold what they must, and nothing by a wrong name."""

import sys
from collections.abc import Iterator
from pathlib import Path

from cartwheel.catalog.check.fault import Fault
from cartwheel.catalog.manifest import CATEGORY_FOLDERS
from cartwheel.catalog.registry import Catalogue

_NODE_FILES = {
    "__init__.py",
    "manifest.json",
    "config.schema.json",
    "output.schema.json",
    "icon.svg",
    "samples",
    "translations",
    "handler.py",
}
_OPTIONAL = {"translations", "handler.py", "check.py", "__pycache__"}


def catalogue_of(folder: Path) -> Catalogue:
    """The catalogue in `folder`, its package importable from now on."""
    root = folder.resolve()
    if str(root.parent) not in sys.path:
        sys.path.append(str(root.parent))
    return Catalogue(root.name, root)


def layout_faults(root: Path) -> Iterator[Fault]:
    """Folders of node types with files missing, unknown or without a manifest."""
    for place in CATEGORY_FOLDERS:
        for folder in sorted(path for path in (root / place).glob("*") if path.is_dir()):
            if folder.name != "__pycache__":
                yield from _folder_faults(folder)


def _folder_faults(folder: Path) -> Iterator[Fault]:
    there = {path.name for path in folder.iterdir()}
    for name in sorted(_NODE_FILES - _OPTIONAL - there):
        yield Fault(folder / name, "", "The file is missing.")
    parts = {name for name in there if name.endswith(".py") and "handler.py" in there}
    for name in sorted(there - _NODE_FILES - _OPTIONAL - parts):
        yield Fault(folder / name, "", "A node type's folder has no such file.")
    if not folder.name.isidentifier() or folder.name != folder.name.lower():
        yield Fault(folder, "", "The name has only small letters, digits and underscores.")
    if not (folder.parent / "__init__.py").is_file():
        yield Fault(folder.parent / "__init__.py", "", "The file is missing.")
