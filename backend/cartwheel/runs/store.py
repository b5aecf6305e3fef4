"""Writing runs down, many at a time.

`commit_group` is the only hot way to change a run. It begins by checking the fences: rows of a run
whose lease went to another worker are dropped, except an effect's result, which is closed by its
key whoever brings it, because it is the truth about something that happened outside.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial

from cartwheel.clock import now_ms, to_ms
from cartwheel.database import dump_json
from cartwheel.runs.asking import write_asked
from cartwheel.runs.awaiting import stay_awake, write_awaited
from cartwheel.runs.births import Born, bear, births_in, insertion
from cartwheel.runs.calling import wake_callers
from cartwheel.runs.cancelling import end_turns
from cartwheel.runs.effect_status import EffectStatus
from cartwheel.runs.keeping import keep_records
from cartwheel.runs.routing import stamps
from cartwheel.runs.rows import RunWrite
from cartwheel.runs.tokens import Token
from cartwheel.runs.turns import giving_way, without_intents
from cartwheel.statements import (
    Batch,
    Deletes,
    Row,
    Rows,
    Sql,
    Together,
    Transaction,
    Updates,
    Whole,
)


def commit_group(writes: Sequence[RunWrite]) -> Transaction[list[bool]]:
    """Write a group; tells for each whether its fence still held."""
    newest = _newest(writes)
    if _is_plain(writes, newest) and (yield Whole(partial(_at_once, writes))):
        return [True] * len(writes)
    kept = yield from _bear_and_move(newest.values())
    verdicts = [w.run_id in kept and w.fence == newest[w.run_id].fence for w in writes]
    held = [write for write, holds in zip(writes, verdicts, strict=True) if holds]
    leaving = yield from giving_way(held)
    if leaving:
        held = without_intents(held, leaving)
        verdicts = [v and w.run_id not in leaving for v, w in zip(verdicts, writes, strict=True)]
    yield Together(_rows(held))
    yield from _close_effects(
        [write for write, holds in zip(writes, verdicts, strict=True) if not holds]
    )
    yield from keep_records(held)
    yield from write_awaited(held)
    yield from write_asked(held)
    yield from stay_awake(held)
    yield from wake_callers(held)
    yield from end_turns([write for write in held if write.takes_turns], leaving)
    return verdicts


def _newest(writes: Iterable[RunWrite]) -> dict[str, RunWrite]:
    """For each run its last write under its highest fence.

    Acts side by side bring one run into a group twice, and PostgreSQL would take either row.
    """
    newest: dict[str, RunWrite] = {}
    for write in writes:
        known = newest.get(write.run_id)
        if known is None or write.fence >= known.fence:
            newest[write.run_id] = write
    return newest


def _is_plain(writes: Sequence[RunWrite], newest: Mapping[str, RunWrite]) -> bool:
    """Nothing of it asks the book before it writes, or writes anything but rows of its own."""
    return len(newest) == len(writes) and not any(
        w.records or w.awaited or w.unheard or w.asked or w.unasked or w.is_called or w.takes_turns
        or (w.listens and w.run.release)
        for w in writes
    )  # fmt: skip


def _at_once(writes: Sequence[RunWrite]) -> list[Sql | Batch]:
    """A whole group, for when every fence holds and nobody was quicker: one journey to the database
    then, flush included."""
    births, now = births_in(writes), now_ms()
    firsts = {write.run_id: write.run for write in writes if write.birth}
    return [
        stamps([birth.event for birth in births.values()], now),
        _moves(write for write in writes if not write.birth),
        *insertion(births.values(), firsts, now),
        *_rows(writes),
    ]


def _rows(writes: Sequence[RunWrite]) -> list[Batch]:
    """What belongs to runs whose rows stand where they should."""
    return [_steps(writes), *_tokens(writes), _effects(writes), _messages(writes)]


def _bear_and_move(writes: Collection[RunWrite]) -> Transaction[set[str]]:
    """Put the runs' rows where their fence matches; returns their ids."""
    births, now = births_in(writes), now_ms()
    stamped, moved = yield Together(
        [stamps([birth.event for birth in births.values()], now),
         _moves(write for write in writes if not write.birth)]
    )  # fmt: skip
    kept = {row[0] for row in moved}
    if births:
        firsts = {write.run_id: write.run for write in writes if write.birth}
        born = yield from bear(births, {row[0] for row in stamped}, firsts, now)
        again = yield _moves(_written_before(writes, born))
        kept |= born.written | {row[0] for row in again}
    return kept


def _written_before(writes: Iterable[RunWrite], born: Born) -> list[RunWrite]:
    """First writes that a commit without an answer may have made already."""
    return [
        write for write in writes
        if write.birth and write.birth.event.id in born.events and write.run_id not in born.written
    ]  # fmt: skip


def _moves(writes: Iterable[RunWrite]) -> Updates:
    """Changes to runs whose fence matches. Answers with their ids."""
    return Updates(
        "run",
        ("workspace_id", "id", "fence"),
        (
            "status", "wake_at", "finished_at", "next_token", "step_count", "stop_label", "error",
            "crashes",
        ),
        ("int", "text", "int", "text", "bigint", "bigint", "int", "int", "text", "text", "int",
         "bool"),
        [_run_row(write) for write in writes],
        returning="id",
        emptied=("lease_by", "lease_until"),
    )  # fmt: skip


def _run_row(write: RunWrite) -> Row:
    run = write.run
    return (
        write.workspace_id, write.run_id, write.fence, run.status, run.wake_at, run.finished_at,
        run.next_token, run.step_count, run.stop_label, run.error, run.crashes, run.release,
    )  # fmt: skip


_STEP_COLUMNS = (
    "workspace_id", "run_id", "node_id", "iteration", "sequence", "status", "port", "input",
    "output", "words", "error", "attempts", "started_at", "finished_at", "wake_at",
)  # fmt: skip
_STEP_TYPES = (
    "int", "text", "text", "text", "int", "text", "text", "text", "text", "text", "text", "int",
    "bigint", "bigint", "bigint",
)  # fmt: skip
_STEP_CHANGES = ", ".join(
    [
        f"{column} = excluded.{column}"
        for column in _STEP_COLUMNS[4:]
        if column not in {"started_at", "input"}
    ]
    + ["input = coalesce(excluded.input, step.input)"]
)


def _steps(writes: Iterable[RunWrite]) -> Rows:
    rows: dict[tuple[str, str, str], Row] = {}
    for write in writes:
        for s in write.steps:
            rows[write.run_id, s.node_id, s.iteration] = (
                write.workspace_id, write.run_id, s.node_id, s.iteration, s.sequence, s.status,
                s.port, s.input, s.output, s.words, s.error, s.attempts, s.started_at,
                s.finished_at, s.wake_at,
            )  # fmt: skip
    return Rows(
        "step", _STEP_COLUMNS, _STEP_TYPES, list(rows.values()),
        "ON CONFLICT (workspace_id, run_id, node_id, iteration) DO UPDATE SET " + _STEP_CHANGES,
    )  # fmt: skip


_TOKEN_COLUMNS = (
    "workspace_id", "run_id", "id", "node_id", "iteration", "parent", "via", "state", "attempt",
    "round", "wake_at", "wait",
)  # fmt: skip
_TOKEN_TYPES = (
    "int", "text", "int", "text", "text", "int", "text", "text", "int", "int", "bigint", "text",
)  # fmt: skip


_TOKEN_CHANGES = "ON CONFLICT (workspace_id, run_id, id) DO UPDATE SET " + ", ".join(
    f"{column} = excluded.{column}" for column in _TOKEN_COLUMNS[3:]
)


def write_tokens(
    workspace_id: int, run_id: str, put: Iterable[Token], gone: Iterable[int]
) -> Transaction[None]:
    """Put and take away one run's tokens, whatever the fences say."""
    yield Together(
        _token_changes(
            [_token_row(workspace_id, run_id, token) for token in put],
            [(workspace_id, run_id, token_id) for token_id in gone],
        )
    )


def _tokens(writes: Iterable[RunWrite]) -> list[Batch]:
    gone: list[Row] = []
    rows: dict[tuple[str, int], Row] = {}
    for write in writes:
        key = (write.workspace_id, write.run_id)
        gone += [(*key, token_id) for token_id in write.tokens_gone]
        rows |= {(write.run_id, token.id): _token_row(*key, token) for token in write.tokens}
    return _token_changes(list(rows.values()), gone)


def _token_changes(put: list[Row], gone: list[Row]) -> list[Batch]:
    """What is put is put whole, whether it was there or not."""
    stays = {tuple(row[:3]) for row in put}
    over = [row for row in gone if tuple(row) not in stays]
    return [
        Deletes("token", ("workspace_id", "run_id", "id"), ("int", "text", "int"), over),
        Rows("token", _TOKEN_COLUMNS, _TOKEN_TYPES, put, _TOKEN_CHANGES),
    ]


def _token_row(workspace_id: int, run_id: str, token: Token) -> Row:
    return (
        workspace_id, run_id, token.id, token.node_id, token.iteration, token.parent,
        token.via, token.state.value, token.attempt, token.round,
        to_ms(token.wake_at) if token.wake_at else None,
        dump_json(token.wait) if token.wait else None,
    )  # fmt: skip


_EFFECT_COLUMNS = (
    "workspace_id", "id", "run_id", "node_id", "iteration", "round", "delivery", "status",
    "connection_id", "request", "response", "attempts", "started_at", "finished_at",
)  # fmt: skip
_EFFECT_TYPES = (
    "int", "text", "text", "text", "text", "int", "text", "text", "text", "text", "text", "int",
    "bigint", "bigint",
)  # fmt: skip


def _effects(writes: Iterable[RunWrite]) -> Rows:
    rows: dict[str, Row] = {}
    for write in writes:
        for e in write.effects:
            rows[e.id] = (
                write.workspace_id, e.id, write.run_id, e.node_id, e.iteration, e.round,
                e.delivery, e.status, e.connection_id, e.request, e.response, e.attempts,
                e.started_at, e.finished_at,
            )  # fmt: skip
    return Rows(
        "effect", _EFFECT_COLUMNS, _EFFECT_TYPES, list(rows.values()),
        "ON CONFLICT (workspace_id, id) DO UPDATE SET status = excluded.status, "
        "response = excluded.response, attempts = excluded.attempts, "
        "started_at = excluded.started_at, finished_at = excluded.finished_at",
    )  # fmt: skip


def _close_effects(writes: Iterable[RunWrite]) -> Transaction[None]:
    """Results that came from a worker which lost its lease: still the truth.

    That an act was done is true of the act; that an attempt failed, only of that attempt.
    """
    results = [(w.workspace_id, e) for w in writes for e in w.effects if e.is_result]
    done = [row for row in results if row[1].status == EffectStatus.SENT]
    not_done = [row for row in results if row[1].status != EffectStatus.SENT]
    columns, types = ("status", "response", "finished_at"), ("text", "text", "bigint")
    if done:
        yield Updates(
            "effect", ("workspace_id", "id"), columns, ("int", "text", *types),
            [(place, e.id, e.status, e.response, e.finished_at) for place, e in done],
            returning="id",
        )  # fmt: skip
    if not_done:
        yield Updates(
            "effect", ("workspace_id", "id", "attempts"), columns, ("int", "text", "int", *types),
            [(place, e.id, e.attempts, e.status, e.response, e.finished_at)
             for place, e in not_done],
            returning="id", only="effect.status <> 'sent'",
        )  # fmt: skip


_MESSAGE_COLUMNS = (
    "workspace_id", "id", "channel", '"to"', "subject", "text", "html", "run_id", "node_id",
    "iteration", "workflow_id", "created_at",
)  # fmt: skip
_MESSAGE_TYPES = (
    "int", "text", "text", "text", "text", "text", "text", "text", "text", "text", "text",
    "bigint",
)  # fmt: skip


def _messages(writes: Iterable[RunWrite]) -> Rows:
    rows = [
        (
            write.workspace_id, m.id, m.channel, m.to, m.subject, m.text, m.html, write.run_id,
            m.node_id, m.iteration, m.workflow_id, m.created_at,
        )
        for write in writes
        for m in write.messages
    ]  # fmt: skip
    return Rows(
        "outbox_message", _MESSAGE_COLUMNS, _MESSAGE_TYPES, rows,
        "ON CONFLICT (workspace_id, id) DO NOTHING",
    )  # fmt: skip
