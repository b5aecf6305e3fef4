"""Ticks the first steps off by facts."""

from collections.abc import Mapping

from cartwheel.catalog.registry import load_registry
from cartwheel.checklist.schemas import ChecklistItem, ChecklistState, FirstStep
from cartwheel.clock import now_ms
from cartwheel.database import Database
from cartwheel.statements import Row, Sql, Transaction


async def checklist(database: Database, workspace_id: int) -> ChecklistState:
    """Which first steps were taken in a workspace."""
    rows = await database.fetch(_facts(workspace_id))
    done, dismissed = _read(rows[0])
    items = [ChecklistItem(id=step, done=done[step]) for step in FirstStep]
    return ChecklistState(items=items, dismissed=dismissed)


async def change_checklist(
    database: Database, workspace_id: int, *, dismissed: bool | None, tested: bool
) -> ChecklistState:
    """Put the list away or take it out; note that something was tried out."""
    await database.run(note_first_steps(workspace_id, dismissed, tested, now_ms()))
    return await checklist(database, workspace_id)


def _facts(workspace_id: int) -> Sql:
    """One row of yes and no; each question stops at the first row that answers it.

    It asks the tables of other domains, which is all that it knows of them.
    """
    shops = sorted(
        app.id for app in load_registry().apps.values() if app.webhook and not app.channels
    )
    marks = ", ".join(f"${place}" for place in range(2, len(shops) + 2))
    here = "workspace_id = $1"
    return Sql(
        f"SELECT EXISTS (SELECT 1 FROM workflow WHERE {here}), "  # noqa: S608
        f"EXISTS (SELECT 1 FROM checklist WHERE {here} AND tested_at IS NOT NULL), "
        f"EXISTS (SELECT 1 FROM activation WHERE {here}), "
        f"EXISTS (SELECT 1 FROM run WHERE {here}), "
        f"EXISTS (SELECT 1 FROM connection WHERE {here} AND app IN ({marks})), "
        f"EXISTS (SELECT 1 FROM checklist WHERE {here} AND dismissed_at IS NOT NULL)",
        (workspace_id, *shops),
    )


def _read(row: Row) -> tuple[Mapping[FirstStep, bool], bool]:
    *facts, dismissed = map(bool, row)
    return dict(zip(FirstStep, facts, strict=True)), dismissed


def note_first_steps(
    workspace_id: int, dismissed: bool | None, tested: bool, now: int
) -> Transaction[None]:
    """Write down what was told; what was tried out once stays so."""
    yield Sql(
        "INSERT INTO checklist (workspace_id) VALUES ($1) ON CONFLICT (workspace_id) DO NOTHING",
        (workspace_id,),
    )
    if dismissed is not None:
        yield Sql(
            "UPDATE checklist SET dismissed_at = $2 WHERE workspace_id = $1",
            (workspace_id, now if dismissed else None),
        )
    if tested:
        yield Sql(
            "UPDATE checklist SET tested_at = $2 WHERE workspace_id = $1 AND tested_at IS NULL",
            (workspace_id, now),
        )
