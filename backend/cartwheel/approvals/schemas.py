"""In what shape approvals and tasks are asked for and shown."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from cartwheel.approvals.store import Asking, is_over
from cartwheel.clock import rfc3339
from cartwheel.languages.fields import Said, SaidOrNone
from cartwheel.runs.asked import Approver, may_answer

Given = Literal["approved", "refused", "done"]


class Decide(BaseModel):
    """What is decided. `approver` names for whom, where a program or an administrator answers in
    somebody's place; without it, for the next one who is asked."""

    model_config = ConfigDict(extra="forbid")

    decision: Given
    comment: Annotated[str, Field(max_length=2000)] = ""
    approver: Annotated[str, Field(max_length=254)] | None = None


class Tick(BaseModel):
    """Whether a point of a checklist is done."""

    model_config = ConfigDict(extra="forbid")

    done: bool


class ApproverShape(BaseModel):
    """One person who is asked; `asked` tells whether their answer is waited for now."""

    address: str
    asked: bool
    escalated: bool
    decision: str | None
    comment: str | None
    decided_at: str | None
    decided_by: str | None


class ItemShape(BaseModel):
    """One point of a checklist."""

    text: str
    done_by: str | None


class LetterFault(BaseModel):
    """A letter that did not get through, and why."""

    address: str
    message: Said


class ApprovalShape(BaseModel):
    """What a run asks of people. `mine`: the answer of whoever reads this is waited for."""

    id: str
    kind: str
    status: str
    title: str
    text: str
    rule: str
    needed: int
    run_id: str
    node_id: str
    workflow_id: str
    workflow_name: str
    label: SaidOrNone
    created_at: str
    due_at: str | None = Field(description="Until when, or when a task should be done")
    late: bool
    closed_at: str | None
    mine: bool
    may_decide: bool = Field(description="Whether whoever reads this may answer it")
    approvers: list[ApproverShape]
    checklist: list[ItemShape]
    undelivered: list[LetterFault]


class ApprovalPage(BaseModel):
    """Some approvals and tasks; `next` is the cursor of the page after them."""

    items: list[ApprovalShape]
    next: str | None


class ApprovalTally(BaseModel):
    """How many open ones wait for whoever asks, and how many there are."""

    mine: int
    open: int


def approver_shapes(asking: Asking, people: list[Approver], now: int) -> list[ApproverShape]:
    """Everybody who is asked, in order."""
    waiting: set[int] = set()
    if not is_over(asking, now):
        found = may_answer(asking.rule, people, asking.escalate_at, now)
        waiting = {person.number for person in found}
    return [
        ApproverShape(
            address=person.address,
            asked=person.number in waiting,
            escalated=person.escalated,
            decision=person.decision,
            comment=person.comment,
            decided_at=rfc3339(person.decided_at) if person.decided_at else None,
            decided_by=person.decided_by,
        )
        for person in people
    ]
