"""What a step asks of people, and when their answers decide it. Pure.

A wait says `{"kind": "approval", "title": …, "asked": ["anna@shop.example"], "rule": "one", …}`.
Worker, simulator, page and link all read it, and judge answers, here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid5

from cartwheel.clock import rfc3339, to_ms
from cartwheel.node_sdk import Json
from cartwheel.runs.tokens import Token, TokenState, WakeReason, Woken

OWNER = "owner"
"""Stands for the owner of the workspace, who may have no e-mail address yet."""


class Kind(StrEnum):
    """What is asked."""

    APPROVAL = "approval"
    TASK = "task"


class Rule(StrEnum):
    """Whose approval is enough: anybody's, everybody's, that of some, or everybody's in turn."""

    ONE = "one"
    ALL = "all"
    SOME = "some"
    IN_ORDER = "in_order"


class ApprovalStatus(StrEnum):
    """What became of it. CANCELLED: the run went on or ended without an answer."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"
    DONE = "done"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"


DECISIONS: Mapping[Kind, tuple[ApprovalStatus, ...]] = {
    Kind.APPROVAL: (ApprovalStatus.APPROVED, ApprovalStatus.REFUSED),
    Kind.TASK: (ApprovalStatus.DONE,),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What `Wait.for_person` says. Times are aware UTC.

    `channel` is where in Slack the connection asks; `mails` whether it sends e-mails.
    """

    kind: Kind
    title: str
    text: str
    asked: tuple[str, ...]
    rule: Rule
    needed: int
    shown_due_at: datetime | None
    remind_at: datetime | None
    escalate_at: datetime | None
    escalate_to: tuple[str, ...]
    checklist: tuple[str, ...]
    connection: str | None
    channel: str | None = None
    mails: bool = True


@dataclass(frozen=True, slots=True)
class Approver:
    """One who is asked, and what they said. `decided_by` names who said it in their place."""

    number: int
    address: str
    escalated: bool = False
    decision: str | None = None
    comment: str | None = None
    decided_at: int | None = None
    decided_by: str | None = None


@dataclass(frozen=True, slots=True)
class LetterPlan:
    """A letter that may have to leave: when, or None until it is that person's turn."""

    number: int
    kind: str
    due_at: int | None


def awaits_person(token: Token) -> bool:
    """Whether the token waits for people whom the book must know of."""
    wait = token.wait or {}
    return (
        token.state is TokenState.WAITING
        and wait.get("kind") == "person"
        and (wait.get("match") or {}).get("kind") in set(Kind)
    )


def read_asked(match: Mapping[str, Json]) -> Asked:
    """The value of what a handler put into `Wait.for_person`."""
    return Asked(
        kind=Kind(match["kind"]),
        title=str(match["title"]),
        text=str(match.get("text") or ""),
        asked=tuple(match["asked"]),
        rule=Rule(match.get("rule", Rule.ONE)),
        needed=int(match.get("needed", 1)),
        shown_due_at=_moment(match.get("shown_due_at")),
        remind_at=_moment(match.get("remind_at")),
        escalate_at=_moment(match.get("escalate_at")),
        escalate_to=tuple(match.get("escalate_to") or ()),
        checklist=tuple(match.get("checklist") or ()),
        connection=match.get("connection"),
        channel=match.get("channel"),
        mails=bool(match.get("mails", True)),
    )


def _moment(text: Json) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


# --- who may answer, and what answers decide ---


def verdict(rule: Rule, needed: int, people: Sequence[Approver]) -> ApprovalStatus | None:
    """What the answers decide; None while more are needed.

    Whoever is asked because the deadline came decides alone. Elsewhere the first refusal ends it,
    but where some are enough: there as soon as they cannot be reached any more.
    """
    alone = (p.decision for p in people if p.decision and (p.escalated or p.decision == "done"))
    if decided := next(alone, None):
        return ApprovalStatus(decided)
    first = [person for person in people if not person.escalated]
    said = [person.decision for person in first]
    approvals, refusals = said.count("approved"), said.count("refused")
    wanted = {Rule.ONE: 1, Rule.SOME: needed}.get(rule, len(first))
    if approvals >= wanted:
        return ApprovalStatus.APPROVED
    spare = len(first) - wanted if rule is Rule.SOME else 0
    return ApprovalStatus.REFUSED if refusals > spare else None


def may_answer(
    rule: Rule, people: Sequence[Approver], escalate_at: int | None, now: int
) -> list[Approver]:
    """Those whose answer is asked for at this time (ms)."""
    waiting = [person for person in people if person.decision is None]
    first = [person for person in waiting if not person.escalated]
    if rule is Rule.IN_ORDER:
        first = first[:1]
    late = escalate_at is not None and now >= escalate_at
    return first + [person for person in waiting if person.escalated and late]


def outcome(
    status: str, people: Sequence[Approver], items: Sequence[tuple[str, str | None]] = ()
) -> dict[str, Json]:
    """What later steps see. `items` are a checklist's lines and who ticked each."""
    answered = [person for person in people if person.decision and person.decided_at is not None]
    answered.sort(key=lambda person: (person.decided_at, person.number))
    last = answered[-1] if answered else None
    found: dict[str, Json] = {
        "decision": status,
        "decided_by": _who(last) if last else None,
        "decided_at": rfc3339(last.decided_at or 0) if last else None,
        "comment": (last.comment or "") if last else "",
        "answers": [_answer(person) for person in answered],
    }
    if items:
        found["checklist"] = [{"text": text, "done_by": by} for text, by in items]
    return found


def _answer(person: Approver) -> dict[str, Json]:
    return {
        "who": _who(person),
        "decision": person.decision,
        "comment": person.comment or "",
        "at": rfc3339(person.decided_at or 0),
    }


def _who(person: Approver) -> str:
    return person.decided_by or person.address


_WORDS = {
    "approved": "Approved by {who}.",
    "refused": "Refused by {who}.",
    "done": "Done by {who}.",
    "timed_out": "Nobody decided in time.",
}


def words_for(status: str, found: Mapping[str, Json]) -> str:
    """What the trace says of it."""
    words = _WORDS[status].format(who=found["decided_by"])
    return f"{words} “{found['comment']}”" if found["comment"] else words


def woken_by(status: str, found: dict[str, Json]) -> Woken:
    """How a token goes on whose people answered, or did not in time."""
    reason = WakeReason.TIMEOUT if status == "timed_out" else WakeReason.PERSON
    return Woken(reason, found, status, words_for(status, found))


# --- letters ---


def letters(asked: Asked, now: int) -> list[LetterPlan]:
    """Every letter that may have to leave, in the order of time."""
    if asked.connection is None:
        return []
    found = _in_slack(asked, now) if asked.channel else []
    return found + (_by_mail(asked, now) if asked.mails else [])


def _in_slack(asked: Asked, now: int) -> list[LetterPlan]:
    """One message asks everybody; what is answered is shown there whenever somebody answers."""
    found = [LetterPlan(0, "slack_ask", now), LetterPlan(0, "slack_update", None)]
    if asked.remind_at is not None:
        found.append(LetterPlan(0, "slack_remind", to_ms(asked.remind_at)))
    if asked.escalate_at is not None:
        first = len(asked.asked)
        found.append(LetterPlan(first, "slack_escalate", to_ms(asked.escalate_at)))
        found.append(LetterPlan(first, "slack_update", None))
    return found


def _by_mail(asked: Asked, now: int) -> list[LetterPlan]:
    found: list[LetterPlan] = []
    for number in range(len(asked.asked)):
        is_turn = asked.rule is not Rule.IN_ORDER or number == 0
        found.append(LetterPlan(number, "ask", now if is_turn else None))
        if asked.remind_at is not None:
            found.append(LetterPlan(number, "remind", to_ms(asked.remind_at)))
    if asked.escalate_at is not None:
        numbers = range(len(asked.asked), len(asked.asked) + len(asked.escalate_to))
        found += [LetterPlan(n, "escalate", to_ms(asked.escalate_at)) for n in numbers]
    return found


def letter_key(step_key: str, token_id: int, letter: LetterPlan) -> str:
    """The key of the act of sending a letter; a step's own key stands above those of its letters"""
    return str(uuid5(UUID(step_key), f"{token_id}/{letter.kind}/{letter.number}"))
