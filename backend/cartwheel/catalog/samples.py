"""Samples: one worked example of a node type, at once a test, a page of documentation and what
the simulator answers with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cartwheel.catalog.documents import read_document
from cartwheel.node_sdk import ConnectionInfo, Json, Response


@dataclass(frozen=True, slots=True)
class Exchange:
    """One call of a sample: the request that must leave, and the answer that comes."""

    request: Mapping[str, Json]
    response: Response


@dataclass(frozen=True, slots=True)
class Sample:
    """Settings and input, what is exchanged with the outside, and what must come of it.

    `input` is the scope of the step. `error` is the code of the refusal when `port` is `error`;
    `later` says that the step must ask to be tried again instead.
    """

    name: str
    title: str
    config: Mapping[str, Json]
    input: Mapping[str, Json]
    port: str
    output: Json = None
    connection: ConnectionInfo | None = None
    exchange: tuple[Exchange, ...] = ()
    error: str | None = None
    later: bool = False
    words: str | None = None
    wait_seconds: float | None = None
    stop: Mapping[str, Json] = field(default_factory=dict)


def read_samples(folder: Path, root: Path) -> tuple[Sample, ...]:
    """The samples of a node type by file name. Raises `BadDocument`."""
    files = sorted(folder.glob("*.json"))
    return tuple(_sample(file.stem, read_document(file, root)) for file in files)


def _sample(name: str, given: Mapping[str, Json]) -> Sample:
    error = given.get("error") or {}
    return Sample(
        name=name,
        title=given["title"],
        config=given.get("config", {}),
        input=given.get("input", {}),
        port="error" if error else given.get("port", "done"),
        output=given.get("output"),
        connection=_connection(given.get("connection")),
        exchange=tuple(_exchange(call) for call in given.get("exchange", ())),
        error=error.get("code"),
        later=bool(error.get("later")),
        words=given.get("words"),
        wait_seconds=given.get("wait_seconds"),
        stop=given.get("stop", {}),
    )


def _connection(given: Mapping[str, Json] | None) -> ConnectionInfo | None:
    if given is None:
        return None
    name = given.get("name", "Sample connection")
    return ConnectionInfo("sample", given["app"], name, given.get("settings", {}))


def _exchange(given: Mapping[str, Json]) -> Exchange:
    answer = given["response"]
    return Exchange(
        given["request"],
        Response(answer["status"], answer.get("headers", {}), answer.get("body")),
    )
