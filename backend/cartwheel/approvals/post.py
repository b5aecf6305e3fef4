"""The book of letters: which are due, whose they are, and how sending them ended.

A letter is an act outside with its key like any other: written as `sending` before it leaves, and
closed after. What is written holds the mark of the link, never its token. A letter whose end
nobody knows is sent again: it asks the same by the same link, which still works once.
"""

from dataclasses import dataclass

from cartwheel.approvals.store import Asking, find_asking, is_over, read_asking
from cartwheel.database import dump_json
from cartwheel.node_sdk import EmailRequest, Request
from cartwheel.runs.asked import OWNER, Approver, may_answer
from cartwheel.runs.asking import people_of, read_people
from cartwheel.runs.effects import request_json
from cartwheel.statements import Sql, Transaction

LEASE_MS = 120_000
AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class DueLetter:
    """A letter that this worker sends now."""

    workspace_id: int
    id: str
    approval_id: str
    number: int
    kind: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Addressed:
    """A letter that is still wanted: what it is about, to whom, and from which shop."""

    letter: DueLetter
    asking: Asking
    people: tuple[Approver, ...]
    to: str | None
    shop: str
    language: str
    workflow_id: str


def are_letters_due(now: int) -> Sql:
    """One row where there is something to send; read before anything is written."""
    return Sql(
        "SELECT 1 FROM letter WHERE due_at <= $1 AND (lease_until IS NULL OR lease_until <= $1) "
        "LIMIT 1",
        (now,),
    )


def take_letters(now: int) -> Transaction[list[DueLetter]]:
    """Letters whose time has come, for this worker alone while its lease lasts."""
    rows = yield Sql(
        "UPDATE letter SET lease_until = $1, attempts = attempts + 1 WHERE (workspace_id, id) IN "
        "(SELECT workspace_id, id FROM letter WHERE due_at <= $2 "
        "AND (lease_until IS NULL OR lease_until <= $2) ORDER BY due_at LIMIT $3 "
        "FOR UPDATE SKIP LOCKED) RETURNING workspace_id, id, approval_id, number, kind, attempts",
        (now + LEASE_MS, now, AT_ONCE),
    )
    return [DueLetter(*tuple(row)) for row in rows]


def address_letter(letter: DueLetter, now: int) -> Transaction[Addressed | None]:
    """What a letter needs to be written; None, and it is put away, where nobody waits for it."""
    rows = yield find_asking(letter.workspace_id, letter.approval_id)
    asking = read_asking(rows[0])
    people = read_people((yield people_of(letter.workspace_id, letter.approval_id)))
    person = _wanted(asking, people, letter, now)
    if person is None:
        yield from drop_letter(letter, None)
        return None
    facts = yield Sql(
        "SELECT w.name, w.locale, r.workflow_id, (SELECT min(p.email) FROM person p "
        "WHERE p.workspace_id = w.id AND p.role = 'owner') FROM workspace w "
        "JOIN run r ON r.workspace_id = w.id AND r.id = $2 WHERE w.id = $1",
        (letter.workspace_id, asking.run_id),
    )
    shop, language, workflow_id, owner = facts[0]
    to = owner if person.address == OWNER else person.address
    return Addressed(letter, asking, tuple(people), to, shop, language, workflow_id)


def _wanted(asking: Asking, people: list[Approver], letter: DueLetter, now: int) -> Approver | None:
    if letter.kind == "slack_update":
        return people[letter.number]
    if is_over(asking, now):
        return None
    waiting = may_answer(asking.rule, people, asking.escalate_at, now)
    if letter.kind in {"slack_ask", "slack_remind"}:  # One message asks everybody.
        return next((person for person in waiting if not person.escalated), None)
    return next((person for person in waiting if person.number == letter.number), None)


def begin_letter(
    addressed: Addressed, request: Request, secret_hash: str, now: int
) -> Transaction[None]:
    """Written down before it leaves; from now on its link opens."""
    letter, asking = addressed.letter, addressed.asking
    yield _open_link(letter, secret_hash)
    yield Sql(
        "INSERT INTO effect (workspace_id, id, run_id, node_id, iteration, round, delivery, "
        "status, connection_id, request, attempts, started_at) "
        "VALUES ($1, $2, $3, $4, $5, 0, 'plain', 'sending', $6, $7, $8, $9) "
        "ON CONFLICT (workspace_id, id) DO UPDATE SET status = 'sending', "
        "attempts = excluded.attempts, started_at = excluded.started_at, finished_at = NULL",
        (letter.workspace_id, letter.id, asking.run_id, asking.node_id, asking.iteration,
         asking.connection_id, dump_json(request_json(request)), letter.attempts, now),
    )  # fmt: skip


def letter_sent(letter: DueLetter, now: int) -> Transaction[None]:
    """It arrived at the mail server."""
    yield close_effect(letter, "sent", now)
    yield Sql(
        "UPDATE letter SET sent_at = $3, due_at = NULL, lease_until = NULL, error = NULL "
        "WHERE workspace_id = $1 AND id = $2",
        (letter.workspace_id, letter.id, now),
    )


def letter_refused(letter: DueLetter, words: str, now: int) -> Transaction[None]:
    """It will never arrive; people see why."""
    yield close_effect(letter, "refused", now)
    yield from drop_letter(letter, words)


def put_off_letter(letter: DueLetter, words: str, until: int, now: int) -> Transaction[None]:
    """It is tried again; meanwhile people see what is in the way."""
    yield close_effect(letter, "unknown", now)
    yield Sql(
        "UPDATE letter SET due_at = $3, lease_until = NULL, error = $4 "
        "WHERE workspace_id = $1 AND id = $2 AND sent_at IS NULL",
        (letter.workspace_id, letter.id, until, words),
    )


def drop_letter(letter: DueLetter, words: str | None) -> Transaction[None]:
    """It needs no sending (any more)."""
    yield Sql(
        "UPDATE letter SET due_at = NULL, lease_until = NULL, error = $3 "
        "WHERE workspace_id = $1 AND id = $2",
        (letter.workspace_id, letter.id, words),
    )


def post_to_outbox(
    addressed: Addressed, request: EmailRequest, secret_hash: str, now: int
) -> Transaction[None]:
    """The sandbox takes it: a row of ours, so all of it is one commit."""
    letter, asking = addressed.letter, addressed.asking
    yield from begin_letter(addressed, request, secret_hash, now)
    yield Sql(
        'INSERT INTO outbox_message (workspace_id, id, channel, "to", subject, text, run_id, '
        "node_id, iteration, workflow_id, created_at) "
        "VALUES ($1, $2, 'email', $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
        (letter.workspace_id, letter.id, request.to, request.subject, request.text,
         asking.run_id, asking.node_id, asking.iteration, addressed.workflow_id, now),
    )  # fmt: skip
    yield from letter_sent(letter, now)


def _open_link(letter: DueLetter, secret_hash: str) -> Sql:
    return Sql(
        "UPDATE approver SET secret_hash = $4 WHERE workspace_id = $1 AND approval_id = $2 "
        "AND number = $3",
        (letter.workspace_id, letter.approval_id, letter.number, secret_hash),
    )


def close_effect(letter: DueLetter, status: str, now: int) -> Sql:
    """How the act of sending it ended."""
    return Sql(
        "UPDATE effect SET status = $3, finished_at = $4 WHERE workspace_id = $1 AND id = $2",
        (letter.workspace_id, letter.id, status, now),
    )
