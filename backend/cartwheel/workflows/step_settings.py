"""What can be wrong with the settings of one step, and with the connection it uses. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from cartwheel.catalog.config import ConfigFault
from cartwheel.catalog.node_type import NodeType
from cartwheel.connections.choosing import SANDBOX, PublicConnection, choose
from cartwheel.node_sdk import Json, SettingFault
from cartwheel.workflows.elements import Node
from cartwheel.workflows.problems import GraphProblem, ProblemCode, Severity
from cartwheel.workflows.typed_graph import TypedGraph

CONNECTION_FIELD = "connection"
_CONNECTION_POINTER = f"/{CONNECTION_FIELD}"
MOST_FAULTS_PER_STEP = 20


def settings_problems(
    typed: TypedGraph, node: Node, connections: Sequence[PublicConnection]
) -> Iterator[GraphProblem]:
    """Every fault of one step's settings against its schema, and of its connections."""
    kind = typed.types[node.id]
    faults = kind.check_config(node.config, rendered=False)
    for fault in islice(faults, MOST_FAULTS_PER_STEP):
        yield _fault_problem(fault, node)
    if not faults and kind.own_check is not None:
        chosen = chosen_connection(kind, node.config, connections)
        for found in kind.own_check(node.config, chosen.app if chosen else None):
            yield _own_problem(found, node)
    if kind.connection_apps:
        yield from _connection_problems(kind, node, connections)


def _fault_problem(fault: ConfigFault, node: Node) -> GraphProblem:
    if fault.missing:
        return GraphProblem(
            ProblemCode.MISSING_SETTING, fault.message, "Fill it in.", node.id, fault.field
        )
    return GraphProblem(
        ProblemCode.BAD_SETTING,
        fault.message,
        "Correct it in the step's settings.",
        node.id,
        fault.field,
    )


def _own_problem(found: SettingFault, node: Node) -> GraphProblem:
    """What the node type itself says; a code that nobody here knows is a bad setting."""
    known = found.code in set(ProblemCode)
    code = ProblemCode(found.code) if known else ProblemCode.BAD_SETTING
    return GraphProblem(code, found.message, found.fix, node.id, found.field)


# --- connections ---------------------------------------------------------------------------------


def uses_sandbox(typed: TypedGraph, connections: Sequence[PublicConnection]) -> bool:
    """Whether a step of this graph delivers to the sandbox, where no customer sees it."""
    chosen = (
        chosen_connection(kind, typed.graph.nodes[node_id].config, connections)
        for node_id, kind in typed.types.items()
        if not typed.graph.nodes[node_id].disabled
    )
    return any(each is not None and each.app == SANDBOX for each in chosen)


def chosen_connection(
    kind: NodeType, config: Mapping[str, Json], connections: Sequence[PublicConnection]
) -> PublicConnection | None:
    """The connection that a step with these settings uses."""
    return choose(connections, kind, config.get(CONNECTION_FIELD) or None)


def _connection_problems(
    kind: NodeType, node: Node, connections: Sequence[PublicConnection]
) -> Iterator[GraphProblem]:
    chosen = chosen_connection(kind, node.config, connections)
    if chosen is None and (node.config.get(CONNECTION_FIELD) or not kind.connection_optional):
        yield GraphProblem(
            ProblemCode.MISSING_CONNECTION,
            _missing_words(kind, node.config.get(CONNECTION_FIELD), connections),
            "Choose a connection, or connect an account first.",
            node.id,
            _CONNECTION_POINTER,
        )
    elif chosen is not None and chosen.app == SANDBOX:
        yield GraphProblem(
            ProblemCode.SANDBOX_IN_USE,
            "This step delivers to the sandbox: no customer will receive it.",
            "Choose a real connection when you are ready.",
            node.id,
            _CONNECTION_POINTER,
            Severity.WARNING,
        )


def _missing_words(kind: NodeType, named: Json, connections: Sequence[PublicConnection]) -> str:
    other = next((each for each in connections if each.id == named), None)
    if other is not None:
        return f"The connection “{other.name}” cannot be used by this step."
    if named:
        return "The connection that this step uses does not exist any more."
    if any(each.app in kind.connection_apps for each in connections):
        return "This step does not say which connection it uses."
    return "There is no connection yet that this step could use."
