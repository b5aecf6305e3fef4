"""Where runs stand under their workflow's rule of entry, in words."""

from collections.abc import Sequence

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from cartwheel.runs.models import EntrySlot, RunEntry
from cartwheel.runs.schemas import EntryStanding

_BY_ITSELF = "What it counts by came out empty, so it counts by itself."
_ITS_TURN = "It waits for its turn."
_BEHIND = "It waits for its turn behind the run that is under way."


async def standings(
    session: AsyncSession, workspace_id: int, run_ids: Sequence[str]
) -> dict[str, EntryStanding]:
    """How each of the runs came in; those without a rule of entry are left out."""
    rows = await session.exec(
        select(RunEntry).where(
            RunEntry.workspace_id == workspace_id, col(RunEntry.run_id).in_(run_ids)
        )
    )
    return {entry.run_id: _standing(entry) for entry in rows}


async def standing_of(
    session: AsyncSession, workspace_id: int, run_id: str
) -> EntryStanding | None:
    """The same of one run, with whom it waits behind."""
    entry = await session.get(RunEntry, (workspace_id, run_id))
    if entry is None or entry.waits_since is None:
        return None if entry is None else _standing(entry)
    same = (RunEntry.workspace_id == workspace_id, RunEntry.workflow_id == entry.workflow_id,
            RunEntry.key == entry.key, col(RunEntry.waits_since).is_not(None))  # fmt: skip
    before = await session.exec(select(func.count()).where(*same, RunEntry.arrival < entry.arrival))
    holder = await session.exec(
        select(EntrySlot.run_id)
        .where(
            EntrySlot.workspace_id == workspace_id,
            EntrySlot.workflow_id == entry.workflow_id,
            EntrySlot.key == entry.key,
        )
        .order_by(col(EntrySlot.slot))
    )
    return EntryStanding(
        key=entry.key, waits=True, words=_BEHIND, behind=holder.first(), before=before.one()
    )


def _standing(entry: RunEntry) -> EntryStanding:
    if entry.waits_since is not None:
        return EntryStanding(key=entry.key, waits=True, words=_ITS_TURN)
    if entry.key == entry.arrival:
        return EntryStanding(key=None, waits=False, words=_BY_ITSELF)
    return EntryStanding(key=entry.key, waits=False, words=None)
