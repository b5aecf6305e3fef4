"""The templates' share of `cartwheel nodes check`: every fault at once, with its file and place.

A template that passes makes, untouched, a workflow that can be switched on and tried out: in
English and in every language that it is translated to.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import orjson
from jsonschema import Draft202012Validator

from cartwheel.catalog.check.fault import Fault, schema_itself
from cartwheel.catalog.check.layout import catalogue_of
from cartwheel.catalog.check.translations import schema_words, translation_faults
from cartwheel.catalog.config import ConfigSchema
from cartwheel.catalog.documents import BadDocument, read_json
from cartwheel.catalog.pointers import pointer
from cartwheel.catalog.registry import Registry, build_registry, installed_catalogues
from cartwheel.connections.choosing import SANDBOX, PublicConnection
from cartwheel.node_sdk import Json
from cartwheel.templates.filling import ASK, TEXT, defaults, fill, gaps, text_gaps
from cartwheel.templates.template import FILE, Template, read_template, template_folders
from cartwheel.workflows.problems import Severity
from cartwheel.workflows.validation import check_graph

_SHAPE = Path(__file__).parent / "template.schema.json"
_FILES = {FILE, "translations"}
SANDBOX_ONLY = (PublicConnection(SANDBOX, SANDBOX, "Sandbox", {}, "ok", is_default=False),)


def check_templates(folders: Sequence[Path] | None = None) -> list[Fault]:
    """Every fault of the templates of the catalogues in `folders`, or of all installed ones."""
    installed = installed_catalogues()
    roots = [each.folder for each in installed] if folders is None else list(folders)
    found = [folder for root in roots for folder in template_folders(root)]
    if not found:
        return []
    try:
        given = {each.folder: each for each in (*installed, *map(catalogue_of, folders or ()))}
        registry = build_registry(given.values())
    except BadDocument:
        return []  # The node types' own check says what is wrong; without them nothing is certain.
    return [fault for folder in found for fault in template_faults(folder, registry)]


def template_faults(folder: Path, registry: Registry) -> Iterator[Fault]:
    """The faults of one template."""
    file = folder / FILE
    yield from _layout_faults(folder)
    try:
        broken = list(_shape_faults(file))
        yield from broken
        if broken:
            return
        template = read_template(folder)
    except BadDocument as error:
        yield Fault(error.file, "", error.message)
        return
    yield from schema_itself(file, template.asks)
    yield from translation_faults(folder, _words(template), template.translations)
    unfilled = [*_gap_faults(template), *_default_faults(template)]
    yield from unfilled
    if not unfilled:
        yield from _graph_faults(template, registry)


def _layout_faults(folder: Path) -> Iterator[Fault]:
    for name in sorted({path.name for path in folder.iterdir()} - _FILES):
        yield Fault(folder / name, "", "A template's folder has no such file.")
    if not folder.name.isidentifier() or folder.name != folder.name.lower():
        yield Fault(folder, "", "The name has only small letters, digits and underscores.")


def _shape_faults(file: Path) -> Iterator[Fault]:
    shape = Draft202012Validator(orjson.loads(_SHAPE.read_bytes()))
    for broken in shape.iter_errors(read_json(file)):
        yield Fault(file, pointer(broken.absolute_path), f"{broken.message}.")


def _words(template: Template) -> dict[str, Json]:
    words: dict[str, Json] = {
        "label": template.label,
        "description": template.description,
        "search_words": list(template.search_words),
        "asks": schema_words(template.asks),
        "texts": dict(template.texts),
    }
    return {key: value for key, value in words.items() if value}


def _gap_faults(template: Template) -> Iterator[Fault]:
    """Gaps that nothing fills, and answers and texts that fill none."""
    file, asked = template.folder / FILE, set(template.asks["properties"])
    mentioned = {gap for text in template.texts.values() for gap in text_gaps(text)}
    used = {*gaps(template.graph, ASK), *mentioned}
    texts = set(gaps(template.graph, TEXT))
    for name in sorted(used - asked):
        yield Fault(file, "/graph", f"Nobody is asked for “{name}”.")
    for name in sorted(asked - used):
        yield Fault(file, pointer(["asks", "properties", name]), "The answer is used nowhere.")
    for name in sorted(texts - template.texts.keys()):
        yield Fault(file, "/graph", f"There is no text “{name}”.")
    for name in sorted(template.texts.keys() - texts):
        yield Fault(file, pointer(["texts", name]), "The text is used nowhere.")


def _default_faults(template: Template) -> Iterator[Fault]:
    for fault in ConfigSchema(template.asks).faults(defaults(template.asks), rendered=True):
        place = f"/asks/properties{fault.field}/default"
        yield Fault(template.folder / FILE, place, fault.message)


def _graph_faults(template: Template, registry: Registry) -> Iterator[Fault]:
    for language in ("en", *template.translations):
        graph = fill(template.graph, defaults(template.asks), template.texts_in(language))
        yield from _problems_of(template, graph, registry, language)


def _problems_of(
    template: Template, graph: Mapping[str, Json], registry: Registry, language: str
) -> Iterator[Fault]:
    for problem in check_graph(graph, registry, SANDBOX_ONLY):
        if problem.severity is Severity.ERROR:
            place = f"{problem.node_id or 'graph'}{problem.field or ''} ({language})"
            yield Fault(template.folder / FILE, "/graph", f"{place}: {problem.message}")
