"""What a step can see: the scope of a node, described as one schema before anything ran. Pure.

Later nodes see `event`, the trigger's objects, `contact`, `workspace`, `steps.<node id>`, and in a
body `item` and `index`. The words are those of the scope that a run really has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from cartwheel.workflows.chosen_values import looks_after_body, looped_list
from cartwheel.workflows.elements import ERROR_PORT
from cartwheel.workflows.shapes import OPEN, Absent, Found, Schema, forms, look_up, properties
from cartwheel.workflows.typed_graph import TypedGraph

_TEXT: Schema = {"type": "string"}
_NULLABLE_TEXT: Schema = {"type": ["string", "null"]}
_TIME: Schema = {"type": "string", "format": "date-time"}

EVENT: Schema = {
    "type": "object",
    "title": "Event",
    "properties": {
        "id": {**_TEXT, "title": "Id"},
        "type": {**_TEXT, "title": "Type"},
        "received_at": {**_TIME, "title": "Received at"},
        "data": {"title": "Data"},
        "raw": {"title": "Original data"},
    },
}
CONTACT: Schema = {
    "type": ["object", "null"],
    "title": "Contact",
    "properties": {
        "id": {**_NULLABLE_TEXT, "title": "Id"},
        "email": {**_NULLABLE_TEXT, "title": "E-mail"},
        "phone": {**_NULLABLE_TEXT, "title": "Phone"},
    },
}
WORKSPACE: Schema = {
    "type": "object",
    "title": "Shop",
    "properties": {
        "name": {**_TEXT, "title": "Name"},
        "currency": {**_TEXT, "title": "Currency"},
        "timezone": {**_TEXT, "title": "Time zone"},
        "locale": {**_TEXT, "title": "Language"},
    },
}
STEPS: Schema = {"type": "object", "title": "Earlier steps", "additionalProperties": True}
ITEM: Schema = {"title": "Item"}
INDEX: Schema = {"type": "integer", "title": "Index"}
FAILURE_NAME = "error"
FAILURE: Schema = {
    "type": "object",
    "title": "Error",
    "properties": {
        "code": {**_TEXT, "title": "Code"},
        "message": {**_TEXT, "title": "What went wrong"},
        "fix": {**_NULLABLE_TEXT, "title": "What to do"},
    },
}
"""What a step that failed shows to the steps behind its error port, under `error`."""
_INDEX = {"index": INDEX}
"""What a repeating step shows to the steps inside its body, beside the item."""


class Standing(Enum):
    """How a step stands to another one that wants its output."""

    SURE = "has run"
    POSSIBLE = "may have run"
    NOT_BEFORE = "has not run"
    NOWHERE = "does not exist"


@dataclass(frozen=True, slots=True)
class View:
    """What one node can see. `scope` describes everything but `steps`, which may be very many.

    One that `sees_body` is judged after a pass of its own body, and sees what that gave.
    """

    typed: TypedGraph
    node_id: str
    scope: Schema
    sees_body: bool = False

    def look_up(self, path: Sequence[str], *, through_lists: bool = False) -> Found | Absent:
        """What stands at a path of the scope; see `shapes.look_up`."""
        if path[:1] != ("steps",) or len(path) < 2:
            return look_up(self.scope, path, through_lists=through_lists)
        if self.standing(path[1]) in (Standing.NOWHERE, Standing.NOT_BEFORE):
            return Absent(("steps",), path[1], self.steps())
        found = look_up(self.output(path[1]), path[2:], through_lists=through_lists)
        if isinstance(found, Absent) and path[2] == FAILURE_NAME and self.can_fail(path[1]):
            found = look_up(FAILURE, path[3:], through_lists=through_lists)
        if isinstance(found, Absent):
            return Absent((*path[:2], *found.parent), found.name, found.candidates)
        return found

    def is_sure(self, path: Sequence[str]) -> bool:
        """Whether the step that a path names, if any, has given it for sure."""
        if path[:1] != ("steps",) or len(path) < 2 or path[1] not in self.typed.graph.nodes:
            return True
        if path[2:3] == (FAILURE_NAME,) and self.can_fail(path[1]):
            return self.typed.graph.surely_failed_before(path[1], self.node_id)
        return self.standing(path[1]) is Standing.SURE

    def can_fail(self, step: str) -> bool:
        """Whether a way leads from the step's error port to this node."""
        edges = self.typed.graph.outgoing(step, ERROR_PORT)
        return any(
            edge.target == self.node_id or self.typed.graph.comes_before(edge.target, self.node_id)
            for edge in edges
        )

    def output(self, step: str) -> Schema:
        """What this node sees of a step that runs before it."""
        if self.node_id in self.typed.bodies.get(step, ()):
            return {"type": "object", "properties": {"item": item_of(self.typed, step), **_INDEX}}
        return output_of(self.typed, step)

    def standing(self, step: str) -> Standing:
        """Whether a step of the graph has run when this node does."""
        graph = self.typed.graph
        if step not in graph.nodes:
            return Standing.NOWHERE
        if self.sees_body and step in self.typed.bodies.get(self.node_id, ()):
            return Standing.POSSIBLE
        if step == self.node_id or not graph.comes_before(step, self.node_id):
            return Standing.NOT_BEFORE
        sure = graph.surely_before(step, self.node_id) and not graph.nodes[step].disabled
        return Standing.SURE if sure else Standing.POSSIBLE

    def steps(self) -> tuple[str, ...]:
        """The steps that can have run, in the order they were drawn."""
        before = (Standing.SURE, Standing.POSSIBLE)
        return tuple(each for each in self.typed.graph.nodes if self.standing(each) in before)


def view_from(typed: TypedGraph, node_id: str) -> View:
    """What the node can see, from the output schemas of the trigger and the steps before it."""
    trigger = typed.graph.trigger
    # The trigger's own filter sees what the event brings.
    reached = trigger is not None and (
        trigger.id == node_id or typed.graph.comes_before(trigger.id, node_id)
    )
    start = output_of(typed, trigger.id) if trigger and reached else OPEN
    seen: dict[str, Schema] = {
        **properties(start),
        "event": EVENT,
        "contact": CONTACT,
        "workspace": WORKSPACE,
        "steps": STEPS,
    }
    if node_id in typed.inside_bodies:
        seen |= {"item": item_of(typed, _innermost(typed, node_id)), **_INDEX}
    kind = typed.types.get(node_id)
    return View(
        typed,
        node_id,
        {"type": "object", "properties": seen, "additionalProperties": _is_open(start)},
        sees_body=kind is not None and looks_after_body(kind),
    )


def item_of(typed: TypedGraph, opener: str) -> Schema:
    """What one entry looks like of the list that a step goes through."""
    path = looped_list(typed.types[opener], typed.graph.nodes[opener].config)
    found = view_from(typed, opener).look_up(path) if path else None
    if not isinstance(found, Found):
        return ITEM
    described = (form.get("items") for form in forms(found.schema))
    items = next((each for each in described if isinstance(each, Mapping)), OPEN)
    return {**items, **ITEM}


def _innermost(typed: TypedGraph, node_id: str) -> str:
    """The step whose body most directly holds this one."""
    around = [opener for opener, body in typed.bodies.items() if node_id in body]
    return max(around, key=lambda opener: sum(opener in typed.bodies[each] for each in around))


def output_of(typed: TypedGraph, node_id: str) -> Schema:
    """The schema of what a step hands on; OPEN when its type is unknown or says nothing."""
    schema = typed.output_schema(node_id)
    return schema if isinstance(schema, Mapping) else OPEN


def _is_open(schema: Schema) -> bool:
    return schema.get("additionalProperties", not properties(schema)) is not False
