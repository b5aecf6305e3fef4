"""What is asked of people, as it is shown. A page takes as many queries as one of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cartwheel.accounts.caller import Caller
from cartwheel.accounts.models import Role
from cartwheel.approvals import store
from cartwheel.approvals.schemas import (
    ApprovalPage,
    ApprovalShape,
    ApprovalTally,
    ItemShape,
    LetterFault,
    approver_shapes,
)
from cartwheel.approvals.store import Asking
from cartwheel.clock import now_ms, rfc3339
from cartwheel.database import Database
from cartwheel.errors import NotFound
from cartwheel.runs.asked import OWNER, Approver, may_answer
from cartwheel.runs.asking import read_people
from cartwheel.statements import Row, Sql, marks

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
    items = await _shapes(database, reader, ids[:limit])
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
    conditions, args = _conditions(reader, Wanted(is_open=True, mine=True))
    mine = await database.fetch(
        Sql(
            f"SELECT count(*) FROM approval a WHERE {' AND '.join(conditions)}",  # noqa: S608
            tuple(args),
        )
    )
    return ApprovalTally(mine=int(mine[0][0]), open=int(rows[0][0]))


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
    found = await _shapes(database, reader, [approval_id])
    if not found:
        raise nothing_here()
    return found[0]


def nothing_here() -> NotFound:
    return NotFound("There is no such approval or task here.")


async def _shapes(database: Database, reader: Reader, ids: Sequence[str]) -> list[ApprovalShape]:
    """All of these that exist, in this order."""
    if not ids:
        return []
    askings = {
        asking.id: asking
        for asking in map(store.read_asking, await database.fetch(_askings(reader, ids)))
    }
    runs = {row[0]: row for row in await database.fetch(_runs(reader, ids))}
    people = _by_approval(await database.fetch(_people(reader, ids)))
    items = _by_approval(await database.fetch(_items(reader, ids)))
    faults = _by_approval(await database.fetch(_undelivered(reader, ids)))
    return [
        _shape(askings[each], read_people(people[each]), reader, runs[each], items[each],
               faults[each])
        for each in ids
        if each in askings
    ]  # fmt: skip


def _by_approval(rows: Sequence[Row]) -> Mapping[str, list[Row]]:
    """What stands behind the id, which comes first."""
    found: dict[str, list[Row]] = defaultdict(list)
    for approval_id, *rest in map(tuple, rows):
        found[approval_id].append(tuple(rest))
    return found


def _shape(
    asking: Asking,
    people: list[Approver],
    reader: Reader,
    run: Row,
    items: Sequence[Row],
    faults: Sequence[Row],
) -> ApprovalShape:
    now = now_ms()
    waiting = waiting_for(asking, people, now)
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
        workflow_id=run[1],
        workflow_name=run[2] or "",
        label=run[3],
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


def waiting_for(asking: Asking, people: list[Approver], now: int) -> list[Approver]:
    """Those whose answer is waited for."""
    if store.is_over(asking, now):
        return []
    return may_answer(asking.rule, people, asking.escalate_at, now)


# --- what is read ---


def _askings(reader: Reader, ids: Sequence[str]) -> Sql:
    return Sql(
        f"SELECT {store.COLUMNS} FROM approval a "  # noqa: S608
        f"WHERE a.workspace_id = $1 AND a.id IN ({marks(2, ids)})",
        (reader.workspace_id, *ids),
    )


def _runs(reader: Reader, ids: Sequence[str]) -> Sql:
    return Sql(
        "SELECT a.id, r.workflow_id, w.name, r.label FROM approval a "  # noqa: S608
        "JOIN run r ON r.workspace_id = a.workspace_id AND r.id = a.run_id "
        "LEFT JOIN workflow w ON w.workspace_id = r.workspace_id AND w.id = r.workflow_id "
        f"WHERE a.workspace_id = $1 AND a.id IN ({marks(2, ids)})",
        (reader.workspace_id, *ids),
    )


def _people(reader: Reader, ids: Sequence[str]) -> Sql:
    return Sql(
        "SELECT approval_id, number, address, escalated, decision, comment, "  # noqa: S608
        "decided_at, decided_by FROM approver WHERE workspace_id = $1 "
        f"AND approval_id IN ({marks(2, ids)}) ORDER BY approval_id, number",
        (reader.workspace_id, *ids),
    )


def _items(reader: Reader, ids: Sequence[str]) -> Sql:
    return Sql(
        "SELECT approval_id, text, done_by FROM task_item WHERE workspace_id = $1 "  # noqa: S608
        f"AND approval_id IN ({marks(2, ids)}) ORDER BY approval_id, number",
        (reader.workspace_id, *ids),
    )


def _undelivered(reader: Reader, ids: Sequence[str]) -> Sql:
    return Sql(
        "SELECT l.approval_id, p.address, l.error FROM letter l JOIN approver p "  # noqa: S608
        "ON p.workspace_id = l.workspace_id AND p.approval_id = l.approval_id "
        f"AND p.number = l.number WHERE l.workspace_id = $1 AND l.approval_id IN ({marks(2, ids)}) "
        "AND l.error IS NOT NULL AND l.sent_at IS NULL AND l.kind <> 'slack_update' "
        "ORDER BY l.approval_id, l.number",
        (reader.workspace_id, *ids),
    )
