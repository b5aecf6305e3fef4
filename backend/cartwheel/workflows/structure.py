"""What can be wrong with how a workflow is drawn: its start, its arrows, its reach. Pure."""

from collections.abc import Iterator

from cartwheel.catalog.registry import Registry
from cartwheel.workflows.elements import INPUT_PORT, Edge, Node
from cartwheel.workflows.graph import Graph
from cartwheel.workflows.guesses import Guesses
from cartwheel.workflows.joins import join_problems
from cartwheel.workflows.problems import GraphProblem, ProblemCode, Severity
from cartwheel.workflows.typed_graph import BODY_PORT, TypedGraph

MOST_CYCLES_SHOWN = 10


def structure_problems(
    typed: TypedGraph, registry: Registry, guesses: Guesses
) -> Iterator[GraphProblem]:
    """Every problem of the drawing itself, whatever stands in the steps' settings."""
    yield from _start_problems(typed.graph)
    yield from _type_problems(typed, registry, guesses)
    yield from _edge_problems(typed)
    yield from _cycle_problems(typed)
    yield from _reach_problems(typed)
    yield from _body_problems(typed)
    yield from join_problems(typed)


def _start_problems(graph: Graph) -> Iterator[GraphProblem]:
    if not graph.triggers:
        yield GraphProblem(
            ProblemCode.NO_TRIGGER,
            "Nothing starts this workflow.",
            "Add a trigger: choose when the workflow starts.",
        )
    for extra in graph.triggers[1:]:
        yield GraphProblem(
            ProblemCode.SEVERAL_TRIGGERS,
            "A workflow starts with one trigger, and this is another one.",
            "Remove it, or make a second workflow for it.",
            extra.id,
        )
    if all(node.is_trigger for node in graph.nodes.values()):
        yield GraphProblem(
            ProblemCode.NO_STEPS,
            "This workflow does nothing yet.",
            "Add a step after the trigger.",
        )


# --- types ---------------------------------------------------------------------------------------


def _type_problems(
    typed: TypedGraph, registry: Registry, guesses: Guesses
) -> Iterator[GraphProblem]:
    refs = tuple(kind.ref for kind in registry.types)
    for node in typed.graph.nodes.values():
        if node.id not in typed.types:
            yield GraphProblem(
                ProblemCode.UNKNOWN_NODE_TYPE,
                f"There is no step type “{node.ref}” in this installation.",
                _type_fix(node, refs, guesses),
                node.id,
            )


def _type_fix(node: Node, refs: tuple[str, ...], guesses: Guesses) -> str:
    other_versions = [ref for ref in refs if ref.rpartition("@")[0] == node.type]
    match = other_versions[-1] if other_versions else guesses.closest(node.ref, refs)
    if match:
        return f"Did you mean “{match}”?"
    return "Replace the step, or install the node pack that brings it."


# --- edges ---------------------------------------------------------------------------------------


def _edge_problems(typed: TypedGraph) -> Iterator[GraphProblem]:
    seen: set[tuple[str, str, str]] = set()
    for edge in typed.graph.edges:
        missing = [end for end in (edge.source, edge.target) if end not in typed.graph.nodes]
        if missing:
            yield _dangling(typed, edge, missing[0])
            continue
        yield from _port_problems(typed, edge)
        ends = (edge.source, edge.source_port, edge.target)
        if ends in seen:
            yield GraphProblem(
                ProblemCode.DUPLICATE_EDGE,
                f"Two lines lead from here to “{typed.name(edge.target)}”.",
                "Delete one of them.",
                edge.source,
                severity=Severity.WARNING,
            )
        seen.add(ends)


def _dangling(typed: TypedGraph, edge: Edge, missing: str) -> GraphProblem:
    end = next((end for end in (edge.source, edge.target) if end in typed.graph.nodes), None)
    return GraphProblem(
        ProblemCode.DANGLING_EDGE,
        f"A line ends at the step “{missing}”, which does not exist.",
        "Delete the line, or draw it to another step.",
        end,
    )


def _port_problems(typed: TypedGraph, edge: Edge) -> Iterator[GraphProblem]:
    source, target = typed.graph.nodes[edge.source], typed.graph.nodes[edge.target]
    ports = typed.ports(source)
    if ports is not None and edge.source_port not in ports:
        yield GraphProblem(
            ProblemCode.WRONG_PORT,
            f"This step has no output “{edge.source_port}”.",
            _port_fix(ports),
            source.id,
        )
    if target.is_trigger:
        yield GraphProblem(
            ProblemCode.WRONG_PORT,
            "A trigger starts the workflow: no line can lead to it.",
            "Delete the line.",
            target.id,
        )
    elif edge.target_port != INPUT_PORT:
        yield GraphProblem(
            ProblemCode.WRONG_PORT,
            f"This step has no input “{edge.target_port}”.",
            f"Connect to its input “{INPUT_PORT}”.",
            target.id,
        )


def _port_fix(ports: tuple[str, ...]) -> str:
    if not ports:
        return "Delete the line: nothing can follow this step."
    return f"Connect from one of: {', '.join(f'“{port}”' for port in ports)}."


# --- cycles and reach ----------------------------------------------------------------------------


def _cycle_problems(typed: TypedGraph) -> Iterator[GraphProblem]:
    graph = typed.graph
    for _ in range(MOST_CYCLES_SHOWN):
        cycle = graph.cycle()
        if cycle is None:
            return
        yield GraphProblem(
            ProblemCode.CYCLE,
            f"These steps run in a circle and would never end: {_way(typed, cycle)}.",
            "Delete one of the lines between them.",
            cycle[0],
        )
        graph = graph.without(set(cycle))


def _way(typed: TypedGraph, cycle: tuple[str, ...]) -> str:
    """A circle of a thousand steps is told by where it starts and where it closes."""
    names = [typed.name(node_id) for node_id in cycle]
    return " → ".join(names if len(names) <= 8 else [*names[:5], "…", *names[-2:]])


def _reach_problems(typed: TypedGraph) -> Iterator[GraphProblem]:
    """Without a trigger nothing can be reached; saying so once is enough."""
    graph = typed.graph
    starts = {trigger.id for trigger in graph.triggers}
    reached = starts.union(*(graph.downstream(start) for start in starts))
    for node in graph.nodes.values():
        if starts and node.id not in reached and not (node.disabled or node.is_trigger):
            yield GraphProblem(
                ProblemCode.UNREACHABLE,
                "No line leads to this step: it would never run.",
                "Connect it to an earlier step, switch it off, or delete it.",
                node.id,
            )


def _body_problems(typed: TypedGraph) -> Iterator[GraphProblem]:
    """A repeated step knows its item only when every way to it leads through that repetition."""
    for repeating, body in typed.bodies.items():
        for node_id in (each for each in typed.graph.nodes if each in body):
            if any(_enters(edge, repeating, body) for edge in typed.graph.incoming(node_id)):
                yield GraphProblem(
                    ProblemCode.SHARED_BODY,
                    f"“{typed.name(repeating)}” repeats this step, and another way from outside "
                    "leads to it too.",
                    "Delete the line from outside, or copy the step.",
                    node_id,
                )


def _enters(edge: Edge, repeating: str, body: frozenset[str]) -> bool:
    through_the_door = (edge.source, edge.source_port) == (repeating, BODY_PORT)
    return edge.source not in body and not through_the_door
