"""What a version asks of an event before a run begins: its trigger's filter, and its entry's key.

A gate is compiled once per version. Routing asks it, and so does whoever wants to know later why an
event started nothing.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import orjson

from cartwheel.catalog.registry import load_registry
from cartwheel.clock import from_ms
from cartwheel.expressions.problems import RuleError, TemplateError
from cartwheel.expressions.rules import Judgement
from cartwheel.expressions.texts import Text, compile_text
from cartwheel.node_sdk import Json
from cartwheel.runs.claims import RoutedEvent
from cartwheel.runs.plan import PlannedStep, compile_plan
from cartwheel.runs.scope import RunScope, Surrounding, contact_of
from cartwheel.runs.templates import Surroundings
from cartwheel.runs.tokens import RunState, RunStatus, Token
from cartwheel.statements import Sql, Transaction
from cartwheel.workflows.entry import EntryRule, NamedKey, entry_rule, trigger_filter
from cartwheel.workflows.graph import Graph, read_graph

MOST_GATES: Final = 1_000
LONGEST_KEPT_KEY: Final = 200
_WHOLE_WORKFLOW: Final = "*"
_ADMITTED: Final = Judgement(True, "")

VersionKey = tuple[int, str, int]
"""(workspace, workflow, version)"""


@dataclass(frozen=True, eq=False)
class Gate:
    """A version's filter and rule of entry. Make one with `compile_gate`."""

    rule: EntryRule | None
    trigger: PlannedStep | None
    conditions: Mapping[str, Json] | None
    text: Text | None

    def judge(self, around: Surroundings) -> Judgement:
        """Whether the event may start a run, and the sentence that says why. Conditions that
        cannot be judged keep it out: they were sound when the version was switched on."""
        if self.conditions is None or self.trigger is None:
            return _ADMITTED
        try:
            return self.trigger.rules(self.conditions).judge(
                around.scope, types=self.trigger.types, names=self.trigger.names,
                locale=around.locale, timezone=around.timezone, now=around.now,
            )  # fmt: skip
        except (RuleError, TemplateError) as error:
            return Judgement(False, error.message)

    def key(self, around: Surroundings) -> str | None:
        """What the event counts as under the rule; None where that comes out empty."""
        if self.rule is None:
            return None
        found = self._key(self.rule.key, around).strip()
        if len(found) > LONGEST_KEPT_KEY:
            return hashlib.sha256(found.encode()).hexdigest()
        return found or None

    def _key(self, wanted: str, around: Surroundings) -> str:
        match wanted:
            case NamedKey.NONE:
                return _WHOLE_WORKFLOW
            case NamedKey.CUSTOMER:
                found = _first(around.scope.get("contact"), "email", "phone", "id")
                return found.lower()
            case NamedKey.ORDER:
                return _first(around.scope.get("order"), "id", "name", "number")
        try:
            return self.text.render(
                around.scope, locale=around.locale, timezone=around.timezone, now=around.now
            ) if self.text else ""  # fmt: skip
        except TemplateError:
            return ""


def _first(thing: Json, *names: str) -> str:
    if not isinstance(thing, Mapping):
        return ""
    return next((str(thing[name]) for name in names if thing.get(name) not in (None, "")), "")


def compile_gate(graph: Graph) -> Gate:
    """The gate of a sound graph. Only its trigger is compiled, however large the rest is."""
    rule, trigger = entry_rule(graph.settings), graph.trigger
    planned = None
    if trigger is not None:
        alone = Graph({trigger.id: trigger}, (), graph.settings)
        planned = compile_plan(alone, load_registry()).steps[trigger.id]
    is_text = rule is not None and rule.key not in set(NamedKey)
    text = compile_text(rule.key) if rule is not None and is_text else None
    return Gate(rule, planned, trigger_filter(graph), text)


def around_event(event: RoutedEvent, workspace: Mapping[str, Json], now: int) -> Surroundings:
    """What a gate can see of an event. `workspace` has `name currency timezone locale`."""
    data = orjson.loads(event.data)
    surrounding = Surrounding(
        event_id=event.id,
        event_type=event.type,
        received_at=from_ms(event.received_at),
        data=data,
        contact=contact_of(data, event.contact),
        workspace=workspace,
    )
    scope = RunScope(surrounding, None).of(Token(0, ""), RunState(RunStatus.QUEUED))
    return Surroundings(scope, from_ms(now), workspace["locale"], workspace["timezone"])


# --- in the routing transaction ---

_known: OrderedDict[VersionKey, Gate] = OrderedDict()
"""Versions never change, so a gate that was compiled stays true."""


def gates_of(versions: Iterable[VersionKey]) -> Transaction[dict[VersionKey, Gate]]:
    """The gates of these versions; each is read and compiled once per process."""
    found: dict[VersionKey, Gate] = {}
    for key in versions:
        if key not in _known:
            rows = yield Sql(
                "SELECT graph FROM workflow_version "
                "WHERE workspace_id = $1 AND workflow_id = $2 AND number = $3",
                key,
            )
            _known[key] = compile_gate(read_graph(orjson.loads(rows[0][0])))
        found[key] = _known[key]
        _known.move_to_end(key)
    while len(_known) > MOST_GATES:
        _known.popitem(last=False)
    return found


def workspaces_of(ids: Iterable[int]) -> Transaction[dict[int, dict[str, Json]]]:
    """What texts and conditions know of these workspaces."""
    names = ("name", "currency", "timezone", "locale")
    found: dict[int, dict[str, Json]] = {}
    for workspace_id in sorted(set(ids)):
        rows = yield Sql(
            "SELECT name, currency, timezone, locale FROM workspace WHERE id = $1", (workspace_id,)
        )
        found[workspace_id] = dict(zip(names, tuple(rows[0]), strict=True))
    return found
