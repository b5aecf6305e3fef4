"""What a letter tells of a workflow that fails: of how many runs, where, and with which words."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import orjson

from cartwheel.catalog.registry import Registry, UnknownNodeType
from cartwheel.catalog.titles import title_in
from cartwheel.clock import first_id_at
from cartwheel.database import Database
from cartwheel.languages import LANGUAGES
from cartwheel.node_sdk import Json
from cartwheel.notices.troubles import HOUR_MS, Trouble
from cartwheel.runs.tokens import OUTCOME_UNKNOWN
from cartwheel.statements import Sql
from cartwheel.values import dataclass

MOST_CAUSES = 3
_LOOKED_AT = 50
_COUNTED = 100_000


@dataclass(frozen=True, slots=True)
class Cause:
    """Why runs failed, in the words of the run's page, and the newest that did so. `step` is what
    the step is called, by language; empty where that is not known."""

    step: Mapping[str, str]
    message: str
    fix: str | None
    run_id: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """`of_runs` began or failed within the hour. `is_in_doubt`: of some nobody knows whether their
    last act happened."""

    of_runs: int
    causes: tuple[Cause, ...]
    is_in_doubt: bool


async def gather_evidence(
    database: Database, registry: Registry, trouble: Trouble, now: int
) -> Evidence:
    """What is behind a failing workflow."""
    place = (trouble.workspace_id, trouble.subject_id, now - HOUR_MS)
    began, earlier = (await database.fetch(_counts(*place)))[0]
    rows = await database.fetch(_newest_failures(*place))
    errors = [
        (str(run_id), version, orjson.loads(error or "{}")) for run_id, version, error in rows
    ]
    ways = Counter(_way(error) for _, _, error in errors)
    causes = []
    for way, _ in ways.most_common(MOST_CAUSES):
        run_id, version, error = next(each for each in errors if _way(each[2]) == way)
        step = await _step_name(database, registry, trouble, version, error.get("node_id"))
        causes.append(Cause(step, error.get("message") or "", error.get("fix"), run_id))
    in_doubt = any(error.get("code") == OUTCOME_UNKNOWN for _, _, error in errors)
    return Evidence(max(began + earlier, trouble.failed), tuple(causes), in_doubt)


def _way(error: Mapping[str, Any]) -> tuple[Json, Json]:
    return error.get("node_id"), error.get("message")


async def _step_name(
    database: Database, registry: Registry, trouble: Trouble, version: int, node_id: str | None
) -> dict[str, str]:
    """What the step is called on the canvas of the version that ran, by language; its kind where it
    has no name of its own."""
    rows = await database.fetch(
        Sql(
            "SELECT graph FROM workflow_version "
            "WHERE workspace_id = $1 AND workflow_id = $2 AND number = $3",
            (trouble.workspace_id, trouble.subject_id, version),
        )
    )
    nodes = orjson.loads(rows[0][0]).get("nodes", []) if rows else []
    node = next((each for each in nodes if each.get("id") == node_id), None)
    if node is None:
        return {}
    name, _, number = str(node.get("type")).partition("@")
    try:
        kind = registry.get(name, int(number))
    except UnknownNodeType:
        kind = None
    titles = {language: title_in(node.get("label"), kind, language) for language in LANGUAGES}
    return titles if all(titles.values()) else {}


def _counts(workspace_id: int, workflow_id: str, since: int) -> Sql:
    """How many runs began since, and how many of the failed ones had begun before."""
    began = "SELECT 1 FROM run r WHERE r.workspace_id = $1 AND r.workflow_id = $2 AND r.id >= $4"
    earlier = (
        "SELECT 1 FROM run r WHERE r.status IN ('failed', 'quarantined') AND r.finished_at >= $3 "
        "AND r.workspace_id + 0 = $1 AND r.workflow_id = $2 AND r.id < $4"
    )
    return Sql(
        f"SELECT (SELECT count(*) FROM ({began} LIMIT {_COUNTED}) AS b), "  # noqa: S608
        f"(SELECT count(*) FROM ({earlier} LIMIT {_COUNTED}) AS e)",
        (workspace_id, workflow_id, since, first_id_at(since)),
    )


def _newest_failures(workspace_id: int, workflow_id: str, since: int) -> Sql:
    """id, version, error, the newest first."""
    return Sql(
        "SELECT id, version, error FROM run WHERE status IN ('failed', 'quarantined') "  # noqa: S608
        "AND finished_at >= $3 AND workspace_id + 0 = $1 AND workflow_id = $2 "
        f"ORDER BY finished_at DESC, id DESC LIMIT {_LOOKED_AT}",
        (workspace_id, workflow_id, since),
    )
