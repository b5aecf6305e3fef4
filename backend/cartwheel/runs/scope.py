"""What the steps of a run can see: the event, its objects, and what earlier steps gave."""

from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from dataclasses import field
from datetime import datetime

from cartwheel.clock import rfc3339, to_ms
from cartwheel.node_sdk import Json
from cartwheel.runs.tokens import RunState, Token
from cartwheel.values import dataclass


@dataclass(frozen=True, slots=True)
class Surrounding:
    """What is true for a whole run.

    `data` is the normalised event, `{"order": {…}, "customer": {…}}`; `contact` the customer it
    is about, as `{"id", "email", "phone"}` or None; `workspace` has `name`, `currency`,
    `timezone` (IANA) and `locale`.
    """

    event_id: str
    event_type: str
    received_at: datetime
    data: Mapping[str, Json]
    contact: Json = None
    workspace: Mapping[str, Json] = field(default_factory=dict)
    raw: Json = None


class RunScope:
    """The scopes of one run's steps, kept up to date as steps are recorded."""

    def __init__(self, surrounding: Surrounding, trigger_id: str | None) -> None:
        self._outputs: dict[str, dict[str, Json]] = {"": {}}
        if trigger_id is not None:
            self._outputs[""][trigger_id] = surrounding.data
        self._root: dict[str, Json] = {
            **surrounding.data,
            "event": {
                "id": surrounding.event_id,
                "type": surrounding.event_type,
                "received_at": rfc3339(to_ms(surrounding.received_at)),
                "data": surrounding.data,
                "raw": surrounding.raw,
            },
            "contact": surrounding.contact,
            "workspace": surrounding.workspace,
            "steps": self._outputs[""],
        }

    def keep(self, node_id: str, iteration: str, output: Json) -> None:
        """Remember what a step gave; a trigger gives the event's data, which is here already."""
        if output is not None:
            self._outputs.setdefault(iteration, {})[node_id] = output

    def output(self, node_id: str, iteration: str) -> Json:
        """What a step gave, or None."""
        return self._outputs.get(iteration, {}).get(node_id)

    def forget(self, iteration: str) -> None:
        """Let go of a pass that has ended, once its result was collected."""
        self._outputs.pop(iteration, None)

    def of(self, token: Token, state: RunState) -> Mapping[str, Json]:
        """What the step of this token can see.

        In a body the steps of the same pass come first, `item` and `index` are those of the
        innermost body, and `steps.<node of the body>.item` reaches the outer ones. A step that
        repeats sees what its last pass gave.
        """
        if not token.iteration and not token.passes:
            return self._root
        layers: list[MutableMapping[str, Json]] = []
        if token.passes:
            layers.append(self._outputs.get(token.last_pass, {}))
        innermost: dict[str, Json] = {}
        inner: Token | None = token
        while inner is not None and inner.parent is not None:
            opener = state.tokens[inner.parent]
            here = self._pass(opener, inner.iteration)
            innermost = {**here, **innermost}
            layers += [self._outputs.get(inner.iteration, {}), {opener.node_id: here}]
            inner = opener
        return {**self._root, **innermost, "steps": ChainMap(*layers, self._outputs[""])}

    def _pass(self, opener: Token, iteration: str) -> dict[str, Json]:
        """`index`, and `item` where the body goes through a list."""
        index = int(iteration.rpartition(".")[2])
        opened = self.output(opener.node_id, opener.iteration)
        items = opened.get("items") if isinstance(opened, Mapping) else None
        if isinstance(items, list) and index < len(items):
            return {"item": items[index], "index": index}
        return {"index": index}


def contact_of(data: Mapping[str, Json], given: str | None) -> Json:
    """The customer an event is about, from its data or from what the sender said."""
    customer = data.get("customer")
    if isinstance(customer, Mapping):
        return {name: customer.get(name) for name in ("id", "email", "phone")}
    if given is None:
        return None
    return {**contact_scope(given), "id": None}


def contact_scope(contact: Json) -> Json:
    """`contact` as steps see it: of an address or a number `{"id", "email", "phone"}`."""
    if not isinstance(contact, str):
        return contact
    kind = "email" if "@" in contact else "phone"
    return {"id": contact, "email": None, "phone": None, kind: contact}
