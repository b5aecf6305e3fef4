"""Reading approvals, and the one transaction in which an answer counts."""

from dataclasses import dataclass

from cartwheel.runs.asked import ApprovalStatus, Approver, Rule, may_answer, verdict
from cartwheel.runs.asking import people_of, read_people
from cartwheel.statements import Row, Sql, Transaction

SLACK = "slack"
"""By which way an answer comes that was pressed there."""


@dataclass(frozen=True, slots=True)
class Asking:
    """An approval as its row says. Times are in ms."""

    workspace_id: int
    id: str
    kind: str
    run_id: str
    node_id: str
    iteration: str
    title: str
    text: str
    rule: Rule
    needed: int
    status: str
    created_at: int
    escalate_at: int | None
    shown_due_at: int | None
    due_at: int
    closed_at: int | None
    connection_id: str | None
    channel: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody says. `by` is who says it, where that is not the one who was asked."""

    decision: str
    comment: str
    via: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What became of an answer: whether it counted, and the approval afterwards."""

    counted: bool
    asking: Asking
    people: tuple[Approver, ...]


COLUMNS = (
    "a.workspace_id, a.id, a.kind, a.run_id, a.node_id, a.iteration, a.title, a.text, a.rule, "
    "a.needed, a.status, a.created_at, a.escalate_at, a.shown_due_at, a.due_at, a.closed_at, "
    "a.connection_id, a.channel"
)


def find_asking(workspace_id: int, approval_id: str) -> Sql:
    """The row of an approval, for `read_asking`."""
    return Sql(
        f"SELECT {COLUMNS} FROM approval a WHERE a.workspace_id = $1 AND a.id = $2",  # noqa: S608
        (workspace_id, approval_id),
    )


def find_by_link(secret_hash: str) -> Sql:
    """The person's number and the approval behind a link."""
    return Sql(
        f"SELECT p.number, {COLUMNS} FROM approver p JOIN approval a "  # noqa: S608
        "ON a.workspace_id = p.workspace_id AND a.id = p.approval_id WHERE p.secret_hash = $1",
        (secret_hash,),
    )


def read_asking(row: Row) -> Asking:
    """A row of `find_asking`."""
    values = list(row)
    values[8] = Rule(values[8])
    return Asking(*values)


def is_over(asking: Asking, now: int) -> bool:
    """Whether no answer counts any more."""
    return asking.status != ApprovalStatus.OPEN or asking.due_at <= now


def answer(
    workspace_id: int, approval_id: str, number: int, given: Answer, now: int
) -> Transaction[Answered]:
    """Let an answer count, once, and what it decides with it: the status changes by
    compare-and-set in the transaction that makes the run due.

    The run is locked first, by writing it. An answer that comes too late, a second time or out of
    turn changes nothing.
    """
    yield Sql(
        "UPDATE run SET wake_at = wake_at WHERE workspace_id = $1 AND id = "
        "(SELECT run_id FROM approval WHERE workspace_id = $1 AND id = $2)",
        (workspace_id, approval_id),
    )
    asking = read_asking((yield find_asking(workspace_id, approval_id))[0])
    people = read_people((yield people_of(workspace_id, approval_id)))
    waiting = may_answer(asking.rule, people, asking.escalate_at, now)
    if asking.channel:
        yield _show_in_slack(asking, now)
    if given.via == SLACK:
        number = _whose_press(people, waiting, number, given.by)
    if is_over(asking, now) or number not in {person.number for person in waiting}:
        return Answered(False, asking, tuple(people))
    yield _write_down(asking, number, given, now)
    if given.via == "link" and given.decision == ApprovalStatus.DONE:
        yield _tick_the_rest(asking, now, people[number].address)
    people = read_people((yield people_of(workspace_id, approval_id)))
    yield from _follow(asking, people, now)
    asking = read_asking((yield find_asking(workspace_id, approval_id))[0])
    return Answered(True, asking, tuple(people))


def _write_down(asking: Asking, number: int, given: Answer, now: int) -> Sql:
    return Sql(
        "UPDATE approver SET decision = $4, comment = $5, decided_at = $6, decided_by = $7, "
        "via = $8 WHERE workspace_id = $1 AND approval_id = $2 AND number = $3 "
        "AND decision IS NULL",
        (asking.workspace_id, asking.id, number, given.decision, given.comment, now, given.by,
         given.via),
    )  # fmt: skip


def _whose_press(
    people: list[Approver], waiting: list[Approver], number: int, by: str | None
) -> int:
    """Whose answer a press in Slack is: that of the next one who is asked there.

    Whoever presses counts once, also where several must approve; nobody's is -1.
    """
    if any(person.decided_by == by for person in people):
        return -1
    if people[number].escalated:
        return number
    return next((person.number for person in waiting if not person.escalated), -1)


def _show_in_slack(asking: Asking, now: int) -> Sql:
    """The messages there are written anew, with what is answered by then."""
    return Sql(
        "UPDATE letter SET due_at = $3, attempts = 0, sent_at = NULL "
        "WHERE workspace_id = $1 AND approval_id = $2 AND kind = 'slack_update'",
        (asking.workspace_id, asking.id, now),
    )


def _follow(asking: Asking, people: list[Approver], now: int) -> Transaction[None]:
    """Close it and wake its run, or ask the next one in order."""
    place = (asking.workspace_id, asking.id)
    decided = verdict(asking.rule, asking.needed, people)
    if decided is not None:
        yield Sql(
            "UPDATE approval SET status = $3, closed_at = $4 "
            "WHERE workspace_id = $1 AND id = $2 AND status = 'open'",
            (*place, decided.value, now),
        )
        yield Sql(
            "UPDATE run SET wake_at = $3 WHERE workspace_id = $1 AND id = $2 "
            "AND status IN ('queued', 'running', 'waiting')",
            (asking.workspace_id, asking.run_id, now),
        )
        return
    following = may_answer(asking.rule, people, asking.escalate_at, now)
    if asking.rule is Rule.IN_ORDER and following:
        yield Sql(
            "UPDATE letter SET due_at = $4 WHERE workspace_id = $1 AND approval_id = $2 "
            "AND number = $3 AND kind = 'ask' AND sent_at IS NULL",
            (*place, following[0].number, now),
        )


def tick(
    workspace_id: int, approval_id: str, number: int, done_at: int | None, by: str | None
) -> Transaction[bool]:
    """Tick a line of an open task, or take the tick away; False where there is none."""
    rows = yield Sql(
        "UPDATE task_item SET done_at = $4, done_by = $5 WHERE workspace_id = $1 "
        "AND approval_id = $2 AND number = $3 AND EXISTS (SELECT 1 FROM approval a "
        "WHERE a.workspace_id = $1 AND a.id = $2 AND a.status = 'open') RETURNING number",
        (workspace_id, approval_id, number, done_at, by),
    )
    return bool(rows)


def _tick_the_rest(asking: Asking, done_at: int, by: str) -> Sql:
    """Whoever says by a link that a task is done has ticked its points on that page."""
    return Sql(
        "UPDATE task_item SET done_at = $3, done_by = $4 "
        "WHERE workspace_id = $1 AND approval_id = $2 AND done_at IS NULL",
        (asking.workspace_id, asking.id, done_at, by),
    )
