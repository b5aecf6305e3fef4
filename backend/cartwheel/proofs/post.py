"""The book of dispatches: which are due, to whom they may go, and how sending them ended.

A dispatch is an act outside with its key like any other: `sending` before it leaves, and closed
after. One that was on its way when its worker died is `unknown`, and is not sent a second time: the
person who waits for it sees so and presses again.
"""

from enum import StrEnum

import orjson

from cartwheel.node_sdk import Json, OutboxMessage
from cartwheel.statements import Sql, Transaction
from cartwheel.values import dataclass

LEASE_MS = 120_000
AT_ONCE = 20
CODE, PROOF, NOTICE = "code", "proof", "notice"


class DispatchStatus(StrEnum):
    """How far a dispatch has come."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DueDispatch:
    """A dispatch that this worker sends now. `config` is JSON text; `created_at` in ms."""

    workspace_id: int
    id: str
    person_id: str
    kind: str
    workflow_id: str | None
    node_id: str
    node_type: str
    connection_id: str
    config: str
    status: str
    attempts: int
    created_at: int

    @property
    def is_in_doubt(self) -> bool:
        """It was on its way when the worker stopped that sent it."""
        return self.status == DispatchStatus.SENDING

    @property
    def is_shown(self) -> bool:
        """It stands in the outbox once it is sent: a message as a workflow writes it does."""
        return self.kind == PROOF and self.workflow_id is not None

    @property
    def settings(self) -> dict[str, Json]:
        """The step's settings as they were filled in."""
        found: dict[str, Json] = orjson.loads(self.config)
        return found


_DUE = "due_at <= $1 AND (lease_until IS NULL OR lease_until <= $1)"
_TAKEN = (
    "workspace_id, id, person_id, kind, workflow_id, node_id, node_type, connection_id, config, "
    "status, attempts, created_at"
)
_RECEIVER = (
    "FROM own_address a JOIN person p ON p.workspace_id = a.workspace_id AND p.id = a.person_id "
    "JOIN dispatch d ON d.workspace_id = a.workspace_id AND d.person_id = a.person_id "
    "AND d.address_kind = a.kind WHERE d.workspace_id = $1 AND d.id = $2 AND ("
    "(d.kind = 'code' AND a.code_id = d.id AND a.code_expires_at > $3) OR "
    "(d.kind <> 'code' AND a.verified_at IS NOT NULL AND (a.kind <> 'email' OR a.address = p.email)"
    "))"
)
"""The one address that a dispatch may go to: its person's own, verified and, of an e-mail, still
the one they sign in with; or the very address that its code is to verify."""


def are_dispatches_due(now: int) -> Sql:
    """One row where there is something to send; read before anything is written."""
    return Sql(f"SELECT 1 FROM dispatch WHERE {_DUE} LIMIT 1", (now,))  # noqa: S608


def take_dispatches(now: int) -> Transaction[list[DueDispatch]]:
    """Dispatches whose time has come, for this worker alone while its lease lasts."""
    rows = yield Sql(
        f"UPDATE dispatch SET lease_until = $2, attempts = attempts + 1 "  # noqa: S608
        f"WHERE (workspace_id, id) IN (SELECT workspace_id, id FROM dispatch WHERE {_DUE} "
        f"ORDER BY due_at LIMIT $3 FOR UPDATE SKIP LOCKED) RETURNING {_TAKEN}",
        (now, now + LEASE_MS, AT_ONCE),
    )
    return [DueDispatch(*tuple(row)) for row in rows]


def receiver_of(dispatch: DueDispatch, now: int) -> Sql:
    """address; no row where there is nobody (any more) whom it may go to."""
    return Sql(f"SELECT a.address {_RECEIVER}", (dispatch.workspace_id, dispatch.id, now))


def begin_dispatch(dispatch: DueDispatch, to: str, now: int) -> Transaction[bool]:
    """Written down before it leaves; False where it may not leave for this address any more, or
    has left before."""
    rows = yield Sql(
        "UPDATE dispatch SET status = 'sending', \"to\" = $4 "  # noqa: S608
        "WHERE workspace_id = $1 AND id = $2 AND status = 'due' "
        f"AND EXISTS (SELECT 1 {_RECEIVER} AND a.address = $4) RETURNING id",
        (dispatch.workspace_id, dispatch.id, now, to),
    )
    return bool(rows)


def end_dispatch(
    dispatch: DueDispatch,
    status: DispatchStatus,
    words: str | None,
    message: OutboxMessage | None,
    now: int,
) -> Transaction[None]:
    """It needs no more sending; one that was sent stands in the outbox, marked as a test."""
    yield Sql(
        "UPDATE dispatch SET status = $3, error = $4, due_at = NULL, lease_until = NULL, "
        "finished_at = $5 WHERE workspace_id = $1 AND id = $2",
        (dispatch.workspace_id, dispatch.id, status.value, words, now),
    )
    if message is not None:
        yield Sql(
            'INSERT INTO outbox_message (workspace_id, id, channel, "to", subject, text, html, '
            "node_id, iteration, workflow_id, created_at, is_test) "
            "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', $9, $10, $11) ON CONFLICT DO NOTHING",
            (dispatch.workspace_id, dispatch.id, message.channel, message.to, message.subject,
             message.text, message.html, dispatch.node_id, dispatch.workflow_id, now, True),
        )  # fmt: skip


def put_off_dispatch(dispatch: DueDispatch, words: str, until: int) -> Transaction[None]:
    """Nothing has left, and it is tried again; meanwhile people see what is in the way."""
    yield Sql(
        "UPDATE dispatch SET status = 'due', due_at = $3, lease_until = NULL, error = $4 "
        "WHERE workspace_id = $1 AND id = $2",
        (dispatch.workspace_id, dispatch.id, until, words),
    )


# --- writing them ---

KEPT_MS = 30 * 24 * 60 * 60_000
_COLUMNS = (
    "workspace_id, id, person_id, kind, address_kind, workflow_id, node_id, node_type, "
    "connection_id, config, status, attempts, created_at, due_at"
)


@dataclass(frozen=True, slots=True)
class NewDispatch:
    """What is to be sent to a person's own address of `address_kind`."""

    workspace_id: int
    id: str
    person_id: str
    kind: str
    address_kind: str
    node_type: str
    connection_id: str
    config: str
    workflow_id: str | None = None
    node_id: str = ""


def add_dispatch(new: NewDispatch, now: int) -> Transaction[bool]:
    """Make it due, and let go of the person's old ones; False where it is there already."""
    rows = yield Sql(
        f"INSERT INTO dispatch ({_COLUMNS}) VALUES "  # noqa: S608
        "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'due', 0, $11, $11) "
        "ON CONFLICT DO NOTHING RETURNING id",
        (new.workspace_id, new.id, new.person_id, new.kind, new.address_kind, new.workflow_id,
         new.node_id, new.node_type, new.connection_id, new.config, now),
    )  # fmt: skip
    yield Sql(
        "DELETE FROM dispatch WHERE workspace_id = $1 AND person_id = $2 AND created_at < $3",
        (new.workspace_id, new.person_id, now - KEPT_MS),
    )
    return bool(rows)


def dispatch_row(workspace_id: int, dispatch_id: str) -> Sql:
    """id, status, node type, to, error of a proof."""
    return Sql(
        'SELECT id, status, node_type, "to", error FROM dispatch '
        "WHERE workspace_id = $1 AND id = $2 AND kind = 'proof'",
        (workspace_id, dispatch_id),
    )
