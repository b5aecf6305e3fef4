"""What people may do with approvals and tasks: answer, tick."""

from cartwheel.approvals import store
from cartwheel.approvals.letters import written
from cartwheel.approvals.reading import Reader, nothing_here, waiting_for
from cartwheel.approvals.schemas import Decide
from cartwheel.approvals.store import Answer, Answered, Asking
from cartwheel.clock import now_ms
from cartwheel.database import Database
from cartwheel.errors import Conflict, Forbidden, Invalid, NotFound
from cartwheel.runs.asked import DECISIONS, Approver, Kind
from cartwheel.runs.asking import items_of, people_of, read_people


async def _find(
    database: Database, workspace_id: int, approval_id: str
) -> tuple[Asking, list[Approver]]:
    rows = await database.fetch(store.find_asking(workspace_id, approval_id))
    if not rows:
        raise nothing_here()
    people = read_people(await database.fetch(people_of(workspace_id, approval_id)))
    return store.read_asking(rows[0]), people


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
    waiting = waiting_for(asking, people, now_ms())
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
            return f"The time for this was up at {written(asking.due_at)}."
        return "Somebody else has to answer first."
    return words_of_answer(max(answered, key=lambda person: person.decided_at or 0))


def words_of_answer(person: Approver) -> str:
    """What this person said already, and when."""
    who = person.decided_by or person.address
    return _ENDS[str(person.decision)].format(who=who, at=written(person.decided_at or 0))


def thanks_for(decision: str) -> str:
    """What somebody reads right after they have answered."""
    return _THANKS[decision]


_THANKS = {
    "approved": "Thank you. You approved this.",
    "refused": "Thank you. You refused this.",
    "done": "Thank you. This is done now.",
}
_ENDS = {
    "approved": "This was decided already: approved by {who} at {at}.",
    "refused": "This was decided already: refused by {who} at {at}.",
    "done": "This was done already by {who} at {at}.",
}
