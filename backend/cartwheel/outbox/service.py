"""Looking at what the sandbox would have delivered."""

from dataclasses import asdict, dataclass
from typing import Any

from cartwheel.database import Database
from cartwheel.errors import Invalid
from cartwheel.statements import Row, Sql


@dataclass(frozen=True, slots=True)
class OutboxFilter:
    """Which messages to list."""

    channel: str | None = None
    run_id: str | None = None
    workflow_id: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: the last message's time (ms) and id."""

    created_at: int
    id: str

    def __str__(self) -> str:
        return f"{self.created_at}-{self.id}"


def read_place(cursor: str) -> Place:
    """A cursor that we gave out. Raises `Invalid`."""
    moment, _, message_id = cursor.partition("-")
    if not (moment.isascii() and moment.isdecimal() and len(moment) <= 15 and message_id):
        raise Invalid("This cursor is not one of ours; begin without one.")
    return Place(int(moment), message_id)


async def list_messages(
    database: Database, workspace_id: int, wanted: OutboxFilter, after: Place | None, limit: int
) -> list[Row]:
    """Messages, newest first: id, channel, to, subject, text, html, created_at, run_id, node_id,
    workflow_id, the workflow's name, whether the demo shop was behind it, whether it was a test,
    and of a letter that asks for something the approval and the number of the one who is asked.
    Workflows, runs and approvals stand a layer above, so this asks their tables and imports
    nothing of theirs.
    """
    conditions, args = _conditions(wanted, after)
    return await database.fetch(
        Sql(
            'SELECT m.id, m.channel, m."to", m.subject, m.text, m.html, m.created_at, m.run_id, '  # noqa: S608
            "m.node_id, m.workflow_id, w.name, coalesce(e.source = 'demo', false), "
            "m.is_test, "
            "l.approval_id, l.number "
            "FROM outbox_message m LEFT JOIN workflow w "
            "ON w.workspace_id = m.workspace_id AND w.id = m.workflow_id "
            "LEFT JOIN run r ON r.workspace_id = m.workspace_id AND r.id = m.run_id "
            "LEFT JOIN event e ON e.workspace_id = m.workspace_id AND e.id = r.event_id "
            "LEFT JOIN letter l ON l.workspace_id = m.workspace_id AND l.id = m.id "
            f"WHERE {' AND '.join(conditions)} ORDER BY m.created_at DESC, m.id DESC LIMIT $2",
            (workspace_id, limit, *args),
        )
    )


def _conditions(wanted: OutboxFilter, after: Place | None) -> tuple[list[str], list[Any]]:
    """SQL conditions, and their values from $3 on; $1 is the workspace, $2 the limit."""
    conditions, args = ["m.workspace_id = $1"], []
    for name, value in asdict(wanted).items():
        if value:
            args.append(value)
            conditions.append(f"m.{name} = ${len(args) + 2}")
    if after:
        args += [after.created_at, after.id]
        moment, message_id = f"${len(args) + 1}", f"${len(args) + 2}"
        conditions.append(
            f"(m.created_at < {moment} OR (m.created_at = {moment} AND m.id < {message_id}))"
        )
    return conditions, args
