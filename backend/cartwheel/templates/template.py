"""A template as its folder in a catalogue describes it: `templates/<id>/template.json`."""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cartwheel.catalog.documents import BadDocument, read_json
from cartwheel.catalog.registry import Catalogue, installed_catalogues
from cartwheel.node_sdk import Json

FILE = "template.json"


@dataclass(frozen=True, eq=False)
class Template:
    """A workflow with gaps.

    `asks` is the JSON Schema of what fills them, every field with a default; `texts` are the
    messages in English, by name, and `translations` hold them in other languages. `place` orders
    the gallery: the first three are offered to whoever has no workflow yet.
    """

    id: str
    folder: Path
    label: str
    description: str
    place: int
    search_words: tuple[str, ...]
    asks: Mapping[str, Json]
    texts: Mapping[str, str]
    graph: Mapping[str, Json]
    translations: Mapping[str, Json]

    def texts_in(self, language: str) -> Mapping[str, str]:
        """The texts in a language, English where it lacks one."""
        return {**self.texts, **self.translations.get(language, {}).get("texts", {})}

    @property
    def step_types(self) -> list[str]:
        """The node types on the canvas, as `type@version`, in the order they were drawn."""
        return [node["type"] for node in self.graph["nodes"]]

    @property
    def channel(self) -> str | None:
        """The message channel of the workflow that it makes."""
        found = self.graph.get("settings", {}).get("channel")
        return found if isinstance(found, str) else None


@functools.cache
def load_templates() -> Mapping[str, Template]:
    """Every installed template by its id, in the gallery's order. Raises `BadDocument`."""
    return build_templates(installed_catalogues())


def build_templates(catalogues: Iterable[Catalogue]) -> Mapping[str, Template]:
    """The templates of the given catalogues. Raises `BadDocument`, also for a doubled id."""
    found: dict[str, Template] = {}
    for folder in (each for catalogue in catalogues for each in template_folders(catalogue.folder)):
        if folder.name in found:
            raise BadDocument(folder, f"{folder.name} also stands in {found[folder.name].folder}.")
        found[folder.name] = read_template(folder)
    return {each.id: each for each in sorted(found.values(), key=lambda one: (one.place, one.id))}


def template_folders(root: Path) -> list[Path]:
    """Every folder of a catalogue that holds a template."""
    return sorted(file.parent for file in root.glob(f"templates/*/{FILE}"))


def read_template(folder: Path) -> Template:
    """The template in `folder`. Raises `BadDocument`."""
    file = folder / FILE
    given = read_json(file)
    try:
        return Template(
            id=folder.name,
            folder=folder,
            label=given["label"],
            description=given["description"],
            place=given["place"],
            search_words=tuple(given.get("search_words", ())),
            asks=given["asks"],
            texts=given.get("texts", {}),
            graph=given["graph"],
            translations={
                each.stem: read_json(each) for each in sorted(folder.glob("translations/*.json"))
            },
        )
    except (KeyError, TypeError) as error:
        message = f"The template cannot be used ({error!r}). Run: cartwheel nodes check"
        raise BadDocument(file, message) from error
