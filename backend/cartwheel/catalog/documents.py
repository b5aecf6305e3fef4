"""Reading a catalogue's JSON files, with `$ref`s to other files put in their place.

A reference is written as editors understand it: a path relative to the file it stands in, and
a JSON pointer after `#` where only a part is meant (`../../objects/order.schema.json`). It may
not leave the catalogue. Whatever stands beside the `$ref` wins over what it brings.
"""

from pathlib import Path

import orjson

from cartwheel.catalog.pointers import MISSING, look_up
from cartwheel.node_sdk import Json

MAX_REFERENCE_DEPTH = 12


class BadDocument(Exception):
    """A file of the catalogue cannot be used; the message says which and why."""

    def __init__(self, file: Path, message: str) -> None:
        super().__init__(f"{file}: {message}")
        self.file, self.message = file, message


def read_json(file: Path) -> Json:
    """The file's JSON as it stands. Raises `BadDocument`."""
    try:
        return orjson.loads(file.read_bytes())
    except FileNotFoundError:
        raise BadDocument(file, "The file is missing.") from None
    except orjson.JSONDecodeError as error:
        raise BadDocument(file, f"This is not JSON: {error}.") from error


def read_document(file: Path, root: Path) -> Json:
    """The file's JSON with every `$ref` inlined. Raises `BadDocument`."""
    return _inline(read_json(file), file, root.resolve(), depth=0)


def read_icon(folder: Path) -> str:
    """The SVG of what the folder describes."""
    return (folder / "icon.svg").read_text(encoding="utf-8")


def read_translations(folder: Path, root: Path) -> dict[str, Json]:
    """Language code → the folder's words, by the keys that docs/nodes.md lists."""
    files = sorted((folder / "translations").glob("*.json"))
    return {file.stem: read_document(file, root) for file in files}


def _inline(value: Json, file: Path, root: Path, depth: int) -> Json:
    if depth > MAX_REFERENCE_DEPTH:
        raise BadDocument(file, "The references go round in a circle.")
    if isinstance(value, list):
        return [_inline(item, file, root, depth) for item in value]
    if not isinstance(value, dict):
        return value
    beside = {key: _inline(item, file, root, depth) for key, item in value.items() if key != "$ref"}
    reference = value.get("$ref")
    if not isinstance(reference, str):
        return beside if reference is None else {**beside, "$ref": reference}
    brought = _fetch(reference, file, root, depth)
    return {**brought, **beside} if isinstance(brought, dict) else brought


def _fetch(reference: str, file: Path, root: Path, depth: int) -> Json:
    path, _, place = reference.partition("#")
    target = (file.parent / path).resolve() if path else file
    if not target.is_relative_to(root):
        raise BadDocument(file, f"The reference “{reference}” leaves the catalogue.")
    if not target.is_file():
        raise BadDocument(file, f"The reference “{reference}” leads to no file.")
    found = look_up(read_json(target), place)
    if found is MISSING:
        raise BadDocument(file, f"The reference “{reference}” leads to nothing in that file.")
    return _inline(found, target, root, depth + 1)
