"""Events routed by the first write of a run that travelled ahead of them (`speculation.py`).

The event is stamped, its runs are inserted as their first writes say, and the rest of these writes
follows in the same commit: an act waits for few journeys to the database.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from cartwheel.runs.awaiting import hear, who_listens
from cartwheel.runs.claims import LEASE_MS, ClaimedRun
from cartwheel.runs.routing import made_of, new_rows, run_row, told_of
from cartwheel.runs.rows import Birth, RunRow, RunWrite
from cartwheel.statements import Batch, Deletes, Row, Sql, Together, Transaction
from cartwheel.values import dataclass


@dataclass(frozen=True, slots=True)
class Born:
    """What came of births: the ids of the events that are routed now, and of the runs whose row
    holds their first write already."""

    events: set[str]
    written: set[str]


def births_in(writes: Iterable[RunWrite]) -> dict[str, Birth]:
    """The births of a group by the ids of their events."""
    return {write.birth.event.id: write.birth for write in writes if write.birth}


def bear(
    given: Mapping[str, Birth], ours: Collection[str], firsts: Mapping[str, RunRow], now: int
) -> Transaction[Born]:
    """Route the events whose runs have travelled already, now (`ours`: they were stamped just now)
    or in a commit whose answer was lost. `firsts` are the first writes by their runs. What else was
    made lies there leased, for its worker to give back."""
    births = [birth for event_id, birth in given.items() if event_id in ours]
    made = (yield from _insert_born(births, firsts, now)) if births else set()
    for event_id, birth in given.items():
        made |= set() if event_id in ours else (yield from _made(birth))
    whole = {key for key, birth in given.items() if all(run.id in made for run in birth.runs)}
    yield from _as_unwritten([b for b in births if b.event.id not in whole], made, now)
    born = {run.id for birth in births if birth.event.id in whole for run in birth.runs}
    return Born(whole, born & set(firsts))


def _insert_born(
    births: Sequence[Birth], firsts: Mapping[str, RunRow], now: int
) -> Transaction[set[str]]:
    """Insert runs as their first writes say, and let others hear their events; the ids of those
    that were not there yet."""
    made, *listening = yield Together(insertion(births, firsts, now))
    yield from hear([birth.event for birth in births], listening)
    return {row[0] for row in made}


def insertion(
    births: Collection[Birth], firsts: Mapping[str, RunRow], now: int
) -> list[Sql | Batch]:
    """The runs' rows, answering with the ids of the new ones, and who listens to their events."""
    rows = [_born_row(run, b, now, firsts.get(run.id)) for b in births for run in b.runs]
    return [new_rows(rows), *who_listens(birth.event for birth in births)]


def _as_unwritten(births: Sequence[Birth], made: Collection[str], now: int) -> Transaction[None]:
    """Where a sibling was there already nothing of a birth is written, so neither is a row that
    says how far its run came."""
    mine = [(b, run) for b in births for run in b.runs if run.id in made]
    if mine:
        keys = [(run.workspace_id, run.id) for _, run in mine]
        yield Deletes("run", ("workspace_id", "id"), ("int", "text"), keys)
        yield new_rows(run_row(run, birth.worker, now) for birth, run in mine)


def _made(birth: Birth) -> Transaction[set[str]]:
    """The ids of its runs that this worker made in this look at the event."""
    first = birth.runs[0]
    rows = yield Sql(
        "SELECT id FROM run WHERE workspace_id = $1 AND event_id = $2 AND lease_by = $3 "
        "AND created_at = $4 AND fence = $5",
        (first.workspace_id, first.event_id, birth.worker, first.created_at, first.fence),
    )
    return {row[0] for row in rows}


def _born_row(run: ClaimedRun, birth: Birth, now: int, first: RunRow | None) -> Row:
    """A run that has travelled already: as its first write says, if there is one."""
    if first is None:
        return run_row(run, birth.worker, now)
    lease = (None, None) if first.release else (birth.worker, now + LEASE_MS)
    return (
        *made_of(run), first.status, *told_of(run), first.wake_at, *lease, run.fence,
        first.crashes, first.next_token, first.step_count, first.finished_at, first.stop_label,
        first.error,
    )  # fmt: skip
