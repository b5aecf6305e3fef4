"""`cartwheel nodes check`: every fault of every catalogue at once, each with its file and place.

Like Home Assistant's hassfest: an author sees the whole list, not the first stone.
"""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

from cartwheel.catalog.apps import App
from cartwheel.catalog.check.app_faults import app_faults
from cartwheel.catalog.check.fault import Fault
from cartwheel.catalog.check.layout import catalogue_of, layout_faults
from cartwheel.catalog.check.node_faults import node_faults
from cartwheel.catalog.documents import BadDocument
from cartwheel.catalog.manifest import read_app, read_node_type
from cartwheel.catalog.registry import Catalogue, installed_catalogues, node_folders

__all__ = ["Fault", "check_catalog"]


def check_catalog(folders: Sequence[Path] | None = None) -> list[Fault]:
    """Every fault of the catalogues in `folders`, or of all that are installed.

    A folder is the root of a catalogue (with `actions/`, `apps/` and so on in it). Handlers are
    imported and samples are played, so a catalogue outside the Python path is put on it first.
    """
    if folders is None:
        catalogues = installed_catalogues()
    else:
        catalogues = tuple(catalogue_of(folder) for folder in folders)
    apps = _installed_apps(catalogues)
    found = (fault for catalogue in catalogues for fault in _faults(catalogue, apps))
    return sorted(set(found), key=lambda fault: (str(fault.file), fault.pointer, fault.message))


def _installed_apps(catalogues: Sequence[Catalogue]) -> dict[str, App]:
    """The apps that a node type may name: of the checked catalogues and of the installed ones."""
    apps: dict[str, App] = {}
    for catalogue in {
        each.folder: each for each in (*installed_catalogues(), *catalogues)
    }.values():
        for file in sorted(catalogue.folder.glob("apps/*/app.json")):
            try:
                apps[file.parent.name] = read_app(file.parent, catalogue.folder)
            except BadDocument:
                continue  # `app_faults` says what is wrong with it.
    return apps


def _faults(catalogue: Catalogue, apps: dict[str, App]) -> Iterator[Fault]:
    yield from layout_faults(catalogue.folder)
    for file in sorted(catalogue.folder.glob("apps/*/app.json")):
        yield from app_faults(file.parent, catalogue.folder)
    for folder in node_folders(catalogue.folder):
        yield from _node_type_faults(folder, catalogue, apps)


def _node_type_faults(folder: Path, catalogue: Catalogue, apps: dict[str, App]) -> Iterator[Fault]:
    try:
        node_type = read_node_type(folder, catalogue.folder, catalogue.package, apps)
    except BadDocument as error:
        node_type = None
        yield Fault(error.file, "", error.message)
    yield from asyncio.run(node_faults(folder, catalogue, node_type, apps))
