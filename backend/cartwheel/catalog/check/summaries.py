"""Whether the line on a card that a node type writes itself speaks of settings that exist."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from cartwheel.catalog.check.fault import Fault
from cartwheel.catalog.config import Schema

_NAMED = re.compile(r"\{([a-z_]+)\}")


def summary_faults(file: Path, schema: Schema) -> Iterator[Fault]:
    """What is wrong with `x-summary`: cases by name, each `{"if": {setting: value}, "words"}`."""
    known = schema.get("properties", {})
    for name, case in schema.get("x-summary", {}).items():
        place = f"/x-summary/{name}"
        if not isinstance(case, Mapping) or not isinstance(case.get("words"), str):
            yield Fault(file, place, "A case has words, and “if” it is not for all settings.")
            continue
        named = {*_NAMED.findall(case["words"]), *case.get("if", {})}
        for unknown in sorted(named - known.keys()):
            yield Fault(file, place, f"It speaks of “{unknown}”, which is no setting.")
