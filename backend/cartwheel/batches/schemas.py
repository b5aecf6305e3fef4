"""In what shape batches are asked for and shown."""

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cartwheel.batches.models import Batch
from cartwheel.clock import rfc3339
from cartwheel.languages.fields import SaidOrNone
from cartwheel.web.moments import Moment

Json = Any
Id = Annotated[str, Field(min_length=1, max_length=64)]
MOST_CHOSEN, MOST_STARTED = 1_000, 100_000


class Matching(BaseModel):
    """All events of a type that meet conditions (as in “If”), the newest `most` of them; `since` is
    in it, `until` is not."""

    model_config = ConfigDict(extra="forbid")

    event_type: str = Field(min_length=1, max_length=100)
    rules: dict[str, Json] | None = None
    since: Moment | None = None
    until: Moment | None = None
    most: int = Field(default=1_000, ge=1, le=MOST_STARTED)


class Selection(BaseModel):
    """The records to start on: chosen events, the events of chosen runs, or what matches."""

    model_config = ConfigDict(extra="forbid")

    event_ids: list[Id] | None = Field(default=None, max_length=MOST_CHOSEN)
    run_ids: list[Id] | None = Field(default=None, max_length=MOST_CHOSEN)
    matching: Matching | None = None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        chosen = bool(self.event_ids or self.run_ids)
        if chosen == (self.matching is not None):
            raise ValueError("Choose some events or runs, or say what has to match; one of both.")
        return self


class Count(BaseModel):
    """How many records a batch would start. Where it is not `complete`, at least so many: more
    events would have to be looked at than the `looked_at` newest."""

    matching: int
    looked_at: int
    complete: bool


class BatchShape(BaseModel):
    """How far a batch has come: `started` of `total`. `reason` says why it paused by itself."""

    id: str
    workflow_id: str
    status: Literal["running", "paused", "done", "stopped"]
    reason: SaidOrNone
    total: int
    started: int
    created_at: str
    finished_at: str | None


class BatchList(BaseModel):
    """A workflow's last batches, the newest first."""

    items: list[BatchShape]


def batch_shape(batch: Batch) -> BatchShape:
    """A batch as it is shown."""
    return BatchShape(
        **batch.model_dump(include={"id", "workflow_id", "status", "reason", "started"}),
        total=max(batch.total, batch.started),
        created_at=rfc3339(batch.created_at),
        finished_at=None if batch.finished_at is None else rfc3339(batch.finished_at),
    )
