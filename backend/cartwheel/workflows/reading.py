"""Reading a graph's JSON: keeps what can be kept and names everything that cannot."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cartwheel.node_sdk import Json
from cartwheel.workflows.elements import (
    DONE_PORT,
    GRAPH_SCHEMA,
    INPUT_PORT,
    Edge,
    Node,
    Position,
)
from cartwheel.workflows.limits import (
    MAX_CONFIG_CHARACTERS,
    MAX_CONFIG_DEPTH,
    MAX_DESCRIPTION_LENGTH,
    MAX_EDGE_ID_LENGTH,
    MAX_EDGES,
    MAX_ID_LENGTH,
    MAX_LABEL_LENGTH,
    MAX_NODES,
    is_id,
    is_number,
    is_small,
    is_text,
    narrowed,
    wide_numbers,
)
from cartwheel.workflows.notes import MAX_NOTES, are_notes
from cartwheel.workflows.problems import GraphProblem, ProblemCode

_REFERENCE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+@[1-9][0-9]{0,5}", re.ASCII)


@dataclass(slots=True)
class Reading:
    """What was understood so far, and what was not."""

    nodes: dict[str, Node] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    settings: Mapping[str, Json] = field(default_factory=dict)
    problems: list[GraphProblem] = field(default_factory=list)

    def complain(
        self, code: ProblemCode, message: str, fix: str, node_id: str | None = None
    ) -> None:
        self.problems.append(GraphProblem(code, message, fix, node_id))


def read_parts(source: Json) -> Reading:
    """Nodes, edges and settings of a graph's JSON. Never raises, whatever JSON it is given."""
    reading = Reading()
    if not isinstance(source, Mapping):
        reading.complain(
            ProblemCode.BAD_GRAPH,
            "This is not a workflow: a graph is an object with nodes and edges.",
            'Send {"schema": 1, "nodes": [], "edges": []}.',
        )
        return reading
    _read_schema(reading, source)
    settings = source.get("settings")
    reading.settings = settings if isinstance(settings, Mapping) else {}
    if settings is not None and not (isinstance(settings, Mapping) and is_small(settings)):
        _bad_part(reading, "settings", "an object with a few settings")
    if not are_notes(source.get("notes")):
        _bad_part(reading, "notes", f"a list of at most {MAX_NOTES} short texts with their places")
    nodes, edges = _list_of(reading, source, "nodes"), _list_of(reading, source, "edges")
    if _has_too_many(reading, nodes, edges):
        return reading
    for position, item in enumerate(nodes):
        _read_node(reading, item, position)
    _read_edges(reading, edges)
    return reading


def _read_schema(reading: Reading, source: Mapping[str, Json]) -> None:
    schema = source.get("schema", GRAPH_SCHEMA)
    if schema != GRAPH_SCHEMA or isinstance(schema, bool):
        reading.complain(
            ProblemCode.BAD_GRAPH,
            "This workflow was written for another version of Cartwheel.",
            f"Use the graph format with schema {GRAPH_SCHEMA}.",
        )


def _list_of(reading: Reading, source: Mapping[str, Json], name: str) -> Sequence[Json]:
    value = source.get(name)
    if isinstance(value, list):
        return value
    if value is not None:
        _bad_part(reading, name, "a list")
    return ()


def _bad_part(reading: Reading, name: str, wanted: str) -> None:
    reading.complain(
        ProblemCode.BAD_GRAPH,
        f"The graph's {name} cannot be read.",
        f"Make {name} {wanted}.",
    )


def _has_too_many(reading: Reading, nodes: Sequence[Json], edges: Sequence[Json]) -> bool:
    for found, most, what, code in (
        (len(nodes), MAX_NODES, "steps", ProblemCode.TOO_MANY_NODES),
        (len(edges), MAX_EDGES, "edges", ProblemCode.TOO_MANY_EDGES),
    ):
        if found > most:
            message = f"This workflow has {found:,} {what}; the most is {most:,}."
            reading.complain(code, message, "Split it into several workflows.")
            return True
    return False


# --- nodes ---------------------------------------------------------------------------------------


def _read_node(reading: Reading, item: Json, position: int) -> None:
    node_id = item.get("id") if isinstance(item, Mapping) else None
    if not isinstance(item, Mapping) or not is_id(node_id):
        reading.complain(
            ProblemCode.BAD_NODE,
            f"Step number {position + 1} has no usable id.",
            f"Give every step an id: text of 1 to {MAX_ID_LENGTH} characters.",
        )
        return
    if node_id in reading.nodes:
        reading.complain(
            ProblemCode.DUPLICATE_ID,
            f"Two steps have the id “{node_id}”.",
            "Give each step an id of its own.",
            node_id,
        )
        return
    reading.nodes[node_id] = _node_from(reading, item, node_id)


def _node_from(reading: Reading, item: Mapping[str, Json], node_id: str) -> Node:
    type_name, version = _type_of(reading, item.get("type"), node_id)
    label = _words_of(reading, item, node_id, "label", "name", MAX_LABEL_LENGTH)
    description = _words_of(
        reading, item, node_id, "description", "description", MAX_DESCRIPTION_LENGTH
    )
    disabled = item.get("disabled")
    if disabled is not None and not isinstance(disabled, bool):
        _bad_node(reading, node_id, "Its “disabled” must be true or false.")
    return Node(
        id=node_id,
        type=type_name,
        version=version,
        config=_config_of(reading, item.get("config"), node_id),
        position=_position_of(reading, item.get("position"), node_id),
        label=label,
        disabled=disabled is True,
        description=description,
    )


def _words_of(
    reading: Reading, item: Mapping[str, Json], node_id: str, key: str, name: str, longest: int
) -> str | None:
    text = item.get(key)
    if text is not None and not is_text(text, longest):
        _bad_node(reading, node_id, f"Its {name} must be text of at most {longest:,} letters.")
        return None
    return str(text) if text else None


def _type_of(reading: Reading, reference: Json, node_id: str) -> tuple[str, int]:
    if isinstance(reference, str) and len(reference) <= MAX_ID_LENGTH:
        if _REFERENCE.fullmatch(reference):
            name, _, version = reference.rpartition("@")
            return name, int(version)
        if _REFERENCE.fullmatch(f"{reference}@1"):
            _bad_node(reading, node_id, f"Write its type with a version, as in “{reference}@1”.")
            return "unknown", 1
    _bad_node(reading, node_id, "Write its type as in “action.send_email@1”.")
    return "unknown", 1


def _config_of(reading: Reading, config: Json, node_id: str) -> Mapping[str, Json]:
    if config is None:
        return {}
    if not isinstance(config, Mapping):
        _bad_node(reading, node_id, "Its settings must be an object.")
        return {}
    if is_small(config):
        return config
    if is_small(config, wide_numbers=True):
        for field in wide_numbers(config):
            reading.problems.append(_too_wide(node_id, field))
        return narrowed(config)
    reading.complain(
        ProblemCode.CONFIG_TOO_LARGE,
        "The settings of this step are too large, too deeply nested, or hold characters "
        "that cannot be stored.",
        f"Keep them below {MAX_CONFIG_CHARACTERS:,} characters and {MAX_CONFIG_DEPTH} levels.",
        node_id,
    )
    return {}


def _too_wide(node_id: str, field: str) -> GraphProblem:
    return GraphProblem(
        ProblemCode.CONFIG_TOO_LARGE,
        "This number is larger than any that can be kept.",
        "Write a smaller number.",
        node_id,
        field,
    )


def _position_of(reading: Reading, position: Json, node_id: str) -> Position:
    if position is None:
        return Position()
    if isinstance(position, Mapping):
        x, y = position.get("x", 0), position.get("y", 0)
        if is_number(x) and is_number(y):
            return Position(x, y)
    _bad_node(reading, node_id, "Its position must hold the numbers x and y.")
    return Position()


def _bad_node(reading: Reading, node_id: str, fix: str) -> None:
    reading.complain(ProblemCode.BAD_NODE, "This step cannot be read.", fix, node_id)


# --- edges ---------------------------------------------------------------------------------------


def _read_edges(reading: Reading, edges: Sequence[Json]) -> None:
    seen: set[str] = set()
    for position, item in enumerate(edges):
        edge = _edge_from(item)
        if edge is None:
            reading.complain(
                ProblemCode.BAD_EDGE,
                f"Line number {position + 1} cannot be read.",
                "A line needs the ids of its source and its target.",
            )
        elif edge.id in seen:
            reading.complain(
                ProblemCode.DUPLICATE_ID,
                f"Two lines have the id “{edge.id}”.",
                "Give each line an id of its own.",
                edge.source if edge.source in reading.nodes else None,
            )
        else:
            seen.add(edge.id)
            reading.edges.append(edge)


def _edge_from(item: Json) -> Edge | None:
    if not isinstance(item, Mapping):
        return None
    source, target = item.get("source"), item.get("target")
    source_port = _or_default(item.get("sourceHandle"), DONE_PORT)
    target_port = _or_default(item.get("targetHandle"), INPUT_PORT)
    edge_id = _or_default(item.get("id"), f"{source}:{source_port}->{target}:{target_port}")
    if not (is_id(source) and is_id(target) and is_id(edge_id, MAX_EDGE_ID_LENGTH)):
        return None
    if not (is_id(source_port) and is_id(target_port)):
        return None
    return Edge(edge_id, source, source_port, target, target_port)


def _or_default(value: Json, default: str) -> Json:
    return default if value is None else value
