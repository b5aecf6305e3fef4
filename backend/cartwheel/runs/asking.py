"""The book of waits for people: who is asked what, and what became of it.

A wait is an `approval` row with one `approver` row for each person and one `letter` row for each
message that asks. They are written in the run's own commit. Whoever answers, and the deadline,
changes the status from `open` by compare-and-set, in one transaction with the run's wake-up
(`approvals/deciding.py`); the run reads the status when it is claimed. The tables stand a layer
above, so this asks them by name and imports nothing of theirs.

Runs are locked before their waits, everywhere.
"""

from collections.abc import Iterable, Sequence

from cartwheel.clock import derived_id, to_ms
from cartwheel.runs.asked import Approver, Asked, letter_key, letters, read_asked
from cartwheel.runs.execution import StepKey
from cartwheel.runs.rows import AskedRow, LetterRow, RunWrite
from cartwheel.runs.tokens import Token
from cartwheel.statements import Row, Rows, Sql, Transaction


def asked_row(run_id: str, token: Token, now: int) -> AskedRow:
    """The rows of a token that waits for people."""
    wait = token.wait or {}
    asked = read_asked(wait["match"])
    assert token.wake_at is not None, "every wait has an end"
    step_key = StepKey(run_id, token.node_id, token.iteration, token.round).effect_key
    return AskedRow(
        id=derived_id(now, run_id, str(token.id)),
        token_id=token.id,
        node_id=token.node_id,
        iteration=token.iteration,
        kind=asked.kind.value,
        title=asked.title,
        text=asked.text,
        rule=asked.rule.value,
        needed=asked.needed,
        connection_id=asked.connection,
        channel=asked.channel,
        created_at=now,
        escalate_at=to_ms(asked.escalate_at) if asked.escalate_at else None,
        shown_due_at=to_ms(asked.shown_due_at) if asked.shown_due_at else None,
        due_at=to_ms(token.wake_at),
        people=_people(asked),
        letters=tuple(
            LetterRow(letter_key(step_key, token.id, each), each.number, each.kind, each.due_at)
            for each in letters(asked, now)
        ),
        checklist=asked.checklist,
    )


def _people(asked: Asked) -> tuple[tuple[str, bool], ...]:
    first = [(address, False) for address in asked.asked]
    return (*first, *((address, True) for address in asked.escalate_to))


# --- with the run's own commit ---


def write_asked(writes: Sequence[RunWrite]) -> Transaction[None]:
    """Put what is asked, and close what nobody waits for any more."""
    for write in writes:
        for token_id in write.unasked:
            yield Sql(
                "UPDATE approval SET status = 'cancelled', closed_at = $4 WHERE workspace_id = $1 "
                "AND run_id = $2 AND token_id = $3 AND status = 'open'",
                (write.workspace_id, write.run_id, token_id, write.asked_at),
            )
    asked = [(w.workspace_id, w.run_id, each) for w in writes for each in w.asked]
    if asked:
        yield from _write_approvals(asked)


def close_asked(workspace_id: int, run_id: str, now: int) -> Sql:
    """A run that was cancelled asks nobody any more."""
    return Sql(
        "UPDATE approval SET status = 'cancelled', closed_at = $3 "
        "WHERE workspace_id = $1 AND run_id = $2 AND status = 'open'",
        (workspace_id, run_id, now),
    )


_APPROVAL_COLUMNS = (
    "workspace_id", "id", "kind", "run_id", "token_id", "node_id", "iteration", "title", "text",
    "rule", "needed", "connection_id", "channel", "status", "created_at", "escalate_at",
    "shown_due_at", "due_at",
)  # fmt: skip
_APPROVAL_TYPES = (
    "int", "text", "text", "text", "int", "text", "text", "text", "text", "text", "int", "text",
    "text", "text", "bigint", "bigint", "bigint", "bigint",
)  # fmt: skip


def _write_approvals(asked: Sequence[tuple[int, str, AskedRow]]) -> Transaction[None]:
    """A commit that is tried again finds what it wrote before, and leaves it."""
    yield Rows(
        "approval", _APPROVAL_COLUMNS, _APPROVAL_TYPES,
        [_approval_row(place, run_id, a) for place, run_id, a in asked], "ON CONFLICT DO NOTHING",
    )  # fmt: skip
    yield Rows(
        "approver", ("workspace_id", "approval_id", "number", "address", "escalated"),
        ("int", "text", "int", "text", "bool"),
        [(place, a.id, number, address, escalated) for place, _, a in asked
         for number, (address, escalated) in enumerate(a.people)],
        "ON CONFLICT DO NOTHING",
    )  # fmt: skip
    if letters_of := [
        (place, each.id, a.id, each.number, each.kind, each.due_at, 0)
        for place, _, a in asked for each in a.letters
    ]:  # fmt: skip
        yield Rows(
            "letter",
            ("workspace_id", "id", "approval_id", "number", "kind", "due_at", "attempts"),
            ("int", "text", "text", "int", "text", "bigint", "int"),
            letters_of, "ON CONFLICT DO NOTHING",
        )  # fmt: skip
    if items := [
        (place, a.id, number, text)
        for place, _, a in asked for number, text in enumerate(a.checklist)
    ]:  # fmt: skip
        yield Rows(
            "task_item", ("workspace_id", "approval_id", "number", "text"),
            ("int", "text", "int", "text"), items, "ON CONFLICT DO NOTHING",
        )  # fmt: skip


def _approval_row(workspace_id: int, run_id: str, a: AskedRow) -> Row:
    return (
        workspace_id, a.id, a.kind, run_id, a.token_id, a.node_id, a.iteration, a.title, a.text,
        a.rule, a.needed, a.connection_id, a.channel, "open", a.created_at, a.escalate_at,
        a.shown_due_at, a.due_at,
    )  # fmt: skip


# --- when a run looks ---


def time_out(workspace_id: int, run_id: str, now: int) -> Transaction[None]:
    """The deadline is an answer like any other: whoever changes the status first is the one.

    Writing the run first locks it.
    """
    yield Sql(
        "UPDATE run SET wake_at = wake_at WHERE workspace_id = $1 AND id = $2",
        (workspace_id, run_id),
    )
    yield Sql(
        "UPDATE approval SET status = 'timed_out', closed_at = $3 "
        "WHERE workspace_id = $1 AND run_id = $2 AND status = 'open' AND due_at <= $3",
        (workspace_id, run_id, now),
    )


def closed_of(workspace_id: int, run_id: str) -> Sql:
    """token_id, id, status of what a run asked and what is decided."""
    return Sql(
        "SELECT token_id, id, status FROM approval WHERE workspace_id = $1 AND run_id = $2 "
        "AND status IN ('approved', 'refused', 'done', 'timed_out')",
        (workspace_id, run_id),
    )


def people_of(workspace_id: int, approval_id: str) -> Sql:
    """The columns of `asked.Approver`."""
    return Sql(
        "SELECT number, address, escalated, decision, comment, decided_at, decided_by "
        "FROM approver WHERE workspace_id = $1 AND approval_id = $2 ORDER BY number",
        (workspace_id, approval_id),
    )


def items_of(workspace_id: int, approval_id: str) -> Sql:
    """text, done_by of each line of a checklist."""
    return Sql(
        "SELECT text, done_by FROM task_item WHERE workspace_id = $1 AND approval_id = $2 "
        "ORDER BY number",
        (workspace_id, approval_id),
    )


def read_people(rows: Iterable[Row]) -> list[Approver]:
    """Rows of `people_of`."""
    return [
        Approver(r[0], r[1], bool(r[2]), r[3], r[4], r[5], r[6]) for r in (tuple(x) for x in rows)
    ]
