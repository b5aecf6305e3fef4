"""One thing wrong in a catalogue, and how the small checks report theirs."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import orjson
from jsonschema import Draft202012Validator

from cartwheel.catalog.documents import BadDocument, read_json
from cartwheel.catalog.pointers import pointer
from cartwheel.node_sdk import Json


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, in which file, at which JSON pointer ("" where the whole file is meant)."""

    file: Path
    pointer: str
    message: str

    def __str__(self) -> str:
        place = f"#{self.pointer}" if self.pointer else ""
        return f"{self.file}{place}: {self.message}"


def shape_faults(file: Path, shape: str) -> Iterator[Fault]:
    """Where `file` departs from our `<shape>.schema.json`."""
    try:
        given = read_json(file)
    except BadDocument as error:
        yield Fault(file, "", error.message)
        return
    for broken in _shape(shape).iter_errors(given):
        yield Fault(file, pointer(broken.absolute_path), f"{broken.message}.")


@cache
def _shape(name: str) -> Draft202012Validator:
    file = Path(__file__).parent / f"{name}.schema.json"
    return Draft202012Validator(orjson.loads(file.read_bytes()))


def schema_itself(file: Path, schema: Json) -> Iterator[Fault]:
    """Where `schema` is no JSON Schema."""
    meta = Draft202012Validator(Draft202012Validator.META_SCHEMA)
    for broken in meta.iter_errors(schema):
        yield Fault(file, pointer(broken.absolute_path), f"No JSON Schema: {broken.message}.")
