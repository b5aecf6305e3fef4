"""Fills the gaps of a template's graph. Pure.

`{"$ask": "amount"}` becomes what was answered, as it is. `{"$text": "message"}` becomes the text
of that name, in which `[[amount]]` stands for the answer.
"""

import re
from collections.abc import Iterator, Mapping

from cartwheel.node_sdk import Json

ASK, TEXT = "$ask", "$text"
_GAP = re.compile(r"\[\[([a-z_]+)\]\]")


def fill(graph: Json, values: Mapping[str, Json], texts: Mapping[str, str]) -> Json:
    """The graph without gaps. Raises `KeyError` for a gap that nobody fills."""
    if isinstance(graph, list):
        return [fill(item, values, texts) for item in graph]
    if not isinstance(graph, Mapping):
        return graph
    if graph.keys() == {ASK}:
        return values[graph[ASK]]
    if graph.keys() == {TEXT}:
        return _GAP.sub(lambda gap: str(values[gap[1]]), texts[graph[TEXT]])
    return {key: fill(value, values, texts) for key, value in graph.items()}


def gaps(graph: Json, kind: str) -> Iterator[str]:
    """The names that the graph's gaps of a kind (`$ask` or `$text`) ask for."""
    if isinstance(graph, Mapping):
        if graph.keys() == {kind}:
            yield graph[kind]
        for value in graph.values():
            yield from gaps(value, kind)
    elif isinstance(graph, list):
        for item in graph:
            yield from gaps(item, kind)


def text_gaps(text: str) -> Iterator[str]:
    """The names of the answers that a text mentions."""
    return (found[1] for found in _GAP.finditer(text))


def defaults(asks: Mapping[str, Json]) -> dict[str, Json]:
    """What a form that nobody touched says."""
    members: Mapping[str, Mapping[str, Json]] = asks["properties"]
    return {name: field["default"] for name, field in members.items() if "default" in field}
