"""Values that a setting could have: asked of the step's app, or seen in what happened."""

from collections.abc import Iterable

from cartwheel.catalog.apps import AppChoices
from cartwheel.catalog.node_type import NodeType
from cartwheel.catalog.pointers import look_up
from cartwheel.catalog.registry import UnknownNodeType, load_registry
from cartwheel.choices.schemas import ChoiceList
from cartwheel.choices.store import values_in_events
from cartwheel.connections.choosing import choose
from cartwheel.connections.rows import public_connections
from cartwheel.connections.service import Connections
from cartwheel.database import Database
from cartwheel.errors import NotFound
from cartwheel.node_sdk import Json, NodeError

MOST_SHOWN = 50


async def choices_for(
    database: Database,
    connections: Connections,
    workspace_id: int,
    node_type: NodeType,
    name: str,
    *,
    wanted: str | None,
    search: str,
) -> ChoiceList:
    """Choices for a setting of a step, of the connection that the step would use.

    An app that cannot be asked is a problem to be told, never a form that does not open.
    """
    known = await public_connections(database, workspace_id)
    chosen = choose(known, node_type, wanted)
    app = connections.app(chosen.app) if chosen else None
    offered = app.choices.get(name) if app else None
    if chosen is None or offered is None:
        return ChoiceList(items=[])
    try:
        answer = await connections.ask(workspace_id, chosen.id, offered)
    except NodeError as error:
        return ChoiceList(items=[], problem=error.message)
    seen = await values_in_events(database, workspace_id, offered.events_at)
    values = (*_values(answer, offered), *seen)
    return ChoiceList(items=_fitting(values, offered.prefix, search))


def find_type(reference: str) -> NodeType:
    """The node type of `type@version`. Raises `NotFound`."""
    name, _, version = reference.partition("@")
    try:
        return load_registry().get(name, int(version) if version.isdecimal() else 0)
    except UnknownNodeType:
        raise NotFound("There is no such kind of step in this installation.") from None


def _values(answer: Json, offered: AppChoices) -> Iterable[Json]:
    for place in offered.items_at:
        entries = look_up(answer, place)
        for entry in entries if isinstance(entries, list) else ():
            yield look_up(entry, offered.value_at)


def _fitting(values: Iterable[Json], prefix: str, search: str) -> list[str]:
    """Texts without doubles that hold the search, those that begin with it first."""
    texts = dict.fromkeys(prefix + value for value in values if value and isinstance(value, str))
    asked = search.strip().casefold()
    found = [text for text in texts if asked in text.casefold()]
    found.sort(key=lambda text: not text.casefold().removeprefix(prefix).startswith(asked))
    return found[:MOST_SHOWN]
