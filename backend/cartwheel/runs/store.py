"""Writing runs down, many at a time.

`commit_group` is the only hot way to change a run. It begins by checking the fences: rows of a run
whose lease went to another worker are dropped, except an effect's result, which is closed by its
key whoever brings it, because it is the truth about something that happened outside.
"""

from collections.abc import Iterable, Sequence

from cartwheel.clock import to_ms
from cartwheel.database import dump_json
from cartwheel.runs.asking import write_asked
from cartwheel.runs.awaiting import stay_awake, write_awaited
from cartwheel.runs.calling import wake_callers
from cartwheel.runs.cancelling import end_turns
from cartwheel.runs.effect_status import EffectStatus
from cartwheel.runs.keeping import keep_records
from cartwheel.runs.routing import bear
from cartwheel.runs.rows import RunWrite
from cartwheel.runs.tokens import Token
from cartwheel.runs.turns import giving_way, without_intents
from cartwheel.statements import Deletes, Row, Rows, Transaction, Updates


def commit_group(writes: Sequence[RunWrite]) -> Transaction[list[bool]]:
    """Write a group; tells for each whether its fence still held."""
    born = yield from bear(write.birth for write in writes if write.birth)
    newest = _newest(w for w in writes if w.birth is None or w.birth.event.id in born)
    kept: set[str] = set()
    for release in (False, True):
        kept |= yield from _move_runs(
            [write for write in newest.values() if write.run.release is release]
        )
    verdicts = [w.run_id in kept and w.fence == newest[w.run_id].fence for w in writes]
    held = [write for write, holds in zip(writes, verdicts, strict=True) if holds]
    leaving = yield from giving_way(held)
    if leaving:
        held = without_intents(held, leaving)
        verdicts = [v and w.run_id not in leaving for v, w in zip(verdicts, writes, strict=True)]
    yield from _write_steps(held)
    yield from _write_tokens(held)
    yield from _write_effects(held)
    yield from _close_effects(
        [write for write, holds in zip(writes, verdicts, strict=True) if not holds]
    )
    yield from _write_messages(held)
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


def _move_runs(writes: Sequence[RunWrite]) -> Transaction[set[str]]:
    """Change the runs whose fence matches; returns their ids."""
    if not writes:
        return set()
    ended = "lease_by = NULL, lease_until = NULL" if writes[0].run.release else ""
    rows = yield Updates(
        "run",
        ("workspace_id", "id", "fence"),
        (
            "status", "wake_at", "finished_at", "next_token", "step_count", "stop_label", "error",
            "crashes",
        ),
        ("int", "text", "int", "text", "bigint", "bigint", "int", "int", "text", "text", "int"),
        [_run_row(write) for write in writes],
        returning="id",
        fixed=ended,
    )  # fmt: skip
    return {row[0] for row in rows}


def _run_row(write: RunWrite) -> Row:
    run = write.run
    return (
        write.workspace_id, write.run_id, write.fence, run.status, run.wake_at, run.finished_at,
        run.next_token, run.step_count, run.stop_label, run.error, run.crashes,
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


def _write_steps(writes: Iterable[RunWrite]) -> Transaction[None]:
    rows: dict[tuple[str, str, str], Row] = {}
    for write in writes:
        for s in write.steps:
            rows[write.run_id, s.node_id, s.iteration] = (
                write.workspace_id, write.run_id, s.node_id, s.iteration, s.sequence, s.status,
                s.port, s.input, s.output, s.words, s.error, s.attempts, s.started_at,
                s.finished_at, s.wake_at,
            )  # fmt: skip
    if rows:
        yield Rows(
            "step", _STEP_COLUMNS, _STEP_TYPES, list(rows.values()),
            "ON CONFLICT (workspace_id, run_id, node_id, iteration) DO UPDATE SET "
            + _STEP_CHANGES,
        )  # fmt: skip


_TOKEN_COLUMNS = (
    "workspace_id", "run_id", "id", "node_id", "iteration", "parent", "via", "state", "attempt",
    "round", "wake_at", "wait",
)  # fmt: skip
_TOKEN_TYPES = (
    "int", "text", "int", "text", "text", "int", "text", "text", "int", "int", "bigint", "text",
)  # fmt: skip


def write_tokens(
    workspace_id: int, run_id: str, put: Iterable[Token], gone: Iterable[int]
) -> Transaction[None]:
    """Put and take away one run's tokens, whatever the fences say."""
    yield from _change_tokens(
        [_token_row(workspace_id, run_id, token) for token in put],
        [(workspace_id, run_id, token_id) for token_id in gone],
    )


def _write_tokens(writes: Iterable[RunWrite]) -> Transaction[None]:
    gone: list[Row] = []
    rows: dict[tuple[str, int], Row] = {}
    for write in writes:
        key = (write.workspace_id, write.run_id)
        gone += [(*key, token_id) for token_id in write.tokens_gone]
        rows |= {(write.run_id, token.id): _token_row(*key, token) for token in write.tokens}
    yield from _change_tokens(list(rows.values()), gone)


def _change_tokens(put: list[Row], gone: list[Row]) -> Transaction[None]:
    if gone:
        yield Deletes("token", ("workspace_id", "run_id", "id"), ("int", "text", "int"), gone)
    if put:
        changes = ", ".join(f"{column} = excluded.{column}" for column in _TOKEN_COLUMNS[3:])
        yield Rows(
            "token", _TOKEN_COLUMNS, _TOKEN_TYPES, put,
            f"ON CONFLICT (workspace_id, run_id, id) DO UPDATE SET {changes}",
        )  # fmt: skip


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


def _write_effects(writes: Iterable[RunWrite]) -> Transaction[None]:
    rows: dict[str, Row] = {}
    for write in writes:
        for e in write.effects:
            rows[e.id] = (
                write.workspace_id, e.id, write.run_id, e.node_id, e.iteration, e.round,
                e.delivery, e.status, e.connection_id, e.request, e.response, e.attempts,
                e.started_at, e.finished_at,
            )  # fmt: skip
    if rows:
        yield Rows(
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


def _write_messages(writes: Iterable[RunWrite]) -> Transaction[None]:
    rows = [
        (
            write.workspace_id, m.id, m.channel, m.to, m.subject, m.text, m.html, write.run_id,
            m.node_id, m.iteration, m.workflow_id, m.created_at,
        )
        for write in writes
        for m in write.messages
    ]  # fmt: skip
    if rows:
        yield Rows(
            "outbox_message", _MESSAGE_COLUMNS, _MESSAGE_TYPES, rows,
            "ON CONFLICT (workspace_id, id) DO NOTHING",
        )  # fmt: skip
