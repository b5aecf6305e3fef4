"""What people may ask of approvals and tasks: find, answer, tick."""

from collections.abc import Sequence
from dataclasses import dataclass

from cartwheel.accounts.caller import Caller
from cartwheel.accounts.models import Role
from cartwheel.approvals import store
from cartwheel.approvals.schemas import (
    ApprovalPage,
    ApprovalShape,
    ApprovalTally,
    Decide,
    ItemShape,
    LetterFault,
    approver_shapes,
)
from cartwheel.approvals.store import Answer, Answered, Asking
from cartwheel.clock import now_ms, rfc3339
from cartwheel.database import Database
from cartwheel.errors import Conflict, Forbidden, Invalid, NotFound
from cartwheel.runs.asked import DECISIONS, OWNER, Approver, Kind, may_answer
from cartwheel.runs.asking import items_of, people_of, read_people
from cartwheel.statements import Row, Sql

PROGRAM = "API"
"""Who answered where a program did."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who asks, by the names under which people are asked. A program has none."""

    workspace_id: int
    names: frozenset[str]
    said_by: str
    stands_in: bool

    def is_asked(self, person: Approver) -> bool:
        return person.address in self.names


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which approvals to list."""

    is_open: bool | None = None
    mine: bool = False
    kind: str | None = None
    run_id: str | None = None


async def reader_of(database: Database, caller: Caller) -> Reader:
    """The names of whoever asks: their e-mail address, and `owner` for the owner."""
    names = {OWNER} if caller.role is Role.OWNER and caller.person_id else set()
    rows = await database.fetch(
        Sql(
            "SELECT email FROM person WHERE workspace_id = $1 AND id = $2",
            (caller.workspace_id, caller.person_id or ""),
        )
    )
    email = str(rows[0][0]).lower() if rows and rows[0][0] else None
    said_by = email or (OWNER if names else PROGRAM)
    needed = Role.ADMIN if caller.person_id else Role.EDITOR
    everything = frozenset(names | ({email} if email else set()))
    return Reader(caller.workspace_id, everything, said_by, caller.role.covers(needed))


async def list_approvals(
    database: Database, reader: Reader, wanted: Wanted, cursor: str | None, limit: int
) -> ApprovalPage:
    """Approvals and tasks, newest first; the cursor is the last one's id."""
    conditions, args = _conditions(reader, wanted)
    if cursor:
        args.append(cursor)
        conditions.append(f"a.id < ${len(args)}")
    rows = await database.fetch(
        Sql(
            f"SELECT a.id FROM approval a WHERE {' AND '.join(conditions)} "  # noqa: S608
            f"ORDER BY a.id DESC LIMIT ${len(args) + 1}",
            (*args, limit + 1),
        )
    )
    ids = [str(row[0]) for row in rows]
    items = [await get_approval(database, reader, each) for each in ids[:limit]]
    return ApprovalPage(items=items, next=ids[limit - 1] if len(ids) > limit else None)


async def tally_approvals(database: Database, reader: Reader) -> ApprovalTally:
    """How many are open, and how many of them wait for the reader's own answer."""
    rows = await database.fetch(
        Sql(
            "SELECT count(*) FROM approval WHERE workspace_id = $1 AND status = 'open' "
            "AND due_at > $2",
            (reader.workspace_id, now_ms()),
        )
    )
    mine = await _ids(database, reader, Wanted(is_open=True, mine=True))
    return ApprovalTally(mine=len(mine), open=int(rows[0][0]))


async def _ids(database: Database, reader: Reader, wanted: Wanted) -> list[str]:
    conditions, args = _conditions(reader, wanted)
    query = f"SELECT a.id FROM approval a WHERE {' AND '.join(conditions)}"  # noqa: S608
    return [str(row[0]) for row in await database.fetch(Sql(query, tuple(args)))]


def _conditions(reader: Reader, wanted: Wanted) -> tuple[list[str], list[object]]:
    args: list[object] = [reader.workspace_id]
    conditions = ["a.workspace_id = $1"]
    for column, value in (("kind", wanted.kind), ("run_id", wanted.run_id)):
        if value:
            args.append(value)
            conditions.append(f"a.{column} = ${len(args)}")
    if wanted.is_open is not None:
        args.append(now_ms())
        is_open = f"(a.status = 'open' AND a.due_at > ${len(args)})"
        conditions.append(is_open if wanted.is_open else f"NOT {is_open}")
    if wanted.mine:
        conditions.append(_mine(reader, args))
    return conditions, args


def _mine(reader: Reader, args: list[object]) -> str:
    """Where the reader's answer is waited for, or was given; in order only at their turn."""
    marks: list[str] = []
    for name in sorted(reader.names) or [""]:
        args.append(name)
        marks.append(f"${len(args)}")
    args.append(now_ms())
    return (
        "EXISTS (SELECT 1 FROM approver p WHERE p.workspace_id = a.workspace_id "  # noqa: S608
        f"AND p.approval_id = a.id AND p.address IN ({', '.join(marks)}) "
        "AND (a.status <> 'open' OR p.decision IS NULL) "
        f"AND (p.escalated = false OR a.status <> 'open' OR a.escalate_at <= ${len(args)}) "
        "AND (a.rule <> 'in_order' OR p.escalated OR a.status <> 'open' OR p.number = "
        "(SELECT min(q.number) FROM approver q WHERE q.workspace_id = a.workspace_id "
        "AND q.approval_id = a.id AND q.decision IS NULL)))"
    )


async def get_approval(database: Database, reader: Reader, approval_id: str) -> ApprovalShape:
    """One approval or task with all that is shown of it. Raises `NotFound`."""
    asking, people = await _find(database, reader.workspace_id, approval_id)
    place = (asking.workspace_id, asking.id)
    run = (await database.fetch(_run_of(asking)))[0]
    items = [(row[0], row[1]) for row in await database.fetch(items_of(*place))]
    faults = await database.fetch(_undelivered(*place))
    return _shape(asking, people, reader, run, items, faults)


def _shape(
    asking: Asking,
    people: list[Approver],
    reader: Reader,
    run: Row,
    items: Sequence[tuple[str, str | None]],
    faults: Sequence[Row],
) -> ApprovalShape:
    now = now_ms()
    waiting = _waiting(asking, people, now)
    mine = any(reader.is_asked(person) for person in waiting)
    due_at = asking.shown_due_at or asking.due_at
    return ApprovalShape(
        id=asking.id,
        kind=asking.kind,
        status=_status(asking, now),
        title=asking.title,
        text=asking.text,
        rule=asking.rule.value,
        needed=asking.needed,
        run_id=asking.run_id,
        node_id=asking.node_id,
        workflow_id=run[0],
        workflow_name=run[1] or "",
        label=run[2],
        created_at=rfc3339(asking.created_at),
        due_at=rfc3339(due_at),
        late=bool(waiting) and due_at <= now,
        closed_at=rfc3339(asking.closed_at) if asking.closed_at else None,
        mine=mine,
        may_decide=bool(waiting) and (mine or reader.stands_in),
        approvers=approver_shapes(asking, people, now),
        checklist=[ItemShape(text=text, done_by=by) for text, by in items],
        undelivered=[LetterFault(address=row[0], message=row[1]) for row in faults],
    )


def _status(asking: Asking, now: int) -> str:
    """One whose time is up is over, also before its run has noticed."""
    is_up = asking.status == "open" and store.is_over(asking, now)
    return "timed_out" if is_up else asking.status


def _waiting(asking: Asking, people: list[Approver], now: int) -> list[Approver]:
    if store.is_over(asking, now):
        return []
    return may_answer(asking.rule, people, asking.escalate_at, now)


async def _find(
    database: Database, workspace_id: int, approval_id: str
) -> tuple[Asking, list[Approver]]:
    rows = await database.fetch(store.find_asking(workspace_id, approval_id))
    if not rows:
        raise NotFound("There is no such approval or task here.")
    people = read_people(await database.fetch(people_of(workspace_id, approval_id)))
    return store.read_asking(rows[0]), people


def _run_of(asking: Asking) -> Sql:
    return Sql(
        "SELECT r.workflow_id, w.name, r.label FROM run r LEFT JOIN workflow w "
        "ON w.workspace_id = r.workspace_id AND w.id = r.workflow_id "
        "WHERE r.workspace_id = $1 AND r.id = $2",
        (asking.workspace_id, asking.run_id),
    )


def _undelivered(workspace_id: int, approval_id: str) -> Sql:
    return Sql(
        "SELECT p.address, l.error FROM letter l JOIN approver p "
        "ON p.workspace_id = l.workspace_id AND p.approval_id = l.approval_id "
        "AND p.number = l.number WHERE l.workspace_id = $1 AND l.approval_id = $2 "
        "AND l.error IS NOT NULL AND l.sent_at IS NULL AND l.kind <> 'slack_update' "
        "ORDER BY l.number",
        (workspace_id, approval_id),
    )


# --- answering ---


async def decide(database: Database, reader: Reader, approval_id: str, given: Decide) -> Answered:
    """Answer as oneself, or in the place of whoever is asked.

    Raises `NotFound`, `Forbidden` for who is not asked and may not stand in, `Invalid` for an
    answer that does not fit, and `Conflict` where it is decided already.
    """
    asking, people = await _find(database, reader.workspace_id, approval_id)
    _check_may(reader, people)
    check_fits(asking, given.decision)
    if store.is_over(asking, now_ms()):
        raise Conflict(words_of_end(asking, people), code="already_decided")
    person = _whose(asking, people, reader, given.approver)
    if asking.kind == Kind.TASK:
        await _check_ticked(database, asking)
    own = reader.is_asked(person)
    by = None if own else reader.said_by
    answer = Answer(given.decision, given.comment.strip(), "page", by)
    return await let_count(database, asking, person.number, answer)


async def let_count(database: Database, asking: Asking, number: int, answer: Answer) -> Answered:
    """Raises `Conflict` for an answer that came too late, with who decided what and when."""
    done = await database.run(
        store.answer(asking.workspace_id, asking.id, number, answer, now_ms())
    )
    if not done.counted:
        raise Conflict(words_of_end(done.asking, list(done.people)), code="already_decided")
    return done


def _check_may(reader: Reader, people: list[Approver]) -> None:
    """Raises `Forbidden` for who is neither asked nor may stand in."""
    if not reader.stands_in and not any(reader.is_asked(person) for person in people):
        raise Forbidden("You are not asked here, so this is for others to decide.")


def check_fits(asking: Asking, decision: str) -> None:
    """Raises `Invalid` for an answer to something else."""
    known = DECISIONS[Kind(asking.kind)]
    if decision not in known:
        raise Invalid(
            f"Answer this with {' or '.join(f'“{each}”' for each in known)}.", code="bad_decision"
        )


def _whose(asking: Asking, people: list[Approver], reader: Reader, named: str | None) -> Approver:
    """Whose answer it is: the named one's, one's own, else the next one's who is asked."""
    waiting = _waiting(asking, people, now_ms())
    if named is not None:
        fitting = [person for person in waiting if person.address == named.strip().lower()]
    else:
        fitting = [person for person in waiting if reader.is_asked(person)]
        if not fitting and reader.stands_in:
            fitting = waiting
    person = next(iter(fitting), None)
    if person is None or not (reader.is_asked(person) or reader.stands_in):
        if any(reader.is_asked(p) and p.decision for p in people):
            raise Conflict("You have answered this already.", code="already_decided")
        raise Forbidden("You are not asked here, so this is for others to decide.")
    return person


async def _check_ticked(database: Database, asking: Asking) -> None:
    items = await database.fetch(items_of(asking.workspace_id, asking.id))
    left = sum(row[1] is None for row in items)
    if left:
        raise Conflict(f"{left} of the checklist's points are not ticked yet.", code="not_ticked")


async def tick(
    database: Database, reader: Reader, approval_id: str, number: int, *, done: bool
) -> None:
    """Tick a point of a task. Raises `NotFound`, and `Forbidden` for who is not asked."""
    asking, people = await _find(database, reader.workspace_id, approval_id)
    _check_may(reader, people)
    at = now_ms() if done else None
    by = reader.said_by if done else None
    if not await database.run(store.tick(asking.workspace_id, asking.id, number, at, by)):
        raise NotFound("There is no such point in an open task.")


def words_of_end(asking: Asking, people: list[Approver]) -> str:
    """Who decided what, and when."""
    answered = [person for person in people if person.decision and person.decided_at]
    if asking.status == "cancelled":
        return "Nobody waits for this any more: its run has ended or gone on."
    if not answered or asking.status in {"open", "timed_out"}:
        if store.is_over(asking, now_ms()):
            return f"The time for this was up at {rfc3339(asking.due_at)}."
        return "Somebody else has to answer first."
    return words_of_answer(max(answered, key=lambda person: person.decided_at or 0))


def words_of_answer(person: Approver) -> str:
    """What this person said already, and when."""
    who = person.decided_by or person.address
    return _ENDS[str(person.decision)].format(who=who, at=rfc3339(person.decided_at or 0))


_ENDS = {
    "approved": "This was decided already: approved by {who} at {at}.",
    "refused": "This was decided already: refused by {who} at {at}.",
    "done": "This was done already by {who} at {at}.",
}
