"""What steps change in the shop's own tables and counters, at most once each.

Such a change is an act like those outside, but it cannot half happen: its row in the book, with
what came of it, is written in the same transaction as the change, together with every step that
led to it, and only while the lease holds. Whoever performs the step again finds the row.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Protocol

import orjson

from cartwheel import failpoints
from cartwheel.clock import now_ms
from cartwheel.database import Database, dump_json
from cartwheel.errors import Busy
from cartwheel.node_sdk import CountUp, FindRows, Json, RecordCommand
from cartwheel.records.acts import as_kept, refused
from cartwheel.records.reading import StoredRecords
from cartwheel.records.store import perform
from cartwheel.records.tables import Refusal
from cartwheel.runs.effect_status import EffectStatus
from cartwheel.runs.effects import StoredEffect
from cartwheel.runs.execution import StepKey
from cartwheel.runs.patience import KEYED
from cartwheel.runs.rows import RecordAct, RunWrite
from cartwheel.statements import Sql, Transaction

BUSY_WAIT_SECONDS = 0.5


class Keeper(Protocol):
    """Reads and changes tables and counters for one run. Raises `NodeError` for what does not
    fit."""

    async def find(self, wanted: FindRows) -> Mapping[str, Json]: ...

    async def keep(self, step: StepKey, command: RecordCommand) -> Mapping[str, Json]: ...


@dataclass(frozen=True, slots=True)
class WorkerKeeper:
    """The worker's way. `commit` writes an act with everything that led to it."""

    database: Database
    workspace_id: int
    commit: Callable[[RecordAct], Awaitable[None]]
    known: Mapping[str, StoredEffect]

    async def find(self, wanted: FindRows) -> Mapping[str, Json]:
        while True:
            try:
                return await StoredRecords(self.database, self.workspace_id).find(wanted)
            except Busy:
                await asyncio.sleep(BUSY_WAIT_SECONDS)

    async def keep(self, step: StepKey, command: RecordCommand) -> Mapping[str, Json]:
        before = self.known.get(step.effect_key)
        if before is None:
            await self.commit(_act(step, command))
            failpoints.hit("records", "after_keeping")
            return _answer_in(await self._kept(step.effect_key))
        return _answer_in(before.response)

    async def _kept(self, effect_key: str) -> str:
        """What came of an act that was committed just now."""
        while True:
            try:
                rows = await self.database.fetch(_response(self.workspace_id, effect_key))
                return str(rows[0][0])
            except Busy:
                await asyncio.sleep(BUSY_WAIT_SECONDS)


def _act(step: StepKey, command: RecordCommand) -> RecordAct:
    return RecordAct(step.effect_key, step.node_id, step.iteration, step.round, command)


def _answer_in(response: str | None) -> Mapping[str, Json]:
    kept: Mapping[str, Json] = orjson.loads(response or "{}")
    if "refusal" in kept:
        raise refused(kept["refusal"])
    answer: Mapping[str, Json] = kept.get("answer", {})
    return answer


def _response(workspace_id: int, effect_key: str) -> Sql:
    return Sql(
        "SELECT response FROM effect WHERE workspace_id = $1 AND id = $2",
        (workspace_id, effect_key),
    )


# --- in the group's transaction ---


def keep_records(writes: Iterable[RunWrite]) -> Transaction[None]:
    """Carry out the acts of runs whose lease held. In one order for everybody, so that two groups
    that change the same tables take turns and never wait for each other."""
    for workspace_id, run_id, act in sorted(_acts(writes), key=_turn):
        yield from _once(workspace_id, run_id, act)


def _acts(writes: Iterable[RunWrite]) -> Iterator[tuple[int, str, RecordAct]]:
    for write in writes:
        for act in write.records:
            yield write.workspace_id, write.run_id, act


def _turn(entry: tuple[int, str, RecordAct]) -> tuple[int, bool, str, str]:
    workspace_id, _, act = entry
    if isinstance(act.command, CountUp):
        name, key = act.command.name.strip(), act.command.key.strip().casefold()
        return (workspace_id, True, name, key)
    return (workspace_id, False, act.command.table, "")


def _once(workspace_id: int, run_id: str, act: RecordAct) -> Transaction[None]:
    """The act and its row; where the row is there already, a commit of ours was only thought to
    have failed."""
    now = now_ms()
    made = yield Sql(
        "INSERT INTO effect (workspace_id, id, run_id, node_id, iteration, round, delivery, "
        "status, request, attempts, started_at) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10) "
        "ON CONFLICT (workspace_id, id) DO NOTHING RETURNING id",
        (workspace_id, act.id, run_id, act.node_id, act.iteration, act.round, KEYED,
         EffectStatus.SENDING.value, dump_json(_request(act.command)), now),
    )  # fmt: skip
    if not made:
        return
    status = EffectStatus.SENT
    try:
        came = {"answer": (yield from perform(workspace_id, act.command, act.id, now))}
    except Refusal as refusal:
        status, came = EffectStatus.REFUSED, {"refusal": as_kept(refusal)}
    yield Sql(
        "UPDATE effect SET status = $3, response = $4, finished_at = $5 "
        "WHERE workspace_id = $1 AND id = $2",
        (workspace_id, act.id, status.value, dump_json(came), now),
    )


def _request(command: RecordCommand) -> dict[str, Json]:
    return {"kind": type(command).__name__, **asdict(command)}
