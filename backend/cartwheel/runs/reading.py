"""Reading a run back, so that a worker can go on where another one stopped."""

from collections.abc import Sequence

import orjson

from cartwheel.clock import from_ms
from cartwheel.runs.tokens import Token, TokenState
from cartwheel.statements import Row, Sql, marks


def stored_tokens(workspace_id: int, run_id: str) -> Sql:
    return Sql(
        "SELECT id, node_id, iteration, parent, via, state, attempt, round, wake_at, wait "
        "FROM token WHERE workspace_id = $1 AND run_id = $2 ORDER BY id",
        (workspace_id, run_id),
    )


def read_token(row: Row) -> Token:
    """A token from `stored_tokens`."""
    return Token(
        id=row[0],
        node_id=row[1],
        iteration=row[2],
        parent=row[3],
        via=row[4],
        state=TokenState(row[5]),
        attempt=row[6],
        round=row[7],
        wake_at=None if row[8] is None else from_ms(row[8]),
        wait=None if row[9] is None else orjson.loads(row[9]),
    )


def stored_steps(workspace_id: int, run_id: str) -> Sql:
    """node_id, iteration, status, output, started_at, sequence of every recorded step."""
    return Sql(
        "SELECT node_id, iteration, status, output, started_at, sequence FROM step "
        "WHERE workspace_id = $1 AND run_id = $2 ORDER BY sequence",
        (workspace_id, run_id),
    )


def steps_at(
    workspace_id: int, run_id: str, nodes: Sequence[str], iterations: Sequence[str]
) -> Sql:
    """The same columns as `stored_steps`, of these nodes in these iterations only."""
    return Sql(
        "SELECT node_id, iteration, status, output, started_at, sequence FROM step "  # noqa: S608
        f"WHERE workspace_id = $1 AND run_id = $2 AND node_id IN ({marks(3, nodes)}) "
        f"AND iteration IN ({marks(3 + len(nodes), iterations)})",
        (workspace_id, run_id, *nodes, *iterations),
    )


def stored_effects(workspace_id: int, keys: Sequence[str]) -> Sql:
    """id, status, request, response, attempts, started_at of acts outside, by their keys."""
    return Sql(
        "SELECT id, status, request, response, attempts, started_at FROM effect "  # noqa: S608
        f"WHERE workspace_id = $1 AND id IN ({marks(2, keys)})",
        (workspace_id, *keys),
    )


def stored_event(workspace_id: int, event_id: str) -> Sql:
    return Sql(
        "SELECT workspace_id, id, type, received_at, label, contact, data, only_workflow_id, "
        "depth, root_id, source FROM event WHERE workspace_id = $1 AND id = $2",
        (workspace_id, event_id),
    )
