"""Everything that can be wrong with one node type."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from cartwheel.catalog.apps import App
from cartwheel.catalog.check.fault import Fault, shape_faults
from cartwheel.catalog.check.forms import form_faults, output_faults
from cartwheel.catalog.check.icons import icon_faults
from cartwheel.catalog.check.imports import import_faults
from cartwheel.catalog.check.manifests import manifest_faults
from cartwheel.catalog.check.requests import request_faults
from cartwheel.catalog.check.sample_faults import sample_faults
from cartwheel.catalog.check.summaries import summary_faults
from cartwheel.catalog.check.translations import node_type_words, translation_faults
from cartwheel.catalog.documents import BadDocument
from cartwheel.catalog.node_type import NodeType
from cartwheel.catalog.registry import Catalogue


async def node_faults(
    folder: Path, catalogue: Catalogue, node_type: NodeType | None, apps: Mapping[str, App]
) -> list[Fault]:
    """The faults of the node type in `folder`; `node_type` is None where it cannot be loaded."""
    faults = [*shape_faults(folder / "manifest.json", "manifest")]
    faults += [*icon_faults(folder / "icon.svg"), *_handler_faults(folder, catalogue, node_type)]
    samples = sorted((folder / "samples").glob("*.json"))
    faults += [fault for file in samples for fault in shape_faults(file, "sample")]
    if node_type is None:
        return faults
    for check in (manifest_faults, _form, output_faults, request_faults, _translations):
        faults += _guarded(check, node_type, apps)
    # A sample that is misshapen cannot be played, and one wrong sample is told of once.
    return faults or await sample_faults(node_type)


def _guarded(
    check: Callable[[NodeType, Mapping[str, App]], Iterator[Fault]],
    node_type: NodeType,
    apps: Mapping[str, App],
) -> list[Fault]:
    try:
        return list(check(node_type, apps))
    except BadDocument as error:
        return [Fault(error.file, "", error.message)]


def _form(node_type: NodeType, apps: Mapping[str, App]) -> Iterator[Fault]:
    file = node_type.folder / "config.schema.json"
    yield from form_faults(file, node_type.config_schema, apps)
    yield from summary_faults(file, node_type.config_schema)


def _translations(node_type: NodeType, apps: Mapping[str, App]) -> Iterator[Fault]:  # noqa: ARG001
    return translation_faults(node_type.folder, node_type_words(node_type), node_type.translations)


def _handler_faults(
    folder: Path, catalogue: Catalogue, node_type: NodeType | None
) -> Iterator[Fault]:
    file = folder / "handler.py"
    if not file.is_file():
        return
    own = {
        f"{catalogue.package}.{folder.parent.name}.{folder.name}",
        f"{catalogue.package}.objects",
    }
    if node_type is not None:
        vendors = {node_type.app, *node_type.connection_apps}
        own |= {f"{catalogue.package}.apps.{app}" for app in vendors if app}
    allowed = own | set(node_type.requires if node_type else ())
    yield from import_faults(file, allowed, wants_run=True)
    for part in sorted(folder.glob("*.py")):
        if part != file:
            yield from import_faults(part, allowed)
