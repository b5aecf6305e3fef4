"""In what shape the checklist is shown and changed."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, StrictBool


class FirstStep(StrEnum):
    """What a newcomer does, in the order in which it is easiest."""

    WORKFLOW = "workflow"
    TEST = "test"
    ACTIVE = "active"
    RUN = "run"
    SHOP = "shop"


class ChecklistItem(BaseModel):
    """One first step, and whether it was taken."""

    id: FirstStep
    done: bool


class ChecklistState(BaseModel):
    """The first steps, and whether the list was put away."""

    items: list[ChecklistItem]
    dismissed: bool


class ChecklistChange(BaseModel):
    """Put the list away or take it out again; or tell that a workflow was tried out."""

    model_config = ConfigDict(extra="forbid")

    dismissed: StrictBool | None = None
    tested: StrictBool | None = None
