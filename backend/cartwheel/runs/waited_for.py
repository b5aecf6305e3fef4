"""What runs wait for and until when, as it is shown.

Every wait has an end, if only after a year. One that keeps what is asked open beyond the day it was
due is shown without: it ends when somebody has done it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

from cartwheel.clock import to_ms
from cartwheel.node_sdk import Json
from cartwheel.runs.models import Run, Token
from cartwheel.runs.tokens import Place, RunStatus, TokenState
from cartwheel.statements import Sql

WaitsFor = Literal["time", "event", "person"]


@dataclass(frozen=True, slots=True)
class Awaited:
    """What is waited for; `until` is in milliseconds, None where only an answer ends it."""

    waits_for: WaitsFor
    until: int | None


def awaited(wait: Mapping[str, Json] | None, wake_at: int | None) -> Awaited:
    """What a waiting token's `wait` says."""
    kind: WaitsFor
    match kind_of := (wait or {}).get("kind"):
        case "event" | "person":
            kind = kind_of
        case _:
            kind = "time"
    due = ((wait or {}).get("match") or {}).get("shown_due_at") if kind == "person" else None
    stays_open = bool(due and wake_at and to_ms(datetime.fromisoformat(due)) < wake_at)
    return Awaited(kind, None if stays_open else wake_at)


async def awaited_by_step(session: AsyncSession, run: Run) -> Mapping[Place, Awaited]:
    """What each waiting step of a run waits for, by its place."""
    tokens = await session.exec(_waiting(run.workspace_id, [run.id]))
    return {(each.node_id, each.iteration): awaited(each.wait, each.wake_at) for each in tokens}


async def awaited_next(
    session: AsyncSession, workspace_id: int, runs: Sequence[Run]
) -> Mapping[str, Awaited]:
    """What those of the runs that wait will go on by first, by the run's id."""
    waiting = [run.id for run in runs if run.status == RunStatus.WAITING]
    if not waiting:
        return {}
    first = _waiting(workspace_id, waiting).join(
        Run,
        (col(Run.workspace_id) == Token.workspace_id)
        & (col(Run.id) == Token.run_id)
        & (col(Run.wake_at) == Token.wake_at),
    )
    tokens = await session.exec(first)
    return {each.run_id: awaited(each.wait, each.wake_at) for each in tokens}


def _waiting(workspace_id: int, run_ids: Sequence[str]) -> SelectOfScalar[Token]:
    return select(Token).where(
        Token.workspace_id == workspace_id,
        col(Token.run_id).in_(run_ids),
        Token.state == TokenState.WAITING.value,
    )


def endless_steps(workspace_id: int, workflow_id: str) -> Sql:
    """node_id of each step of a workflow where somebody's answer is waited for without an end."""
    return Sql(
        "SELECT DISTINCT a.node_id FROM approval a JOIN run r "
        "ON r.workspace_id = a.workspace_id AND r.id = a.run_id "
        "WHERE a.workspace_id = $1 AND a.status = 'open' AND a.shown_due_at < a.due_at "
        "AND r.workflow_id = $2",
        (workspace_id, workflow_id),
    )
