"""`cartwheel nodes new action send_sms`: a whole node type to begin from.

What it writes works, passes `cartwheel nodes check` and plays its samples, so that its author
changes a living thing step by step instead of filling in a form.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

from cartwheel.catalog.manifest import CATEGORY_FOLDERS
from cartwheel.catalog.registry import installed_catalogues
from cartwheel.catalog.sketches import Sketch, sketch

_NAME = re.compile(r"[a-z][a-z0-9_]{1,48}")
_CATEGORY_WORDS = {
    "triggers": "What starts a workflow.",
    "conditions": "Steps that choose a way.",
    "flow": "Steps that wait or end.",
    "data": "Steps that compute and look up.",
    "actions": "Steps that act outside.",
}


class CannotScaffold(Exception):
    """The node type cannot be written; the message says why, for the one at the keyboard."""


def scaffold_node(category: str, name: str, folder: Path | None = None) -> list[Path]:
    """Write a node type into the catalogue at `folder` (default: the built-in one).

    Returns the files written. Raises `CannotScaffold`.
    """
    place = next((key for key, value in CATEGORY_FOLDERS.items() if value == category), None)
    if place is None:
        kinds = ", ".join(CATEGORY_FOLDERS.values())
        raise CannotScaffold(f"There is no category “{category}”. Choose one of: {kinds}.")
    if not _NAME.fullmatch(name):
        raise CannotScaffold("A name has small letters, digits and underscores, such as send_sms.")
    root = folder or installed_catalogues()[0].folder
    target = root / place / name
    if target.exists():
        raise CannotScaffold(f"{target} is there already.")
    return [*_packages(root, place), *_files(target, name, sketch(category, name))]


def _packages(root: Path, place: str) -> Iterator[Path]:
    """The `__init__.py` of the catalogue and of the category, where they are missing."""
    for folder, words in ((root, "Node types of our own."), (root / place, _CATEGORY_WORDS[place])):
        file = folder / "__init__.py"
        if not file.is_file():
            yield _write(file, f'"""{words}"""\n')


def _files(target: Path, name: str, made: Sketch) -> Iterator[Path]:
    yield _write(target / "__init__.py", f'"""{name.replace("_", " ").capitalize()}."""\n')
    yield _write(target / "icon.svg", made.icon)
    if made.handler is not None:
        yield _write(target / "handler.py", made.handler)
    documents = {
        "manifest.json": made.manifest,
        "config.schema.json": made.config,
        "output.schema.json": made.output,
        **{f"samples/{sample}.json": given for sample, given in made.samples.items()},
    }
    for path, document in documents.items():
        text = json.dumps(document, indent=2, ensure_ascii=False)
        yield _write(target / path, f"{text}\n")


def _write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file
