"""A workflow as a file: to keep, to share, to move to another installation.

A file holds what was drawn and nothing of whoever drew it: no accounts (another installation has
its own), no keys that somebody wrote into a setting, no pinned data of real customers.
"""

import re
from collections.abc import Mapping
from typing import Any

from cartwheel.database import Database
from cartwheel.errors import Invalid
from cartwheel.node_sdk import Json
from cartwheel.workflows import store
from cartwheel.workflows.elements import GRAPH_SCHEMA
from cartwheel.workflows.schemas import LABELS, NAME, WorkflowDetail, WorkflowFile
from cartwheel.workflows.service import create_workflow

FILE_SCHEMA = 1
UNNAMED = "Imported workflow"
_PRIVATE_SETTINGS = frozenset({"pins"})
_SECRET_NAME = re.compile(
    r"authori[sz]ation|cookie|token|secret|passw|credential|signature|api[-_]?key", re.IGNORECASE
)


async def export_workflow(database: Database, workspace_id: int, workflow_id: str) -> WorkflowFile:
    """A workflow's draft as a file. Raises `NotFound`."""
    async with database.read() as session:
        workflow = await store.find_workflow(session, workspace_id, workflow_id)
    return WorkflowFile(
        name=workflow.name, labels=workflow.labels, graph=without_private(workflow.draft)
    )


async def import_workflow(database: Database, workspace_id: int, document: Json) -> WorkflowDetail:
    """A new workflow from a file, a graph or copied steps. Steps of a kind that is not installed
    are kept, and told as problems.

    Raises `Invalid` when it is none of these or was made by a newer Cartwheel, and `GraphError`
    when it is too large.
    """
    graph = _graph_of(document)
    return await create_workflow(
        database, workspace_id, _name_of(document), without_private(graph), _labels_of(document)
    )


def without_private(graph: Mapping[str, Json]) -> dict[str, Json]:
    """The graph without accounts, keys and pinned data."""
    nodes = graph.get("nodes")
    settings = graph.get("settings")
    bare = dict(graph)
    if isinstance(nodes, list):
        bare["nodes"] = [_bare_node(node) for node in nodes]
    if isinstance(settings, Mapping):
        bare["settings"] = {k: v for k, v in settings.items() if k not in _PRIVATE_SETTINGS}
    return bare


def _bare_node(node: Json) -> Json:
    config = node.get("config") if isinstance(node, Mapping) else None
    if not isinstance(config, Mapping):
        return node
    kept = {key: _blanked(key, value) for key, value in config.items() if key != "connection"}
    return {**node, "config": kept}


def _blanked(name: str, value: Json) -> Json:
    """The value, empty where its name says that it is a key; variables are none."""
    if isinstance(value, Mapping):
        return {key: _blanked(str(key), item) for key, item in value.items()}
    if isinstance(value, list):
        return [_blanked(name, item) for item in value]
    is_key = isinstance(value, str) and "{{" not in value and _SECRET_NAME.search(name)
    return "" if is_key else value


def _graph_of(document: Json) -> dict[str, Any]:
    """The graph in a file of ours, in copied steps, or the graph itself."""
    if not isinstance(document, Mapping):
        raise _no_workflow()
    _refuse_newer(document.get("schema"), FILE_SCHEMA)
    graph = document.get("graph", document)
    if not isinstance(graph, Mapping) or not isinstance(graph.get("nodes"), list):
        raise _no_workflow()
    _refuse_newer(graph.get("schema"), GRAPH_SCHEMA)
    if not graph["nodes"]:
        raise Invalid("There are no steps in this workflow.", code="empty_workflow")
    parts = {key: graph[key] for key in ("nodes", "edges", "settings", "notes") if key in graph}
    return {"schema": GRAPH_SCHEMA, "edges": [], "settings": {}, **parts}


def _refuse_newer(schema: Json, known: int) -> None:
    if isinstance(schema, int) and schema > known:
        raise Invalid(
            "This workflow was made by a newer Cartwheel. Update this one, then import it again.",
            code="newer_workflow",
        )


def _no_workflow() -> Invalid:
    return Invalid(
        "This is not a workflow. Choose a file that was exported from Cartwheel, or paste steps "
        "that were copied on its canvas.",
        code="not_a_workflow",
    )


def _name_of(document: Mapping[str, Json]) -> str:
    name = document.get("name")
    words = " ".join(name.replace("\x00", "").split()) if isinstance(name, str) else ""
    return words[:NAME] or UNNAMED


def _labels_of(document: Mapping[str, Json]) -> list[str]:
    """The labels that may stand on a workflow; what is none is left out."""
    given = document.get("labels")
    found = [each for each in given if isinstance(each, str)] if isinstance(given, list) else []
    return clean_labels(found)[:LABELS]


def clean_labels(labels: list[str]) -> list[str]:
    """Labels without doubles, spaces around them, and what is too long to be one."""
    bare = (" ".join(label.replace("\x00", "").split())[:30] for label in labels)
    return list(dict.fromkeys(label for label in bare if label))
