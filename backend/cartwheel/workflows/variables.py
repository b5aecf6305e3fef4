"""The variables that a step can use, for the picker: each with its words and a sample. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from cartwheel.expressions.lookup import Path
from cartwheel.expressions.values import schema_type
from cartwheel.node_sdk import Json
from cartwheel.workflows.shapes import OPEN, Schema, forms, is_list, is_nullable, properties
from cartwheel.workflows.typed_graph import TypedGraph
from cartwheel.workflows.view import FAILURE, FAILURE_NAME, View, view_from

DEEPEST = 6
MOST_VARIABLES = 2_000
_PLAIN = re.compile(r"[\w-]+")


@dataclass(frozen=True, slots=True)
class Offer:
    """One variable. `list` is the path of the list it stands in; `node_id` who gives it."""

    path: Path
    label: tuple[str, ...]
    type: str = "any"
    may_be_empty: bool = False
    certain: bool = True
    list: Path | None = None
    node_id: str | None = None
    sample: Json = None


def written(path: Path) -> str:
    """The path as texts and conditions understand it, also where a step's id is no plain name."""
    first, *others = path
    parts = (f".{part}" if _PLAIN.fullmatch(part) else f'["{part}"]' for part in others)
    return first + "".join(parts)


def variables_for(typed: TypedGraph, node_id: str) -> tuple[Offer, ...]:
    """Every variable that a step can use: the trigger's objects first, then earlier steps."""
    view = view_from(typed, node_id)
    return tuple(islice(_offers(typed, view), MOST_VARIABLES))


def _offers(typed: TypedGraph, view: View) -> Iterator[Offer]:
    trigger = typed.graph.trigger
    samples = _sample_of(typed, trigger.id) if trigger else {}
    for name, schema in properties(view.scope).items():
        if name != "steps":
            start = Offer((name,), (_title(schema, name),))
            yield from _walk(schema, start, _inside(samples, name))
    for step in view.steps():
        if trigger is None or step != trigger.id:
            yield from _step_offers(typed, view, step)


def _step_offers(typed: TypedGraph, view: View, step: str) -> Iterator[Offer]:
    samples = _sample_of(typed, step)
    shown = dict(properties(view.output(step)))
    if view.can_fail(step):
        shown.setdefault(FAILURE_NAME, FAILURE)
    for name, schema in shown.items():
        path = ("steps", step, name)
        label = (typed.name(step), _title(schema, name))
        start = Offer(path, label, certain=view.is_sure(path), node_id=step)
        yield from _walk(schema, start, _inside(samples, name))


def _walk(schema: Schema, start: Offer, sample: Json) -> Iterator[Offer]:
    """The variable itself, then what is inside it."""
    here = replace(
        start,
        type=_type_name(schema),
        may_be_empty=start.may_be_empty or is_nullable(schema),
        sample=sample,
    )
    yield here
    if len(here.path) >= DEEPEST:
        return
    if is_list(schema):
        here, schema, sample = replace(here, list=here.path), _items(schema), _first(sample)
    for form in forms(schema):
        for name, part in properties(form).items():
            inner = replace(here, path=(*here.path, name), label=(*here.label, _title(part, name)))
            yield from _walk(part, inner, _inside(sample, name))


def _type_name(schema: Schema) -> str:
    kinds = {kind.value for form in forms(schema) if (kind := schema_type(form))}
    if len(kinds) == 1:
        return kinds.pop()
    if is_list(schema):
        return "list"
    return "object" if any(properties(form) for form in forms(schema)) else "any"


def _items(schema: Schema) -> Schema:
    found = next((form["items"] for form in forms(schema) if "items" in form), OPEN)
    return found if isinstance(found, Mapping) else OPEN


def _title(schema: Schema, name: str) -> str:
    return str(schema.get("title") or name.replace("_", " ").capitalize())


def _sample_of(typed: TypedGraph, node_id: str) -> Json:
    """What the step gives in its first sample that goes well."""
    kind = typed.types.get(node_id)
    samples = (each for each in (kind.samples if kind else ()) if each.error is None)
    return next((each.output for each in samples if each.output is not None), {})


def _inside(sample: Json, name: str) -> Json:
    return sample.get(name) if isinstance(sample, Mapping) else None


def _first(sample: Json) -> Json:
    return sample[0] if isinstance(sample, list) and sample else None
